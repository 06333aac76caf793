package tester

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/stage"
)

// state is what the properties of a plugin show: plugin, name.
func (u *underTest) state(call goja.FunctionCall) goja.Value {
	p, name := u.plugin(call.Argument(0)), call.Argument(1).String()
	var value any
	switch name {
	case "name":
		value = p.name
	case "version":
		value = p.stage.Graph.Version()
	case "registered":
		value = listenerNames(p.stage.Inst.Registered())
	case "now":
		value = p.stage.Clock.Now().UnixMilli()
	case "localStorage":
		value = p.stage.Own.Storage.All()
	default:
		p.turn.Lock()
		from := p.from
		p.turn.Unlock()
		state := stateOf(p.stage.Tape.Since(from))
		value = map[string]any{"lines": state.Lines, "tracked": state.Tracked, "fetches": state.Fetches, "errors": state.Errors}[name]
	}
	text, err := json.Marshal(value)
	machine.Must(err)
	return u.t.m.VM.ToValue(string(text))
}

// listenerNames are the callbacks that a plugin listens to, sorted; of which app does not matter.
func listenerNames(all []instance.Registration) []string {
	names := []string{}
	for _, r := range all {
		names = append(names, r.Listeners...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// pluginState is what a test sees of a plugin.
type pluginState struct {
	Lines   []stage.Line     `json:"lines"`
	Tracked []trackedView    `json:"tracked"`
	Fetches []*stage.Fetch   `json:"fetches"`
	Errors  []*stage.Failure `json:"errors"`
}

// trackedView is a package in the words of scripts.
type trackedView struct {
	Kind           engine.Kind       `json:"kind"`
	EventToken     string            `json:"eventToken,omitempty"`
	Revenue        *float64          `json:"revenue,omitempty"`
	Currency       string            `json:"currency,omitempty"`
	CallbackID     string            `json:"callbackId,omitempty"`
	CallbackParams map[string]string `json:"callbackParams"`
	PartnerParams  map[string]string `json:"partnerParams"`
	Params         map[string]string `json:"params"`
	Device         string            `json:"device"`
	AppToken       string            `json:"appToken"`
	Environment    string            `json:"environment"`
}

func stateOf(acts []stage.Act) *pluginState {
	s := &pluginState{Lines: []stage.Line{}, Tracked: []trackedView{}, Fetches: []*stage.Fetch{}, Errors: []*stage.Failure{}}
	for i := range acts {
		switch a := &acts[i]; {
		case a.Line != nil:
			s.Lines = append(s.Lines, *a.Line)
		case a.Tracked != nil:
			s.Tracked = append(s.Tracked, viewOf(a.Tracked))
		case a.Fetch != nil:
			s.Fetches = append(s.Fetches, a.Fetch)
		case a.Failure != nil:
			s.Errors = append(s.Errors, a.Failure)
		}
	}
	return s
}

func viewOf(p *engine.Package) trackedView {
	view := trackedView{
		Kind: p.Kind, EventToken: p.Params["event_token"], Currency: p.Params["currency"], CallbackID: p.CallbackID,
		CallbackParams: orEmpty(p.CallbackParams), PartnerParams: orEmpty(p.PartnerParams), Params: orEmpty(p.Params),
		Device: p.Device, AppToken: p.App.Token, Environment: string(p.App.Environment),
	}
	if revenue, err := strconv.ParseFloat(p.Params["revenue"], 64); err == nil {
		view.Revenue = &revenue
	}
	return view
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
