package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestConfigErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"# nothing\n---\n":    "",
		"listen: 127.0.0.1:1": "",
		"apps: [{token: &t abc123def456, environment: sandbox}, {token: *t, environment: production}]":                  "",
		"retry: &c {base: 5s, max: 10s}\nbreaker: {probe: *c}":                                                          "",
		"apps:\n  - token: abc123def456\n    environment: sandbox\n\n  - token: abc123def456\n    environment: sandbox": `c.yaml:5: apps[1]: abc123def456 (sandbox) is named twice`,
		"listen: x\napps:\n  - tokn: abc123def456\n":                                                                    `c.yaml: [3:5] unknown field "tokn"`,
		"retry:\n  base: 5":                      `c.yaml:2: retry.base: 5 must be a time with its unit, such as 120s, 15m or 24h`,
		"retry:\n  base: 9999999999h":            `c.yaml:2: retry.base: "9999999999h" must be a time`,
		"retry:\n  install: {max: five minutes}": `c.yaml:2: retry.install.max: "five minutes" must be a time`,
		"retry:\n  install: {base: 5m, max: 4m}": `c.yaml:2: retry.install: base must be positive`,
		"\nin_flight: many":                      `c.yaml:2: in_flight: many must be a whole number`,
		"in_flight: 99999999999999999999":        `c.yaml:1: in_flight: 99999999999999999999 must be a whole number`,
		"in_flight: \"5\"":                       `c.yaml:1: in_flight: "5" must be a whole number`,
		"in_flight: -5":                          `c.yaml:1: in_flight: must not be negative`,
		"high_water:\n  queued: -1":              `c.yaml:2: high_water.queued: -1 must be a whole number, not negative`,
		"log: {retain: -1h}":                     `c.yaml:1: log.retain: must not be negative`,
		"apps: {}":                               `c.yaml:1: apps: must be a list`,
		"apps:\n- {token: [x]}":                  `c.yaml:2: apps[0].token: a list must be a text`,
		"apps:\n- {token: abc123def456, hold_events_until_session: yess}": `c.yaml:2: apps[0].hold_events_until_session: yess must be true or false`,
		"plugins:\n  slack:\n    timeout: -2s":                            `c.yaml:3: plugins.slack.timeout: must not be negative`,
		"plugins:\n  slack:\n    allow_hosts: hooks.slack.com":            `c.yaml:3: plugins.slack.allow_hosts: must be a list`,
		"device: {os_name: linux}":                                        `c.yaml:1: device: names no identifier`,
		"device: 5":                                                       `c.yaml:1: device: must be keys with values`,
		"- a":                                                             `c.yaml:1: must be keys with values`,
		"listen: a\nlisten: b":                                            `[2:1] mapping key "listen" already defined`,
		"listen: a\n---\nlisten: b":                                       `c.yaml:3: a second document begins here`,
		"apps: !!binary x":                                                `c.yaml:1: apps: tags such as !!binary are not read`,
		"device: &d {<<: *d}":                                             `c.yaml:1: `,
		"\nlisten: *nope":                                                 `c.yaml:2: listen: the alias *nope stands for nothing`,
		"listen: [":                                                       `[1:9] `,
		strings.Repeat("#", maxConfig+1):                                  `c.yaml:1: the file has 1048577 bytes`,
	} {
		c := defaultConfig()
		err := c.decode("c.yaml", []byte(text))
		if err == nil {
			err = c.check()
		}
		switch {
		case err == nil && want != "":
			t.Errorf("%.80q is taken, want %q", text, want)
		case err != nil && (want == "" || !strings.Contains(err.Error(), want)):
			t.Errorf("%.80q: %q, want %q", text, err, want)
		}
	}
}

// Who writes a secret into the file, where none belongs, does not find it in the error, and so not in the log.
func TestConfigErrorsHoldNoSecrets(t *testing.T) {
	for _, text := range []string{
		"apps:\n  - token: abc123def456\n    environment: sandbox\n    auth_token: s3cret\n",
		"auth_token: s3cret\nlisten: x\n",
		"api:\n  tokens: [s3cret]\n",
		"plugins:\n  slack:\n    environ: {SLACK: s3cret}\n",
		"plugins:\n  slack:\n    env: {SLACK: s3cret}\n",
		"apps:\n  - auth_token_env: [s3cret]\n",
		"apps:\n  - secret: s3cret\n    secret: s3cret\n",
		"secret: s3cret\nlisten: [\n",
		"secret: \"s3cret\n",
		"secret: {s3cret\n",
		"secret: !!x s3cret\n",
	} {
		c := defaultConfig()
		if err := c.decode("c.yaml", []byte(text)); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	c := defaultConfig()
	err := c.decode("c.yaml", []byte("apps:\n  - token: abc123def456\n    auth_token: s3cret\n"))
	if want := "c.yaml:3: apps[0].auth_token: secrets do not stand in this file; name what holds it with auth_token_env or auth_token_file"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A flag comes before the file, so that the file's line is not to blame.
func TestFlagsAreNotOfTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(file, []byte("in_flight: 5\nretry: {base: 1s}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := defaultConfig()
	set := pflag.NewFlagSet("x", pflag.ContinueOnError)
	c.flags(set)
	if err := set.Parse([]string{"--in-flight", "-1"}); err != nil {
		t.Fatal(err)
	}
	if err := c.load(file, set, func(string) (string, bool) { return "", false }); err != nil {
		t.Fatal(err)
	}
	if err := c.check(); err == nil || err.Error() != "in_flight: must not be negative" {
		t.Errorf("got %v", err)
	}
}

// Whatever is in the file: no panic, and every mistake in it is told with the line, and with the key where there is one.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"", "42", "- a", "\x00", "\xff\xfe", "%YAML 1.2\n---\n", "? a", "a: b: c", "\t\tlisten: a", "listen: !!int x", "apps: !!binary x",
		"apps:\n  - { token: abc123def456, environment: sandbox, auth_token_env: X, hold_events_until_session: true }\n",
		"device:\n  external_device_id: kiosk-17\n  os_name: linux\n", "retry: { base: 120s, max: 24h, install: {jitter_min: .5} }",
		"api: { tokens_env: TRACKHOOK_TOKENS }\nplugins:\n  slack: { allow_hosts: [hooks.slack.com], env: [SLACK_URL], timeout: 2s }\n",
		"breaker: {faults: -1, window: 1e3, probe: {base: 1}}\nhigh_water: {queued: -1}\nlog: {retain: 1d}\n",
		"device: &d {<<: *d}", "device: &a [*a]", "listen: *nope", "listen: a\nlisten: b", "listen: |\n  a\n  b\n", "retry: {<<: {base: 5}}",
		"---\nlisten: a\n---\nlisten: b", "in_flight: 0x10", "in_flight: 1_000", "in_flight: .inf", "retry: {jitter_min: .nan}", "{", "[[[[", "- - -",
	} {
		f.Add([]byte(seed))
	}
	told := regexp.MustCompile(`^c\.yaml:(\d+: | \[\d+:\d+\] )`)
	f.Fuzz(func(t *testing.T, text []byte) {
		c := defaultConfig()
		if err := c.decode("c.yaml", text); err != nil {
			if !told.MatchString(err.Error()) {
				t.Errorf("%q: the error names no line: %v", text, err)
			}
			return
		}
		if err := c.check(); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !told.MatchString(line) {
					t.Errorf("%q: the error names no line: %v", text, line)
				}
			}
		}
	})
}
