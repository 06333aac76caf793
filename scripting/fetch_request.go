package scripting

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// fetchRequest is a request as the script made it. The URL, the method and the headers were checked by the program.
type fetchRequest struct {
	method string
	url    string
	header http.Header
	// body is nil when there is none.
	body     []byte
	redirect string // follow, error or manual
}

// fetchResponse is an answer up to the end of its headers.
type fetchResponse struct {
	*http.Response
	// url is where the answer came from.
	url        string
	redirected bool
	target     *url.URL
}

// send makes the request and follows its redirects (Fetch standard, 4.3 HTTP fetch and 4.4 HTTP-redirect fetch). The
// caller closes the body.
func (f *fetcher) send(ctx context.Context, r *fetchRequest) (*fetchResponse, error) {
	if int64(len(r.body)) > f.config.RequestBytes {
		return nil, &fetchError{"E2BIG", fmt.Sprintf("the body has %d bytes; at most %d can be sent", len(r.body), f.config.RequestBytes)}
	}
	current, err := f.urls.Parse(r.url)
	if err != nil {
		return nil, &fetchError{"ERR_INVALID_URL", "the URL is not valid"}
	}
	for hops := 0; ; hops++ {
		target, err := f.target(current)
		if err != nil {
			return nil, err
		}
		response, err := f.once(ctx, target, r)
		if err != nil {
			return nil, f.explain(ctx, target, err)
		}
		result := &fetchResponse{response, current.Href(true), hops > 0, target}
		location := response.Header.Get("Location")
		if !isRedirect(response.StatusCode) || r.redirect == "manual" || location == "" && r.redirect != "error" {
			return result, nil
		}
		drain(response)
		if r.redirect == "error" {
			return nil, &fetchError{"ERR_REDIRECT", target.Host + ` answered with a redirect, and redirect is "error"`}
		}
		if hops == maxRedirects {
			return nil, &fetchError{"ERR_REDIRECT", fmt.Sprintf("more than %d redirects", maxRedirects)}
		}
		if current, err = f.redirect(r, current, location, response.StatusCode); err != nil {
			return nil, err
		}
	}
}

// target turns a URL of the standard into one of net/http, and checks that the plugin may use it.
func (f *fetcher) target(u *whatwg.Url) (*url.URL, error) {
	target, err := url.Parse(u.Href(true))
	if err != nil {
		// The standard lets a % stand that begins no escape; net/url does not.
		target, err = url.Parse(escapeStray(u.Href(true)))
	}
	if err != nil {
		return nil, &fetchError{"ERR_INVALID_URL", "the URL cannot be sent"}
	}
	return target, f.checkURL(target)
}

// escapeStray makes %25 of each % that begins no escape.
func escapeStray(s string) string {
	var out strings.Builder
	for i := range len(s) {
		out.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0) {
			out.WriteString("25")
		}
	}
	return out.String()
}

// once makes one HTTP request.
func (f *fetcher) once(ctx context.Context, target *url.URL, r *fetchRequest) (*http.Response, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	request, err := http.NewRequestWithContext(f.withProxy(ctx, target), r.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	request.URL = target
	request.Header = r.header
	return f.client().RoundTrip(request) //nolint:wrapcheck // explain puts it into words
}

// redirect changes the request as a redirect demands, and returns where it goes.
func (f *fetcher) redirect(r *fetchRequest, from *whatwg.Url, location string, status int) (*whatwg.Url, error) {
	// A header holds bytes; those above ASCII are taken as UTF-8, as browsers do.
	to, err := from.Parse(location)
	if err != nil {
		return nil, &fetchError{"ERR_INVALID_REDIRECT", from.Host() + " answered with a redirect to a URL that is not valid"}
	}
	if to.Scheme() != "http" && to.Scheme() != "https" {
		return nil, &fetchError{"ERR_INVALID_REDIRECT", fmt.Sprintf("%s answered with a redirect to the scheme %s:", from.Host(), to.Scheme())}
	}
	if to.Username() != "" || to.Password() != "" {
		return nil, &fetchError{"ERR_INVALID_REDIRECT", from.Host() + " answered with a redirect to a URL with a user name or password"}
	}
	if to.Fragment() == "" && from.Fragment() != "" {
		to.SetHash(from.Fragment())
	}
	header := r.header.Clone()
	if (status == http.StatusMovedPermanently || status == http.StatusFound) && r.method == http.MethodPost ||
		status == http.StatusSeeOther && r.method != http.MethodGet && r.method != http.MethodHead {
		r.method, r.body = http.MethodGet, nil
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Content-Length"} {
			header.Del(name)
		}
	}
	if from.Scheme() != to.Scheme() || from.Host() != to.Host() {
		for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization"} {
			header.Del(name)
		}
	}
	r.header = header
	return to, nil
}

// isRedirect is the redirect status of the Fetch standard (2.2.3).
func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// drain ends an answer whose body nobody wants, and keeps the connection when that is cheap.
func drain(response *http.Response) {
	_, _ = io.CopyN(io.Discard, response.Body, 16<<10)
	_ = response.Body.Close()
}
