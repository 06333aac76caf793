package engine

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a package. Sources: the S2S documentation (request size, revenue); the rest are ours, and generous.
const (
	// MaxPackageBytes bounds all names and values of one package together; the server refuses requests over 1 MB.
	MaxPackageBytes = 1 << 20
	// MaxParams bounds each map of parameters.
	MaxParams = 1000
	// MaxIDBytes bounds Package.ID, and MaxDeviceBytes the device key, because both are keys of the store.
	MaxIDBytes     = 128
	MaxDeviceBytes = 512

	// The tokens of Adjust's dashboard are letters and digits.
	appTokenBytes   = 12
	eventTokenBytes = 6

	minRevenue = 0.001
	maxRevenue = 100_000_000_000

	// No activity is older than the protocol; such times are seconds, days or nothing taken for a time.
	minYear = 1990
	minUnix = 631_152_000 // its beginning
	// Clocks of clients go wrong; a day of tolerance covers every time-zone mistake.
	maxAhead = 24 * time.Hour
)

// check holds the rules of the door. The messages are the server's own where it has one, so that a client
// that knows Adjust's answers knows ours; the detail says which value is wrong and what would be right.
func (p *Package) check(now time.Time) error {
	if !p.Kind.Known() {
		return refuse(p.Kind, "Invalid kind", "kind", "kind %s is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing", Quote(string(p.Kind)))
	}
	if !isToken(p.App.Token, appTokenBytes) {
		return refuse(p.Kind, "Invalid app token", "app_token", "app_token %s must be the %d letters and digits of Adjust's dashboard", Quote(p.App.Token), appTokenBytes)
	}
	if !p.App.Environment.Known() {
		return refuse(p.Kind, "Invalid environment", "environment", "environment %s must be sandbox or production", Quote(string(p.App.Environment)))
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

// checkKeys checks what names the package and its lane.
func (p *Package) checkKeys() error {
	if p.Device == "" {
		return p.noDevice()
	}
	kind, id, ok := strings.Cut(p.Device, "=")
	if !ok || kind == "" || id == "" || len(p.Device) > MaxDeviceBytes || !isPlain(p.Device) {
		return refuse(p.Kind, "Invalid device identifier", "device", "device %s must be KIND=ID, at most %d bytes of printable text", Quote(p.Device), MaxDeviceBytes)
	}
	if len(p.ID) > MaxIDBytes || !isPlain(p.ID) {
		return refuse(p.Kind, "Invalid id", "id", "id %s must be at most %d bytes of printable text", Quote(p.ID), MaxIDBytes)
	}
	return nil
}

// noDevice refuses a package without an identity.
func (p *Package) noDevice() *RefusedError {
	const advice = "send one device identifier, such as gps_adid, idfa or external_device_id"
	for _, name := range DeviceIDs() {
		if id := p.Params[name]; id != "" {
			return refuse(p.Kind, "Missing device identifier", "device", "%s %s stands for no device, because countless devices have it; "+advice, name, Quote(id))
		}
	}
	return refuse(p.Kind, "Missing device identifier", "device", advice)
}

// checkTime checks when it happened. Whether it is too old is for the schedule to say, see [Engine.Track].
func (p *Package) checkTime(now time.Time) error {
	if p.Created.Unix() < minUnix {
		return refuse(p.Kind, "Invalid created_at", "created_at_unix", "the time %s is before the year %d; created_at_unix counts seconds since 1970", p.Created.UTC().Format(time.RFC3339), minYear)
	}
	if p.Created.After(now.Add(maxAhead)) {
		return refuse(p.Kind, "Invalid created_at", "created_at_unix", "the time %s is more than a day in the future; check the clock of the sender", p.Created.UTC().Format(time.RFC3339))
	}
	return nil
}

// checkKind checks what only packages of its kind have.
func (p *Package) checkKind() error {
	switch p.Kind {
	case KindEvent:
		if token := p.Params["event_token"]; !isToken(token, eventTokenBytes) {
			return refuse(p.Kind, "Invalid event token", "event_token", "event_token %s must be the token of an event in Adjust's dashboard: %d letters and digits, such as abc123", Quote(token), eventTokenBytes)
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
		if count := p.Params["ad_impressions_count"]; !isCount(count) {
			return refuse(p.Kind, "Invalid ad impressions count", "ad_impressions_count", "ad_impressions_count %s must be the whole number of impressions that the revenue is for, such as 1", Quote(count))
		}
		return nil
	case KindThirdPartySharing:
		return p.checkSharing()
	case KindSession, KindGDPRForgetDevice:
		return nil
	default:
		return nil
	}
}

// checkSharing checks what may be shared with other companies: one of three parameters says it.
func (p *Package) checkSharing() error {
	const message = "Invalid third party sharing"
	sharing, given := p.Params["sharing"]
	if given && sharing != "enable" && sharing != "disable" {
		return refuse(p.Kind, message, "sharing", "sharing %s must be enable or disable", Quote(sharing))
	}
	for _, name := range []string{"granular_third_party_sharing_options", "partner_sharing_settings"} {
		text, has := p.Params[name]
		if has && !isObject(text) {
			return refuse(p.Kind, message, name, `%s %s must be a JSON object by partner, such as {"facebook":{"key":"value"}}`, name, Quote(text))
		}
		given = given || has
	}
	if !given {
		return refuse(p.Kind, message, "sharing", "send sharing=enable or sharing=disable, granular_third_party_sharing_options or partner_sharing_settings")
	}
	return nil
}

// isObject tells whether text is one JSON object, all of whose values are objects as well.
func isObject(text string) bool {
	var partners map[string]map[string]any
	return json.Unmarshal([]byte(text), &partners) == nil && partners != nil
}

// checkRevenue checks a parameter that holds money, and its currency.
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
		return refuse(p.Kind, "Invalid revenue", name, "%s %s must be a number of full currency units between %v and %v, such as 1.99", name, Quote(text), minRevenue, int64(maxRevenue))
	}
	currency := p.Params["currency"]
	if !isCurrency(currency) {
		return refuse(p.Kind, "Invalid currency", "currency", "currency %s must be the three letters of ISO 4217, such as EUR, whenever %s is set", Quote(currency), name)
	}
	return nil
}

// checkParams checks all parameters together, and what every kind may have.
func (p *Package) checkParams() error {
	for _, params := range []map[string]string{p.Params, p.CallbackParams, p.PartnerParams} {
		if len(params) > MaxParams {
			return refuse(p.Kind, "Too many parameters", "params", "the package has %d parameters of one kind; at most %d are taken", len(params), MaxParams)
		}
	}
	// One walk over each map, because walking is what costs.
	size, text := len(p.Device)+len(p.CallbackID), utf8.ValidString(p.CallbackID)
	for name, value := range p.Params {
		size += len(name) + len(value)
		text = text && utf8.ValidString(name) && utf8.ValidString(value)
		if err := p.checkName(name); err != nil {
			return err
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
	return p.checkAddress()
}

// checkAddress checks ip_address, and writes it as the server takes it.
func (p *Package) checkAddress() error {
	const name = "ip_address"
	ip := p.Params[name]
	if ip == "" {
		return nil
	}
	if addr, err := netip.ParseAddr(ip); err == nil && addr.Is4() {
		return nil // as nearly always
	}
	plain, _, err := ParseAddress(ip)
	if err != nil {
		return refuse(p.Kind, "Invalid IP address", name, "ip_address %s must be an IPv4 address, such as 192.0.2.1; the server takes no IPv6", Quote(ip))
	}
	p.Params = maps.Clone(p.Params) // the caller's map is not ours to write
	p.Params[name] = plain
	return nil
}

// checkName checks the name of a parameter.
func (p *Package) checkName(name string) error {
	if name == "" {
		return refuse(p.Kind, "Invalid parameters", "params", "a parameter has an empty name")
	}
	if isField(name) {
		return refuse(p.Kind, "Invalid parameters", name, "%s has its own field and must not be among the parameters", name)
	}
	plain := true
	for _, c := range []byte(name) {
		plain = plain && c != '[' && c != ']' && c != '.'
	}
	if plain {
		return nil
	}
	field, key, _ := strings.Cut(strings.NewReplacer("[", ".", "]", "").Replace(name), ".")
	switch {
	case field == "callback_params" || field == "partner_params":
		what := strings.TrimSuffix(field, "_params")
		return refuse(p.Kind, "Invalid "+what+" parameters", field, `parameter %s is not one that the server knows: send all %s parameters in one, as a JSON object of strings, such as %s={%s:"value"}`,
			Quote(name), what, field, Quote(cmp.Or(key, "key")))
	case strings.ContainsAny(name, "[]"):
		plain, _, _ := strings.Cut(strings.ReplaceAll(name, "]", "["), "[")
		return refuse(p.Kind, "Invalid parameters", name, "parameter %s is not one that the server knows: brackets have no meaning here; send %s once, with a text as its value", Quote(name), Quote(plain))
	default:
		return nil
	}
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

// isToken tells whether s is size letters and digits.
func isToken(s string, size int) bool {
	if len(s) != size {
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

// isCount tells whether s is a whole number of at most nine digits.
func isCount(s string) bool {
	return s != "" && len(s) <= 9 && strings.Trim(s, "0123456789") == ""
}

// isCurrency tells whether s is three letters.
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
	return text || utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}
