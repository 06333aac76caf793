package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"trackhook/scripting/internal/script"
)

// nearest returns the text of the closest file of that name, from a folder up to the plugins folder. A file that
// cannot be read counts as empty: it only tunes the translation.
func (b *bundler) nearest(dir, name string) string {
	if !strings.HasPrefix(path.Ext(b.Entry), ".ts") && !strings.HasSuffix(b.Entry, "x") {
		return ""
	}
	for ; withinRoot(b.Root, dir); dir = filepath.Dir(dir) {
		text, missing, err := b.Look(filepath.Join(dir, name))
		if err == nil && !missing {
			return text
		}
	}
	return ""
}

// supported says what goja has of the syntax after ES2022, and what it lacks before. esbuild translates what is false.
// Regular expressions are left alone: goja's parser names the place of one that it cannot do.
func (b *bundler) supported() map[string]bool {
	return map[string]bool{
		"async-generator": false,
		"for-await":       false,
		"dynamic-import":  false,
		"import-meta":     false,
		"decorators":      false,
		"using":           false,
		"hashbang":        true,

		"class-field":        !b.careful,
		"class-static-field": !b.careful,

		"regexp-dot-all-flag":             true,
		"regexp-lookbehind-assertions":    true,
		"regexp-match-indices":            true,
		"regexp-named-capture-groups":     true,
		"regexp-set-notation":             true,
		"regexp-sticky-and-unicode-flags": true,
		"regexp-unicode-property-escapes": true,
	}
}

// carefully makes a second attempt, with class fields translated, when goja did not take what came out. The first error is the
// one that counts: the second is about code that is further from the author's.
func carefully[T any](b *bundler, attempt func() (T, error)) (T, error) {
	out, err := attempt()
	refused, ok := errors.AsType[*parseError](err)
	if b.careful || !ok {
		return out, err
	}
	b.careful = true
	defer func() { b.careful = false }()
	if again, err := attempt(); err == nil {
		return again, nil
	}
	return out, refused.err
}

// parseError means that goja does not take what esbuild made.
type parseError struct{ err error }

func (e *parseError) Error() string { return e.err.Error() }

// defines are the few names that packages expect of every bundler.
func (b *bundler) defines() map[string]string {
	return map[string]string{
		"process.env.NODE_ENV": `"production"`,
		"import.meta.url":      quoteJS("file:///" + b.Name(b.Entry)),
		"global":               "globalThis",
		"__filename":           fileNameMark,
		"__dirname":            dirNameMark,
	}
}

// generated makes code of what esbuild made, and compiles it. The error is a *parseError when goja does not take it.
func (b *bundler) generated(text string, sources []byte) (*Code, error) {
	code := &Code{name: script.BundleCode, Text: text, entry: b.Name(b.Entry)}
	var err error
	if code.Sources, err = newSourceMap(sources, b.textOf); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", code.entry, err)
	}
	// goja parses some of what it does not compile, such as super in a static field.
	if _, err := code.Compile(); err != nil {
		return nil, &parseError{err}
	}
	return code, nil
}

// lower translates a classic script to what goja can run. It stays one.
func (b *bundler) lower(text string) (*Code, error) {
	return carefully(b, func() (*Code, error) { return b.lowerOnce(text) })
}

func (b *bundler) lowerOnce(text string) (*Code, error) {
	name := b.Name(b.Entry)
	result := api.Transform(text, api.TransformOptions{
		LogLevel: api.LogLevelSilent, LogLimit: 20, Target: api.ES2022, Supported: b.supported(), Define: b.defines(),
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude, LegalComments: api.LegalCommentsNone,
		Loader: loaders()[path.Ext(filepath.ToSlash(b.Entry))], Sourcefile: name, TsconfigRaw: b.tsconfig,
	})
	if len(result.Errors) > 0 {
		return nil, &Error{b.problems(result.Errors)}
	}
	return b.generated(string(result.Code), result.Map)
}

// awaitsAtTop tells that esbuild gave up because of a top-level await, which it cannot put into a plain function.
func awaitsAtTop(messages []api.Message) bool {
	return slices.ContainsFunc(messages, func(m api.Message) bool {
		return strings.HasPrefix(m.Text, "Top-level await is currently not supported")
	})
}

// formats returns the module format of each input, by its key.
func formats(metafile string) map[string]string {
	var meta struct {
		Inputs map[string]struct {
			Format string `json:"format"`
		} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil // esbuild's own output; without it, everything counts as a script
	}
	out := make(map[string]string, len(meta.Inputs))
	for name, input := range meta.Inputs {
		out[strings.TrimPrefix(name, fileNamespace+":")] = input.Format
	}
	return out
}

func allFormats(metafile string) []string {
	var out []string
	for name, format := range formats(metafile) {
		if !strings.HasPrefix(name, hostNamespace+":") && !strings.HasSuffix(name, ".json") {
			out = append(out, format)
		}
	}
	return out
}
