// Command soak loads a real host for a while, breaks everything around it, and then counts.
//
//	go run ./examples/soak                 # ten minutes
//	go run ./examples/soak -duration 30s
//	go run ./examples/soak -duration 1m -clock 2s -kill 0
//	go run ./examples/soak -duration 1m -latency "50ms..400ms x5" -wall 400 -fail 0
//	go run ./examples/soak -duration 2m -hosts 3 -postgres postgres://trackhook@db.example/soak
//
// A server that fails three times in ten, kills without warning, and a script that is edited all the time must not lose
// a package, send one out of order, or keep a callback from a script. It prints one table at the end; the exit code is
// 1 when a promise was broken. Everything stays on this machine, save what several hosts keep in their database: a schema of
// its own for each run, which stays there. Then every batch is handed to another host, and one of them is killed at a time.
//
// # Concurrency
//
// The load, in soak.go, starts four goroutines and waits for them: one hands over packages, one reports progress, one
// edits the script and one kills the host. Handing over, in send.go, starts one for each sender and waits for them. The
// host is a process of its own, and the server that plays Adjust runs in this one.
//
// # Shutdown
//
// The load ends with its time, with the last kill that was asked for, or with Ctrl-C. Then the server is mended, the host
// comes to rest and is stopped in order; its exit code must be 0. After Ctrl-C it is killed, and nothing is counted.
//
// # Files
//
//   - main.go: the flags
//   - soak.go: one run: building the host, the load, and coming to rest
//   - hosts.go: all processes that are tested
//   - host.go: one of them, its configuration and its script
//   - send.go: the applications that hand over packages
//   - report.go: what was lost, doubled or out of order
//   - clock.go: a host whose clock is set again and again
//
// The tests run it with fifty kills (soak_test.go), and send through the same faulty server without a host
// (faults_test.go). reloads_test.go compares the memory of a host after thousands of reloads. bench_test.go, with the server
// of peer_test.go in a process of its own, flow_bench_test.go and single_bench_test.go measure packages from end to end,
// binary_bench_test.go saves and starts of the binary, and
// distance_test.go and distance_bench_test.go, with the trips of trip_test.go, measure servers that are far away. README.md
// has the results.
package main
