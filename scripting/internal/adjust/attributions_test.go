package adjust

import (
	"context"
	"strconv"
	"testing"

	"trackhook/engine"
	"trackhook/engine/memory"
)

type nowhere struct{}

func (nowhere) Deliver(context.Context, engine.Delivery) engine.Response { return engine.Response{} }

func TestAttributionsAreBounded(t *testing.T) {
	eng, err := engine.New(engine.Config{Store: memory.New(), Deliverer: nowhere{}})
	if err != nil {
		t.Fatal(err)
	}
	attributions := newAttributions(&Settings{Home: NewHome(eng, false)})
	lane := engine.Lane{App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Device: "gps_adid=1"}
	for n := range uint64(100) {
		changed, err := attributions.keep(t.Context(), lane, n+1, &attribution{TrackerToken: strconv.FormatUint(n, 10), Text: "{}"})
		if err != nil || !changed {
			t.Fatal(n, changed, err)
		}
	}
	last, err := attributions.last(t.Context(), lane)
	if err != nil || last.TrackerToken != "99" || last.Text != "{}" {
		t.Errorf("the last one is %+v, %v", last, err)
	}
	changes, err := attributions.read(t.Context(), lane)
	if err != nil || len(changes) != maxAttributions || changes[0].Text != "" {
		t.Errorf("kept %+v, %v", changes, err)
	}
}
