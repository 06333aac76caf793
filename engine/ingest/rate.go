package ingest

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// maxRated bounds the addresses that are remembered at once.
const maxRated = 1 << 16

// rates holds addresses to a rate: each may send so many requests at once, and so many in a minute. Of an address only
// one time is kept, that at which it may send as many as ever again.
type rates struct {
	mu    sync.Mutex
	fresh map[netip.Prefix]time.Time // guarded by mu
}

// take counts a request of an address. Where it is one too many, it is not counted, and wait is when the next may come.
func (r *rates) take(address netip.Addr, perMinute int, now time.Time) (wait time.Duration) {
	each := time.Minute / time.Duration(perMinute)
	key := whose(address)
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := r.fresh[key]
	if fresh.Before(now) {
		fresh = now
	}
	fresh = fresh.Add(each)
	if wait = fresh.Sub(now) - time.Duration(perMinute)*each; wait > 0 {
		return wait
	}
	if r.fresh == nil {
		r.fresh = map[netip.Prefix]time.Time{}
	}
	if len(r.fresh) >= maxRated {
		r.forget(now)
	}
	r.fresh[key] = fresh
	return 0
}

// forget makes room: all go that may send as many as ever, and where those are few, half of the others, so that addresses
// without end do not have all of them looked at each time.
func (r *rates) forget(now time.Time) {
	for key, fresh := range r.fresh {
		if !fresh.After(now) {
			delete(r.fresh, key)
		}
	}
	if len(r.fresh) <= maxRated*3/4 {
		return
	}
	for key := range r.fresh {
		if len(r.fresh) <= maxRated/2 {
			return
		}
		delete(r.fresh, key)
	}
}

// whose is who has an address: of IPv6, each has as many as he likes of one network. Those whose address nobody can tell
// share one.
func whose(address netip.Addr) netip.Prefix {
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}

// pace refuses a page whose address sends too much.
func (h *Handler) pace(p *page) *refusal {
	wait := h.rates.take(p.address, h.pages.Load().rate, time.Now())
	if wait <= 0 {
		return nil
	}
	if quiet, ok := h.crowds.pass(time.Now()); ok {
		h.cfg.Log.Warn().Stringer("address", whose(p.address)).Int("unlogged", quiet).
			Msg("pages send more from this address than api.origin_rate allows; they are told to come again later")
	}
	return &refusal{
		status: http.StatusTooManyRequests, message: "Too many requests", header: "Retry-After",
		value:  strconv.Itoa(int(wait/time.Second) + 1),
		detail: "pages send too much from this address and nothing was stored; send it again after the time in Retry-After",
	}
}
