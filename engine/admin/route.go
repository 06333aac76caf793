package admin

import (
	"net/http"
	"slices"
	"strings"
)

// route is one method of one path. GET also serves HEAD, except where the answer streams.
type route struct {
	method string
	// path is exact, or ends in {id}, which takes the rest of the path, slashes included, or holds {name}, which takes one
	// part of it.
	path  string
	serve func(http.ResponseWriter, *http.Request) error
	// open routes answer everybody.
	open bool
	// stream tells that the answer goes on while the asker listens.
	stream bool
}

const (
	idPart   = "{id}"
	namePart = "{name}"

	metricsPath = "/metrics"
)

// routes returns everything that is served. openapi.yaml describes the same; a test compares them.
func (a *api) routes() []route {
	get, post, remove := http.MethodGet, http.MethodPost, http.MethodDelete
	return []route{
		{method: get, path: "/healthz", serve: a.healthz, open: true},
		{method: get, path: "/readyz", serve: a.readyz, open: true},
		{method: get, path: metricsPath, serve: a.metrics},
		{method: get, path: "/api/v1/openapi.yaml", serve: a.openapi},
		{method: get, path: "/api/v1/plugins", serve: a.plugins},
		{method: remove, path: pluginsPath + namePart, serve: a.forget},
		{method: get, path: pluginsPath + namePart + sourcesPart, serve: a.sources},
		{method: get, path: "/api/v1/host", serve: a.host},
		{method: post, path: reloadPath, serve: a.reload},
		{method: post, path: appProbePath, serve: a.probeApp},
		{method: post, path: endpointProbePath, serve: a.probeEndpoint},
		{method: get, path: endpointsPath, serve: a.endpoints},
		{method: get, path: "/api/v1/stats", serve: a.stats},
		{method: get, path: "/api/v1/counts", serve: a.counts},
		{method: get, path: "/api/v1/lanes", serve: a.lanes},
		{method: get, path: "/api/v1/packages", serve: a.packages},
		{method: get, path: "/api/v1/packages/{id}", serve: a.show},
		{method: remove, path: "/api/v1/packages/{id}", serve: a.remove},
		{method: get, path: "/api/v1/dead", serve: a.dead},
		{method: get, path: "/api/v1/dead/summary", serve: a.summary},
		{method: post, path: "/api/v1/dead/retry", serve: a.retry, stream: true},
		{method: post, path: "/api/v1/dead/drop", serve: a.drop, stream: true},
		{method: post, path: "/api/v1/dead/acknowledge", serve: a.acknowledge},
		{method: post, path: "/api/v1/held/drop", serve: a.dropHeld, stream: true},
		{method: post, path: "/api/v1/held/adopt", serve: a.adopt, stream: true},
		{method: post, path: backupPath, serve: a.backup, stream: true},
		{method: get, path: "/api/v1/responses", serve: a.responses},
		{method: get, path: "/api/v1/responses/tail", serve: a.tail, stream: true},
	}
}

func (rt *route) matches(path string) bool {
	if before, after, ok := strings.Cut(rt.path, namePart); ok {
		name, ok := strings.CutPrefix(path, before)
		if !ok {
			return false
		}
		name, ok = strings.CutSuffix(name, after)
		return ok && name != "" && !strings.Contains(name, "/")
	}
	prefix, takesID := strings.CutSuffix(rt.path, idPart)
	if takesID {
		return len(path) > len(prefix) && strings.HasPrefix(path, prefix)
	}
	return path == rt.path
}

// takes tells whether the route serves a method.
func (rt *route) takes(method string) bool {
	return method == rt.method || method == http.MethodHead && rt.method == http.MethodGet && !rt.stream
}

// find returns the routes of a path.
func (a *api) find(path string) []route {
	var found []route
	for i := range a.table {
		if a.table[i].matches(path) {
			found = append(found, a.table[i])
		}
	}
	return found
}

// methods lists what may be asked of a path: for people, and for the header Allow.
func methods(routes []route) (names, allow []string) {
	for i := range routes {
		names = append(names, routes[i].method)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
		if slices.ContainsFunc(routes, func(rt route) bool { return rt.takes(method) }) {
			allow = append(allow, method)
		}
	}
	return names, append(allow, http.MethodOptions)
}
