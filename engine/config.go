package engine

import (
	"cmp"
	"errors"
	"time"

	"github.com/rs/zerolog"
)

// Config says what an engine is made of. Store and Deliverer are required; every other zero field means its default.
type Config struct {
	// Store keeps the queue and the log. The engine closes it.
	Store Store
	// Deliverer makes the attempts.
	Deliverer Deliverer
	// Schedule holds the clocks for sending again; [Engine.Reschedule] replaces them. Default: [DefaultSchedule].
	Schedule Schedule
	// Gate says where packages go and whether attempts may be made there. Default: the Deliverer, where it is a [Gate];
	// else all packages go to one endpoint that is always up.
	Gate Gate
	// InFlight bounds the attempts that are made at once at one endpoint. Endpoints have bounds of their own, so that one
	// that answers slowly does not slow the others. Default [DefaultInFlight].
	InFlight int
	// HoldEvents tells for which apps events and ad revenue are not sent before the server has accepted a session of their
	// device, as far as this store knows. It is for those who send their sessions this way, too. It is called often and
	// must be fast, and its answers may change. Default: for none; events that the server does not take without a session wait after the first attempt.
	HoldEvents func(App) bool
	// Serves tells which apps are sent. Packages of others, which an earlier configuration may have left behind, are held:
	// no attempt is made of them, and they do not expire; [Health] counts them. Its answers must always be the same. Default:
	// all are.
	Serves func(App) bool
	// Drain bounds the shutdown: it is how long attempts in flight may go on after Run's context has ended. Default
	// [DefaultDrain].
	Drain time.Duration
	// Hooks are told what happens, for metrics. Default: nobody is.
	Hooks Hooks
	// Log receives what people should know. Default: nothing is logged.
	Log zerolog.Logger
}

// The defaults of [Config].
const (
	DefaultInFlight = 64
	DefaultDrain    = 20 * time.Second
)

// setDefaults fills in what was left out, and says what is wrong.
func (c *Config) setDefaults() error {
	if c.Store == nil || c.Deliverer == nil {
		return errors.New("Store and Deliverer are required")
	}
	c.InFlight = cmp.Or(c.InFlight, DefaultInFlight)
	c.Drain = cmp.Or(c.Drain, DefaultDrain)
	if c.Gate == nil {
		c.Gate, _ = c.Deliverer.(Gate)
	}
	if c.Gate == nil {
		c.Gate = openGate{}
	}
	if c.InFlight < 1 || c.Drain < 0 {
		return errors.New("InFlight must be at least 1, and Drain not negative")
	}
	c.Schedule = c.Schedule.withDefaults()
	return c.Schedule.check()
}

// Schedule holds the clocks on which packages are sent again. Each zero field means that of [DefaultSchedule].
type Schedule struct {
	// Default is for everything without a clock of its own.
	Default Backoff
	// Install is for sessions of a device that has none accepted yet, because everything waits for that one.
	Install Backoff
	// Device is for [WaitForDevice].
	Device Backoff
	// DeviceLimit is how long a package may wait for its device before it becomes a dead letter.
	DeviceLimit time.Duration
	// Blocked is for [Blocked]: how long an app is held back before one of its lanes probes.
	Blocked Backoff
	// EventAge and AdRevenueAge are how old a package may become before the server refuses it.
	EventAge, AdRevenueAge time.Duration
}

const day = 24 * time.Hour

// DefaultSchedule returns the clocks of Adjust's SDKs, and the ages of Adjust's documentation.
func DefaultSchedule() Schedule {
	return Schedule{
		Default:     Backoff{Base: 2 * time.Minute, Max: day},
		Install:     Backoff{Base: 200 * time.Millisecond, Max: time.Hour},
		Device:      Backoff{Base: 2 * time.Minute, Max: 6 * time.Hour},
		DeviceLimit: 7 * day,
		Blocked:     Backoff{Base: time.Minute, Max: 30 * time.Minute},
		EventAge:    58 * day, AdRevenueAge: 28 * day,
	}
}

// withDefaults fills in what was left out. Where only one of Base and Max is given, the other follows it if need be.
func (s Schedule) withDefaults() Schedule {
	d := DefaultSchedule()
	s.Default = s.Default.withDefaults(d.Default)
	s.Install = s.Install.withDefaults(d.Install)
	s.Device = s.Device.withDefaults(d.Device)
	s.Blocked = s.Blocked.withDefaults(d.Blocked)
	s.DeviceLimit = cmp.Or(s.DeviceLimit, d.DeviceLimit)
	s.EventAge = cmp.Or(s.EventAge, d.EventAge)
	s.AdRevenueAge = cmp.Or(s.AdRevenueAge, d.AdRevenueAge)
	return s
}

// Check says what is wrong with clocks, as [New] does; nil: nothing.
func (s Schedule) Check() error { return s.withDefaults().check() }

func (s Schedule) check() error {
	var negative error
	if min(s.DeviceLimit, s.EventAge, s.AdRevenueAge) < 0 {
		negative = errors.New("retry: ages and limits must not be negative")
	}
	return errors.Join(s.Default.check("retry"), s.Install.check("retry install"), s.Device.check("retry device"),
		s.Blocked.check("retry blocked"), negative)
}
