package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// Live tells whether a setting can be replaced while a host runs, and if not, why. The key is one of the reference.
func Live(key string) (live bool, why string) {
	section, _, _ := strings.Cut(key, ".")
	switch {
	case strings.HasPrefix(key, "plugins.") && strings.HasSuffix(key, ".isolation"):
		return false, "the processes of plugins are chosen when the host starts"
	case section == "retry", section == "api", section == "plugins", section == "console":
		return true, ""
	case slices.Contains([]string{
		"log_level", "attempt_timeout", "run_timeout", "allowed_hosts", "rules",
		"apps[].auth_token_env", "apps[].auth_token_file", "apps[].hold_events_until_session",
	}, key):
		return true, ""
	}
	when := map[string]string{
		"listen":   "the address is opened when the host starts",
		"data":     "the data folder is opened when the host starts",
		"postgres": "the database is opened when the host starts", "postgres_env": "the database is opened when the host starts",
		"postgres_file": "the database is opened when the host starts", "cluster": "the database is opened when the host starts",
		"name":        "the other hosts are told it when the host starts",
		"plugins_dir": "the plugins folder is chosen when the host starts",
		"log_format":  "the log is opened when the host starts",
		"tls":         "the address is opened when the host starts; what the files hold is read again when it changes",
		"ca_file":     "certificates are read when the host starts",
		"device":      "what the host itself is measured as is fixed when it starts",
		"log":         "the store is opened with it when the host starts",
		"high_water":  "the store is opened with it when the host starts",
		"apps[]":      "the apps and their servers are fixed when the host starts",
		"endpoint":    "the apps and their servers are fixed when the host starts",
	}
	if why = when[section]; why == "" {
		why = "it is fixed when the host starts"
	}
	return false, why
}

// Reload returns the settings of a host that runs with c and is to run with next: all of next that can be replaced while
// it runs, and the rest of c. Neither is changed. The report names every difference, and shows no secrets: those are not
// among the settings.
func (c *Config) Reload(next *Config) (merged Config, report admin.Reloaded) {
	merged = *next
	d := difference{report: &report}
	d.compare("", reflect.ValueOf(c).Elem(), reflect.ValueOf(next).Elem(), reflect.ValueOf(&merged).Elem())
	merged.Apps = d.apps(c.Apps, next.Apps)
	for _, o := range next.overruled {
		report.Kept = append(report.Kept, admin.KeptSetting{
			Key: o.key, Value: o.value, Wanted: o.inFile, Why: "the host was started with " + o.source + ", which wins over the file",
		})
	}
	return merged, report
}

// difference compares two configurations.
type difference struct{ report *admin.Reloaded }

// compare reports how the settings below a key differ, and puts what must stay into merged, which begins as next.
func (d *difference) compare(key string, old, next, merged reflect.Value) {
	switch {
	case old.Kind() == reflect.Struct:
		for field, inner := range old.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			if name == "" && options != "inline" || name == "apps" {
				continue
			}
			d.compare(strings.Trim(key+"."+name, "."), inner, next.FieldByIndex(field.Index), merged.FieldByIndex(field.Index))
		}
	case old.Kind() == reflect.Map:
		d.maps(key, old, next)
		if live, _ := Live(key); !live {
			merged.Set(old)
		}
	default:
		if kept := d.value(key, old, next); kept {
			merged.Set(old)
		}
	}
}

// maps compares the entries of two maps.
func (d *difference) maps(key string, old, next reflect.Value) {
	names := map[string]bool{}
	for _, m := range []reflect.Value{old, next} {
		for name := range m.Seq2() {
			names[name.String()] = true
		}
	}
	zero := reflect.Zero(old.Type().Elem())
	entry := func(m reflect.Value, name string) reflect.Value {
		if value := m.MapIndex(reflect.ValueOf(name)); value.IsValid() {
			return value
		}
		return zero
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, after := entry(old, name), entry(next, name)
		if before.Kind() != reflect.Struct {
			d.value(key+"."+name, before, after)
			continue
		}
		for field, inner := range before.Fields() {
			name := key + "." + name + "." + field.Tag.Get("yaml")
			d.value(name, inner, after.FieldByIndex(field.Index))
		}
	}
}

// value reports a setting that differs, and tells whether it keeps its value all the same.
func (d *difference) value(key string, old, next reflect.Value) (kept bool) {
	if reflect.DeepEqual(old.Interface(), next.Interface()) {
		return false
	}
	from, to := shown(key, old), shown(key, next)
	if from == to && (old.IsZero() || next.IsZero()) {
		return false // the default, written out
	}
	live, why := Live(generic(key))
	if live {
		d.report.Changed = append(d.report.Changed, admin.ChangedSetting{Key: key, From: from, To: to})
		return false
	}
	d.report.Kept = append(d.report.Kept, admin.KeptSetting{Key: key, Value: from, Wanted: to, Why: why})
	return true
}

// shown is a value as people are shown it.
func shown(key string, value reflect.Value) string {
	if value.IsZero() {
		return meanings()[generic(key)].byDefault
	}
	return masked(fmt.Sprint(reflect.Indirect(value).Interface()))
}

// apps returns the old apps with what can be replaced of the new ones, by token and environment.
func (d *difference) apps(old, next []App) []App {
	merged := slices.Clone(old)
	_, why := Live("apps[].token")
	keep := func(key, value, wanted string) {
		d.report.Kept = append(d.report.Kept, admin.KeptSetting{Key: key, Value: value, Wanted: wanted, Why: why})
	}
	for i := range merged {
		app := merged[i].EngineApp()
		at := indexOf(next, app)
		if at < 0 {
			keep("apps", app.String(), "")
			continue
		}
		key := fmt.Sprintf("apps[%d]", at)
		after := reflect.ValueOf(&next[at]).Elem()
		for field, value := range reflect.ValueOf(&merged[i]).Elem().Fields() {
			name := key + "." + field.Tag.Get("yaml")
			if kept := d.value(name, value, after.FieldByIndex(field.Index)); !kept {
				value.Set(after.FieldByIndex(field.Index))
			}
		}
	}
	for at := range next {
		if app := next[at].EngineApp(); indexOf(old, app) < 0 {
			keep(fmt.Sprintf("apps[%d]", at), "", app.String())
		}
	}
	if len(old) > 0 && len(next) > 0 && indexOf(next, old[0].EngineApp()) > 0 && indexOf(old, next[0].EngineApp()) > 0 {
		keep("apps[0]", old[0].EngineApp().String(), next[0].EngineApp().String()) // the default app
	}
	return merged
}

func indexOf(apps []App, app engine.App) int {
	return slices.IndexFunc(apps, func(a App) bool { return a.EngineApp() == app })
}
