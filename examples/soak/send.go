package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"trackhook/engine"
)

// senders play the applications: each owns some devices, hands over their packages in order, and repeats a batch until
// the host says that it has it.
type senders struct {
	soak  *soak
	hosts hosts

	turn atomic.Uint32 // whose turn it is to take a batch

	mu       sync.Mutex
	accepted []string        // names of packages; guarded by mu
	took     []time.Duration // how long the host took to accept a batch; guarded by mu
	refused  uint64          // batches that had to be repeated; guarded by mu
}

const (
	senderCount = 8
	batchSize   = 20
)

func newSenders(s *soak, all hosts) *senders { return &senders{soak: s, hosts: all} }

func (s *senders) run(ctx context.Context) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senderCount}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	for i := range senderCount {
		all.Go(func() { s.send(ctx, client, i) })
	}
	all.Wait()
}

// send plays one of senderCount applications: every senderCount-th device, from number i on.
func (s *senders) send(ctx context.Context, client *http.Client, i int) {
	var devices []int
	for d := i; d < s.soak.Devices; d += senderCount {
		devices = append(devices, d)
	}
	sent := make([]int, len(devices))
	pause := time.Second * batchSize * senderCount / time.Duration(s.soak.Rate)
	for at := 0; ; {
		var batch bytes.Buffer
		names := make([]string, 0, batchSize)
		for range batchSize {
			name := fmt.Sprintf("%d-%d", devices[at], sent[at])
			line(&batch, name, devices[at], sent[at])
			names = append(names, name)
			sent[at]++
			at = (at + 1) % len(devices)
		}
		if !s.hand(ctx, client, batch.Bytes(), names) || !engine.Wait(ctx, pause) {
			return
		}
	}
}

// line writes one package: the first of a device is its session.
func line(out *bytes.Buffer, name string, device, n int) {
	kind, params := "event", `"event_token":"abc123",`
	if n == 0 {
		kind, params = "session", ""
	}
	fmt.Fprintf(out, `{"kind":%q,"app_token":%q,"environment":"sandbox","idempotency_key":%q,"callback_id":%q,`+
		`"params":{%s"external_device_id":"pc-%d"},"callback_params":{"n":%q}}`+"\n", kind, appToken, name, name, params, device, name)
}

// hand hands a batch over, again and again until it is accepted. One of which that is not known when ctx ends is not
// counted.
func (s *senders) hand(ctx context.Context, client *http.Client, batch []byte, names []string) bool {
	for {
		begun := time.Now()
		ok := post(ctx, client, s.hosts[int(s.turn.Add(1))%len(s.hosts)].url+"/v1/packages", batch)
		s.mu.Lock()
		if ok {
			s.accepted = append(s.accepted, names...)
			s.took = append(s.took, time.Since(begun))
			s.mu.Unlock()
			return true
		}
		s.refused++
		s.mu.Unlock()
		if !engine.Wait(ctx, 20*time.Millisecond) {
			return false
		}
	}
}

func post(ctx context.Context, client *http.Client, url string, body []byte) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK
}

func (s *senders) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.accepted)
}

// percentile of how long accepting took.
func (s *senders) percentile(p float64) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	return s.took[min(len(s.took)-1, int(p*float64(len(s.took))))]
}
