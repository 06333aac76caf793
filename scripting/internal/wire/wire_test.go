package wire_test

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/scripting/internal/wire"
)

func responses() []engine.Response {
	at := time.Date(2026, 11, 30, 8, 0, 0, 123, time.UTC)
	return []engine.Response{
		{
			Seq: 7, Attempt: 2, Outcome: engine.Retry, Rule: "r", Status: 503, Body: []byte(`{"a":1}`), Message: "m", Timestamp: "t", ADID: "a", Ambiguous: true,
			RetryIn: time.Second, AskIn: 2, ContinueIn: 3, WillRetry: true, NextAttempt: at.Add(time.Hour), Repeat: true, At: at,
			Package: engine.Package{
				ID: "i", Kind: engine.KindEvent, App: engine.App{Token: "abc", Environment: engine.Sandbox}, Device: "d", CallbackID: "c", Created: at,
				Params: map[string]string{"a": "b", "c": ""}, CallbackParams: map[string]string{"x": "y"},
			},
		},
		{Body: []byte{}},
		{},
		{Seq: 1, Package: engine.Package{Params: map[string]string{"c": "1", "a": "2"}, PartnerParams: map[string]string{"p": "1"}}},
		{Seq: 2, Package: engine.Package{Params: map[string]string{"c": "1", "a": "", "b": "3"}, PartnerParams: map[string]string{"q": "1"}}},
		{Seq: 3, Status: -1, Package: engine.Package{Params: map[string]string{"c": "x", "a": "y", "b": "z"}, CallbackParams: map[string]string{"": ""}}},
		{Seq: math.MaxUint64, RetryIn: -1},
	}
}

func TestResponsesComeBack(t *testing.T) {
	t.Parallel()
	var pipe bytes.Buffer
	conn := wire.NewConn(&pipe, &pipe)
	if err := conn.Channel(5).Send(wire.Handle, wire.AppendResponses(nil, responses())); err != nil {
		t.Fatal(err)
	}
	channel, kind, body, err := conn.Receive()
	if err != nil || kind != wire.Handle || channel != 5 {
		t.Fatal(channel, kind, err)
	}
	f := wire.NewFields(body)
	if diff := cmp.Diff(responses(), f.Responses()); diff != "" || f.End() != nil {
		t.Error(diff, f.End())
	}
	result := wire.Result{Handled: 3, Runs: 5, Failures: 1, P50: 1, P99: 2, Failed: map[uint64]string{7: "x"}, Spent: true, Overran: true, Error: "e"}
	f = wire.NewFields(wire.AppendResult(nil, &result))
	if diff := cmp.Diff(result, f.Result()); diff != "" || f.End() != nil {
		t.Error(diff, f.End())
	}
	pairs := map[string][]byte{"a": nil, "b": {}, "c": []byte("d")}
	if diff := cmp.Diff(pairs, wire.NewFields(wire.AppendPairs(nil, pairs)).Pairs()); diff != "" {
		t.Error(diff)
	}
}

// Lines that follow each other share a frame, and nothing else does; all comes out in order, and Progress behind it.
func TestFramesJoin(t *testing.T) {
	t.Parallel()
	var pipe bytes.Buffer
	conn := wire.NewConn(&pipe, &pipe)
	a, b := conn.Channel(1), conn.Channel(2)
	a.SetLast(func() (wire.Kind, []byte, bool) { return wire.Progress, []byte{1}, true })
	large := bytes.Repeat([]byte("x"), 100<<10)
	for _, err := range []error{
		a.Join(wire.SaidLines, []byte("1")), a.Join(wire.SaidLines, []byte("2")), b.Join(wire.SaidLines, []byte("3")), a.Join(wire.SaidLines, []byte("4")),
		a.Put(wire.Line, []byte("5")), a.Join(wire.SaidLines, []byte("6")), a.Join(wire.SaidLines, large), a.Join(wire.SaidLines, []byte("7")),
		a.Join(wire.SaidLines, []byte("8")), a.Send(wire.Handled, []byte("9")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []struct {
		channel uint32
		kind    wire.Kind
		body    string
	}{
		{1, wire.SaidLines, "12"},
		{2, wire.SaidLines, "3"},
		{1, wire.SaidLines, "4"},
		{1, wire.Line, "5"},
		{1, wire.SaidLines, "6"},
		{1, wire.SaidLines, string(large)},
		{1, wire.SaidLines, "78"},
		{1, wire.Handled, "9"},
		{1, wire.Progress, "\x01"},
	} {
		channel, kind, body, err := conn.Receive()
		if err != nil || channel != want.channel || kind != want.kind || string(body) != want.body {
			t.Errorf("%d %d %.20q, %v, want %d %d %.20q", channel, kind, body, err, want.channel, want.kind, want.body)
		}
	}
	if pipe.Len() > 0 {
		t.Errorf("%d bytes more", pipe.Len())
	}
}

func TestSaidLinesComeBack(t *testing.T) {
	t.Parallel()
	lines := []wire.Said{{Level: -1, Seq: math.MaxUint64, Version: "v", Text: "a\n"}, {}, {Level: 3, Text: strings.Repeat("x", 1000)}}
	var body []byte
	for n := range lines {
		body = wire.AppendSaid(body, &lines[n])
	}
	f := wire.NewFields(body)
	for n := range lines {
		if line, ok := f.Said(); !ok || line != lines[n] {
			t.Errorf("%v, %v", line, ok)
		}
	}
	if _, ok := f.Said(); ok || f.End() != nil {
		t.Error("there is more", f.End())
	}
}

// Times of one batch are told as what is different, and come back as they were, wherever they are.
func TestTimesComeBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 30, 8, 0, 0, 123, time.UTC)
	var batch []engine.Response
	for _, one := range []time.Time{
		at, at.In(time.FixedZone("", 3600)), at.Local(), at.In(time.FixedZone("", -3600)),
		{},
		time.Unix(math.MaxInt64>>1, 999_999_999).UTC(),
		time.Unix(math.MinInt64>>1, 0).UTC(), at.Add(1), time.Unix(0, 0).UTC(),
	} {
		batch = append(batch, engine.Response{At: one, NextAttempt: at, Package: engine.Package{Created: one}})
	}
	f := wire.NewFields(wire.AppendResponses(nil, batch))
	for n, r := range f.Responses() {
		want, got := batch[n], []time.Time{r.At, r.Package.Created, r.NextAttempt}
		for i, one := range []time.Time{want.At, want.Package.Created, want.NextAttempt} {
			_, here := one.Zone()
			if _, there := got[i].Zone(); !got[i].Equal(one) || here != there {
				t.Errorf("response %d: %v became %v", n, one, got[i])
			}
		}
	}
	if f.End() != nil {
		t.Error(f.End())
	}
}

// A length that is a lie costs no memory, and is an error.
func TestLengthsThatLie(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{"\xff\xff\xff\xff\x00\x00\x00\x00\x01", "\x00\x00\x00\x03\x00\x00\x00\x00\x01abc", "\x05\x00\x00\x00\x00\x00\x00\x00\x01ab"} {
		if _, _, _, err := wire.NewConn(bytes.NewReader([]byte(frame)), nil).Receive(); err == nil {
			t.Errorf("%q was taken", frame)
		}
	}
}

func FuzzFields(f *testing.F) {
	f.Add(wire.AppendResponses(nil, responses()))
	f.Add(wire.AppendResult(nil, &wire.Result{Failed: map[uint64]string{1: "x"}}))
	f.Add(wire.AppendSaid(nil, &wire.Said{Level: 1, Seq: 7, Version: "v", Text: "x"}))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		for _, read := range []func(*wire.Fields){
			func(f *wire.Fields) { f.Responses() }, func(f *wire.Fields) { f.Result() }, func(f *wire.Fields) { f.Packages() },
			func(f *wire.Fields) { f.Pairs() }, func(f *wire.Fields) { f.Texts() }, func(f *wire.Fields) { f.Map() },
			func(f *wire.Fields) {
				for {
					if _, ok := f.Said(); !ok {
						return
					}
				}
			},
		} {
			fields := wire.NewFields(body)
			read(fields)
			_ = fields.End()
		}
		_, _, _, _ = wire.NewConn(bytes.NewReader(body), nil).Receive()
	})
}

// BenchmarkHandOver is a batch of 100 responses as most are, written and read.
func BenchmarkHandOver(b *testing.B) {
	batch := make([]engine.Response, 100)
	for n := range batch {
		batch[n] = engine.Response{
			Seq: uint64(n + 1), Attempt: 1, Outcome: engine.Delivered, Status: 200, Timestamp: "2026-11-30T08:00:00.000Z+0000", At: time.Now(),
			Body: []byte(`{"app_token":"abc123def456","adid":"b2c5","timestamp":"2026-11-30T08:00:00.000Z+0000","message":"Event tracked"}`),
			Package: engine.Package{
				ID: strconv.Itoa(n), Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
				Params: map[string]string{"event_token": "abc123", "external_device_id": "1", "os_name": "windows"}, Created: time.Now(),
			},
		}
	}
	body := wire.AppendResponses(nil, batch)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			body = wire.AppendResponses(body[:0], batch)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if len(wire.NewFields(body).Responses()) != 100 {
				b.Fatal("lost some")
			}
		}
	})
}
