package bundle

import (
	"errors"
	"fmt"
	"sync"

	"trackhook/scripting/internal/bound"
)

// bounds lets no file reach a parser that is deeper or larger than the parsers can be trusted with. It may be used from
// many goroutines at once.
type bounds struct {
	look func(file string) (text string, missing bool, err error)
	name func(file string) string

	mu      sync.Mutex
	seen    map[string]error // by path; guarded by mu
	total   int              // the bytes of all files; guarded by mu
	refused *Error           // the first file that was refused; guarded by mu
}

// Look is [Options.Look] of a plugin, within bounds.
func (b *bounds) Look(file string) (text string, missing bool, err error) {
	text, missing, err = b.look(file)
	if err != nil || missing {
		return text, missing, err
	}
	return text, false, b.check(file, text)
}

// check looks at each file once.
func (b *bounds) check(file, text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err, known := b.seen[file]
	if known {
		return err
	}
	if err = bound.Source(text); err == nil {
		err = bound.SourceMap(text)
	}
	if b.total += len(text); err == nil && b.total > bound.MaxTotal {
		err = fmt.Errorf("the files of the plugin have more than %d MB together", bound.MaxTotal>>20)
	}
	b.seen[file] = err
	if err != nil && b.refused == nil {
		b.refused = beyond(b.name(file), err)
	}
	return err
}

// failure is the first file that was refused, whatever became of it: some files only tune the translation.
func (b *bounds) failure() *Error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused
}

// beyond makes an error of one of bound.
func beyond(file string, err error) *Error {
	p := Problem{File: file, Message: err.Error()}
	if at, ok := errors.AsType[*bound.Error](err); ok {
		p.Line, p.Column, p.Source, p.Message = at.Line, at.Column, at.Source, at.Message
	}
	return &Error{[]Problem{p}}
}
