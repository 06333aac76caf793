package admin

import (
	"net/http"
)

// Setting is one setting of the configuration in effect. Secrets are no settings.
type Setting struct {
	Key string `json:"key"`
	// Value is the value in effect, and From a flag, a variable, a place in the file, or default.
	Value string `json:"value"`
	From  string `json:"from"`
	// Default is the value without any configuration, Live tells that a reload replaces it while the host runs, and Meaning what
	// it is.
	Default string `json:"default"`
	Live    bool   `json:"live"`
	Meaning string `json:"meaning"`
}

const settingsPath = "/api/v1/settings"

// settings answers with the configuration in effect.
func (a *api) settings(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	body := struct {
		Settings []Setting `json:"settings"`
	}{a.cfg.Settings()}
	if body.Settings == nil {
		body.Settings = []Setting{}
	}
	a.write(w, http.StatusOK, body)
	return nil
}
