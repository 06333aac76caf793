package web

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/fetch"
)

// The names of the encodings that TextDecoder knows, as its encoding property gives them.
const (
	encodingUTF8    = "utf-8"
	encodingUTF16LE = "utf-16le"
	encodingUTF16BE = "utf-16be"
	encodingLatin1  = "windows-1252"
)

// encodingNatives are what TextEncoder, TextDecoder, atob and btoa need.
func (w *Web) encodingNatives() map[string]native {
	return map[string]native{
		"encode": func(call goja.FunctionCall) goja.Value {
			return w.arrayBuffer([]byte(usv(w.VM, call.Argument(0)).String()))
		},
		"encodeInto": w.encodeInto,
		"encodingOf": func(call goja.FunctionCall) goja.Value { return w.VM.ToValue(encodingOf(call.Argument(0).String())) },
		"decode":     w.decodeText,
		"atob": func(call goja.FunctionCall) goja.Value {
			b, ok := fetch.DecodeBase64(call.Argument(0).String())
			if !ok {
				return goja.Null()
			}
			return w.latin1String(b)
		},
		"btoa": func(call goja.FunctionCall) goja.Value {
			b, ok := latin1Bytes(call.Argument(0))
			if !ok {
				return goja.Null()
			}
			return w.VM.ToValue(base64.StdEncoding.EncodeToString(b))
		},
	}
}

// encodeInto writes as many whole characters as fit, and returns the UTF-16 units read and the bytes written.
func (w *Web) encodeInto(call goja.FunctionCall) goja.Value {
	to := bytesOf(call.Argument(1))
	read, written := 0, 0
	for _, r := range usv(w.VM, call.Argument(0)).String() {
		size := utf8.RuneLen(r)
		if written+size > len(to) {
			break
		}
		utf8.EncodeRune(to[written:], r)
		written += size
		read += utf16.RuneLen(r)
	}
	return w.VM.NewArray(read, written)
}

// decodeText decodes a chunk, and returns the text, how many bytes at the end belong to a character that is not
// complete, and whether decoding failed.
func (w *Web) decodeText(call goja.FunctionCall) goja.Value {
	encoding, chunk := call.Argument(0).String(), bytesOf(call.Argument(1))
	stream, fatal, mark := call.Argument(2).ToBoolean(), call.Argument(3).ToBoolean(), call.Argument(4).ToBoolean()
	text, rest, ok := decodeChunk(encoding, chunk, stream, fatal, mark)
	return w.VM.NewArray(text, rest, !ok)
}

// decodeChunk decodes as the Encoding standard says. In a stream an incomplete character at the end is left: rest is
// the number of its bytes. With mark, a byte order mark at the start is dropped. ok is false when fatal is set and the
// bytes are not valid.
func decodeChunk(encoding string, chunk []byte, stream, fatal, mark bool) (text string, rest int, ok bool) {
	switch encoding {
	case encodingUTF16LE, encodingUTF16BE:
		text, rest, ok = decodeUTF16(chunk, encoding == encodingUTF16BE, stream)
	case encodingLatin1:
		return decodeWindows1252(chunk), 0, true
	default:
		text, rest, ok = decodeUTF8Chunk(chunk, stream)
	}
	if fatal && !ok {
		return "", 0, false
	}
	if mark {
		text = strings.TrimPrefix(text, "\ufeff")
	}
	return text, rest, true
}

// decodeUTF8 decodes bytes of which nothing follows, without looking for a byte order mark.
func decodeUTF8(b []byte) string {
	text, _, _ := decodeUTF8Chunk(b, false)
	return text
}

// decodeUTF8Chunk is the UTF-8 decoder of the Encoding standard (8.1.1): each maximal part of a sequence that is not
// valid becomes one U+FFFD, where Go would make one of each byte. ok is false when there was one.
func decodeUTF8Chunk(b []byte, stream bool) (text string, rest int, ok bool) {
	if utf8.Valid(b) {
		return string(b), 0, true
	}
	ok = true
	var out strings.Builder
	out.Grow(len(b))
	for len(b) > 0 {
		if r, size := utf8.DecodeRune(b); r != utf8.RuneError || size > 1 {
			out.Write(b[:size])
			b = b[size:]
			continue
		}
		size, broken := utf8Prefix(b)
		if !broken && stream {
			return out.String(), len(b), ok
		}
		ok = false
		out.WriteRune(utf8.RuneError)
		b = b[size:]
	}
	return out.String(), 0, ok
}

// utf8Prefix returns the length of the longest prefix of b that begins a valid sequence, at least 1, and whether the
// sequence was broken off by a byte rather than by the end of b.
func utf8Prefix(b []byte) (size int, broken bool) {
	low, high := byte(0x80), byte(0xBF)
	var more int
	switch c := b[0]; {
	case 0xC2 <= c && c <= 0xDF:
		more = 1
	case 0xE0 <= c && c <= 0xEF:
		more = 2
	case 0xF0 <= c && c <= 0xF4:
		more = 3
	default:
		return 1, true
	}
	switch b[0] { // neither longer than needed, nor a surrogate, nor above U+10FFFF
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	for size = 1; size <= more; size++ {
		if size == len(b) {
			return size, false
		}
		if b[size] < low || b[size] > high {
			return size, true
		}
		low, high = 0x80, 0xBF
	}
	return size, true
}

// decodeUTF16 is the shared UTF-16 decoder of the Encoding standard (14.2.1).
func decodeUTF16(b []byte, big, stream bool) (text string, rest int, ok bool) {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if big {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		} else {
			units = append(units, uint16(b[i+1])<<8|uint16(b[i]))
		}
	}
	rest, ok = len(b)%2, true
	if n := len(units); n > 0 && stream && 0xD800 <= units[n-1] && units[n-1] <= 0xDBFF {
		units = units[:n-1]
		rest += 2
	}
	for i := 0; i < len(units); i++ {
		if u := units[i]; utf16.IsSurrogate(rune(u)) {
			if i+1 < len(units) && utf16.DecodeRune(rune(u), rune(units[i+1])) != utf8.RuneError {
				i++
				continue
			}
			ok = false // utf16.Decode makes it U+FFFD
		}
	}
	text = string(utf16.Decode(units))
	if rest > 0 && !stream {
		return text + "\ufffd", 0, false
	}
	return text, rest, ok
}

// decodeWindows1252 decodes by the index of the Encoding standard, in which every byte has a character.
func decodeWindows1252(b []byte) string {
	const high = "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
		"\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178"
	runes := []rune(high)
	var out strings.Builder
	out.Grow(len(b))
	for _, c := range b {
		if 0x80 <= c && c < 0xA0 {
			out.WriteRune(runes[c-0x80])
		} else {
			out.WriteRune(rune(c))
		}
	}
	return out.String()
}

// encodingOf returns the encoding of a label (Encoding standard, 4.2), or "" when it is not one of ours.
func encodingOf(label string) string {
	switch strings.ToLower(strings.Trim(label, "\t\n\f\r ")) {
	case "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8":
		return encodingUTF8
	case "csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf-16", "utf-16le":
		return encodingUTF16LE
	case "unicodefffe", "utf-16be":
		return encodingUTF16BE
	case "ansi_x3.4-1968", "ascii", "cp1252", "cp819", "csisolatin1", "ibm819", "iso-8859-1", "iso-ir-100", "iso8859-1",
		"iso88591", "iso_8859-1", "iso_8859-1:1987", "l1", "latin1", "us-ascii", "windows-1252", "x-cp1252":
		return encodingLatin1
	}
	return ""
}

// latin1Bytes returns the characters of a string as bytes. False: one is above U+00FF.
func latin1Bytes(v goja.Value) ([]byte, bool) {
	s, ok := v.ToString().(goja.String)
	if !ok {
		return nil, false
	}
	b := make([]byte, s.Length())
	for i := range b {
		c := s.CharAt(i)
		if c > 0xFF {
			return nil, false
		}
		b[i] = byte(c)
	}
	return b, true
}

// latin1String makes a string of bytes, a character each.
func (w *Web) latin1String(b []byte) goja.Value {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return w.VM.ToValue(string(runes))
}
