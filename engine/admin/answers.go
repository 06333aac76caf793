package admin

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// AnswerEvent is one line of the stream of answers. Type says which of the other fields it has.
type AnswerEvent struct {
	// Type is answer, runs, line, left_out, gap or alive.
	Type string `json:"type"`
	// Answer is a response, of which long bodies are cut.
	Answer *Response `json:"answer,omitempty"`
	// Seq and Runs are what plugins have made of a response that was told before. What was told of it earlier is replaced.
	Seq  uint64 `json:"seq,omitempty"`
	Runs []Run  `json:"runs,omitempty"`
	// Line is what a plugin has printed while it ran on no response.
	Plugin  string `json:"plugin,omitempty"`
	Version string `json:"version,omitempty"`
	Line    *Line  `json:"line,omitempty"`
	// Count is how many responses behind After, up to To, were left out because too many came.
	Count uint64 `json:"count,omitempty"`
	After uint64 `json:"after,omitempty"`
	To    uint64 `json:"to,omitempty"`
	// Next is the first response behind a gap, and Last the newest in the log.
	Next uint64 `json:"next,omitempty"`
	Last uint64 `json:"last,omitempty"`
}

const (
	answersPath = "/api/v1/answers"
	// answersEvery is how often news are looked for, and answersMany how often while more come than are told: nobody reads so
	// many, and a host that is busy has other work.
	answersEvery = 100 * time.Millisecond
	answersMany  = 500 * time.Millisecond
	// So many responses are told each time, and so many are looked at to find them. The rest is counted.
	mostTold   = 10
	mostLooked = 500
	// mostRecent bounds how far one may look back at the beginning.
	mostRecent = 1000
	// mostText bounds the text that is looked for, in bytes.
	mostText = 200
	// answerBody is what is told of a body.
	answerBody = 2 << 10
	// searchBody is what of a body is looked through.
	searchBody = 64 << 10
)

// answers streams responses as they are logged, with what plugins make of them, a line of JSON each.
func (a *api) answers(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(responseFilter(), "after", "recent", "plugin", "text")...)
	if err != nil {
		return err
	}
	s, err := a.newAnswers(r, q)
	if err != nil {
		return err
	}
	if a.cfg.Responses == nil || a.cfg.Inspector == nil {
		return notKept()
	}
	release, err := a.takeTail()
	if err != nil {
		return err
	}
	defer release()
	last, err := a.cfg.Responses.Last(r.Context())
	if err != nil {
		return err
	}
	if s.given {
		s.after = min(s.after, last)
	} else {
		s.after = last - min(last, s.recent)
	}
	s.open(last)
	ctx, cancel := a.until(r.Context())
	defer cancel()
	s.out = newStream(w, "application/x-ndjson")
	s.run(ctx)
	return nil
}

// takeTail makes sure that there are not too many who listen.
func (a *api) takeTail() (release func(), err error) {
	select {
	case a.tails <- struct{}{}:
		return func() { <-a.tails }, nil
	default:
		return nil, &refusal{
			status: http.StatusServiceUnavailable, message: "Too many tails", header: "Retry-After", value: "30",
			detail: "this host serves " + strconv.Itoa(maxTails) + " tails at once; end another, or read /api/v1/responses",
		}
	}
}

// newAnswers reads what is asked for.
func (a *api) newAnswers(r *http.Request, q query) (*answers, error) {
	s := &answers{api: a, told: map[uint64]*toldAnswer{}, plugin: q["plugin"]}
	s.may = func() bool { return a.guard(r, needOfReading) == nil }
	after, err := q.number("after", 0, 0, math.MaxUint64)
	if err != nil {
		return nil, err
	}
	_, s.given = q["after"]
	s.after = after
	delete(q, "after") // a number here, a time in a filter
	if s.recent, err = q.number("recent", 0, 0, mostRecent); err != nil {
		return nil, err
	}
	wanted, err := q.wanted()
	if err != nil {
		return nil, err
	}
	text := strings.ToLower(q["text"])
	if len(text) > mostText {
		return nil, invalid("text", "has more than "+strconv.Itoa(mostText)+" bytes")
	}
	s.wanted = func(r *engine.Response) bool { return wanted(r) && (text == "" || mentions(r, text)) }
	delete(q, "recent")
	s.filtered = len(q) > 0
	return s, nil
}

// mentions tells whether a response has a text, in small letters, in what people look for.
func mentions(r *engine.Response, text string) bool {
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	p := &r.Package
	if has(p.ID) || has(p.Device) || has(p.App.Token) || has(p.CallbackID) || has(r.Message) || has(r.ADID) || has(string(p.Kind)) ||
		has(string(r.Body[:min(len(r.Body), searchBody)])) {
		return true
	}
	for _, params := range []map[string]string{p.Params, p.CallbackParams, p.PartnerParams} {
		for name, value := range params {
			if has(value) && !credential(name) {
				return true
			}
		}
	}
	return false
}

// run tells what is wanted until ctx ends or the asker has gone. It holds nothing that others wait for.
func (s *answers) run(ctx context.Context) {
	next := time.NewTimer(answersEvery)
	defer next.Stop()
	var sent time.Time // before the first
	for ctx.Err() == nil {
		if !s.may() {
			return // asking again, it is told why
		}
		news, err := s.step(ctx)
		if err != nil {
			if ctx.Err() == nil {
				s.api.cfg.Log.Error().Err(err).Msg("a stream of answers ends: the log does not answer")
			}
			return
		}
		if time.Since(sent) >= heartbeat {
			news = append(news, encode(AnswerEvent{Type: "alive", Last: s.last})...)
		}
		if len(news) > 0 {
			if s.out.send(news) != nil {
				return
			}
			sent = time.Now()
		}
		every := answersEvery
		if s.many {
			every = answersMany
		}
		next.Reset(every)
		select {
		case <-ctx.Done():
		case <-next.C:
		}
	}
}
