package bundle

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/go-sourcemap/sourcemap"
)

// SourceMap leads from generated code to the author's files. It does not change once it is made.
type SourceMap struct {
	consumer *sourcemap.Consumer
	names    map[string]string // of files, by what goja calls them
	textOf   func(name string) string
}

// sourcePlace is a place in a file of the author's. Line and column count from 1, the column in UTF-16 units; source is the
// line as it stands there.
type sourcePlace struct {
	file         string
	line, column int
	source       string
}

// newSourceMap reads a source map of esbuild. textOf returns the text of a file by its name, or nothing.
func newSourceMap(text []byte, textOf func(name string) string) (*SourceMap, error) {
	var m struct {
		Version  int      `json:"version"`
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("read source map: %w", err)
	}
	out := &SourceMap{names: map[string]string{}, textOf: textOf}
	for i, source := range m.Sources {
		name := sourceName(source)
		m.Sources[i] = name
		out.names[gojaName(name)] = name
	}
	m.Mappings = countFromOne(m.Mappings)
	if strings.Trim(m.Mappings, ";,") == "" {
		out.consumer = &sourcemap.Consumer{} // nothing of the author's is left; every lookup fails
		return out, nil
	}
	shifted, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write source map: %w", err)
	}
	if out.consumer, err = sourcemap.Parse("", shifted); err != nil {
		return nil, fmt.Errorf("read source map: %w", err)
	}
	return out, nil
}

// position returns the author's place of a line and column of the generated code, which count from 1. False: the place
// is in code that no author wrote. It may be called by several goroutines at once.
func (m *SourceMap) position(line, column int) (at sourcePlace, ok bool) {
	source, _, sourceLine, sourceColumn, ok := m.consumer.Source(line, column)
	if !ok || strings.HasPrefix(source, hostNamespace+":") {
		return sourcePlace{}, false
	}
	return sourcePlace{source, sourceLine, sourceColumn, textLine(m.textOf(source), sourceLine)}, true
}

// Name returns the name of a file from what goja calls it in positions and stacks, where it is escaped as in a URL.
func (m *SourceMap) Name(gojas string) string {
	if name, ok := m.names[gojas]; ok {
		return name
	}
	return gojas
}

// gojaName is what goja makes of the name of a source. See ResolveSourcemapURL of its package file.
func gojaName(name string) string {
	u, err := url.Parse(strings.TrimSpace(name))
	if err != nil {
		return name
	}
	if !u.IsAbs() {
		if u, err = url.Parse(path.Join(".", u.Path)); err != nil {
			return name
		}
	}
	return u.String()
}
