package bound

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// mark begins a source map that stands in its file.
const mark = "sourceMappingURL=data:"

// SourceMap says where a source map that stands in a comment of a source nests deeper than [MaxJSONDepth], as an *Error;
// nil: nowhere.
func SourceMap(text string) error {
	for at := 0; ; {
		found := strings.Index(text[at:], mark)
		if found < 0 {
			return nil
		}
		at += found + len(mark)
		line := text[at:]
		if end := strings.IndexAny(line, "\r\n"); end >= 0 {
			line = line[:end]
		}
		if len(line) <= MaxJSONDepth {
			continue
		}
		if JSON(contents(line)) != nil {
			return errorAt(text, at-len(mark), "the source map nests too deep")
		}
	}
}

// contents is what a data URL contains, without its scheme. Nothing where it is none.
func contents(data string) string {
	kind, body, _ := strings.Cut(data, ",")
	if strings.HasSuffix(strings.TrimSpace(kind), ";base64") {
		// Whatever parser decodes it may be less strict than this one about what stands at the end.
		text, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(body))
		return string(text)
	}
	text, err := url.PathUnescape(body)
	if err != nil {
		return body
	}
	return text
}
