package admin

import (
	"net/url"
	"time"

	"trackhook/engine"
	"trackhook/engine/site"
)

// Route is a method and a path that is served.
type Route struct {
	Method, Path string
	Need         site.Access
}

// Routes returns everything that is served.
func Routes() []Route {
	var routes []Route
	for _, rt := range (&api{}).routes() {
		routes = append(routes, Route{rt.method, rt.path, rt.need})
	}
	return routes
}

// ParseFilter reads the parameters of a list of packages.
func ParseFilter(values url.Values, now time.Time) (engine.Filter, error) {
	q := query{}
	for name := range values {
		q[name] = values.Get(name)
	}
	if err := q.check(packageFilter()); err != nil {
		return engine.Filter{}, err
	}
	return q.filter(now)
}

// FilterValues is the filter as a client sends it.
func FilterValues(filter engine.Filter) url.Values { return values(&filter) }

// ParseBulk reads a body.
func ParseBulk(text []byte) error {
	var body bulkBody
	err := decodeJSON(text, bulkForm(), &body)
	if err == nil {
		_, err = parseBulk(&body, time.Now())
	}
	return err
}

// The limits that tests come up to.
const (
	MaxTails  = maxTails
	Heartbeat = heartbeat
)
