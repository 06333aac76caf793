package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"trackhook/engine"
)

// Config says how the sandbox behaves. The zero value takes every well-formed app and event token, and never fails.
type Config struct {
	// Seed makes chance and Adjust ids repeatable: the same seed gives the same ones.
	Seed uint64
	// AppTokens are the apps that exist. Default: every token of 12 letters and digits.
	AppTokens []string
	// EventTokens are the events that exist. Default: every token of 6 letters and digits.
	EventTokens []string
	// UniqueEvents are event tokens that count once for each device.
	UniqueEvents []string
	// Tokens are the S2S tokens. Default: authentication is off, as at Adjust while an app has no token.
	Tokens []Token
	// SessionSpacing is the least time between two sessions of a device, by created_at_unix. Default
	// [DefaultSessionSpacing]. Negative: none.
	SessionSpacing time.Duration
	// LiteralOK answers a counted event with the text OK, which is the other documented form of {"status":"OK"}.
	LiteralOK bool
	// ErasuresPerMinute is how many erasure requests an app may make in a minute. Default
	// [DefaultErasuresPerMinute]. Negative: any.
	ErasuresPerMinute int
	// Pace is how far away the server is and how much it takes; see [Server.SetPace].
	Pace Pace
	// Faults are what goes wrong; see [Server.SetFaults].
	Faults []Fault

	// AllowedHosts are the names that [Start] answers to beside localhost and its address; see [trackhook/engine/site.NewHosts].
	AllowedHosts []string

	// KeepRequests is how many of the latest requests are kept for [Server.Requests]. Default [DefaultKeepRequests].
	// Negative: none.
	KeepRequests int
	// Compact keeps requests without their parameters and answers, for long runs.
	Compact bool
	// CountBy is the parameter whose values [Server.Count] counts. It is looked for in the request, then in
	// callback_params. Default [DefaultCountBy].
	CountBy string
	// KeepCounts bounds the different values that are counted; more are ignored, and Totals.Uncounted tells how many
	// requests that were. Default [DefaultKeepCounts]. Negative: none are counted.
	KeepCounts int
	// KeepDevices bounds the devices that are remembered; the one that was quiet for longest is forgotten first.
	// Default: no bound.
	KeepDevices int
}

// The defaults of [Config].
const (
	// DefaultSessionSpacing is that of the developer guide.
	DefaultSessionSpacing = 20 * time.Minute
	// DefaultErasuresPerMinute is the documented limit.
	DefaultErasuresPerMinute = 10
	DefaultKeepRequests      = 10_000
	DefaultKeepCounts        = 1_000_000
	DefaultCountBy           = "deduplication_id"
)

// Token is an S2S token of an app, perhaps limited to kinds of package.
type Token struct {
	// Value is the token.
	Value string
	// App is the app token that it belongs to. Default: all apps.
	App string
	// Kinds are its scopes. Default: all.
	Kinds []engine.Kind
}

// Limits of Adjust's server. The engine has some of them, too, from the same documents; they are not shared, so that a
// mistake there shows here.
const (
	maxRequestBytes = 1 << 20
	day             = 24 * time.Hour
	maxEventAge     = 58 * day
	maxRevenueAge   = 28 * day
	minRevenue      = 0.001
	maxRevenue      = 100_000_000_000

	// The server does not say how many deduplication ids it remembers of a device; this bounds memory.
	keepDeduplication = 1000
	// The same of event tokens.
	keepEvents = 1000
)

// setDefaults fills in what was left out, and says what is wrong.
func (c *Config) setDefaults() error {
	if c.SessionSpacing == 0 {
		c.SessionSpacing = DefaultSessionSpacing
	}
	if c.ErasuresPerMinute == 0 {
		c.ErasuresPerMinute = DefaultErasuresPerMinute
	}
	if c.KeepRequests == 0 {
		c.KeepRequests = DefaultKeepRequests
	}
	if c.KeepCounts == 0 {
		c.KeepCounts = DefaultKeepCounts
	}
	if c.CountBy == "" {
		c.CountBy = DefaultCountBy
	}
	if c.KeepDevices < 0 {
		return errors.New("KeepDevices must not be negative")
	}
	for _, token := range c.AppTokens {
		if !isAppToken(token) {
			return fmt.Errorf("app token %q must be 12 letters and digits", token)
		}
	}
	for _, token := range slices.Concat(c.EventTokens, c.UniqueEvents) {
		if !isEventToken(token) {
			return fmt.Errorf("event token %q must be 6 letters and digits", token)
		}
	}
	for _, token := range c.Tokens {
		if token.Value == "" {
			return errors.New("an S2S token is empty")
		}
		for _, kind := range token.Kinds {
			if !kind.Known() {
				return fmt.Errorf("an S2S token is for kind %q, which is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing", kind)
			}
		}
	}
	return nil
}
