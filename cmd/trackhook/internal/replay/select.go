package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trackhook/engine"
	"trackhook/scripting"
)

// defaultLast is how many responses a replay takes when it is not told which.
const defaultLast = 1000

// answerFlags say which answers are replayed, as typed.
type answerFlags struct {
	since                             string
	from, to                          uint64
	last                              int
	outcomes, eventTokens, kinds, ids []string
}

func (s *answerFlags) flags(set *pflag.FlagSet) {
	set.StringVar(&s.since, "since", "", "answers of the last 1h, 2d ..., or since a time such as 2026-05-01T12:00:00Z")
	set.Uint64Var(&s.from, "from", 0, "answers from this number in the log")
	set.Uint64Var(&s.to, "to", 0, "answers up to this number")
	set.IntVar(&s.last, "last", 0, fmt.Sprintf("the latest of those selected (default %d when nothing is selected)", defaultLast))
	set.StringSliceVar(&s.outcomes, "outcome", nil, "answers of these outcomes, such as rejected,retry")
	set.StringSliceVar(&s.eventTokens, "event-token", nil, "answers to these events")
	set.StringSliceVar(&s.kinds, "kind", nil, "session or event")
	set.StringSliceVar(&s.ids, "id", nil, "answers to the packages of these ids")
}

// answerFilter says which answers are replayed: of those that match and have a number between from and to, the latest.
// Zeros mean that there is no bound.
type answerFilter struct {
	from, to uint64
	last     int
	match    func(*engine.Response) bool
}

// compile understands what was typed, at the time now.
func (s *answerFlags) compile(now time.Time) (*answerFilter, error) {
	f := &answerFilter{from: s.from, to: s.to, last: s.last}
	if s.last < 0 {
		return nil, errors.New("--last must not be negative")
	}
	if s.since == "" && s.from == 0 && s.to == 0 && len(s.ids) == 0 && s.last == 0 {
		f.last = defaultLast
	}
	var since time.Time
	if s.since != "" {
		if d, err := scripting.ParseDuration(s.since); err == nil && d < 0 {
			return nil, fmt.Errorf("--since %s must not be negative", s.since)
		} else if err == nil {
			since = now.Add(-d)
		} else if since, err = engine.ParseTime(s.since); err != nil {
			return nil, fmt.Errorf("--since %q: give a duration such as 1h or 2d, or a time such as 2026-05-01T12:00:00Z", s.since)
		}
	}
	outcomes, err := parseOutcomes(s.outcomes)
	if err != nil {
		return nil, err
	}
	for _, kind := range s.kinds {
		if !engine.Kind(kind).Known() {
			return nil, fmt.Errorf("--kind %q is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing", kind)
		}
	}
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	f.match = func(r *engine.Response) bool {
		return !r.Repeat && r.Outcome != engine.Dropped && (len(outcomes) == 0 || slices.Contains(outcomes, r.Outcome)) &&
			in(s.eventTokens, r.Package.Params["event_token"]) && in(s.kinds, string(r.Package.Kind)) && in(s.ids, r.Package.ID) &&
			!r.At.Before(since)
	}
	return f, nil
}

func parseOutcomes(names []string) ([]engine.Outcome, error) {
	outcomes := make([]engine.Outcome, len(names))
	for i, name := range names {
		if err := outcomes[i].UnmarshalText([]byte(name)); err != nil {
			return nil, fmt.Errorf("--outcome: %w; there are %s", err, outcomeNames())
		}
	}
	return outcomes, nil
}

func outcomeNames() string {
	var names []string
	for _, outcome := range engine.Outcomes() {
		names = append(names, outcome.String())
	}
	return strings.Join(names, ", ")
}

// read returns the responses that are meant, in order. For the latest of them it looks from the end of the log
// backwards, in growing pieces.
func (f *answerFilter) read(ctx context.Context, source answerSource) ([]engine.Response, error) {
	end, err := source.last(ctx)
	if err != nil {
		return nil, err
	}
	if f.to > 0 {
		end = min(end, f.to)
	}
	begin := uint64(0)
	if f.from > 0 {
		begin = f.from - 1
	}
	if f.last == 0 {
		return f.between(ctx, source, begin, end)
	}
	for size := uint64(max(1024, 2*f.last)); ; size *= 4 { //nolint:gosec // last is not negative
		start := begin
		if end > size && end-size > begin {
			start = end - size
		}
		found, err := f.between(ctx, source, start, end)
		if err != nil {
			return nil, err
		}
		if len(found) >= f.last || start == begin {
			return found[max(0, len(found)-f.last):], nil
		}
	}
}

// between reads the log behind after, up to end.
func (f *answerFilter) between(ctx context.Context, source answerSource, after, end uint64) ([]engine.Response, error) {
	var found []engine.Response
	for after < end {
		batch, next, err := source.responses(ctx, after, 500)
		if err != nil {
			return nil, err
		}
		for i := range batch {
			if batch[i].Seq <= end && f.match(&batch[i]) {
				found = append(found, batch[i])
			}
		}
		if next <= after {
			break
		}
		after = next
	}
	return found, nil
}
