package worker

import (
	"context"
	"io"
	"os"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/trial"
	"trackhook/scripting/internal/wire"
)

// job does work on a draft, says what came of it, and ends the process.
func (w *worker) job(body []byte) {
	job, err := trial.Decode(body)
	if err == nil {
		err = limit(job.Memory)
	}
	result := &trial.Result{}
	if err != nil {
		result.Failed = err.Error()
	} else {
		zerolog.SetGlobalLevel(zerolog.DebugLevel)
		result = trial.Do(context.Background(), job)
	}
	text, err := result.Encode()
	if err != nil || w.conn.Send(wire.Done, text) != nil {
		_, _ = io.WriteString(os.Stderr, "worker: the result of a trial cannot be told\n")
		os.Exit(exitProtocol)
	}
	os.Exit(exitOK)
}
