package adjust

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"trackhook/engine"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

//go:embed rules.yaml
var embedded []byte

// DefaultRules returns the rules that are built in: the file rules.yaml of this package.
func DefaultRules() *Rules { return builtIn() }

//nolint:gochecknoglobals // a function that parses the embedded file once
var builtIn = sync.OnceValue(func() *Rules {
	rules, err := parse(embedded)
	if err != nil {
		panic("adjust: rules.yaml: " + err.Error()) // a test holds that it does not happen
	}
	return &Rules{list: rules}
})

// EmbeddedRules returns the text of the rules that are built in, as a start for a file of one's own.
func EmbeddedRules() []byte { return slices.Clone(embedded) }

// Rules classify answers. They are immutable and may be used from many goroutines at once.
type Rules struct {
	list []rule
	date atomic.Pointer[serverDate] // the last one: answers within a second have the same
}

// Names returns the names of the rules, in the order in which they are tried.
func (r *Rules) Names() []string {
	names := make([]string, len(r.list))
	for i := range r.list {
		names[i] = r.list[i].name
	}
	return names
}

// Limits of a rules file.
const (
	maxRulesBytes = 1 << 20
	maxRules      = 1000
)

// LoadRules reads a rules file; the embedded rules.yaml explains its form. Unless the last rule has no conditions, the
// rules that are built in follow after the file's, so that every answer has a rule. The error names the rule and the
// line, and says what is allowed.
func LoadRules(data []byte) (*Rules, error) {
	own, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("load rules: %w", err)
	}
	if len(own) == 0 || !own[len(own)-1].catchesAll() {
		own = append(own, builtIn().list...)
	}
	return &Rules{list: own}, nil
}

// rule is one rule, ready to be matched. A zero condition is none.
type rule struct {
	name      string
	outcome   engine.Outcome
	statuses  []statusRange
	json      string   // "object", "none"
	text      []string // lower case
	literal   []string
	retryIn   *bool
	faults    []Fault // empty and anyFault: all
	anyFault  bool
	ambiguous *bool
	revenue   *bool
	kinds     []engine.Kind
	session   string // "known", "unknown"
}

// statusRange is a range of statuses, both ends included.
type statusRange struct{ from, to int }

// catchesAll tells whether the rule has no conditions.
func (r *rule) catchesAll() bool {
	return len(r.statuses) == 0 && r.json == "" && len(r.text) == 0 && len(r.literal) == 0 && r.retryIn == nil &&
		len(r.faults) == 0 && !r.anyFault && r.ambiguous == nil && r.revenue == nil && len(r.kinds) == 0 && r.session == ""
}

// yamlRule is a rule as it stands in the file.
type yamlRule struct {
	Name      string   `yaml:"name"`
	Outcome   string   `yaml:"outcome"`
	Status    []string `yaml:"status"`
	JSON      string   `yaml:"json"`
	Text      []string `yaml:"text"`
	Literal   []string `yaml:"literal"`
	RetryIn   *bool    `yaml:"retry_in"`
	Fault     []string `yaml:"fault"`
	Ambiguous *bool    `yaml:"ambiguous"`
	Revenue   *bool    `yaml:"revenue"`
	Kind      []string `yaml:"kind"`
	Session   string   `yaml:"session"`
}

// fileRule is a rule with the line on which it begins.
type fileRule struct {
	yamlRule
	line int
}

// UnmarshalYAML keeps the line, for errors about what the decoder cannot know.
func (w *fileRule) UnmarshalYAML(node ast.Node) error {
	w.line = node.GetToken().Position.Line
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) > 0 {
		w.line = mapping.Values[0].Key.GetToken().Position.Line
		for _, value := range mapping.Values {
			// The decoder takes "status:" with nothing behind it for no condition at all.
			if value.Value == nil || value.Value.Type() == ast.NullType {
				key := value.Key.GetToken()
				return fmt.Errorf("[%d:%d] %s has no value; give it one or remove it", key.Position.Line, key.Position.Column, key.Value)
			}
		}
	}
	return yaml.NodeToValue(node, &w.yamlRule, yaml.Strict())
}

// parse reads a file of rules.
func parse(data []byte) (rules []rule, err error) {
	if len(data) > maxRulesBytes {
		return nil, fmt.Errorf("the file has %d bytes; at most %d are allowed", len(data), maxRulesBytes)
	}
	var file struct {
		Rules []fileRule `yaml:"rules"`
	}
	if err := decode(data, &file); err != nil {
		return nil, err
	}
	if len(file.Rules) == 0 {
		return nil, errors.New("the file has no rules; begin it with \"rules:\" and one rule")
	}
	if len(file.Rules) > maxRules {
		return nil, fmt.Errorf("the file has %d rules; at most %d are allowed", len(file.Rules), maxRules)
	}
	lines := make(map[string]int, len(file.Rules))
	for i := range file.Rules {
		w := &file.Rules[i]
		r, err := w.compile()
		if err == nil && lines[r.name] > 0 {
			err = fmt.Errorf("the name is taken by the rule on line %d; names must differ", lines[r.name])
		}
		if err == nil && r.catchesAll() && i < len(file.Rules)-1 {
			err = errors.New("a rule without conditions matches everything and must be the last")
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: rule %s: %w", w.line, w.label(i), err)
		}
		lines[r.name] = w.line
		rules = append(rules, r)
	}
	return rules, nil
}

// decode reads YAML. A panic of the decoder becomes an error: the file is the user's, and may be anything.
func decode(data []byte, into any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is not valid YAML: %v", p)
		}
	}()
	if err := yaml.UnmarshalWithOptions(data, into, yaml.Strict()); err != nil {
		return errors.New(yaml.FormatError(err, false, true))
	}
	return nil
}

// label names a rule in errors.
func (w *fileRule) label(i int) string {
	if w.Name == "" {
		return "number " + strconv.Itoa(i+1)
	}
	return strconv.Quote(w.Name)
}
