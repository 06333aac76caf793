package site

import (
	"net/http"
	"net/url"
)

// Foreign tells whether a browser sends the request for a page of another site. Use it for requests that change
// something, also where they are a GET.
func Foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		origin := r.Header.Get("Origin")
		if origin == "" {
			return false
		}
		u, err := url.Parse(origin)
		return err != nil || u.Host != r.Host
	default:
		return true
	}
}
