package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// stream is the events that a script pours into a host.
type stream struct {
	accepted atomic.Int64
	poured   int64
}

// device is that of an event of the stream.
func (*stream) device(n int64) string { return fmt.Sprintf("external_device_id=poured-%05d", n) }

func cmdPour(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: pour URL")
	}
	s := ts.Value("stream").(*stream)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	ts.Defer(func() {
		cancel()
		<-ended
	})
	go func() {
		defer close(ended)
		for ctx.Err() == nil && s.hand(ctx, args[0]) == nil {
			s.accepted.Add(1)
		}
	}()
}

// hand hands the next event in.
func (s *stream) hand(ctx context.Context, url string) error {
	form := "s2s=1&app_token=abc123def456&environment=sandbox&event_token=abc123&" + s.device(s.accepted.Load())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/event", strings.NewReader(form))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", answer.StatusCode, text)
	}
	return err
}

func cmdPoured(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	s := ts.Value("stream").(*stream)
	deadline, tick := time.After(time.Minute), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for s.accepted.Load() < s.poured+n {
		select {
		case <-deadline:
			ts.Fatalf("only %d events were accepted", s.accepted.Load())
		case <-tick.C:
		}
	}
	s.poured = s.accepted.Load()
	ts.Setenv(args[1], strconv.FormatInt(s.poured, 10))
}

func cmdHolds(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	client := admin.Client{BaseURL: args[0]}
	found := map[string]bool{}
	for p, err := range client.Packages(context.Background(), engine.Filter{}) {
		ts.Check(err)
		if found[p.Device] {
			ts.Fatalf("%s is there twice", p.Device)
		}
		found[p.Device] = true
	}
	s := ts.Value("stream").(*stream)
	for i := range n {
		if !found[s.device(i)] {
			ts.Fatalf("event %d of %d is not there; %d are", i, n, len(found))
		}
	}
}
