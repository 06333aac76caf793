package console

import (
	"math"

	"trackhook/scripting/internal/jsontext"
)

// The functions of this file write objects in which everything is plain, see [jsontext.Items.Plain], as most answers are.
// How long the text of each value will be is known before it is written, so that it is written once, where it stays, and its
// strings are not looked at again.

// maxPlainBytes bounds such an object, so that no string in it is cut.
const maxPlainBytes = maxStringUnits

// plainObject writes an object whose first member is the next item.
func (in *inspector) plainObject(items jsontext.Items, level int) {
	if sign := in.plainSign(items, level); sign != "" {
		in.write(sign)
		return
	}
	most := in.opt.width
	if most <= 0 {
		most = math.MaxInt
	}
	in.deepest = level + 1
	if _, ok := in.plainWidth(items, level, in.indent, most); ok {
		in.out = in.appendPlainLine(in.out, items, level)
		return
	}
	in.deepest = level + 1
	in.indent += 2
	out := append(in.out, '{')
	for member, key, value, ok := items.NextPlain(); ok; {
		out = appendLineBreak(out, in.indent)
		if member[value] == '{' {
			in.out = append(append(out, member[:key]...), ": "...)
			in.plainObject(items.Inner(member[value:]), level+1)
			out = in.out
		} else {
			out = appendPlainMember(out, member, key, value)
		}
		if member, key, value, ok = items.NextPlain(); ok {
			out = append(out, ',')
		}
	}
	in.indent -= 2
	in.out = append(appendLineBreak(out, in.indent), '}')
}

// plainSign returns what stands for an object whose members are not written, "" where they are.
func (in *inspector) plainSign(items jsontext.Items, level int) string {
	switch {
	case items.Done():
		return "{}"
	case level > in.opt.depth:
		return "[Object]"
	default:
		return ""
	}
}

// plainWidth returns how long an object with members is on one line, and whether it goes there, by the same rules as
// onOneLine. It stops when that is no more possible.
func (in *inspector) plainWidth(items jsontext.Items, level, indent, most int) (width int, ok bool) {
	in.deepest = level + 1
	width = 2 // the braces; each member has two blanks, or a blank and a comma, beside it
	count := indent + 11
	for member, key, value, more := items.NextPlain(); more; member, key, value, more = items.NextPlain() {
		one := key + 2 + len(member) - value // a colon and a blank
		if member[value] == '{' {
			inner := items.Inner(member[value:])
			n := len(in.plainSign(inner, level+1))
			if n == 0 {
				if n, ok = in.plainWidth(inner, level+1, indent+2, most); !ok {
					return 0, false
				}
			}
			one = key + 2 + n
		}
		width += one + 2
		if count += one + 2; count > most {
			return 0, false
		}
	}
	return width, in.deepest-level-1 < maxInnerLevels
}

// appendPlainLine appends an object with members on one line.
func (in *inspector) appendPlainLine(out []byte, items jsontext.Items, level int) []byte {
	out = append(out, "{ "...)
	for member, key, value, ok := items.NextPlain(); ok; {
		if member[value] == '{' {
			out = append(append(out, member[:key]...), ": "...)
			inner := items.Inner(member[value:])
			if sign := in.plainSign(inner, level+1); sign != "" {
				out = append(out, sign...)
			} else {
				out = in.appendPlainLine(out, inner, level+1)
			}
		} else {
			out = appendPlainMember(out, member, key, value)
		}
		if member, key, value, ok = items.NextPlain(); ok {
			out = append(out, ", "...)
		}
	}
	return append(out, " }"...)
}

// appendPlainMember appends a member that is no object. Its text is as long as what is printed, where no blanks are in it:
// key":"value" is key: 'value'.
func appendPlainMember(out []byte, member string, key, value int) []byte {
	start := len(out)
	if value == key+2 {
		out = append(out, member...)
		out[start+key], out[start+key+1] = ':', ' '
	} else {
		out = append(append(append(out, member[:key]...), ": "...), member[value:]...)
	}
	if first := start + key + 2; out[first] == '"' {
		out[first], out[len(out)-1] = '\'', '\''
	}
	return out
}
