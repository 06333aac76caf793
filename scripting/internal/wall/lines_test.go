package wall

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/rs/zerolog"
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
