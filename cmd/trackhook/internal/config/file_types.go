package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// typeChecker compares the values of a file with the types of their settings, as far as their keys are known, and keeps
// the lines of the keys.
type typeChecker struct {
	*origin
	anchors map[string]ast.Node
	err     error // the first mistake
}

// wrong keeps the first mistake.
func (c *typeChecker) wrong(key string, at ast.Node, format string, args ...any) {
	if c.err != nil {
		return
	}
	if key != "" {
		key += ": "
	}
	line := 1
	if token := at.GetToken(); token != nil && token.Position != nil {
		line = token.Position.Line
	}
	c.err = fmt.Errorf("%s:%d: %s%s", c.file, line, key, fmt.Sprintf(format, args...))
}

// keep keeps the line of a key. The first counts, should it stand there twice.
func (c *typeChecker) keep(key string, at ast.Node) {
	token := at.GetToken()
	if _, twice := c.lines[key]; !twice && token != nil && token.Position != nil {
		c.lines[key] = token.Position.Line
	}
}

// value compares one node with the type of its setting.
func (c *typeChecker) value(key string, node ast.Node, t reflect.Type) {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return
	case *ast.AnchorNode:
		c.value(key, n.Value, t)
		c.anchors[strings.TrimPrefix(n.Name.String(), "&")] = n.Value // not before: it must not hold itself
		return
	case *ast.AliasNode:
		target, known := c.anchors[strings.TrimPrefix(n.Value.String(), "*")]
		if !known {
			c.wrong(key, node, "the alias *%s stands for nothing that was written before it", n.Value)
			return
		}
		c.value(key, target, t)
		return
	case *ast.TagNode:
		c.wrong(key, node, "tags such as %s are not read; leave it out", n.Start.Value)
		return
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		c.duration(key, node)
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		c.mapping(key, node, t)
	case t.Kind() == reflect.Slice:
		c.list(key, node, t)
	default:
		c.scalar(key, node, t)
	}
}

func (c *typeChecker) list(key string, node ast.Node, t reflect.Type) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		c.wrong(key, node, "must be a list, such as [a, b]")
		return
	}
	for i, item := range list.Values {
		at := fmt.Sprintf("%s[%d]", key, i)
		c.keep(at, item)
		c.value(at, item, t.Elem())
	}
}

func (c *typeChecker) mapping(key string, node ast.Node, t reflect.Type) {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		c.wrong(key, node, "must be keys with values, such as key: value")
		return
	}
	for _, pair := range pairs {
		if pair.Key == nil || pair.Key.GetToken() == nil {
			continue
		}
		if pair.Key.IsMergeKey() {
			c.merge(key, pair.Value, t)
			continue
		}
		name := pair.Key.GetToken().Value
		at := strings.TrimPrefix(key+"."+name, ".")
		c.keep(at, pair.Key)
		if t.Kind() == reflect.Map {
			c.value(at, pair.Value, t.Elem())
		} else if field, known := settingOf(t, name); known {
			c.value(at, pair.Value, field)
		} else if name == "auth_token" {
			c.wrong(at, pair.Key, "secrets do not stand in this file; name what holds it with auth_token_env or auth_token_file")
		}
	}
}

// merge looks at what a merge key brings in: a mapping, or a list of them.
func (c *typeChecker) merge(key string, node ast.Node, t reflect.Type) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		c.value(key, node, t)
		return
	}
	for _, item := range list.Values {
		c.value(key, item, t)
	}
}

// settingOf finds the type of a setting by its key, also in structs that are inlined.
func settingOf(t reflect.Type, key string) (reflect.Type, bool) {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == key && name != "" {
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

func (c *typeChecker) duration(key string, node ast.Node) {
	text, ok := node.(*ast.StringNode)
	if !ok {
		c.wrong(key, node, "%s must be a time with its unit, such as 120s, 15m or 24h", written(node))
		return
	}
	if _, err := time.ParseDuration(text.Value); err != nil {
		c.wrong(key, node, "%q must be a time with its unit, such as 120s, 15m or 24h", text.Value)
	}
}

// scalar compares a single value with a bool, a number or a text. A number in quotation marks is none.
func (c *typeChecker) scalar(key string, node ast.Node, t reflect.Type) {
	text, err := scalarText(node)
	_, quoted := node.(*ast.StringNode)
	what := "a text"
	switch t.Kind() {
	case reflect.Bool:
		what = "true or false"
		if _, isBool := node.(*ast.BoolNode); !isBool {
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
		c.wrong(key, node, "%s must be %s", written(node), what)
	}
}

// scalarText is a single value as text; the error says that node is a list or a mapping.
func scalarText(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case ast.ScalarNode:
		return fmt.Sprint(n.GetValue()), nil
	default:
		return "", errors.New("not a single value")
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
