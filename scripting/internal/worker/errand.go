package worker

import (
	"context"
	"os"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/wire"
)

// Errand does something once, in the place of a version, and returns what came of it. ask has the host answer; one thing
// after the other.
type Errand func(ctx context.Context, request []byte, ask func(request []byte) (answer []byte, err error)) (result []byte)

// errands are those that this program knows, and the one in hand.
type errands struct {
	known   map[string]Errand
	begun   bool
	answers chan []byte
}

// errand begins the errand that the host sends, which is the only one of this process.
func (w *worker) errand(body []byte) error {
	task, err := wire.ReadTask(body)
	do := w.errands.known[task.Name]
	if err != nil || do == nil || w.errands.begun {
		return wire.ErrFrame
	}
	w.errands.begun = true
	if err := limit(task.Memory, false); err != nil {
		return err
	}
	confine(append(readable(), task.Folders...))
	zerolog.SetGlobalLevel(zerolog.Level(task.Level))
	go func() {
		result := do(context.Background(), task.Request, w.ask)
		if w.conn.Send(wire.Done, result) != nil {
			os.Exit(exitProtocol) // the host is gone, or the result is larger than what it takes
		}
	}()
	return nil
}

// ask has the host answer.
func (w *worker) ask(request []byte) ([]byte, error) {
	if err := w.conn.Send(wire.Ask, request); err != nil {
		return nil, err
	}
	return <-w.errands.answers, nil // the process ends when there is no host any more
}

// answer takes what the host answers.
func (w *worker) answer(body []byte) error {
	if !w.errands.begun {
		return wire.ErrFrame
	}
	w.errands.answers <- body
	return nil
}
