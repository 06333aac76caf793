package intl

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// locales.json.gz is made by locales.mjs, which says what is in it.
//
//go:embed locales.json.gz
var localesFile []byte

//go:embed *.js
var sources embed.FS

// names.json.gz is made by names.mjs, which says what is in it. It is apart because few scripts ask for it.
//
//go:embed names.json.gz
var namesFile []byte

// readNames returns the names that each language has for languages, regions and scripts.
func readNames() map[string]json.RawMessage {
	unpacked, err := gzip.NewReader(bytes.NewReader(namesFile))
	if err != nil {
		panic(err) // the file is embedded: only a programmer's mistake leads here
	}
	out := map[string]json.RawMessage{}
	if err := json.NewDecoder(unpacked).Decode(&out); err != nil {
		panic(err)
	}
	return out
}

// Source returns a program by its name, or "" for a name of none. It is a function of the natives and of another, which returns
// what the program of a name has returned. "intl" returns an object with Intl and methods, and asks for the others.
func Source(name string) string {
	text, err := sources.ReadFile(strings.TrimPrefix(name, "intl/") + ".js")
	if err != nil {
		return ""
	}
	return string(text)
}

// Data is what all machines of a host share. It is read when it is first asked for. Use [NewData].
type Data struct {
	file      func() *file
	names     func() map[string]json.RawMessage
	local     func() string // the time zone of this machine
	mu        sync.Mutex
	locations map[string]*time.Location // guarded by mu
}

// NewData makes one, and reads nothing.
func NewData() *Data {
	d := &Data{file: sync.OnceValue(readFile), names: sync.OnceValue(readNames), locations: map[string]*time.Location{}}
	d.local = sync.OnceValue(d.localZone)
	return d
}

// file is the data as it lies in the file.
type file struct {
	Zones struct {
		Canonical map[string]string   `json:"canonical"`
		Names     map[string][]period `json:"names"`
		Texts     []string            `json:"texts"`
		Supported []string            `json:"supported"`
	} `json:"zones"`
	Digits     map[string]int             `json:"digits"`
	Currencies string                     `json:"currencies"`
	Locales    map[string]json.RawMessage `json:"locales"`
	units      []string
}

// period is how a time zone is called from a time on.
type period struct {
	from    int64             // minutes since 1970
	names   map[string]string // by the offset, the texts "long,short"
	generic [2]int            // the texts long and short
}

// UnmarshalJSON reads a period from its list.
func (p *period) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&p.from, &p.names, &p.generic[0], &p.generic[1]})
}

func readFile() *file {
	unpacked, err := gzip.NewReader(bytes.NewReader(localesFile))
	if err != nil {
		panic(err) // the file is embedded: only a programmer's mistake leads here
	}
	out := &file{}
	if err := json.NewDecoder(unpacked).Decode(out); err != nil {
		panic(err)
	}
	var english struct {
		Numbers struct {
			Units map[string]json.RawMessage `json:"units"`
		} `json:"numbers"`
	}
	if err := json.Unmarshal(out.Locales["en"], &english); err != nil {
		panic(err)
	}
	for name := range english.Numbers.Units {
		if unit, isShort := strings.CutSuffix(name, " short"); isShort {
			out.units = append(out.units, unit)
		}
	}
	slices.Sort(out.units)
	return out
}

// locale returns the name of the nearest language that there is data of, and whether it is the one that was asked for, or has the
// same forms.
func (f *file) locale(tag string) (name string, near bool) {
	for name = tag; name != ""; {
		if f.Locales[name] != nil {
			return name, true
		}
		at := strings.LastIndexByte(name, '-')
		if at < 0 {
			break
		}
		name = name[:at]
	}
	return "en", false
}
