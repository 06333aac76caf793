package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"trackhook/engine"
)

// replayed is the header of an answer to a request that brought nothing new.
const replayed = "Idempotency-Replayed"

// naming says what gave a package its ID.
type naming uint8

const (
	// unnamed: the engine, which gives each ID once.
	unnamed naming = iota
	// byDeduplication: the parameter deduplication_id.
	byDeduplication
	// byKey: an Idempotency-Key of its own.
	byKey
	// byPlace: the Idempotency-Key of a batch, and the place in it.
	byPlace
	// byPage: what the Web SDK says each time that it sends the same, or its deduplication_id.
	byPage
)

// namingOf tells what named a package of the S2S endpoints or a line of a batch.
func namingOf(p *engine.Package, key, batchKey string) naming {
	switch {
	case key != "":
		return byKey
	case batchKey != "":
		return byPlace
	case p.Params["deduplication_id"] != "":
		return byDeduplication
	default:
		return unnamed
	}
}

// request is what came in one request: packages, and how they got their IDs. names is nil when all are unnamed.
type request struct {
	packages []engine.Package
	names    []naming
	// addressed tells that ip_address is from a header, so that it may differ when the same is sent again.
	addressed bool
	// place is the index of the package that was refused.
	place int
}

// store looks for packages that came before, hands over, and tells whether all of the request was a repeat.
func (h *Handler) store(r *http.Request, q *request) (repeat bool, refused *refusal) {
	if q.names == nil || h.cfg.Lookup == nil {
		return false, h.track(r, q)
	}
	h.flights.enter(q)
	contested := true
	leave := sync.OnceFunc(func() { contested = h.flights.leave(q) })
	defer leave()
	known, refused := h.compare(r.Context(), q)
	if refused != nil {
		return false, refused
	}
	if refused := h.track(r, q); refused != nil {
		return false, refused
	}
	leave()
	if contested {
		// Another request had one of these IDs at the same time. Whichever came first is stored by now.
		if _, refused := h.compare(r.Context(), q); refused != nil {
			return false, refused
		}
	}
	return known == len(q.packages), nil
}

// compare counts the packages that are known, and refuses those whose key named something else.
func (h *Handler) compare(ctx context.Context, q *request) (known int, refused *refusal) {
	here := map[string]*engine.Package{}
	var places [2]int // lines of a batch with a key that are new, and those that are known
	for i, how := range q.names {
		if how == unnamed {
			continue
		}
		p := &q.packages[i]
		before := here[p.ID]
		if before == nil {
			here[p.ID] = p
			// What the store says when it fails, it says again when the package is handed over.
			if state, err := h.cfg.Lookup(ctx, p.ID); err == nil {
				before = &state.Package
			}
			if how == byPlace && before == nil {
				places[0]++
			}
		}
		if before == nil {
			continue
		}
		known++
		if how == byPlace {
			places[1]++
		}
		if how == byPage || q.same(before, p) {
			continue
		}
		if how == byDeduplication {
			h.warnDeduplicated(p)
			continue
		}
		q.place = i
		return known, reused("named another package before, which was taken in; this one was not stored")
	}
	if places[0] > 0 && places[1] > 0 {
		refused := reused("named a batch with fewer packages before, which was taken in; nothing of this one was stored")
		refused.field = "" // no line is to blame
		return known, refused
	}
	return known, nil
}

// reused is a refusal with status 422.
func reused(problem string) *refusal {
	return &refusal{
		status: http.StatusUnprocessableEntity, message: "Idempotency key reused", field: "idempotency_key",
		detail: "the idempotency key " + problem + ". Send the same body with a key, or another key with another body",
	}
}

// same tells whether two packages of one ID say the same. A time counts only where the sender gave one: the package that
// was stored without has the time at which it came.
func (q *request) same(stored, p *engine.Package) bool {
	//nolint:staticcheck // not Equal: only a time that was read from this host's clock has a monotonic reading
	given := p.Created == p.Created.Round(0)
	return (!given || stored.Created.Equal(p.Created)) && stored.CallbackID == p.CallbackID &&
		q.sameParams(stored.Params, p.Params) &&
		maps.Equal(stored.CallbackParams, p.CallbackParams) && maps.Equal(stored.PartnerParams, p.PartnerParams)
}

// sameParams compares what the sender has sent.
func (q *request) sameParams(stored, params map[string]string) bool {
	if _, given := params["ip_address"]; given && !q.addressed {
		return maps.Equal(stored, params)
	}
	// The address comes from a header, or came from one before.
	stored, params = maps.Clone(stored), maps.Clone(params)
	delete(stored, "ip_address")
	delete(params, "ip_address")
	return maps.Equal(stored, params)
}

// warnDeduplicated says that a package was dropped for its deduplication_id although it says something else.
func (h *Handler) warnDeduplicated(p *engine.Package) {
	if quiet, ok := h.repeats.pass(time.Now()); ok {
		h.cfg.Log.Warn().Str("app", p.App.Token).Str("kind", string(p.Kind)).Str("deduplication_id", p.Params["deduplication_id"]).
			Str("id", p.ID).Int("unlogged", quiet).
			Msg("a deduplication_id came again with other values; as at Adjust, the first package counts and this one was dropped")
	}
}

// flights are the IDs of the named packages of all requests in hand.
type flights struct {
	mu  sync.Mutex
	ids map[string]*flight // guarded by mu
}

// flight is one ID. Its fields are guarded by flights.mu.
type flight struct {
	requests  int
	contested bool
}

// enter registers the IDs of a request, before they are looked for.
func (f *flights) enter(q *request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ids == nil {
		f.ids = map[string]*flight{}
	}
	for i, how := range q.names {
		if how == unnamed {
			continue
		}
		one := f.ids[q.packages[i].ID]
		if one == nil {
			one = &flight{}
			f.ids[q.packages[i].ID] = one
		}
		one.requests++
		one.contested = one.contested || one.requests > 1
	}
}

// leave takes them out, and tells whether another request had one of them meanwhile.
func (f *flights) leave(q *request) (contested bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, how := range q.names {
		if how == unnamed {
			continue
		}
		id := q.packages[i].ID
		one := f.ids[id]
		contested = contested || one.contested
		if one.requests--; one.requests == 0 {
			delete(f.ids, id)
		}
	}
	return contested
}

// pageKey names a package of the Web SDK, which sends one again when it has got no answer and names none: by all that it
// says, without what is new each time. Empty without created_at, by which the SDK tells two of the same apart.
func pageKey(params map[string]string) string {
	if params["created_at"] == "" {
		return ""
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(params)) {
		switch name {
		case "attempts", "sent_at", "queue_size":
		default:
			fmt.Fprintf(sum, "%q=%q&", name, params[name])
		}
	}
	return "page " + hex.EncodeToString(sum.Sum(nil))
}
