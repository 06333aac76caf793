package fetch

import (
	"encoding/base64"
	"mime"
	"strings"
)

// ParseData reads a data: URL (Fetch standard, 6): its type and its body; false when it is not valid. The text is that of
// a parsed URL.
func ParseData(text string) (kind string, body []byte, ok bool) {
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "data:"), "#")
	kind, data, found := strings.Cut(text, ",")
	if !found {
		return "", nil, false
	}
	kind = strings.Trim(kind, " \t\n\f\r")
	body = percentDecode(data)
	if at := strings.LastIndexByte(kind, ';'); at >= 0 && strings.EqualFold(strings.Trim(kind[at+1:], " "), "base64") {
		if body, ok = DecodeBase64(string(body)); !ok {
			return "", nil, false
		}
		kind = strings.TrimRight(kind[:at], " ")
	}
	if strings.HasPrefix(kind, ";") {
		kind = "text/plain" + kind
	}
	return dataType(kind), body, true
}

// dataType is the type of a data: URL in the form in which it is a header; what is no type is plain ASCII.
func dataType(kind string) string {
	essence, parameters, _ := strings.Cut(kind, ";")
	essence, _, err := mime.ParseMediaType(essence)
	if err != nil || !strings.Contains(essence, "/") {
		return "text/plain;charset=US-ASCII"
	}
	parts := []string{essence}
	for parameter := range strings.SplitSeq(parameters, ";") {
		// Many write ;utf8, which is none.
		if parameter = strings.TrimSpace(parameter); strings.Contains(parameter, "=") {
			parts = append(parts, parameter)
		}
	}
	return strings.Join(parts, ";")
}

// percentDecode is the percent-decoding of the URL standard (1.3): what is no escape stands for itself.
func percentDecode(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && Unhex(s[i+1]) >= 0 && Unhex(s[i+2]) >= 0 {
			out = append(out, byte(Unhex(s[i+1])<<4|Unhex(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// DecodeBase64 is the forgiving-base64 decode of the Infra standard (7).
func DecodeBase64(s string) ([]byte, bool) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\n\f\r ", r) {
			return -1
		}
		return r
	}, s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	if len(s)%4 == 1 {
		return nil, false
	}
	b, err := base64.RawStdEncoding.DecodeString(s)
	return b, err == nil
}
