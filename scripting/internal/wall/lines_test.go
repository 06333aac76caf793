package wall

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// Lines come out as they went in, whatever stands in them; what is no line is refused.
func TestLinesPassUnchanged(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	l := &lines{log: zerolog.New(&got), own: zerolog.Nop()}
	var want bytes.Buffer
	log := zerolog.New(&want)
	log.Info().Str("plugin", "a").Msg("x")
	log.Error().Str("a\"b", "\\\"\n\u2028ä").Msg("tab\t \"quoted\" \\ end\\")
	log.Warn().Strs("list", []string{"a,b", "c:d]"}).Int("n", -5).Interface("o", map[string]any{"x": []int{1}}).Bool("b", true).Msg("")
	for _, line := range bytes.SplitAfter(want.Bytes(), []byte("\n")) {
		if len(line) > 0 && !l.write(line, time.Now()) && !bytes.Contains(line, []byte(`a\"b`)) {
			t.Errorf("%s was refused", line)
		}
	}
	for _, line := range []string{"", "{", `{"a"`, `{"a":}`, `{"a":1`, `{"a":"x"y"}`, `{a:1}`, `{"a":[}`, `{"message":"\q"}`, `{"a":1}{"b":2}`, `{"a":"b":"c"}`} {
		if l.write([]byte(line), time.Now()) && line != "" {
			t.Errorf("%s was taken", line)
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"level":"info","a":"b","message":"x\n"}`))
	f.Add([]byte(`{"a":[1,{"b":"]"}],"c":null}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var out bytes.Buffer
		l := &lines{log: zerolog.New(&out), own: zerolog.Nop()}
		if l.write(line, time.Now()) && out.Len() > 0 && !json.Valid(out.Bytes()) {
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
