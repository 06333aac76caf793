package admin

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"

	"trackhook/engine/site"
)

// route is one method of one path. GET also serves HEAD, except where the answer streams.
type route struct {
	method string
	// path is exact, or ends in {id}, which takes the rest of the path, slashes included, or holds {name}, which takes one
	// part of it.
	path  string
	serve func(http.ResponseWriter, *http.Request) error
	// open routes answer everybody; the others whoever has the access that they need.
	open bool
	need site.Access
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
	return append(a.scriptRoutes(), []route{
		{method: get, path: "/healthz", serve: a.healthz, open: true},
		{method: get, path: "/readyz", serve: a.readyz, open: true},
		{method: get, path: metricsPath, serve: a.metrics, need: site.Read},
		{method: get, path: "/api/v1/openapi.yaml", serve: a.openapi, need: site.Read},
		{method: get, path: "/api/v1/plugins", serve: a.plugins, need: site.Read},
		{method: remove, path: pluginsPath + namePart, serve: a.forget, need: site.Operate},
		{method: get, path: pluginsPath + namePart + sourcesPart, serve: a.sources, need: site.Read},
		{method: get, path: "/api/v1/host", serve: a.host, need: site.Read},
		{method: get, path: hostsPath, serve: a.hosts, need: site.Read},
		{method: post, path: reloadPath, serve: a.reload, need: site.Operate},
		{method: post, path: appProbePath, serve: a.probeApp, need: site.Operate},
		{method: post, path: endpointProbePath, serve: a.probeEndpoint, need: site.Operate},
		{method: post, path: codePath, serve: a.code, need: site.Read},
		{method: get, path: endpointsPath, serve: a.endpoints, need: site.Read},
		{method: get, path: "/api/v1/stats", serve: a.stats, need: site.Read},
		{method: get, path: "/api/v1/counts", serve: a.counts, need: site.Read},
		{method: get, path: queuePath, serve: a.queue, need: site.Read},
		{method: get, path: queueCountPath, serve: a.countQueue, need: site.Read},
		{method: post, path: queueDropPath, serve: a.dropQueued, need: site.Operate, stream: true},
		{method: get, path: componentsPath, serve: a.components, need: site.Read},
		{method: get, path: settingsPath, serve: a.settings, need: site.Read},
		{method: get, path: lanesPath, serve: a.lanes, need: site.Read},
		{method: post, path: hastenPath, serve: a.hastenLane, need: site.Operate},
		{method: get, path: "/api/v1/packages", serve: a.packages, need: site.Read},
		{method: get, path: "/api/v1/packages/{id}", serve: a.show, need: site.Read},
		{method: remove, path: "/api/v1/packages/{id}", serve: a.remove, need: site.Operate},
		{method: get, path: "/api/v1/dead", serve: a.dead, need: site.Read},
		{method: get, path: "/api/v1/dead/summary", serve: a.summary, need: site.Read},
		{method: post, path: "/api/v1/dead/retry", serve: a.retry, need: site.Operate, stream: true},
		{method: post, path: "/api/v1/dead/drop", serve: a.drop, need: site.Operate, stream: true},
		{method: post, path: "/api/v1/dead/acknowledge", serve: a.acknowledge, need: site.Operate},
		{method: post, path: "/api/v1/held/drop", serve: a.dropHeld, need: site.Operate, stream: true},
		{method: post, path: "/api/v1/held/adopt", serve: a.adopt, need: site.Operate, stream: true},
		{method: post, path: backupPath, serve: a.backup, need: site.Operate, stream: true},
		{method: get, path: answersPath, serve: a.answers, need: site.Read, stream: true},
		{method: get, path: "/api/v1/responses", serve: a.responses, need: site.Read},
		{method: get, path: "/api/v1/responses/tail", serve: a.tail, need: site.Read, stream: true},
	}...)
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
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodDelete} {
		if slices.ContainsFunc(routes, func(rt route) bool { return rt.takes(method) }) {
			allow = append(allow, method)
		}
	}
	return names, append(allow, http.MethodOptions)
}

// description is the OpenAPI file. It describes the endpoints of engine/ingest as well, which the same host serves.
//
//go:embed openapi.yaml
var description []byte

// OpenAPI returns the description of all of the HTTP API, in YAML.
func OpenAPI() []byte { return append([]byte(nil), description...) }

// openapi answers with the description.
func (a *api) openapi(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(description) // the asker may have gone
	return nil
}
