package adjust

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/machine"
)

// Attributions and deferred deep links come with the answers to sessions, when the server has something to tell.
//
// A gateway hears of all its devices. The listener of an attribution is called for each device whose attribution has
// changed since the last one that the host was told, and the object says which device: device (KIND=ID) and response
// (what a session listener gets) are properties that are not enumerable. The listener of a deep link gets a text, as
// in the SDK, so both listeners get the response as a second argument, too.
//
// React Native's SDK wraps the link: {uri} in version 4 and {deeplink} in version 5, and examples of its documentation
// read these. So that they work beside those of Cordova, where the link is a text, a text has both names in a runtime
// that listens to deep links; see [API.nameLinks].
//
// The order is that of Android: the listener of the attribution, the one of the session, the one of the deep link.

// listenerCall is a listener that is due, and what it is called with.
type listenerCall struct {
	fn   machine.Function
	name string
	args []goja.Value
}

// Next returns the listener to call for a response, and its arguments. It is called until it returns nil or [More] is
// false: an answer to a session may be for several listeners.
func (a *API) Next(r *engine.Response) (machine.Function, []goja.Value) {
	if a.More() {
		due := a.calls[0]
		a.calls, a.Running = a.calls[1:], due.name
		return due.fn, due.args
	}
	a.Running = ""
	l := a.listenerFor(r)
	if a.More() {
		return a.Next(r)
	}
	if l.fn == nil {
		return nil, nil
	}
	a.args[0] = a.argument(r, l.five)
	return l.fn, a.args[:]
}

// More tells whether the response in hand is for another listener.
func (a *API) More() bool { return len(a.calls) > 0 }

// argument makes what a listener is called with.
func (a *API) argument(r *engine.Response, five bool) *goja.Object {
	if five {
		return a.views.Text(r)
	}
	return a.views.Object(r)
}

// listenerFor returns the listener that a response is for, if there is one. Where there are several, they are in calls
// instead.
func (a *API) listenerFor(r *engine.Response) listener {
	if r.Repeat {
		return listener{}
	}
	for _, reg := range a.registrations {
		if reg.app != r.Package.App {
			continue
		}
		if reg.device != nil && r.Package.Device == reg.device.lane.Device {
			a.learn(reg, r)
		}
		success := r.Outcome.Success()
		switch r.Package.Kind {
		case engine.KindSession:
			l := reg.sessionFailed
			if success {
				l = reg.sessionSucceeded
			}
			return a.hear(reg, r, l)
		case engine.KindEvent:
			if success {
				return reg.eventSucceeded
			}
			return reg.eventFailed
		case engine.KindGDPRForgetDevice:
			if success && reg.attribution.fn != nil {
				a.forgetAttribution(r)
			}
			return listener{}
		case engine.KindAdRevenue, engine.KindThirdPartySharing:
			return listener{} // the SDKs have no callback for it
		default:
			return listener{}
		}
	}
	return listener{}
}

// hear finds out whether the answer to a session is for other listeners than l, and puts all of them into calls then.
func (a *API) hear(reg *registration, r *engine.Response, l listener) listener {
	own := reg.device != nil && r.Package.Device == reg.device.lane.Device
	if !bytes.Contains(r.Body, []byte(`"attribution"`)) && !bytes.Contains(r.Body, []byte(`"deeplink"`)) ||
		reg.attribution.fn == nil && reg.deeplink.fn == nil && !own {
		return l
	}
	told := readTold(r)
	changed := told.attribution != nil && (reg.attribution.fn != nil || own) && a.keepAttribution(r, told.attribution)
	if changed && own {
		a.answerQuestions(reg)
	}
	if changed = changed && reg.attribution.fn != nil; !changed && (told.deeplink == "" || reg.deeplink.fn == nil) {
		return l
	}
	// Listeners of one spelling share what they are called with.
	views := map[bool]*goja.Object{}
	view := func(five bool) *goja.Object {
		if views[five] == nil {
			views[five] = a.argument(r, five)
		}
		return views[five]
	}
	var calls []listenerCall
	if five := reg.attribution.five; changed {
		attribution := a.attributionObject(told.attribution, r.Package.Device, five || reg.generation == 5)
		machine.Must(attribution.DefineDataProperty("response", view(five), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		calls = append(calls, listenerCall{reg.attribution.fn, "attribution listener", []goja.Value{attribution, view(five)}})
	}
	if l.fn != nil {
		calls = append(calls, listenerCall{l.fn, "", []goja.Value{view(l.five)}})
	}
	if told.deeplink != "" {
		a.plugin.Note(zerolog.DebugLevel, "Deferred deeplink received ("+told.deeplink+")")
		if d := reg.deeplink; d.fn != nil {
			calls = append(calls, listenerCall{d.fn, "deferred deep link listener", []goja.Value{a.m.VM.ToValue(told.deeplink), view(d.five)}})
		}
	}
	a.calls = calls
	return listener{}
}

// nameLinks gives texts the properties uri and deeplink, which are the text itself. They are not enumerable, and exist
// only where a listener for deep links is registered.
func (a *API) nameLinks() {
	prototype := a.m.VM.ToValue("").ToObject(a.m.VM).Prototype() // whatever a script has made of String
	same := a.m.Function("", func(call goja.FunctionCall) goja.Value { return call.This.ToString() })
	for _, name := range []string{"uri", "deeplink"} {
		if prototype.Get(name) == nil {
			machine.Must(prototype.DefineAccessorProperty(name, same, nil, goja.FLAG_TRUE, goja.FLAG_FALSE))
		}
	}
}

// keepAttribution stores what the server told about a device, and tells whether that was news.
func (a *API) keepAttribution(r *engine.Response, told *attribution) bool {
	ctx, cancel := a.context()
	defer cancel()
	changed, err := a.Devices.attributions.keep(ctx, r.Package.Lane(), r.Seq, told)
	if err != nil {
		a.plugin.Note(zerolog.ErrorLevel, "cannot keep the attribution of "+r.Package.Device+"; its listener is called all the same: "+err.Error())
		return true
	}
	return changed
}

func (a *API) forgetAttribution(r *engine.Response) {
	ctx, cancel := a.context()
	defer cancel()
	if err := a.Devices.attributions.forget(ctx, r.Package.Lane()); err != nil {
		a.plugin.Note(zerolog.ErrorLevel, "cannot forget the attribution of "+r.Package.Device+": "+err.Error())
	}
}

// told is what an answer says besides what every answer does.
type told struct {
	attribution *attribution
	deeplink    string
}

// readTold reads an answer. A link is at the root of the answer; that of the attribution, which the SDK reads in
// answers to questions that a host never asks, is taken where the root has none.
func readTold(r *engine.Response) told {
	var body, inner map[string]json.RawMessage
	if json.Unmarshal(r.Body, &body) != nil {
		return told{}
	}
	t := told{deeplink: jsonText(body["deeplink"])}
	if json.Unmarshal(body["attribution"], &inner) == nil && inner != nil {
		t.attribution = readAttribution(inner, body["attribution"], r.ADID)
		if t.deeplink == "" {
			t.deeplink = jsonText(inner["deeplink"])
		}
	}
	return t
}

// jsonText returns the text of a JSON value; that of a number or boolean is its own, null and missing are empty.
func jsonText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil || len(raw) == 0 || raw[0] == 'n' {
		return s
	}
	return string(raw)
}

func readAttribution(fields map[string]json.RawMessage, text json.RawMessage, adid string) *attribution {
	var compact bytes.Buffer
	if json.Compact(&compact, text) != nil {
		compact.Reset()
	}
	t := &attribution{
		TrackerToken: jsonText(fields["tracker_token"]), TrackerName: jsonText(fields["tracker_name"]),
		Network: jsonText(fields["network"]), Campaign: jsonText(fields["campaign"]), Adgroup: jsonText(fields["adgroup"]),
		Creative: jsonText(fields["creative"]), ClickLabel: jsonText(fields["click_label"]), ADID: adid,
		CostType: jsonText(fields["cost_type"]), CostCurrency: jsonText(fields["cost_currency"]),
		FBInstallReferrer: jsonText(fields["fb_install_referrer"]), Text: compact.String(),
	}
	if amount, err := strconv.ParseFloat(jsonText(fields["cost_amount"]), 64); err == nil && !math.IsNaN(amount) && !math.IsInf(amount, 0) {
		t.CostAmount, t.CostKnown = amount, true
	}
	return t
}

// attributionObject makes the object that scripts get: the properties of the SDK, in its order; what is not known is
// "". The cost is a number; where it is not known, it is 0 in React Native and "" in Cordova.
func (a *API) attributionObject(t *attribution, device string, five bool) *goja.Object {
	object := a.m.VM.NewObject()
	define := func(name string, value any, enumerable bool) {
		machine.Must(object.DefineDataProperty(name, a.m.VM.ToValue(value), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.ToFlag(enumerable)))
	}
	for _, field := range []struct {
		name  string
		value any
	}{
		{"trackerToken", t.TrackerToken},
		{"trackerName", t.TrackerName},
		{"network", t.Network},
		{"campaign", t.Campaign},
		{"adgroup", t.Adgroup},
		{"creative", t.Creative},
		{"clickLabel", t.ClickLabel},
		{"adid", t.ADID},
		{"costType", t.CostType},
		{"costAmount", t.CostAmount},
		{"costCurrency", t.CostCurrency},
		{"fbInstallReferrer", t.FBInstallReferrer},
	} {
		// Version 5 has taken the adid away, and added the server's words.
		define(field.name, field.value, field.name != "adid" || !five)
	}
	if five {
		define("jsonResponse", t.Text, true)
	}
	if t.CostAmount == 0 && !t.CostKnown && !a.dialect.ReactNative {
		define("costAmount", "", true)
	}
	define("device", device, false)
	return object
}
