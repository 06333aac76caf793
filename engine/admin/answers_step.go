package admin

import (
	"context"
	"errors"
	"slices"

	"trackhook/engine"
	"trackhook/engine/site"
)

// needOfReading is what it takes to listen.
const needOfReading = site.Read

const (
	// So many answers are known of those that were told, to tell what plugins make of them.
	mostKnown = 500
	// So many answers are asked after at a time, and so many lines that belong to none are told.
	mostAsked = 50
	mostLoose = 25
	// After so many times without news, plugins are asked after once in so many.
	quickLooks = 10
	// mostEarly bounds the lines that are kept for answers that were not told yet.
	mostEarly = 1000
)

// answers is one asker who listens.
type answers struct {
	api    *api
	out    *stream
	wanted func(*engine.Response) bool
	// plugin is the one that must have run. Empty: none must.
	plugin string
	// filtered tells that responses must be looked at to know whether they are wanted.
	filtered bool
	// may tells whether the asker may still ask.
	may func() bool
	// given tells that after was asked for, and recent is how far to look back otherwise.
	given  bool
	recent uint64

	// after is the last response that was looked at, and last the newest one.
	after, last uint64
	// lookBack are the responses up to which none is left out.
	lookBack uint64
	told     map[uint64]*toldAnswer
	order    []uint64 // of told, oldest first
	many     bool     // not all that came the last time were told
	calm     int      // how often nothing had happened
	cursors  map[string]uint64
	line     uint64    // the next line to hear
	early    []Printed // of answers that were not looked at yet
}

// toldAnswer is a response that was told.
type toldAnswer struct {
	response engine.Response // without its body
	printed  []Printed
	stale    bool           // what was told of its runs is not what there is
	more     map[string]int // by plugin, how many lines were printed that are not kept
}

// add keeps a line that was printed on it.
func (t *toldAnswer) add(line *Printed) {
	t.stale = true
	kept := 0
	for i := range t.printed {
		if t.printed[i].Plugin == line.Plugin {
			kept++
		}
	}
	switch {
	case kept < mostLines:
		t.printed = append(t.printed, *line)
	case t.more == nil:
		t.more = map[string]int{line.Plugin: 1}
	default:
		t.more[line.Plugin]++
	}
}

// open begins with what was printed before.
func (s *answers) open(last uint64) {
	s.last = last
	if !s.given || s.recent > 0 {
		s.lookBack = last
	}
	s.early, s.line = s.api.cfg.Printed(0)
	s.early = slices.DeleteFunc(s.early, func(p Printed) bool { return p.Seq <= s.after })
}

// step returns what is new.
func (s *answers) step(ctx context.Context) (news []byte, err error) {
	last, err := s.api.cfg.Responses.Last(ctx)
	if err != nil {
		return nil, err
	}
	printed := s.listen()
	if s.calm++; last != s.last || len(printed) > 0 {
		s.calm = 0
	}
	s.last = last
	if s.calm > quickLooks && s.calm%quickLooks != 0 {
		return nil, nil // it costs something to ask, and nothing has happened for a while
	}
	plugins := s.api.cfg.Present()
	news = s.hear(printed)
	s.notice(plugins)
	told, err := s.read(ctx, plugins)
	if err != nil {
		return nil, err
	}
	s.early = slices.DeleteFunc(s.early, func(p Printed) bool { return p.Seq <= s.after })
	return s.tellRuns(ctx, append(told, news...), plugins)
}

// listen returns what was printed since the last time.
func (s *answers) listen() (printed []Printed) {
	printed, s.line = s.api.cfg.Printed(s.line)
	return printed
}

// read tells the responses that have come.
func (s *answers) read(ctx context.Context, plugins []Plugin) (news []byte, err error) {
	upTo := s.last
	if s.plugin != "" { // what it has made of later ones is not known yet
		upTo = 0
		for i := range plugins {
			if plugins[i].Name == s.plugin && !plugins[i].CursorUnknown {
				upTo = min(s.last, plugins[i].Cursor)
			}
		}
	}
	looked, told := uint64(mostTold), mostTold
	if s.filtered {
		looked = mostLooked
	}
	if s.after < s.lookBack {
		looked, told = mostRecent, mostRecent
		if s.given {
			looked = s.recent
		}
	}
	s.many = upTo > s.after+looked
	if upTo > s.after+looked {
		news = append(news, encode(AnswerEvent{Type: "left_out", Count: upTo - looked - s.after, After: s.after, To: upTo - looked})...)
		s.after = upTo - looked
	}
	from, more := s.after, uint64(0)
	for s.after < upTo {
		batch, err := s.api.read(ctx, s.after, int(min(tailBatch, upTo-s.after))) //nolint:gosec // at most tailBatch
		if err != nil {
			return nil, err
		}
		if len(batch) == 0 {
			s.after = upTo // retention has removed the rest meanwhile
		}
		for i := range batch {
			response := &batch[i]
			if response.Seq > s.after+1 && s.after >= s.lookBack {
				news = append(news, encode(AnswerEvent{Type: "gap", After: s.after, Next: response.Seq})...)
			}
			s.after = response.Seq
			wanted, err := s.wants(ctx, response, plugins)
			if err != nil {
				return nil, err
			}
			switch {
			case !wanted:
			case told == 0:
				more++
			default:
				told--
				news = append(news, s.tell(response)...)
				if !past(response.Seq, plugins) {
					continue
				}
				if news, err = s.tellRun(ctx, news, response.Seq, plugins); err != nil {
					return nil, err
				}
			}
		}
	}
	if more > 0 {
		s.many = true
		news = append(news, encode(AnswerEvent{Type: "left_out", Count: more, After: from, To: s.after})...)
	}
	return news, nil
}

// wants tells whether a response is to be told.
func (s *answers) wants(ctx context.Context, response *engine.Response, plugins []Plugin) (bool, error) {
	if !s.wanted(response) {
		return false, nil
	}
	if s.plugin == "" {
		return true, nil
	}
	runs, err := s.runs(ctx, response, plugins)
	return slices.ContainsFunc(runs, func(run Run) bool {
		return !run.Skipped && listeningPlugin(run.Listener, plugins) == s.plugin
	}), err
}

// tell makes an event of a response, and remembers that it was told.
func (s *answers) tell(response *engine.Response) []byte {
	row := newResponse(response)
	row.tellPackage(&response.Package)
	if len(row.Body) > answerBody {
		row.Body, row.BodyText = nil, string(row.Body)
	}
	if len(row.BodyText) > answerBody {
		row.BodyText, row.BodyCut = cut(row.BodyText, answerBody), true
	}
	known := &toldAnswer{response: *response, stale: true}
	for i := range s.early {
		if s.early[i].Seq == response.Seq {
			known.add(&s.early[i])
		}
	}
	known.response.Body = nil
	known.response.Package.Params, known.response.Package.CallbackParams, known.response.Package.PartnerParams = nil, nil, nil
	if len(s.order) == mostKnown {
		delete(s.told, s.order[0])
		s.order = s.order[1:]
	}
	s.order = append(s.order, response.Seq)
	s.told[response.Seq] = known
	return encode(AnswerEvent{Type: "answer", Answer: &row})
}

// hear takes what was printed, and tells of it what belongs to no response.
func (s *answers) hear(printed []Printed) (news []byte) {
	loose := 0
	for i := range printed {
		line := &printed[i]
		known := s.told[line.Seq]
		switch {
		case known != nil:
			known.add(line)
		case line.Seq > s.after && len(s.early) < mostEarly:
			s.early = append(s.early, *line)
		case line.Seq == 0 && loose < mostLoose && (s.plugin == "" || s.plugin == line.Plugin):
			loose++
			news = append(news, encode(AnswerEvent{Type: "line", Plugin: line.Plugin, Version: line.Version, Line: &line.Line})...)
		}
	}
	return news
}

// notice finds the responses that more plugins are past than before.
func (s *answers) notice(plugins []Plugin) {
	if plugins == nil {
		return
	}
	before := s.cursors
	s.cursors = make(map[string]uint64, len(plugins))
	for i := range plugins {
		p := &plugins[i]
		if p.CursorUnknown {
			s.cursors[p.Name] = before[p.Name]
			continue
		}
		s.cursors[p.Name] = p.Cursor
		if p.Cursor == before[p.Name] {
			continue
		}
		for seq, known := range s.told {
			known.stale = known.stale || seq > before[p.Name] && seq <= p.Cursor
		}
	}
}

// tellRuns tells what plugins have made of responses, where that is not what was told.
func (s *answers) tellRuns(ctx context.Context, news []byte, plugins []Plugin) ([]byte, error) {
	var stale []uint64
	for _, seq := range slices.Backward(s.order) { // the newest are those that people look at
		if s.told[seq].stale && len(stale) < mostAsked && past(seq, plugins) {
			stale = append(stale, seq)
		}
	}
	var err error
	for _, seq := range slices.Backward(stale) {
		if news, err = s.tellRun(ctx, news, seq, plugins); err != nil {
			return nil, err
		}
	}
	return news, nil
}

// past tells whether a plugin is past a response, or may be: only then does it pay to ask what they have made of it.
func past(seq uint64, plugins []Plugin) bool {
	return len(plugins) == 0 || slices.ContainsFunc(plugins, func(p Plugin) bool { return p.CursorUnknown || p.Cursor >= seq })
}

// tellRun tells what plugins have made of one response, if any has run on it.
func (s *answers) tellRun(ctx context.Context, news []byte, seq uint64, plugins []Plugin) ([]byte, error) {
	known := s.told[seq]
	runs, err := s.runs(ctx, &known.response, plugins)
	if err != nil {
		return nil, err
	}
	known.stale = false
	runs = slices.DeleteFunc(runs, func(run Run) bool { return run.Skipped })
	if len(runs) == 0 {
		return news, nil
	}
	addLines(runs, known.printed, plugins, mostLines)
	for i := range runs {
		runs[i].LinesLeftOut += known.more[runs[i].Plugin]
	}
	return append(news, encode(AnswerEvent{Type: "runs", Seq: seq, Runs: runs})...), nil
}

// runs returns who is past a response, as far as that can be read.
func (s *answers) runs(ctx context.Context, response *engine.Response, plugins []Plugin) ([]Run, error) {
	runs, err := s.api.runs(ctx, response, plugins)
	if _, damaged := errors.AsType[*engine.PartError](err); damaged {
		err = nil
	}
	return runs, err
}
