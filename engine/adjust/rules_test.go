package adjust_test

import (
	"strings"
	"testing"

	"trackhook/engine/adjust"
)

func TestDefaultRulesEndInACatchAll(t *testing.T) {
	rules, err := adjust.LoadRules(adjust.EmbeddedRules())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(rules.Names()), len(adjust.DefaultRules().Names()); got != want {
		t.Errorf("the embedded file loads as %d rules, want %d: it must end in a rule without conditions", got, want)
	}
}

func TestLoadRulesAppendsTheBuiltInOnes(t *testing.T) {
	rules, err := adjust.LoadRules([]byte("rules:\n  - {name: mine, outcome: rejected, status: [418]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	names := rules.Names()
	if names[0] != "mine" || len(names) != 1+len(adjust.DefaultRules().Names()) {
		t.Errorf("names = %q, want mine and then the built-in ones", names)
	}
	rules, err = adjust.LoadRules([]byte("rules:\n  - {name: all, outcome: retry}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if names := rules.Names(); len(names) != 1 {
		t.Errorf("names = %q, want only the rule that catches all", names)
	}
}

func TestLoadRulesRefuses(t *testing.T) {
	for _, test := range []struct {
		name, file string
		want       []string
	}{
		{"nothing", "", []string{"no rules"}},
		{"no rules", "rules: []", []string{"no rules"}},
		{"not YAML", "rules: [", []string{"1"}},
		{"another document", "hello: world", []string{"hello", "unknown field"}},
		{"unknown key", "rules:\n  - name: a\n    outcome: retry\n    code: [1]\n", []string{"[4:", "code"}},
		{"key twice", "rules:\n  - name: a\n    outcome: retry\n    outcome: retry\n", []string{"[4:", "outcome"}},
		{"no name", "rules:\n  - outcome: retry\n", []string{"line 2", "number 1", "name is missing"}},
		{"no outcome", "rules:\n  - name: a\n", []string{"line 2", `"a"`, "outcome", "wait_for_device"}},
		{"unknown outcome", "rules:\n\n  - name: a\n    outcome: maybe\n", []string{"line 3", `"a"`, `"maybe"`, "delivered, duplicate"}},
		{"expired is not for answers", "rules:\n  - name: a\n    outcome: expired\n", []string{"line 2", `"a"`, `"expired" is for packages that were not sent`, "use one of delivered, "}},
		{"dropped is not for answers", "rules:\n  - name: a\n    outcome: dropped\n", []string{"line 2", `"a"`, `"dropped" is for packages that were not sent`, "use one of delivered, "}},
		{"status class", "rules:\n  - name: a\n    outcome: retry\n    status: [6xx]\n", []string{"line 2", `"6xx"`, "5xx"}},
		{"status text", "rules:\n  - name: a\n    outcome: retry\n    status: [ok]\n", []string{"line 2", `"ok"`, "404"}},
		{"empty list", "rules:\n  - name: a\n    outcome: retry\n    status: []\n", []string{"line 2", "status", "empty"}},
		{"no value", "rules:\n  - name: a\n    outcome: retry\n    status:\n", []string{"[4:", "status has no value"}},
		{"empty text", "rules:\n  - {name: a, outcome: retry, text: ['']}\n", []string{"line 2", "empty"}},
		{"json", "rules:\n  - {name: a, outcome: retry, json: array}\n", []string{"line 2", "object, none"}},
		{"session", "rules:\n  - {name: a, outcome: retry, session: maybe}\n", []string{"line 2", "known, unknown"}},
		{"kind", "rules:\n  - {name: a, outcome: retry, kind: [click]}\n", []string{"line 2", "ad_revenue"}},
		{"fault", "rules:\n  - {name: a, outcome: retry, fault: [hiccup]}\n", []string{"line 2", "connect_timeout"}},
		{"boolean", "rules:\n  - {name: a, outcome: retry, revenue: 7}\n", []string{"[2:", "bool"}},
		{"name twice", "rules:\n  - {name: a, outcome: retry, revenue: true}\n  - {name: a, outcome: retry}\n", []string{"line 3", `"a"`, "line 2"}},
		{"catch-all before the end", "rules:\n  - {name: a, outcome: retry}\n  - {name: b, outcome: retry}\n", []string{"line 2", `"a"`, "last"}},
		{"too large", strings.Repeat("#", 2<<20), []string{"at most"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules, err := adjust.LoadRules([]byte(test.file))
			if err == nil {
				t.Fatalf("no error, rules %q", rules.Names())
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not contain %q", err, want)
				}
			}
		})
	}
}
