package adjust

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Requests ask for answers as they are (Accept-Encoding: identity). Proxies and load balancers compress some all the same,
// and an answer that counts a purchase must not be lost for it: a package whose answer nobody can read is sent again.

// codings are what was done to a body, in the order in which it was done.
type codings []string

// codingsOf returns the codings that a header names, less those that change nothing and the chunks of HTTP itself.
func codingsOf(header http.Header, name string) codings {
	var all codings
	for _, value := range header.Values(name) {
		for coding := range strings.SplitSeq(value, ",") {
			switch coding = strings.ToLower(strings.TrimSpace(coding)); coding {
			case "", "identity", "chunked":
			default:
				all = append(all, coding)
			}
		}
	}
	return all
}

// decode undoes the codings of a body. The result has at most limit bytes: what is longer is cut, with errTooLong.
// Other errors mean that the body cannot be read, and leave it as it came.
func (c codings) decode(body []byte, limit int) ([]byte, error) {
	decoded := body
	for _, coding := range slices.Backward(c) {
		next, err := decodeOne(coding, decoded, limit)
		if errors.Is(err, errTooLong) {
			return next, err
		}
		if err != nil {
			return body, err
		}
		decoded = next
	}
	return decoded, nil
}

func decodeOne(coding string, body []byte, limit int) ([]byte, error) {
	var (
		from io.Reader
		err  error
	)
	switch coding {
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		// RFC 9110 means zlib's format. Some servers send the bare stream, and all browsers take it.
		if from, err = zlib.NewReader(bytes.NewReader(body)); errors.Is(err, zlib.ErrHeader) {
			from, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return nil, fmt.Errorf("the answer is encoded as %s, which is not known here", clean(coding, 40))
	}
	if err == nil {
		body, err = io.ReadAll(io.LimitReader(from, int64(limit)+1))
	}
	switch {
	case len(body) > limit && err == nil:
		return body[:limit], errTooLong
	case err != nil:
		return nil, fmt.Errorf("the answer is said to be %s, and cannot be decoded", coding)
	default:
		return body, nil
	}
}

var errUTF16 = errors.New("the answer is UTF-16, not UTF-8")

// plain undoes the codings of a complete body, and takes away a byte order mark. The error is that of decode, or that
// the text is not UTF-8.
func plain(body []byte, how codings, limit int) ([]byte, error) {
	decoded, err := body, error(nil)
	if len(how) > 0 && len(body) > 0 {
		decoded, err = how.decode(body, limit)
		if err != nil && !errors.Is(err, errTooLong) && readable(body) {
			err = nil // something on the way has decoded it, and left the header as it was
		}
	}
	if rest, marked := bytes.CutPrefix(decoded, []byte("\xef\xbb\xbf")); marked {
		return rest, err
	}
	if err == nil && (bytes.HasPrefix(decoded, []byte("\xff\xfe")) || bytes.HasPrefix(decoded, []byte("\xfe\xff"))) {
		err = errUTF16
	}
	return decoded, err
}

// readable tells whether a body says something as it is.
func readable(body []byte) bool {
	_, object := scan(body)
	return object || string(bytes.TrimSpace(body)) == "OK" || isPage(body)
}

// isPage tells whether a body is a web page: that of a captive portal, or of a proxy's own. It is none of the server's
// answers, so nothing was counted.
func isPage(body []byte) bool {
	start := bytes.ToLower(body[:min(len(body), plainTextBytes)])
	return bytes.Contains(start, []byte("<html")) || bytes.Contains(start, []byte("<!doctype html"))
}

// recode reads the header of an answer whose body is encoded in transfer, such as "Transfer-Encoding: gzip, chunked",
// which net/http refuses. head is how the answer began; what follows it is read from rest. The codings are returned
// apart. ok is false when head is something else.
func recode(head []byte, rest io.Reader) (response *http.Response, how codings, ok bool) {
	lines, _, complete := bytes.Cut(head, []byte("\r\n\r\n"))
	if !complete {
		return nil, nil, false
	}
	var kept bytes.Buffer
	chunked := false
	for line := range bytes.SplitSeq(lines, []byte("\r\n")) {
		name, value, found := strings.Cut(string(line), ":")
		if !found || !strings.EqualFold(strings.TrimSpace(name), "Transfer-Encoding") {
			kept.Write(line)
			kept.WriteString("\r\n")
			continue
		}
		how = append(how, codingsOf(http.Header{"Transfer-Encoding": {value}}, "Transfer-Encoding")...)
		chunked = strings.HasSuffix(strings.ToLower(strings.TrimSpace(value)), "chunked")
	}
	if len(how) == 0 {
		return nil, nil, false
	}
	if chunked {
		kept.WriteString("Transfer-Encoding: chunked\r\n")
	}
	kept.WriteString("\r\n")
	response, err := http.ReadResponse(bufio.NewReader(io.MultiReader(&kept, rest)), nil)
	if err != nil {
		return nil, nil, false
	}
	if !chunked {
		response.ContentLength = -1 // RFC 9112: the body ends with the connection
	}
	return response, how, true
}
