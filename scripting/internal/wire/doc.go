// Package wire is what a host and the processes that run its plugins say to each other, and how it is written: frames with
// a length and a kind, over a pipe each way.
//
//	conn := wire.NewConn(in, out)
//	err := conn.Channel(1).Send(wire.Handle, wire.AppendResponses(nil, responses))
//	channel, kind, body, err := conn.Receive()
//
// Versions that share a process have a channel each.
//
// What goes over often (responses, packages, values, lines) is written field by field, without reflection, and a response's
// body as the bytes that it has in the log. What goes over once in a version's life is JSON. Whatever does not decode is an
// error, never a panic: the other side may be broken.
//
// # Concurrency
//
// The methods of a [Channel] may be called from many goroutines at once, Receive of a [Conn] from one.
//
// # Files
//
//   - conn.go: frames
//   - kind.go: what there is to say
//   - code.go: fields
//   - package.go: packages and results
//   - response.go: responses, as what is different from the one before
//   - task.go: errands
//   - pipe_linux.go, pipe_other.go: ends of pipes that cost less than files do
//   - errors.go: errors that callers tell apart
package wire
