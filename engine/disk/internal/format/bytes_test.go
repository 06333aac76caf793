package format_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// TestBytes holds the bytes of every kind of key and value. A store that lies on somebody's disk has them: when one of
// these rows has to change, older programs and newer ones cannot read each other's stores, and the version must change.
func TestBytes(t *testing.T) {
	t.Parallel()
	lane := format.LaneName(engine.Lane{App: engine.App{Token: "app\x00", Environment: engine.Sandbox}, Device: "idfa=1"})
	count := format.CountKey{Day: 19000, Token: "app", Environment: "sandbox", Kind: "event", EventToken: "tok"}
	p, r := samplePackage(), sampleResponse()
	head := format.Slot{Place: format.Place{Due: 5, Number: 6}, Attempts: 1, Failures: 2, Last: engine.Blocked, Previous: 3}
	session := format.Slot{Place: format.Place{Due: 7, Number: 8}}
	dead := format.DeadLetter{
		Buried: 1, Attempts: 3, Failures: 2, Message: "no", Outcome: engine.Rejected, Accepted: time.Unix(1, 0), Package: p,
	}
	state := format.State{
		Packages: 1, First: 2, Last: 300, Queued: 4, Lanes: 5, Dead: 6, LogBytes: 7, DeadBytes: 8, Ambiguous: 9, Clock: -1,
	}
	for _, row := range []struct {
		of   string
		got  []byte
		want string
	}{
		{"VersionKey", format.VersionKey(nil), "mformat"},
		{"StateKey", format.StateKey(nil), "mstate"},
		{"PackageKey", format.PackageKey(nil, 258), "q\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"Behind", format.InLaneNumberKey(nil, format.Behind, lane, 258), "kapp\x00\xff\x00\x01sandbox\x00\x01idfa=1\x00\x01\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"Sessions", format.InLaneNumberKey(nil, format.Sessions, lane, 258), "sapp\x00\xff\x00\x01sandbox\x00\x01idfa=1\x00\x01\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"DeadInLane", format.InLaneNumberKey(nil, format.DeadInLane, lane, 258), "yapp\x00\xff\x00\x01sandbox\x00\x01idfa=1\x00\x01\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"LaneKey", format.LaneKey(nil, lane), "lapp\x00\xff\x00\x01sandbox\x00\x01idfa=1\x00\x01"},
		{"DueKey", format.DueKey(nil, format.AppOfLane(lane), format.Place{Due: 3, Number: 258}), "dapp\x00\xff\x00\x01sandbox\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"ResponseKey", format.ResponseKey(nil, 258), "r\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"IDKey", format.IDKey(nil, "id"), "iid"},
		{"DeadLetterKey", format.DeadLetterKey(nil, 258), "x\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"CursorKey", format.CursorKey(nil, "plugin/a"), "cplugin/a"},
		{"StretchKey", format.StretchKey(nil, "plugin/a", 258), "uplugin/a\x00\x01\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"FailureKey", format.FailureKey(nil, 258, "plugin/a"), "f\x00\x00\x00\x00\x00\x00\x01\x02plugin/a"},
		{"CountKey", format.CountsKey(nil, &count), "n\x00\x00J8app\x00\x01sandbox\x00\x01event\x00\x01tok\x00\x01"},
		{"DayKey", format.DayKey(19000), "n\x00\x00J8"},
		{"ValueKey", format.ValueKey(nil, "space", "key"), "vspace\x00\x01key"},
		{"format", format.AppendVersion(nil), "\x02"},
		{"package", format.AppendPackage(nil, time.Unix(1_700_000_200, 5), 7, &p), "\x01\x8a\xc0\xbe\xf1\x98\xcbΗ/\a\x02id\x05event\fabc123def456\asandbox\x06idfa=1\x04mine\xf6\x81\xd0\xe2ƿΗ/\x03\x00\x01\x00\x01a\x011\x01b\x00\x01\x01c\x012\x01\x01d\x013"},
		{"response", format.AppendResponse(format.AppendResponseHeader(nil, sampleHeader()), &r), "\x01\x82\x90\xa7\x87\xea\xaf\xc5Η/\a\x90\xa7\xb7\x87\xe9\x05\x02\x02id\x05event\fabc123def456\asandbox\x06idfa=1\x04mine\xf6\x81\xd0\xe2ƿΗ/\x03\x00\x01\x00\x01a\x011\x01b\x00\x01\x01c\x012\x01\x01d\x013\a\x03\x03\xad\x03\x04rule\amessage\x04then\x04adid\x80\xa8ֹ\a\x80ຄ\xbf\x03\x80\x80ŋ\xc6\xd1\x01\x90\x87\xc2\xee\xee\xc8Η/\x90\xa7\x87\xea\xaf\xc5Η/\x05body\x00"},
		{"lane", format.AppendLaneRecord(nil, &format.LaneRecord{Head: head, Waiting: true, Session: session, Device: engine.Device{ADID: "a", Session: time.Unix(1, 2)}}), "\x01\x03\x05\x06\n\x01\x02\x03\x00\b\x0e\x00\x00\x00\x01a\x84\xa8ֹ\a"},
		{"id", format.AppendIDRecord(nil, format.IDRecord{State: format.IDDead, Number: 1, Last: 300}), "\x01\x02\x01\xac\x02"},
		{"dead", format.AppendDeadLetter(nil, &dead), "\x01\a\x02\x03\x02\x02no\x80\xa8ֹ\a\x02id\x05event\fabc123def456\asandbox\x06idfa=1\x04mine\xf6\x81\xd0\xe2ƿΗ/\x03\x00\x01\x00\x01a\x011\x01b\x00\x01\x01c\x012\x01\x01d\x013"},
		{"cursor", format.AppendCursor(nil, format.Cursor{Seq: 1, Touched: 2, Since: 1, Version: "v"}), "\x01\x01\x04\x01\x01v"},
		{"stretch", format.AppendStretch(nil, &format.Stretch{Until: 9, Version: "v"}), "\x01\t\x01v"},
		{"failure", format.AppendFailure(nil, "boom"), "\x01\x04boom"},
		{"counts", format.AppendCounts(nil, &format.Counts{Accepted: 3, Ambiguous: 1, Outcomes: []uint64{0, 2, 300}}), "\x01\x03\x01\x03\x00\x02\xac\x02"},
		{"state", format.AppendState(nil, &state), "\x01\x01\x02\xac\x02\x04\x05\x06\a\b\t\x01"},
	} {
		if string(row.got) != row.want {
			t.Errorf("%s is %q, want %q", row.of, row.got, row.want)
		}
	}
}

// TestKeysAreWrittenOver shows that one buffer serves for many keys.
func TestKeysAreWrittenOver(t *testing.T) {
	t.Parallel()
	buffer := format.IDKey(nil, "a text that is longer than what follows")
	for _, key := range [][]byte{
		format.PackageKey(buffer, 1), format.IDKey(buffer, "id"), format.DueKey(buffer, "app", format.Place{Due: 1, Number: 2}),
		format.StretchKey(buffer, "l", 1), format.FailureKey(buffer, 1, "l"), format.ValueKey(buffer, "s", "k"),
		format.CountsKey(buffer, &format.CountKey{Day: 1}),
	} {
		if &key[0] != &buffer[0] {
			t.Errorf("%q is in a buffer of its own", key)
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	lower, upper := format.DeadLetters.Bounds()
	for _, key := range [][]byte{format.DeadLetterKey(nil, 0), format.DeadLetterKey(nil, 1<<64-1)} {
		if bytes.Compare(key, lower) < 0 || bytes.Compare(key, upper) >= 0 {
			t.Errorf("%q is not between %q and %q", key, lower, upper)
		}
	}
	for start, want := range map[string]string{"a": "b", "a\xff": "b", "\xff\xff": "", "": ""} {
		if got := format.After([]byte(start)); string(got) != want {
			t.Errorf("After(%q) = %q, want %q", start, got, want)
		}
	}
}

func TestKeyPartsKeepOrder(t *testing.T) {
	t.Parallel()
	parts := []string{"", "\x00", "\x00\x00", "\x00\x01", "\x00\xff", "\x01", "a", "a\x00", "a\x00b", "aa", "b", "\xff"}
	name := func(device string) []byte {
		return format.AppendLane(nil, engine.Lane{App: engine.App{Token: "token", Environment: engine.Sandbox}, Device: device})
	}
	for i, a := range parts {
		key := name(a)
		lane, err := format.CutLane(key)
		if err != nil || lane.Device != a || lane.App.Token != "token" || lane.App.Environment != engine.Sandbox {
			t.Errorf("CutLane of %q = %q, %v", a, lane, err)
		}
		for j, b := range parts {
			other := name(b)
			if got := bytes.Compare(key, other); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%q and %q: the order of the keys is %d", a, b, got)
			}
			if i != j && bytes.HasPrefix(other, key) {
				t.Errorf("the key of %q is a prefix of that of %q", a, b)
			}
		}
	}
}

func TestLanesOf(t *testing.T) {
	t.Parallel()
	lane := format.LaneName(engine.Lane{App: engine.App{Token: "t", Environment: engine.Production}, Device: "d"})
	app := format.AppName(engine.App{Token: "t", Environment: engine.Production})
	if got := format.AppOfLane(lane); got != app {
		t.Errorf("AppOfLane = %q, want %q", got, app)
	}
	for want, got := range map[string][]byte{
		"": format.LanesOf("", engine.Production, "d"), "t\x00\x01": format.LanesOf("t", "", "d"),
		app: format.LanesOf("t", engine.Production, ""), lane: format.LanesOf("t", engine.Production, "d"),
	} {
		if string(got) != want {
			t.Errorf("LanesOf = %q, want %q", got, want)
		}
	}
}

// FuzzCutKeys shows that what can be cut can be written again.
func FuzzCutKeys(f *testing.F) {
	lane := format.LaneName(engine.Lane{App: engine.App{Token: "app\x00", Environment: engine.Sandbox}, Device: "idfa=1"})
	f.Add([]byte(lane))
	f.Add(format.InLaneNumberKey(nil, format.Behind, lane, 1))
	f.Add(format.DueKey(nil, format.AppOfLane(lane), format.Place{Due: 1, Number: 2}))
	f.Add(format.ResponseKey(nil, 1))
	f.Add(format.CountsKey(nil, &format.CountKey{Day: 19000, Token: "app", Kind: "event"}))
	f.Fuzz(func(t *testing.T, key []byte) {
		same := func(of string, got, want []byte) {
			t.Helper()
			if !bytes.Equal(got, want) {
				t.Fatalf("%s: %q became %q", of, want, got)
			}
		}
		if lane, err := format.CutLane(key); err == nil {
			same("lane", format.AppendLane(nil, lane), key)
		}
		if before, number, err := format.CutNumber(key); err == nil {
			same("number", format.AppendNumber(bytes.Clone(before), number), key[1:])
		}
		if app, at, err := format.CutDueKey(key); err == nil {
			same("due", format.DueKey(nil, string(app), at)[1:], key[1:])
		}
		if seq, err := format.CutResponseKey(key); err == nil {
			same("response", binary.BigEndian.AppendUint64(nil, seq), key[1:])
		}
		if count, err := format.CutCountKey(key); err == nil {
			if got := format.CountsKey(nil, &count); !bytes.HasPrefix(key[1:], got[1:]) {
				t.Fatalf("counts: %q became %q", key, got)
			}
		}
	})
}
