package console

import (
	"slices"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
	"trackhook/scripting/internal/view"
)

// view writes an object of this package without asking goja for anything, and tells whether it was one. What is still
// text is written from the text; that costs a tenth of walking over ordinary objects.
func (in *inspector) view(object *goja.Object, level int) bool {
	if in.opt.showHidden {
		return false // hidden are the lengths of arrays, which only the general way writes
	}
	view, ok := view.ContentsOf(object)
	switch {
	case !ok || !in.hasPrototype(object, view.Proto):
		return false
	case view.Text != "":
		if !in.full() {
			in.jsonObject(view.Text, &view.Items, level)
		}
		return true
	case view.Members != nil:
		return in.inCircle(object) || in.members(object, view.Members, level)
	default:
		return in.inCircle(object) || in.fields(object, &view, level)
	}
}

// hasPrototype tells that a view has the prototype that it was made with; nil is Object.prototype. Whether a script has
// put a tag or an inspection method there is not looked at.
func (in *inspector) hasPrototype(object, made *goja.Object) bool {
	proto := object.Prototype()
	if made == nil {
		made = in.objectProto
	}
	return proto != nil && proto == made
}

// fields writes the properties of a response.
func (in *inspector) fields(object *goja.Object, view *view.Contents, level int) bool {
	if level > in.opt.depth {
		in.write("[Object]")
		return true
	}
	part := in.open(object, level)
	view.Fields(func(name, text string, value goja.Value) {
		start := len(in.out)
		in.write(name)
		in.write(": ")
		in.indent += 2
		if value != nil {
			in.value(value, level+1)
		} else {
			text = jsontext.ValidText(text)
			in.quoted(text, jsontext.UnitCount(text))
		}
		in.indent -= 2
		in.entry(start)
	})
	in.close(object, part, level)
	return true
}

// members writes the properties of a view that was read or changed.
func (in *inspector) members(object *goja.Object, members *view.Members, level int) bool {
	if members.Len() == 0 {
		in.write("{}")
		return true
	}
	if level > in.opt.depth {
		in.write("[Object]")
		return true
	}
	part := in.open(object, level)
	for member := range members.All() {
		if in.full() {
			break
		}
		start := len(in.out)
		in.out = appendKey(in.out, member.Key)
		in.write(": ")
		in.indent += 2
		if member.Value != nil {
			in.value(member.Value, level+1)
		} else {
			in.json(member.Raw, level+1)
		}
		in.indent -= 2
		in.entry(start)
	}
	in.close(object, part, level)
	return true
}

func (in *inspector) open(object *goja.Object, level int) inspectPart {
	in.seen = append(in.seen, object)
	in.deepest = level + 1
	return in.begin()
}

func (in *inspector) close(object *goja.Object, part inspectPart, level int) {
	in.seen = in.seen[:len(in.seen)-1]
	in.finish(part, inspectFrame{base: in.reference(object), open: "{", close: "}"}, level+1)
}

// json writes the value that the text stands for.
func (in *inspector) json(text string, level int) {
	if in.full() {
		return
	}
	switch c := text[0]; {
	case c == '{':
		items := jsontext.NewItems(text)
		in.jsonObject(text, &items, level)
	case c == '[':
		in.jsonArray(text, level)
	case c == '"':
		in.jsonString(text)
	case c == '-' || c >= '0' && c <= '9':
		if jsontext.IsShortInteger(text) {
			in.write(text)
			return
		}
		in.out = appendPrimitive(in.out, in.vm.ToValue(jsontext.Number(text)))
	default:
		in.write(text)
	}
}

func (in *inspector) jsonString(literal string) {
	// Nearly every string is plain; to look at it once saves an eighth of printing an answer.
	if inner := literal[1 : len(literal)-1]; len(inner) <= maxStringUnits && jsontext.IsPlainText(inner) {
		in.out = append(append(append(in.out, '\''), inner...), '\'')
		return
	}
	text, exact := jsontext.Unquote(literal)
	if exact {
		in.quoted(text, jsontext.UnitCount(text))
		return
	}
	units := jsontext.UnquoteUnits(literal)
	in.quoted(escapeLoneSurrogates(units), len(units))
}

// jsonObject writes the object that the text is, whose members items are.
func (in *inspector) jsonObject(text string, items *jsontext.Items, level int) {
	if len(text) <= maxPlainBytes && items.Plain() {
		in.plainObject(*items, level)
		return
	}
	literal, raw, ok := items.Next()
	if !ok {
		in.write("{}")
		return
	}
	if level > in.opt.depth {
		in.write("[Object]")
		return
	}
	in.deepest = level + 1
	part := in.begin()
	var keys [view.ScanMembers]string
	for n := 0; ok; n++ {
		key, _ := jsontext.Unquote(literal)
		if n == len(keys) || jsontext.IsArrayIndex(key) || slices.Contains(keys[:n], key) {
			// An order that is not that of the text, or too much to look through for it: read it as a script would.
			in.out, in.entries = in.out[:part.out], in.entries[:part.entries]
			in.jsonMembers(text, level)
			return
		}
		keys[n] = key
		in.jsonMember(key, raw, items, level)
		literal, raw, ok = items.Next()
	}
	in.finish(part, inspectFrame{open: "{", close: "}"}, level+1)
}

func (in *inspector) jsonMembers(text string, level int) {
	members := view.ParseMembers(text)
	in.deepest = level + 1
	part := in.begin()
	for member := range members.All() {
		if in.full() {
			break
		}
		in.jsonMember(member.Key, member.Raw, nil, level)
	}
	in.finish(part, inspectFrame{open: "{", close: "}"}, level+1)
}

// jsonMember writes a member, which items have just returned; nil: they come from elsewhere.
func (in *inspector) jsonMember(key, raw string, items *jsontext.Items, level int) {
	start := len(in.out)
	in.out = append(appendKey(in.out, key), ": "...)
	in.indent += 2
	if items != nil && raw[0] == '{' {
		if !in.full() {
			inner := items.Inner(raw)
			in.jsonObject(raw, &inner, level+1)
		}
	} else {
		in.json(raw, level+1)
	}
	in.indent -= 2
	in.entry(start)
}

func (in *inspector) jsonArray(text string, level int) {
	items := jsontext.NewItems(text)
	_, raw, ok := items.Next()
	if !ok {
		in.write("[]")
		return
	}
	if level > in.opt.depth {
		in.write("[Array]")
		return
	}
	in.deepest = level + 1
	part := in.begin()
	count, numbers := 0, 0
	for ; ok; count++ {
		if numbers == count && isJSONNumber(raw) {
			numbers++
		}
		if count < in.opt.maxArray && !in.full() {
			start := len(in.out)
			in.indent += 2
			in.json(raw, level+1)
			in.indent -= 2
			in.entry(start)
		}
		_, raw, ok = items.Next()
	}
	in.moreItems(count - in.opt.maxArray)
	in.finish(part, inspectFrame{
		open: "[", close: "]", array: true,
		numeric: func(n int) bool { return numbers >= n },
	}, level+1)
}

func isJSONNumber(raw string) bool { return strings.IndexByte("-0123456789", raw[0]) >= 0 }

// moreItems writes the entry that tells how many elements are not shown, if any.
func (in *inspector) moreItems(n int) {
	if n <= 0 {
		return
	}
	start := len(in.out)
	in.out = appendInt(append(in.out, "... "...), n)
	in.write(" more item" + pluralS(n))
	in.entry(start)
}
