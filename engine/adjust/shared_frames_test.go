package adjust_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// frames is one side of a connection with HTTP/2, frame by frame.
type frames struct {
	*http2.Framer
	conn net.Conn
}

// greet reads what a client begins with, and answers with settings.
func greet(conn net.Conn, settings ...http2.Setting) (f frames, err error) {
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return f, err
	}
	f = frames{http2.NewFramer(conn, conn), conn}
	f.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	return f, f.WriteSettings(settings...)
}

// request reads up to the end of the next request.
func (f frames) request() (id uint32, err error) {
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return 0, err
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				err = f.WriteSettingsAck()
			}
		case *http2.DataFrame:
			if frame.StreamEnded() {
				return frame.StreamID, nil
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

// answer sends an answer with fields, by name and value.
func (f frames) answer(id uint32, body string, fields ...string) error {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := e.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]}); err != nil {
			return err
		}
	}
	if err := f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b.Bytes(), EndHeaders: true}); err != nil {
		return err
	}
	return f.WriteData(id, true, []byte(body))
}

func (f frames) ok(id uint32) error { return f.answer(id, `{"status":"OK"}`, ":status", "200") }

// framed is a server of which serve speaks HTTP/2, with the number of the connection. Where it returns, that is closed.
func framed(t *testing.T, serve func(n int, conn net.Conn)) (server *httptest.Server, caFile string) {
	t.Helper()
	var n atomic.Int32
	return secureServer(t, nil, func(s *httptest.Server) {
		s.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
		s.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
			"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) { serve(int(n.Add(1)), conn) },
		}
	})
}

// What a server does with one stream, or with a connection, decides what the attempt is held for.
func TestEndsOfStreams(t *testing.T) {
	closed := "the connection broke before an answer came; the server may have counted it"
	for _, test := range []struct {
		name string
		// serve does something with the first request of the first connection. Later ones are answered.
		serve  func(f frames, id uint32) error
		params int // bytes of the request beyond the usual
		want   want
	}{
		{"refused", func(f frames, id uint32) error { return f.WriteRSTStream(id, http2.ErrCodeRefusedStream) }, 0, want{engine.Delivered, false, ""}},
		{"HTTP/1.1 wanted", func(f frames, id uint32) error { return f.WriteRSTStream(id, http2.ErrCodeHTTP11Required) }, 0, want{engine.Delivered, false, ""}},
		{"went away before", func(f frames, id uint32) error { return f.WriteGoAway(id-1, http2.ErrCodeNo, nil) }, 0, want{engine.Delivered, false, ""}},
		{"too weak", func(f frames, _ uint32) error { return f.WriteGoAway(0, http2.ErrCodeInadequateSecurity, nil) }, 0, want{engine.Delivered, false, ""}},
		{"went away after", func(f frames, id uint32) error {
			if err := f.WriteGoAway(id, http2.ErrCodeNo, nil); err != nil {
				return err
			}
			return f.ok(id)
		}, 0, want{engine.Delivered, false, ""}},
		{"went away without an answer", func(f frames, id uint32) error {
			_ = f.WriteGoAway(id, http2.ErrCodeNo, nil)
			return io.EOF
		}, 0, want{engine.Unclear, true, closed}},
		{"closed", func(frames, uint32) error { return io.EOF }, 0, want{engine.Unclear, true, closed}},
		{"reset", func(f frames, id uint32) error { return f.WriteRSTStream(id, http2.ErrCodeInternal) }, 0, want{engine.Unclear, true, "before an answer came"}},
		{"protocol error", func(f frames, id uint32) error { return f.WriteRSTStream(id, http2.ErrCodeProtocol) }, 0, want{engine.Unclear, true, "before an answer came"}},
		{"interim answers", func(f frames, id uint32) error {
			var b bytes.Buffer
			_ = hpack.NewEncoder(&b).WriteField(hpack.HeaderField{Name: ":status", Value: "103"})
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b.Bytes(), EndHeaders: true})
			return f.ok(id)
		}, 0, want{engine.Delivered, false, ""}},
		{"a protocol of its own", func(f frames, _ uint32) error {
			_, err := io.WriteString(f.conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
			return err
		}, 0, want{engine.Unclear, true, "may have counted it"}},
		{"no status", func(f frames, id uint32) error { return f.answer(id, "{}", "date", "today") }, 0, want{engine.Unclear, true, "no HTTP answer"}},
		{"shorter than it says", func(f frames, id uint32) error { return f.answer(id, "{}", ":status", "200", "content-length", "9") }, 0, want{engine.Unclear, true, "broke off"}},
		{"closed behind the header", func(f frames, id uint32) error {
			var b bytes.Buffer
			_ = hpack.NewEncoder(&b).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b.Bytes(), EndHeaders: true})
			return io.EOF
		}, 0, want{engine.Unclear, true, "broke off"}},
		{"too long", func(f frames, id uint32) error { return f.answer(id, strings.Repeat(" ", 3000), ":status", "200") }, 0, want{engine.Retry, false, "longer than 2048 bytes"}},
		{"a long header", func(f frames, id uint32) error {
			return f.answer(id, "{}", ":status", "200", "x", strings.Repeat("x", 10<<10), "y", strings.Repeat("y", 60<<10))
		}, 0, want{engine.Unclear, true, "may have counted it"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server, ca := framed(t, func(n int, conn net.Conn) {
				f, err := greet(conn)
				for first := n == 1; err == nil; first = false {
					var id uint32
					if id, err = f.request(); err != nil {
						return
					}
					if first {
						err = test.serve(f, id)
					} else {
						err = f.ok(id)
					}
				}
			})
			d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca, MaxBody: 2048})
			test.want.check(t, deliver(t, d, purchase()))
			if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
				t.Errorf("the next: %s: %s", r.Outcome, r.Message)
			}
		})
	}
}

// The sessions of TLS are resumed when a connection follows another one.
func TestSharedConnectionsAreResumed(t *testing.T) {
	var resumed atomic.Int32
	server, ca := framed(t, func(_ int, conn net.Conn) {
		if secured, ok := conn.(*tls.Conn); ok && secured.ConnectionState().DidResume {
			resumed.Add(1)
		}
		f, err := greet(conn)
		if err != nil {
			return
		}
		if id, err := f.request(); err == nil {
			_ = f.WriteGoAway(id, http2.ErrCodeNo, nil)
			_ = f.ok(id)
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	for range 5 {
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
	}
	if resumed.Load() != 4 {
		t.Errorf("%d of 5 connections were resumed, want 4", resumed.Load())
	}
}

// A server that offers HTTP/2 and does not speak it is spoken to by HTTP/1.1.
func TestServersThatOnlyOfferIt(t *testing.T) {
	for name, serve := range map[string]func(int, net.Conn){
		"closes":  func(int, net.Conn) {},
		"babbles": func(_ int, conn net.Conn) { io.WriteString(conn, "hello, who is there?") },
		"no streams": func(_ int, conn net.Conn) {
			greet(conn, http2.Setting{ID: http2.SettingMaxConcurrentStreams})
			io.Copy(io.Discard, conn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, ca := framed(t, serve)
			d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
			if got := all(t, d, 20, 5); got[engine.Delivered] != 100 {
				t.Errorf("outcomes are %v", got)
			}
		})
	}
}

// A request is not sent as long as the server does not take all of its body.
func TestBodiesWaitForTheServer(t *testing.T) {
	server, ca := framed(t, func(n int, conn net.Conn) {
		f, err := greet(conn, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 100})
		for err == nil {
			var frame http2.Frame
			frame, err = f.ReadFrame()
			if data, ok := frame.(*http2.DataFrame); ok {
				switch {
				case n == 1:
					return // with a part of the first request
				case data.StreamEnded():
					err = f.ok(data.StreamID)
				default:
					err = f.WriteWindowUpdate(data.StreamID, 50)
				}
			}
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
		t.Errorf("%s: %s", r.Outcome, r.Message)
	}
}

// bubble returns a dialer of connections to a server in the bubble, with TLS, of which serve speaks HTTP/2.
func bubble(t *testing.T, serve func(net.Conn)) (dial func(context.Context, string, string) (net.Conn, error), caFile string, open *atomic.Int32) {
	t.Helper()
	server, ca := secureServer(t, nil, nil)
	cfg := &tls.Config{Certificates: server.TLS.Certificates, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12}
	open = new(atomic.Int32)
	return func(context.Context, string, string) (net.Conn, error) {
		client, remote := net.Pipe()
		open.Add(1)
		go func() {
			defer open.Add(-1)
			defer remote.Close()
			serve(tls.Server(remote, cfg))
		}()
		return client, nil
	}, ca, open
}

// A server that has fallen silent is noticed long before the time of an attempt is up; one that takes its time is not
// disturbed.
func TestSilentServersAreNoticed(t *testing.T) {
	for name, alive := range map[string]bool{"dead": false, "slow": true} {
		dial, ca, _ := bubble(t, func(conn net.Conn) {
			f, err := greet(conn)
			if err != nil {
				return
			}
			id, err := f.request()
			if err != nil {
				return
			}
			slow := time.After(50 * time.Second)
			for err == nil {
				var frame http2.Frame
				frame, err = f.ReadFrame()
				if ping, ok := frame.(*http2.PingFrame); ok && alive {
					select {
					case <-slow:
						err = f.ok(id)
					default:
						err = f.WritePing(true, ping.Data)
					}
				}
			}
		})
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDeliverer(t, adjust.Config{Endpoint: "https://example.com", CAFile: ca, Dial: dial})
				begin := time.Now()
				r := deliver(t, d, purchase())
				switch took := time.Since(begin); {
				case alive && (r.Outcome != engine.Delivered || took < 50*time.Second):
					t.Errorf("after %s %s: %s", took, r.Outcome, r.Message)
				case !alive && (!r.Ambiguous || took > 25*time.Second):
					t.Errorf("after %s %s: %s", took, r.Outcome, r.Message)
				}
				d.Close()
				synctest.Wait()
			})
		})
	}
}

// Shared connections end when they are idle, when they are old, and with the deliverer.
func TestSharedConnectionsEnd(t *testing.T) {
	dial, ca, open := bubble(t, func(conn net.Conn) {
		f, err := greet(conn)
		for err == nil {
			var id uint32
			if id, err = f.request(); err == nil {
				err = f.ok(id)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var dials int
		d := newDeliverer(t, adjust.Config{
			Endpoint: "https://example.com", CAFile: ca,
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				dials++
				return dial(ctx, network, address)
			},
		})
		send := func() {
			if r := deliver(t, d, event()); r.Outcome != engine.Delivered {
				t.Errorf("%s: %s", r.Outcome, r.Message)
			}
		}
		for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(500 * time.Millisecond) {
			send()
		}
		synctest.Wait()
		if dials < 5 || dials > 6 || open.Load() != 1 {
			t.Errorf("%d connections in ten minutes, and %d are open; want one for each two minutes", dials, open.Load())
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d connections are open though nothing uses them", open.Load())
		}
		send()
		d.Close()
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d connections are open after Close", open.Load())
		}
		send()
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d connections were kept after Close", open.Load())
		}
	})
}
