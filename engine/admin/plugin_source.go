package admin

import (
	"net/http"
	"strings"
)

const (
	pluginsPath = "/api/v1/plugins/"
	sourcesPart = "/sources"
)

// keptSources is the answer: the values that the host keeps of a plugin, in base64.
type keptSources struct {
	Values map[string][]byte `json:"values"`
}

// sources answers with the source of the versions of a plugin that ran. A plugin that is not known has none.
func (a *api) sources(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	plugin := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, pluginsPath), sourcesPart)
	body := keptSources{Values: map[string][]byte{}}
	if a.cfg.Sources != nil {
		values, err := a.cfg.Sources(r.Context(), plugin)
		if err != nil {
			a.cfg.Log.Error().Err(err).Str("plugin", plugin).Msg("cannot read the source of a plugin")
			return &refusal{
				status: http.StatusServiceUnavailable, message: "Service unavailable",
				detail: "the store does not answer; the log of the host says why",
			}
		}
		if values != nil {
			body.Values = values
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}
