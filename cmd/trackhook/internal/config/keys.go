package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"trackhook/engine"
)

// unknownKey says what could be meant by a key that its section does not have.
func unknownKey(section, name string, of reflect.Type) string {
	if strings.HasPrefix(name, "auth_token") {
		return "secrets do not stand in this file; name what holds it with auth_token_env or auth_token_file"
	}
	where := "the file"
	if section != "" {
		where = section
	}
	if key := keyOfFlag(strings.ReplaceAll(strings.TrimLeft(name, "-"), "_", "-")); section == "" && key != "" && key != name {
		return "there is no such key at the top of the file; that is how the flag is called, and the key is " + key
	}
	keys := keysOf(of)
	if near := nearest(name, keys); near != "" {
		return fmt.Sprintf("there is no such key in %s; did you mean %s?", where, near)
	}
	return fmt.Sprintf("there is no such key in %s; it has %s", where, strings.Join(keys, ", "))
}

// keyOfFlag is the key of the file that a flag stands for, empty for flags without one.
func keyOfFlag(flag string) string {
	short := map[string]string{
		"plugins": "plugins_dir", "app-token": "apps, with token in each", "environment": "apps, with environment in each",
		"auth-token-env": "apps, with auth_token_env in each", "auth-token-file": "apps, with auth_token_file in each",
	}
	if key := short[flag]; key != "" {
		return key
	}
	key := strings.ReplaceAll(flag, "-", "_")
	c := Config{}
	if section, setting, cut := strings.Cut(key, "_"); cut {
		if value, ok := settingOf(reflect.ValueOf(&c).Elem(), section); ok && value.Kind() == reflect.Struct {
			if _, ok := settingOf(value, setting); ok {
				return section + "." + setting
			}
		}
	}
	if _, ok := settingOf(reflect.ValueOf(&c).Elem(), key); ok {
		return key
	}
	return ""
}

// nearest is the word that was probably meant, empty when none is near.
func nearest(word string, words []string) string {
	best, near := 1+max(1, len(word)/4), ""
	word = strings.ToLower(word)
	for _, w := range words {
		if d := distance(word, strings.ToLower(w)); d < best {
			best, near = d, w
		}
	}
	return near
}

// distance counts the letters that must be added, taken out, changed or swapped to make b of a.
func distance(a, b string) int {
	const longest = 64 // no key is longer
	if len(a) > longest || len(b) > longest {
		return longest
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// deviceParams are the S2S parameters that describe a device, beside its identifiers.
func deviceParams() []string {
	return []string{
		"os_name", "os_version", "os_build", "api_level", "device_type", "device_name", "device_manufacturer", "cpu_type",
		"hardware_name", "language", "country", "app_version", "app_version_short", "package_name", "bundle_id",
		"display_width", "display_height", "screen_size", "screen_format", "screen_density", "ui_mode", "connectivity_type",
		"mcc", "mnc", "installed_at", "updated_at", "tracking_enabled", "ip_address", "user_agent", "att_status",
	}
}

// checkDeviceKeys finds names that are near a parameter and are none. Others are taken: the server takes parameters that
// no list has.
func (c *Config) checkDeviceKeys(p *problems) {
	known := slices.Concat(engine.DeviceIDs(), deviceParams())
	for name := range c.Device {
		if slices.Contains(known, name) {
			continue
		}
		if near := nearest(name, known); near != "" {
			p.wrong("device."+name, "there is no such parameter of devices; did you mean %s?", near)
		}
	}
}
