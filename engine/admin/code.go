package admin

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Code signs in to the console once.
type Code struct {
	Code string `json:"code"`
	// Expires is when it works no more.
	Expires time.Time `json:"expires"`
}

// ErrNoConsole is the error of [Config].NewCode of a host without a console.
var ErrNoConsole = errors.New("this host has no console")

// codePath is where codes are made.
const codePath = "/api/v1/console/codes"

// code makes a code, with what its asker may do.
func (a *api) code(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	noConsole := &refusal{status: http.StatusNotImplemented, message: "Not implemented", detail: ErrNoConsole.Error()}
	if a.cfg.NewCode == nil {
		return noConsole
	}
	made, err := a.cfg.NewCode(r)
	if errors.Is(err, ErrNoConsole) {
		return noConsole
	}
	if err != nil {
		return err
	}
	a.cfg.Log.Info().Func(a.asker(r)).Msg("a link to the console was made on request")
	a.write(w, http.StatusOK, made)
	return nil
}

// NewCode asks for a code that signs in to the console, with what the token of the client may do.
func (c *Client) NewCode(ctx context.Context) (code Code, err error) {
	err = c.ask(ctx, call{method: http.MethodPost, path: codePath}, &code)
	return code, err
}
