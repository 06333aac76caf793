package wall_test

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"trackhook/scripting/internal/wall"
)

// A run without an end is interrupted at its limit also where a process has one processor: on a machine that has no more, and where
// small batches, one after the other, have made it take one. It is no reason to end the process.
func TestEndlessRunsOnOneProcessor(t *testing.T) {
	t.Parallel()
	env, err := exec.LookPath("env")
	if err != nil {
		t.Skip("there is no env to start a process with one processor: ", err)
	}
	for what, before := range map[string]int{"from the start": 0, "by small batches": 300} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			if before > 0 && runtime.GOMAXPROCS(0) == 1 {
				t.Skip("there is no other processor to give up")
			}
			cfg, _ := config(t, hearing(`if (event.eventToken === "endless") for (;;);`), "worker")
			if before == 0 {
				cfg.Command = append([]string{env, "GOMAXPROCS=1"}, cfg.Command...)
			}
			cfg.Start.Timeout = 300 * time.Millisecond
			died := make(chan bool, 10)
			cfg.OnDeath = func(bool) { died <- true }
			v, _, err := wall.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			process := v.Process()
			for n := range before {
				handle(t, v, delivered(n+1, 1))
			}
			for n := range 2 {
				rest(t) // so that all of it is asleep when the next one comes
				endless := delivered(before+n+1, 1)
				endless[0].Package.Params = map[string]string{"event_token": "endless"}
				handle(t, v, endless)
				if failed := v.Taken(endless[0].Seq); !strings.Contains(failed[endless[0].Seq], "time limit") {
					t.Errorf("it has failed with %v", failed[endless[0].Seq])
				}
			}
			if v.Process() != process || len(died) > 0 {
				t.Error("its process was ended")
			}
			wait(t, v.Retire())
		})
	}
}

// rest lets some time pass in which processes that have nothing to do fall asleep: that in which another one starts, twice.
func rest(t *testing.T) {
	t.Helper()
	for range 2 {
		cfg, _ := config(t, "", "worker")
		v, _, err := wall.Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		wait(t, v.Retire())
	}
}
