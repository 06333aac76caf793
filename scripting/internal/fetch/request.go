package fetch

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

// Request is a request as the script made it. The URL, the method and the headers were checked by the program.
type Request struct {
	Method string
	URL    string
	Header http.Header
	// Body is nil when there is none.
	Body     []byte
	Redirect string // follow, error or manual
}

// Response is an answer up to the end of its headers.
type Response struct {
	*http.Response
	// URL is where the answer came from.
	URL        string
	Redirected bool
	target     *url.URL
}

// Send makes the request and follows its redirects (Fetch standard, 4.3 HTTP fetch and 4.4 HTTP-redirect fetch). The
// caller closes the body.
func (f *Client) Send(ctx context.Context, r *Request) (*Response, error) {
	if int64(len(r.Body)) > f.config.RequestBytes {
		return nil, &Error{"E2BIG", fmt.Sprintf("the body has %d bytes; at most %d can be sent", len(r.Body), f.config.RequestBytes)}
	}
	current, err := f.urls.Parse(r.URL)
	if err != nil {
		return nil, &Error{"ERR_INVALID_URL", "the URL is not valid"}
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
		result := &Response{response, current.Href(true), hops > 0, target}
		location := response.Header.Get("Location")
		if !isRedirect(response.StatusCode) || r.Redirect == "manual" || location == "" && r.Redirect != "error" {
			return result, nil
		}
		drain(response)
		if r.Redirect == "error" {
			return nil, &Error{"ERR_REDIRECT", target.Host + ` answered with a redirect, and redirect is "error"`}
		}
		if hops == maxRedirects {
			return nil, &Error{"ERR_REDIRECT", fmt.Sprintf("more than %d redirects", maxRedirects)}
		}
		if current, err = f.redirect(r, current, location, response.StatusCode); err != nil {
			return nil, err
		}
	}
}

// target turns a URL of the standard into one of net/http, and checks that the plugin may use it.
func (f *Client) target(u *whatwg.Url) (*url.URL, error) {
	target, err := url.Parse(u.Href(true))
	if err != nil {
		// The standard lets a % stand that begins no escape; net/url does not.
		target, err = url.Parse(escapeStray(u.Href(true)))
	}
	if err != nil {
		return nil, &Error{"ERR_INVALID_URL", "the URL cannot be sent"}
	}
	return target, f.checkURL(target)
}

// escapeStray makes %25 of each % that begins no escape.
func escapeStray(s string) string {
	var out strings.Builder
	for i := range len(s) {
		out.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || Unhex(s[i+1]) < 0 || Unhex(s[i+2]) < 0) {
			out.WriteString("25")
		}
	}
	return out.String()
}

// once makes one HTTP request.
func (f *Client) once(ctx context.Context, target *url.URL, r *Request) (*http.Response, error) {
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	request, err := http.NewRequestWithContext(f.withProxy(ctx, target), r.Method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	request.URL = target
	request.Header = r.Header
	return f.client().RoundTrip(request) //nolint:wrapcheck // explain puts it into words
}

// redirect changes the request as a redirect demands, and returns where it goes.
func (f *Client) redirect(r *Request, from *whatwg.Url, location string, status int) (*whatwg.Url, error) {
	// A header holds bytes; those above ASCII are taken as UTF-8, as browsers do.
	to, err := from.Parse(location)
	if err != nil {
		return nil, &Error{"ERR_INVALID_REDIRECT", from.Host() + " answered with a redirect to a URL that is not valid"}
	}
	if to.Scheme() != "http" && to.Scheme() != "https" {
		return nil, &Error{"ERR_INVALID_REDIRECT", fmt.Sprintf("%s answered with a redirect to the scheme %s:", from.Host(), to.Scheme())}
	}
	if to.Username() != "" || to.Password() != "" {
		return nil, &Error{"ERR_INVALID_REDIRECT", from.Host() + " answered with a redirect to a URL with a user name or password"}
	}
	if to.Fragment() == "" && from.Fragment() != "" {
		to.SetHash(from.Fragment())
	}
	header := r.Header.Clone()
	if (status == http.StatusMovedPermanently || status == http.StatusFound) && r.Method == http.MethodPost ||
		status == http.StatusSeeOther && r.Method != http.MethodGet && r.Method != http.MethodHead {
		r.Method, r.Body = http.MethodGet, nil
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Content-Length"} {
			header.Del(name)
		}
	}
	if from.Scheme() != to.Scheme() || from.Host() != to.Host() {
		for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization"} {
			header.Del(name)
		}
	}
	r.Header = header
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
