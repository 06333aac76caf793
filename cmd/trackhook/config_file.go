package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxConfig bounds a configuration file. The largest that makes sense is a hundredth of that.
const maxConfig = 1 << 20

// origin is where settings came from: the lines of the file by key, such as apps[0].token.
type origin struct {
	file  string
	lines map[string]int
}

// at names a key, with file and line when the file has it.
func (o *origin) at(key string) string {
	if line, ok := o.lines[key]; ok {
		return fmt.Sprintf("%s:%d: %s", o.file, line, key)
	}
	return key
}

// read reads the file at path.
func (c *config) read(path string) error {
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
func (c *config) decode(file string, text []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s:1: the YAML is not understood (%v); write it without tags and anchors", file, p)
		}
	}()
	c.origin = origin{file: file, lines: map[string]int{}}
	if len(text) > maxConfig {
		return fmt.Errorf("%s:1: the file has %d bytes; a configuration has at most %d", file, len(text), maxConfig)
	}
	v := values{origin: &c.origin, anchors: map[string]ast.Node{}}
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return v.misread(err)
	}
	documents := 0
	for _, document := range parsed.Docs {
		if document.Body == nil {
			continue
		}
		if documents++; documents > 1 {
			v.wrong("", document.Body, "a second document begins here, and only one is read; join them")
			break
		}
		v.look("", document.Body, reflect.TypeFor[config]())
	}
	if documents == 0 || v.err != nil {
		return v.err
	}
	if err := yaml.UnmarshalWithOptions(text, c, yaml.Strict(), yaml.DisallowUnknownField()); err != nil {
		return v.misread(err)
	}
	return nil
}

// values looks at the values of a file, as far as their keys are known, and takes down the lines.
type values struct {
	*origin
	anchors map[string]ast.Node
	err     error // the first mistake
}

// wrong keeps the first mistake.
func (v *values) wrong(key string, at ast.Node, format string, args ...any) {
	if v.err != nil {
		return
	}
	if key != "" {
		key += ": "
	}
	line := 1
	if token := at.GetToken(); token != nil && token.Position != nil {
		line = token.Position.Line
	}
	v.err = fmt.Errorf("%s:%d: %s%s", v.file, line, key, fmt.Sprintf(format, args...))
}

// misread tells an error of the library, with line and column. Not with the lines around it, as the library would like
// to: who writes a secret into the file, which has no key for one, should not find it in the log of the host as well.
func (v *values) misread(err error) error {
	return fmt.Errorf("%s: %s", v.file, yaml.FormatError(err, false, false))
}

// look holds one node against the type of its setting.
func (v *values) look(key string, node ast.Node, t reflect.Type) {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return
	case *ast.AnchorNode:
		v.look(key, n.Value, t)
		v.anchors[strings.TrimPrefix(n.Name.String(), "&")] = n.Value // not before: it must not hold itself
		return
	case *ast.AliasNode:
		target, known := v.anchors[strings.TrimPrefix(n.Value.String(), "*")]
		if !known {
			v.wrong(key, node, "the alias *%s stands for nothing that was written before it", n.Value)
			return
		}
		v.look(key, target, t)
		return
	case *ast.TagNode:
		v.wrong(key, node, "tags such as %s are not read; leave it out", n.Start.Value)
		return
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		v.duration(key, node)
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		v.mapping(key, node, t)
	case t.Kind() == reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			v.wrong(key, node, "must be a list, such as [a, b]")
			return
		}
		for i, item := range list.Values {
			at := fmt.Sprintf("%s[%d]", key, i)
			v.note(at, item)
			v.look(at, item, t.Elem())
		}
	default:
		v.scalar(key, node, t)
	}
}

// note takes down the line of a key. The first counts, should it stand there twice.
func (v *values) note(key string, at ast.Node) {
	token := at.GetToken()
	if _, twice := v.lines[key]; !twice && token != nil && token.Position != nil {
		v.lines[key] = token.Position.Line
	}
}

func (v *values) mapping(key string, node ast.Node, t reflect.Type) {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.wrong(key, node, "must be keys with values, such as key: value")
		return
	}
	for _, pair := range pairs {
		if pair.Key == nil || pair.Key.GetToken() == nil {
			continue
		}
		if pair.Key.IsMergeKey() {
			v.merge(key, pair.Value, t)
			continue
		}
		name := pair.Key.GetToken().Value
		at := strings.TrimPrefix(key+"."+name, ".")
		v.note(at, pair.Key)
		if t.Kind() == reflect.Map {
			v.look(at, pair.Value, t.Elem())
		} else if field, known := settingOf(t, name); known {
			v.look(at, pair.Value, field)
		} else if name == "auth_token" {
			v.wrong(at, pair.Key, "secrets do not stand in this file; name what holds it with auth_token_env or auth_token_file")
		}
	}
}

// merge looks at what a merge key brings in: a mapping, or a list of them.
func (v *values) merge(key string, node ast.Node, t reflect.Type) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		v.look(key, node, t)
		return
	}
	for _, item := range list.Values {
		v.look(key, item, t)
	}
}

// settingOf finds the type of a setting by its key, also in structs that are inlined.
func settingOf(t reflect.Type, key string) (reflect.Type, bool) {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == key && name != "" && name != "-" {
			return field.Type, true
		}
		if options == "inline" {
			if inner, ok := settingOf(field.Type, key); ok {
				return inner, true
			}
		}
	}
	return nil, false
}

func (v *values) duration(key string, node ast.Node) {
	text, ok := node.(*ast.StringNode)
	if !ok {
		v.wrong(key, node, "%s must be a time with its unit, such as 120s, 15m or 24h", written(node))
		return
	}
	if _, err := time.ParseDuration(text.Value); err != nil {
		v.wrong(key, node, "%q must be a time with its unit, such as 120s, 15m or 24h", text.Value)
	}
}

func (v *values) scalar(key string, node ast.Node, t reflect.Type) {
	var err error
	text := ""
	switch n := node.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case ast.ScalarNode:
		text = fmt.Sprint(n.GetValue())
	default:
		err = errors.New("no scalar")
	}
	_, quoted := node.(*ast.StringNode)
	what := "a text"
	switch t.Kind() {
	case reflect.Bool:
		what = "true or false"
		_, isBool := node.(*ast.BoolNode)
		if !isBool {
			err = errors.New("not a bool")
		}
	case reflect.Int, reflect.Int64:
		what = "a whole number"
		_, err = strconv.ParseInt(text, 10, t.Bits())
	case reflect.Uint64:
		what = "a whole number, not negative"
		_, err = strconv.ParseUint(text, 10, t.Bits())
	case reflect.Float64:
		what = "a number"
		_, err = strconv.ParseFloat(text, 64)
	default:
		quoted = false
	}
	if err != nil || quoted {
		v.wrong(key, node, "%s must be %s", written(node), what)
	}
}

// written is a value as it stands in the file, or its sort when it is no single value.
func written(node ast.Node) string {
	const most = 60
	switch node.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	}
	text := node.String()
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
