package regex

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Engine is what regular expressions share: the sets behind \p{...}, read when the first is asked for, and what was compiled
// lately. It may be used from many goroutines at once. Use [NewEngine].
type Engine struct {
	cased  func() []rune
	tables func() map[string]string

	mu       sync.Mutex
	compiled map[key]*Regexp // guarded by mu
	bytes    int             // of all that is in compiled; guarded by mu
	sets     map[string]set  // guarded by mu
	// folds are sets with the other cases of their members, by these; guarded by mu, as what follows: the spans of all of them, and
	// how many were made.
	folds     map[string]set
	foldSpans int
	foldsMade int
}

type key struct{ pattern, flags string }

// What is remembered, for scripts that make them of texts: so many, of so many bytes together, and none whose pattern is long or that
// takes much itself.
const (
	maxCompiled      = 500
	maxCompiledBytes = 16 << 20
	maxKeptUnits     = 4096
	maxKeptBytes     = 1 << 20
)

// NewEngine makes one. It reads nothing before that is needed.
func NewEngine() *Engine {
	return &Engine{
		cased: sync.OnceValue(casedChars), tables: sync.OnceValue(readTables),
		compiled: map[key]*Regexp{}, sets: map[string]set{}, folds: map[string]set{},
	}
}

// tables.txt.gz is made by tables.mjs, which says what is in it.
//
//go:embed tables.txt.gz
var tablesFile []byte

// readTables returns the line of each name.
func readTables() map[string]string {
	lines := map[string]string{}
	unpacked, err := gzip.NewReader(bytes.NewReader(tablesFile))
	if err != nil {
		panic(err) // the file is embedded: only a programmer's mistake leads here
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(text)) {
		names, runs, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for name := range strings.SplitSeq(names, ",") {
			lines[name] = runs
		}
	}
	return lines
}

// property returns the set behind \p{name} or \p{name=value}.
func (e *Engine) property(name string) (set, bool) {
	tables := e.tables()
	key, value, hasValue := strings.Cut(name, "=")
	if hasValue {
		switch key {
		case "General_Category", "gc":
			name = "gc=" + value
		case "Script", "sc":
			name = "sc=" + value
		case "Script_Extensions", "scx":
			name = "scx=" + value
		default:
			return nil, false
		}
	} else if _, known := tables[name]; !known {
		name = "gc=" + name
	}
	line, known := tables[name]
	if !known || strings.HasPrefix(name, "#") {
		return nil, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sets[name] == nil {
		e.sets[name] = readSet(line)
	}
	return e.sets[name], true
}

func readSet(line string) set {
	out, last := set{}, rune(0)
	fields := strings.Fields(line)
	for i := 0; i+1 < len(fields); i += 2 {
		skip, _ := strconv.ParseInt(fields[i], 36, 32)
		length, _ := strconv.ParseInt(fields[i+1], 36, 32)
		lo := last + rune(skip)
		last = lo + rune(length)
		out = append(out, span{lo, last})
	}
	return out
}

// Compile returns the regular expression of a pattern and flags. The error's text is that of a SyntaxError.
func (e *Engine) Compile(pattern []uint16, flags string) (*Regexp, error) {
	if len(pattern) > maxKeptUnits {
		return e.compile(pattern, flags)
	}
	name := key{string(unitsToBytes(pattern)), flags}
	e.mu.Lock()
	known := e.compiled[name]
	e.mu.Unlock()
	if known != nil {
		return known, nil
	}
	re, err := e.compile(pattern, flags)
	if err != nil || re.bytes > maxKeptBytes {
		return re, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.bytes += re.bytes; len(e.compiled) >= maxCompiled || e.bytes > maxCompiledBytes {
		clear(e.compiled)
		e.bytes = re.bytes
	}
	e.compiled[name] = re
	return re, nil
}

func unitsToBytes(units []uint16) []byte {
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// knownFlags are those of ECMAScript 2024, in the order of the property flags.
const knownFlags = "dgimsuvy"

func (e *Engine) compile(pattern []uint16, flags string) (*Regexp, error) {
	for i, flag := range flags {
		if !strings.ContainsRune(knownFlags, flag) || strings.ContainsRune(flags[:i], flag) {
			return nil, errFlags
		}
	}
	has := func(flag string) bool { return strings.Contains(flags, flag) }
	if has("u") && has("v") {
		return nil, errFlags
	}
	if len(pattern) > maxPattern {
		return nil, errors.New(tooLarge) //nolint:staticcheck // the words are those of a SyntaxError
	}
	p := &parser{
		engine: e, text: runesOf(pattern, has("u") || has("v")), full: has("u") || has("v"), sets: has("v"), ignoreCase: has("i"),
		dotAll: has("s"), multiline: has("m"),
	}
	tree, err := p.parse()
	if err != nil {
		return nil, err
	}
	isSimple, isEmpty := simple(tree, has("m"))
	re := &Regexp{
		Flags: sorted(flags), Groups: p.groupNames, full: p.full, ignoreCase: p.ignoreCase, multiline: p.multiline,
		Simple: !p.odd && !p.full && !has("d") && !has("i") && !has("y") && !isEmpty && isSimple,
	}
	c := &compiler{re: re}
	c.compile(tree)
	re.bytes = re.size() + 2*len(pattern)
	return re, nil
}

// size is about how many bytes a regular expression takes.
func (re *Regexp) size() int {
	const instructionBytes, charsBytes, spanBytes = 144, 48, 8
	bytes := len(re.code) * instructionBytes
	for i := range re.code {
		if chars := re.code[i].set; chars != nil {
			bytes += charsBytes + len(chars.rest)*spanBytes
		}
	}
	return bytes
}

// errFlags is the error of flags that are none; whoever knows the text says which.
var errFlags = errors.New("invalid flags")

// IsFlagsError tells whether an error of Compile is about the flags.
func IsFlagsError(err error) bool { return errors.Is(err, errFlags) }

func sorted(flags string) string {
	var out strings.Builder
	for _, flag := range knownFlags {
		if strings.ContainsRune(flags, flag) {
			out.WriteRune(flag)
		}
	}
	return out.String()
}

// runesOf is a pattern as it is read: by code points, or by units.
func runesOf(units []uint16, full bool) []rune {
	out := make([]rune, 0, len(units))
	for i := 0; i < len(units); i++ {
		c := rune(units[i])
		if full && isLead(c) && i+1 < len(units) && isTrail(rune(units[i+1])) {
			i++
			c = joined(c, rune(units[i]))
		}
		out = append(out, c)
	}
	return out
}

func isLead(c rune) bool           { return 0xd800 <= c && c <= 0xdbff }
func isTrail(c rune) bool          { return 0xdc00 <= c && c <= 0xdfff }
func joined(lead, trail rune) rune { return (lead-0xd800)<<10 + (trail - 0xdc00) + 0x10000 }
