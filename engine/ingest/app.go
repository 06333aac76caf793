package ingest

import (
	"net/http"

	"trackhook/engine"
)

// environment fills in a missing environment where only one can be meant.
func (h *Handler) environment(app *engine.App) *refusal {
	if app.Token == "" {
		return invalid("Invalid app token", "app_token", "app_token is missing; it is the 12 letters and digits of Adjust's dashboard")
	}
	if app.Environment != "" {
		return nil
	}
	var environments []engine.Environment
	for _, configured := range h.cfg.Apps {
		if configured.Token == app.Token {
			environments = append(environments, configured.Environment)
		}
	}
	if len(environments) != 1 {
		return invalid("Invalid environment", "environment",
			"environment is missing; send environment=sandbox or environment=production, because without it Adjust would count the data as production")
	}
	app.Environment = environments[0]
	return nil
}

// known refuses apps that are not configured.
func (h *Handler) known(app engine.App) *refusal {
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
	if other != "" {
		return invalid("Invalid environment", "environment", "app %s is configured on this host for %s only", app.Token, other)
	}
	return &refusal{
		status: http.StatusNotFound, message: "App token not found", field: "app_token",
		detail: "app " + app.Token + " is not configured on this host; add it to apps in the configuration",
	}
}
