package config_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
)

// Every key is explained, and every flag that has a key is found in the reference.
func TestReferenceIsComplete(t *testing.T) {
	t.Parallel()
	var flags []string
	for _, key := range config.Reference() {
		if key.Meaning == "" || key.Type == "" {
			t.Errorf("%s is not explained", key.Name)
		}
		if key.Flag != "" {
			flags = append(flags, key.Flag)
		}
	}
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.Bind(set, "")
	short := []string{"config", "app-token", "environment", "auth-token-env", "auth-token-file", "device"}
	set.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(short, flag.Name) && !slices.Contains(flags, "--"+flag.Name) {
			t.Errorf("--%s is no key of the reference", flag.Name)
		}
	})
}

// schema.json is what editors are given. `trackhook config schema` writes it.
func TestSchemaIsCommitted(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	encoder := json.NewEncoder(&want)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(config.Schema()); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("schema.json")
	if err != nil || !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want.Bytes()) {
		t.Errorf("schema.json is not what the settings make (%v); write it with `go run ./cmd/trackhook config schema`", err)
	}
}

// The schema takes what the host takes, and refuses keys and words that nothing has.
func TestSchema(t *testing.T) {
	t.Parallel()
	file, err := os.Open("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, right := range map[string]bool{
		`{"apps": [{"token": 12345, "environment": "sandbox"}], "retry": {"base": "1m30s", "install": {"max": "2h"}}, "device": {"os_name": "linux"}}`: true,
		`{"plugins": {"x": {"allow_hosts": ["h:80"], "timeout": "2s"}}, "in_flight": 5}`:                                                               true,
		`{"in_flight": "auto", "in_flight_most": 2048}`:                                                                                                true,
		`{"in_flight": "many"}`:               false,
		`{"lsten": "x"}`:                      false,
		`{"log_level": "trace"}`:              false,
		`{"retry": {"base": 5}}`:              false,
		`{"apps": [{"environment": "live"}]}`: false,
	} {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != right {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags := config.Bind(set, "")
	if err := set.Parse([]string{"--listen", ":1", "--app-token", "abc123def456"}); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"TRACKHOOK_DATA": "d", "TRACKHOOK_ENVIRONMENT": "sandbox", "TRACKHOOK_ENDPOINT": "http://u:s3cret@h"}
	if _, err := flags.Load(func(name string) (string, bool) { v, ok := env[name]; return v, ok }); err != nil {
		t.Fatal(err)
	}
	shown := flags.Show()
	for _, want := range []config.Shown{
		{Key: "listen", Value: ":1", From: "--listen"},
		{Key: "data", Value: "d", From: "TRACKHOOK_DATA"},
		{Key: "endpoint", Value: "http://u:xxxxx@h", From: "TRACKHOOK_ENDPOINT"},
		{Key: "retry.base", Value: "2m0s", From: "default"},
		{Key: "apps[0].token", Value: "abc123def456", From: "--app-token"},
		{Key: "apps[0].environment", Value: "sandbox", From: "TRACKHOOK_ENVIRONMENT"},
	} {
		if !slices.Contains(shown, want) {
			t.Errorf("%+v is not in %+v", want, shown)
		}
	}
}
