package sandbox

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Totals count all requests since the start or the last reset.
type Totals struct {
	// Requests counts what arrived; Counted those that changed something.
	Requests uint64 `json:"requests"`
	Counted  uint64 `json:"counted"`
	// Broken counts requests that ended before all of them was read. They are not among Requests.
	Broken uint64 `json:"broken"`
	// Paths, Statuses and Faults count requests by path, by the status that was answered ("0": none), and by the fault that
	// hit them.
	Paths    map[string]uint64 `json:"paths"`
	Statuses map[string]uint64 `json:"statuses"`
	Faults   map[string]uint64 `json:"faults"`
	// Keys is how many values of Config.CountBy are counted; Uncounted is how many requests had one too many.
	Keys      int    `json:"keys"`
	Uncounted uint64 `json:"uncounted"`
	// Repeated is how many values were counted by the server more than once.
	Repeated uint64 `json:"repeated"`
}

// Count is how often requests with one value of Config.CountBy arrived, and how often they changed something.
type Count struct {
	Arrived uint32 `json:"arrived"`
	Counted uint32 `json:"counted"`
}

// Clients choose paths, so only so many different ones are told apart.
const maxPaths = 100

// record holds the requests that arrived, the latest of them, and what they add up to. Guarded by Server.mu.
type record struct {
	seq    uint64
	ring   []Request
	next   int // where the next request goes in a full ring
	totals Totals
	counts map[string]Count
}

// reset forgets everything.
func (r *record) reset() {
	*r = record{
		counts: make(map[string]Count),
		totals: Totals{Paths: make(map[string]uint64), Statuses: make(map[string]uint64), Faults: make(map[string]uint64)},
	}
}

// add records a request with its answer and the fault that hit it, nil for none.
func (r *record) add(cfg *Config, q *Request, a answer, f *Fault, now time.Time) {
	r.seq++
	q.Seq, q.At, q.Status, q.Answer, q.Counted = r.seq, now, a.status, a.body, a.counted
	if f != nil {
		q.Fault, q.Status = f.Name, f.answers(a.status)
		r.totals.Faults[f.Name]++
	}
	r.totals.Requests++
	path := q.Path
	if _, known := r.totals.Paths[path]; !known && len(r.totals.Paths) >= maxPaths {
		path = "(others)"
	}
	r.totals.Paths[path]++
	r.totals.Statuses[strconv.Itoa(q.Status)]++
	if a.counted {
		r.totals.Counted++
	}
	r.count(cfg, q)
	if cfg.KeepRequests < 0 {
		return
	}
	kept := *q
	kept.bearer = ""
	if cfg.Compact {
		kept.Params, kept.CallbackParams, kept.PartnerParams, kept.Answer, kept.UserAgent = nil, nil, nil, "", ""
	}
	if len(r.ring) < cfg.KeepRequests {
		r.ring = append(r.ring, kept)
		return
	}
	r.ring[r.next] = kept
	r.next = (r.next + 1) % len(r.ring)
}

// count counts the request under its value of Config.CountBy.
func (r *record) count(cfg *Config, q *Request) {
	if q.Key == "" {
		return
	}
	c, known := r.counts[q.Key]
	if !known && len(r.counts) >= cfg.KeepCounts {
		r.totals.Uncounted++
		return
	}
	c.Arrived++
	if q.Counted {
		c.Counted++
		if c.Counted == 2 {
			r.totals.Repeated++
		}
	}
	r.counts[q.Key] = c
}

// requests yields what is kept, oldest first.
func (r *record) requests() iter.Seq[Request] {
	return func(yield func(Request) bool) {
		for i := range r.ring {
			if !yield(r.ring[(r.next+i)%len(r.ring)]) {
				return
			}
		}
	}
}

// Totals returns the totals.
func (s *Server) Totals() Totals {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.record.totals
	t.Paths, t.Statuses, t.Faults = maps.Clone(t.Paths), maps.Clone(t.Statuses), maps.Clone(t.Faults)
	t.Keys = len(s.record.counts)
	return t
}

// Count returns the counts of one value of Config.CountBy.
func (s *Server) Count(key string) Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.counts[key]
}

// Counts returns the counts of all values of Config.CountBy.
func (s *Server) Counts() map[string]Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.record.counts)
}

// Repeated returns the values of Config.CountBy that the server counted more than once, sorted. It is what a test for
// doubled packages looks at.
func (s *Server) Repeated() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key, count := range s.record.counts {
		if count.Counted > 1 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
