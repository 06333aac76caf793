package adjust

import (
	"math"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
)

// This file answers what a script asks about its device.

// question is a callback of Adjust.getAttribution or getAdid that waits for an answer.
type question struct {
	fn     machine.Function
	answer func() goja.Value // nil while there is none
}

// ask answers a callback at once if it can. Otherwise the callback gets now, if that is not nil, or waits: until an
// answer comes, or until the time is over, when it gets null; zero means for ever.
func (a *API) ask(callback goja.Value, answer func() goja.Value, now goja.Value, wait time.Duration) goja.Value {
	fn, ok := machine.AsFunction(callback)
	if !ok {
		return goja.Undefined()
	}
	if known := answer(); known != nil {
		now = known
	}
	if now != nil {
		a.later(fn, now)
		return goja.Undefined()
	}
	q := &question{fn: fn, answer: answer}
	a.waiting = append(a.waiting, q)
	if wait > 0 {
		over := a.m.Function("", func(goja.FunctionCall) goja.Value {
			if a.answered(q) {
				fn(goja.FunctionCall{This: a.m.VM.GlobalObject(), Arguments: []goja.Value{goja.Null()}})
			}
			return goja.Undefined()
		})
		a.m.SetTimeout(over, wait)
	}
	return goja.Undefined()
}

// answered takes a question off the list, and tells whether it was there.
func (a *API) answered(q *question) bool {
	for i, other := range a.waiting {
		if other == q {
			a.waiting = append(a.waiting[:i:i], a.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// answerQuestions answers what can be answered now.
func (a *API) answerQuestions(reg *registration) {
	if reg != a.acting() {
		return
	}
	for _, q := range append([]*question(nil), a.waiting...) {
		if value := q.answer(); value != nil && a.answered(q) {
			a.later(q.fn, value)
		}
	}
}

// knownAttribution returns the attribution of the acting device, nil when there is none.
func (a *API) knownAttribution() goja.Value {
	reg := a.acting()
	if reg.device == nil {
		return nil
	}
	ctx, cancel := a.context()
	defer cancel()
	t, err := a.Devices.attributions.last(ctx, reg.device.lane)
	if err != nil {
		panic(a.m.NewError("Adjust.getAttribution: " + err.Error()))
	}
	if t == nil {
		return nil
	}
	return a.attributionObject(t, reg.device.lane.Device, a.strict())
}

// knownADID returns the adid of the acting device, nil when there is none.
func (a *API) knownADID() goja.Value {
	if state := a.view("getAdid"); state.ADID != "" {
		return a.m.VM.ToValue(state.ADID)
	}
	return nil
}

// getAttribution is Adjust.getAttribution.
func (a *API) getAttribution(call goja.FunctionCall) goja.Value {
	var now goja.Value
	if !a.strict() {
		now = a.m.VM.NewObject()
	}
	return a.ask(call.Argument(0), a.knownAttribution, now, 0)
}

// getADID is Adjust.getAdid.
func (a *API) getADID(call goja.FunctionCall) goja.Value {
	var now goja.Value
	if !a.strict() {
		now = goja.Null()
	}
	return a.ask(call.Argument(0), a.knownADID, now, 0)
}

func (a *API) getAttributionWithTimeout(call goja.FunctionCall) goja.Value {
	return a.askInTime(call, a.knownAttribution)
}

func (a *API) getADIDWithTimeout(call goja.FunctionCall) goja.Value {
	return a.askInTime(call, a.knownADID)
}

// askInTime is a question with a time limit in milliseconds.
func (a *API) askInTime(call goja.FunctionCall, answer func() goja.Value) goja.Value {
	limit := call.Argument(0)
	if !goja.IsNumber(limit) || limit.ToFloat() != float64(limit.ToInteger()) {
		a.console("log", "[Adjust] Timeout in milliseconds is not of type integer")
		if _, callable := goja.AssertFunction(call.Argument(1)); !callable && call.Argument(1).ToBoolean() {
			panic(a.m.VM.NewTypeError("callback is not a function"))
		}
		return a.reply(call.Argument(1), goja.Null())
	}
	wait := time.Duration(min(max(limit.ToInteger(), 1), math.MaxInt32)) * time.Millisecond
	return a.ask(call.Argument(1), answer, nil, wait)
}
