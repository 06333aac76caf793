package config

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// maxNodes bounds what a file is read as, so that aliases of aliases end. A file of a megabyte has fewer nodes.
const maxNodes = 1 << 20

// decoder reads the values of a file into their settings, and keeps the lines of the keys.
//
// It reads nodes, and not what the library makes of them, because a text must stay as it was written: 0012 is an id, and
// not the number 10.
type decoder struct {
	*origin
	anchors map[string]ast.Node
	nodes   int
	err     error // the first mistake
}

// wrong keeps the first mistake.
func (d *decoder) wrong(key string, at ast.Node, format string, args ...any) {
	if d.err != nil {
		return
	}
	if key != "" {
		key += ": "
	}
	line := 1
	if token := at.GetToken(); token != nil && token.Position != nil {
		line = token.Position.Line
	}
	d.err = fmt.Errorf("%s:%d: %s%s", d.file, line, key, fmt.Sprintf(format, args...))
}

// keep keeps the line of a key. The first counts, should it stand there twice.
func (d *decoder) keep(key string, at ast.Node) {
	token := at.GetToken()
	if _, twice := d.lines[key]; !twice && token != nil && token.Position != nil {
		d.lines[key] = token.Position.Line
	}
}

// value reads one node into its setting. An empty value leaves the setting as it is.
func (d *decoder) value(key string, node ast.Node, into reflect.Value) {
	if d.nodes++; d.nodes > maxNodes {
		d.wrong(key, node, "the aliases stand for too much; write the values out")
	}
	if d.err != nil || node == nil {
		return
	}
	switch n := node.(type) {
	case *ast.NullNode:
		d.null(key, n, into.Type())
		return
	case *ast.AnchorNode:
		d.value(key, n.Value, into)
		d.anchors[strings.TrimPrefix(n.Name.String(), "&")] = n.Value // not before: it must not hold itself
		return
	case *ast.AliasNode:
		target, known := d.anchors[strings.TrimPrefix(n.Value.String(), "*")]
		if !known {
			d.wrong(key, node, "the alias *%s stands for nothing that was written before it", n.Value)
			return
		}
		d.value(key, target, into)
		return
	case *ast.TagNode:
		d.wrong(key, node, "tags such as %s are not read; leave it out", n.Start.Value)
		return
	}
	switch kind := into.Kind(); {
	case kind == reflect.Pointer: // a setting whose zero is a value of its own
		given := reflect.New(into.Type().Elem())
		d.value(key, node, given.Elem())
		into.Set(given)
	case into.Type() == reflect.TypeFor[time.Duration]():
		d.duration(key, node, into)
	case kind == reflect.Struct, kind == reflect.Map:
		d.mapping(key, node, into, map[string]bool{})
	case kind == reflect.Slice:
		d.list(key, node, into)
	default:
		d.scalar(key, node, into)
	}
}

// null refuses null and ~ where a text is wanted: in YAML they are not the text that they look like, a home folder for
// example.
func (d *decoder) null(key string, node *ast.NullNode, t reflect.Type) {
	if t.Kind() == reflect.String && node.GetToken().Type != token.ImplicitNullType {
		d.wrong(key, node, "%s means nothing in YAML; write it as %q if the text is meant, or leave the key out", node.GetToken().Value, node.GetToken().Value)
	}
}

func (d *decoder) list(key string, node ast.Node, into reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.wrong(key, node, "must be a list, such as [a, b]")
		return
	}
	items := reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		at := fmt.Sprintf("%s[%d]", key, i)
		d.keep(at, item)
		if _, null := item.(*ast.NullNode); null {
			d.wrong(at, item, "is empty; leave it out")
		}
		d.value(at, item, items.Index(i))
	}
	into.Set(items)
}

// mapping reads keys with values, those of done excepted, and adds the keys to done. What a merge key brings in counts
// only for keys that the mapping itself does not have.
func (d *decoder) mapping(key string, node ast.Node, into reflect.Value, done map[string]bool) {
	pairs, ok := pairsOf(node)
	if !ok {
		d.wrong(key, node, "must be keys with values, such as key: value")
		return
	}
	var merged []ast.Node
	own := map[string]bool{}
	for _, pair := range pairs {
		if pair.Key == nil || pair.Key.GetToken() == nil {
			continue
		}
		if pair.Key.IsMergeKey() {
			merged = append(merged, pair.Value)
			continue
		}
		name, ok := keyText(pair.Key)
		if !ok {
			d.wrong(key, pair.Key, "a key must be a single word, such as key: value")
			return
		}
		own[name] = true
		if !done[name] {
			d.pair(key, name, pair, into)
		}
	}
	maps.Copy(done, own)
	for _, node := range merged {
		d.merge(key, node, into, done)
	}
}

// pair reads the value of one key.
func (d *decoder) pair(key, name string, pair *ast.MappingValueNode, into reflect.Value) {
	at := strings.TrimPrefix(key+"."+name, ".")
	d.keep(at, pair.Key)
	if into.Kind() != reflect.Map {
		setting, known := settingOf(into, name)
		if !known {
			d.wrong(at, pair.Key, "%s", unknownKey(key, name, into.Type()))
			return
		}
		d.value(at, pair.Value, setting)
		return
	}
	value := reflect.New(into.Type().Elem()).Elem()
	d.value(at, pair.Value, value)
	if into.IsNil() {
		into.Set(reflect.MakeMap(into.Type()))
	}
	into.SetMapIndex(reflect.ValueOf(name), value)
}

// merge reads what a merge key brings in: a mapping, or a list of them, of which the first counts.
func (d *decoder) merge(key string, node ast.Node, into reflect.Value, done map[string]bool) {
	if d.nodes++; d.nodes > maxNodes {
		d.wrong(key, node, "the aliases stand for too much; write the values out")
	}
	if d.err != nil {
		return
	}
	switch n := node.(type) {
	case *ast.SequenceNode:
		for _, item := range n.Values {
			d.merge(key, item, into, done)
		}
	case *ast.AliasNode:
		target, known := d.anchors[strings.TrimPrefix(n.Value.String(), "*")]
		if !known {
			d.wrong(key, node, "the alias *%s stands for nothing that was written before it", n.Value)
			return
		}
		d.merge(key, target, into, done)
	default:
		d.mapping(key, node, into, done)
	}
}

func pairsOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	default:
		return nil, false
	}
}

// keyText is a key as it was written. The library's token has the blanks and lines before it as well.
func keyText(key ast.MapKeyNode) (string, bool) {
	if text, ok := key.(*ast.StringNode); ok && text.Token.Type != token.StringType {
		return text.Value, true // in quotation marks
	}
	if _, ok := key.(ast.ScalarNode); !ok {
		return "", false
	}
	return strings.TrimSpace(key.GetToken().Value), true
}

// settingOf finds a setting by its key, also in structs that are inlined.
func settingOf(of reflect.Value, key string) (reflect.Value, bool) {
	for field, value := range of.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == key && name != "" {
			return value, true
		}
		if options == "inline" {
			if inner, ok := settingOf(value, key); ok {
				return inner, true
			}
		}
	}
	return reflect.Value{}, false
}

// keysOf are the keys of a section, in the order of the fields.
func keysOf(t reflect.Type) []string {
	var keys []string
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name != "" {
			keys = append(keys, name)
		} else if options == "inline" {
			keys = append(keys, keysOf(field.Type)...)
		}
	}
	return keys
}

func (d *decoder) duration(key string, node ast.Node, into reflect.Value) {
	text, ok := node.(*ast.StringNode)
	if !ok {
		d.wrong(key, node, "%s must be a time with its unit, such as 120s, 15m or 24h", written(node))
		return
	}
	value, err := time.ParseDuration(text.Value)
	if err != nil {
		d.wrong(key, node, "%q must be a time with its unit, such as 120s, 15m or 24h", text.Value)
	}
	into.SetInt(int64(value))
}

// scalar reads a bool, a number or a text. A number in quotation marks is none.
func (d *decoder) scalar(key string, node ast.Node, into reflect.Value) {
	text, ok := scalarText(node)
	what := "a text"
	switch into.Kind() {
	case reflect.Bool:
		what = "true or false"
		var value *ast.BoolNode
		if value, ok = node.(*ast.BoolNode); ok {
			into.SetBool(value.Value)
		}
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64:
		what = numberWords(into.Kind())
		if into.Type() == reflect.TypeFor[InFlight]() {
			what = ValueWords((*InFlight)(nil).Type())
			if text == auto {
				into.SetInt(0)
				break
			}
		}
		if s, isText := node.(*ast.StringNode); isText && s.Token.Type != token.StringType {
			ok = false
		}
		ok = ok && setNumber(into, text)
	default:
		if ok {
			into.SetString(text)
		}
	}
	if !ok {
		d.wrong(key, node, "%s must be %s", written(node), what)
	}
}

// numberWords says what a number must be.
func numberWords(kind reflect.Kind) string {
	switch kind {
	case reflect.Uint64:
		return "a whole number, not negative"
	case reflect.Float64:
		return "a number"
	default:
		return "a whole number"
	}
}

// setNumber reads a number in digits as people write it, and tells whether it is one.
func setNumber(into reflect.Value, text string) bool {
	switch into.Kind() {
	case reflect.Uint64:
		value, err := strconv.ParseUint(text, 10, 64)
		into.SetUint(value)
		return err == nil
	case reflect.Float64:
		value, err := strconv.ParseFloat(text, 64)
		into.SetFloat(value)
		return err == nil && !math.IsNaN(value) && !math.IsInf(value, 0)
	default:
		value, err := strconv.ParseInt(text, 10, into.Type().Bits())
		into.SetInt(value)
		return err == nil
	}
}

// scalarText is a single value as it was written; ok is false for a list or a mapping.
func scalarText(node ast.Node) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	case *ast.MappingValueNode:
		return colonText(n)
	case *ast.MappingNode:
		if len(n.Values) == 1 && n.Start.Type != token.MappingStartType {
			return colonText(n.Values[0])
		}
	}
	return "", false
}

// colonText is a text that the library takes for a key with a value, such as 127.0.0.1:9100 in a list between brackets.
// A colon that no blank follows belongs to the text.
func colonText(pair *ast.MappingValueNode) (text string, ok bool) {
	if !plain(pair.Key) || pair.Value == nil {
		return "", false
	}
	key, colon, value := pair.Key.GetToken(), pair.Start, pair.Value.GetToken()
	rest, ok := scalarText(pair.Value)
	if !ok || !plain(pair.Value) && !isPair(pair.Value) || value.Position.Line != colon.Position.Line ||
		strings.TrimLeft(value.Origin, " \t\r\n") != value.Origin || key.Position.Line != colon.Position.Line {
		return "", false
	}
	return strings.TrimSpace(key.Value) + ":" + rest, true
}

// isPair tells whether a node is a key with a value outside of braces.
func isPair(node ast.Node) bool {
	_, ok := node.(*ast.MappingValueNode)
	return ok
}

// plain tells whether a node is a single value without quotation marks.
func plain(node ast.Node) bool {
	quotes := []token.Type{token.SingleQuoteType, token.DoubleQuoteType, token.LiteralType, token.FoldedType, token.ImplicitNullType}
	_, ok := node.(ast.ScalarNode)
	return ok && !slices.Contains(quotes, node.GetToken().Type)
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
