package adjust

import (
	"fmt"
	"slices"

	"github.com/rs/zerolog"
)

// This file is about when a call of Adjust takes effect, and for whom.

// acting returns whom the methods of Adjust act for: the first config that was started, and before any was, the
// host's own device for the default app. The registration's device may be nil.
func (a *API) acting() *registration {
	if len(a.registrations) > 0 {
		return a.registrations[0]
	}
	host := a.Devices.cfg
	reg := &registration{app: host.DefaultApp, params: host.Device, maxDedupIDs: maxDedupIDs}
	reg.device = a.Devices.device(reg.app, reg.params)
	return reg
}

// tracker is acting for those methods that make no sense without a device: it throws when there is none, unless a
// delayed first session may still bring one.
func (a *API) tracker(method string) *registration {
	reg := a.acting()
	if reg.device == nil && !reg.delaying {
		panic(a.m.NewError(noDevice(method)))
	}
	return reg
}

func noDevice(method string) string {
	return fmt.Sprintf("Adjust.%s: this host has no device to track for: set device in the configuration, "+
		"or call adjustConfig.setExternalDeviceId before Adjust.create", method)
}

// heldCall is what a call at the top level does once the load has succeeded.
type heldCall struct {
	do func() error
	// event is true when a session has to come first.
	event bool
}

// track does what puts something into the queue: at once; after the delay, if the first session is delayed; or, at the
// top level of a script, when the load has succeeded, so that a broken edit sends nothing. It throws what goes wrong
// at once.
func (a *API) track(method string, do func() error) {
	call := heldCall{event: method == "trackEvent" || method == "trackAdRevenue"}
	call.do = func() error {
		if reg := a.acting(); reg.delaying {
			a.plugin.Note(zerolog.DebugLevel, fmt.Sprintf("Enqueuing %q action to be executed after first session delay ends", method))
			reg.delayed = append(reg.delayed, do)
			return nil
		}
		return do()
	}
	a.afterLoad(call)
}

// afterLoad does something now, or, at the top level of a script, when the load has succeeded.
func (a *API) afterLoad(call heldCall) {
	if a.m.Loading() {
		a.held = append(a.held, call)
		return
	}
	if err := call.do(); err != nil {
		panic(a.m.NewError(err.Error()))
	}
}

// startAfterLoad is afterLoad for the start of a device: its session goes before the events that the script has
// tracked before the start, as in the SDK.
func (a *API) startAfterLoad(start func() error) {
	first := slices.IndexFunc(a.held, func(c heldCall) bool { return c.event })
	a.afterLoad(heldCall{do: start})
	if last := len(a.held) - 1; first >= 0 && a.m.Loading() {
		a.held = slices.Insert(a.held[:last], first, a.held[last])
	}
}

// TrackHeld tracks what the top level has asked for. A runtime that takes over for a broken one of the same version
// has the same top level, and does not track it again.
func (a *API) TrackHeld(again bool) {
	held := a.held
	a.held = nil
	if again {
		return
	}
	for _, call := range held {
		if err := call.do(); err != nil {
			a.m.Failed("tracking at the top level", err)
		}
	}
}
