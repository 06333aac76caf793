package scripting

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// maxParams bounds the callback and the partner parameters that a script may set for one event.
const maxParams = 10_000

// acting returns whom the methods of Adjust act for: the first config that was started, and before any was, the
// host's own device for the default app. The registration's device may be nil.
func (a *adjust) acting() *registration {
	if len(a.registrations) > 0 {
		return a.registrations[0]
	}
	host := a.rt.inst.cfg.host
	reg := &registration{app: host.DefaultApp, params: host.Device, maxDedupIDs: maxDedupIDs}
	reg.device = a.rt.inst.cfg.devices.device(reg.app, reg.params)
	return reg
}

// tracker is acting for those methods that make no sense without a device: it throws when there is none, unless a
// delayed first session may still bring one.
func (a *adjust) tracker(method string) *registration {
	reg := a.acting()
	if reg.device == nil && !reg.delaying {
		panic(a.rt.newError(noDevice(method)))
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
func (a *adjust) track(method string, do func() error) {
	call := heldCall{event: method == "trackEvent" || method == "trackAdRevenue"}
	call.do = func() error {
		if reg := a.acting(); reg.delaying {
			a.rt.note(zerolog.DebugLevel, fmt.Sprintf("Enqueuing %q action to be executed after first session delay ends", method))
			reg.delayed = append(reg.delayed, do)
			return nil
		}
		return do()
	}
	a.afterLoad(call)
}

// afterLoad does something now, or, at the top level of a script, when the load has succeeded.
func (a *adjust) afterLoad(call heldCall) {
	if a.rt.loading {
		a.held = append(a.held, call)
		return
	}
	if err := call.do(); err != nil {
		panic(a.rt.newError(err.Error()))
	}
}

// startAfterLoad is afterLoad for the start of a device: its session goes before the events that the script has
// tracked before the start, as in the SDK.
func (a *adjust) startAfterLoad(start func() error) {
	first := slices.IndexFunc(a.held, func(c heldCall) bool { return c.event })
	a.afterLoad(heldCall{do: start})
	if last := len(a.held) - 1; first >= 0 && a.rt.loading {
		a.held = slices.Insert(a.held[:last], first, a.held[last])
	}
}

// trackHeld tracks what the top level has asked for. A runtime that takes over for a broken one of the same version
// has the same top level, and does not track it again.
func (a *adjust) trackHeld(again bool) {
	held := a.held
	a.held = nil
	if again {
		return
	}
	for _, call := range held {
		if err := call.do(); err != nil {
			a.rt.report("tracking at the top level", err)
		}
	}
}

// startDevice sends a session if it is time for one.
func (a *adjust) startDevice(reg *registration) error {
	if a.delay(reg) {
		return nil
	}
	ctx, cancel := a.context()
	defer cancel()
	now := time.Now()
	err := reg.device.start(ctx, now, func(s *deviceState) engine.Package { return a.newSession(reg, s, now) })
	if err != nil {
		return fmt.Errorf("Adjust.create: cannot send a session: %w", err) //nolint:staticcheck // a name of JavaScript
	}
	return nil
}

// newSession makes the package of a session.
func (a *adjust) newSession(reg *registration, s *deviceState, now time.Time) engine.Package {
	p := newPackage(reg, engine.KindSession, now)
	complete(reg, &p)
	maps.Copy(p.Params, reg.sessionParams)
	if s.PushToken != "" {
		p.Params["push_token"] = s.PushToken
	}
	p.CallbackParams, p.PartnerParams = maps.Clone(s.CallbackParams), maps.Clone(s.PartnerParams)
	return p
}

// newPackage makes a package that lacks its device; see complete.
func newPackage(reg *registration, kind engine.Kind, created time.Time) engine.Package {
	return engine.Package{
		// The SDK remembers ten ids of transactions and then takes the first again; an ID derived from them would make
		// the store remember more.
		ID:   engine.DerivedID("script", rand.Text()),
		Kind: kind, App: reg.app, Params: map[string]string{}, Created: created,
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

// trackEvent is Adjust.trackEvent. As in the SDK, an event that is not whole is logged and dropped, and revenue that
// is not whole is left away.
func (a *adjust) trackEvent(call goja.FunctionCall) goja.Value {
	reg := a.tracker("trackEvent")
	event, ok := call.Argument(0).(*goja.Object)
	if !ok {
		a.rt.note(zerolog.ErrorLevel, "Event missing")
		return goja.Undefined()
	}
	p := newPackage(reg, engine.KindEvent, time.Now())
	token := event.Get("eventToken")
	switch {
	case token == nil || goja.IsUndefined(token) || goja.IsNull(token):
		a.rt.note(zerolog.ErrorLevel, "Missing Event Token")
		a.rt.note(zerolog.ErrorLevel, "Event not initialized correctly")
		return goja.Undefined()
	case token.String() == "":
		a.rt.note(zerolog.ErrorLevel, "Event Token can't be empty")
		a.rt.note(zerolog.ErrorLevel, "Event not initialized correctly")
		return goja.Undefined()
	}
	p.Params["event_token"] = token.String()
	a.readRevenue(event, p.Params)
	for field, param := range map[string]string{"productId": "product_id", "purchaseToken": "purchase_token"} {
		if s, given := text(event.Get(field)); given {
			p.Params[param] = s
		}
	}
	skipped := a.readIDs(event, p.Params)
	p.CallbackID, _ = text(event.Get("callbackId"))
	p.CallbackParams = a.readPairs(event.Get("callbackParameters"), "Callback")
	p.PartnerParams = a.readPairs(event.Get("partnerParameters"), "Partner")
	if !a.accepted(reg, "trackEvent", p) {
		return goja.Undefined()
	}
	a.track("trackEvent", func() error {
		return a.queue(reg, "trackEvent", func(s *deviceState) *engine.Package {
			if id := p.Params["deduplication_id"]; !s.remember(id, reg.maxDedupIDs) {
				a.rt.note(zerolog.InfoLevel, fmt.Sprintf(skipped, id))
				return nil
			}
			s.EventCount++
			next := p.Clone()
			next.Params["event_count"] = strconv.Itoa(s.EventCount)
			a.mergeSession(&next, s)
			return &next
		})
	})
	return goja.Undefined()
}

// readIDs takes over the ids of an event, and returns what is said when it is skipped. The deduplication id of version
// 5 goes first; without one, the transaction id of version 4 does its work.
func (a *adjust) readIDs(event *goja.Object, params map[string]string) (skipped string) {
	transaction, hasTransaction := text(event.Get("transactionId"))
	dedup, hasDedup := text(event.Get("deduplicationId"))
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

// trackAdRevenue is Adjust.trackAdRevenue with an AdjustAdRevenue, or with the two arguments of the older form.
func (a *adjust) trackAdRevenue(call goja.FunctionCall) goja.Value {
	if !goja.IsUndefined(call.Argument(1)) {
		return a.trackAdRevenuePayload(call)
	}
	reg := a.tracker("trackAdRevenue")
	ad, ok := call.Argument(0).(*goja.Object)
	if !ok {
		a.rt.note(zerolog.ErrorLevel, "Ad revenue object missing")
		return goja.Undefined()
	}
	p := newPackage(reg, engine.KindAdRevenue, time.Now())
	if !a.readSource(ad.Get("source"), p.Params) {
		return goja.Undefined()
	}
	a.readRevenue(ad, p.Params)
	for field, param := range map[string]string{
		"adImpressionsCount": "ad_impressions_count", "adRevenueNetwork": "ad_revenue_network",
		"adRevenueUnit": "ad_revenue_unit", "adRevenuePlacement": "ad_revenue_placement",
	} {
		if s, given := text(ad.Get(field)); given {
			p.Params[param] = s
		}
	}
	p.CallbackParams = a.readPairs(ad.Get("callbackParameters"), "Callback")
	p.PartnerParams = a.readPairs(ad.Get("partnerParameters"), "Partner")
	a.queueAdRevenue(reg, p)
	return goja.Undefined()
}

// trackAdRevenuePayload is the older form: a source and the ad network's own JSON. The S2S protocol has no field for
// that text, so revenue and currency are taken out of it.
func (a *adjust) trackAdRevenuePayload(call goja.FunctionCall) goja.Value {
	reg := a.tracker("trackAdRevenue")
	p := newPackage(reg, engine.KindAdRevenue, time.Now())
	if !a.readSource(call.Argument(0), p.Params) {
		return goja.Undefined()
	}
	var payload struct {
		Revenue, PublisherRevenue json.Number
		Currency                  string
	}
	var fields map[string]any
	decoder := json.NewDecoder(strings.NewReader(call.Argument(1).String()))
	decoder.UseNumber()
	if err := decoder.Decode(&fields); err != nil {
		panic(a.rt.newError("Adjust.trackAdRevenue: the payload must be the text of a JSON object"))
	}
	payload.Revenue, _ = fields["revenue"].(json.Number)
	payload.PublisherRevenue, _ = fields["publisher_revenue"].(json.Number)
	payload.Currency, _ = fields["currency"].(string)
	if payload.Revenue == "" {
		payload.Revenue = payload.PublisherRevenue
	}
	if payload.Revenue == "" || payload.Currency == "" {
		panic(a.rt.newError("Adjust.trackAdRevenue: the payload needs revenue (or publisher_revenue) and currency; " +
			"use an AdjustAdRevenue with setRevenue instead"))
	}
	p.Params["revenue"], p.Params["currency"] = payload.Revenue.String(), payload.Currency
	a.queueAdRevenue(reg, p)
	return goja.Undefined()
}

func (a *adjust) readSource(v goja.Value, params map[string]string) bool {
	switch {
	case v == nil || goja.IsUndefined(v) || goja.IsNull(v):
		a.rt.note(zerolog.ErrorLevel, "Missing source")
	case v.String() == "":
		a.rt.note(zerolog.ErrorLevel, "Source can't be empty")
	case isObjectValue(v):
		a.rt.note(zerolog.ErrorLevel, "Source must be a text, such as AdjustConfig.AdRevenueSourcePublisher")
	default:
		params["source"] = v.String()
		return true
	}
	a.rt.note(zerolog.ErrorLevel, "Ad revenue object not initialized correctly")
	return false
}

func (a *adjust) queueAdRevenue(reg *registration, p engine.Package) {
	if !a.accepted(reg, "trackAdRevenue", p) {
		return
	}
	a.track("trackAdRevenue", func() error {
		return a.queue(reg, "trackAdRevenue", func(s *deviceState) *engine.Package {
			next := p.Clone()
			a.mergeSession(&next, s)
			return &next
		})
	})
}

// forget is Adjust.gdprForgetMe: once, and nothing is tracked after it.
func (a *adjust) forget(goja.FunctionCall) goja.Value {
	reg := a.tracker("gdprForgetMe")
	p := newPackage(reg, engine.KindGDPRForgetDevice, time.Now())
	a.track("gdprForgetMe", func() error {
		return a.queue(reg, "gdprForgetMe", func(s *deviceState) *engine.Package {
			s.Forgotten = true
			return &p
		})
	})
	return goja.Undefined()
}

// accepted tells whether the engine will take a package, at the place of the call, even if the package is sent later.
// One that is not whole is logged and dropped, as in the SDK.
func (a *adjust) accepted(reg *registration, method string, p engine.Package) bool {
	p = p.Clone()
	if reg.device != nil {
		complete(reg, &p)
	} else {
		p.Device = "external_device_id=unknown" // there is no device yet, and nothing else must be wrong
	}
	err := p.Prepare(time.Now())
	if err != nil {
		a.rt.note(zerolog.ErrorLevel, "Adjust."+method+" sends nothing: "+err.Error())
	}
	return err == nil
}

// queue puts a package into the queue unless the device is disabled or forgotten. build returns nil when there is
// nothing to send after all.
func (a *adjust) queue(reg *registration, method string, build func(*deviceState) *engine.Package) error {
	if reg.device == nil {
		return errors.New(noDevice(method))
	}
	ctx, cancel := a.context()
	defer cancel()
	err := reg.device.update(ctx, func(s *deviceState) ([]engine.Package, error) {
		if s.Forgotten || s.Disabled {
			a.rt.note(zerolog.DebugLevel, "Adjust."+method+" sends nothing: the device is "+stateName(s))
			return nil, nil
		}
		p := build(s)
		s.touch(time.Now())
		if p == nil {
			return nil, nil
		}
		complete(reg, p)
		return []engine.Package{*p}, nil
	})
	if err == nil {
		return nil
	}
	err = fmt.Errorf("Adjust.%s: %w", method, err) //nolint:staticcheck // a name of JavaScript
	if errors.Is(err, engine.ErrClosed) {
		return fmt.Errorf("%w: the host is shutting down", err)
	}
	return err
}

func stateName(s *deviceState) string {
	if s.Forgotten {
		return "forgotten"
	}
	return "disabled"
}

// readRevenue takes revenue and currency over if both are right, with the SDK's words where they are not.
func (a *adjust) readRevenue(from *goja.Object, params map[string]string) {
	amount, currency := from.Get("revenue"), from.Get("currency")
	given := func(v goja.Value) bool { return v != nil && !goja.IsUndefined(v) && !goja.IsNull(v) }
	complain := func(format string, args ...any) {
		a.rt.note(zerolog.ErrorLevel, fmt.Sprintf(format, args...))
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

// readPairs reads a flat array of keys and values.
func (a *adjust) readPairs(v goja.Value, kind string) map[string]string {
	object, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	pairs := map[string]string{}
	length := object.Get("length")
	if length == nil {
		return nil
	}
	// A script can give anything a length, and nothing can interrupt this loop.
	n := length.ToInteger()
	if n > 2*maxParams {
		panic(a.rt.rangeError(fmt.Sprintf("more than %d parameters of one kind", maxParams)))
	}
	for i := int64(0); i+1 < n; i += 2 {
		key, value := object.Get(strconv.FormatInt(i, 10)), object.Get(strconv.FormatInt(i+1, 10))
		if !a.validParam(kind, key, value) {
			continue
		}
		if _, there := pairs[key.String()]; there {
			a.rt.note(zerolog.WarnLevel, fmt.Sprintf("Key %s was overwritten", key))
		}
		pairs[key.String()] = value.String()
	}
	return pairs
}

// validParam checks a parameter with the SDK's words.
func (a *adjust) validParam(kind string, key, value goja.Value) bool {
	for _, part := range []struct {
		name string
		v    goja.Value
	}{{"key", key}, {"value", value}} {
		var problem string
		_, function := asListener(part.v)
		switch {
		case part.v == nil || goja.IsUndefined(part.v) || goja.IsNull(part.v) || function:
			problem = "missing" // so is a function, which is lost on the way from the SDK to the device
		case part.v.String() == "":
			problem = "empty"
		default:
			continue
		}
		a.rt.note(zerolog.ErrorLevel, fmt.Sprintf("%s parameter %s is %s", kind, part.name, problem))
		return false
	}
	return true
}

// mergeSession adds the session parameters to those of a package, which win.
func (a *adjust) mergeSession(p *engine.Package, s *deviceState) {
	merge := func(own, session map[string]string, kind string) map[string]string {
		if len(session) == 0 {
			return own
		}
		merged := maps.Clone(session)
		for key, value := range own {
			if old, there := merged[key]; there {
				a.rt.note(zerolog.WarnLevel, fmt.Sprintf("Key %s with value %s from %s parameter was replaced by value %s", key, old, kind, value))
			}
			merged[key] = value
		}
		return merged
	}
	p.CallbackParams = merge(p.CallbackParams, s.CallbackParams, "Callback")
	p.PartnerParams = merge(p.PartnerParams, s.PartnerParams, "Partner")
}
