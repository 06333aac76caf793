package worker

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/wire"
)

// The exit codes of the process.
const (
	exitOK       = 0
	exitProtocol = 4
)

// worker is a version at work in this process.
type worker struct {
	process *process
	channel uint32
	// ctx ends when the version is to end at once.
	ctx    context.Context //nolint:containedctx // its life, which no single call owns
	cancel context.CancelFunc

	conn  *wire.Channel
	home  *home
	start wire.Start
	began bool // there was a Load; the receiver's
	own   *instance.Resources
	log   zerolog.Logger // what the host would say

	instance *instance.Instance // set once it is loaded
	gate     *gate              // nil: it has the process for itself; set before it is loaded
	loaded   chan struct{}      // closed then
	turn     chan struct{}      // holds an element while there is a Handle in hand, and once the process is to end
	stop     atomic.Pointer[context.CancelFunc]
	told     told   // the last Status; the goroutine of Handle
	overruns uint64 // those that were told; the same
	errands  errands
	line     []byte // what the last line was written into; that of said

	mu    sync.Mutex
	batch progress // guarded by mu
}

// Run does what a host says over in, and tells it over out, until the version has retired or the host is gone. In the place of
// a version, the host may send one of the errands that are known, by name. It returns the
// exit code of the process.
func Run(in io.Reader, out io.Writer, known map[string]Errand) int {
	if in == io.Reader(os.Stdin) && out == io.Writer(os.Stdout) {
		in, out = direct(os.Stdin), direct(os.Stdout)
	}
	conn := wire.NewConn(in, out)
	p := newProcess(conn, known)
	if conn.Channel(0).Send(wire.Ready, []byte{wire.Version}) != nil {
		return exitProtocol
	}
	for {
		channel, kind, body, err := conn.Receive()
		if err != nil {
			return exitOK // the host is gone, or has no more use for this process
		}
		if err := p.hear(channel, kind, body); err != nil {
			_, _ = io.WriteString(os.Stderr, "worker: "+err.Error()+"\n")
			return exitProtocol
		}
	}
}

// direct is the end of a pipe that costs least; nothing else uses the file.
func direct(f *os.File) io.ReadWriter {
	if p, ok := wire.OpenPipe(f); ok {
		return p
	}
	return f
}

// hear does what the host says. It never waits for the script.
func (w *worker) hear(kind wire.Kind, body []byte) error {
	switch kind {
	case wire.Load:
		if err := json.Unmarshal(body, &w.start); err != nil || w.began {
			return errors.Join(wire.ErrFrame, err)
		}
		w.began = true
		go w.load(w.process.width.load())
	case wire.Errand:
		return w.errand(body)
	case wire.Told:
		return w.answer(body)
	case wire.Answer:
		return w.home.answered(body)
	case wire.Handle:
		return w.handle(body)
	case wire.Stop:
		if stop := w.stop.Load(); stop != nil {
			(*stop)()
		}
	case wire.GoLive:
		if !w.hasLoaded() {
			return wire.ErrFrame
		}
		w.instance.GoLive()
	case wire.Retire:
		go w.retire()
	case wire.Close:
		go w.close()
	case wire.Hosts:
		if !w.hasLoaded() {
			return wire.ErrFrame
		}
		return w.own.Fetcher.SetHosts(wire.NewFields(body).Texts())
	case wire.Stored:
		if !w.hasLoaded() {
			return wire.ErrFrame
		}
		w.own.Storage.Apply(wire.NewFields(body).Pairs())
	case wire.Level:
		w.process.setLevel(w.channel, zerolog.Level(wire.NewFields(body).Int())) //nolint:gosec // it was one
	default:
		return wire.ErrFrame
	}
	return nil
}

// hasLoaded tells whether the version was loaded, and well: then there is something to tell it.
func (w *worker) hasLoaded() bool {
	select {
	case <-w.loaded:
		return w.instance != nil
	default:
		return false
	}
}

// load starts the version and says how that went.
func (w *worker) load(over func()) {
	defer over()
	outcome := wire.Outcome{}
	if err := w.begin(); err != nil {
		_, outcome.Stuck = errors.AsType[*instance.StuckError](err)
		if failure, ok := errors.AsType[*script.Error](err); ok {
			outcome.Error = failure
		} else {
			outcome.Text = err.Error()
		}
	} else {
		outcome.State = w.state()
	}
	body, err := json.Marshal(&outcome)
	if err != nil {
		panic(err)
	}
	close(w.loaded)
	_ = w.conn.Send(wire.Loaded, body) // whoever does not hear it is gone
}

func (w *worker) begin() error {
	s := &w.start
	if err := w.process.prepare(s); err != nil {
		return err
	}
	w.process.setLevel(w.channel, zerolog.Level(s.Level))
	fetcher, err := fetch.New(&fetch.Config{Plugin: s.Plugin, AllowHosts: s.AllowHosts, UseProxy: true})
	if err != nil {
		return err
	}
	kept, err := storage.Open(w.ctx, w.home, s.Plugin)
	if err != nil {
		return err
	}
	w.own = &instance.Resources{Fetcher: fetcher, Storage: kept}
	w.log = zerolog.New(lines{w.conn}).With().Str("component", instance.Component).Str("plugin", s.Plugin).Logger()
	shared := w.process.shared(instance.Settings{
		Settings: adjust.Settings{Home: w.home, Apps: s.Apps, DefaultApp: s.DefaultApp, Device: s.Device},
		Dir:      s.Root, Log: zerolog.New(lines{w.conn}), Said: w.said, TellSeq: true, Timeout: s.Timeout, Grace: s.Grace,
		Plugins: map[string]instance.Grants{s.Plugin: {AllowHosts: s.AllowHosts, Env: s.Env, Timeout: s.Timeout}},
	})
	var enter machine.Gate
	if s.Shared {
		w.gate = &gate{p: w.process, channel: w.channel}
		enter = w.gate
	}
	w.instance, _, err = instance.Start(w.ctx, instance.Config{
		Gate:   enter,
		Shared: shared, Name: s.Plugin, Entry: s.Entry, Resources: w.own, Held: s.Held, Again: s.Again, Read: w.home.read,
		OnQuarantine: w.quarantined, OnHandled: w.handled, OnLive: w.live,
	})
	return err
}

// lines takes the lines of the log, which wait for others: they go with the next frame that does not.
type lines struct{ conn *wire.Channel }

func (l lines) Write(line []byte) (int, error) {
	if err := l.conn.Put(wire.Line, line); err != nil {
		return 0, err
	}
	return len(line), nil
}

// maxLine bounds the memory that is kept for the next line, in bytes.
const maxLine = 4 << 10

// said takes the lines that have nothing but a text, one after the other.
func (w *worker) said(line instance.Line) {
	said := wire.Said{Level: int8(line.Level), Seq: line.Seq, Version: line.Version, Text: line.Text}
	w.line = wire.AppendSaid(w.line[:0], &said)
	_ = w.conn.Join(wire.SaidLines, w.line) // whoever does not hear it is gone
	if cap(w.line) > maxLine {
		w.line = nil
	}
}

// told is of what a Status consists that changes.
type told struct {
	registered []instance.Registration
	warnings   []*script.Error
}

// tell says what the version listens to, if that has changed.
func (w *worker) tell() {
	now := told{w.instance.Registered(), w.instance.Warnings()} // never changed in place
	if slices.Equal(now.warnings, w.told.warnings) && slices.EqualFunc(now.registered, w.told.registered, func(a, b instance.Registration) bool {
		return a.App == b.App && slices.Equal(a.Listeners, b.Listeners)
	}) {
		return
	}
	state := w.state()
	if body, err := json.Marshal(&state); err == nil {
		w.told = now
		_ = w.conn.Put(wire.Status, body)
	}
}

func (w *worker) state() wire.State {
	state := wire.State{Walls: w.process.walls}
	for _, r := range w.instance.Registered() {
		state.Registered = append(state.Registered, wire.Registration{App: r.App, Listeners: r.Listeners})
	}
	state.Warnings = w.instance.Warnings()
	return state
}

// live tells that what the top level has tracked was sent. Whatever ends the process after that does not let it be sent again.
func (w *worker) live() { _ = w.conn.Send(wire.Live, nil) } // whoever does not hear it is gone

// quarantined tells that the version was given up.
func (w *worker) quarantined(_ *instance.Instance, reason *script.Error) {
	if body, err := json.Marshal(reason); err == nil {
		_ = w.conn.Send(wire.Quarantined, body)
	}
}

// retire ends the version and the process.
func (w *worker) retire() {
	<-w.loaded
	if w.instance != nil {
		<-w.instance.Retire()
		w.turn <- struct{}{} // what a Handle in hand has come to is said
	}
	if w.own != nil {
		w.own.Fetcher.Close()
		ctx, cancel := context.WithTimeout(context.Background(), instance.CloseWait)
		defer cancel()
		_ = w.own.Storage.Flush(ctx) // the host logs what it cannot store
	}
	w.leave()
}
