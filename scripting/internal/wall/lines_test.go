package wall

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/wire"
)

// Lines come out as they went in, whatever stands in them; what is no line is refused, and what looks like several.
func TestLinesPassUnchanged(t *testing.T) {
	t.Parallel()
	var got, want bytes.Buffer
	l := &lines{log: zerolog.New(&got), own: zerolog.Nop(), plugin: "a"}
	log := zerolog.New(&want)
	log.Info().Str("plugin", "a").Msg("x")
	log.Error().Str("at", "\\\"\n\r\u2028ä").Msg("tab\t \"quoted\" \\ end\\\n{\"message\":\"forged\"}")
	log.Warn().Strs("list", []string{"a,b", "c:d]"}).Int("n", -5).Interface("o", map[string]any{"x": []int{1}}).Bool("b", true).Msg("")
	for line := range bytes.Lines(want.Bytes()) {
		if !l.write(line, time.Now()) {
			t.Errorf("%s was refused", line)
		}
	}
	if got.String() != want.String() {
		t.Errorf("%s became %s", want.Bytes(), got.Bytes())
	}
	got.Reset()
	for _, line := range []string{
		"", "{", `{"a"`, `{"a":}`, `{"a":1`, `{"a":"x"y"}`, `{a:1}`, `{"a":[}`, `{"message":"\q"}`, `{"a":1}{"b":2}`, `{"a":"b":"c"}`,
		"{\"a\":[\n{\"level\":\"error\",\"message\":\"forged\"}\n]}", "{\"a\":[1,\r2]}", "{\"a\":1}\n{\"b\":2}", "{\"a\nb\":1}",
		`{"plugin":"b"}`, `{"plugin":"a","plugin":"b"}`, `{"plugin":["a"]}`,
	} {
		if l.write([]byte(line), time.Now()) {
			t.Errorf("%s was taken", line)
		}
	}
	if got.Len() > 0 {
		t.Errorf("%s was printed", got.Bytes())
	}
}

// Lines that have nothing but a text come out as the plugin's, whatever stands in them.
func TestSaidLines(t *testing.T) {
	t.Parallel()
	var got, want bytes.Buffer
	var heard []instance.Line
	now := time.Now()
	l := &lines{log: zerolog.New(&got).Level(zerolog.InfoLevel), own: zerolog.Nop(), plugin: "a", heard: func(line *instance.Line) { heard = append(heard, *line) }}
	log := zerolog.New(&want)
	var body []byte
	for _, text := range []string{"", "x", "tab\t \"quoted\"\r\n{\"message\":\"forged\"}", "\xff"} {
		log.Warn().Str("plugin", "a").Str("version", "v").Msg(text)
		body = wire.AppendSaid(body, &wire.Said{Level: int8(zerolog.WarnLevel), Seq: 7, Version: "v", Text: text})
		body = wire.AppendSaid(body, &wire.Said{Level: int8(zerolog.DebugLevel), Text: text}) // not logged
	}
	if !l.said(body, now) || got.String() != want.String() {
		t.Errorf("%s, want %s", got.Bytes(), want.Bytes())
	}
	clear(body) // nothing of it is kept
	if len(heard) != 4 || heard[1] != (instance.Line{At: now, Plugin: "a", Version: "v", Seq: 7, Level: zerolog.WarnLevel, Text: "x"}) {
		t.Errorf("%v were heard", heard)
	}
}

func FuzzSaidLines(f *testing.F) {
	f.Add(wire.AppendSaid(wire.AppendSaid(nil, &wire.Said{Level: 1, Seq: 7, Version: "v", Text: "x\n"}), &wire.Said{Level: -1}))
	f.Fuzz(func(t *testing.T, body []byte) {
		var out bytes.Buffer
		l := &lines{log: zerolog.New(&out), own: zerolog.Nop(), plugin: "a"}
		l.said(body, time.Now())
		for line := range bytes.Lines(out.Bytes()) {
			if !json.Valid(line) || !bytes.Contains(line, []byte(`"plugin":"a"`)) {
				t.Errorf("%q became %q", body, line)
			}
		}
	})
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"level":"info","a":"b","message":"x\n"}`))
	f.Add([]byte(`{"a":[1,{"b":"]"}],"c":null}`))
	f.Add([]byte("{\"a\":[\n1]}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		var out bytes.Buffer
		l := &lines{log: zerolog.New(&out), own: zerolog.Nop()}
		if l.write(line, time.Now()) && out.Len() > 0 && (!json.Valid(out.Bytes()) || bytes.Count(out.Bytes(), []byte("\n")) != 1) {
			t.Errorf("%q became %q", line, out.Bytes())
		}
	})
}

// What is printed beyond the bound is counted, and said in one line.
func TestLinesAreBounded(t *testing.T) {
	t.Parallel()
	var got, own bytes.Buffer
	l := &lines{log: zerolog.New(&got), own: zerolog.New(&own)}
	line := []byte(`{"level":"info","message":"` + string(bytes.Repeat([]byte("x"), 1<<20)) + `"}`)
	now := time.Now()
	for range 100 {
		l.write(line, now)
	}
	l.rest()
	if got.Len() > burst+len(line) || !bytes.Contains(own.Bytes(), []byte(`"lines":81`)) {
		t.Errorf("%d bytes were printed; %s", got.Len(), own.Bytes())
	}
	l.write(line, now.Add(time.Second))
	if got.Len() < burst {
		t.Error("nothing is printed any more")
	}
}
