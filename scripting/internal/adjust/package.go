package adjust

import (
	"crypto/rand"
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/machine"
)

// This file makes packages of what a script sets, with the checks and the words of the SDK.

// maxParams bounds the callback and the partner parameters that a script may set for one event.
const maxParams = 10_000

// newSession makes the package of a session.
func (a *API) newSession(reg *registration, s *deviceState) engine.Package {
	p := a.newPackage(reg, engine.KindSession)
	complete(reg, &p)
	maps.Copy(p.Params, reg.sessionParams)
	if s.PushToken != "" {
		p.Params["push_token"] = s.PushToken
	}
	p.CallbackParams, p.PartnerParams = maps.Clone(s.CallbackParams), maps.Clone(s.PartnerParams)
	return p
}

// newPackage makes a package of this moment that lacks its device; see complete. The moment is one of the real time,
// by which the engine checks packages, also where the script has a time of its own; see [tapeStore].
func (a *API) newPackage(reg *registration, kind engine.Kind) engine.Package {
	return engine.Package{
		// The SDK remembers ten ids of transactions and then takes the first again; an ID derived from them would make
		// the store remember more.
		ID:   withSteps(engine.DerivedID("script", rand.Text()), a.m.Steps()),
		Kind: kind, App: reg.app, Params: map[string]string{}, Created: time.Now(),
	}
}

// complete gives a package its device, which may be known only after a delay.
func complete(reg *registration, p *engine.Package) {
	p.Device = reg.device.lane.Device
	for name, value := range reg.params {
		if _, there := p.Params[name]; !there {
			p.Params[name] = value
		}
	}
}

// readIDs takes over the ids of an event, and returns what is said when it is skipped. The deduplication id of version
// 5 goes first; without one, the transaction id of version 4 does its work.
func (a *API) readIDs(event *goja.Object, params map[string]string) (skipped string) {
	transaction, hasTransaction := identity(event.Get("transactionId"))
	dedup, hasDedup := identity(event.Get("deduplicationId"))
	switch {
	case hasDedup || a.strict():
		if hasDedup {
			params["deduplication_id"] = dedup
		}
		if hasTransaction {
			params["order_id"] = transaction
		}
		return "Skipping duplicate event with deduplication ID '%s'"
	case hasTransaction:
		params["deduplication_id"] = transaction
	}
	return "Skipping duplicated order ID '%s'"
}

func (a *API) readSource(v goja.Value, params map[string]string) bool {
	switch {
	case v == nil || goja.IsUndefined(v) || goja.IsNull(v):
		a.plugin.Note(zerolog.ErrorLevel, "Missing source")
	case v.String() == "":
		a.plugin.Note(zerolog.ErrorLevel, "Source can't be empty")
	case isObjectValue(v):
		a.plugin.Note(zerolog.ErrorLevel, "Source must be a text, such as AdjustConfig.AdRevenueSourcePublisher")
	default:
		params["source"] = v.String()
		return true
	}
	a.plugin.Note(zerolog.ErrorLevel, "Ad revenue object not initialized correctly")
	return false
}

// accepted tells whether the engine will take a package, at the place of the call, even if the package is sent later.
// One that is incomplete is logged and dropped, as in the SDK.
func (a *API) accepted(reg *registration, method string, p engine.Package) bool {
	p = p.Clone()
	if reg.device != nil {
		complete(reg, &p)
	} else {
		p.Device = "external_device_id=later" // there is no device yet, and nothing else must be wrong
	}
	err := p.Prepare(time.Now())
	if err != nil {
		a.plugin.Note(zerolog.ErrorLevel, "Adjust."+method+" sends nothing: "+err.Error())
	}
	return err == nil
}

// readRevenue takes revenue and currency over if both are right, with the SDK's words where they are not.
func (a *API) readRevenue(from *goja.Object, params map[string]string) {
	amount, currency := from.Get("revenue"), from.Get("currency")
	given := func(v goja.Value) bool { return v != nil && !goja.IsUndefined(v) && !goja.IsNull(v) }
	complain := func(format string, args ...any) {
		a.plugin.Note(zerolog.ErrorLevel, fmt.Sprintf(format, args...))
	}
	if !given(amount) {
		if given(currency) {
			complain("Revenue must be set with currency")
		}
		return
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(amount.String()), 64)
	switch {
	case err != nil || math.IsNaN(value) || math.IsInf(value, 0):
		complain("[AdjustCordova]: Unable to parse revenue.")
	case value < 0:
		complain("Invalid amount %.5f", value)
	case !given(currency):
		complain("Currency must be set with revenue")
	case currency.String() == "":
		complain("Currency is empty")
	case len(currency.String()) != 3:
		complain("Currency '%s' is not sent, and neither is the revenue: the server takes three letters, such as EUR", currency)
	case value < 0.001 && from.Get("eventToken") != nil:
		complain("Amount %.5f is not sent: the server takes no event revenue below 0.001", value)
	default:
		params["revenue"], params["currency"] = strconv.FormatFloat(value, 'f', 5, 64), currency.String()
	}
}

// readPairs reads a flat array of keys and values, or an object, as React Native's version 4 has them.
func (a *API) readPairs(v goja.Value, kind string) map[string]string {
	object, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	pairs := map[string]string{}
	if a.dialect.ReactNative && object.ClassName() != "Array" {
		keys := object.Keys()
		if len(keys) > maxParams {
			panic(a.m.RangeError(fmt.Sprintf("more than %d parameters of one kind", maxParams)))
		}
		for _, key := range keys {
			if value := object.Get(key); a.validParam(kind, a.m.VM.ToValue(key), value) {
				pairs[key] = value.String()
			}
		}
		return pairs
	}
	length := object.Get("length")
	if length == nil {
		return nil
	}
	// A script can give anything a length, and nothing can interrupt this loop.
	n := length.ToInteger()
	if n > 2*maxParams {
		panic(a.m.RangeError(fmt.Sprintf("more than %d parameters of one kind", maxParams)))
	}
	for i := int64(0); i+1 < n; i += 2 {
		key, value := object.Get(strconv.FormatInt(i, 10)), object.Get(strconv.FormatInt(i+1, 10))
		if !a.validParam(kind, key, value) {
			continue
		}
		if _, there := pairs[key.String()]; there {
			a.plugin.Note(zerolog.WarnLevel, fmt.Sprintf("Key %s was overwritten", key))
		}
		pairs[key.String()] = value.String()
	}
	return pairs
}

// validParam checks a parameter with the SDK's words.
func (a *API) validParam(kind string, key, value goja.Value) bool {
	for _, part := range []struct {
		name string
		v    goja.Value
	}{{"key", key}, {"value", value}} {
		var problem string
		_, function := machine.AsFunction(part.v)
		switch {
		case part.v == nil || goja.IsUndefined(part.v) || goja.IsNull(part.v) || function:
			problem = "missing" // so is a function, which is lost on the way from the SDK to the device
		case part.v.String() == "":
			problem = "empty"
		default:
			continue
		}
		a.plugin.Note(zerolog.ErrorLevel, fmt.Sprintf("%s parameter %s is %s", kind, part.name, problem))
		return false
	}
	return true
}

// mergeSession adds the session parameters to those of a package, which win.
func (a *API) mergeSession(p *engine.Package, s *deviceState) {
	merge := func(own, session map[string]string, kind string) map[string]string {
		if len(session) == 0 {
			return own
		}
		merged := maps.Clone(session)
		for key, value := range own {
			if old, there := merged[key]; there {
				a.plugin.Note(zerolog.WarnLevel, fmt.Sprintf("Key %s with value %s from %s parameter was replaced by value %s", key, old, kind, value))
			}
			merged[key] = value
		}
		return merged
	}
	p.CallbackParams = merge(p.CallbackParams, s.CallbackParams, "Callback")
	p.PartnerParams = merge(p.PartnerParams, s.PartnerParams, "Partner")
}
