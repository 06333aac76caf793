package adjust

import (
	"cmp"
	"errors"
	"fmt"

	"trackhook/engine"
)

// Reconfigure replaces Apps, Rules and Timeout of the [Config] while attempts are made; the other fields of cfg are not
// looked at. It checks them, and changes nothing before apply is called, which cannot fail; an error comes without one. An
// attempt in flight ends as it began. What the engine knows by name must stay: an app that has packages keeps its
// endpoints.
func (d *Deliverer) Reconfigure(cfg Config) (apply func(), err error) {
	if cfg.Timeout < 0 {
		return nil, errors.New("adjust deliverer: timeouts must not be negative")
	}
	rules := cfg.Rules
	if rules == nil {
		rules = DefaultRules()
	}
	next, err := d.newSetup(cfg.Apps, rules, cmp.Or(cfg.Timeout, DefaultTimeout))
	if err != nil {
		return nil, fmt.Errorf("adjust deliverer: %w", err)
	}
	return func() { d.setup.Store(next) }, nil
}

// withEither makes an attempt for an app with two tokens: with the one that the server took last, and, when the server
// refuses the app, with the other. A refusal counts nothing, so asking again doubles nothing. Only an answer that shows that
// the server takes the app with the other makes that the first to be sent; one that shows nothing, such as a failure of the
// server, is what came of the attempt all the same, because the package may have been counted. Where both are refused, what
// was said to the new one counts, and the next attempt begins with that.
func (d *Deliverer) withEither(to *target, delivery *engine.Delivery, try func(*target) engine.Response) engine.Response {
	old := to.useSpare.Load()
	response := try(to.either(old))
	if response.Outcome != engine.Blocked {
		return response
	}
	other := try(to.either(!old))
	if other.Outcome == engine.Blocked {
		to.useSpare.Store(false)
		if old {
			return other
		}
		return response
	}
	if other.TakesApp() && to.useSpare.CompareAndSwap(old, !old) {
		d.cfg.TokenRefused(delivery.Package.App, delivery.Package.Kind, !old)
	}
	return other
}

// either is the target with the one token or the other.
func (t *target) either(old bool) *target {
	if old {
		return t.spare
	}
	return t
}
