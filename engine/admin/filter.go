package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
)

// appFilter are the parameters that select apps, and packageFilter those that select packages.
func appFilter() []string { return []string{"app_token", "environment"} }

func packageFilter() []string {
	return append(appFilter(), "kind", "device", "event_token", "state", "reason", "after", "before")
}

// deadFilter are those that select dead letters.
func deadFilter() []string {
	return slices.DeleteFunc(packageFilter(), func(name string) bool { return name == "state" })
}

// filterOf reads a request that has nothing but what selects packages, for a host whose store can be looked into.
func (a *api) filterOf(r *http.Request, names ...string) (engine.Filter, error) {
	q, err := parseQuery(r, names...)
	if err != nil {
		return engine.Filter{}, err
	}
	filter, err := q.filter(time.Now())
	if err == nil && a.cfg.Inspector == nil {
		err = notKept()
	}
	return filter, err
}

// filter reads what selects packages. Names must have been checked.
func (q query) filter(now time.Time) (filter engine.Filter, err error) {
	filter = engine.Filter{
		AppToken: q["app_token"], Environment: engine.Environment(q["environment"]), Kind: engine.Kind(q["kind"]),
		Device: q["device"], EventToken: q["event_token"], State: engine.PackageStatus(q["state"]),
	}
	if filter.AppToken != "" && !isToken(filter.AppToken) {
		return filter, invalid("app_token", engine.Quote(filter.AppToken)+" must be the 12 letters and digits of Adjust's dashboard")
	}
	if filter.Environment != "" && !filter.Environment.Known() {
		return filter, invalid("environment", engine.Quote(q["environment"])+" must be sandbox or production")
	}
	if filter.Kind != "" && !filter.Kind.Known() {
		return filter, invalid("kind", engine.Quote(q["kind"])+" must be one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing")
	}
	if kind, id, ok := strings.Cut(filter.Device, "="); filter.Device != "" && (!ok || kind == "" || id == "") {
		return filter, invalid("device", engine.Quote(filter.Device)+" must be KIND=ID, such as gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d")
	}
	if filter.State != "" && filter.State != engine.Queued && filter.State != engine.Dead {
		return filter, invalid("state", engine.Quote(q["state"])+" must be queued or dead")
	}
	if filter.Reason, err = q.outcome("reason"); err != nil {
		return filter, err
	}
	if filter.After, err = q.time("after", now); err != nil {
		return filter, err
	}
	if filter.Before, err = q.time("before", now); err != nil {
		return filter, err
	}
	if !filter.After.IsZero() && !filter.Before.IsZero() && !filter.After.Before(filter.Before) {
		return filter, invalid("after", "must be earlier than before; nothing could be found")
	}
	return filter, nil
}

func (q query) outcome(name string) (outcome engine.Outcome, err error) {
	text, given := q[name]
	if !given {
		return 0, nil
	}
	if outcome.UnmarshalText([]byte(text)) != nil {
		var names []string
		for _, known := range engine.Outcomes() {
			names = append(names, known.String())
		}
		return 0, invalid(name, engine.Quote(text)+" must be one of "+strings.Join(names, ", "))
	}
	return outcome, nil
}

func (q query) time(name string, now time.Time) (time.Time, error) {
	text, given := q[name]
	if !given {
		return time.Time{}, nil
	}
	t, err := ParseTime(text, now)
	if err != nil {
		return time.Time{}, badRequest("Invalid "+name, "%s: %s", name, err)
	}
	return t, nil
}

// pairs is the filter as the parameters that [query.filter] reads.
func pairs(filter *engine.Filter) map[string]string {
	all := map[string]string{
		"app_token": filter.AppToken, "environment": string(filter.Environment), "kind": string(filter.Kind),
		"device": filter.Device, "event_token": filter.EventToken, "state": string(filter.State),
	}
	if filter.Reason != 0 {
		all["reason"] = filter.Reason.String()
	}
	if !filter.After.IsZero() {
		all["after"] = filter.After.Format(time.RFC3339Nano)
	}
	if !filter.Before.IsZero() {
		all["before"] = filter.Before.Format(time.RFC3339Nano)
	}
	for name, value := range all {
		if value == "" {
			delete(all, name)
		}
	}
	return all
}

// values is the filter as a query.
func values(filter *engine.Filter) url.Values {
	all := url.Values{}
	for name, value := range pairs(filter) {
		all.Set(name, value)
	}
	return all
}

// isToken tells whether s looks like an app token.
func isToken(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	return len(s) == 12 && strings.Trim(s, letters) == ""
}
