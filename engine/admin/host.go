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
	// Started is when the host started.
	Started time.Time `json:"started,omitzero"`
}

// stats is the JSON of [engine.Stats].
type stats struct {
	Queued    uint64 `json:"queued"`
	Lanes     uint64 `json:"lanes"`
	Leased    uint64 `json:"leased"`
	Dead      uint64 `json:"dead"`
	DeadBytes uint64 `json:"dead_bytes"`
	Ambiguous uint64 `json:"ambiguous"`
	Full      string `json:"full,omitempty"`
	Damaged   string `json:"damaged,omitempty"`
	First     uint64 `json:"first"`
	Last      uint64 `json:"last"`
	Bytes     uint64 `json:"bytes"`
}

func (a *api) host(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	a.write(w, http.StatusOK, a.cfg.Host)
	return nil
}

func (a *api) stats(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	counts, err := a.cfg.Stats(r.Context())
	if err != nil {
		return err
	}
	a.write(w, http.StatusOK, stats(counts))
	return nil
}

func (a *api) plugins(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	plugins := a.cfg.Plugins()
	body := struct {
		Plugins []Plugin `json:"plugins"`
	}{Plugins: make([]Plugin, len(plugins))}
	for i, plugin := range plugins {
		// [] in the JSON, not null: scripts of operators iterate over it.
		if plugin.Registered == nil {
			plugin.Registered = []Registration{}
		}
		plugin.Since, plugin.LastReload = utc(plugin.Since), utc(plugin.LastReload)
		if plugin.LastError != nil {
			last := *plugin.LastError
			last.Since = utc(last.Since)
			plugin.LastError = &last
		}
		body.Plugins[i] = plugin
	}
	a.write(w, http.StatusOK, body)
	return nil
}
