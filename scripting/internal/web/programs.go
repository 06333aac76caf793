package web

import (
	"embed"
	"strings"
	"sync"

	"github.com/dop251/goja"
	whatwg "github.com/nlnwa/whatwg-url/url"

	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/intl"
)

//go:generate go test . -run ^TestLibrariesAreThoseOfTheirPackages$ -write

// webSources are the parts of the web functions that are written in JavaScript, one program for each feature. Each is
// an expression: a function of the natives that it is given and of use, which returns what the feature exports.
//
//go:embed *.js dist/*.js
var webSources embed.FS

// Programs are the compiled programs, shared by all runtimes of a host. Each is compiled when it is first needed.
// They may be used from many goroutines at once. Use [NewPrograms].
type Programs struct {
	// features says which feature each global name belongs to. It is never changed.
	features map[string]string
	// urls parses URLs.
	urls whatwg.Parser
	// intl is the data of languages and time zones.
	intl *intl.Data

	mu       sync.Mutex
	compiled map[string]*goja.Program // guarded by mu
}

// NewPrograms makes what the runtimes of a host share. It compiles nothing before that is needed.
func NewPrograms() *Programs {
	p := &Programs{features: map[string]string{}, urls: fetch.NewURLParser(), intl: intl.NewData(), compiled: map[string]*goja.Program{}}
	for feature, names := range features() {
		for _, name := range names {
			p.features[name] = feature
		}
	}
	return p
}

// features returns the global names of each feature. A feature is built as one, from the file FEATURE.js.
func features() map[string][]string {
	return map[string][]string{
		"abort":     {"Event", "CustomEvent", "EventTarget", "AbortController", "AbortSignal"},
		"blob":      {"Blob", "File", "FormData"},
		"buffer":    {"Buffer"},
		"clone":     {"structuredClone"},
		"crypto":    {"crypto", "Crypto", "SubtleCrypto", "CryptoKey"},
		"encoding":  {"TextEncoder", "TextDecoder", "atob", "btoa"},
		"exception": {"DOMException"},
		"fetch":     {"fetch", "Headers", "Request", "Response"},
		"host":      {"performance", "process"},
		"intl":      {"Intl"},
		"storage":   {"localStorage", "Storage"},
		"stream": {
			"ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamBYOBReader", "ReadableStreamDefaultController",
			"ReadableByteStreamController", "ReadableStreamBYOBRequest",
			"WritableStream", "WritableStreamDefaultWriter", "WritableStreamDefaultController",
			"TransformStream", "TransformStreamDefaultController",
			"CountQueuingStrategy", "ByteLengthQueuingStrategy",
		},
		"textstream": {"TextEncoderStream", "TextDecoderStream"},
		"url":        {"URL", "URLSearchParams"},
	}
}

// Names returns the global names that are built when a script first names them, in no order.
func Names() []string {
	var names []string
	for _, feature := range features() {
		names = append(names, feature...)
	}
	return names
}

// isIntl tells whether a feature is Intl, or a part of it.
func isIntl(feature string) bool { return feature == "intl" || strings.HasPrefix(feature, "intl/") }

// program returns the compiled program of a feature.
func (p *Programs) program(feature string) *goja.Program {
	p.mu.Lock()
	defer p.mu.Unlock()
	if program := p.compiled[feature]; program != nil {
		return program
	}
	name := feature + ".js"
	source := ""
	if isIntl(feature) {
		source = intl.Source(feature)
	} else if text, err := webSources.ReadFile(name); err == nil {
		source = string(text)
	}
	if source == "" {
		panic(name + " is missing") // the files are embedded: only a programmer's mistake leads here
	}
	program := goja.MustCompile("trackhook:"+name, source, true)
	p.compiled[feature] = program
	return program
}
