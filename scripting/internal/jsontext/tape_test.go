package jsontext_test

import (
	"fmt"
	"strings"
	"testing"

	"trackhook/scripting/internal/jsontext"
)

// walk finds a member by looking through the text.
func walk(text, key string) (raw string, ok bool) {
	items := jsontext.NewItems(text)
	for {
		literal, value, more := items.Next()
		if !more {
			return raw, ok
		}
		if name, _ := jsontext.Unquote(literal); name == key {
			raw, ok = value, true
		}
	}
}

// walkBoth walks over the items on a tape and in the text, and into what they hold.
func walkBoth(t *testing.T, onTape, inText *jsontext.Items) {
	t.Helper()
	for {
		key, value, more := onTape.Next()
		wantKey, wantValue, want := inText.Next()
		if key != wantKey || value != wantValue || more != want {
			t.Errorf("on the tape %s: %s (%v), in the text %s: %s (%v)", key, value, more, wantKey, wantValue, want)
		}
		if !more || !want {
			return
		}
		if value[0] == '{' || value[0] == '[' {
			inner, innerText := onTape.Inner(value), jsontext.NewItems(value)
			walkBoth(t, &inner, &innerText)
		}
	}
}

// comparePlain walks over items in both ways, where both are possible.
func comparePlain(t *testing.T, items jsontext.Items) {
	t.Helper()
	if !items.Plain() {
		return
	}
	plain := items
	for {
		literal, raw, more := items.Next()
		member, key, value, ok := plain.NextPlain()
		if ok != more {
			t.Fatalf("a next item: %v, of what is plain: %v", more, ok)
		}
		if !more {
			return
		}
		if member[:key] != literal[1:len(literal)-1] || member[value:] != raw {
			t.Errorf("%s: %s is not %s, %d, %d", literal, raw, member, key, value)
		}
	}
}

// compare looks for every member of an object, and of the objects in it, on the tape and in the text.
func compare(t *testing.T, tape *jsontext.Tape, level jsontext.Level, text string) (members int) {
	t.Helper()
	items := jsontext.NewItems(text)
	for {
		literal, _, more := items.Next()
		if !more {
			break
		}
		members++
		key, _ := jsontext.Unquote(literal)
		want, _ := walk(text, key)
		raw, inner, ok, known := tape.Look(level, text, key)
		if raw != want || !ok || !known {
			t.Errorf("%s of %s is %q (%v, %v), not %q", literal, text, raw, ok, known, want)
			continue
		}
		if raw[0] == '{' {
			members += compare(t, tape, inner, raw)
		}
	}
	onTape, inText := tape.Items(level, text), jsontext.NewItems(text)
	walkBoth(t, &onTape, &inText)
	onTape = tape.Items(level, text)
	comparePlain(t, onTape)
	if raw, _, ok, known := tape.Look(level, text, "no such key"); ok || !known {
		t.Errorf("there is no such key in %s, but %q (%v)", text, raw, known)
	}
	return members
}

func TestTape(t *testing.T) {
	var tape jsontext.Tape
	var last jsontext.Level
	for _, c := range []struct {
		text    string
		members int
	}{
		{`{}`, 0},
		{`{"a":1}`, 1},
		{" \n{ \"a\" : 1 , \"b\" : { \"c\" : [ {\"d\":1} , {} ] , \"e\" : { } } , \"f\" : \"}\" }\t", 5},
		{`{"a":1,"a":{"a":2,"a":3},"a":{"b":4}}`, 6},
		{`{"\u0061":1,"a\"b":{"\n":2},"":{"":3}}`, 5},
		{`{"a":{"b":{"c":{"d":{}}}},"e":{"b":5}}`, 6},
		{"{ \"ab\" : \"c\" ,\"d\":{\"e\" :1,\"f\": true}}", 4},
		{"{\"a\":\"broken \xFF\",\"b\":{\"c\":\"\xC3\",\"d\":2},\"e\":3}", 5},
	} {
		text, level, ok := tape.Object([]byte(c.text))
		if !ok {
			t.Fatalf("%s is no object", c.text)
		}
		if n := compare(t, &tape, level, text); n < c.members-2 { // of equal keys, only the last one is gone into
			t.Errorf("%d members of %s", n, c.text)
		}
		if _, _, _, known := tape.Look(last, text, "a"); known {
			t.Error("the tape still knows the object before")
		}
		last = level
	}
	for _, body := range []string{`{"a":1`, `[1]`, `{"a"}`, `{"a":1}}`, ""} {
		if _, level, ok := tape.Object([]byte(body)); ok {
			t.Errorf("%q is an object", body)
		} else if _, _, _, known := tape.Look(level, body, "a"); known {
			t.Errorf("%q is on the tape", body)
		}
	}
}

// An object with more members than the tape holds is none of its business.
func TestTapeIsFull(t *testing.T) {
	var tape jsontext.Tape
	var body strings.Builder
	for i := range 500 {
		fmt.Fprintf(&body, `,"k%d":{"v":%d}`, i, i)
	}
	text, level, ok := tape.Object([]byte("{" + body.String()[1:] + "}"))
	if _, _, _, known := tape.Look(level, text, "k0"); !ok || known {
		t.Errorf("%v, %v", ok, known)
	}
	text, level, ok = tape.Object([]byte(`{"k0":1}`))
	if raw, _, _, known := tape.Look(level, text, "k0"); !ok || !known || raw != "1" {
		t.Errorf("afterwards %q is there (%v, %v)", raw, ok, known)
	}
}
