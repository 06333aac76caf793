package admin

import (
	_ "embed"
	"net/http"
)

// description is the OpenAPI file. It describes the endpoints of engine/ingest as well, which the same host serves.
//
//go:embed openapi.yaml
var description []byte

// OpenAPI returns the description of all of the HTTP API, in YAML.
func OpenAPI() []byte { return append([]byte(nil), description...) }

// openapi answers with the description.
func (a *api) openapi(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(description) // the asker may have gone
	return nil
}
