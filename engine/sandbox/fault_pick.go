package sandbox

import (
	"encoding/binary"
	"net/http"
	"strconv"
	"time"
)

// strikeUnread tells whether a request is to be cut off before it is read, and records it then.
func (s *Server) strikeUnread(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := &s.faults[i]
		if f.unread() && (f.Path == "" || f.Path == r.URL.Path) && s.hitsLocked(f, i, r.URL.Path, strconv.FormatUint(s.record.seq, 10)) {
			s.record.add(&s.cfg, s.head(r), answer{}, f, time.Now())
			return true
		}
	}
	return false
}

// pickLocked returns a copy of the fault that hits the request, nil for none.
func (s *Server) pickLocked(q *Request, before uint32) *Fault {
	for i := range s.faults {
		f := &s.faults[i]
		if !f.unread() && f.fits(q) && s.hitsLocked(f, i, q.Path, q.App, q.Environment, q.Device, strconv.FormatUint(uint64(before), 10)) {
			hit := *f
			return &hit
		}
	}
	return nil
}

func (f *Fault) fits(q *Request) bool {
	return (f.Path == "" || f.Path == q.Path) && (f.App == "" || f.App == q.App) &&
		(f.Environment == "" || f.Environment == q.Environment) && (f.Device == "" || f.Device == q.Device) &&
		(f.EventToken == "" || f.EventToken == q.Params["event_token"])
}

// hitsLocked decides about one fitting request. Chance is a hash of the seed and of what identifies the request.
func (s *Server) hitsLocked(f *Fault, index int, request ...string) bool {
	if f.Count > 0 && f.Hits >= f.Count {
		return false
	}
	if f.skipped < f.Skip {
		f.skipped++
		return false
	}
	if f.Probability > 0 && f.Probability < 1 {
		sum := s.hash(append([]string{"fault", strconv.Itoa(index)}, request...)...)
		if float64(binary.BigEndian.Uint64(sum[:])>>11)/(1<<53) >= f.Probability {
			return false
		}
	}
	f.Hits++
	return true
}
