package config

import (
	"fmt"
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
	case section == "retry" || section == "api":
		key = section + "." + strings.ReplaceAll(setting, "-", "_")
	}
	delete(o.lines, key)
}

// Parse reads the text of a file and checks it, without flags and environment. name stands for the file in errors, which
// say the line and the key. The error is an [*Error].
func Parse(name string, text []byte) (Config, error) {
	c := Default()
	err := c.decode(name, text)
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
		return fmt.Errorf("read configuration: %w", err)
	}
	return c.decode(path, text)
}

// decode reads YAML on top of what c holds. Every error names the line.
//
// The library finds mistakes of syntax and unknown keys well. Of wrong values it speaks in words of Go and, of some,
// without a line; with a few tags it panics. So values are looked at first.
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
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return c.origin.syntax(err)
	}
	empty, err := c.checkTypes(parsed)
	if err != nil || empty {
		return err
	}
	if err := yaml.UnmarshalWithOptions(text, c, yaml.Strict(), yaml.DisallowUnknownField()); err != nil {
		return c.origin.syntax(err)
	}
	return nil
}

// checkTypes checks the values of the only document, and keeps the lines of its keys. empty tells that there is none.
func (c *Config) checkTypes(parsed *ast.File) (empty bool, err error) {
	v := typeChecker{origin: &c.origin, anchors: map[string]ast.Node{}}
	documents := 0
	for _, document := range parsed.Docs {
		if document.Body == nil {
			continue
		}
		if documents++; documents > 1 {
			v.wrong("", document.Body, "a second document begins here, and only one is read; join them")
			break
		}
		v.value("", document.Body, reflect.TypeFor[Config]())
	}
	return documents == 0, v.err
}

// syntax is an error of the library, with line and column, but without the lines around it, which the library would like
// to show: a secret that somebody has put into the file, where none belongs, must not get into the log as well.
func (o *origin) syntax(err error) error {
	return fmt.Errorf("%s: %s", o.file, yaml.FormatError(err, false, false))
}
