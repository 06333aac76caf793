package adjust

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// startDevice sends a session if it is time for one.
func (a *API) startDevice(reg *registration) error {
	if a.delay(reg) {
		return nil
	}
	ctx, cancel := a.context()
	defer cancel()
	err := reg.device.start(ctx, a.m.Now(), func(s *deviceState) engine.Package { return a.newSession(reg, s) })
	if err != nil {
		return fmt.Errorf("Adjust.create: cannot send a session: %w", err) //nolint:staticcheck // a name of JavaScript
	}
	return nil
}

// trackEvent is Adjust.trackEvent. As in the SDK, an event that is incomplete is logged and dropped, and revenue that
// is incomplete is left out.
func (a *API) trackEvent(call goja.FunctionCall) goja.Value {
	reg := a.tracker("trackEvent")
	a.boundSteps("trackEvent")
	event, ok := call.Argument(0).(*goja.Object)
	if !ok {
		a.plugin.Note(zerolog.ErrorLevel, "Event missing")
		return goja.Undefined()
	}
	p := a.newPackage(reg, engine.KindEvent)
	token := event.Get("eventToken")
	switch {
	case token == nil || goja.IsUndefined(token) || goja.IsNull(token):
		a.plugin.Note(zerolog.ErrorLevel, "Missing Event Token")
		a.plugin.Note(zerolog.ErrorLevel, "Event not initialized correctly")
		return goja.Undefined()
	case token.String() == "":
		a.plugin.Note(zerolog.ErrorLevel, "Event Token can't be empty")
		a.plugin.Note(zerolog.ErrorLevel, "Event not initialized correctly")
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
				a.plugin.Note(zerolog.InfoLevel, fmt.Sprintf(skipped, id))
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

// trackAdRevenue is Adjust.trackAdRevenue with an AdjustAdRevenue, or with the two arguments of the older form.
func (a *API) trackAdRevenue(call goja.FunctionCall) goja.Value {
	if !goja.IsUndefined(call.Argument(1)) && !a.strict() { // version 5 looks at the first alone
		return a.trackAdRevenuePayload(call)
	}
	reg := a.tracker("trackAdRevenue")
	a.boundSteps("trackAdRevenue")
	ad, ok := call.Argument(0).(*goja.Object)
	if !ok {
		a.plugin.Note(zerolog.ErrorLevel, "Ad revenue object missing")
		return goja.Undefined()
	}
	p := a.newPackage(reg, engine.KindAdRevenue)
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
// that text, so revenue and currency are taken out of it. What cannot be sent is logged and left out, as by the SDK.
func (a *API) trackAdRevenuePayload(call goja.FunctionCall) goja.Value {
	reg := a.tracker("trackAdRevenue")
	a.boundSteps("trackAdRevenue")
	p := a.newPackage(reg, engine.KindAdRevenue)
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
		a.plugin.Note(zerolog.ErrorLevel, "Adjust.trackAdRevenue sends nothing: the payload must be the text of a JSON object")
		return goja.Undefined()
	}
	payload.Revenue, _ = fields["revenue"].(json.Number)
	payload.PublisherRevenue, _ = fields["publisher_revenue"].(json.Number)
	payload.Currency, _ = fields["currency"].(string)
	if payload.Revenue == "" {
		payload.Revenue = payload.PublisherRevenue
	}
	if payload.Revenue == "" || payload.Currency == "" {
		a.plugin.Note(zerolog.ErrorLevel, "Adjust.trackAdRevenue sends nothing: the payload needs revenue (or publisher_revenue) and currency; "+
			"use an AdjustAdRevenue with setRevenue instead")
		return goja.Undefined()
	}
	p.Params["revenue"], p.Params["currency"] = payload.Revenue.String(), payload.Currency
	a.queueAdRevenue(reg, p)
	return goja.Undefined()
}

func (a *API) queueAdRevenue(reg *registration, p engine.Package) {
	// The SDKs need no count and the server-to-server API does: without one, it is the revenue of one impression.
	if p.Params["ad_impressions_count"] == "" {
		p.Params["ad_impressions_count"] = "1"
	}
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
func (a *API) forget(goja.FunctionCall) goja.Value {
	reg := a.tracker("gdprForgetMe")
	p := a.newPackage(reg, engine.KindGDPRForgetDevice)
	a.track("gdprForgetMe", func() error {
		return a.queue(reg, "gdprForgetMe", func(s *deviceState) *engine.Package {
			s.Forgotten = true
			return &p
		})
	})
	return goja.Undefined()
}

// trackSharing is Adjust.trackThirdPartySharing with an AdjustThirdPartySharing.
func (a *API) trackSharing(call goja.FunctionCall) goja.Value {
	sharing, ok := call.Argument(0).(*goja.Object)
	if !ok {
		a.plugin.Note(zerolog.ErrorLevel, "Third party sharing object missing")
		return goja.Undefined()
	}
	params := map[string]string{}
	if enabled, given := text(sharing.Get("isEnabled")); given {
		params["sharing"] = map[bool]string{true: "enable", false: "disable"}[enabled == "true"]
	}
	for field, param := range map[string]string{
		"granularOptions": "granular_third_party_sharing_options", "partnerSharingSettings": "partner_sharing_settings",
	} {
		if partners := byPartner(sharing.Get(field)); partners != "" {
			params[param] = partners
		}
	}
	return a.share("trackThirdPartySharing", params)
}

// byPartner makes a JSON object by partner of a list of partner, key, value, partner and so on; empty, where it has none.
func byPartner(list goja.Value) string {
	object, ok := list.(*goja.Object)
	if !ok {
		return ""
	}
	all, _ := object.Export().([]any)
	partners := map[string]map[string]any{}
	for ; len(all) >= 3; all = all[3:] {
		partner := fmt.Sprint(all[0])
		if partners[partner] == nil {
			partners[partner] = map[string]any{}
		}
		partners[partner][fmt.Sprint(all[1])] = all[2]
	}
	if len(partners) == 0 {
		return ""
	}
	out, err := json.Marshal(partners)
	if err != nil {
		return "" // no text and no boolean, which the object has not taken
	}
	return string(out)
}

// share queues what may be shared of the host's own device.
func (a *API) share(method string, params map[string]string) goja.Value {
	reg := a.tracker(method)
	a.boundSteps(method)
	p := a.newPackage(reg, engine.KindThirdPartySharing)
	maps.Copy(p.Params, params)
	if !a.accepted(reg, method, p) {
		return goja.Undefined()
	}
	a.track(method, func() error {
		return a.queue(reg, method, func(*deviceState) *engine.Package { return &p })
	})
	return goja.Undefined()
}

// queue puts a package into the queue unless the device is disabled or forgotten. build returns nil when there is
// nothing to send after all.
func (a *API) queue(reg *registration, method string, build func(*deviceState) *engine.Package) error {
	if reg.device == nil {
		return errors.New(noDevice(method))
	}
	ctx, cancel := a.context()
	defer cancel()
	err := reg.device.update(ctx, func(s *deviceState) ([]engine.Package, error) {
		if s.Forgotten || s.Disabled {
			a.plugin.Note(zerolog.DebugLevel, "Adjust."+method+" sends nothing: the device is "+stateName(s))
			return nil, nil
		}
		p := build(s)
		s.touch(a.m.Now())
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
