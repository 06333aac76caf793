// Package config is the configuration of a host: what can be set, where it is set, and what is wrong with it.
//
// A setting is a key of the YAML file (log_level). Those that most hosts need are also a flag (--log-level) and an
// environment variable (TRACKHOOK_LOG_LEVEL): all single values at the top of the file, and a few in its sections. Flags
// win over the environment, and the environment over the file. One app and the host's device have a short form by flags.
// Secrets never stand in the file: it names the environment variables or files that hold them.
//
// A command that needs the configuration binds the flags, and loads once they were parsed:
//
//	flags := config.Bind(cmd.Flags(), "configuration file in YAML")
//	// ... in RunE:
//	cfg, err := flags.Load(os.LookupEnv)
//
// Whatever is wrong is found before anything starts, and the error says where: trackhook.yaml:5: apps[1]: .... It is an
// [*Error], so that the command can tell mistakes of the person who started it from failures of the machine.
//
// # Files
//
//   - config.go: the settings, with what each means and its default
//   - flags.go: the flags and environment variables, and what wins
//   - inflight.go: InFlight, a number or auto
//   - file.go: reading the YAML file, and the lines that errors name
//   - decode.go: the values of the file, as they were written
//   - keys.go: keys that nothing has, and what was meant
//   - paths.go: where relative paths begin, and ~ and variables in them
//   - reference.go, reference_values.go: all keys with what they mean, and the settings with where they come from
//   - schema.go, schema.json: the JSON Schema for editors
//   - change.go: settings that differ, and which of them a host that runs can take over
//   - address.go: why nothing can listen at an address
//   - variables.go: environment variables that set nothing
//   - check.go: whether the settings can be meant, and the short form of an app and a device
//   - postgres.go: the database that hosts share
//   - grants.go: the rights of plugins, with the values of their environment variables
//   - secret.go: reading tokens from where the settings say, and masking what is shown
//   - engine.go: apps, clocks and the store in the words of the engine
package config
