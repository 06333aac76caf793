package stage

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine"
	"trackhook/scripting/internal/storage"
)

// Text is the act in one line for people, or in more when what was printed has more. Two acts with the same text are
// the same to a replay: places in the source, ids and times are left out.
func (a *Act) Text() string {
	switch {
	case a.Line != nil:
		return a.Line.Level + ": " + a.Line.Text
	case a.Tracked != nil:
		text := "track " + packageText(a.Tracked)
		if a.Secrets != nil {
			text = a.Secrets.Replace(text)
		}
		return text
	case a.Fetch != nil:
		return a.Fetch.text()
	case a.Stored != nil:
		return storedText(a.Stored)
	case a.Failure != nil:
		return "throws " + a.Failure.Message
	default:
		return ""
	}
}

// storedText says what was changed in localStorage.
func storedText(c *storage.Change) string {
	switch {
	case c.Key == nil:
		return "store nothing any more"
	case c.Value == nil:
		return "store no " + plainOrQuoted(*c.Key) + " any more"
	default:
		return "store " + plainOrQuoted(*c.Key) + " = " + plainOrQuoted(*c.Value)
	}
}

// ActTexts returns the text of each act.
func ActTexts(acts []Act) []string {
	texts := make([]string, len(acts))
	for i := range acts {
		texts[i] = acts[i].Text()
	}
	return texts
}

func (f *Fetch) text() string {
	var b strings.Builder
	b.WriteString("fetch " + f.Method + " " + f.URL)
	for _, name := range slices.Sorted(maps.Keys(f.Headers)) {
		value := f.Headers[name]
		if IsSecret(name) {
			value = "(hidden)"
		}
		b.WriteString(" " + name + "=" + value)
	}
	if f.Body != "" {
		b.WriteString(" " + f.Body)
	}
	return b.String()
}

// IsSecret tells whether a header of this name, in small letters, holds what lets somebody in.
func IsSecret(name string) bool {
	return name == "authorization" || name == "cookie" || strings.Contains(name, "token") || strings.Contains(name, "key")
}

// packageText is what a script has chosen of a package.
func packageText(p *engine.Package) string {
	var b strings.Builder
	b.WriteString(string(p.Kind))
	if token := p.Params["event_token"]; token != "" {
		b.WriteString(" " + token)
	}
	if p.CallbackID != "" {
		b.WriteString(" callbackId=" + plainOrQuoted(p.CallbackID))
	}
	own := slices.Concat(engine.DeviceIDs(), []string{"event_token", "os_name", "event_count", "session_count"})
	for _, name := range slices.Sorted(maps.Keys(p.Params)) {
		if !slices.Contains(own, name) {
			b.WriteString(" " + name + "=" + plainOrQuoted(p.Params[name]))
		}
	}
	for _, pairs := range []struct {
		name   string
		values map[string]string
	}{{"callback", p.CallbackParams}, {"partner", p.PartnerParams}} {
		if len(pairs.values) > 0 {
			text, err := json.Marshal(pairs.values)
			if err == nil { // a map of strings always is JSON
				b.WriteString(" " + pairs.name + "=" + string(text))
			}
		}
	}
	b.WriteString(" for " + p.Device)
	return b.String()
}

func plainOrQuoted(s string) string {
	if s == "" || strings.ContainsAny(s, " \t\n\"=") {
		return strconv.Quote(s)
	}
	return s
}

// JoinNames lists names for people, and says so when there are none.
func JoinNames(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
