package wall_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/wire"
)

// pipes are the end of a worker that has one version.
type pipes struct {
	*wire.Channel
	conn *wire.Conn
}

func newPipes() *pipes {
	conn := wire.NewConn(os.Stdin, os.Stdout)
	return &pipes{conn.Channel(1), conn}
}

func (p *pipes) Receive() (wire.Kind, []byte, error) {
	_, kind, body, err := p.conn.Receive()
	return kind, body, err
}

// lies are what no worker says.
func lies() map[string]func(*pipes) {
	return map[string]func(*pipes){
		"garbage":       func(*pipes) { fmt.Print("Content-Type: text/plain\n\n" + strings.Repeat("x", 1000)) },
		"a huge frame":  func(*pipes) { fmt.Print("\xff\xff\xff\xff\x01\x00\x00\x00\x41") },
		"version":       func(c *pipes) { _ = c.Send(wire.Ready, []byte{99}) },
		"no answer":     func(c *pipes) { _ = c.Send(wire.Handled, wire.AppendResult(nil, &wire.Result{Handled: 1})) },
		"a half result": func(c *pipes) { _ = c.Send(wire.Loaded, []byte("{")) },
		"a call of nothing": func(c *pipes) {
			_ = c.Send(wire.Call, []byte{1, byte(wire.SetValues), 2, 3, 'x'})
		},
		"a line that is none": func(c *pipes) { _ = c.Send(wire.Line, []byte(`{"a":`)) },
		"lines that are none": func(c *pipes) { _ = c.Send(wire.SaidLines, []byte("\x01\x01\x01v\x09x")) },
		"lines of no level":   func(c *pipes) { _ = c.Send(wire.SaidLines, wire.AppendSaid(nil, &wire.Said{Level: 77, Text: "x"})) },
		"nothing":             func(*pipes) { os.Exit(7) },
		"what it has no business with": func(c *pipes) {
			for range 100 {
				_ = c.Send(wire.Retired, nil)
			}
		},
	}
}

// laterLies are what no worker says that has loaded its plugin and was handed response 7.
func laterLies() map[string]wire.Result {
	return map[string]wire.Result{
		"more than it was handed":         {Handled: 2},
		"less than nothing":               {Handled: math.MaxUint64},
		"a failure of what is to come":    {Handled: 1, Failed: map[uint64]string{8: "x"}},
		"a failure of what is not done":   {Failed: map[uint64]string{7: "x"}},
		"a failure of what nobody has":    {Handled: 1, Failed: map[uint64]string{math.MaxUint64: "x"}},
		"more than it was handed, failed": {Handled: math.MaxUint64, Failed: map[uint64]string{7: "x"}},
	}
}

// honestly are results that are believed.
func honestly() map[string]wire.Result {
	return map[string]wire.Result{
		"spent": {Handled: 1, Spent: true},
		"late":  {Handled: 1, Failed: map[uint64]string{3: "a promise that was rejected late"}},
	}
}

// greedy are calls for what is not the worker's own.
func greedy() map[string][]byte {
	call := func(op wire.Op, about ...string) []byte {
		body := wire.AppendInt(append(wire.AppendNumber(nil, 1), byte(op)), int64(time.Minute))
		for _, text := range about {
			body = wire.AppendString(body, text)
		}
		return body
	}
	foreign := engine.Package{Kind: engine.KindEvent, App: engine.App{Token: "zzzzzzzzzzzz", Environment: engine.Sandbox}}
	return map[string][]byte{
		"a value of another plugin":    call(wire.Value, "plugin/b", "item/x"),
		"values of another plugin":     call(wire.Values, "plugin/b"),
		"to write to another plugin":   wire.AppendPairs(call(wire.SetValues, "plugin/b"), map[string][]byte{"item/x": nil}),
		"values of no plugin":          call(wire.Values, "purchases"),
		"to track for another app":     wire.AppendPackages(call(wire.Track), []engine.Package{foreign}),
		"a lock of another name":       call(wire.Lock, "x"),
		"to be the first of that":      call(wire.First, "x"),
		"to give back what it has not": call(wire.Unlock, "device/x"),
		"something else":               call(99),
	}
}

// ask asks for something, and returns what it is told.
func ask(conn *pipes, body []byte) (answer string) {
	_ = conn.Send(wire.Call, body)
	_, answered, err := conn.Receive()
	if err != nil {
		os.Exit(0)
	}
	f := wire.NewFields(answered)
	f.Number()
	f.Number()
	return f.Text()
}

// stone turns into one: deaf or dumb, or it asks for the same over and over.
func stone(conn *pipes, what string) {
	switch what {
	case "dumb":
		_ = os.Stdout.Close()
		<-time.After(time.Hour)
	case "deaf":
		<-time.After(time.Hour)
	case "insatiable":
		for n := range uint64(10_000) {
			body := wire.AppendInt(append(wire.AppendNumber(nil, n), byte(wire.Lock)), int64(time.Minute))
			_ = conn.Send(wire.Call, wire.AppendString(body, "device/x"))
		}
	case "waiting":
		_ = conn.Send(wire.Call, wire.AppendString(wire.AppendInt(append(wire.AppendNumber(nil, 1), byte(wire.Lock)), int64(time.Minute)), "device/x"))
	}
}

// beShot is killed, as by a system that is short of memory, and leaves a mark of it beside the plugin. With once, only if there is
// none yet.
func beShot(load []byte, once bool) {
	var start wire.Start
	if err := json.Unmarshal(load, &start); err != nil {
		panic(err)
	}
	marks, err := os.OpenFile(filepath.Join(start.Root, "marks"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		panic(err)
	}
	if info, err := marks.Stat(); err == nil && info.Size() > 0 && once {
		return
	}
	_, _ = marks.WriteString("x")
	self, _ := os.FindProcess(os.Getpid())
	_ = self.Kill()
	select {}
}

// lieAsOneOfMany is a process that versions share, of which one lies about a response.
func lieAsOneOfMany(conn *wire.Conn) {
	_ = conn.Channel(0).Send(wire.Ready, []byte{wire.Version})
	for {
		channel, kind, body, err := conn.Receive()
		if err != nil {
			os.Exit(0)
		}
		switch kind { //nolint:exhaustive // it does not care for the rest
		case wire.Load:
			_ = conn.Channel(channel).Send(wire.Loaded, []byte("{}"))
		case wire.Handle:
			result := wire.Result{Handled: 1}
			if wire.NewFields(body).Responses()[0].Package.CallbackID == "lie" {
				result.Handled = 2
			}
			_ = conn.Channel(channel).Send(wire.Handled, wire.AppendResult(nil, &result))
		case wire.Retire, wire.Close:
			_ = conn.Channel(channel).Send(wire.Retired, nil)
		}
	}
}

func lie(what string) {
	conn := newPipes()
	if what == "a version that lies" {
		lieAsOneOfMany(conn.conn)
	}
	if what != "garbage" {
		_ = conn.Send(wire.Ready, []byte{wire.Version})
	}
	if before, ok := lies()[what]; ok {
		before(conn)
	}
	for {
		kind, body, err := conn.Receive()
		if err != nil {
			os.Exit(0)
		}
		if kind == wire.Load && strings.HasPrefix(what, "shot") {
			beShot(body, what == "shot once")
		}
		switch result, ok := laterLies()[what]; {
		case kind == wire.Load && lies()[what] == nil:
			_ = conn.Send(wire.Loaded, []byte("{}"))
			stone(conn, what)
		case kind == wire.Handle:
			if !ok {
				result = honestly()[what]
			}
			if wanted := greedy()[what]; wanted != nil {
				result = wire.Result{Handled: 1, Failed: map[uint64]string{7: ask(conn, wanted)}}
			}
			_ = conn.Send(wire.Handled, wire.AppendResult(nil, &result))
		case kind == wire.Retire:
			os.Exit(0)
		}
	}
}
