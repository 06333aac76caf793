package adjust

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine"
)

// compile checks a rule as it stands in the file, and makes it ready to be matched.
func (w *fileRule) compile() (rule, error) {
	r := rule{
		name: w.Name, json: w.JSON, retryIn: w.RetryIn, ambiguous: w.Ambiguous, revenue: w.Revenue, session: w.Session,
		literal: w.Literal,
	}
	if strings.TrimSpace(w.Name) == "" {
		return r, errors.New("name is missing; it appears beside each answer that the rule decides")
	}
	const allowed = "delivered, duplicate, retry, wait_for_device, blocked, unclear, rejected"
	if err := r.outcome.UnmarshalText([]byte(w.Outcome)); err != nil {
		return r, fmt.Errorf("outcome %q is not one of %s", w.Outcome, allowed)
	}
	if r.outcome == engine.Expired || r.outcome == engine.Dropped {
		return r, fmt.Errorf("outcome %q is for packages that were not sent, and no answer can lead to it; use one of %s", w.Outcome, allowed)
	}
	if err := oneOf("json", w.JSON, "object", "none"); err != nil {
		return r, err
	}
	if err := oneOf("session", w.Session, "known", "unknown"); err != nil {
		return r, err
	}
	err := w.compileLists(&r)
	return r, err
}

// compileLists checks the conditions that are lists.
func (w *fileRule) compileLists(r *rule) error {
	for _, condition := range []struct {
		key  string
		list []string
	}{{"status", w.Status}, {"text", w.Text}, {"literal", w.Literal}, {"fault", w.Fault}, {"kind", w.Kind}} {
		if condition.list != nil && len(condition.list) == 0 {
			return fmt.Errorf("%s is an empty list, which would never match; give it a value or remove it", condition.key)
		}
	}
	for _, status := range w.Status {
		s, err := parseStatus(status)
		if err != nil {
			return err
		}
		r.statuses = append(r.statuses, s)
	}
	for _, text := range slices.Concat(w.Text, w.Literal) {
		if strings.TrimSpace(text) == "" {
			return errors.New("text and literal must not contain empty texts: they would match everything")
		}
	}
	for _, text := range w.Text {
		r.text = append(r.text, strings.ToLower(text))
	}
	for _, fault := range w.Fault {
		switch {
		case fault == "any":
			r.anyFault = true
		case slices.Contains(Faults(), Fault(fault)):
			r.faults = append(r.faults, Fault(fault))
		default:
			return fmt.Errorf("fault %q is not any or one of %s", fault, join(Faults()))
		}
	}
	for _, kind := range w.Kind {
		if !engine.Kind(kind).Known() {
			return fmt.Errorf("kind %q is not one of %s", kind, join(engine.Kinds()))
		}
		r.kinds = append(r.kinds, engine.Kind(kind))
	}
	return nil
}

// oneOf checks a value that is one of a few words, or absent.
func oneOf(key, value string, allowed ...string) error {
	if value != "" && !slices.Contains(allowed, value) {
		return fmt.Errorf("%s %q is not one of %s", key, value, join(allowed))
	}
	return nil
}

func join[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}

// parseStatus reads "404" or "5xx".
func parseStatus(s string) (statusRange, error) {
	if len(s) == 3 && s[0] >= '1' && s[0] <= '5' && strings.EqualFold(s[1:], "xx") {
		from := int(s[0]-'0') * 100
		return statusRange{from, from + 99}, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 100 || n > 999 {
		return statusRange{}, fmt.Errorf("status %q must be a number such as 404 or a class such as 5xx", s)
	}
	return statusRange{n, n}, nil
}
