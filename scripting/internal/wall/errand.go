package wall

import (
	"context"
	"fmt"

	"trackhook/scripting/internal/wire"
)

// EndedError means that the process of an errand was ended before the errand was done.
type EndedError struct {
	// Reason says what ended it, such as "stack overflow: something nests too deep for it".
	Reason string
}

// Error says what ended the process.
func (e *EndedError) Error() string { return "the process that ran it was ended: " + e.Reason }

// Do has a process of its own do something once, and returns what came of it. The process asks for what it needs meanwhile, one
// thing after the other; an error of ask ends it, and is returned. So does the end of ctx. The error is an [*EndedError] when
// something else has ended the process.
func Do(ctx context.Context, command []string, task *wire.Task, ask func(request []byte) (answer []byte, err error)) ([]byte, error) {
	p, err := spawn(command, task.Memory, waits{}.withDefaults(), nil, func(p *process, f frame) bool {
		switch f.kind {
		case wire.Ready:
			return len(f.body) == 1 && f.body[0] == wire.Version
		case wire.Ask, wire.Done:
			select {
			case p.frames <- f:
				return true
			case <-ctx.Done():
				return false
			}
		default:
			return false
		}
	})
	if err != nil {
		return nil, err
	}
	defer func() {
		p.kill("")
		<-p.gone
	}()
	if err := p.conn.Send(wire.Errand, wire.AppendTask(nil, task)); err != nil {
		p.kill("it did not listen: " + err.Error())
	}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case f, ok := <-p.frames:
			switch {
			case !ok:
				<-p.gone
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				return nil, &EndedError{p.reason()}
			case f.kind == wire.Done:
				return f.body, nil
			}
			answer, err := ask(f.body)
			if err != nil {
				return nil, err
			}
			if err := p.conn.Send(wire.Told, answer); err != nil {
				p.kill(fmt.Sprintf("it did not listen: %v", err))
			}
		}
	}
}
