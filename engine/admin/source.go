package admin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// sourcesPath is /api/v1/plugins/NAME/sources.
func sourcesPath(path string) (plugin string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/api/v1/plugins/")
	if !ok {
		return "", false
	}
	plugin, ok = strings.CutSuffix(rest, "/sources")
	return plugin, ok && plugin != "" && !strings.Contains(plugin, "/")
}

// keptSources is the answer: the values that the host keeps of a plugin, in base64.
type keptSources struct {
	Values map[string][]byte `json:"values"`
}

// sources answers with the source of the versions of a plugin that ran. A plugin that is not known has none.
func (a *api) sources(w http.ResponseWriter, r *http.Request) {
	plugin, _ := sourcesPath(r.URL.Path)
	body := keptSources{Values: map[string][]byte{}}
	if a.cfg.Sources != nil {
		values, err := a.cfg.Sources(r.Context(), plugin)
		if err != nil {
			a.cfg.Log.Error().Err(err).Str("plugin", plugin).Msg("cannot read the source of a plugin")
			a.fail(w, http.StatusServiceUnavailable, "Service unavailable", "the store does not answer; the log of the host says why")
			return
		}
		if values != nil {
			body.Values = values
		}
	}
	a.write(w, http.StatusOK, body)
}

// Sources returns what the host keeps of the source of a plugin's versions: the values of scripting.SourceSpace, for
// scripting.ReadSources.
func (c *Client) Sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	var body keptSources
	err := c.get(ctx, "/api/v1/plugins/"+url.PathEscape(plugin)+"/sources", &body)
	return body.Values, err
}
