package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// foundGate lets eight attempts be made at once; why says whether that number has found itself.
type foundGate struct{ why string }

func (foundGate) Endpoint(engine.App, engine.Kind) string { return "server" }
func (g foundGate) Room(string) engine.Room               { return engine.Room{Attempts: 8, Why: g.why} }
func (foundGate) Probe(string)                            {}
func (foundGate) Record(string, engine.Attempt)           {}

// Of an app that has just begun, the first request to slow down holds the app for the time that the server names. Where the
// number of attempts at once finds itself, an app has credit for what is in flight then, and once more: that number has met
// the server's limit. A server that goes on refusing holds the app all the same.
func TestCreditOfAnApp(t *testing.T) {
	for _, test := range []struct {
		name, why string
		refuses   int // the first so many attempts
		holds     bool
	}{
		{"a number that was chosen", "", 1, true},
		{"a number that finds itself", "the server asks for less", 1, false},
		{"a number that finds itself, and has met the limit", "the server asks for less", 12, false},
		{"a number that finds itself, of an app that sends too much", "the server asks for less", 1 << 30, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &limitedServer{wait: time.Minute, too: func(n int) bool { return n <= test.refuses }}
				e := start(t, engine.Config{Deliverer: &deliverer{answer: l.respond}, Gate: foundGate{test.why}, InFlight: 8})
				packages := make([]engine.Package, 0, 1000)
				for i := range 1000 {
					packages = append(packages, pkg(fmt.Sprint("p", i), fmt.Sprint("d", i)))
				}
				if err := e.Track(t.Context(), packages...); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				l.mu.Lock()
				defer l.mu.Unlock()
				if held := l.taken+l.refused < 100; held != test.holds {
					t.Errorf("in ten seconds, %d are taken and %d refused; health is %+v", l.taken, l.refused, e.Health().Apps)
				}
				if l.refused > 32 {
					t.Errorf("%d attempts are made although each is refused", l.refused)
				}
			})
		})
	}
}
