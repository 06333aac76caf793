package sandbox

import (
	"encoding/binary"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Mix returns faults of all kinds that together hit the given share of requests, 0 to 1, each kind as often as the
// others. Slow answers take 50 ms and withheld ones end with the client's patience, so leave them out with the second
// argument where the client has much of it.
func Mix(share float64, without ...FaultKind) []Fault {
	all := []Fault{
		{Kind: FaultStatus, Status: 500, Name: "500 empty"},
		{Kind: FaultStatus, Status: 500, Name: "500 JSON", Body: `{"error":"Internal error, contact support@adjust.com"}`},
		{Kind: FaultStatus, Status: 503, Name: "503 Retry-After", RetryAfter: "1"},
		{Kind: FaultStatus, Status: 429, Name: "429", RetryAfter: "1"},
		{Kind: FaultRetryIn, RetryIn: 200},
		{Kind: FaultResetBefore},
		{Kind: FaultResetAfter, Name: "reset, not processed"},
		{Kind: FaultResetAfter, Name: "reset, processed", Processed: true},
		{Kind: FaultSlow, DelayMS: 50},
		{Kind: FaultSilent, Processed: true},
		{Kind: FaultGarbage},
		{Kind: FaultNotJSON},
		{Kind: FaultHTML},
		{Kind: FaultRedirect},
		{Kind: FaultTruncated, Processed: true},
		{Kind: FaultHuge, Bytes: 2 << 20},
	}
	all = slices.DeleteFunc(all, func(f Fault) bool { return slices.Contains(without, f.Kind) })
	share = min(max(share, 0), 1)
	if share == 0 {
		return nil
	}
	each := share / float64(len(all))
	for i := range all {
		// A fault is only asked when those before it have passed.
		all[i].Probability = min(each/(1-each*float64(i)), 1)
	}
	return all
}

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
