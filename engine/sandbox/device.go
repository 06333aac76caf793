package sandbox

import (
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"trackhook/engine"
)

// Device is what the sandbox remembers of a device.
type Device struct {
	App         string `json:"app_token"`
	Environment string `json:"environment"`
	// Device is the identifier under which it was first seen, KIND=ID; ADID is Adjust's.
	Device string `json:"device"`
	ADID   string `json:"adid"`
	// Installed is when the install was counted, by the sandbox's clock; zero: never.
	Installed time.Time `json:"installed,omitzero"`
	// LastSession is the created_at_unix of the last session that was counted.
	LastSession time.Time `json:"last_session,omitzero"`
	// Sessions, Events and AdRevenues count what was counted.
	Sessions   int `json:"sessions"`
	Events     int `json:"events"`
	AdRevenues int `json:"ad_revenues"`
	// Requests counts everything that arrived, also what was refused or hit by a fault.
	Requests int `json:"requests"`
	// LastEvents is the latest created_at_unix by event token.
	LastEvents map[string]time.Time `json:"last_events,omitempty"`
	// Sharing is the latest word on third party sharing, enable or disable; Sharings counts what was said of it.
	Sharing  string `json:"sharing,omitempty"`
	Sharings int    `json:"sharings,omitempty"`
	// OptedOut is true after an erasure request.
	OptedOut bool `json:"opted_out"`
}

// identifier names a device within an app and environment. id is KIND=ID.
type identifier struct{ app, environment, id string }

// device is a remembered device. Guarded by Server.mu.
type device struct {
	Device
	ids    []string              // everything it is known by
	seen   map[[16]byte]struct{} // deduplication ids that were counted
	order  [][16]byte            // of seen, oldest first
	unique map[string]bool       // unique events that were counted
	quiet  *list.Element         // its place among the devices, the one that was quiet for longest first
}

// findLocked returns the device that the request names by any of its identifiers, nil when none is known.
func (s *Server) findLocked(q *Request) *device {
	if q.Device == "" {
		return nil
	}
	if d := s.devices[identifier{q.App, q.Environment, q.Device}]; d != nil {
		return d
	}
	for _, name := range s.deviceIDs {
		if id := q.Params[name]; id != "" && !engine.Placeholder(id) {
			if d := s.devices[identifier{q.App, q.Environment, name + "=" + id}]; d != nil {
				return d
			}
		}
	}
	return nil
}

// makeLocked returns the device of the request, a new one when there is none yet.
func (s *Server) makeLocked(q *Request) *device {
	d := s.findLocked(q)
	if d == nil {
		d = &device{Device: Device{
			App: q.App, Environment: q.Environment, Device: q.Device,
			ADID: s.adid(q),
		}}
		d.quiet = s.quiet.PushBack(d)
		s.nameLocked(d, "adid="+d.ADID)
		s.nameLocked(d, d.Device.Device)
		s.forgetQuietLocked()
	}
	return d
}

// identifyLocked learns the other identifiers of a session.
func (s *Server) identifyLocked(d *device, q *Request) {
	for _, name := range s.deviceIDs {
		if id := q.Params[name]; id != "" && !engine.Placeholder(id) {
			s.nameLocked(d, name+"="+id)
		}
	}
}

// nameLocked makes the device known by one more identifier, KIND=ID, unless another device has it.
func (s *Server) nameLocked(d *device, id string) {
	p := identifier{d.App, d.Environment, id}
	if s.devices[p] == nil {
		s.devices[p] = d
		d.ids = append(d.ids, id)
	}
}

// forgetLocked removes a device and all its identifiers.
func (s *Server) forgetLocked(d *device) {
	for _, id := range d.ids {
		delete(s.devices, identifier{d.App, d.Environment, id})
	}
	s.quiet.Remove(d.quiet)
}

// forgetQuietLocked keeps the number of devices within its bound.
func (s *Server) forgetQuietLocked() {
	for s.cfg.KeepDevices > 0 && s.quiet.Len() > s.cfg.KeepDevices {
		if d, ok := s.quiet.Front().Value.(*device); ok {
			s.forgetLocked(d)
		}
	}
}

// forgetEvent makes room for an event token: the one that was quiet for longest is forgotten.
func (d *device) forgetEvent(token string) {
	if _, known := d.LastEvents[token]; known || len(d.LastEvents) < keepEvents {
		return
	}
	first := token
	for other, at := range d.LastEvents {
		if first == token || at.Before(d.LastEvents[first]) {
			first = other
		}
	}
	delete(d.LastEvents, first)
}

// remember notes a deduplication id. It returns false when the id was known.
func (d *device) remember(kind, id string) bool {
	key := deduplicationKey(kind, id)
	if _, ok := d.seen[key]; ok {
		return false
	}
	if d.seen == nil {
		d.seen = make(map[[16]byte]struct{})
	}
	d.seen[key] = struct{}{}
	d.order = append(d.order, key)
	if len(d.order) > keepDeduplication {
		delete(d.seen, d.order[0])
		d.order = slices.Delete(d.order, 0, 1)
	}
	return true
}

// knows tells whether a deduplication id was counted.
func (d *device) knows(kind, id string) bool {
	_, ok := d.seen[deduplicationKey(kind, id)]
	return ok
}

// deduplicationKey makes ids of any length take the same little memory.
func deduplicationKey(kind, id string) [16]byte {
	sum := sha256.Sum256([]byte(kind + " " + id))
	return [16]byte(sum[:16])
}

// copy returns what others may keep.
func (d *device) copy() Device {
	c := d.Device
	c.LastEvents = maps.Clone(c.LastEvents)
	return c
}

// adid makes Adjust's id of the device of a request.
func (s *Server) adid(q *Request) string {
	sum := s.hash("adid", q.App, q.Environment, q.Device)
	return hex.EncodeToString(sum[:16])
}

// hash mixes the seed with parts that are kept apart.
func (s *Server) hash(parts ...string) [32]byte {
	b := binary.BigEndian.AppendUint64(nil, s.cfg.Seed)
	for _, part := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return sha256.Sum256(b)
}
