package wire_test

import (
	"bytes"
	"math"
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
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		for _, read := range []func(*wire.Fields){
			func(f *wire.Fields) { f.Responses() }, func(f *wire.Fields) { f.Result() }, func(f *wire.Fields) { f.Packages() },
			func(f *wire.Fields) { f.Pairs() }, func(f *wire.Fields) { f.Texts() }, func(f *wire.Fields) { f.Map() },
		} {
			fields := wire.NewFields(body)
			read(fields)
			_ = fields.End()
		}
		_, _, _, _ = wire.NewConn(bytes.NewReader(body), nil).Receive()
	})
}

// BenchmarkHandOver is a batch of 100 responses, written and read.
func BenchmarkHandOver(b *testing.B) {
	batch := make([]engine.Response, 100)
	for n := range batch {
		batch[n] = responses()[0]
	}
	var body []byte
	for b.Loop() {
		body = wire.AppendResponses(body[:0], batch)
		if len(wire.NewFields(body).Responses()) != 100 {
			b.Fatal("lost some")
		}
	}
}
