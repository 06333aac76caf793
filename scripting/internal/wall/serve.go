package wall

import (
	"context"
	"errors"
	"slices"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/wire"
)

// errRefused is what a worker gets that asks for what is not its own.
var errRefused = errors.New("a worker may not ask for that")

// maxCall bounds how long a call may ask to be worked on.
const maxCall = time.Minute

// hear takes what a process says. False: it makes no sense.
func (v *Version) hear(p *process, f frame) bool {
	switch f.kind {
	case wire.Line:
		return v.lines.write(f.body, time.Now())
	case wire.SaidLines:
		return v.lines.said(f.body, time.Now())
	case wire.Call:
		fields := wire.NewFields(f.body)
		number := fields.Number()
		rest := fields.Rest()
		if len(rest) == 0 || fields.Err() != nil {
			return false
		}
		if !p.asks(len(f.body)) {
			p.kill("it asked for too much at once")
			return false
		}
		p.calls.Go(func() {
			defer p.answered(len(f.body))
			v.answer(p, number, wire.Op(rest[0]), wire.NewFields(rest[1:]))
		})
		return true
	case wire.Progress:
		v.progress.Store(wire.NewFields(f.body).Number())
		return true
	case wire.Live:
		v.mu.Lock()
		v.tracked = true
		v.mu.Unlock()
		return len(f.body) == 0
	case wire.Status:
		return v.noteState(f.body)
	case wire.Quarantined:
		return v.noteQuarantine(f.body)
	case wire.Loaded, wire.Handled, wire.Retired:
		select {
		case p.frames <- f:
			return true
		default:
			return false // so many are never due
		}
	default:
		return false
	}
}

// answer does what a process asks for.
func (v *Version) answer(p *process, number uint64, op wire.Op, f *wire.Fields) {
	ctx, cancel := context.WithTimeout(v.life, min(max(time.Duration(f.Int()), 0), maxCall))
	defer cancel()
	body, err := v.perform(ctx, p, op, f)
	if f.Err() != nil {
		p.kill("it broke the protocol: " + f.Err().Error())
		return
	}
	answer := wire.AppendError(wire.AppendNumber(nil, number), err)
	_ = p.conn.Send(wire.Answer, append(answer, body...)) // it is gone otherwise
}

func (v *Version) perform(ctx context.Context, p *process, op wire.Op, f *wire.Fields) ([]byte, error) {
	home := v.cfg.Home
	switch op {
	case wire.Read:
		text, missing, err := v.graph.Read(f.Text())
		return wire.AppendString(wire.AppendBool(nil, missing), text), err
	case wire.Track:
		packages := f.Packages()
		if slices.ContainsFunc(packages, func(one engine.Package) bool { return !slices.Contains(v.cfg.Start.Apps, one.App) }) {
			return nil, errRefused
		}
		return nil, home.Track(ctx, packages...)
	case wire.Value:
		space, key := f.Text(), f.Text()
		if !v.owns(space) {
			return nil, errRefused
		}
		value, err := home.Value(ctx, space, key)
		return wire.AppendString(nil, value), err
	case wire.Values:
		space := f.Text()
		if !v.owns(space) {
			return nil, errRefused
		}
		pairs, err := home.Values(ctx, space)
		return wire.AppendPairs(nil, pairs), err
	case wire.SetValues:
		space, pairs := f.Text(), f.Pairs()
		if !v.owns(space) || f.Err() != nil {
			return nil, errRefused
		}
		err := home.SetValues(ctx, space, pairs)
		if space == storage.Space(v.cfg.Start.Plugin) {
			p.unstored.Store(err != nil)
			if err == nil {
				v.cfg.Peers.tell(v, pairs)
			}
		}
		return nil, err
	case wire.Lock, wire.Unlock, wire.First:
		name := f.Text()
		if !adjust.IsLock(name) {
			return nil, errRefused
		}
		switch op {
		case wire.Lock:
			return nil, v.lock(ctx, p, name)
		case wire.Unlock:
			return nil, v.unlock(p, name)
		default:
			return wire.AppendBool(nil, home.First(name)), nil
		}
	default:
		return nil, errRefused
	}
}

// owns tells whether a plugin may read and write a space: that of its localStorage, and those of devices.
func (v *Version) owns(space string) bool {
	return space == storage.Space(v.cfg.Start.Plugin) || adjust.IsSpace(space)
}

// lock takes a lock for a process, which has it until it gives it back or ends. Nobody waits for one that has ended.
func (v *Version) lock(ctx context.Context, p *process, name string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.talks, cancel)() //nolint:contextcheck // the second one that ends it
	if err := v.cfg.Home.Lock(ctx, name); err != nil {
		return err
	}
	p.mu.Lock()
	p.held[name] = true
	p.mu.Unlock()
	return nil
}

func (v *Version) unlock(p *process, name string) error {
	p.mu.Lock()
	held := p.held[name]
	delete(p.held, name)
	p.mu.Unlock()
	if !held {
		return errRefused
	}
	v.cfg.Home.Unlock(name)
	return nil
}

// release gives back what a process that is gone has held.
func (v *Version) release(p *process) {
	p.mu.Lock()
	held := p.held
	p.held = map[string]bool{}
	p.mu.Unlock()
	for name := range held {
		v.cfg.Home.Unlock(name)
	}
}
