package sandbox

import (
	"container/list"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"trackhook/engine"
	"trackhook/engine/site"
)

// Server is the stand-in. It is an [http.Handler]; use [Start] to have it listen as well.
type Server struct {
	cfg       Config
	deviceIDs []string
	control   http.Handler

	closing sync.Once
	closed  chan struct{}

	// Everything below is guarded by mu.
	mu       sync.Mutex
	devices  map[identifier]*device
	quiet    *list.List // of *device, the one that was quiet for longest first
	erasures map[string][]time.Time
	arrivals map[uint64]uint32 // requests by device, also of devices that are not remembered
	faults   []Fault
	record   record
	pace     Pace
	full     time.Time // see tooManyLocked
	conns    int       // that are open
}

// New makes a server. The error says which part of cfg is wrong.
func New(cfg Config) (*Server, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new sandbox: %w", err)
	}
	s := &Server{cfg: cfg, deviceIDs: engine.DeviceIDs(), closed: make(chan struct{})}
	s.control = s.routes()
	s.Reset()
	if err := s.SetPace(cfg.Pace); err != nil {
		return nil, fmt.Errorf("new sandbox: %w", err)
	}
	if err := s.SetFaults(cfg.Faults...); err != nil {
		return nil, fmt.Errorf("new sandbox: %w", err)
	}
	return s, nil
}

// Close ends all answers that are delayed or withheld, now and from now on: their connections are closed. It may be
// called more than once.
func (s *Server) Close() { s.closing.Do(func() { close(s.closed) }) }

// Reset forgets all devices, requests and counts. Faults stay as they are.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices = make(map[identifier]*device)
	s.quiet = list.New()
	s.erasures = make(map[string][]time.Time)
	s.arrivals = make(map[uint64]uint32)
	s.record.reset()
}

// Forget forgets a device, as the testing console does: its next session is an install. device is any identifier of
// it, KIND=ID. False means that no such device was known.
func (s *Server) Forget(app engine.App, device string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.devices[identifier{app.Token, string(app.Environment), device}]
	if d == nil {
		return false
	}
	s.forgetLocked(d)
	return true
}

// Device returns what is remembered of a device; device is any identifier of it, KIND=ID. False means that none is known
// by it.
func (s *Server) Device(app engine.App, device string) (Device, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.devices[identifier{app.Token, string(app.Environment), device}]
	if d == nil {
		return Device{}, false
	}
	return d.copy(), true
}

// Devices returns what is remembered of devices, the one that was quiet for longest first: at most limit of them after
// the first skip, all of them with limit 0.
func (s *Server) Devices(skip, limit int) []Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	devices := []Device{}
	for e := s.quiet.Front(); e != nil && (limit <= 0 || len(devices) < limit); e = e.Next() {
		if skip > 0 {
			skip--
			continue
		}
		if d, ok := e.Value.(*device); ok {
			devices = append(devices, d.copy())
		}
	}
	return devices
}

// ServeHTTP answers as Adjust's server, or as the faults say. Paths under /sandbox/ are the control endpoints.
// What a browser sends for a page of another site is refused.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if site.Foreign(r) {
		refuseControl(w, http.StatusForbidden, errors.New("a browser sent this for a page of another site"))
		return
	}
	if strings.HasPrefix(r.URL.Path, "/sandbox/") {
		s.control.ServeHTTP(w, r)
		return
	}
	if s.strikeUnread(r) {
		hangUp(w, "")
		return
	}
	q, err := s.parse(r)
	if err != nil {
		s.mu.Lock()
		s.record.totals.Broken++
		s.mu.Unlock()
		panic(http.ErrAbortHandler) // the client broke off; there is nobody to answer
	}
	a, f, delay := s.handle(q)
	if delay > 0 && !s.wait(r, delay) {
		hangUp(w, "")
		return
	}
	if f == nil {
		write(w, a)
		return
	}
	s.fail(w, r, f, a)
}

// handle decides what becomes of a request, and how late, in one step, so that the record has the order of the effects.
func (s *Server) handle(q *Request) (a answer, f *Fault, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	device, before := s.arriveLocked(q)
	if delay = s.pace.Latency.of(s.cfg.Seed, device, before); s.tooManyLocked(now) {
		f = overRate()
	} else {
		f = s.pickLocked(q, before)
	}
	if f == nil || f.processes() {
		a = s.processLocked(q, now)
	}
	if d := s.findLocked(q); d != nil {
		d.Requests++
		s.quiet.MoveToBack(d.quiet)
	}
	s.record.add(&s.cfg, q, a, f, now)
	return a, f, delay
}

// arriveLocked counts the requests of a device, and returns a number for it and how many there were before.
func (s *Server) arriveLocked(q *Request) (key uint64, before uint32) {
	sum := s.hash("arrivals", q.App, q.Environment, q.Device)
	key = binary.BigEndian.Uint64(sum[:])
	// Starting over now and then changes which requests faults hit, and bounds memory.
	if s.cfg.KeepDevices > 0 && len(s.arrivals) > 4*s.cfg.KeepDevices {
		clear(s.arrivals)
	}
	before = s.arrivals[key]
	s.arrivals[key] = before + 1
	return key, before
}

// write writes an answer.
func write(w http.ResponseWriter, a answer) {
	contentType := "application/json"
	if a.plain {
		contentType = "text/plain; charset=utf-8"
	}
	w.Header()["Content-Type"] = []string{contentType}
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body) // a client that has gone is its own business
}

// Requests returns the latest requests, oldest first, at most Config.KeepRequests of them.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(s.record.requests())
}
