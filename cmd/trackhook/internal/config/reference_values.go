package config

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/admin"
	"trackhook/engine/ingest"
	"trackhook/scripting"
)

// eachValue calls visit for each setting, with its key as errors name it.
func (f *Flags) eachValue(key string, value reflect.Value, visit func(key string, value reflect.Value)) {
	switch {
	case value.Kind() == reflect.Struct:
		for field, inner := range value.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			if name == "" && options != "inline" {
				continue
			}
			f.eachValue(strings.Trim(key+"."+name, "."), inner, visit)
		}
	case value.Kind() == reflect.Map:
		byName := map[string]reflect.Value{}
		for name, inner := range value.Seq2() {
			byName[name.String()] = inner
		}
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			f.eachValue(key+"."+name, byName[name], visit)
		}
	case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Struct:
		for i := range value.Len() {
			f.eachValue(fmt.Sprintf("%s[%d]", key, i), value.Index(i), visit)
		}
	default:
		visit(key, value)
	}
}

// texts are all settings as people are shown them, by key.
func (f *Flags) texts() map[string]string {
	texts := map[string]string{}
	f.eachValue("", reflect.ValueOf(&f.config).Elem(), func(key string, value reflect.Value) { texts[key] = shown(key, value) })
	return texts
}

// generic is the name in the reference of a key of a file.
func generic(key string) string {
	key = regexp.MustCompile(`\[\d+\]`).ReplaceAllString(key, "[]")
	if rest, ok := strings.CutPrefix(key, "plugins."); ok {
		return "plugins.NAME" + rest[max(0, strings.LastIndexByte(rest, '.')):]
	}
	return key
}

// meaning is what a person should know of a key.
type meaning struct{ byDefault, text string }

// tokenForm is how tokens of clients are written.
const tokenForm = "SECRET for everything, or SECRET:SCOPE,SCOPE with events, sessions, ad_revenue, gdpr, metrics, read, operate, scripts, and name=NAME for logs"

// meanings are what keys mean, with the defaults of the packages that use them.
func meanings() map[string]meaning {
	schedule := engine.DefaultSchedule()
	all := map[string]meaning{
		"listen":          {admin.DefaultAddress, "address to take packages in at, for applications and operators"},
		"allowed_hosts":   {"", "names that requests may call this host by, beside localhost and the address, such as track.example.com"},
		"data":            {Default().Data, "folder of the queue and the log"},
		"postgres":        {"", "PostgreSQL database that holds the queue and the log in place of data, for several hosts, without a password: postgres://USER@HOST/DATABASE, with the options of libpq, such as ?sslmode=verify-full"},
		"postgres_env":    {"", "environment variable that holds the address of the database, in place of postgres"},
		"postgres_file":   {"", "file that holds the address of the database, in place of postgres"},
		"name":            {"", "what operators call this host among those that share a database; without it, the name of the machine"},
		"plugins_dir":     {Default().PluginsDir, "folder of the scripts; data must not lie in it"},
		"endpoint":        {adjust.DefaultEndpoint, "server to send to, for apps that name none; in the demo a sandbox"},
		"log_format":      {Default().LogFormat, "one of " + strings.Join(LogFormats(), ", ")},
		"log_level":       {Default().LogLevel, "one of " + strings.Join(LogLevels(), ", ")},
		"in_flight":       {auto, "attempts at once at one server, or auto: as many as it takes, found out from how fast it answers and what it refuses"},
		"in_flight_most":  {strconv.Itoa(adjust.DefaultMostInFlight), "most attempts at once with in_flight: auto; fewer where the process may not have so many connections"},
		"attempt_timeout": {adjust.DefaultTimeout.String(), "time limit of one request; an attempt with two tokens may make two"},
		"drain":           {fmt.Sprint(engine.DefaultDrain), "how long a stop may take, with attempts and scripts that are at work"},
		"run_timeout":     {fmt.Sprint(scripting.DefaultTimeout), "time limit of one run of a script"},
		"isolation":       {string(scripting.InShared), "process in which scripts run: auto, one that plugins share until one of them ends it, process, one of its own for each, or none, that of the host"},
		"rules":           {"", "file of rules for the server's answers, before the built-in ones"},
		"ca_file":         {"", "file of certificates to trust beside the system's"},

		"apps[].token":                     {"", "app token; required"},
		"apps[].environment":               {"", "sandbox or production; required"},
		"apps[].auth_token_env":            {"", "environment variable that holds the S2S token, or two while one is replaced, the new one first"},
		"apps[].auth_token_file":           {"", "file that holds the S2S token, or two while one is replaced, the new one first; read again when it changes"},
		"apps[].endpoint":                  {"", "server of this app, instead of endpoint"},
		"apps[].gdpr_endpoint":             {"", "server for erasure requests of this app"},
		"apps[].hold_events_until_session": {"false", "keep events back until the server has accepted a session of their device"},
		"device.NAME":                      {"", "S2S parameter that this host itself is measured by, such as external_device_id"},

		"retry.device_limit":   {schedule.DeviceLimit.String(), "how long a package may wait for its device"},
		"retry.event_age":      {schedule.EventAge.String(), "age at which the server refuses an event"},
		"retry.ad_revenue_age": {schedule.AdRevenueAge.String(), "age at which the server refuses ad revenue"},

		"api.tokens_env":           {"", "environment variable that holds the tokens that clients must send, separated by blanks: " + tokenForm},
		"api.tokens_file":          {"", "file that holds the tokens that clients must send, separated by blanks or line ends: " + tokenForm + "; read again when it changes"},
		"api.allow_origins":        {"", "origins of web pages that may send without a token, with Adjust's Web SDK, such as https://game.example; * for all, on a host without tokens"},
		"api.trusted_proxies":      {"", "addresses and networks of proxies whose X-Forwarded-For tells who sent a page's request, such as 10.0.0.0/8"},
		"api.origin_rate":          {strconv.Itoa(ingest.DefaultPageRate), "requests a minute that one address may send from pages, at once or spread"},
		"tls.cert_file":            {"", "file of the certificate that this host speaks TLS with, in PEM form, followed by those of its issuers; read again when it changes"},
		"tls.key_file":             {"", "file of the certificate's key, in PEM form and not encrypted; read again when it changes"},
		"log.retain":               {"168h", "how long responses are kept"},
		"log.retain_bytes":         {"1073741824", "how many bytes of responses are kept"},
		"log.dead_age":             {"2160h", "how long dead letters are kept"},
		"high_water.queued":        {"10000000", "packages that wait, over which nothing is taken in"},
		"high_water.bytes":         {"", "bytes of the data folder, over which nothing is taken in; none for a database"},
		"high_water.free":          {"268435456", "free bytes of the disk, under which nothing is taken in; none for a database"},
		"high_water.dead_bytes":    {"268435456", "bytes of dead letters, over which nothing is taken in"},
		"cluster.schema":           {"trackhook", "schema of the database; the hosts with the same schema are one cluster"},
		"cluster.lease":            {"10s", "how long a host may be silent before the others take over what it does; the same on all hosts"},
		"cluster.partitions":       {"64", "parts that devices are divided into when the schema is made, and most hosts that send"},
		"cluster.connections":      {"10", "most connections of this host to the database, at least 5"},
		"breaker.faults":           {strconv.Itoa(adjust.DefaultBreakerFaults), "faults of the last attempts that mean that a server is down"},
		"breaker.window":           {strconv.Itoa(adjust.DefaultBreakerWindow), "how many of the last attempts are looked at"},
		"console.enabled":          {"true", "whether this host has a console, at /console/"},
		"console.edit":             {"true", "whether scripts can be changed from the console"},
		"plugins.NAME.allow_hosts": {"", "hosts that fetch of this plugin may reach, with their ports (default 80 and 443); without any, public addresses"},
		"plugins.NAME.env":         {"", "environment variables that this plugin finds in process.env"},
		"plugins.NAME.isolation":   {"", "process in which this plugin runs, instead of isolation: auto, process or none"},
		"plugins.NAME.timeout":     {"", "time limit of one run of this plugin, instead of run_timeout"},
	}
	addClock(all, "retry", "after a failure", schedule.Default)
	addClock(all, "retry.install", "for the first session of a device", schedule.Install)
	addClock(all, "retry.device", "for a package that waits for its device", schedule.Device)
	addClock(all, "retry.blocked", "for an app that the server refuses", schedule.Blocked)
	addClock(all, "breaker.probe", "while a server is down", adjust.DefaultProbe())
	return all
}

// addClock adds the four keys of a back-off.
func addClock(all map[string]meaning, key, when string, d engine.Backoff) {
	base, most := "", ""
	if d.Base > 0 {
		base, most = d.Base.String(), d.Max.String()
	}
	all[key+".base"] = meaning{base, "first wait " + when}
	all[key+".max"] = meaning{most, "longest wait " + when}
	all[key+".jitter_min"] = meaning{"", fmt.Sprintf("least share of the wait %s, 0 to %d", when, engine.MaxJitter)}
	all[key+".jitter_max"] = meaning{"", fmt.Sprintf("largest share of the wait %s, 0 to %d", when, engine.MaxJitter)}
}
