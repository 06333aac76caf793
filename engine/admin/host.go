package admin

import (
	"net/http"
	"time"
)

// Host is what does not change while a host runs. It holds no secrets.
type Host struct {
	Version string `json:"version"`
	// AppToken and Environment are the default app.
	AppToken    string `json:"app_token"`
	Environment string `json:"environment"`
	// Device are the S2S parameters of the host's own device. Empty: this host is a gateway only.
	Device map[string]string `json:"device"`
	// Endpoint is the host name, with port, of the server that packages go to: no user, path or query.
	Endpoint string `json:"endpoint"`
	// Demo is true when the host runs without any configuration, against its own sandbox.
	Demo bool `json:"demo"`
	// PluginsDir is the plugins folder, absolute. Empty: not told.
	PluginsDir string `json:"plugins_dir,omitempty"`
	// Started is when the host started.
	Started time.Time `json:"started,omitzero"`
}

// host answers with what does not change.
func (a *api) host(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	a.write(w, http.StatusOK, a.cfg.Host)
	return nil
}
