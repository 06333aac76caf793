package wall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/scripting/internal/wire"
)

// jobWait is how long a job may take beyond its limit before its process is ended.
const jobWait = 2 * time.Second

// ErrNoProcess means that no process could be started.
var ErrNoProcess = errors.New("no process for a draft")

// EndedError means that the process of a job was ended before it was done.
type EndedError struct{ Reason string }

func (e *EndedError) Error() string { return "the process that ran the draft was ended: " + e.Reason }

// Do has work on a draft done by a process of its own, which may use that much memory and time, and returns what it says. The
// error is an [*EndedError] when the process has not survived it.
func Do(ctx context.Context, command []string, memory int64, limit time.Duration, job []byte) ([]byte, error) {
	p, err := spawn(command, memory, func(p *process, f frame) bool {
		switch f.kind {
		case wire.Ready:
			return len(f.body) == 1 && f.body[0] == wire.Version
		case wire.Done:
			select {
			case p.frames <- f:
				return true
			default:
				return false
			}
		default:
			return false // it has nothing to ask for
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoProcess, err)
	}
	defer func() {
		p.kill("")
		<-p.gone
	}()
	if err := p.conn.Send(wire.Job, job); err != nil && errors.Is(err, wire.ErrFrame) {
		return nil, err // it is larger than a frame; another error is told by the end of the process
	}
	late := time.NewTimer(limit + jobWait)
	defer late.Stop()
	for {
		select {
		case f, ok := <-p.frames:
			if !ok {
				<-p.gone
				return nil, &EndedError{p.reason()}
			}
			return f.body, nil
		case <-late.C:
			p.kill(fmt.Sprintf("it did not come to an end within %s; a regular expression or a huge string may be the cause", limit+jobWait))
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
