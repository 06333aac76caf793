package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/sandbox"
)

// tally is what a run measured.
type tally struct {
	Loaded, Drained time.Duration
	Kills, Edits    int64
	Memory          uint64
}

// report is what was counted after a run.
type report struct {
	tally

	Version            string
	Hosts              int
	Accepted, Repeated int
	Requests, Faults   uint64
	TooMany            uint64 // of Faults, those that asked to slow down
	P50, P99           time.Duration
	Dead               uint64
	// Lost were accepted and never counted by the server; Unheard were counted and no script was told.
	Lost, Unheard []string
	// Doubled were counted more than once. Excusable is how many of those can be: a lost answer or a kill may double one.
	Doubled   []string
	Excusable uint64
	// Disorder are packages that the server counted after a later one of the same device.
	Disorder []string
}

// count compares what was accepted with what the server and the script saw.
func count(s *senders, server *sandbox.LocalServer, hosts hosts, about admin.Host, t tally) (report, error) {
	heard, err := hosts.heard()
	if err != nil {
		return report{}, err
	}
	totals := server.Totals()
	r := report{
		tally: t, Version: about.Version, Accepted: len(s.accepted), Repeated: int(s.refused), Requests: totals.Requests,
		P50: s.percentile(0.5), P99: s.percentile(0.99), Dead: hosts[0].dead, Hosts: len(hosts), Doubled: server.Repeated(),
	}
	// A kill may double each attempt in flight, and each whose answer is not on disk yet: the engine writes down 256 at once,
	// while as many wait, where the disk is slower than the server.
	r.Excusable = uint64(t.Kills) * (engine.DefaultInFlight + 2*256)
	for name, hits := range totals.Faults {
		r.Faults += hits
		if strings.HasPrefix(name, "429") {
			r.TooMany += hits
		}
		if lost(name) {
			r.Excusable += hits
		}
	}
	for _, name := range s.accepted {
		switch {
		case server.Count(name).Counted == 0:
			r.Lost = append(r.Lost, name)
		case heard[name] == 0:
			r.Unheard = append(r.Unheard, name)
		}
	}
	newest := map[string]int{}
	seen := map[string]bool{}
	for _, request := range server.Requests() {
		device, number, ok := strings.Cut(request.Key, "-")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || !request.Counted || seen[request.Key] {
			continue
		}
		seen[request.Key] = true
		if n < newest[device] {
			r.Disorder = append(r.Disorder, request.Key)
		}
		newest[device] = n
	}
	return r, nil
}

// lost tells whether a fault may keep the client from the answer to a request that was processed.
func lost(fault string) bool {
	if strings.HasPrefix(fault, "429") {
		return false
	}
	for _, kind := range sandbox.FaultKinds() {
		if strings.HasPrefix(fault, string(kind)) {
			return kind != sandbox.FaultStatus && kind != sandbox.FaultRetryIn && kind != sandbox.FaultResetBefore &&
				kind != sandbox.FaultRedirect
		}
	}
	return true
}

// problems are the promises that were broken.
func (r *report) problems() []string {
	var problems []string
	for what, names := range map[string][]string{"lost": r.Lost, "without a callback": r.Unheard, "out of order": r.Disorder} {
		if len(names) > 0 {
			problems = append(problems, fmt.Sprintf("%d packages %s, such as %v", len(names), what, names[:min(5, len(names))]))
		}
	}
	if uint64(len(r.Doubled)) > r.Excusable {
		problems = append(problems, fmt.Sprintf("%d packages doubled, although only %d answers can have been lost", len(r.Doubled), r.Excusable))
	}
	if r.Accepted == 0 {
		problems = append(problems, "nothing was accepted")
	}
	return problems
}

// table shows all numbers.
func (r *report) table() string {
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 8, 2, ' ', 0)
	row := func(name string, value any) { fmt.Fprintf(table, "%s\t%v\n", name, value) }
	row("version", r.Version)
	row("hosts", r.Hosts)
	row("loaded for", r.Loaded.Round(time.Second))
	row("came to rest in", r.Drained.Round(time.Millisecond))
	row("accepted", r.Accepted)
	row("batches handed over again", r.Repeated)
	row("accept p50, p99", fmt.Sprint(r.P50.Round(10*time.Microsecond), ", ", r.P99.Round(10*time.Microsecond)))
	row("requests to the server", r.Requests)
	row("requests it failed", fmt.Sprintf("%d, %d of them with 429", r.Faults, r.TooMany))
	row("kills", r.Kills)
	row("edits of the script", r.Edits)
	row("dead letters", r.Dead)
	row("lost", len(r.Lost))
	row("without a callback", len(r.Unheard))
	row("out of order", len(r.Disorder))
	row("doubled", fmt.Sprintf("%d (answers that were lost, at most: %d)", len(r.Doubled), r.Excusable))
	if r.Memory > 0 {
		row("peak memory of a host", fmt.Sprintf("%d MB", r.Memory>>20))
	}
	_ = table.Flush() // a Builder takes everything
	return out.String()
}
