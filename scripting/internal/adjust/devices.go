package adjust

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
)

const (
	// sessionGap is the SDK's: a new session begins when more than this has passed since the last activity.
	sessionGap = 30 * time.Minute
	// maxDedupIDs is the SDK's: so many ids of events are remembered, the oldest is let go. Version 5 can change it.
	maxDedupIDs = 10
	// stateKey is the key of a device's state in its space.
	stateKey = "state"
)

// Settings say for which apps, and for which device, scripts may act. Engine and DefaultApp are required.
type Settings struct {
	// Engine takes the packages that scripts track, and keeps the state of devices in its store.
	Engine *engine.Engine
	// Home stands in the place of Engine where there is none in this process. Nil: that of Engine.
	Home Home
	// Apps are the apps that scripts may name; DefaultApp is what the placeholder of the documentation means, and one of
	// Apps or beside them.
	Apps       []engine.App
	DefaultApp engine.App
	// Device are the S2S parameters of the host's own device. Nil: it has none.
	Device map[string]string
}

// Devices is what the APIs of all plugins of a host share: the host's own device, one for each app and device key that
// a script tracks for; the attributions; and what the API is made of. It may be used from many goroutines at once.
type Devices struct {
	cfg     *Settings
	prelude func() (*goja.Program, error)
	api     func() *definition
	hints   func() *hints

	attributions *attributions
	// Record is told of each call of a method of Adjust, in the form in which the Cordova SDK hands it to the device. Nil
	// but in tests.
	Record func(action string, arguments []any)

	mu    sync.Mutex
	lanes map[engine.Lane]*device // guarded by mu
}

// NewDevices makes what the plugins of one host share. It reads nothing from the store before a script needs it.
func NewDevices(cfg Settings) *Devices {
	made := Devices{prelude: sync.OnceValues(compilePrelude), api: sync.OnceValue(newDefinition), hints: sync.OnceValue(newHints)}
	return made.Sibling(cfg)
}

// Sibling makes devices for plugins that have other settings, in the same process. What the API is made of is the same.
func (d *Devices) Sibling(cfg Settings) *Devices {
	if cfg.Home == nil {
		cfg.Home = NewHome(cfg.Engine, false)
	}
	return &Devices{
		cfg: &cfg, prelude: d.prelude, api: d.api, hints: d.hints, attributions: newAttributions(&cfg), lanes: map[engine.Lane]*device{},
	}
}

// device returns the host's own device for an app. params are its S2S parameters; nil and no error when they name no
// device, because this host has none.
func (d *Devices) device(app engine.App, params map[string]string) *device {
	key := engine.DeviceKey(params)
	if key == "" {
		return nil
	}
	lane := engine.Lane{App: app, Device: key}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lanes[lane] == nil {
		d.lanes[lane] = &device{
			lane: lane, home: d.cfg.Home, space: deviceSpace(lane),
		}
	}
	return d.lanes[lane]
}

// devicePrefix begins the names of the spaces of devices.
const devicePrefix = "device/"

// IsSpace tells whether a name is that of the space of a device.
func IsSpace(name string) bool { return strings.HasPrefix(name, devicePrefix) }

// IsLock tells whether a name is one that [Home.Lock] and [Home.First] are asked for.
func IsLock(name string) bool { return name == attributionKey || IsSpace(name) }

// deviceSpace names the values of a device in the store.
func deviceSpace(lane engine.Lane) string {
	return devicePrefix + lane.App.Token + "/" + string(lane.App.Environment) + "/" + lane.Device
}

// device is the state of the host's own device for one app. Several plugins may act for it; they take turns.
type device struct {
	lane  engine.Lane
	home  Home
	space string // names its lock, too

	loaded bool        // guarded by the lock of home
	state  deviceState // guarded by the lock of home
}

// deviceState is what survives of a device, as JSON in the store.
type deviceState struct {
	SessionCount int   `json:"session_count"`
	EventCount   int   `json:"event_count"`
	LastActivity int64 `json:"last_activity,omitempty"` // milliseconds since 1970; 0: none yet
	// DedupIDs are the ids of events that were tracked and must not be again, newest first.
	DedupIDs       []string          `json:"dedup_ids,omitempty"`
	CallbackParams map[string]string `json:"callback_params,omitempty"`
	PartnerParams  map[string]string `json:"partner_params,omitempty"`
	Disabled       bool              `json:"disabled,omitempty"`
	Forgotten      bool              `json:"forgotten,omitempty"`
	ADID           string            `json:"adid,omitempty"`
	PushToken      string            `json:"push_token,omitempty"`
}

func (s *deviceState) clone() deviceState {
	next := *s
	next.DedupIDs = slices.Clone(s.DedupIDs)
	next.CallbackParams = maps.Clone(s.CallbackParams)
	next.PartnerParams = maps.Clone(s.PartnerParams)
	return next
}

// update changes the state and tracks packages. f changes the state that it is given and returns what to track, if
// anything; when it fails or tracking does, nothing has changed. The packages are on disk before the state is: after a
// crash in between, a count may be used twice, but nothing is lost.
func (d *device) update(ctx context.Context, f func(*deviceState) ([]engine.Package, error)) error {
	if err := d.enter(ctx); err != nil {
		return err
	}
	defer d.home.Unlock(d.space)
	before, err := json.Marshal(&d.state)
	if err != nil {
		return fmt.Errorf("encode device state: %w", err)
	}
	next := d.state.clone()
	packages, err := f(&next)
	if err != nil {
		return err
	}
	if err := d.home.Track(ctx, packages...); err != nil {
		return err
	}
	after, err := json.Marshal(&next)
	if err != nil {
		return fmt.Errorf("encode device state: %w", err)
	}
	d.state = next
	if string(before) == string(after) {
		return nil
	}
	if err := d.home.SetValues(ctx, d.space, map[string][]byte{stateKey: after}); err != nil {
		return fmt.Errorf("store device state: %w", err)
	}
	return nil
}

// view returns a copy of the state.
func (d *device) view(ctx context.Context) (deviceState, error) {
	if err := d.enter(ctx); err != nil {
		return deviceState{}, err
	}
	defer d.home.Unlock(d.space)
	return d.state.clone(), nil
}

// enter takes the lock and makes sure that the state was read. After nil the caller gives it back.
func (d *device) enter(ctx context.Context) error {
	if err := d.home.Lock(ctx, d.space); err != nil {
		return fmt.Errorf("wait for device: %w", err)
	}
	if d.loaded && !d.home.Shared() {
		return nil
	}
	data, err := d.home.Value(ctx, d.space, stateKey)
	if err == nil {
		d.state = deviceState{}
		err = json.Unmarshal(data, &d.state)
	}
	if err != nil && !errors.Is(err, engine.ErrNotFound) {
		d.home.Unlock(d.space)
		return fmt.Errorf("read device state: %w", err)
	}
	d.loaded = true
	return nil
}

// start is Adjust.create: the first one in a process sends a session if more than half an hour has passed since the
// last activity. Later ones, such as those of a reloaded plugin, send none.
func (d *device) start(ctx context.Context, now time.Time, build func(*deviceState) engine.Package) error {
	return d.update(ctx, func(s *deviceState) ([]engine.Package, error) {
		if !d.home.First(d.space) {
			return nil, nil
		}
		if s.Disabled || s.Forgotten {
			return nil, nil
		}
		if gap := now.Sub(time.UnixMilli(s.LastActivity)); s.LastActivity != 0 && gap <= sessionGap {
			s.touch(now)
			return nil, nil
		}
		return s.session(now, build), nil
	})
}

// session counts a session and returns its package.
func (s *deviceState) session(now time.Time, build func(*deviceState) engine.Package) []engine.Package {
	s.SessionCount++
	s.LastActivity = now.UnixMilli()
	p := build(s)
	p.Params["session_count"] = strconv.Itoa(s.SessionCount)
	return []engine.Package{p}
}

// touch records activity. As in the SDK, activity after a long pause does not count until a session was sent, so that
// the next start sends one; a clock that went back is believed.
func (s *deviceState) touch(now time.Time) {
	if s.LastActivity == 0 || now.Sub(time.UnixMilli(s.LastActivity)) <= sessionGap {
		s.LastActivity = now.UnixMilli()
	}
}

// remember tells whether an id is new, and remembers it. At most so many ids are remembered as size says.
func (s *deviceState) remember(id string, size int) bool {
	if id == "" {
		return true
	}
	if slices.Contains(s.DedupIDs, id) {
		return false
	}
	ids := append([]string{id}, s.DedupIDs...)
	s.DedupIDs = ids[:min(len(ids), size)]
	return true
}
