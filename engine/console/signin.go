package console

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"trackhook/engine/site"
)

const (
	// So many wrong answers may wait at once; others are given at once, and say to wait.
	maxFailing = 8
	// What signs in is short.
	maxSignIn = 4 << 10
)

// Me is who the asker is.
type Me struct {
	// Scopes are the names of what it may do: read, operate and scripts.
	Scopes []string `json:"scopes"`
	// How is session or token, and Who what logs call the asker. Empty: it has no name.
	How string `json:"how"`
	Who string `json:"who,omitempty"`
	// IdleSeconds is how long a session lasts without being used. Now is the time of the host, and Host what it was called by.
	IdleSeconds int       `json:"idle_seconds"`
	Now         time.Time `json:"now"`
	Host        string    `json:"host"`
	About
}

// session answers at [sessionPath].
func (c *Console) session(w http.ResponseWriter, r *http.Request) {
	if site.Foreign(r) {
		refuse(w, http.StatusForbidden, "Forbidden", "a browser sent this for a page of another site")
		return
	}
	const allow = "GET, HEAD, POST, DELETE, OPTIONS"
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		c.who(w, r)
	case http.MethodPost:
		c.signIn(w, r)
	case http.MethodDelete:
		c.signOut(w, r)
	case http.MethodOptions:
		w.Header().Set("Allow", allow)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", allow)
		refuse(w, http.StatusMethodNotAllowed, "Method not allowed", "use GET, POST or DELETE")
	}
}

// who tells who the asker is.
func (c *Console) who(w http.ResponseWriter, r *http.Request) {
	if grant, ok := c.Session(r); ok {
		write(w, http.StatusOK, c.me(r, grant, "session"))
		return
	}
	if access, known := c.cfg.Access(r); known {
		write(w, http.StatusOK, c.me(r, Grant{Access: func() site.Access { return access }}, "token"))
		return
	}
	refuse(w, http.StatusUnauthorized, "Not signed in", "sign in with a token of this host, or with a link from `trackhook open`")
}

func (c *Console) me(r *http.Request, grant Grant, how string) Me {
	return Me{
		Scopes: grant.now().Names(), How: how, Who: grant.Who, IdleSeconds: int(c.cfg.Idle / time.Second), Now: time.Now().UTC(), Host: r.Host, About: c.cfg.About(),
	}
}

// signIn begins a session.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "Unsupported media type", "send Content-Type: application/json")
		return
	}
	var body struct {
		Code  string `json:"code"`
		Token string `json:"token"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxSignIn))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&body)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if err != nil || (body.Code == "") == (body.Token == "") {
		// Not the error: it may quote what was sent.
		refuse(w, http.StatusBadRequest, "Invalid body", `send {"token":"..."} or {"code":"..."}`)
		return
	}
	by, find := "code", c.codes.take
	given := body.Code
	if body.Token != "" {
		by, find, given = "token", c.cfg.Token, body.Token
	}
	grant, ok := find(given)
	if !ok || grant.now() == 0 {
		c.failed(w, r, by, ok)
		return
	}
	http.SetCookie(w, c.newCookie(c.sessions.begin(grant, time.Now()), 0))
	line := c.cfg.Log.Info().Str("from", r.RemoteAddr).Str("by", by).Stringer("scopes", grant.now())
	if grant.Who != "" {
		line.Str("who", grant.Who)
	}
	line.Msg("somebody has signed in to the console")
	write(w, http.StatusOK, c.me(r, grant, "session"))
}

// failed answers whoever has nothing that signs in, after a while. known tells that it has a token, for something else.
func (c *Console) failed(w http.ResponseWriter, r *http.Request, by string, known bool) {
	select {
	case c.failing <- struct{}{}:
		defer func() { <-c.failing }()
	default:
		w.Header().Set("Retry-After", strconv.Itoa(int((c.cfg.Delay+time.Second-1)/time.Second)))
		refuse(w, http.StatusTooManyRequests, "Too many attempts", "too many have failed to sign in; try again in a moment")
		return
	}
	c.cfg.Log.Warn().Str("from", r.RemoteAddr).Str("by", by).Msg("somebody has failed to sign in to the console")
	late := time.NewTimer(c.cfg.Delay)
	defer late.Stop()
	select {
	case <-late.C:
	case <-r.Context().Done():
		return
	}
	detail := "this is no token of this host"
	switch {
	case by == "code":
		detail = "this link works no more: each signs in once, and soon; `trackhook open` makes another"
	case known:
		detail = "this token sends packages; the console needs one without scopes, or with read, operate or scripts"
	}
	refuse(w, http.StatusUnauthorized, "Failed to sign in", detail)
}

// signOut ends the session of the asker.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	for _, cookie := range r.CookiesNamed(c.cookie) {
		c.sessions.end(cookie.Value)
	}
	http.SetCookie(w, c.newCookie("", -1))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

// newCookie is the cookie of a session. It ends with the browser at the latest.
func (c *Console) newCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: c.cookie, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: c.cfg.Secure, SameSite: http.SameSiteStrictMode,
	}
}
