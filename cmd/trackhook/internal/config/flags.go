package config

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/scripting"
)

// Flags are the settings as flags of a command. Use [Bind].
type Flags struct {
	set *pflag.FlagSet
	// config is what the flags write to.
	config Config
	// file is the path of the configuration file.
	file string
}

// fileFlag names the configuration file.
const fileFlag = "config"

// Bind adds the flags of the configuration to those of a command, with their defaults: one for each single value at the
// top of the file, retry.base and retry.max, the two of api, the short form of an app and the host's device, and --config,
// which help describes with usage. Help prints the defaults of other packages from their constants.
func Bind(set *pflag.FlagSet, usage string) *Flags {
	f := &Flags{set: set, config: Default()}
	set.StringVar(&f.file, fileFlag, "", usage)
	c, retry := &f.config, engine.DefaultSchedule().Default
	set.StringVar(&c.Listen, "listen", c.Listen, "address to take packages in at")
	set.StringSliceVar(&c.AllowedHosts, "allowed-hosts", nil, "names that requests may call this host by, beside localhost and the address, such as track.example.com")
	set.StringVar(&c.Data, "data", c.Data, "folder that holds the queue and the log")
	set.StringVar(&c.PluginsDir, "plugins", c.PluginsDir, "folder that holds the scripts")
	set.StringVar(&c.Endpoint, "endpoint", c.Endpoint, "server to send to, instead of Adjust's (or of the demo's own)")
	set.StringVar(&c.LogFormat, "log-format", c.LogFormat, "auto, console or json")
	set.StringVar(&c.LogLevel, "log-level", c.LogLevel, "debug, info, warn or error")
	set.IntVar(&c.InFlight, "in-flight", c.InFlight, fmt.Sprintf("attempts at once (default %d)", engine.DefaultInFlight))
	set.DurationVar(&c.AttemptTimeout, "attempt-timeout", c.AttemptTimeout,
		fmt.Sprintf("time limit of one attempt (default %gs)", adjust.DefaultTimeout.Seconds()))
	set.DurationVar(&c.Drain, "drain", c.Drain,
		fmt.Sprintf("how long a shutdown may take: attempts in flight, and scripts (default %v)", engine.DefaultDrain))
	set.DurationVar(&c.RunTimeout, "run-timeout", c.RunTimeout,
		fmt.Sprintf("time limit of one run of a script (default %v)", scripting.DefaultTimeout))
	set.DurationVar(&c.Retry.Default.Base, "retry-base", c.Retry.Default.Base,
		fmt.Sprintf("wait after the first failure (default %v)", retry.Base))
	set.DurationVar(&c.Retry.Default.Max, "retry-max", c.Retry.Default.Max,
		fmt.Sprintf("longest wait between attempts (default %v)", retry.Max))
	set.StringVar(&c.Rules, "rules", c.Rules, "file with rules for the server's answers, before the built-in ones")
	set.StringVar(&c.CAFile, "ca-file", c.CAFile, "file of certificates to trust beside the system's")
	set.StringVar(&c.API.TokensEnv, "api-tokens-env", c.API.TokensEnv, "environment variable that holds the tokens that clients must send")
	set.StringVar(&c.API.TokensFile, "api-tokens-file", c.API.TokensFile, "file that holds the tokens that clients must send")
	c.short.bind(set)
	return f
}

// bind adds the flags of the short form, which have no keys of the file.
func (s *short) bind(set *pflag.FlagSet) {
	set.StringVar(&s.appToken, "app-token", "", "app to serve, when the file names none")
	set.StringVar(&s.environment, "environment", "", "sandbox or production, with --app-token")
	set.StringVar(&s.authTokenEnv, "auth-token-env", "", "environment variable that holds the app's S2S token")
	set.StringVar(&s.authTokenFile, "auth-token-file", "", "file that holds the app's S2S token")
	set.StringArrayVar(&s.device, "device", nil, "this host's own device as KIND=ID, such as external_device_id=kiosk-17")
}

// Load reads the configuration: the file, if there is one; over it the environment, which lookup finds as
// [os.LookupEnv] does; and over that the flags that were given. Then it checks everything. Call it once, after the flags
// were parsed.
//
// The error is an [*Error], and has the place in the file where that is to blame. Mistakes that cannot be understood at
// all come alone, the others together.
func (f *Flags) Load(lookup func(string) (string, bool)) (Config, error) {
	if f.file == "" {
		f.file, _ = lookup(EnvName(fileFlag))
	}
	given := f.given(lookup)
	if f.file != "" {
		if err := f.config.read(f.file); err != nil {
			return Config{}, &Error{err}
		}
	}
	for _, g := range given {
		f.config.origin.forget(g.flag.Name)
		if err := g.set(); err != nil {
			return Config{}, &Error{err}
		}
	}
	if err := f.config.check(); err != nil {
		return Config{}, &Error{fmt.Errorf("configuration: %w", err)}
	}
	return f.config, nil
}

// EnvName is the environment variable of a flag, such as TRACKHOOK_LOG_LEVEL of log-level.
func EnvName(flag string) string {
	return "TRACKHOOK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// givenFlag is a flag with the value that was given for it, by the flag itself or by its environment variable.
type givenFlag struct {
	flag *pflag.Flag
	// values are those of a list; other flags have one.
	values []string
}

// given collects what was given. The file is read over it, so that it must be set again.
func (f *Flags) given(lookup func(string) (string, bool)) []givenFlag {
	var all []givenFlag
	f.set.VisitAll(func(flag *pflag.Flag) {
		if flag.Name == "help" || flag.Name == fileFlag {
			return
		}
		if flag.Changed {
			values := []string{flag.Value.String()}
			if list, ok := flag.Value.(pflag.SliceValue); ok {
				values = list.GetSlice()
			}
			all = append(all, givenFlag{flag, values})
		} else if value, ok := lookup(EnvName(flag.Name)); ok {
			all = append(all, givenFlag{flag, []string{value}})
		}
	})
	return all
}

// set gives the flag its value again.
func (g *givenFlag) set() error {
	name, variable := g.flag.Name, EnvName(g.flag.Name)
	if list, ok := g.flag.Value.(pflag.SliceValue); ok {
		if err := list.Replace(g.values); err != nil {
			return fmt.Errorf("--%s or %s: %w", name, variable, err)
		}
		return nil
	}
	if err := g.flag.Value.Set(g.values[0]); err != nil {
		return fmt.Errorf("--%s or %s: %q: %w", name, variable, g.values[0], err)
	}
	return nil
}
