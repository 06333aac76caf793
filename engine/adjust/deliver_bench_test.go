//go:build unix

package adjust_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// BenchmarkDeliver measures attempts over loopback to a server in a process of its own. The floor is a loop of a bare
// client that posts the same bodies to the same server, as many at once.
func BenchmarkDeliver(b *testing.B) {
	at := startChild(b)
	p := benchPackage()
	for _, endpoint := range []string{at.Plain, at.TLS, at.Two} {
		for _, conns := range []int{1, 64} {
			kind := endpoint[:strings.Index(endpoint, ":")]
			if endpoint == at.Two {
				kind = "http2"
			}
			name := fmt.Sprintf("%s/attempts=%d/", kind, conns)
			b.Run(name+"deliver", func(b *testing.B) { benchDeliver(b, at, endpoint, conns, p) })
			b.Run(name+"floor=bare client", func(b *testing.B) { benchBareClient(b, at, endpoint, conns, p) })
		}
	}
}

func benchDeliver(b *testing.B, at addresses, endpoint string, conns int, p engine.Package) {
	b.Helper()
	ca := filepath.Join(b.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(at.CA), 0o600); err != nil {
		b.Fatal(err)
	}
	d, err := adjust.New(adjust.Config{Endpoint: endpoint, MaxConns: conns, CAFile: ca})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	parallel(b, conns, func() error {
		if r := d.Deliver(b.Context(), engine.Delivery{Package: p, Attempt: 1}); r.Outcome != engine.Delivered {
			return fmt.Errorf("%s: %s", r.Outcome, r.Message)
		}
		return nil
	})
}

func benchBareClient(b *testing.B, at addresses, endpoint string, conns int, p engine.Package) {
	b.Helper()
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM([]byte(at.CA))
	transport := &http.Transport{
		ForceAttemptHTTP2: endpoint == at.Two, MaxConnsPerHost: conns, MaxIdleConnsPerHost: conns, TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	form := formOf(&p)
	parallel(b, conns, func() error {
		r, err := client.Post(endpoint+"/event", "application/x-www-form-urlencoded", bytes.NewReader(form))
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, r.Body)
		return r.Body.Close()
	})
}

// parallel runs f b.N times on n goroutines.
func parallel(b *testing.B, n int, f func() error) {
	b.Helper()
	b.ReportAllocs()
	b.SetParallelism(max(n/runtime.GOMAXPROCS(0), 1))
	var failures atomic.Int64
	before := processorTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := f(); err != nil && failures.Add(1) == 1 {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/1e3/float64(b.N), "cpu-us/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// processorTime is what this process has used, in user mode and in the kernel.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
