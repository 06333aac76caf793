package web

import (
	"context"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/storage"
)

// Scheduler is what the web functions need of a runtime. All of it is called on the runtime's goroutine, save deliver
// and post.
type Scheduler interface {
	// Context ends when nothing of the runtime runs any more: it has ended, or was given up. What goes on elsewhere for
	// this runtime ends with it.
	Context() context.Context
	// Reserve keeps a retired runtime going until deliver was called, at most for its grace period. deliver may be called
	// from any goroutine, exactly once; f runs on the runtime's goroutine as one guarded run, its promise jobs after it,
	// and what it throws is reported as an error of where. After the runtime's end f does not run. A nil f only gives the
	// reservation back.
	Reserve(where string) (deliver func(f func()))
	// Post is deliver without a reservation: a retired runtime does not wait for it. It may be called from any goroutine.
	Post(where string, f func())
	// Report logs what a script threw where no caller could catch it, such as in the listener of an event. It must not
	// run code of the script before it returns.
	Report(where string, thrown goja.Value)
}

// Options is what the web functions of one runtime work with.
type Options struct {
	// VM and scheduler belong to the runtime. Required.
	VM        *goja.Runtime
	Scheduler Scheduler
	// Programs are shared by all runtimes of a host. Required.
	Programs *Programs
	// Fetcher is shared by all versions of a plugin, and storage is what the runtime sees of theirs. Nil: the runtime has
	// no fetch, no localStorage.
	Fetcher *fetch.Client
	Storage storage.Items
	// Env are the granted environment variables. Nil means none; process.env is there all the same.
	Env map[string]string
	// Now is the time of the runtime, for performance and the time of events. Nil: time.Now.
	Now func() time.Time
	// Note is told of what cannot be written as a script asks, such as dates in a language that is not known. Nil: nobody.
	Note func(text string)
	// After calls a function of the runtime's goroutine after some time, as one guarded run; false: too much waits. It is
	// for runtimes whose time is not the real one. Nil: AbortSignal.timeout has timers of its own.
	After func(delay time.Duration, where string, f func()) bool
	// Builtin returns a module of Node by its name, for process.getBuiltinModule; undefined: there is none. Nil: there are none.
	Builtin func(name string) goja.Value
	// IsHostObject tells objects that are Go behind a JavaScript face, such as a response, and Copy makes an ordinary
	// copy of one, for structuredClone. Nil: there are none.
	IsHostObject func(*goja.Object) bool
	PlainCopy    func(*goja.Runtime, goja.Value) goja.Value
}
