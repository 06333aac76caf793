package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/admin"
)

// For every key it is known whether a reload replaces it, and why not.
func TestLive(t *testing.T) {
	t.Parallel()
	var live []string
	for _, key := range config.Reference() {
		is, why := config.Live(key.Name)
		if is != (why == "") || is != key.Live {
			t.Errorf("%s: %t, %q, and the reference says %t", key.Name, is, why, key.Live)
		}
		if is {
			live = append(live, key.Name)
		}
	}
	for _, key := range []string{"log_level", "retry.base", "retry.blocked.max", "api.tokens_file", "plugins.NAME.env", "apps[].auth_token_file"} {
		if !slices.Contains(live, key) {
			t.Errorf("%s must be replaced by a reload", key)
		}
	}
}

func parse(t *testing.T, text string) config.Config {
	t.Helper()
	c, err := config.Parse("trackhook.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReload(t *testing.T) {
	t.Parallel()
	const one, two = "{token: abc123def456, environment: sandbox}", "{token: xyz123def456, environment: sandbox}"
	for _, row := range []struct{ old, next, changed, kept string }{
		{"apps: [" + one + "]", "apps: [" + one + "]\nretry: {base: 2m}\nin_flight: auto", "", ""}, // the defaults, written out
		{"log_level: debug", "log_level: warn\nretry: {base: 1s, install: {max: 2h}}", "log_level debug>warn, retry.base 2m0s>1s, retry.install.max 1h0m0s>2h0m0s", ""},
		{"listen: 127.0.0.1:1\ndata: a", "listen: 127.0.0.1:2\ndata: b\nlog: {retain: 1h}", "", "listen 127.0.0.1:1>127.0.0.1:2, data a>b, log.retain 168h>1h0m0s"},
		{"endpoint: http://u:secret1@h", "endpoint: http://u:secret2@h", "", "endpoint http://u:xxxxx@h>http://u:xxxxx@h"},
		{"plugins: {a: {env: [X]}, b: {timeout: 1s}}", "plugins: {b: {timeout: 2s}, c: {allow_hosts: [h]}}", "plugins.a.env [X]>, plugins.b.timeout 1s>2s, plugins.c.allow_hosts >[h]", ""},
		{"device: {external_device_id: a}", "device: {external_device_id: b, os_name: linux}", "", "device.external_device_id a>b, device.os_name >linux"},
		{
			"apps: [" + one + "]", "apps: [" + two + ", {token: abc123def456, environment: sandbox, auth_token_env: T, endpoint: http://h, hold_events_until_session: true}]",
			"apps[1].auth_token_env >T, apps[1].hold_events_until_session false>true", "apps[1].endpoint >http://h, apps[0] >xyz123def456 (sandbox)",
		},
		{"apps: [" + one + ", " + two + "]", "apps: [" + one + "]", "", "apps xyz123def456 (sandbox)>"},
		{"apps: [" + one + ", " + two + "]", "apps: [" + two + ", " + one + "]", "", "apps[0] abc123def456 (sandbox)>xyz123def456 (sandbox)"},
		{"console: {enabled: true}", "console: {enabled: false, edit: true}", "console.enabled true>false", ""},
		{"log_level: info", "apps: [" + one + "]", "", "apps[0] >abc123def456 (sandbox)"},
	} {
		old, next := parse(t, row.old), parse(t, row.next)
		before := parse(t, row.old)
		merged, report := old.Reload(&next)
		if changed, kept := told(&report); changed != row.changed || kept != row.kept {
			t.Errorf("%s -> %s:\nchanged %s, want %s\nkept %s, want %s", row.old, row.next, changed, row.changed, kept, row.kept)
		}
		if !reflect.DeepEqual(old.Apps, before.Apps) || !reflect.DeepEqual(old.Device, before.Device) || old.LogLevel != before.LogLevel {
			t.Errorf("%s: the old settings were changed", row.old)
		}
		// Once more, everything that was kept is told again, and nothing else.
		again, report := merged.Reload(&next)
		if changed, kept := told(&report); changed != "" || kept != row.kept {
			t.Errorf("%s -> %s again: changed %s, kept %s", row.old, row.next, changed, kept)
		}
		if !reflect.DeepEqual(again.Apps, merged.Apps) || again.Listen != old.Listen || again.LogLevel != next.LogLevel {
			t.Errorf("%s -> %s: %+v", row.old, row.next, again)
		}
	}
}

// told is a report in one line each.
func told(report *admin.Reloaded) (changed, kept string) {
	var all, stay []string
	for _, c := range report.Changed {
		all = append(all, c.Key+" "+c.From+">"+c.To)
	}
	for _, k := range report.Kept {
		stay = append(stay, k.Key+" "+k.Value+">"+k.Wanted)
	}
	return strings.Join(all, ", "), strings.Join(stay, ", ")
}

// Read again, flags still win over the environment, and that over the file.
func TestAgain(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "trackhook.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("retry: {base: 1s}\nlog_level: error\nlog_format: json\nallowed_hosts: [a.example]")
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags := config.Bind(set, "")
	if err := set.Parse([]string{"--config", file, "--drain", "7s", "--allowed-hosts", "b.example,c.example", "--device", "external_device_id=k"}); err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{"TRACKHOOK_LOG_LEVEL": "warn"}[name]
		return value, ok
	}
	first, err := flags.Load(lookup)
	if err != nil {
		t.Fatal(err)
	}
	write("retry: {base: 2s}\nlog_level: debug\ndrain: 1m")
	again, err := flags.Again(lookup)
	if err != nil {
		t.Fatal(err)
	}
	if again.Retry.Default.Base != 2*time.Second || again.LogLevel != "warn" || again.LogFormat != "auto" || again.Drain != 7*time.Second ||
		!slices.Equal(again.AllowedHosts, []string{"b.example", "c.example"}) || again.Device["external_device_id"] != "k" {
		t.Errorf("again: %+v", again)
	}
	if first.Retry.Default.Base != time.Second || first.LogFormat != "json" {
		t.Errorf("what was loaded first has become %+v", first)
	}
	_, report := again.Reload(&again)
	if _, kept := told(&report); kept != "drain 7s>1m0s, log_level warn>debug" ||
		!strings.Contains(report.Kept[0].Why, "--drain") || !strings.Contains(report.Kept[1].Why, "TRACKHOOK_LOG_LEVEL") {
		t.Errorf("what the file says in vain: %+v", report.Kept)
	}
	write("log_level: [")
	if _, err := flags.Again(lookup); err == nil || !strings.Contains(err.Error(), file+":1") {
		t.Errorf("a broken file: %v", err)
	}
	if third, err := flags.Again(func(string) (string, bool) { return "", false }); err == nil {
		t.Errorf("still broken: %+v", third)
	}
}

// A flag that names the folder of the file by another path overrules nothing.
func TestOverruledPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "trackhook.yaml")
	if err := os.WriteFile(file, []byte("data: d\nplugins_dir: p"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags := config.Bind(set, "")
	if err := set.Parse([]string{"--config", file, "--data", filepath.Join(dir, ".", "d"), "--plugins", "p"}); err != nil {
		t.Fatal(err)
	}
	cfg, err := flags.Load(func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	_, report := cfg.Reload(&cfg)
	if _, kept := told(&report); kept != "plugins_dir p>"+filepath.Join(dir, "p") {
		t.Errorf("kept %s", kept)
	}
}
