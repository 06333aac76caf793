package config_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"# nothing\n---\n":    "",
		"listen: 127.0.0.1:1": "",
		"apps: [{token: &t abc123def456, environment: sandbox}, {token: *t, environment: production}]":                  "",
		"retry: &c {base: 5s, max: 10s}\nbreaker: {probe: *c}":                                                          "",
		"apps:\n  - token: abc123def456\n    environment: sandbox\n\n  - token: abc123def456\n    environment: sandbox": `c.yaml:5: apps[1]: abc123def456 (sandbox) is named twice`,
		"listen: x\napps:\n  - tokn: abc123def456\n":                                                                    `c.yaml:3: apps[0].tokn: there is no such key in apps[0]; did you mean token?`,
		"retry:\n  base: 5":                      `c.yaml:2: retry.base: 5 must be a time with its unit, such as 120s, 15m or 24h`,
		"retry:\n  base: 9999999999h":            `c.yaml:2: retry.base: "9999999999h" must be a time`,
		"retry:\n  install: {max: five minutes}": `c.yaml:2: retry.install.max: "five minutes" must be a time`,
		"retry:\n  install: {base: 5m, max: 4m}": `c.yaml:2: retry.install: base must be positive`,
		"\nin_flight: many":                      `c.yaml:2: in_flight: many must be a whole number`,
		"in_flight: 99999999999999999999":        `c.yaml:1: in_flight: 99999999999999999999 must be a whole number`,
		"in_flight: \"5\"":                       `c.yaml:1: in_flight: "5" must be a whole number`,
		"in_flight: -5":                          `c.yaml:1: in_flight: must not be negative`,
		"high_water:\n  queued: -1":              `c.yaml:2: high_water.queued: -1 must be a whole number, not negative`,
		"breaker:\n  faults: 30":                 `c.yaml:1: breaker: give faults and window together`,
		"log: {retain: -1h}":                     `c.yaml:1: log.retain: must not be negative`,
		"apps: {}":                               `c.yaml:1: apps: must be a list`,
		"apps:\n- {token: [x]}":                  `c.yaml:2: apps[0].token: a list must be a text`,
		"apps:\n- {token: abc123def456, hold_events_until_session: yess}": `c.yaml:2: apps[0].hold_events_until_session: yess must be true or false`,
		"plugins:\n  slack:\n    timeout: -2s":                            `c.yaml:3: plugins.slack.timeout: must not be negative`,
		"plugins:\n  slack:\n    allow_hosts: hooks.slack.com":            `c.yaml:3: plugins.slack.allow_hosts: must be a list`,
		"device: {os_name: linux}":                                        `c.yaml:1: device: names no identifier`,
		"device: 5":                                                       `c.yaml:1: device: must be keys with values`,
		"- a":                                                             `c.yaml:1: must be keys with values`,
		"listen: a\nlisten: b":                                            `c.yaml:2: mapping key "listen" already defined`,
		"listen: a\n---\nlisten: b":                                       `c.yaml:3: a second document begins here`,
		"apps: !!binary x":                                                `c.yaml:1: apps: tags such as !!binary are not read`,
		"device: &d {<<: *d}":                                             `c.yaml:1: `,
		"\nlisten: *nope":                                                 `c.yaml:2: listen: the alias *nope stands for nothing`,
		"listen: [":                                                       `c.yaml:1: sequence end`,
		"plugins: p\n":                                                    `c.yaml:1: plugins: must be keys with values`,
		"app_token: x\n":                                                  `c.yaml:1: app_token: there is no such key at the top of the file; that is how the flag is called, and the key is apps, with token in each`,
		"log-level: x\n":                                                  `the key is log_level`,
		"api_tokens_env: X\n":                                             `the key is api.tokens_env`,
		"retry_base: 1s\n":                                                `the key is retry.base`,
		"device: {os_nam: x, external_device_id: a}":                      `c.yaml:1: device.os_nam: there is no such parameter of devices; did you mean os_name?`,
		"device: {my_own: x, external_device_id: a}":                      "",
		"data: ~":                                                         `c.yaml:1: data: ~ means nothing in YAML`,
		"api: {allow_origins: [https://game.example], trusted_proxies: [10.0.0.0/8], origin_rate: 60}": "",
		"api:\n  allow_origins: ['*']":                       "",
		"api:\n  tokens_env: X\n  allow_origins: ['*']":      `c.yaml:3: api.allow_origins: * lets the pages of everybody send`,
		"api:\n  allow_origins: [https://game.example/play]": `c.yaml:2: api.allow_origins: allowed origin "https://game.example/play" must have nothing behind its host`,
		"api:\n  trusted_proxies: [proxy.example]":           `c.yaml:2: api.trusted_proxies: trusted proxy "proxy.example" must be an address or a network`,
		"api:\n  origin_rate: -1":                            `c.yaml:2: api.origin_rate: the rate of pages must not be negative`,
		"data: null":                                         `c.yaml:1: data: null means nothing in YAML`,
		"data:":                                              "",
		"data: ~nobody/x":                                    `c.yaml:1: data: the path ~nobody/x begins with the home folder of another user`,
		"data: $NO_SUCH_VAR/x":                               `c.yaml:1: data: the path $NO_SUCH_VAR/x names the environment variable NO_SUCH_VAR, which is empty or not set`,
		"plugins: {a: {env: [~]}}":                           `c.yaml:1: plugins.a.env[0]: is empty`,
		"in_flight: 0x10":                                    `c.yaml:1: in_flight: 0x10 must be a whole number`,
		"retry: {jitter_min: .nan}":                          `c.yaml:1: retry.jitter_min: .nan must be a number`,
		"log_level: fatal":                                   `c.yaml:1: log_level: "fatal" is not one of debug, info, warn, error, disabled`,
		"log_level: 5":                                       `log_level: "5" is not one of`,
		"log_level: -5":                                      `log_level: "-5" is not one of`,
		"log_level: trace":                                   `log_level: "trace" is not one of`,
		"log_level: disabled":                                "",
		"log_format: xml":                                    `c.yaml:1: log_format: "xml" is not one of auto, console, json`,
		"\xff\xfel\x00":                                      `c.yaml:1: the file is written in UTF-16`,
		"plugins:\n  a: &a {allow_hosts: [x]}\n  b: {<<: [*a, *a], timeout: 2s}\n": "",
		"plugins: {a: &a {env: [A]}, b: &b {<<: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]}, c: &c {<<: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]}, d: &d {<<: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]}, " +
			"e: &e {<<: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]}, f: &f {<<: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]}, g: &g {<<: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]}, h: {<<: [*g,*g,*g]}}": `c.yaml:1: plugins.g: the aliases stand for too much`,
		strings.Repeat("#", 1<<20+1): `c.yaml:1: the file has 1048577 bytes`,
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

// A text stays as it was written, whatever number, day or bool it looks like.
func TestTextsAsWritten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"0012", "0x1F", "1_000", "1.10", "+49301234567", "00", "1e3", "yes", "no", "on", "true", "False", "2026-11-27", "012345670123",
		"0o17", "0b11", ".inf", ".5", "-0", "12:30:45", "1.0", "9007199254740993", "99999999999999999999", "2026-11-27T10:00:00Z", "=",
	} {
		for _, file := range []string{"device:\n  external_device_id: " + text + "\n  os_name: linux\n", "device: {external_device_id: " + text + ", os_name: linux}", "device:\n  external_device_id: '" + text + "' # x"} {
			if engine.Placeholder(text) {
				continue // read as written, and then refused
			}
			if c, err := config.Parse("c.yaml", []byte(file)); err != nil || c.Device["external_device_id"] != text {
				t.Errorf("%q: %q, %v", file, c.Device["external_device_id"], err)
			}
		}
		for _, file := range []string{"plugins: {x: {env: [" + text + "]}}", "plugins:\n  x:\n    env:\n    - " + text + "\n"} {
			if c, err := config.Parse("c.yaml", []byte(file)); err != nil || !slices.Equal(c.Plugins["x"].Env, []string{text}) {
				t.Errorf("%q: %q, %v", file, c.Plugins["x"].Env, err)
			}
		}
	}
	c, err := config.Parse("c.yaml", []byte("apps: [{token: 012345670123, environment: sandbox}]\nplugins: {0012: {timeout: 1s}}\n"))
	if err != nil || c.Apps[0].Token != "012345670123" || c.Plugins["0012"].Timeout != time.Second {
		t.Errorf("%+v, %v", c, err)
	}
}

// A plain text may hold a colon that no blank follows.
func TestColonsInTexts(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"[127.0.0.1:9100]": "127.0.0.1:9100", "[localhost:80, 10.0.0.1:443,h.example]": "localhost:80 10.0.0.1:443 h.example",
		"[ 127.0.0.1:9100 , 1:2:3 ]": "127.0.0.1:9100 1:2:3", "[8080:80]": "8080:80", "[\"[::1]:80\"]": "[::1]:80",
		"\n      - 127.0.0.1:9100\n      - h.example:1\n": "127.0.0.1:9100 h.example:1",
		"[127.0.0.1: 9100]":   "c.yaml:3: plugins.x.allow_hosts[0]: a mapping must be a text",
		"[{127.0.0.1: 9100}]": "c.yaml:3: plugins.x.allow_hosts[0]: a mapping must be a text",
	} {
		c, err := config.Parse("c.yaml", []byte("plugins:\n  x:\n    allow_hosts: "+file))
		got := strings.Join(c.Plugins["x"].AllowHosts, " ")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

// A byte order mark is no part of the first key, and what a merge key brings in gives way to what stands beside it.
func TestMarkAndMerge(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("c.yaml", []byte("\ufeffretry: &r {base: 5s, max: 10s}\nbreaker:\n  probe:\n    base: 7s\n    <<: *r\n"))
	if err != nil || c.Retry.Default.Base != 5*time.Second || c.Breaker.Probe.Base != 7*time.Second || c.Breaker.Probe.Max != 10*time.Second {
		t.Errorf("%+v, %v", c, err)
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
	place := regexp.MustCompile(`^c\.yaml:\d+: `)
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
