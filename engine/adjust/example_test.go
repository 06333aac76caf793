package adjust_test

import (
	"fmt"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// A rules file needs only what differs from the built-in rules, which follow after its own.
func ExampleLoadRules() {
	rules, err := adjust.LoadRules([]byte(`
rules:
  - name: maintenance
    outcome: retry
    status: [400]
    text: [scheduled maintenance]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, body := range []string{`{"error":"Scheduled maintenance"}`, `{"error":"Event request failed (Invalid revenue)"}`} {
		response := rules.Classify(engine.Delivery{}, adjust.Answer{Status: 400, Body: []byte(body)})
		fmt.Printf("%s by rule %q\n", response.Outcome, response.Rule)
	}

	_, err = adjust.LoadRules([]byte("rules:\n  - name: maintenance\n    outcome: later\n"))
	fmt.Println(err)
	// Output:
	// retry by rule "maintenance"
	// rejected by rule "refused"
	// load rules: line 2: rule "maintenance": outcome "later" is not one of delivered, duplicate, retry, wait_for_device, blocked, unclear, rejected
}
