package config_test

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
)

// A flag wins over the environment, which a test may make up.
func ExampleFlags_Load() {
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags := config.Bind(set, "configuration file in YAML")
	if err := set.Parse([]string{"--in-flight", "8", "--app-token", "abc123def456", "--environment", "sandbox"}); err != nil {
		panic(err)
	}
	environment := map[string]string{"TRACKHOOK_IN_FLIGHT": "16", "TRACKHOOK_DRAIN": "3s"}
	cfg, err := flags.Load(func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	})
	fmt.Println(cfg.InFlight, cfg.Drain, cfg.EngineApps(), err)
	// Output: 8 3s [abc123def456 (sandbox)] <nil>
}

// Errors say the line and the key.
func ExampleParse() {
	_, err := config.Parse("trackhook.yaml", []byte(strings.Join([]string{
		"apps:", "  - token: abc123def456", "    environment: sandbox", "retry:", "  base: 5",
	}, "\n")))
	fmt.Println(err)
	// Output: trackhook.yaml:5: retry.base: 5 must be a time with its unit, such as 120s, 15m or 24h
}
