package instance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/scripting/internal/documents"
)

// nativeCall is what the JavaScript of the Cordova SDK asks of the device.
type nativeCall struct {
	Action string `json:"action"`
	Args   []any  `json:"args"`
}

// oracleRow is what the genuine JavaScript of the SDK does for one example, over a stub of the device.
type oracleRow struct {
	File    string       `json:"file"`
	Error   *string      `json:"first_error_android"`
	Needs   []string     `json:"needs_android"`
	Android []nativeCall `json:"native_android"`
	IOS     []nativeCall `json:"native_ios"`
	Console []string     `json:"console_android"`
}

// provided are the undeclared names that mean something to a host.
func provided() []string {
	return []string{"appToken", "environment", "AdjustLogLevel", "AdjustAdRevenueSource"}
}

// explained are the examples for which a host does not do what the SDK does, with the reason. Some differences hold
// for all: the SDK prints the name of each call that carries an object, and fails at names that a host provides. Where an
// example leaves other names to the app, both fail, and the oracle and this test put in the same stubs.
func explained() map[string]string {
	reasons := map[string]string{
		"features_short-links-2": "the stub of the device answers 'value'; a host has nobody to ask, and answers with the link",
	}
	for _, n := range []int{5, 8, 11, 14, 17, 20} {
		reasons[fmt.Sprint("features_events-", n)] = "the app token of the example is an object, { APP_ID }, which only the device would refuse; a host says so at once"
	}
	return reasons
}

func oracle(t *testing.T) []oracleRow {
	t.Helper()
	f, err := os.Open(documents.Path(t, "spec/blocks/oracle.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []oracleRow
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row oracleRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// TestOracle loads every runnable example of the documentation and compares what it asks of the host, and what it
// prints for an answer, with what the SDK does.
func TestOracle(t *testing.T) {
	rows, reasons := oracle(t), explained()
	if len(rows) != 95 {
		t.Fatalf("found %d examples, want 95", len(rows))
	}
	for _, row := range rows {
		name := strings.TrimSuffix(filepath.Base(row.File), ".js")
		t.Run(name, func(t *testing.T) {
			diff := compareWithOracle(t, &row)
			switch reason := reasons[name]; {
			case diff != "" && reason == "":
				t.Error(diff)
			case diff == "" && reason != "":
				t.Errorf("does what the SDK does, although: %s", reason)
			case diff != "":
				t.Logf("%s:\n%s", reason, diff)
			}
		})
		delete(reasons, name)
	}
	for name, reason := range reasons {
		t.Errorf("there is no example %s, which is explained: %s", name, reason)
	}
}

func compareWithOracle(t *testing.T, row *oracleRow) string {
	t.Helper()
	source, err := os.ReadFile(documents.Path(t, "spec/blocks/"+row.File))
	if err != nil {
		t.Fatal(err)
	}
	missing := slices.DeleteFunc(slices.Clone(row.Needs), func(name string) bool { return slices.Contains(provided(), name) })
	var stubs strings.Builder
	if len(missing) > 0 {
		// What the SDK does without stubs is what a host must do, and say more.
		failure := newBench(t, withDevice).broken(string(source))
		if want := *row.Error + ": "; !strings.HasPrefix(failure.Message, want) || failure.Line == 0 {
			t.Errorf("the load ends with %v, want %s and a hint", failure, want)
		}
		for _, name := range missing {
			fmt.Fprintf(&stubs, "var %s = '<%s>'; ", name, name)
		}
	}
	b := newBench(t, withDevice)
	var got []nativeCall
	b.Shared.devices.Record = func(action string, args []any) { got = append(got, nativeCall{action, args}) }
	i, _, err := b.start(stubs.String() + string(source))
	if err != nil {
		return err.Error()
	}
	want := row.Android
	if diff := cmp.Diff(plainCalls(t, want), plainCalls(t, got)); diff != "" {
		return "calls (-SDK +host):\n" + diff
	}
	if diff := cmp.Diff(plainCalls(t, row.IOS), plainCalls(t, got)); diff != "" {
		return "calls on iOS (-SDK +host):\n" + diff
	}
	b.feed(i, oracleResponses(row)...)
	b.settle(i)
	lines := slices.DeleteFunc(slices.Clone(row.Console), func(line string) bool {
		return slices.ContainsFunc(row.Android, func(c nativeCall) bool { return c.Action == line })
	})
	said := hostLines(b.log.take())
	if diff := cmp.Diff(lines, said); diff != "" && len(lines)+len(said) > 0 {
		return "console (-SDK +host):\n" + diff
	}
	return ""
}

// oracleResponses are answers with the values that the stub of the device gives to callbacks.
func oracleResponses(row *oracleRow) []engine.Response {
	all := []engine.Response{
		sessionResponse(engine.Delivered), sessionResponse(engine.Rejected), eventResponse(engine.Delivered), eventResponse(engine.Rejected),
	}
	for n := range all {
		r := &all[n]
		r.Message, r.Timestamp, r.ADID, r.Body, r.WillRetry = "m", "t", "a", []byte("{}"), false
		if r.Package.Kind == engine.KindEvent {
			r.Package.Params, r.Package.CallbackID = map[string]string{"event_token": "e"}, "c"
		}
	}
	for _, call := range row.Android {
		if call.Action == "setAttributionCallback" || call.Action == "setDeferredDeeplinkCallback" {
			all[0].ADID, all[0].Body = "", []byte(`{"attribution":{"tracker_token":"x","cost_amount":0},"deeplink":"u"}`)
		}
	}
	return all
}

// hostLines are the lines that a script has printed, without those of the host.
func hostLines(lines []logLine) []string {
	var printed []string
	for _, line := range lines {
		if line.At == "" && line.Level == "info" {
			printed = append(printed, line.Message)
		}
	}
	return printed
}

// plainCalls parses the JSON texts among the arguments, and puts in what stands for the stubs of the oracle.
func plainCalls(t *testing.T, calls []nativeCall) []nativeCall {
	t.Helper()
	plain := []nativeCall{}
	for _, call := range calls {
		args := []any{}
		for _, arg := range call.Args {
			if text, ok := arg.(string); ok && strings.HasPrefix(text, "[{") {
				var parsed any
				if err := json.Unmarshal([]byte(text), &parsed); err != nil {
					t.Fatal(err)
				}
				arg = parsed
			}
			if n, ok := arg.(int64); ok {
				arg = float64(n)
			}
			args = append(args, arg)
		}
		plain = append(plain, nativeCall{call.Action, []any{stubbed(args)}})
	}
	return plain
}

func stubbed(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = stubbed(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = stubbed(v[name])
		}
	case string:
		if stub, known := map[string]string{
			"<appToken>": testApp.Token, "<environment>": string(testApp.Environment), "<AdjustLogLevel>": "VERBOSE",
			"<AdjustAdRevenueSource>": "applovin_max_sdk",
		}[v]; known {
			return stub
		}
	}
	return value
}
