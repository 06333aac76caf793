package admin

import (
	"context"
	"errors"
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

// Member is one of the hosts that share a store.
type Member struct {
	// ID is another one at each start; Name is the operator's, and Version that of the program.
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// Started is when it opened the store, and Seen when it was last heard of.
	Started time.Time `json:"started,omitzero"`
	Seen    time.Time `json:"seen,omitzero"`
	// Asked is true for the host that answers.
	Asked bool `json:"asked"`
	// Lost is true when it was silent for too long, or has ended: it does nothing any more.
	Lost bool `json:"lost"`
	// Partitions are the parts of all devices that it sends, of Of. Of is 0 where a host is alone: it sends all.
	Partitions int `json:"partitions"`
	Of         int `json:"of"`
	// Leased counts the packages that it had in hand when it was last heard of.
	Leased int `json:"leased"`
	// Lag counts the responses that are still to come to the plugin, of those that it runs, that is furthest behind.
	Lag uint64 `json:"lag"`
	// Runs are the plugins that it runs, and Plugins the versions of those that it has, by name.
	Runs    []string          `json:"runs"`
	Plugins map[string]string `json:"plugins"`
}

// PluginHost is what one of several hosts has of a plugin.
type PluginHost struct {
	Host    string `json:"host"`
	Version string `json:"version"`
	// Runs is true for the host that runs the plugin.
	Runs bool `json:"runs"`
}

const hostsPath = "/api/v1/hosts"

// hosts answers with the hosts that share the store.
func (a *api) hosts(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	members, err := a.cfg.Hosts(r.Context())
	if err != nil {
		return err
	}
	for i := range members {
		m := &members[i]
		m.Started, m.Seen = utc(m.Started), utc(m.Seen)
		if m.Runs == nil {
			m.Runs = []string{}
		}
		if m.Plugins == nil {
			m.Plugins = map[string]string{}
		}
	}
	a.write(w, http.StatusOK, struct {
		Hosts []Member `json:"hosts"`
	}{members})
	return nil
}

// Hosts returns the hosts that share a store, the one that answers first.
func (c *Client) Hosts(ctx context.Context) ([]Member, error) {
	var body struct {
		Hosts []Member `json:"hosts"`
	}
	err := c.get(ctx, hostsPath, nil, &body)
	if refused, ok := errors.AsType[*AnswerError](err); ok && refused.Status == http.StatusNotFound {
		return nil, errors.New("this host is of an older version, which does not tell of hosts")
	}
	return body.Hosts, err
}
