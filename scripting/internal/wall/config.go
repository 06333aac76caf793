package wall

import (
	"cmp"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/wire"
)

// DefaultMemory is how many bytes a worker process may use.
const DefaultMemory = 256 << 20

const (
	// maxBatch bounds the bodies of one batch, in bytes.
	maxBatch = 16 << 20
	// sharedBatch bounds the responses of one where the process is shared: hundreds of versions may have one in hand.
	sharedBatch = 100
	// maxKept bounds the memory that is kept for the next batch, in bytes.
	maxKept = 32 << 10
	// loadWait is how long a load may take beyond its time limit: bundling is part of it.
	loadWait = 20 * time.Second
	// endWait is how long a run may go on that was interrupted, beside what the store may take for it.
	endWait = 5 * time.Second
	// listenWait is how long a process may take to read what it is told, and leaveWait how long to end once it says nothing
	// more.
	listenWait = 30 * time.Second
	leaveWait  = 5 * time.Second
)

// Config is what a version runs with.
type Config struct {
	// Command starts a worker process, such as trackhook worker.
	Command []string
	// Start is what the worker gets to know. Again and Level are filled in, and Held is as long as the version is not live.
	Start wire.Start
	// Home does what the worker asks for.
	Home adjust.Home
	// Hosts tells which hosts fetch may reach now, in the place of those of Start; nil: it does not. It is asked once the peers
	// know the version, which hears of later changes from [Peers.SetHosts].
	Hosts func() []string
	// Spare is where the next process is taken from, if there is one. Nil: all are started when they are needed.
	Spare *Spare
	// Pool is the process that it shares with others. Nil: it has one of its own, which Command starts.
	Pool *Pool
	// OnMove is called when the version should be replaced by the same in another process, and why; from any goroutine. It must
	// not wait for the version. Required with Pool.
	OnMove func(v *Version, why string)
	// Peers are the versions of the plugin.
	Peers *Peers
	// Heard is told of each line that it prints and that is logged; see [instance.Settings].
	Heard func(*instance.Line)
	// Log takes what it prints, and Own what the host says about its processes, with the name of the plugin.
	Log, Own zerolog.Logger
	// OnQuarantine is called once when the version is given up, from any goroutine. OnDeath is called for each death, with
	// whether a response was set aside. Either must not wait for the version.
	OnQuarantine func(*Version, *script.Error)
	OnDeath      func(setAside bool)

	// waits take the places of the constants of these names; set by tests before the start. Zero: they do not.
	waits waits
}

// waits are how long a process may take for what should take no time.
type waits struct{ end, listen, leave time.Duration }

func (w waits) withDefaults() waits {
	return waits{cmp.Or(w.end, endWait), cmp.Or(w.listen, listenWait), cmp.Or(w.leave, leaveWait)}
}
