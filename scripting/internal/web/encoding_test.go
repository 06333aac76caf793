package web

import (
	"testing"
	"unicode/utf8"

	"github.com/dop251/goja"
)

type (
	callArguments = goja.FunctionCall
	callResult    = goja.Value
)

func TestTextEncoding(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`new TextEncoder().encode('aü€😀').join()`, "97,195,188,226,130,172,240,159,152,128"},
		{`new TextEncoder().encode('\ud800').join()`, "239,191,189"},
		{`new TextEncoder().encode().length + new TextEncoder().encoding`, "0utf-8"},
		{`(a => [JSON.stringify(new TextEncoder().encodeInto('a€😀', a)), a].join('|'))(new Uint8Array(6))`, `{"read":2,"written":4}|97,226,130,172,0,0`},
		{`new TextDecoder().decode(new Uint8Array([97, 195, 188]))`, "aü"},
		{`new TextDecoder().decode(new Uint8Array([239, 187, 191, 97])).length`, "1"},
		{`new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([239, 187, 191, 97])).length`, "2"},
		{`new TextDecoder().decode(new Uint8Array([0xe2, 0x82, 0x41, 0xf0, 0x9f, 0x98, 0xff, 0xc0, 0x80]))`, "\ufffdA\ufffd\ufffd\ufffd\ufffd"},
		{`new TextDecoder().decode(new Uint8Array([0xed, 0xa0, 0x80]))`, "\ufffd\ufffd\ufffd"},
		{`new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff]))`, "throws TypeError: The encoded data was not valid for encoding utf-8"},
		{`(d => d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + d.decode(new Uint8Array([0xac, 0x41]), { stream: true }) + d.decode())(new TextDecoder())`, "€A"},
		{`(d => d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + d.decode())(new TextDecoder())`, "\ufffd"},
		{`(d => d.decode(new Uint8Array([0xef]), { stream: true }) + d.decode(new Uint8Array([0xbb, 0xbf, 0x41])))(new TextDecoder())`, "A"},
		{`(d => d.decode(new Uint8Array([0x41]), { stream: true }) + d.decode(new Uint8Array([0xef, 0xbb, 0xbf])).length)(new TextDecoder())`, "A1"},
		{`new TextDecoder('utf-16le').decode(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde, 0, 0xd8, 0x41, 0]))`, "a😀\ufffdA"},
		{`(d => d.decode(new Uint8Array([0x3d, 0xd8, 0]), { stream: true }) + d.decode(new Uint8Array([0xde])))(new TextDecoder('utf-16le'))`, "😀"},
		{`new TextDecoder('utf-16le', { fatal: true }).decode(new Uint8Array([1]))`, "throws TypeError..."},
		{`new TextDecoder('utf-16be').decode(new Uint8Array([0, 0x61]))`, "a"},
		{`new TextDecoder('Latin1').encoding + new TextDecoder(' ascii\n').encoding`, "windows-1252windows-1252"},
		{`new TextDecoder('latin1').decode(new Uint8Array([0x80, 0x81, 0xe9]))`, "€\u0081é"},
		{`new TextDecoder('shift_jis')`, "throws RangeError..."},
		{`new TextDecoder().decode(new Uint8Array([1, 97, 2]).subarray(1, 2)) + new TextDecoder().decode(new DataView(new Uint8Array([98]).buffer))`, "ab"},
		{`new TextDecoder().decode(new Uint8Array([99]).buffer) + new TextDecoder().decode()`, "c"},
		{`new TextDecoder().decode('x')`, "throws TypeError..."},
		{`(d => [d.encoding, d.fatal, d.ignoreBOM].join())(new TextDecoder('UTF8', { fatal: 1 }))`, "utf-8,true,false"},
	})
}

func TestBase64(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`btoa('hello') + btoa('') + btoa('\xff\0')`, "aGVsbG8=/wA="},
		{`btoa('€')`, "throws InvalidCharacterError..."},
		{`btoa(undefined) + btoa(null)`, "dW5kZWZpbmVkbnVsbA=="},
		{`atob(' aGVs\nbG8 ')`, "hello"},
		{`atob('YQ') + atob('YQ==') + atob('YR')`, "aaa"},
		{`atob('/wA=').charCodeAt(0)`, "255"},
		{`atob('Y')`, "throws InvalidCharacterError..."},
		{`atob('YQ=')`, "throws InvalidCharacterError..."},
		{`atob('=')`, "throws InvalidCharacterError..."},
		{`atob('Y-_Q')`, "throws InvalidCharacterError..."},
		{`atob('YWFh=')`, "throws InvalidCharacterError..."},
		{`atob('é')`, "throws InvalidCharacterError..."},
		{`(() => { try { atob('*') } catch (e) { return e.code + '' + (e instanceof DOMException) } })()`, "5true"},
		{`atob()`, "throws TypeError..."},
	})
}

func FuzzDecodeUTF8(f *testing.F) {
	for _, seed := range []string{"", "a", "\xe2\x82", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xff\xc0\x80", "\xf4\x90\x80\x80"} {
		f.Add([]byte(seed), 1)
	}
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		whole := decodeUTF8(b)
		if !utf8.ValidString(whole) {
			t.Fatalf("%q is not UTF-8", whole)
		}
		if utf8.Valid(b) && whole != string(b) {
			t.Fatalf("%q became %q", b, whole)
		}
		// In two chunks the text is the same.
		if cut < 0 || cut > len(b) {
			return
		}
		first, rest, _ := decodeUTF8Chunk(b[:cut], true)
		if got := first + decodeUTF8(b[cut-rest:]); got != whole {
			t.Fatalf("in two chunks %q; want %q", got, whole)
		}
	})
}
