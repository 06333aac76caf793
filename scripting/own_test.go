package scripting_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trackhook/engine/memory"
	"trackhook/scripting"
)

// counting counts the events that it hears in localStorage, and prints the count.
func counting(mark string) string {
	return fmt.Sprintf(`
console.log("%[1]s begins with " + (localStorage.getItem("n") || "nothing"));
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(function (event) {
  const n = Number(localStorage.getItem("n") || 0) + 1;
  localStorage.setItem("n", String(n));
  console.log("%[1]s " + n + " " + event.callbackId);
});
Adjust.create(config);
`, mark)
}

// join makes a rig of a host that shares a store with others.
func join(t *testing.T, c *memory.Cluster, name, script string) *rig {
	t.Helper()
	r := setUp(t)
	r.member = c.Join(name)
	r.store = r.member.Store
	r.write("p.js", script)
	return r
}

func (r *rig) isIn(state scripting.State) scripting.Plugin {
	r.Helper()
	row := r.plugin("p")
	if row.State != state {
		r.Fatalf("the plugin is %s, want %s", row.State, state)
	}
	return row
}

// TestOneHostRunsAPlugin shows that of two hosts one runs a plugin, that the other one lets nothing of it run, and that it goes
// on with what was stored when the first one ends.
func TestOneHostRunsAPlugin(t *testing.T) {
	t.Parallel()
	c := memory.NewCluster()
	a := join(t, c, "a", counting("a"))
	a.start()
	a.says("p", "plugin loaded")
	b := join(t, c, "b", counting("b"))
	b.start()
	row := b.isIn(scripting.Standby)
	if row.Disk == "" || row.Running != "" || row.Disk == a.isIn(scripting.Live).Running {
		t.Errorf("the row of the host that stands by is %+v", row)
	}
	a.prints("p", "first", "a 1 first")
	if said := b.log.printed(0, "p"); len(said) > 0 {
		t.Errorf("the host that stands by has printed %q", said)
	}
	a.stop()
	b.says("p", "plugin loaded")
	b.prints("p", "second", "b 2 second")
	if said := b.log.printed(0, "p"); !slices.Contains(said, "b begins with 1") {
		t.Errorf("it has printed %q", said)
	}
	b.isIn(scripting.Live)
}

// TestBrokenPluginIsLeftToOthers shows that a host does not take over what it cannot load, before it can.
func TestBrokenPluginIsLeftToOthers(t *testing.T) {
	t.Parallel()
	c := memory.NewCluster()
	a := join(t, c, "a", counting("a"))
	a.start()
	b := join(t, c, "b", counting("b"))
	b.start()
	b.isIn(scripting.Standby)
	b.write("p.js", "this is no script")
	b.says("p", "plugin broken, this host does not take it over")
	d := join(t, c, "d", counting("d"))
	d.start()
	a.stop()
	d.says("p", "plugin loaded")
	d.prints("p", "first", "d 1 first")
	b.isIn(scripting.Broken)
	d.stop()
	b.isIn(scripting.Broken)
	b.write("p.js", counting("mended"))
	b.says("p", "plugin loaded")
	b.prints("p", "second", "mended 2 second")
}

// TestLostPluginMoves shows that a host that was silent for too long ends what it runs, and that the plugin goes on, there or at
// the other one, with what was stored.
func TestLostPluginMoves(t *testing.T) {
	t.Parallel()
	c := memory.NewCluster()
	a := join(t, c, "a", counting("a"))
	a.start()
	b := join(t, c, "b", counting("b"))
	b.start()
	for n := 1; n < 8; n++ {
		id := fmt.Sprint("e", n)
		a.answer(id, "p")
		heard := 0
		for _, r := range []*rig{a, b} {
			for _, text := range r.log.printed(0, "p") {
				if strings.HasSuffix(text, " "+id) {
					heard++
				}
			}
		}
		if heard == 0 { // what was in hand when a host was lost is heard by the next one, too
			t.Errorf("%s was heard by nobody", id)
		}
		for _, r := range []*rig{a, b} {
			if r.plugin("p").State == scripting.Live {
				c.Lose(r.member)
			}
		}
	}
}
