package wire

import (
	"time"

	"trackhook/engine"
)

// A response is written as what is different from the one before, because most of a batch is alike: which fields those are, a bit
// each, and then they. The first one follows the zero response. Writing all of each, and reading it, was half of what it cost to
// hand a batch over. The constants are those bits.
const (
	hasSeq uint64 = 1 << iota // it is not the next number
	hasID
	hasKind
	hasToken
	hasEnvironment
	hasDevice
	hasCallbackID
	hasParams
	hasCallbackParams
	hasPartnerParams
	hasCreated
	hasAttempt
	hasOutcome
	hasRule
	hasStatus
	hasBody
	hasMessage
	hasTimestamp
	hasADID
	hasRetryIn
	hasAskIn
	hasContinueIn
	hasNextAttempt
	hasAt
	// isAmbiguous and the other two are the field itself.
	isAmbiguous
	isWillRetry
	isRepeat
	// newParams tells that the names of Params are not those of the one before, and so on.
	newParams
	newCallbackParams
	newPartnerParams
)

// names are those of the last maps of each kind, in the order in which their values go over.
type names struct{ params, callback, partner []string }

// AppendResponses appends responses.
func AppendResponses(b []byte, responses []engine.Response) []byte {
	b = AppendNumber(b, uint64(len(responses)))
	var before engine.Response
	var known names
	last := &before
	for n := range responses {
		b = appendResponse(b, &responses[n], last, &known)
		last = &responses[n]
	}
	return b
}

// differences are the bits of a response, without those of its maps' names.
func differences(r, last *engine.Response) (bits uint64) {
	p, q := &r.Package, &last.Package
	for bit, differs := range [...]bool{
		r.Seq != last.Seq+1, p.ID != q.ID, p.Kind != q.Kind, p.App.Token != q.App.Token, p.App.Environment != q.App.Environment,
		p.Device != q.Device, p.CallbackID != q.CallbackID, len(p.Params) > 0, len(p.CallbackParams) > 0, len(p.PartnerParams) > 0,
		!p.Created.IsZero(), r.Attempt != last.Attempt, r.Outcome != last.Outcome, r.Rule != last.Rule, r.Status != last.Status,
		r.Body != nil, r.Message != last.Message, r.Timestamp != last.Timestamp, r.ADID != last.ADID,
		r.RetryIn != last.RetryIn, r.AskIn != last.AskIn, r.ContinueIn != last.ContinueIn, !r.NextAttempt.IsZero(),
		!r.At.IsZero(), r.Ambiguous, r.WillRetry, r.Repeat,
	} {
		if differs {
			bits |= 1 << bit
		}
	}
	return bits
}

func appendResponse(b []byte, r, last *engine.Response, known *names) []byte {
	p := &r.Package
	bits := differences(r, last)
	for _, m := range [...]struct {
		pairs map[string]string
		names *[]string
		bit   uint64
	}{{p.Params, &known.params, newParams}, {p.CallbackParams, &known.callback, newCallbackParams}, {p.PartnerParams, &known.partner, newPartnerParams}} {
		if len(m.pairs) > 0 && !hasNames(m.pairs, *m.names) {
			bits |= m.bit
			*m.names = (*m.names)[:0]
			for name := range m.pairs {
				*m.names = append(*m.names, name)
			}
		}
	}
	b = AppendNumber(b, bits)
	for _, s := range [...]struct {
		text string
		bit  uint64
	}{
		{p.ID, hasID},
		{string(p.Kind), hasKind},
		{p.App.Token, hasToken},
		{string(p.App.Environment), hasEnvironment},
		{p.Device, hasDevice},
		{p.CallbackID, hasCallbackID},
		{r.Rule, hasRule},
		{r.Message, hasMessage},
		{r.Timestamp, hasTimestamp},
		{r.ADID, hasADID},
	} {
		if bits&s.bit != 0 {
			b = AppendString(b, s.text)
		}
	}
	for _, n := range [...]struct {
		number int64
		bit    uint64
	}{
		{int64(r.Seq), hasSeq}, //nolint:gosec // read back as it was
		{int64(r.Outcome), hasOutcome},
		{int64(r.Attempt), hasAttempt},
		{int64(r.Status), hasStatus},
		{int64(r.RetryIn), hasRetryIn},
		{int64(r.AskIn), hasAskIn},
		{int64(r.ContinueIn), hasContinueIn},
	} {
		if bits&n.bit != 0 {
			b = AppendInt(b, n.number)
		}
	}
	if bits&hasBody != 0 {
		b = AppendString(b, r.Body)
	}
	b = appendTime(b, bits&hasCreated, p.Created)
	b = appendTime(b, bits&hasNextAttempt, r.NextAttempt)
	b = appendTime(b, bits&hasAt, r.At)
	b = appendValues(b, p.Params, known.params, bits&newParams != 0)
	b = appendValues(b, p.CallbackParams, known.callback, bits&newCallbackParams != 0)
	return appendValues(b, p.PartnerParams, known.partner, bits&newPartnerParams != 0)
}

func appendTime(b []byte, has uint64, t time.Time) []byte {
	if has == 0 {
		return b
	}
	return AppendTime(b, t)
}

// hasNames tells whether pairs have these names and no others.
func hasNames(pairs map[string]string, names []string) bool {
	if len(pairs) != len(names) {
		return false
	}
	for _, name := range names {
		if _, ok := pairs[name]; !ok {
			return false
		}
	}
	return true
}

// appendValues appends the values of pairs in the order of their names, and before them the names, if those are new.
func appendValues(b []byte, pairs map[string]string, names []string, areNew bool) []byte {
	if len(pairs) == 0 {
		return b
	}
	if areNew {
		b = AppendStrings(b, names)
	}
	for _, name := range names {
		b = AppendString(b, pairs[name])
	}
	return b
}

// Responses reads responses. Their bodies are parts of the frame.
func (f *Fields) Responses() []engine.Response {
	n := f.count()
	responses := make([]engine.Response, min(n, 1000))[:0]
	var before engine.Response
	var known names
	last := &before
	for range n {
		responses = append(responses, engine.Response{})
		r := &responses[len(responses)-1]
		f.response(r, last, &known)
		if f.err != nil {
			return nil
		}
		last = r
	}
	return responses
}

func (f *Fields) response(r, last *engine.Response, known *names) {
	bits := f.Number()
	p, q := &r.Package, &last.Package
	p.ID, p.Kind, p.App, p.Device, p.CallbackID, r.Rule = q.ID, q.Kind, q.App, q.Device, q.CallbackID, last.Rule
	f.changed(bits&hasID, &p.ID)
	f.changed(bits&hasKind, (*string)(&p.Kind))
	f.changed(bits&hasToken, &p.App.Token)
	f.changed(bits&hasEnvironment, (*string)(&p.App.Environment))
	f.changed(bits&hasDevice, &p.Device)
	f.changed(bits&hasCallbackID, &p.CallbackID)
	f.changed(bits&hasRule, &r.Rule)
	r.Message, r.Timestamp, r.ADID = last.Message, last.Timestamp, last.ADID
	f.changed(bits&hasMessage, &r.Message)
	f.changed(bits&hasTimestamp, &r.Timestamp)
	f.changed(bits&hasADID, &r.ADID)
	r.Seq = uint64(f.number(bits&hasSeq, int64(last.Seq+1)))                   //nolint:gosec // as it was written
	r.Outcome = engine.Outcome(f.number(bits&hasOutcome, int64(last.Outcome))) //nolint:gosec // another one is none that is known
	r.Attempt, r.Status = int(f.number(bits&hasAttempt, int64(last.Attempt))), int(f.number(bits&hasStatus, int64(last.Status)))
	r.RetryIn = time.Duration(f.number(bits&hasRetryIn, int64(last.RetryIn)))
	r.AskIn = time.Duration(f.number(bits&hasAskIn, int64(last.AskIn)))
	r.ContinueIn = time.Duration(f.number(bits&hasContinueIn, int64(last.ContinueIn)))
	if bits&hasBody != 0 {
		r.Body = f.Bytes()
	}
	p.Created, r.NextAttempt, r.At = f.time(bits&hasCreated), f.time(bits&hasNextAttempt), f.time(bits&hasAt)
	r.Ambiguous, r.WillRetry, r.Repeat = bits&isAmbiguous != 0, bits&isWillRetry != 0, bits&isRepeat != 0
	p.Params = f.values(bits&hasParams, bits&newParams, &known.params)
	p.CallbackParams = f.values(bits&hasCallbackParams, bits&newCallbackParams, &known.callback)
	p.PartnerParams = f.values(bits&hasPartnerParams, bits&newPartnerParams, &known.partner)
}

// changed reads a text if it is there.
func (f *Fields) changed(is uint64, text *string) {
	if is != 0 {
		*text = f.Text()
	}
}

// number reads a number if it is there.
func (f *Fields) number(is uint64, otherwise int64) int64 {
	if is == 0 {
		return otherwise
	}
	return f.Int()
}

func (f *Fields) time(is uint64) time.Time {
	if is == 0 {
		return time.Time{}
	}
	return f.Time()
}

// values reads pairs if they are there: their names, if those are new, and their values.
func (f *Fields) values(are, areNew uint64, names *[]string) map[string]string {
	if are == 0 {
		return nil
	}
	if areNew != 0 {
		*names = f.Texts()
	}
	if len(*names) > len(f.rest) {
		f.fail("more than its frame holds")
		return nil
	}
	pairs := make(map[string]string, len(*names))
	for _, name := range *names {
		pairs[name] = f.Text()
	}
	return pairs
}
