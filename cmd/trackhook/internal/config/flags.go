package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
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
	// bound names the flags that Bind has added.
	bound []string
	// sources says for each flag that was given whether it was the flag or its variable.
	sources map[string]string
	// warnings are what was found that is no mistake and probably not meant.
	warnings []string
}

// fileFlag names the configuration file.
const fileFlag = "config"

// Bind adds the flags of the configuration to those of a command, with their defaults: one for each single value at the
// top of the file, retry.base and retry.max, the two of the tokens, the two of tls, the short form of an app and the host's device, and --config,
// which help describes with usage. Help prints the defaults of other packages from their constants.
func Bind(set *pflag.FlagSet, usage string) *Flags {
	f := &Flags{set: set, config: Default(), sources: map[string]string{}}
	before := map[string]bool{}
	set.VisitAll(func(flag *pflag.Flag) { before[flag.Name] = true })
	set.StringVar(&f.file, fileFlag, "", usage)
	c, retry := &f.config, engine.DefaultSchedule().Default
	set.StringVar(&c.Listen, "listen", c.Listen, "address to take packages in at")
	set.StringSliceVar(&c.AllowedHosts, "allowed-hosts", nil, "names that requests may call this host by, beside localhost and the address, such as track.example.com")
	set.StringVar(&c.Data, "data", c.Data, "folder that holds the queue and the log")
	set.StringVar(&c.Postgres, "postgres", c.Postgres, "PostgreSQL database that holds the queue and the log instead of a folder, for several hosts: postgres://USER@HOST/DATABASE")
	set.StringVar(&c.PostgresEnv, "postgres-env", c.PostgresEnv, "environment variable that holds the address of the database, with its password")
	set.StringVar(&c.PostgresFile, "postgres-file", c.PostgresFile, "file that holds the address of the database, with its password")
	set.StringVar(&c.Name, "name", c.Name, "what operators call this host among those that share a database (default that of the machine)")
	set.StringVar(&c.PluginsDir, "plugins", c.PluginsDir, "folder that holds the scripts")
	set.StringVar(&c.Endpoint, "endpoint", c.Endpoint, "server to send to, instead of Adjust's (or of the demo's own)")
	set.StringVar(&c.LogFormat, "log-format", c.LogFormat, "auto, console or json")
	set.StringVar(&c.LogLevel, "log-level", c.LogLevel, "one of "+strings.Join(LogLevels(), ", "))
	set.Var(&c.InFlight, "in-flight", "attempts at once at one server, or auto: as many as it takes, up to in-flight-most (default auto)")
	set.IntVar(&c.InFlightMost, "in-flight-most", c.InFlightMost, fmt.Sprintf("most attempts at once with --in-flight auto (default %d)", adjust.DefaultMostInFlight))
	set.DurationVar(&c.AttemptTimeout, "attempt-timeout", c.AttemptTimeout,
		fmt.Sprintf("time limit of one request; an attempt with two tokens may make two (default %gs)", adjust.DefaultTimeout.Seconds()))
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
	set.StringVar(&c.TLS.CertFile, "tls-cert-file", c.TLS.CertFile, "file of the certificate that this host speaks TLS with, followed by those of its issuers")
	set.StringVar(&c.TLS.KeyFile, "tls-key-file", c.TLS.KeyFile, "file of the certificate's key")
	c.short.bind(set)
	set.VisitAll(func(flag *pflag.Flag) {
		if !before[flag.Name] {
			f.bound = append(f.bound, flag.Name)
		}
	})
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
	given := f.given(lookup)
	if err := f.readFile(lookup); err != nil {
		return Config{}, &Error{err}
	}
	inFile := f.inFile(lookup)
	for _, g := range given {
		f.config.origin.forget(g.flag.Name)
		if err := g.set(); err != nil {
			return Config{}, &Error{err}
		}
	}
	f.config.settleData(f.sources["data"] != "" || f.config.origin.lines["data"] != 0)
	if err := f.config.resolvePaths(lookup); err != nil {
		return Config{}, &Error{fmt.Errorf("configuration: %w", err)}
	}
	if err := f.config.check(); err != nil {
		return Config{}, &Error{fmt.Errorf("configuration: %w", err)}
	}
	f.noteOverruled(given, inFile)
	return f.config, nil
}

// inFile is what the file says, by key: paths as they are meant, save those that cannot be.
func (f *Flags) inFile(lookup func(string) (string, bool)) map[string]string {
	texts := f.texts()
	maps.DeleteFunc(texts, func(key, _ string) bool { return f.config.origin.lines[key] == 0 })
	for _, p := range f.config.paths() {
		if path, err := f.config.resolved(p, lookup); err == nil && texts[p.key] != "" {
			texts[p.key] = path
		}
	}
	return texts
}

// overruled is a setting that has one value in the file, and another one by a flag or a variable, which counts.
type overruled struct{ key, value, inFile, source string }

// noteOverruled compares what the file says with what counts.
func (f *Flags) noteOverruled(given []givenFlag, inFile map[string]string) {
	now := f.texts()
	places := map[string]string{}
	for _, p := range f.config.paths() {
		places[p.key], _ = filepath.Abs(*p.path)
	}
	for _, g := range given {
		key := keyOfFlag(g.flag.Name)
		text, ok := inFile[key]
		if place, isPath := places[key]; isPath {
			if there, err := filepath.Abs(text); err == nil && there == place {
				continue
			}
		}
		if ok && text != now[key] {
			f.config.overruled = append(f.config.overruled, overruled{key, now[key], text, f.sources[g.flag.Name]})
		}
	}
}

// Again reads the configuration once more, with the flags that were given and whatever the file and the environment say
// now, as [Flags.Load] did. What Load returned stays as it is.
func (f *Flags) Again(lookup func(string) (string, bool)) (Config, error) {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	again := Bind(set, "")
	for _, name := range f.bound {
		given, fresh := f.set.Lookup(name), set.Lookup(name)
		if !given.Changed {
			continue
		}
		g := givenFlag{flag: fresh, values: []string{given.Value.String()}}
		if list, ok := given.Value.(pflag.SliceValue); ok {
			g.values = list.GetSlice()
		}
		if err := g.set(); err != nil {
			return Config{}, &Error{err}
		}
		fresh.Changed = true
	}
	return again.Load(lookup)
}

// readFile reads the configuration file, if one is named.
func (f *Flags) readFile(lookup func(string) (string, bool)) error {
	if f.file == "" {
		if f.set.Changed(fileFlag) {
			return fmt.Errorf("--%s is empty; name a file, or leave it out", fileFlag)
		}
		f.file, _ = lookup(EnvName(fileFlag))
	}
	if f.file == "" {
		return nil
	}
	path, err := expandPath(f.file, lookup)
	if err != nil {
		return fmt.Errorf("--%s: %w", fileFlag, err)
	}
	return f.config.read(path)
}

// EnvName is the environment variable of a flag, such as TRACKHOOK_LOG_LEVEL of log-level.
func EnvName(flag string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
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
		// The flags of the command itself have no variables: one that was set once must not make a later command send or
		// remove something.
		if flag.Name == fileFlag || !slices.Contains(f.bound, flag.Name) {
			return
		}
		if flag.Changed {
			values := []string{flag.Value.String()}
			if list, ok := flag.Value.(pflag.SliceValue); ok {
				values = list.GetSlice()
			}
			f.sources[flag.Name] = "--" + flag.Name
			all = append(all, givenFlag{flag, values})
		} else if value, ok := lookup(EnvName(flag.Name)); ok && value == "" {
			f.warnings = append(f.warnings, EnvName(flag.Name)+" is empty, so it sets nothing; unset it")
		} else if ok {
			f.sources[flag.Name] = EnvName(flag.Name)
			all = append(all, givenFlag{flag, []string{value}})
		}
	})
	return all
}

// set gives the flag its value again.
func (g *givenFlag) set() error {
	if list, ok := g.flag.Value.(pflag.SliceValue); ok {
		return list.Replace(g.values)
	}
	if err := g.flag.Value.Set(g.values[0]); err != nil {
		return fmt.Errorf("--%s or %s: %q must be %s", g.flag.Name, EnvName(g.flag.Name), g.values[0], ValueWords(g.flag.Value.Type()))
	}
	return nil
}

// ValueWords says what the value of a flag must be, by the type of the flag.
func ValueWords(flagType string) string {
	switch flagType {
	case "duration":
		return "a time with its unit, such as 120s, 15m or 24h"
	case "int", "int64":
		return "a whole number"
	case "uint", "uint64":
		return "a whole number, not negative"
	case "float64":
		return "a number, such as 0.3"
	case "bool":
		return "true or false"
	case (*InFlight)(nil).Type():
		return "a whole number, or auto"
	default:
		return "a text"
	}
}
