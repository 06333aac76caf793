package config_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
	"trackhook/engine/disk"
)

// load loads as a command does. file is the text of trackhook.yaml, none when it is empty; FILE in args and env is its
// path, and in errors its path is trackhook.yaml again.
func load(t *testing.T, file string, env map[string]string, args ...string) (config.Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trackhook.yaml")
	if file != "" {
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--config", path}, args...)
	}
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags := config.Bind(set, "configuration file")
	set.Bool("json", false, "a flag of the command's own")
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	cfg, err := flags.Load(func(name string) (string, bool) {
		value, ok := env[name]
		return strings.ReplaceAll(value, "FILE", path), ok
	})
	if err == nil {
		return cfg, nil
	}
	if _, mistake := errors.AsType[*config.Error](err); !mistake {
		t.Errorf("the error is a %T", err)
	}
	return cfg, errors.New(strings.ReplaceAll(err.Error(), path, "trackhook.yaml"))
}

func TestLoad(t *testing.T) {
	t.Parallel()
	const app = "apps: [{token: abc123def456, environment: sandbox}]\n"
	for _, row := range []struct {
		name, file string
		env        map[string]string
		args       []string
		want       string // as shown says it
	}{
		{name: "nothing", want: "127.0.0.1:8787 .trackhook plugins auto info"},
		{
			name: "file alone", file: app + "listen: :1\ndata: d\nplugins_dir: p\nlog_format: json\nlog_level: warn\nin_flight: 5\ndrain: 3s",
			want: ":1 DIR/d DIR/p json warn 5 3s [abc123def456 (sandbox)]",
		},
		{
			name: "environment over file", file: "listen: :1\nin_flight: 5\ndrain: 3s",
			env:  map[string]string{"TRACKHOOK_LISTEN": ":2", "TRACKHOOK_IN_FLIGHT": "6"},
			want: ":2 .trackhook plugins auto info 6 3s",
		},
		{
			name: "flags over environment over file", file: "listen: :1\nin_flight: 5\ndrain: 3s",
			env:  map[string]string{"TRACKHOOK_LISTEN": ":2", "TRACKHOOK_IN_FLIGHT": "6"},
			args: []string{"--listen", ":3"},
			want: ":3 .trackhook plugins auto info 6 3s",
		},
		{
			name: "a flag with the default as its value wins as well", file: "log_level: warn", args: []string{"--log-level", "info"},
			want: "127.0.0.1:8787 .trackhook plugins auto info",
		},
		{
			name: "an empty variable sets nothing", file: "endpoint: http://a", env: map[string]string{"TRACKHOOK_ENDPOINT": ""},
			want: "127.0.0.1:8787 .trackhook plugins http://a auto info",
		},
		{
			name: "paths of the file are relative to it, those of flags are not", file: "data: d\nplugins_dir: ../p\napi: {tokens_file: t}\nrules: $X/r\nca_file: ~/ca",
			env:  map[string]string{"TRACKHOOK_API_TOKENS_FILE": "${X}/t", "X": "/x"},
			args: []string{"--data", "e"},
			want: "127.0.0.1:8787 e p auto info /x/r HOME/ca /x/t",
		},
		{
			name: "short form of an app", args: []string{"--app-token", "abc123def456"}, env: map[string]string{"TRACKHOOK_ENVIRONMENT": "production"},
			want: "127.0.0.1:8787 .trackhook plugins auto info [abc123def456 (production)]",
		},
		{
			name: "devices of the file and of flags", file: "device: {os_name: linux, external_device_id: a}",
			args: []string{"--device", "external_device_id=b", "--device", "idfa=c"},
			want: "127.0.0.1:8787 .trackhook plugins auto info map[external_device_id:b idfa:c os_name:linux]",
		},
		{
			name: "device of the environment", env: map[string]string{"TRACKHOOK_DEVICE": "idfa=a=b"},
			want: "127.0.0.1:8787 .trackhook plugins auto info map[idfa:a=b]",
		},
		{
			name: "sections of the file and their flags", file: "retry: {base: 1s, max: 1m, install: {max: 2m}}", args: []string{"--retry-max", "1h"},
			want: "127.0.0.1:8787 .trackhook plugins auto info 1s 1h0m0s 2m0s",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := load(t, row.file, row.env, row.args...)
			if got := places(shown(&cfg)); err != nil || got != row.want {
				t.Errorf("got %s, %v\nwant %s", got, err, row.want)
			}
		})
	}
}

// places names the folder of the file, and the home folder.
func places(text string) string {
	home, _ := os.UserHomeDir()
	text = regexp.MustCompile(`\S+/Test\S*?/\d+/(\S)`).ReplaceAllString(text, "DIR/$1")
	text = regexp.MustCompile(`\S+/Test[^/\s]*/(\S)`).ReplaceAllString(text, "$1")
	return strings.ReplaceAll(text, home+"/", "HOME/")
}

// shown is what was set, in the order of the fields.
func shown(c *config.Config) string {
	parts := []string{c.Listen, c.Data, c.PluginsDir, c.Endpoint, c.LogFormat, c.LogLevel}
	if c.InFlight != 0 {
		parts = append(parts, c.InFlight.String())
	}
	for _, d := range []time.Duration{c.AttemptTimeout, c.Drain, c.RunTimeout, c.Retry.Default.Base, c.Retry.Default.Max, c.Retry.Install.Max} {
		if d != 0 {
			parts = append(parts, d.String())
		}
	}
	parts = append(parts, c.Rules, c.CAFile, c.API.TokensFile)
	if len(c.Apps) > 0 {
		parts = append(parts, fmt.Sprint(c.EngineApps()))
	}
	if len(c.Device) > 0 {
		parts = append(parts, fmt.Sprint(c.Device))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// The file may be named by the environment, and a flag comes before that.
func TestFileOfTheEnvironment(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "other.yaml")
	if err := os.WriteFile(path, []byte("listen: :7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if cfg, err := load(t, "", map[string]string{"TRACKHOOK_CONFIG": path}); err != nil || cfg.Listen != ":7" {
		t.Errorf("listens at %s, %v", cfg.Listen, err)
	}
	if cfg, err := load(t, "listen: :8", map[string]string{"TRACKHOOK_CONFIG": path}); err != nil || cfg.Listen != ":8" {
		t.Errorf("listens at %s, %v", cfg.Listen, err)
	}
}

func TestLoadErrors(t *testing.T) {
	t.Parallel()
	const app = "apps: [{token: abc123def456, environment: sandbox}]\n"
	for _, row := range []struct {
		name, file string
		env        map[string]string
		args       []string
		want       string
	}{
		{
			name: "the file's line", file: app + "\nin_flight: -1", want: "configuration: trackhook.yaml:3: in_flight: must not be negative",
		},
		{
			name: "a flag comes before the file, whose line is not to blame", file: "in_flight: 5", args: []string{"--in-flight", "-1"},
			want: "configuration: in_flight: must not be negative",
		},
		{
			name: "nor when the setting has a section", file: "retry: {base: 1s}\nplugins_dir: p", args: []string{"--plugins", ""},
			want: "configuration: plugins_dir: must name the folder of the scripts",
		},
		{
			name: "all mistakes at once", file: "drain: -1s\nrun_timeout: -1s", args: []string{"--device", "kiosk"},
			want: "configuration: device \"kiosk\" must be KIND=ID, such as external_device_id=kiosk-17\n" +
				"trackhook.yaml:1: drain: must not be negative\ntrackhook.yaml:2: run_timeout: must not be negative",
		},
		{
			name: "two ways to name apps", file: app, args: []string{"--app-token", "abc123def456", "--environment", "sandbox"},
			want: "configuration: apps are named in the configuration file; leave out --app-token and TRACKHOOK_APP_TOKEN, or the file's apps",
		},
		{
			name: "half of an app", args: []string{"--auth-token-env", "TOKEN"},
			want: "configuration: --environment, --auth-token-env and --auth-token-file belong to --app-token, which is missing",
		},
		{
			name: "an app that cannot be", args: []string{"--app-token", "abc123def456"},
			want: `configuration: apps[0]: Invalid environment: environment "" must be sandbox or production`,
		},
		{
			name: "no folder for data", args: []string{"--data", ""}, want: "configuration: data: must name a folder",
		},
		{
			name: "data among the plugins", file: "data: p/../p/data\nplugins_dir: p",
			want: "configuration: trackhook.yaml:1: data: data folder DIR/p/data lies inside the plugins folder DIR/p; keep them apart",
		},
		{
			name: "a flag that does not go with the file", file: "in_flight: 3\nretry:\n  max: 1s", args: []string{"--retry-base", "2s"},
			want: "configuration: trackhook.yaml:2: retry: base must be positive, and max at least base",
		},
		{
			name: "a file without settings", file: "# nothing\n", want: "trackhook.yaml:1: the file has no settings; write some, or leave out --config and TRACKHOOK_CONFIG for the demo",
		},
		{
			name: "no app", file: "listen: :1\napps: []", want: "trackhook.yaml:2: apps: names no app; name one, or leave the key out for the demo",
		},
		{
			name: "a number that is none", env: map[string]string{"TRACKHOOK_IN_FLIGHT": "many"}, want: `--in-flight or TRACKHOOK_IN_FLIGHT: "many" must be a whole number, or auto`,
		},
		{
			name: "a time without a unit", env: map[string]string{"TRACKHOOK_DRAIN": "5"}, want: `--drain or TRACKHOOK_DRAIN: "5" must be a time with its unit, such as 120s, 15m or 24h`,
		},
		{
			name: "an empty flag", args: []string{"--config", ""}, want: "--config is empty; name a file, or leave it out",
		},
		{
			name: "a file that is none", file: "listen: [", want: "trackhook.yaml:1: sequence end token ']' not found",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if _, err := load(t, row.file, row.env, row.args...); err == nil || places(err.Error()) != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
	if _, err := load(t, "", nil, "--config", "nowhere.yaml"); err == nil || err.Error() != "the configuration file nowhere.yaml does not exist" {
		t.Errorf("got %v", err)
	}
}

// Variables set what the configuration has, never what one command does, and those that set nothing are named.
func TestVariables(t *testing.T) {
	t.Parallel()
	if _, err := load(t, "", map[string]string{"TRACKHOOK_JSON": "perhaps"}); err != nil {
		t.Errorf("a flag of the command has a variable: %v", err)
	}
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags := config.Bind(set, "configuration file")
	env := map[string]string{"TRACKHOOK_LISTEN": "", "TRACKHOOK_API_TOKENS_ENV": "TRACKHOOK_TOKENS"}
	if _, err := flags.Load(func(name string) (string, bool) { v, ok := env[name]; return v, ok }); err != nil {
		t.Fatal(err)
	}
	got := flags.Warnings([]string{
		"TRACKHOOK_LISTN=s3cret", "TRACKHOOK_TOKENS=s3cret", "TRACKHOOK_TOKEN=s3cret", "TRACKHOOK_HOST=h", "PATH=/", "TRACKHOOK_PORT_8787_TCP=x",
		"TRACKHOOK_SERVICE_HOST=x", "TRACKHOOK_YES=true", "TRACKHOOK_LONG=1",
	})
	want := []string{
		"TRACKHOOK_LISTEN is empty, so it sets nothing; unset it", "TRACKHOOK_LISTN is set, and no setting has that name; did you mean TRACKHOOK_LISTEN?",
		"TRACKHOOK_YES is set, and no setting has that name",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestGrants(t *testing.T) {
	t.Parallel()
	cfg, err := config.Parse("c.yaml", []byte("plugins:\n  b: {env: [B1, SET]}\n  a: {allow_hosts: [h.example], env: [A1], timeout: 2s}\n"))
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) (string, bool) { return "", false }
	for range 20 { // by name, and not by the order of a map
		_, err = cfg.Grants(none)
		if _, mistake := errors.AsType[*config.Error](err); !mistake || err.Error() != "plugins.a: the environment variable A1 is not set" {
			t.Fatalf("got %v", err)
		}
	}
	at := cfg.GrantsAtHand(func(name string) (string, bool) { return "x", name == "SET" })
	if len(at) != 2 || !maps.Equal(at["b"].Env, map[string]string{"SET": "x"}) || len(at["a"].Env) != 0 {
		t.Errorf("got %+v", at)
	}
	all, err := cfg.Grants(func(name string) (string, bool) { return "of " + name, true })
	if a := all["a"]; err != nil || a.Timeout != 2*time.Second || fmt.Sprint(a.AllowHosts, a.Env) != "[h.example] map[A1:of A1]" {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestSettingsOfApps(t *testing.T) {
	t.Parallel()
	cfg, err := config.Parse("c.yaml", []byte("apps:\n- {token: abc123def456, environment: sandbox}\n"+
		"- {token: abc123def456, environment: production, hold_events_until_session: true}\nretry: {base: 1s, device_limit: 1h, blocked: {max: 2s}}"))
	if err != nil {
		t.Fatal(err)
	}
	live := engine.App{Token: "abc123def456", Environment: engine.Production}
	if s := cfg.SettingsOf(live); s == nil || !s.HoldEvents {
		t.Errorf("got %+v", s)
	}
	if s := cfg.SettingsOf(engine.App{Token: "other"}); s != nil {
		t.Errorf("got %+v", s)
	}
	want := engine.Schedule{Default: engine.Backoff{Base: time.Second}, DeviceLimit: time.Hour, Blocked: engine.Backoff{Max: 2 * time.Second}}
	if got := cfg.Retry.Schedule(); got != want {
		t.Errorf("got %+v", got)
	}
}

// A replay opens the data folder of a host as the host does: with other ages, its store would remove what the host keeps.
func TestStoreConfig(t *testing.T) {
	t.Parallel()
	cfg, err := config.Parse("c.yaml", []byte("data: d\nlog: {retain: 1h, retain_bytes: 2, dead_age: 3h}\nhigh_water: {queued: 4, bytes: 5, free: 6, dead_bytes: 7}"))
	if err != nil {
		t.Fatal(err)
	}
	got := cfg.StoreConfig(zerolog.Nop())
	if got.Dir != "d" || got.Retain != time.Hour || got.RetainBytes != 2 || got.DeadAge != 3*time.Hour ||
		got.HighWater != (disk.HighWater{Queued: 4, Bytes: 5, Free: 6, DeadBytes: 7}) {
		t.Errorf("got %+v", got)
	}
}
