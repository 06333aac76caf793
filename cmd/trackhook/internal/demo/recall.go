package demo

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// recall tells a new sandbox of the devices whose sessions an earlier one has accepted, as far as they stand among the
// latest responses: a sandbox keeps its devices in memory, and an event of a device that it does not know would have to
// wait.
func recall(ctx context.Context, store engine.Store, base string) error {
	last, err := store.Last(ctx)
	if err != nil {
		return err
	}
	const most = 10_000
	for seq := last - min(last, most); seq < last; {
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
