package ingest

import (
	"net/http"

	"trackhook/engine"
)

// environment fills in a missing environment as Adjust's server does, and tells that it did. To guess another one from the
// configuration would send real traffic as a test.
func environment(app *engine.App) (implied bool) {
	if app.Environment != "" {
		return false
	}
	app.Environment = engine.Production
	return true
}

// known refuses apps that are not configured. implied tells that the request named no environment.
func (h *Handler) known(app engine.App, implied bool) *refusal {
	if len(h.cfg.Apps) == 0 {
		return nil
	}
	other := engine.Environment("")
	for _, configured := range h.cfg.Apps {
		if configured == app {
			return nil
		}
		if configured.Token == app.Token {
			other = configured.Environment
		}
	}
	switch {
	case other == "":
		return &refusal{
			status: http.StatusNotFound, message: "App token not found", field: "app_token",
			detail: "app " + app.Token + " is not configured on this host; add it to apps in the configuration",
		}
	case implied:
		return invalid("Invalid environment", "environment",
			"environment is missing, which means production, as at Adjust, and app %s is configured on this host for %s only; send environment=%s, or configure the app for production",
			app.Token, other, other)
	default:
		return invalid("Invalid environment", "environment", "app %s is configured on this host for %s only", app.Token, other)
	}
}
