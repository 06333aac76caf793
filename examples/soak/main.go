package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"trackhook/engine/sandbox"
)

func main() {
	if to := os.Getenv(keepAs); to != "" {
		if err := keep(to); err != nil {
			fmt.Fprintln(os.Stderr, "soak:", err)
			os.Exit(1)
		}
		return
	}
	var s soak
	flag.DurationVar(&s.Duration, "duration", 10*time.Minute, "how long to load the host")
	flag.IntVar(&s.Devices, "devices", 2000, "devices that send")
	flag.IntVar(&s.Rate, "rate", 500, "packages a second, all devices together")
	flag.Float64Var(&s.Fail, "fail", 0.3, "share of requests that the server fails, in every way that it knows")
	flag.TextVar(&s.Pace.Latency, "latency", sandbox.Latency{}, `how long the server's answers take: 150ms, 50ms..400ms, or "50ms..400ms x5" with one in a hundred five times as long`)
	flag.IntVar(&s.Pace.Rate, "wall", 0, "requests a second that the server takes, the others are answered 429; 0 for all")
	flag.IntVar(&s.Pace.Connections, "connections", 0, "connections that the server takes at once; 0 for all")
	flag.DurationVar(&s.Kill, "kill", 15*time.Second, "mean time between two kills of the host; 0 for none")
	flag.DurationVar(&s.Edit, "edit", time.Second, "time between two edits of the script; 0 for none")
	flag.DurationVar(&s.Clock, "clock", 0, "set the host's clock this often: an hour ahead, right, an hour behind, right; 0 for never")
	flag.IntVar(&s.Hosts, "hosts", 1, "how many hosts there are; several need -postgres")
	flag.StringVar(&s.Postgres, "postgres", "", "address of a PostgreSQL database for queue and log, in place of a folder; what a run leaves there is in a schema of its own")
	flag.Uint64Var(&s.Seed, "seed", 1, "makes chance repeatable")
	flag.StringVar(&s.Binary, "trackhook", "", "binary to test (default: it is built from this module)")
	flag.BoolVar(&s.Keep, "keep", false, "keep the folder with data and logs, and print its name")
	flag.Parse()
	s.Progress = os.Stderr

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	report, err := s.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	fmt.Print(report.table())
	if problems := report.problems(); len(problems) > 0 {
		for _, problem := range problems {
			fmt.Fprintln(os.Stderr, "broken promise:", problem)
		}
		os.Exit(1)
	}
}
