package scripting

import (
	"context"
	"fmt"

	"trackhook/engine"
)

// turn is one call of Handle at work: a version and a way to ask it to stop after the response in hand.
type turn struct {
	version *version
	stop    context.CancelFunc
	done    chan struct{}
}

// Handle runs the current version on responses from the front. While there is none it waits. It returns early when
// another version is to go on.
func (p *plugin) Handle(ctx context.Context, responses []engine.Response) (int, error) {
	v, turning := p.begin(ctx)
	if v == nil {
		return 0, nil
	}
	handled, err := v.instance.handle(turning, responses)
	replaced := turning.Err() != nil
	if handled > 0 {
		p.mu.Lock()
		p.handled = responses[handled-1].Seq
		p.mu.Unlock()
	}
	p.end()
	// What goes wrong in a version that is being replaced, or stopped, is over with it.
	if err != nil && !replaced {
		p.lose(v)
		return handled, fmt.Errorf("plugin %s version %s broke down and is started afresh: %w", p.name, v.id, err)
	}
	return handled, nil //nolint:nilerr // see above
}

// begin waits for a version that can run and opens its turn. Nil means that ctx ended. The context ends when the
// version is to be replaced.
func (p *plugin) begin(ctx context.Context) (*version, context.Context) {
	for {
		p.mu.Lock()
		if v := p.current; v != nil {
			if !v.begun {
				v.begun, v.after = true, p.handled
			}
			turning, stop := context.WithCancel(ctx)
			p.turn = &turn{version: v, stop: stop, done: make(chan struct{})}
			p.mu.Unlock()
			return v, turning
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx
		case <-changed:
		}
	}
}

// end closes the turn.
func (p *plugin) end() {
	p.mu.Lock()
	ended := p.turn
	p.turn = nil
	p.mu.Unlock()
	ended.stop()
	close(ended.done)
}

// lose gives up a version that cannot run any more, and asks for a fresh one. Until that is there, responses wait.
func (p *plugin) lose(v *version) {
	p.mu.Lock()
	mine := p.current == v
	if mine {
		p.current, p.lost = nil, true
		p.leaveLocked(v)
		p.setStateLocked(Loading)
	}
	p.mu.Unlock()
	if mine {
		p.dismiss(v)
		p.poke(false)
	}
}
