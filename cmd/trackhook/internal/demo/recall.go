package demo

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

const (
	// mostRecalled is how many of the latest responses are looked through.
	mostRecalled = 10_000
	// recallWait bounds the whole of it. A server that was not told of all devices lets their events wait; that is better
	// than a demo that does not start.
	recallWait = 5 * time.Second
)

// recall tells a new sandbox of the devices whose sessions an earlier one has accepted, as far as they stand among the
// latest responses: a sandbox keeps its devices in memory, and an event of a device that it does not know would have to
// wait.
func recall(ctx context.Context, store engine.Store, base string) error {
	bounded, cancel := context.WithTimeout(ctx, recallWait)
	defer cancel()
	err := recallAll(bounded, store, base)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return err
}

func recallAll(ctx context.Context, store engine.Store, base string) error {
	stats, err := store.Stats(ctx)
	if err != nil {
		return err
	}
	// Reading waits where there is nothing, and retention may have removed all that there was.
	seq := stats.Last - min(stats.Last, mostRecalled)
	if stats.First > 0 {
		seq = max(seq, stats.First-1)
	}
	for seq < stats.Last {
		responses, err := store.Read(ctx, seq, 256)
		if err != nil {
			return err
		}
		for i := range responses {
			r := &responses[i]
			seq = r.Seq
			if r.Package.Kind == engine.KindSession && r.Outcome == engine.Delivered {
				if err := repeat(ctx, &r.Package, base); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// repeat sends a package that was delivered before, and ignores what the server says of it.
func repeat(ctx context.Context, p *engine.Package, base string) error {
	form := url.Values{}
	for _, param := range adjust.Form(p) {
		form.Set(param.Name, param.Value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/session", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
