package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Key is one key of the configuration file, as the reference lists it.
type Key struct {
	// Name has [] for each element of a list and NAME for names that people choose, such as apps[].token.
	Name string `json:"key"`
	// Type is text, whole number, whole number or auto, number, time, true or false, or list of texts.
	Type    string `json:"type"`
	Default string `json:"default"`
	// Flag and Variable set the same, and are empty when nothing but the file does.
	Flag     string `json:"flag,omitempty"`
	Variable string `json:"variable,omitempty"`
	// Live tells that a reload replaces it while the host runs.
	Live    bool   `json:"live"`
	Meaning string `json:"meaning"`
}

// Reference lists all keys in the order of the file. What it says of types, flags and variables is taken from the code
// that reads them.
func Reference() []Key {
	flags := map[string]string{}
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	Bind(set, "")
	set.VisitAll(func(flag *pflag.Flag) {
		if key := keyOfFlag(flag.Name); key != "" && !strings.Contains(key, ",") {
			flags[key] = flag.Name
		}
	})
	var keys []Key
	eachKey("", reflect.TypeFor[Config](), func(name string, t reflect.Type) {
		key := Key{Name: name, Type: typeWords(t)}
		if flag := flags[name]; flag != "" {
			key.Flag, key.Variable = "--"+flag, EnvName(flag)
		}
		key.Live, _ = Live(name)
		words := meanings()[name]
		key.Default, key.Meaning = words.byDefault, words.text
		keys = append(keys, key)
	})
	return keys
}

// eachKey calls visit for each single value and list of texts below a type.
func eachKey(key string, t reflect.Type, visit func(name string, t reflect.Type)) {
	switch {
	case t.Kind() == reflect.Struct:
		for field := range t.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			if name == "" && options != "inline" {
				continue
			}
			eachKey(strings.Trim(key+"."+name, "."), field.Type, visit)
		}
	case t.Kind() == reflect.Map:
		eachKey(key+".NAME", t.Elem(), visit)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		eachKey(key+"[]", t.Elem(), visit)
	default:
		visit(key, t)
	}
}

func typeWords(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "time"
	}
	if t == reflect.TypeFor[InFlight]() {
		return "whole number, or auto"
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "whole number"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list of texts"
	default:
		return "text"
	}
}

// Shown is one setting with its value and where that comes from.
type Shown struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// From is a flag, a variable, a place in the file, or default.
	From string `json:"from"`
}

// Show lists the settings after [Flags.Load]. Secrets are not among them, because the configuration only names what holds
// them; passwords in URLs are masked.
func (f *Flags) Show() []Shown { return f.ShowOf(&f.config) }

// ShowOf is Show for settings that a host works with: those of [Flags.Load], or what became of them by [Flags.Again] and
// [Config.Reload].
func (f *Flags) ShowOf(c *Config) []Shown {
	var all []Shown
	f.eachValue("", reflect.ValueOf(c).Elem(), func(key string, value reflect.Value) {
		shown := Shown{Key: key, Value: shown(key, value), From: "default"}
		if line, ofFile := c.origin.lines[key]; ofFile {
			shown.From = fmt.Sprintf("%s:%d", c.origin.file, line)
		}
		if from := f.from(key); from != "" {
			shown.From = from
		}
		all = append(all, shown)
	})
	return all
}

// About is what the reference has about the key of a setting, such as apps[0].token. The zero value: nothing.
func About(key string) Key {
	name := generic(key)
	words := meanings()[name]
	if words.text == "" && strings.HasPrefix(name, "device.") {
		name = "device.NAME"
		words = meanings()[name]
	}
	about := Key{Name: name, Default: words.byDefault, Meaning: words.text}
	about.Live, _ = Live(name)
	return about
}

// from names the flag or the variable that a setting comes from, empty when it is neither.
func (f *Flags) from(key string) string {
	for _, name := range f.bound {
		source := f.sources[name]
		switch {
		case source == "":
		case keyOfFlag(name) == key, name == "device" && strings.HasPrefix(key, "device."):
			return source
		case strings.HasPrefix(keyOfFlag(name), "apps, ") && key == "apps[0]."+strings.TrimPrefix(strings.ReplaceAll(name, "-", "_"), "app_"):
			return source
		}
	}
	return ""
}
