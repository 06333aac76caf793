package config_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/config"
)

func TestParse(t *testing.T) {
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
		strings.Repeat("#", 1<<20+1):                                      `c.yaml:1: the file has 1048577 bytes`,
	} {
		_, err := config.Parse("c.yaml", []byte(text))
		switch {
		case err == nil && want != "":
			t.Errorf("%.80q is taken, want %q", text, want)
		case err != nil && (want == "" || !strings.Contains(err.Error(), want)):
			t.Errorf("%.80q: %q, want %q", text, err, want)
		}
	}
}

// A secret that somebody has put into the file, where none belongs, is not in the error, and so not in the log.
func TestErrorsHoldNoSecrets(t *testing.T) {
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
		if _, err := config.Parse("c.yaml", []byte(text)); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	_, err := config.Parse("c.yaml", []byte("apps:\n  - token: abc123def456\n    auth_token: s3cret\n"))
	if want := "c.yaml:3: apps[0].auth_token: secrets do not stand in this file; name what holds it with auth_token_env or auth_token_file"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Whatever is in the file: no panic, and every error says the line, and the key where there is one.
func FuzzParse(f *testing.F) {
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
	place := regexp.MustCompile(`^c\.yaml:(\d+: | \[\d+:\d+\] )`)
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := config.Parse("c.yaml", text)
		for _, mistake := range mistakes(err) {
			if !place.MatchString(mistake.Error()) {
				t.Errorf("%q: the error names no line: %v", text, mistake)
			}
		}
	})
}

// mistakes takes apart what a check has found. Other errors are one mistake, and nil is none.
func mistakes(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
