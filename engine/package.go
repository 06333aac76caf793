package engine

import (
	"maps"
	"strings"
	"time"
)

// Kind names what a package reports. Its text is the last segment of the S2S endpoint that takes it.
type Kind string

// The kinds of package that the engine knows.
const (
	KindSession           Kind = "session"
	KindEvent             Kind = "event"
	KindAdRevenue         Kind = "ad_revenue"
	KindGDPRForgetDevice  Kind = "gdpr_forget_device"
	KindThirdPartySharing Kind = "third_party_sharing"
)

// Kinds returns every kind, in a fixed order.
func Kinds() []Kind {
	return []Kind{KindSession, KindEvent, KindAdRevenue, KindGDPRForgetDevice, KindThirdPartySharing}
}

// Known tells whether k is one of [Kinds].
func (k Kind) Known() bool {
	switch k {
	case KindSession, KindEvent, KindAdRevenue, KindGDPRForgetDevice, KindThirdPartySharing:
		return true
	default:
		return false
	}
}

// Environment separates test traffic from real traffic. It has no default here; a door that takes requests written for
// Adjust's server takes that one's, which is production.
type Environment string

// The two environments of Adjust's protocol.
const (
	Sandbox    Environment = "sandbox"
	Production Environment = "production"
)

// Known tells whether e is sandbox or production.
func (e Environment) Known() bool { return e == Sandbox || e == Production }

// App is one app at Adjust in one environment.
type App struct {
	// Token is the app token of Adjust's dashboard: 12 letters and digits.
	Token string
	// Environment is [Sandbox] or [Production].
	Environment Environment
}

// String returns "token (environment)".
func (a App) String() string { return a.Token + " (" + string(a.Environment) + ")" }

// Package is one activity to send. It is a value: the maps of a package that was handed to the engine must not be
// written any more.
type Package struct {
	// ID names the package for ever; a second package with the same ID is the same package and is not queued twice.
	// Empty means that [Package.Prepare] derives it from the parameter deduplication_id, or makes a new one.
	ID string
	// Kind selects the endpoint.
	Kind Kind
	// App is the app and the environment that the activity belongs to.
	App App
	// Device is the key of the device, KIND=ID, for example "gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d". Empty, or a
	// [Placeholder], means that [Package.Prepare] takes the first of Params that identifies one; see [DeviceKey].
	Device string
	// Params are the S2S parameters as they will be sent, unencoded, without those that have a field here: s2s,
	// app_token, environment, created_at, created_at_unix, callback_params, partner_params, event_callback_id.
	Params map[string]string
	// CallbackParams and PartnerParams are sent as one flat JSON object each. Nil and empty are the same.
	CallbackParams, PartnerParams map[string]string
	// CallbackID is the caller's own name for the activity. It stays on this host and comes back to scripts as callbackId.
	CallbackID string
	// Created is when the activity happened. Zero means that [Package.Prepare] stamps it; it is never stamped at sending.
	Created time.Time
}

// Lane names the queue that the package waits in: one per app, environment and device.
func (p *Package) Lane() Lane { return Lane{App: p.App, Device: p.Device} }

// Lane is the identity of a device's queue. It is comparable.
type Lane struct {
	App    App
	Device string
}

// Prepare fills the fields that may be left empty (ID, Device, Created) and checks the package. Calling it again
// changes nothing. The error is a [*RefusedError]. now is used for a missing Created and to judge a given one.
func (p *Package) Prepare(now time.Time) error {
	if p.Created.IsZero() {
		p.Created = now
	}
	if _, id, _ := strings.Cut(p.Device, "="); p.Device == "" || id != "" && Placeholder(id) {
		p.Device = DeviceKey(p.Params)
	}
	if err := p.check(now); err != nil {
		return err
	}
	if p.ID == "" {
		if dedup := p.Params["deduplication_id"]; dedup != "" {
			p.ID = DerivedID("deduplication_id", string(p.Kind), p.App.Token, string(p.App.Environment), p.Device, dedup)
		} else {
			p.ID = newID(now)
		}
	}
	return nil
}

// Revenue tells whether the package reports money, so that counting it twice would be worse than losing it.
func (p *Package) Revenue() bool {
	return p.Kind == KindAdRevenue || p.Params["revenue"] != ""
}

// EventToken is the token of an event, and empty for packages of other kinds, whatever their parameters say.
func (p *Package) EventToken() string {
	if p.Kind != KindEvent {
		return ""
	}
	return p.Params["event_token"]
}

// Clone returns a package that shares no map with p.
func (p Package) Clone() Package {
	p.Params = maps.Clone(p.Params)
	p.CallbackParams = maps.Clone(p.CallbackParams)
	p.PartnerParams = maps.Clone(p.PartnerParams)
	return p
}
