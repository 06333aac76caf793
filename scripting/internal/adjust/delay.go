package adjust

import (
	"maps"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"
)

// The delay of the first session (version 5): a device that this host does not know yet sends nothing, and what a
// script does waits, from Adjust.initSdk until Adjust.endFirstSessionDelay. There is no time limit. What waits is not
// on disk: a script that is reloaded before it ends the delay begins anew, as an app does that is started again.
//
// The delay of version 4 (setDelayStart) does nothing: it gives an app up to ten seconds to set session parameters, and
// what the top level of a script sets is in the first session anyway.

// delay tells whether the start of a device has to wait, and sees to it that it comes.
func (a *API) delay(reg *registration) bool {
	if !reg.delaying {
		return false
	}
	if reg.device != nil {
		ctx, cancel := a.context()
		defer cancel()
		state, err := reg.device.view(ctx)
		if err == nil && state.SessionCount > 0 {
			reg.delaying = false // only the very first session is delayed
			return false
		}
	}
	reg.delayed = append(reg.delayed, func() error {
		if reg.device == nil {
			return nil // what is tracked says so itself
		}
		return a.startDevice(reg)
	})
	return true
}

// endDelay is Adjust.endFirstSessionDelay.
func (a *API) endDelay(goja.FunctionCall) goja.Value {
	a.afterLoad(heldCall{do: func() error {
		for _, reg := range a.registrations {
			delayed := reg.delayed
			reg.delaying, reg.delayed = false, nil
			for _, do := range delayed {
				if err := do(); err != nil {
					a.plugin.Note(zerolog.ErrorLevel, err.Error())
				}
			}
		}
		return nil
	}})
	return goja.Undefined()
}

// setIDInDelay is Adjust.setExternalDeviceIdInDelay.
func (a *API) setIDInDelay(call goja.FunctionCall) goja.Value {
	if !goja.IsString(call.Argument(0)) {
		a.console("log", "[Adjust] External device ID is not of type string")
		return goja.Undefined()
	}
	id := call.Argument(0).String()
	a.afterLoad(heldCall{do: func() error {
		reg := a.acting()
		if !reg.delaying {
			a.plugin.Note(zerolog.WarnLevel, "Adjust.setExternalDeviceIdInDelay has no effect: the first session is not delayed")
			return nil
		}
		params := maps.Clone(reg.params)
		params["external_device_id"] = id
		reg.params, reg.device = params, a.Devices.device(reg.app, params)
		return nil
	}})
	return goja.Undefined()
}
