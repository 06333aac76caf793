package instance

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"trackhook/scripting/internal/fetch"
)

// secretsOf returns nil when there is nothing to take out.
func secretsOf(env map[string]string) *Secrets {
	known := map[string]bool{}
	add := func(text string) {
		// What a secret holds may look like an escape itself.
		for range plainDepth {
			if len(text) >= leastSecret {
				known[text] = true
			}
			next := (&layer{text: text}).plain()
			if next == nil {
				return
			}
			text = next.text
		}
	}
	for _, value := range env {
		if len(value) < leastSecret {
			continue
		}
		for _, part := range partsOf(value, 0) {
			add(lower(part))
			add(lower(strings.ReplaceAll(part, " ", "+"))) // as in a form
			for _, code := range codesOf(part) {
				add(lower(code))
			}
		}
	}
	if len(known) == 0 {
		return nil
	}
	s := &Secrets{forms: map[[formKey]byte][]form{}}
	for text := range known {
		s.longest = max(s.longest, len(text))
		key := [formKey]byte([]byte(text))
		s.forms[key] = append(s.forms[key], form{text, leastAtCut(text)})
		pair := int(text[0])<<8 | int(text[1])
		s.begins[pair/64] |= 1 << (pair % 64)
	}
	for _, forms := range s.forms {
		slices.SortFunc(forms, func(a, b form) int { return cmp.Or(len(b.text)-len(a.text), cmp.Compare(a.text, b.text)) })
	}
	return s
}

// leastAtCut is how much of a form tells something: of a URL more than its host, of a key in PEM more than its first line.
func leastAtCut(text string) int {
	least := leastSecret
	if at := strings.Index(text, "://"); at > 0 {
		host, _, _ := strings.Cut(text[at+3:], "/")
		least = max(least, at+3+len(host)+2)
	}
	if strings.HasPrefix(text, "-----") {
		line, _, _ := strings.Cut(text, "\n")
		least = max(least, len(line)+2)
	}
	return min(least, len(text))
}

// partsOf returns a value and what scripts and printers make of it one by one: lines, items of lists, members of JSON, and parts of
// URLs.
func partsOf(value string, depth int) []string {
	parts := []string{value}
	if len(value) < leastSecret || depth > plainDepth {
		return parts
	}
	if u, err := fetch.NewURLParser().Parse(value); err == nil && u.Host() != "" {
		parts = append(parts, u.Href(false), u.Href(true), u.Pathname(), u.Pathname()+u.Search(), u.Search(), u.Hash(), u.Username(), u.Password())
		parts = append(parts, strings.TrimPrefix(u.Pathname(), "/"), strings.TrimPrefix(u.Search(), "?"), strings.TrimPrefix(u.Hash(), "#"))
		parts = append(parts, strings.Split(u.Pathname(), "/")...)
		for pair := range strings.SplitSeq(strings.TrimPrefix(u.Search(), "?"), "&") {
			_, text, _ := strings.Cut(pair, "=")
			parts = append(parts, text, strings.ReplaceAll(text, "+", " "))
		}
		for _, part := range parts {
			if text, err := url.PathUnescape(part); err == nil {
				parts = append(parts, text)
			}
		}
		if u.Password() != "" {
			user, _ := url.PathUnescape(u.Username())
			password, _ := url.PathUnescape(u.Password())
			parts = append(parts, user+":"+password)
		}
		return parts
	}
	if members := membersOf(value); members != nil {
		for _, member := range members {
			parts = append(parts, partsOf(member, depth+1)...)
		}
		return parts
	}
	pieces := strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(pieces) < 2 {
		pieces = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' })
	}
	for _, piece := range pieces {
		if piece = strings.TrimSpace(piece); piece != value {
			parts = append(parts, partsOf(piece, depth+1)...)
		}
		if _, right, ok := strings.Cut(piece, "="); ok && depth > 0 {
			parts = append(parts, right)
		}
	}
	return parts
}

// membersOf returns the texts in an object or a list of JSON. Nil: it is none.
func membersOf(value string) []string {
	if !strings.HasPrefix(value, "{") && !strings.HasPrefix(value, "[") {
		return nil
	}
	var decoded any
	if json.Unmarshal([]byte(value), &decoded) != nil {
		return nil
	}
	texts := []string{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(decoded)
	return texts
}

// codesOf returns a value in hexadecimal digits, and in base64 at each place where it may begin in what is encoded. What it shares
// a letter with is left out.
func codesOf(value string) []string {
	if len(value) < leastSecret {
		return nil
	}
	codes := []string{hex.EncodeToString([]byte(value))}
	for before := range 3 {
		shifted := append(make([]byte, before, before+len(value)), value...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(shifted)
			codes = append(codes, text[(before*8+5)/6:(before+len(value))*8/6])
		}
	}
	return codes
}
