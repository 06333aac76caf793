package disk

import (
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// writeResponse writes a response at the end of the log, and counts it.
func (b *builder) writeResponse(response []byte, key format.CountKey, outcome engine.Outcome, h format.ResponseHeader) (seq uint64, err error) {
	row, err := b.count(key)
	if err != nil {
		return 0, err
	}
	row.Add(outcome, h.Ambiguous)
	return b.writeUncounted(response, h)
}

// writeUncounted writes a response at the end of the log.
func (b *builder) writeUncounted(response []byte, h format.ResponseHeader) (seq uint64, err error) {
	state := &b.state
	state.Last++
	if h.Ambiguous {
		state.Ambiguous++
	}
	b.value = format.AppendResponseHeader(b.value[:0], h)
	size := len(b.value) + len(response)
	op := b.batch.SetDeferred(9, size)
	format.ResponseKey(op.Key, state.Last)
	copy(op.Value[copy(op.Value, b.value):], response)
	state.LogBytes += uint64(size)
	return state.Last, op.Finish()
}

// dropReason says why a package is dropped, in the response that this leaves in the log.
type dropReason struct{ rule, message string }

// writeDrop writes the response that a drop leaves in the log.
func (b *builder) writeDrop(why dropReason, p *engine.Package, attempts int, h format.ResponseHeader) (seq uint64, err error) {
	h.Verdict, h.Logged = engine.Remove, b.now
	return b.writeResponse(encodeDrop(why, p, attempts), format.CountKeyOf(p), engine.Dropped, h)
}

func encodeDrop(why dropReason, p *engine.Package, attempts int) []byte {
	return format.AppendResponse(nil, &engine.Response{
		Package: *p, Attempt: attempts, Outcome: engine.Dropped, Rule: why.rule, Message: why.message, At: time.Now(),
	})
}
