package adjust

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// FuzzPlainHead compares what is taken for a plain header with the parser of net/http.
func FuzzPlainHead(f *testing.F) {
	for _, header := range []string{
		"HTTP/1.1 200 OK\r\nDate: Tue, 09 Jul 2024 01:31:14 GMT\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}",
		"HTTP/1.1 503 \r\nRetry-After:  120 \r\nRetry-After: 5\r\ncontent-length:0\r\nLocation: /x\r\n\r\n", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\n\n", "HTTP/1.1 200OK\r\nContent-Length: 2\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n", "HTTP/1.1 200 OK\r\n: 2\r\nContent-Length: 2\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\n",
		"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTrailer: X\r\n\r\n", "HTTP/1.1 -00 OK\r\nContent-Length: 2\r\n\r\n",
	} {
		f.Add([]byte(header))
	}
	f.Fuzz(func(t *testing.T, begun []byte) {
		h, size := plainHeadOf(begun, "Tue, 09 Jul 2024 01:31:14 GMT")
		if size == 0 {
			return
		}
		rest := bufio.NewReader(bytes.NewReader(begun))
		want, err := http.ReadResponse(rest, nil)
		if err != nil {
			t.Fatalf("taken for plain: %q: %v", begun, err)
		}
		defer want.Body.Close()
		left, err := io.ReadAll(rest)
		if err != nil {
			t.Fatal(err)
		}
		if len(begun)-len(left) != size {
			t.Errorf("%d bytes, want %d: %q", size, len(begun)-len(left), begun)
		}
		if h.status != want.StatusCode || int64(h.length) != want.ContentLength || h.date != want.Header.Get("Date") ||
			h.retryAfter != want.Header.Get("Retry-After") || h.location != want.Header.Get("Location") {
			t.Errorf("%+v, want %+v: %q", h, want, begun)
		}
		if want.Close || len(want.TransferEncoding) > 0 || len(want.Trailer) > 0 || want.Header.Get("Content-Encoding") != "" {
			t.Errorf("not plain: %q", begun)
		}
	})
}

// Nearly all answers are plain; the others are left to net/http.
func TestPlainHeads(t *testing.T) {
	const plain = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Tue, 09 Jul 2024 01:31:14 GMT\r\nContent-Length: 2\r\n\r\n{}"
	for _, answer := range []string{
		plain, strings.Replace(plain, "200 OK", "404 Not Found", 1), strings.Replace(plain, "\r\n", "\r\nConnection: Keep-Alive\r\nServer: nginx/1.26\r\n", 1),
		strings.ToLower(plain[:15]) + plain[15:],
	} {
		_, size := plainHeadOf([]byte(answer), "")
		if want := strings.HasPrefix(answer, "HTTP"); size > 0 != want {
			t.Errorf("taken for plain: %v, want %v: %q", size > 0, want, answer)
		}
	}
	for cut := range len(plain) - 2 {
		if _, size := plainHeadOf([]byte(plain[:cut]), ""); size > 0 {
			t.Errorf("taken for whole: %q", plain[:cut])
		}
	}
}
