package format_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/google/go-cmp/cmp"
)

// samplePackage has every field set.
func samplePackage() engine.Package {
	return engine.Package{
		ID: "id", Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device: "idfa=1", Params: map[string]string{"a": "1", "b": "", "": "\x00"},
		CallbackParams: map[string]string{"c": "2"}, PartnerParams: map[string]string{"d": "3"},
		CallbackID: "mine", Created: time.Unix(1_700_000_000, 123).UTC(),
	}
}

func sampleResponse() engine.Response {
	at := time.Unix(1_700_000_100, 456).UTC()
	return engine.Response{
		Package: samplePackage(), Attempt: 3, Outcome: engine.Retry, Rule: "rule", Status: 429, Body: []byte("body\x00"),
		Message: "message", Timestamp: "then", ADID: "adid", Ambiguous: true, RetryIn: time.Second, AskIn: time.Minute,
		ContinueIn: time.Hour, WillRetry: true, NextAttempt: at.Add(time.Minute), Repeat: true, At: at,
	}
}

func sampleHeader() format.ResponseHeader {
	return format.ResponseHeader{
		Verdict: engine.Requeue, Logged: 1_700_000_100_000_000_456, Previous: 7, Accepted: time.Unix(1_700_000_000, 0), Failures: 2, Ambiguous: true,
	}
}

func TestPackageIsDeterministic(t *testing.T) {
	t.Parallel()
	p := samplePackage()
	for i := range 100 {
		p.Params[string(rune('c'+i%20))] = "x"
	}
	want := format.AppendPackage(nil, p.Created, 0, &p)
	for range 50 {
		copied := p.Clone()
		if got := format.AppendPackage(nil, p.Created, 0, &copied); !bytes.Equal(got, want) {
			t.Fatal("equal packages have different bytes")
		}
	}
}

func FuzzDecodePackage(f *testing.F) {
	p := samplePackage()
	f.Add(format.AppendPackage(nil, p.Created, 0, &p))
	f.Add(format.AppendPackage(nil, time.Time{}, 0, &engine.Package{}))
	f.Add([]byte{1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, value []byte) {
		first, err := format.DecodePackage(value)
		if err != nil {
			return
		}
		// What can be read can be written and read again, and is the same.
		again, err := format.DecodePackage(format.AppendPackage(nil, first.Accepted, first.Previous, &first.Package))
		if err != nil {
			t.Fatalf("decode again: %v", err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("package changed (-first +second):\n%s", diff)
		}
	})
}

func FuzzDecodeResponse(f *testing.F) {
	r := sampleResponse()
	h := sampleHeader()
	f.Add(format.AppendResponse(format.AppendResponseHeader(nil, h), &r))
	f.Add(format.AppendResponse(format.AppendResponseHeader(nil, format.ResponseHeader{}), &engine.Response{}))
	f.Add([]byte{1, 1, 2, 3})
	f.Fuzz(func(t *testing.T, value []byte) {
		if h, id, err := format.DecodeResponseHeader(value); err == nil {
			full, response, err := format.DecodeResponse(9, value)
			if err == nil && len(id) <= engine.MaxIDBytes && (full != h || response.Package.ID != id) {
				t.Fatalf("the header alone is %+v %q, and with the rest %+v %q", h, id, full, response.Package.ID)
			}
		}
		h, response, err := format.DecodeResponse(9, value)
		if err != nil {
			return
		}
		_, again, err := format.DecodeResponse(9, format.AppendResponse(format.AppendResponseHeader(nil, h), &response))
		if err != nil {
			t.Fatalf("decode again: %v", err)
		}
		if diff := cmp.Diff(response, again); diff != "" {
			t.Fatalf("response changed (-first +second):\n%s", diff)
		}
	})
}

func FuzzDecodeRecords(f *testing.F) {
	head := format.Slot{Place: format.Place{Due: 5, Number: 6}, Attempts: 1, Failures: 2, Last: engine.Blocked, Previous: 3}
	session := format.Slot{Place: format.Place{Due: 7, Number: 8}}
	f.Add(format.AppendLaneRecord(nil, &format.LaneRecord{Head: head, Device: engine.Device{ADID: "a", Session: time.Unix(1, 2)}}))
	f.Add(format.AppendLaneRecord(nil, &format.LaneRecord{Head: head, Waiting: true, Session: session}))
	f.Add(format.AppendIDRecord(nil, format.IDRecord{State: format.IDDead, Number: 1, Last: 2}))
	f.Add(format.AppendCursor(nil, format.Cursor{Seq: 1, Touched: 2, Since: 1, Version: "v"}))
	f.Add(format.AppendState(nil, &format.State{Packages: 1, Last: 300, Clock: -1}))
	f.Add(format.AppendDeadLetter(nil, &format.DeadLetter{
		Buried: 1, Attempts: 3, Failures: 2, Message: "no", Outcome: engine.Rejected, Package: samplePackage(),
	}))
	f.Add(format.AppendCounts(nil, &format.Counts{Accepted: 3, Ambiguous: 1, Outcomes: []uint64{0, 2, 300}}))
	f.Add(format.AppendStretch(nil, &format.Stretch{Until: 9, Version: "v"}))
	f.Add(format.AppendFailure(nil, "boom"))
	f.Add(format.AppendVersion(nil))
	f.Fuzz(func(t *testing.T, value []byte) {
		again(t, value, format.DecodeCounts, format.AppendCounts)
		again(t, value, format.DecodeLaneRecord, format.AppendLaneRecord)
		again(t, value, format.DecodeState, format.AppendState)
		again(t, value, format.DecodeDeadLetter, format.AppendDeadLetter)
		again(t, value, func(value []byte) (format.Stretch, error) { return format.DecodeStretch(1, value) }, format.AppendStretch)
		again(t, value, format.DecodeIDRecord, func(b []byte, i *format.IDRecord) []byte { return format.AppendIDRecord(b, *i) })
		again(t, value, format.DecodeCursor, func(b []byte, c *format.Cursor) []byte { return format.AppendCursor(b, *c) })
		again(t, value, format.DecodeFailure, func(b []byte, text *string) []byte { return format.AppendFailure(b, *text) })
		again(t, value, format.DecodeVersion, func(b []byte, v *uint64) []byte { return binary.AppendUvarint(b, *v) })
		format.DecodeRemains(value) // it must not panic
	})
}

// again writes what can be decoded, and decodes that: it must be the same.
func again[T any](t *testing.T, value []byte, decode func([]byte) (T, error), encode func([]byte, *T) []byte) {
	t.Helper()
	first, err := decode(value)
	if err != nil {
		return
	}
	second, err := decode(encode(nil, &first))
	if err != nil {
		t.Fatalf("decode %+v again: %v", first, err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Fatalf("%T changed (-first +second):\n%s", first, diff)
	}
}
