package admin

import (
	"net/http"
	"strings"
)

const (
	pluginsPath = "/api/v1/plugins/"
	sourcesPart = "/sources"
)

// pluginSources is the answer: the values that the host keeps of a plugin, in base64.
type pluginSources struct {
	Values map[string][]byte `json:"values"`
}

// sources answers with the source of the versions of a plugin that ran. A plugin that is not known has none.
func (a *api) sources(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	plugin := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, pluginsPath), sourcesPart)
	body := pluginSources{Values: map[string][]byte{}}
	if a.cfg.Sources != nil {
		values, err := a.cfg.Sources(r.Context(), plugin)
		if err != nil {
			return err
		}
		if values != nil {
			body.Values = values
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}
