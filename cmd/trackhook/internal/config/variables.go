package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// prefix begins the names of all variables of settings.
const prefix = "TRACKHOOK_"

// HostFlag and TokenVariable are how commands that talk to a running host find it and what they show it. They are no
// settings of a host, but of the same family of variables.
const (
	HostFlag      = "host"
	TokenVariable = prefix + "TOKEN" //nolint:gosec // the name of a variable, not what it holds
)

// Warnings are what was found by [Flags.Load] that is no mistake and probably not meant: variables that are set and set
// nothing. environ has elements of the form NAME=VALUE, as [os.Environ] returns them. No value is in a warning.
func (f *Flags) Warnings(environ []string) []string {
	known := []string{EnvName(fileFlag), EnvName(HostFlag), TokenVariable, prefix + "LONG", prefix + "PICTURES"}
	for _, flag := range f.bound {
		known = append(known, EnvName(flag))
	}
	var suffixes []string // all begin alike, which makes none of them nearer
	for _, name := range known {
		suffixes = append(suffixes, strings.TrimPrefix(name, prefix))
	}
	named := append(f.config.secretVariables(), known...)
	warnings := slices.Clone(f.warnings)
	for _, setting := range slices.Sorted(slices.Values(environ)) {
		name, _, _ := strings.Cut(setting, "=")
		if !strings.HasPrefix(name, prefix) || slices.Contains(named, name) || ofCluster(name) {
			continue
		}
		warning := name + " is set, and no setting has that name"
		if near := nearest(strings.TrimPrefix(name, prefix), suffixes); near != "" {
			warning += fmt.Sprintf("; did you mean %s?", prefix+near)
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// ofCluster tells whether Kubernetes sets a variable, as it does for a service that is called trackhook.
func ofCluster(name string) bool {
	return regexp.MustCompile(`^TRACKHOOK_(SERVICE_(HOST|PORT)(_.*)?|PORT(_\d+_(TCP|UDP|SCTP)(_.*)?)?)$`).MatchString(name)
}

// secretVariables are the variables that the settings name.
func (c *Config) secretVariables() []string {
	names := []string{c.API.TokensEnv, c.short.authTokenEnv}
	for i := range c.Apps {
		names = append(names, c.Apps[i].AuthTokenEnv)
	}
	for _, plugin := range c.Plugins {
		names = append(names, plugin.Env...)
	}
	return names
}
