package admin

import (
	"context"
	"net/http"
	"strings"
)

// Reloaded is what became of a reload of the configuration. It holds no secrets.
type Reloaded struct {
	// Changed are the settings that were replaced. A secret that was read again is one of them.
	Changed []ChangedSetting `json:"changed"`
	// Kept are the settings that have another value in the configuration, and cannot be replaced while the host runs.
	Kept []KeptSetting `json:"kept"`
}

// ChangedSetting is a setting with the value that it had, and the one that it has now.
type ChangedSetting struct {
	Key string `json:"key"`
	// From and To are empty where a setting had, or has, no value.
	From string `json:"from"`
	To   string `json:"to"`
}

// KeptSetting is a setting with the value that it keeps, the one that the configuration wants, and why it is kept.
type KeptSetting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Wanted string `json:"wanted"`
	Why    string `json:"why"`
}

const reloadPath = "/api/v1/reload"

// reload has the host read its configuration again.
func (a *api) reload(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Reload == nil {
		return &refusal{status: http.StatusNotImplemented, message: "Not implemented", detail: "this host has no configuration to read again"}
	}
	a.cfg.Log.Info().Func(a.asker(r)).Msg("the configuration is read again on request")
	// Half of it is never in force, so an asker that goes away does not end it.
	reloaded, err := a.cfg.Reload(context.WithoutCancel(r.Context()))
	if err != nil {
		return &refusal{
			status: http.StatusUnprocessableEntity, message: "Nothing was changed",
			detail: strings.ReplaceAll(err.Error(), "\n", "; "),
		}
	}
	if reloaded.Changed == nil {
		reloaded.Changed = []ChangedSetting{} // [] in the JSON, not null
	}
	if reloaded.Kept == nil {
		reloaded.Kept = []KeptSetting{}
	}
	a.write(w, http.StatusOK, reloaded)
	return nil
}
