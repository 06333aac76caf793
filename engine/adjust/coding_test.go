package adjust_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// pack encodes a body as a coding says.
func pack(t *testing.T, coding, body string) string {
	t.Helper()
	var packed bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&packed)
	case "zlib":
		w = zlib.NewWriter(&packed)
	default:
		w, _ = flate.NewWriter(&packed, flate.BestSpeed)
	}
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// An answer that counts a purchase is understood however it is packed; one that cannot be read is never taken for none.
func TestAnswersThatAreEncoded(t *testing.T) {
	const ok, page, bom = `{"status":"OK","adid":"a1"}`, "<!DOCTYPE html><html>sign in</html>", "\xef\xbb\xbf"
	zipped := pack(t, "gzip", ok)
	content := func(coding, body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", coding, len(body), body)
	}
	chunks := func(header, body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\n%s\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", header, len(body), body)
	}
	for _, test := range []struct {
		name, answer string
		outcome      engine.Outcome
		message      string
	}{
		{"gzip", content("gzip", zipped), engine.Delivered, "OK"},
		{"gzip, under its old name and in capitals", content("X-GZIP", zipped), engine.Delivered, "OK"},
		{"deflate as the standard has it", content("deflate", pack(t, "zlib", ok)), engine.Delivered, "OK"},
		{"deflate as some servers have it", content("deflate", pack(t, "", ok)), engine.Delivered, "OK"},
		{"twice", content("deflate, gzip", pack(t, "gzip", pack(t, "zlib", ok))), engine.Delivered, "OK"},
		{"identity", content("identity", ok), engine.Delivered, "OK"},
		{"named, and not done", content("gzip", ok), engine.Delivered, "OK"},
		{"in transfer", chunks("Transfer-Encoding: gzip, chunked", zipped), engine.Delivered, "OK"},
		{"in transfer, in two lines", chunks("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", zipped), engine.Delivered, "OK"},
		{"in transfer, to the end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" + zipped, engine.Delivered, "OK"},
		{"a byte order mark", content("identity", bom+ok), engine.Delivered, "OK"},
		{"a byte order mark before a word", content("identity", bom+"OK"), engine.Delivered, "OK"},
		{"a byte order mark inside of gzip", content("gzip", pack(t, "gzip", bom+ok)), engine.Delivered, "OK"},
		{"nothing at all", content("gzip", ""), engine.Retry, "no content"},

		{"unknown", content("br", "\x0b\x02\x80"), engine.Unclear, "encoded as br"},
		{"broken", content("gzip", zipped[:len(zipped)-4]), engine.Unclear, "cannot be decoded"},
		{"cut off", chunks("Transfer-Encoding: gzip, chunked", zipped[:12]), engine.Unclear, "cannot be decoded"},
		{"UTF-16", content("identity", "\xff\xfe{\x00}\x00"), engine.Unclear, "UTF-16"},
		{"without end", content("gzip", pack(t, "gzip", ok+strings.Repeat(" ", 1<<20))), engine.Unclear, "longer than"},

		{"a page", content("gzip", pack(t, "gzip", page)), engine.Retry, "web page"},
		{"a page that was said to be packed", content("gzip", page), engine.Retry, "web page"},
		{"half a page", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + page, engine.Retry, "broke off"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Value
			address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
				if request, err := http.ReadRequest(r); err == nil {
					asked.Store(request.Header.Get("Accept-Encoding"))
					_, _ = io.Copy(io.Discard, request.Body)
					io.WriteString(conn, test.answer)
				}
			})
			d := newDeliverer(t, adjust.Config{Endpoint: address, MaxBody: 1 << 10})
			r := deliver(t, d, purchase())
			if r.Outcome != test.outcome || !strings.Contains(r.Message, test.message) {
				t.Errorf("%s by %q: %s; want %s", r.Outcome, r.Rule, r.Message, test.outcome)
			}
			if r.Ambiguous != (test.outcome == engine.Unclear) {
				t.Errorf("ambiguous %t", r.Ambiguous)
			}
			if r.Outcome == engine.Delivered && string(r.Body) != "OK" && (string(r.Body) != ok || r.ADID != "a1") {
				t.Errorf("the body is %q", r.Body)
			}
			if asked.Load() != "identity" {
				t.Errorf("asked for %q", asked.Load())
			}
		})
	}
}

// A connection that carried an encoded answer carries the next, where nothing of it was taken by looking ahead.
func TestEncodedAnswersOnOneConnection(t *testing.T) {
	zipped := pack(t, "gzip", `{"status":"OK"}`)
	for _, test := range []struct {
		header string
		conns  int32
	}{{"Content-Encoding: gzip\r\nTransfer-Encoding: chunked", 1}, {"Transfer-Encoding: gzip, chunked", 3}} {
		var conns atomic.Int32
		address := raw(t, func(n int, conn *net.TCPConn, r *bufio.Reader) {
			conns.Store(int32(n))
			for readRequest(r) == nil {
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", test.header, len(zipped), zipped)
			}
		})
		d := newDeliverer(t, adjust.Config{Endpoint: address})
		for range 3 {
			if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
				t.Errorf("%s: %s: %s", test.header, r.Outcome, r.Message)
			}
		}
		if conns.Load() != test.conns {
			t.Errorf("%s: %d connections, want %d", test.header, conns.Load(), test.conns)
		}
	}
}
