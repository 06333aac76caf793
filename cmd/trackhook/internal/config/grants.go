package config

import (
	"fmt"
	"maps"
	"slices"

	"trackhook/scripting"
)

// Grants is what plugins may do, by name, with the values of the environment variables that they are granted, which
// lookup finds as [os.LookupEnv] does. A variable that is not set is an [*Error]: a host had better not start than run
// a plugin that fails at the first purchase, when nobody looks.
func (c *Config) Grants(lookup func(string) (string, bool)) (map[string]scripting.PluginConfig, error) {
	grants, missing := c.granted(lookup)
	if missing != nil {
		return nil, &Error{missing}
	}
	return grants, nil
}

// GrantsAtHand is [Config.Grants] for commands that run scripts beside a host, in CI for example, where secrets often
// are not set: a plugin does not find a variable that lookup does not find.
func (c *Config) GrantsAtHand(lookup func(string) (string, bool)) map[string]scripting.PluginConfig {
	grants, _ := c.granted(lookup)
	return grants
}

// granted is what plugins may do, and the first variable that is missing, as an error.
func (c *Config) granted(lookup func(string) (string, bool)) (grants map[string]scripting.PluginConfig, missing error) {
	grants = make(map[string]scripting.PluginConfig, len(c.Plugins))
	for _, name := range slices.Sorted(maps.Keys(c.Plugins)) {
		plugin := c.Plugins[name]
		env := make(map[string]string, len(plugin.Env))
		for _, variable := range plugin.Env {
			if value, ok := lookup(variable); ok {
				env[variable] = value
			} else if missing == nil {
				missing = fmt.Errorf("plugins.%s: the environment variable %s is not set", name, variable)
			}
		}
		grants[name] = scripting.PluginConfig{AllowHosts: plugin.AllowHosts, Env: env, Timeout: plugin.Timeout, Isolation: scripting.Isolation(plugin.Isolation)}
	}
	return grants, missing
}
