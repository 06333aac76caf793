package ingest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFlat(t *testing.T) {
	for text, message := range map[string]string{
		`{}`:                              "",
		` { } `:                           "",
		`{"a":"b"}`:                       "",
		"{\"a\"\t:\r\n\"b\" , \"\":\"\"}": "",
		`{"a":"\u00e9\uD83D\uDE00"}`:      "",
		``:                                "column 1: expected an object of strings",
		`null`:                            "column 1: expected an object of strings",
		`"a"`:                             "column 1: expected an object of strings",
		`{`:                               "column 2: expected a key in double quotes",
		`{,}`:                             "column 2: expected a key in double quotes",
		`{"a"}`:                           "column 5: expected a colon",
		`{"a":}`:                          `key "a" must have a string as its value`,
		`{"a":"b",}`:                      "column 10: expected a key in double quotes",
		`{"a":"b";}`:                      "column 9: expected a comma or the end of the object",
		`{"a":"b"}}`:                      "column 10: expected nothing after the object",
		`{"a":"b`:                         "column 8: expected the end of a string",
		`{"a":"b\`:                        "column 8: expected an escape sequence",
		`{"a":"\n`:                        "column 9: expected the end of a string",
		`{"a":"\x"}`:                      "column 7: expected an escape sequence of JSON",
		`{"a":"\u12"}`:                    "column 7: expected a whole unicode escape sequence",
		`{"a":"\u12g4"}`:                  "column 7: expected a whole unicode escape sequence",
		`{"a":"\ud83d"}`:                  "column 7: expected a whole unicode escape sequence",
		`{"a":"\ud83dx\ude00"}`:           "column 7: expected a whole unicode escape sequence",
		`{"a":"\ude00\ud83d"}`:            "column 7: expected a whole unicode escape sequence",
		"{\"a\":\"\x01\"}":                "column 7: expected control characters to be escaped",
		"{\"a\":\"\\n\n\"}":               "column 9: expected control characters to be escaped",
		`{"a":1}`:                         `key "a" must have a string as its value`,
		`{"a":["b"]}`:                     `key "a" must have a string as its value`,
		`{"a":"b","\u0061":"b"}`:          `key "a" is given twice`,
		"\ufeff{}":                        "column 1: expected an object of strings",
	} {
		pairs, err := flatText(text)
		if err != nil && err.Error() != message || err == nil && message != "" {
			t.Errorf("%s: error %v, want %q", text, err, message)
		}
		if err != nil {
			continue
		}
		var peer map[string]string
		if err := json.Unmarshal([]byte(text), &peer); err != nil || !maps.Equal(pairs, peer) {
			t.Errorf("%s: %v, encoding/json says %v, %v", text, pairs, peer, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, fine := range map[string]bool{
		"0": true, "-0": true, "1.990": true, "1e5": true, "1E-05": true, "10": true, "1.5e+3": true,
		"01": false, "-": false, "1.": false, ".5": false, "1e": false, "+1": false, "1e+": false, "NaN": false, "0x1": false,
	} {
		s := scanner{text: `{"n":` + text + `}`}
		pairs, err := s.flat(true)
		if (err == nil) != fine || fine && pairs["n"] != text {
			t.Errorf("%s: %v, %v", text, pairs, err)
		}
		if json.Valid([]byte(text)) != fine && text != "NaN" {
			t.Errorf("%s: the test is wrong", text)
		}
	}
}

// FuzzFlat compares with encoding/json: whatever we take, it takes in the same way, and what we refuse is wrong or one
// of the things that we are stricter about.
func FuzzFlat(f *testing.F) {
	for _, seed := range []string{
		`{"a":"b","c":"\u00e9\ud83d\ude00"}`, `{"a":1}`, `{"a":"b","a":"c"}`, `{"a":{"b":"c"}}`, `{"a":"\ud800"}`, "{\"\xff\":\"\"}", `{ } x`, `{"a":null}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("lines and forms are checked before")
		}
		pairs, err := flatText(text)
		var peer map[string]*string
		peerErr := json.Unmarshal([]byte(text), &peer)
		if err == nil {
			if peerErr != nil || len(peer) != len(pairs) {
				t.Fatalf("took %v, encoding/json says %v", pairs, peerErr)
			}
			for name, value := range pairs {
				if peer[name] == nil || *peer[name] != value {
					t.Fatalf("key %q is %q", name, value)
				}
			}
			return
		}
		if peerErr == nil && peer != nil && !strings.Contains(text, "null") &&
			!strings.Contains(err.Error(), "given twice") && !strings.Contains(err.Error(), "unicode escape") {
			t.Fatalf("refused with %v, encoding/json takes %v", err, peer)
		}
	})
}
