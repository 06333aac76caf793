package main

import (
	"context"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/sandbox"
)

// counter ends the program when it has heard two answers.
type counter struct {
	heard []string
	stop  context.CancelFunc
}

func (*counter) Name() string { return "counter" }

func (c *counter) Handle(_ context.Context, responses []engine.Response) (int, error) {
	for _, r := range responses {
		c.heard = append(c.heard, string(r.Package.Kind)+" "+r.Outcome.String())
	}
	if len(c.heard) == 2 {
		c.stop()
	}
	return len(responses), nil
}

func TestEmbed(t *testing.T) {
	server, err := sandbox.Start(t.Context(), "127.0.0.1:0", sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, stop := context.WithCancel(t.Context())
	c := &counter{stop: stop}
	if err := run(ctx, t.TempDir(), server.URL, c); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.heard, ", "); got != "session delivered, event delivered" {
		t.Errorf("heard %s", got)
	}
}
