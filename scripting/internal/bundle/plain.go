package bundle

import (
	"path/filepath"
	"strings"
)

// plainScript returns the script if it is surely a classic one that requires nothing and runs as it is written; else
// nil, which says nothing. It saves most plugins the milliseconds that esbuild takes for a look at them, and with that
// the warnings.
//
// The test is sure because goja parses classic scripts only, and because what would make a module of a text that goja
// takes (await or import at the top level), or make it need a library (require and import calls), is a word in it. A
// word may be written with escapes, but not without \u.
func (b *bundler) plainScript(text string) *Code {
	if ending := filepath.Ext(b.Entry); ending != ".js" && ending != ".cjs" {
		return nil
	}
	if strings.Contains(text, `\u`) || hasWord(text, "require") || hasWord(text, "import") || hasWord(text, "await") {
		return nil
	}
	if b.key(b.Entry) != b.Name(b.Entry) {
		return nil // its package.json says that it is a module
	}
	code := &Code{name: b.Name(b.Entry), Text: text}
	if _, err := code.Compile(); err != nil {
		return nil
	}
	return code
}

// hasWord tells whether a word of letters stands in a text by itself.
func hasWord(text, word string) bool {
	for at := 0; ; {
		found := strings.Index(text[at:], word)
		if found < 0 {
			return false
		}
		at += found
		end := at + len(word)
		if (at == 0 || !wordByte(text[at-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		at = end
	}
}

// wordByte tells bytes that go on a name. Characters beyond ASCII may or may not, so they count as ends of it.
func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$'
}
