package admin

import "net/http"

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

// stats answers with the counts of the store.
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
