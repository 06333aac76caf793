package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile bounds a configuration file, in bytes. The largest that makes sense has a hundredth of that.
const maxFile = 1 << 20

// origin is where settings stand in the file. The zero value is that of settings without a file.
type origin struct {
	file string
	// lines are those of the keys, such as apps[0].token.
	lines map[string]int
}

// at names a key, with file and line when the file has it.
func (o *origin) at(key string) string {
	if line, ok := o.lines[key]; ok {
		return fmt.Sprintf("%s:%d: %s", o.file, line, key)
	}
	return key
}

// forget takes the key of a flag out, because it is not the file's value that counts.
func (o *origin) forget(flag string) {
	key := strings.ReplaceAll(flag, "-", "_")
	switch section, setting, _ := strings.Cut(flag, "-"); {
	case flag == "plugins":
		key = "plugins_dir"
	case section == "retry" || section == "api" || section == "tls":
		key = section + "." + strings.ReplaceAll(setting, "-", "_")
	}
	delete(o.lines, key)
}

// Parse reads the text of a file and checks it, without flags and environment. name stands for the file in errors, which
// say the line and the key. The error is an [*Error].
func Parse(name string, text []byte) (Config, error) {
	c := Default()
	err := c.decode(name, text)
	c.settleData(c.origin.lines["data"] != 0)
	if err == nil {
		err = c.resolvePaths(os.LookupEnv)
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return Config{}, &Error{err}
	}
	return c, nil
}

// read reads the file at path on top of what c holds.
func (c *Config) read(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return Unreadable("the configuration file", path, err)
	}
	if err := c.decode(path, text); err != nil {
		return err
	}
	if len(c.origin.lines) == 0 {
		return fmt.Errorf("%s:1: the file has no settings; write some, or leave out --config and %s for the demo", path, EnvName(fileFlag))
	}
	if line, named := c.origin.lines["apps"]; named && len(c.Apps) == 0 {
		return fmt.Errorf("%s:%d: apps: names no app; name one, or leave the key out for the demo", path, line)
	}
	return nil
}

// ReadText reads a file that people write, without a byte order mark; what names it in errors, such as "rules: the file".
func ReadText(what, path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		return nil, Unreadable(what, path, err)
	case inUTF16(text):
		return nil, fmt.Errorf("%s %s is written in UTF-16; save it as UTF-8", what, path)
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

// inUTF16 tells whether a text begins with the mark of UTF-16, in which PowerShell writes by itself.
func inUTF16(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
}

// Unreadable says why a file cannot be read, in words of people who name files.
func Unreadable(what, path string, err error) error {
	info, statErr := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s %s does not exist", what, path)
	case statErr == nil && info.IsDir():
		return fmt.Errorf("%s %s is a folder; name a file", what, path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s %s may not be read by this user", what, path)
	}
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		err = inner.Err
	}
	return fmt.Errorf("%s %s cannot be read: %w", what, path, err)
}

// Unwritable says why a file cannot be written.
func Unwritable(what, path string, err error) error {
	info, statErr := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s %s cannot be written: its folder does not exist", what, path)
	case statErr == nil && info.IsDir():
		return fmt.Errorf("%s %s cannot be written: it is a folder", what, path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s %s cannot be written: this user may not", what, path)
	}
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		err = inner.Err
	}
	return fmt.Errorf("%s %s cannot be written: %w", what, path, err)
}

// decode reads YAML on top of what c holds. Every error names the line.
//
// The library finds mistakes of syntax well. With a few tags it panics.
func (c *Config) decode(file string, text []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s:1: the YAML is not understood (%v); write it without tags and anchors", file, p)
		}
	}()
	c.origin = origin{file: file, lines: map[string]int{}}
	if len(text) > maxFile {
		return fmt.Errorf("%s:1: the file has %d bytes; a configuration has at most %d", file, len(text), maxFile)
	}
	if inUTF16(text) {
		return fmt.Errorf("%s:1: the file is written in UTF-16; save it as UTF-8", file)
	}
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), 0)
	if err != nil {
		return c.origin.syntax(err)
	}
	return c.decodeFile(parsed)
}

// decodeFile reads the only document.
func (c *Config) decodeFile(parsed *ast.File) error {
	d := decoder{origin: &c.origin, anchors: map[string]ast.Node{}}
	documents := 0
	for _, document := range parsed.Docs {
		if document.Body == nil {
			continue
		}
		if documents++; documents > 1 {
			d.wrong("", document.Body, "a second document begins here, and only one is read; join them")
			break
		}
		d.value("", document.Body, reflect.ValueOf(c).Elem())
	}
	return d.err
}

// syntax is an error of the library, with its line, but without the lines around it, which the library would like to
// show: a secret that somebody has put into the file, where none belongs, must not get into the log as well.
func (o *origin) syntax(err error) error {
	line, text := 1, yaml.FormatError(err, false, false)
	if inner, ok := errors.AsType[yaml.Error](err); ok {
		if at := inner.GetToken(); at != nil && at.Position != nil {
			line = at.Position.Line
		}
		text = inner.GetMessage()
	}
	return fmt.Errorf("%s:%d: %s", o.file, line, text)
}
