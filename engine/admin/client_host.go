package admin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"trackhook/engine"
)

// Plugins returns the state of every plugin.
func (c *Client) Plugins(ctx context.Context) ([]Plugin, error) {
	var body struct {
		Plugins []Plugin `json:"plugins"`
	}
	err := c.get(ctx, "/api/v1/plugins", nil, &body)
	return body.Plugins, err
}

// Host returns what does not change while the host runs.
func (c *Client) Host(ctx context.Context) (Host, error) {
	var host Host
	err := c.get(ctx, "/api/v1/host", nil, &host)
	return host, err
}

// Reload has the host read its configuration again. When that cannot be used, the error is an [*AnswerError] with status
// 422 that says what is wrong with it, and the host goes on as it was.
func (c *Client) Reload(ctx context.Context) (Reloaded, error) {
	var reloaded Reloaded
	err := c.ask(ctx, call{method: http.MethodPost, path: reloadPath}, &reloaded)
	return reloaded, err
}

// Stats returns the counts of the store.
func (c *Client) Stats(ctx context.Context) (engine.Stats, error) {
	var counts stats
	err := c.get(ctx, "/api/v1/stats", nil, &counts)
	return engine.Stats(counts), err
}

// Health returns the answer of /healthz, whichever status it has. The error is for no such answer.
func (c *Client) Health(ctx context.Context) (Health, error) {
	var health Health
	err := c.get(ctx, "/healthz", nil, &health)
	return health, err
}

// Ready returns the answer of /readyz, as [Client.Health] does that of /healthz.
func (c *Client) Ready(ctx context.Context) (Health, error) {
	var health Health
	err := c.get(ctx, "/readyz", nil, &health)
	return health, err
}

// Sources returns what the host keeps of the source of a plugin's versions: the values of scripting.SourceSpace, for
// scripting.ReadSources.
func (c *Client) Sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	var body pluginSources
	err := c.get(ctx, pluginsPath+url.PathEscape(plugin)+sourcesPart, nil, &body)
	return body.Values, err
}

// ForgetPlugin gives up what the host keeps of a plugin that was removed: its place in the log, its localStorage and the
// sources of the versions that ran. An error that is [engine.ErrNotFound] means that nothing is kept; a plugin that is in
// the plugins folder is an [*AnswerError] with status 409.
func (c *Client) ForgetPlugin(ctx context.Context, name string) error {
	if name == "" || strings.Contains(name, "/") {
		return errors.New("the name of a plugin must not be empty or hold a slash")
	}
	var body struct{ Forgotten string }
	return c.ask(ctx, call{method: http.MethodDelete, path: pluginsPath + url.PathEscape(name)}, &body)
}
