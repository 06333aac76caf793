package wire

import (
	"encoding/binary"
	"time"

	"trackhook/engine"
)

// A response is written as what is different from the one before, because most of a batch is alike: which fields those are, a bit
// each, and then they. The first one follows the zero response. Writing all of each, and reading it, was half of what it cost to
// hand a batch over. The constants are those bits.
const (
	hasSeq uint32 = 1 << iota // it is not the next number
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

// known is what both sides know of the responses before, beside the last one.
type known struct {
	// params and the others are the names of the last maps of each kind, in the order in which their values go over.
	params, callback, partner []string
	// created and the others are the seconds of the last times of each kind; offset is the distance from UTC of the last time of any,
	// and zone, on the side that reads, what has it.
	created, next, at int64
	offset            int
	zone              *time.Location
}

// AppendResponses appends responses.
func AppendResponses(b []byte, responses []engine.Response) []byte {
	b = AppendNumber(b, uint64(len(responses)))
	var before engine.Response
	var k known
	last := &before
	for n := range responses {
		b = appendResponse(b, &responses[n], last, &k)
		last = &responses[n]
	}
	return b
}

// appendResponse appends the bits, in four bytes, once it is known which there are, and the fields. Tables of the fields in the place
// of the statements made it half as fast.
//
//nolint:funlen,cyclop,gocyclo // it is a list
func appendResponse(b []byte, r, last *engine.Response, k *known) []byte {
	p, q := &r.Package, &last.Package
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	var bits uint32
	b = appendText(b, p.ID, q.ID, hasID, &bits)
	b = appendText(b, p.Kind, q.Kind, hasKind, &bits)
	b = appendText(b, p.App.Token, q.App.Token, hasToken, &bits)
	b = appendText(b, p.App.Environment, q.App.Environment, hasEnvironment, &bits)
	b = appendText(b, p.Device, q.Device, hasDevice, &bits)
	b = appendText(b, p.CallbackID, q.CallbackID, hasCallbackID, &bits)
	b = appendText(b, r.Rule, last.Rule, hasRule, &bits)
	b = appendText(b, r.Message, last.Message, hasMessage, &bits)
	b = appendText(b, r.Timestamp, last.Timestamp, hasTimestamp, &bits)
	b = appendText(b, r.ADID, last.ADID, hasADID, &bits)
	b = appendChange(b, int64(r.Seq), int64(last.Seq+1), hasSeq, &bits) //nolint:gosec // read back as it was
	b = appendChange(b, int64(r.Outcome), int64(last.Outcome), hasOutcome, &bits)
	b = appendChange(b, int64(r.Attempt), int64(last.Attempt), hasAttempt, &bits)
	b = appendChange(b, int64(r.Status), int64(last.Status), hasStatus, &bits)
	b = appendChange(b, int64(r.RetryIn), int64(last.RetryIn), hasRetryIn, &bits)
	b = appendChange(b, int64(r.AskIn), int64(last.AskIn), hasAskIn, &bits)
	b = appendChange(b, int64(r.ContinueIn), int64(last.ContinueIn), hasContinueIn, &bits)
	if r.Body != nil {
		bits |= hasBody
		b = AppendString(b, r.Body)
	}
	if !p.Created.IsZero() {
		bits |= hasCreated
		b = k.appendTime(b, p.Created, &k.created)
	}
	if !r.NextAttempt.IsZero() {
		bits |= hasNextAttempt
		b = k.appendTime(b, r.NextAttempt, &k.next)
	}
	if !r.At.IsZero() {
		bits |= hasAt
		b = k.appendTime(b, r.At, &k.at)
	}
	if r.Ambiguous {
		bits |= isAmbiguous
	}
	if r.WillRetry {
		bits |= isWillRetry
	}
	if r.Repeat {
		bits |= isRepeat
	}
	b = appendValues(b, p.Params, &k.params, hasParams, newParams, &bits)
	b = appendValues(b, p.CallbackParams, &k.callback, hasCallbackParams, newCallbackParams, &bits)
	b = appendValues(b, p.PartnerParams, &k.partner, hasPartnerParams, newPartnerParams, &bits)
	binary.LittleEndian.PutUint32(b[at:], bits)
	return b
}

// appendText appends a text that is not as before.
func appendText[T ~string](b []byte, text, before T, bit uint32, bits *uint32) []byte {
	if text == before {
		return b
	}
	*bits |= bit
	return AppendString(b, text)
}

// appendChange is appendText for a number.
func appendChange(b []byte, n, before int64, bit uint32, bits *uint32) []byte {
	if n == before {
		return b
	}
	*bits |= bit
	return AppendInt(b, n)
}

// appendTime appends a time: the seconds since the last one of its kind, and the nanoseconds, with whether the distance from UTC
// follows, because it is another one.
func (k *known) appendTime(b []byte, t time.Time, last *int64) []byte {
	seconds, offset := t.Unix(), 0
	if t.Location() != time.UTC {
		_, offset = t.Zone()
	}
	b = AppendInt(b, seconds-*last) // also where that overflows: it comes back the same way
	*last = seconds
	nanoseconds := uint64(t.Nanosecond()) << 1 //nolint:gosec // below a billion
	if offset == k.offset {
		return AppendNumber(b, nanoseconds)
	}
	k.offset = offset
	return AppendInt(AppendNumber(b, nanoseconds|1), int64(offset))
}

// appendValues appends the values of pairs in the order of their names, and before them the names, if those are new.
func appendValues(b []byte, pairs map[string]string, names *[]string, has, areNew uint32, bits *uint32) []byte {
	if len(pairs) == 0 {
		return b
	}
	*bits |= has
	if len(pairs) == len(*names) {
		whole, all := b, true
		for _, name := range *names {
			value, ok := pairs[name]
			if all = ok; !ok {
				break
			}
			whole = AppendString(whole, value)
		}
		if all {
			return whole
		}
	}
	*bits |= areNew
	*names = (*names)[:0]
	for name := range pairs {
		*names = append(*names, name)
	}
	b = AppendStrings(b, *names)
	for _, name := range *names {
		b = AppendString(b, pairs[name])
	}
	return b
}

// Responses reads responses. Their bodies are parts of the frame.
func (f *Fields) Responses() []engine.Response {
	n := f.count()
	responses := make([]engine.Response, min(n, 1000))[:0]
	var before engine.Response
	var k known
	k.zone = time.UTC
	last := &before
	for range n {
		responses = append(responses, engine.Response{})
		r := &responses[len(responses)-1]
		f.response(r, last, &k)
		if f.err != nil {
			return nil
		}
		last = r
	}
	return responses
}

func (f *Fields) response(r, last *engine.Response, k *known) {
	bits := f.bits()
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
	p.Created, r.NextAttempt, r.At = f.time(bits&hasCreated, k, &k.created), f.time(bits&hasNextAttempt, k, &k.next), f.time(bits&hasAt, k, &k.at)
	r.Ambiguous, r.WillRetry, r.Repeat = bits&isAmbiguous != 0, bits&isWillRetry != 0, bits&isRepeat != 0
	p.Params = f.values(bits&hasParams, bits&newParams, &k.params)
	p.CallbackParams = f.values(bits&hasCallbackParams, bits&newCallbackParams, &k.callback)
	p.PartnerParams = f.values(bits&hasPartnerParams, bits&newPartnerParams, &k.partner)
}

// changed reads a text if it is there.
func (f *Fields) changed(is uint32, text *string) {
	if is != 0 {
		*text = f.Text()
	}
}

// number reads a number if it is there.
func (f *Fields) number(is uint32, otherwise int64) int64 {
	if is == 0 {
		return otherwise
	}
	return f.Int()
}

// time reads a time if it is there.
func (f *Fields) time(is uint32, k *known, last *int64) time.Time {
	if is == 0 {
		return time.Time{}
	}
	seconds := *last + f.Int()
	*last = seconds
	nanoseconds := f.Number()
	if nanoseconds&1 != 0 {
		k.offset = int(f.Int())
		k.zone = zoneOf(k.offset)
	}
	t := time.Unix(seconds, int64(nanoseconds>>1)) //nolint:gosec // halved
	if k.offset != 0 {
		if _, here := t.Zone(); here == k.offset {
			return t
		}
	}
	return t.In(k.zone)
}

// zoneOf is what has a distance from UTC.
func zoneOf(offset int) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone("", offset)
}

// bits reads four bytes.
func (f *Fields) bits() uint32 {
	if len(f.rest) < 4 {
		f.fail("no bits")
		return 0
	}
	bits := binary.LittleEndian.Uint32(f.rest)
	f.rest = f.rest[4:]
	return bits
}

// values reads pairs if they are there: their names, if those are new, and their values.
func (f *Fields) values(are, areNew uint32, names *[]string) map[string]string {
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
