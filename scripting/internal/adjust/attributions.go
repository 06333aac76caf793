package adjust

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine"
)

const (
	// attributionKey is the key of a device's attributions in its space.
	attributionKey = "attribution"
	// maxAttributions is how many changes of one device's attribution are remembered.
	maxAttributions = 8
)

// attribution is where a device came from, as the server told it (Adjust's SDKs, AdjustAttribution).
type attribution struct {
	TrackerToken      string  `json:"tracker_token,omitempty"`
	TrackerName       string  `json:"tracker_name,omitempty"`
	Network           string  `json:"network,omitempty"`
	Campaign          string  `json:"campaign,omitempty"`
	Adgroup           string  `json:"adgroup,omitempty"`
	Creative          string  `json:"creative,omitempty"`
	ClickLabel        string  `json:"click_label,omitempty"`
	ADID              string  `json:"adid,omitempty"`
	CostType          string  `json:"cost_type,omitempty"`
	CostAmount        float64 `json:"cost_amount,omitempty"`
	CostCurrency      string  `json:"cost_currency,omitempty"`
	FBInstallReferrer string  `json:"fb_install_referrer,omitempty"`
	// CostKnown tells that the server has named the amount, which may be 0; one that is not 0 is known without it. Text is
	// the server's words. Neither counts when attributions are compared.
	CostKnown bool   `json:"cost_known,omitempty"`
	Text      string `json:"text,omitempty"`
}

// same tells whether two attributions are equal as the SDK understands it.
func (t *attribution) same(other *attribution) bool {
	one, two := *t, *other
	one.Text, two.Text, one.CostKnown, two.CostKnown = "", "", false, false
	return one == two
}

// attributionChange is an attribution that was news, and the response that told it.
type attributionChange struct {
	Seq uint64 `json:"seq"`
	attribution
}

// attributions are the attributions of all devices: of the host's own, and of those of a gateway whose scripts listen
// to attributions. They are kept in the store.
//
// Several plugins hear the same response, each at its own time and perhaps twice, and each must be told of each change.
// So what is kept is not the last attribution alone but the responses that changed it: a response was news to all
// plugins or to none, whichever was first to say so.
type attributions struct {
	cfg *Settings
}

func newAttributions(cfg *Settings) *attributions {
	return &attributions{cfg: cfg}
}

// keep stores what a response told, and tells whether that is a change.
func (s *attributions) keep(ctx context.Context, lane engine.Lane, seq uint64, told *attribution) (bool, error) {
	// Answers that carry an attribution are few.
	if err := s.cfg.Home.Lock(ctx, attributionKey); err != nil {
		return false, fmt.Errorf("wait for attributions: %w", err)
	}
	defer s.cfg.Home.Unlock(attributionKey)
	changes, err := s.read(ctx, lane)
	if err != nil {
		return false, err
	}
	later := slices.IndexFunc(changes, func(c attributionChange) bool { return c.Seq > seq })
	if later < 0 {
		later = len(changes)
	}
	if later > 0 {
		last := &changes[later-1]
		switch {
		case last.same(told):
			return last.Seq == seq, nil
		case last.Seq == seq:
			*last = attributionChange{seq, *told}
			return true, s.write(ctx, lane, changes)
		}
	}
	changes = slices.Insert(changes, later, attributionChange{seq, *told})
	for i := range len(changes) - 1 {
		changes[i].Text = "" // nobody asks for it
	}
	if extra := len(changes) - maxAttributions; extra > 0 {
		changes = changes[extra:]
	}
	return true, s.write(ctx, lane, changes)
}

// last returns the latest attribution of a device, nil when there is none.
func (s *attributions) last(ctx context.Context, lane engine.Lane) (*attribution, error) {
	changes, err := s.read(ctx, lane)
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	return &changes[len(changes)-1].attribution, nil
}

// forget removes what is kept about a device.
func (s *attributions) forget(ctx context.Context, lane engine.Lane) error {
	err := s.cfg.Home.SetValues(ctx, deviceSpace(lane), map[string][]byte{attributionKey: nil})
	if err != nil {
		return fmt.Errorf("forget attribution: %w", err)
	}
	return nil
}

func (s *attributions) read(ctx context.Context, lane engine.Lane) ([]attributionChange, error) {
	data, err := s.cfg.Home.Value(ctx, deviceSpace(lane), attributionKey)
	if errors.Is(err, engine.ErrNotFound) || err == nil && len(data) == 0 {
		return nil, nil
	}
	var changes []attributionChange
	if err == nil {
		err = json.Unmarshal(data, &changes)
	}
	if err != nil {
		return nil, fmt.Errorf("read attribution: %w", err)
	}
	return changes, nil
}

func (s *attributions) write(ctx context.Context, lane engine.Lane, changes []attributionChange) error {
	data, err := json.Marshal(changes)
	if err == nil {
		err = s.cfg.Home.SetValues(ctx, deviceSpace(lane), map[string][]byte{attributionKey: data})
	}
	if err != nil {
		return fmt.Errorf("store attribution: %w", err)
	}
	return nil
}
