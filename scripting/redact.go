package scripting

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"trackhook/scripting/internal/script"
)

// leastSecret is how long the value of a granted variable must be, in bytes, to be taken out of texts. Shorter ones,
// such as "true" or "8080", are no secrets and stand in many texts.
const leastSecret = 6

// redactedText stands in the place of a secret.
const redactedText = "[redacted]"

// secretsOf returns what takes the values of granted variables out of texts, also where they are escaped as in JSON or
// in a URL; nil when there is nothing to take out.
func secretsOf(env map[string]string) *strings.Replacer {
	var forms []string
	for _, value := range env {
		if len(value) < leastSecret {
			continue
		}
		forms = append(forms, value, url.QueryEscape(value), url.PathEscape(value))
		if quoted, err := json.Marshal(value); err == nil {
			forms = append(forms, string(quoted[1:len(quoted)-1]))
		}
	}
	if len(forms) == 0 {
		return nil
	}
	// The longest goes first, where one begins with another.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, redactedText)
	}
	return strings.NewReplacer(pairs...)
}

// redact takes secrets out of a text.
func (i *instance) redact(text string) string {
	if i.secrets == nil {
		return text
	}
	return i.secrets.Replace(text)
}

// redacted takes secrets out of an error. It returns the same one where there are none to take out.
func (i *instance) redacted(failure *script.Error) *script.Error {
	if i.secrets == nil {
		return failure
	}
	out := *failure
	out.Message, out.Source, out.Stack = i.redact(out.Message), i.redact(out.Source), i.redact(out.Stack)
	out.Notes = slices.Clone(out.Notes)
	for n, note := range out.Notes {
		out.Notes[n] = i.redact(note)
	}
	return &out
}
