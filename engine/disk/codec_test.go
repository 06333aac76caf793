package disk

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"trackhook/engine"

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

func TestPackageIsDeterministic(t *testing.T) {
	t.Parallel()
	p := samplePackage()
	for i := range 100 {
		p.Params[string(rune('c'+i%20))] = "x"
	}
	want := appendPackage(nil, p.Created, 0, &p)
	for range 50 {
		copied := p.Clone()
		if got := appendPackage(nil, p.Created, 0, &copied); !bytes.Equal(got, want) {
			t.Fatal("equal packages have different bytes")
		}
	}
}

func FuzzDecodePackage(f *testing.F) {
	p := samplePackage()
	f.Add(appendPackage(nil, p.Created, 0, &p))
	f.Add(appendPackage(nil, time.Time{}, 0, &engine.Package{}))
	f.Add([]byte{packageVersion, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{packageVersion + 1})
	f.Fuzz(func(t *testing.T, value []byte) {
		first, err := decodePackage(value)
		if err != nil {
			return
		}
		// What can be read can be written and read again, and is the same.
		again, err := decodePackage(appendPackage(nil, first.accepted, first.previous, &first.pkg))
		if err != nil {
			t.Fatalf("decode again: %v", err)
		}
		if diff := cmp.Diff(first, again, cmp.AllowUnexported(stored{})); diff != "" {
			t.Fatalf("package changed (-first +second):\n%s", diff)
		}
	})
}

func FuzzDecodeResponse(f *testing.F) {
	r := sampleResponse()
	s := stamp{
		verdict: engine.Requeue, logged: 1_700_000_100_000_000_456, previous: 7, accepted: time.Unix(1_700_000_000, 0), failures: 2, ambiguous: true,
	}
	f.Add(appendResponse(appendStamp(nil, s), &r))
	f.Add(appendResponse(appendStamp(nil, stamp{}), &engine.Response{}))
	f.Add([]byte{responseVersion, 1, 2, 3})
	f.Fuzz(func(t *testing.T, value []byte) {
		if s, id, err := decodeStamp(value); err == nil {
			full, response, err := decodeResponse(9, value)
			if err == nil && len(id) <= engine.MaxIDBytes && (full != s || response.Package.ID != id) {
				t.Fatalf("the stamp alone is %+v %q, and with the rest %+v %q", s, id, full, response.Package.ID)
			}
		}
		s, response, err := decodeResponse(9, value)
		if err != nil {
			return
		}
		_, again, err := decodeResponse(9, appendResponse(appendStamp(nil, s), &response))
		if err != nil {
			t.Fatalf("decode again: %v", err)
		}
		if diff := cmp.Diff(response, again); diff != "" {
			t.Fatalf("response changed (-first +second):\n%s", diff)
		}
	})
}

func FuzzDecodeRecords(f *testing.F) {
	head := slot{place: place{5, 6}, attempts: 1, failures: 2, last: engine.Blocked, previous: 3}
	f.Add(appendLaneRecord(nil, &laneRecord{head: head, device: engine.Device{ADID: "a", Session: time.Unix(1, 2)}}))
	f.Add(appendLaneRecord(nil, &laneRecord{head: head, waiting: true, session: slot{place: place{7, 8}}}))
	f.Add(appendIDRecord(nil, idRecord{state: idDead, number: 1, last: 2}))
	f.Add(appendCursor(nil, cursor{seq: 1, touched: 2, since: 1, version: "v"}))
	f.Add(appendState(nil, &state{packages: 1, last: 300, clock: -1}))
	f.Add(appendDead(nil, &dead{buried: 1, attempts: 3, failures: 2, message: "no", outcome: engine.Rejected, pkg: samplePackage()}))
	f.Add(appendCountRow(nil, &countRow{accepted: 3, ambiguous: 1, outcomes: []uint64{0, 2, 300}}))
	f.Add(appendStretch(nil, &stretch{until: 9, version: "v"}))
	f.Fuzz(func(t *testing.T, value []byte) {
		var row, second countRow
		if decodeCountRow(value, &row) == nil {
			if err := decodeCountRow(appendCountRow(nil, &row), &second); err != nil || !slices.Equal(row.outcomes, second.outcomes) {
				t.Fatalf("counts %+v became %+v, %v", row, second, err)
			}
		}
		if s, err := decodeStretch(1, value); err == nil {
			if again, err := decodeStretch(1, appendStretch(nil, &s)); err != nil || again != s {
				t.Fatalf("stretch %+v became %+v, %v", s, again, err)
			}
		}
		if l, err := decodeLaneRecord(value); err == nil {
			if again, err := decodeLaneRecord(appendLaneRecord(nil, &l)); err != nil || again != l {
				t.Fatalf("lane record %+v became %+v, %v", l, again, err)
			}
		}
		if i, err := decodeIDRecord(value); err == nil {
			if again, err := decodeIDRecord(appendIDRecord(nil, i)); err != nil || again != i {
				t.Fatalf("ID record %+v became %+v, %v", i, again, err)
			}
		}
		if c, err := decodeCursor(value); err == nil {
			if again, err := decodeCursor(appendCursor(nil, c)); err != nil || again != c {
				t.Fatalf("cursor %+v became %+v, %v", c, again, err)
			}
		}
		if s, err := decodeState(value); err == nil {
			if again, err := decodeState(appendState(nil, &s)); err != nil || again != s {
				t.Fatalf("state %+v became %+v, %v", s, again, err)
			}
		}
		if d, err := decodeDead(value); err == nil {
			if _, err := decodeDead(appendDead(nil, &d)); err != nil {
				t.Fatalf("dead letter: %v", err)
			}
		}
	})
}

func TestKeyPartsKeepOrder(t *testing.T) {
	t.Parallel()
	parts := []string{"", "\x00", "\x00\x00", "\x00\x01", "\x00\xff", "\x01", "a", "a\x00", "a\x00b", "aa", "b", "\xff"}
	for i, a := range parts {
		key := appendPart(nil, a)
		part, rest, err := cutPart(append(bytes.Clone(key), "rest"...))
		if err != nil || part != a || string(rest) != "rest" {
			t.Errorf("cutPart of %q = %q, %q, %v", a, part, rest, err)
		}
		for j, b := range parts {
			other := appendPart(nil, b)
			if got := bytes.Compare(key, other); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%q and %q: the order of the keys is %d", a, b, got)
			}
			if i != j && bytes.HasPrefix(other, key) {
				t.Errorf("the key of %q is a prefix of that of %q", a, b)
			}
		}
	}
}

// TestWindow compares the window with a sorted index that it may read again at any time.
func TestWindow(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 1))
	w := newWindow(windowMost)
	w.end = everything()
	var last place
	for n := range uint64(5 * windowMost) {
		w.add(entry{place: place{due: chance.Int64N(1000), number: n + 1}})
	}
	if len(w.heap) > 2*windowMost {
		t.Fatalf("the window holds %d entries", len(w.heap))
	}
	if w.complete() {
		t.Fatal("the window should have an end")
	}
	for {
		e, ok := w.take(1000)
		if !ok {
			break
		}
		if e.before(last) || w.end.before(e.place) {
			t.Fatalf("took %v after %v with the end at %v", e.place, last, w.end)
		}
		last = e.place
	}
	if len(w.due) != 0 {
		t.Fatalf("%d entries are left over", len(w.due))
	}
}
