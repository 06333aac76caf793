package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind names what a package reports. Its text is the last segment of the S2S endpoint that takes it.
type Kind string

// The kinds of package that the engine knows.
const (
	KindSession          Kind = "session"
	KindEvent            Kind = "event"
	KindAdRevenue        Kind = "ad_revenue"
	KindGDPRForgetDevice Kind = "gdpr_forget_device"
)

// Kinds returns every kind, in a fixed order.
func Kinds() []Kind {
	return []Kind{KindSession, KindEvent, KindAdRevenue, KindGDPRForgetDevice}
}

// Known tells whether k is one of [Kinds].
func (k Kind) Known() bool {
	switch k {
	case KindSession, KindEvent, KindAdRevenue, KindGDPRForgetDevice:
		return true
	default:
		return false
	}
}

// Environment separates test traffic from real traffic. There is no default: the server's own is production, which
// is the wrong thing to happen by accident.
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
	// Device is the key of the device, KIND=ID, for example "gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d". Empty means
	// that [Package.Prepare] takes the first identifier of [DeviceIDs] that Params carries.
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

// Limits of a package. Sources: the S2S documentation (request size, revenue); the rest are ours, and generous.
const (
	// MaxPackageBytes bounds all names and values of one package together; the server refuses requests over 1 MB.
	MaxPackageBytes = 1 << 20
	// MaxIDBytes bounds Package.ID, and MaxDeviceBytes the device key, because both are keys of the store.
	MaxIDBytes     = 128
	MaxDeviceBytes = 512

	minRevenue = 0.001
	maxRevenue = 100_000_000_000

	// No activity is older than the protocol; such times are seconds, days or nothing taken for a time.
	minYear = 1990
	minUnix = 631_152_000 // its beginning
	// Clocks of clients go wrong; a day of tolerance covers every time-zone mistake.
	maxAhead = 24 * time.Hour
)

// DeviceIDs lists the S2S parameters that identify a device, in the order in which the device key is chosen: the
// advertising identifiers that Adjust prefers, then its backups, then the identifiers of platforms without either.
func DeviceIDs() []string {
	return []string{
		"idfa", "gps_adid", "fire_adid", "oaid", "web_uuid", "vida", "rida", "tifa", "lgudid",
		"idfv", "android_id", "google_app_set_id", "persistent_ios_uuid", "android_uuid",
		"android_id_lower_md5", "android_id_lower_sha1", "android_id_upper_md5", "android_id_upper_sha1",
		"imei", "imei_lower_md5", "meid", "win_adid", "win_naid", "win_hwid", "win_udid", "mac_sha1", "mac_md5",
		"external_device_id", "primary_dedupe_token", "adid",
	}
}

// Prepare fills the fields that may be left empty (ID, Device, Created) and checks the package. Calling it again
// changes nothing. The error is a [*RefusedError]. now is used for a missing Created and to judge a given one.
func (p *Package) Prepare(now time.Time) error {
	if p.Created.IsZero() {
		p.Created = now
	}
	if p.Device == "" {
		p.Device = deviceKey(p.Params)
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

// DerivedID makes the same ID from the same parts, for callers that have their own name for a package, such as an
// Idempotency-Key. Parts are kept apart: ("a", "bc") and ("ab", "c") differ.
func DerivedID(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s,", len(part), part) // a hash's Write never fails
	}
	return "k" + hex.EncodeToString(h.Sum(nil)[:16])
}

// newID returns a new ID that sorts by time: 12 hex digits of milliseconds, 20 of chance.
func newID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails since Go 1.24
	ms := uint64(max(now.UnixMilli(), 0))
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	return hex.EncodeToString(b[:])
}

func deviceKey(params map[string]string) string {
	if len(params) == 0 {
		return ""
	}
	for _, name := range DeviceIDs() {
		if id := params[name]; id != "" {
			return name + "=" + id
		}
	}
	return ""
}

// check holds the rules of the door. The messages are the server's own where it has one (spec 4.4), so that a client
// that knows Adjust's answers knows ours; the detail says which value is wrong and what would be right.
func (p *Package) check(now time.Time) error {
	if !p.Kind.Known() {
		return refuse(p.Kind, "Invalid kind", "kind", "kind %s is not one of session, event, ad_revenue, gdpr_forget_device", quote(string(p.Kind)))
	}
	if !isToken(p.App.Token) {
		return refuse(p.Kind, "Invalid app token", "app_token", "app_token %s must be the 12 letters and digits of Adjust's dashboard", quote(p.App.Token))
	}
	if !p.App.Environment.Known() {
		return refuse(p.Kind, "Invalid environment", "environment", "environment %s must be sandbox or production", quote(string(p.App.Environment)))
	}
	if err := p.checkKeys(); err != nil {
		return err
	}
	if err := p.checkTime(now); err != nil {
		return err
	}
	if err := p.checkKind(); err != nil {
		return err
	}
	return p.checkParams()
}

func (p *Package) checkKeys() error {
	if p.Device == "" {
		return refuse(p.Kind, "Missing device identifier", "device", "send one device identifier, such as gps_adid, idfa or external_device_id")
	}
	kind, id, ok := strings.Cut(p.Device, "=")
	if !ok || kind == "" || id == "" || len(p.Device) > MaxDeviceBytes || !isPlain(p.Device) {
		return refuse(p.Kind, "Invalid device identifier", "device", "device %s must be KIND=ID, at most %d bytes of printable text", quote(p.Device), MaxDeviceBytes)
	}
	if len(p.ID) > MaxIDBytes || !isPlain(p.ID) {
		return refuse(p.Kind, "Invalid id", "id", "id %s must be at most %d bytes of printable text", quote(p.ID), MaxIDBytes)
	}
	return nil
}

func (p *Package) checkTime(now time.Time) error {
	if p.Created.Unix() < minUnix {
		return refuse(p.Kind, "Invalid created_at", "created_at_unix", "the time %s is before the year %d; created_at_unix counts seconds since 1970", p.Created.UTC().Format(time.RFC3339), minYear)
	}
	if p.Created.After(now.Add(maxAhead)) {
		return refuse(p.Kind, "Invalid created_at", "created_at_unix", "the time %s is more than a day in the future; check the clock of the sender", p.Created.UTC().Format(time.RFC3339))
	}
	return nil
}

func (p *Package) checkKind() error {
	switch p.Kind {
	case KindEvent:
		if token := p.Params["event_token"]; token == "" || len(token) > 64 || !isPlain(token) || strings.ContainsAny(token, " \t") {
			return refuse(p.Kind, "Invalid event token", "event_token", "event_token %s must be the token of an event in Adjust's dashboard, such as abc123", quote(token))
		}
		return p.checkRevenue("revenue", false)
	case KindAdRevenue:
		name := "revenue"
		if p.Params[name] == "" {
			name = "amount"
		}
		if err := p.checkRevenue(name, true); err != nil {
			return err
		}
		if p.Params["source"] == "" {
			return refuse(p.Kind, "Missing source", "source", "ad revenue needs a source, for example source=publisher")
		}
		return nil
	case KindSession, KindGDPRForgetDevice:
		return nil
	default:
		return nil
	}
}

func (p *Package) checkRevenue(name string, needed bool) error {
	text, given := p.Params[name]
	if !given && !needed {
		return nil
	}
	value, err := strconv.ParseFloat(text, 64)
	// Ad revenue of a single impression is far below the smallest event revenue, so only the sign is checked there.
	tooSmall := value < minRevenue
	if p.Kind == KindAdRevenue {
		tooSmall = value < 0
	}
	if err != nil || !isDecimal(text) || math.IsNaN(value) || tooSmall || value > maxRevenue {
		return refuse(p.Kind, "Invalid revenue", name, "%s %s must be a number of full currency units between 0.001 and 100000000000, such as 1.99", name, quote(text))
	}
	currency := p.Params["currency"]
	if !isCurrency(currency) {
		return refuse(p.Kind, "Invalid currency", "currency", "currency %s must be the three letters of ISO 4217, such as EUR, whenever %s is set", quote(currency), name)
	}
	return nil
}

func (p *Package) checkParams() error {
	// One walk over each map, because walking is what costs.
	size, text := len(p.Device)+len(p.CallbackID), utf8.ValidString(p.CallbackID)
	for name, value := range p.Params {
		size += len(name) + len(value)
		text = text && utf8.ValidString(name) && utf8.ValidString(value)
		if name == "" {
			return refuse(p.Kind, "Invalid parameters", "params", "a parameter has an empty name")
		}
		if isField(name) {
			return refuse(p.Kind, "Invalid parameters", name, "%s has its own field and must not be among the parameters", name)
		}
	}
	for name, value := range p.CallbackParams {
		size += len(name) + len(value)
		text = text && utf8.ValidString(name) && utf8.ValidString(value)
	}
	for name, value := range p.PartnerParams {
		size += len(name) + len(value)
		text = text && utf8.ValidString(name) && utf8.ValidString(value)
	}
	if size > MaxPackageBytes {
		return refuse(p.Kind, "Request size too large", "size", "the package has %d bytes; the server takes at most %d", size, MaxPackageBytes)
	}
	if !text {
		return refuse(p.Kind, "Invalid parameters", "params", "every name and value must be UTF-8 text")
	}
	if ip := p.Params["ip_address"]; ip != "" {
		addr, err := netip.ParseAddr(ip)
		if err != nil || !addr.Is4() {
			return refuse(p.Kind, "Invalid IP address", "ip_address", "ip_address %s must be an IPv4 address, such as 192.0.2.1; the server takes no IPv6", quote(ip))
		}
	}
	return nil
}

// isField names the parameters that Package has fields for; see Params.
func isField(name string) bool {
	switch name {
	case "s2s", "app_token", "environment", "created_at", "created_at_unix", "callback_params", "partner_params", "event_callback_id":
		return true
	default:
		return false
	}
}

// Revenue tells whether the package reports money, so that counting it twice would be worse than losing it.
func (p *Package) Revenue() bool {
	return p.Kind == KindAdRevenue || p.Params["revenue"] != ""
}

// Clone returns a package that shares no map with p.
func (p Package) Clone() Package {
	p.Params = maps.Clone(p.Params)
	p.CallbackParams = maps.Clone(p.CallbackParams)
	p.PartnerParams = maps.Clone(p.PartnerParams)
	return p
}

func isToken(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isDecimal refuses what ParseFloat takes and a server would not: hexadecimal, underscores, Inf.
func isDecimal(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default:
			return false
		}
	}
	return s != ""
}

func isCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, c := range []byte(s) {
		if c |= 0x20; c < 'a' || c > 'z' { // letters differ from capitals in this bit
			return false
		}
	}
	return true
}

// isPlain refuses control characters and broken UTF-8, which have no place in keys and log lines.
func isPlain(s string) bool {
	text := true // so far, in ASCII
	for _, c := range []byte(s) {
		if c < ' ' || c == 0x7f {
			return false
		}
		text = text && c < utf8.RuneSelf
	}
	return text || utf8.ValidString(s)
}

// quote shortens a value for an error message.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strconv.Quote(s)
}
