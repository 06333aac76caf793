package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// pathSetting is a setting that names a file or a folder.
type pathSetting struct {
	key  string
	path *string
}

// paths are all settings that name files and folders.
func (c *Config) paths() []pathSetting {
	all := []pathSetting{
		{"data", &c.Data},
		{"plugins_dir", &c.PluginsDir},
		{"postgres_file", &c.PostgresFile},
		{"rules", &c.Rules},
		{"ca_file", &c.CAFile},
		{"api.tokens_file", &c.API.TokensFile},
		{"tls.cert_file", &c.TLS.CertFile},
		{"tls.key_file", &c.TLS.KeyFile},
		{"auth_token_file", &c.short.authTokenFile},
	}
	for i := range c.Apps {
		all = append(all, pathSetting{fmt.Sprintf("apps[%d].auth_token_file", i), &c.Apps[i].AuthTokenFile})
	}
	return all
}

// resolvePaths replaces ~ and variables in all paths: nobody has done it before in the file and in the environment.
// Relative paths of the file become relative to its folder; those of flags and of the environment, and the defaults, are
// relative to the working directory.
func (c *Config) resolvePaths(lookup func(string) (string, bool)) error {
	for _, p := range c.paths() {
		path, err := c.resolved(p, lookup)
		if err != nil {
			return fmt.Errorf("%s: %w", c.origin.at(p.key), err)
		}
		*p.path = path
	}
	return nil
}

// resolved is what a path means.
func (c *Config) resolved(p pathSetting, lookup func(string) (string, bool)) (string, error) {
	path, err := expandPath(*p.path, lookup)
	if err != nil {
		return "", err
	}
	if _, ofFile := c.origin.lines[p.key]; ofFile && path != "" && !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(c.origin.file), path)
	}
	return path, nil
}

// expandPath replaces ~ at the start by the home folder, and $NAME and ${NAME} by the environment variable.
func expandPath(path string, lookup func(string) (string, bool)) (string, error) {
	var missing string
	expanded := path
	if strings.Contains(path, "$") {
		expanded = os.Expand(path, func(name string) string {
			value, ok := lookup(name)
			if (!ok || value == "") && missing == "" {
				missing = name
			}
			return value
		})
	}
	if missing != "" {
		return "", fmt.Errorf("the path %s names the environment variable %s, which is empty or not set", path, missing)
	}
	name, rest, _ := strings.Cut(filepath.ToSlash(expanded), "/")
	switch {
	case !strings.HasPrefix(name, "~"):
		return expanded, nil
	case name != "~":
		return "", fmt.Errorf("the path %s begins with the home folder of another user, which is not looked up; write it out, or begin with ./ if the name is meant", path)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("the path %s begins with the home folder, and there is none; write it out", path)
	}
	return filepath.Join(home, rest), nil
}

// fileInTheWay is the first part of a folder's path that exists and is no folder; empty when nothing is in the way.
func fileInTheWay(folder string) string {
	for path := filepath.Clean(folder); ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		if err == nil {
			if info.IsDir() {
				return ""
			}
			return path
		}
		if path == filepath.Dir(path) {
			return ""
		}
	}
}
