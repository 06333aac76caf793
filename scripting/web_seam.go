package scripting

import (
	"context"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/storage"
)

// The web functions (fetch, URL, crypto, localStorage ...) are the files web_*, fetch*.go and storage.go. What is
// JavaScript in them lies in web_*.js, one program for each feature; what must be safe from the script, or fast, is Go.
//
// Concurrency: everything that holds a goja value stays on the runtime's goroutine. There is one go statement, that of
// [Client.Start]: a goroutine for each request on its way. It ends with the request, at the latest when the context of
// its runtime ends or the fetcher is closed, and close waits for it. Timeouts of AbortSignal.timeout run on timers that
// stop with the runtime's context.

// scheduler is what the web functions need of a runtime. All of it is called on the runtime's goroutine, save deliver
// and post.
type scheduler interface {
	// context ends when nothing of the runtime runs any more: it has ended, or was given up. What goes on elsewhere for
	// this runtime ends with it.
	context() context.Context
	// reserve keeps a retired runtime going until deliver was called, at most for its grace period. deliver may be called
	// from any goroutine, exactly once; f runs on the runtime's goroutine as one guarded run, its promise jobs after it,
	// and what it throws is reported as an error of where. After the runtime's end f does not run. A nil f only gives the
	// reservation back.
	reserve(where string) (deliver func(f func()))
	// post is deliver without a reservation: a retired runtime does not wait for it. It may be called from any goroutine.
	post(where string, f func())
	// report logs what a script threw where no caller could catch it, such as in the listener of an event. It must not
	// run code of the script before it returns.
	report(where string, thrown goja.Value)
}

// webOptions is what the web functions of one runtime work with.
type webOptions struct {
	// vm and scheduler belong to the runtime. Required.
	vm        *goja.Runtime
	scheduler scheduler
	// programs are shared by all runtimes of a host. Required.
	programs *webPrograms
	// fetcher is shared by all versions of a plugin, and storage is what the runtime sees of theirs. Nil: the runtime has
	// no fetch, no localStorage.
	fetcher *fetch.Client
	storage storage.Items
	// env are the granted environment variables. Nil means none; process.env is there all the same.
	env map[string]string
	// now is the time of the runtime, for performance and the time of events. Nil: time.Now.
	now func() time.Time
	// after calls a function of the runtime's goroutine after some time, as one guarded run; false: too much waits. It is
	// for runtimes whose time is not the real one. Nil: AbortSignal.timeout has timers of its own.
	after func(delay time.Duration, where string, f func()) bool
	// IsHostObject tells objects that are Go behind a JavaScript face, such as a response, and Copy makes an ordinary
	// copy of one, for structuredClone. Nil: there are none.
	isHostObject func(*goja.Object) bool
	plainCopy    func(*goja.Runtime, goja.Value) goja.Value
}
