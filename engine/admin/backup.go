package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"trackhook/engine"
)

const (
	backupPath = "/api/v1/backup"
	// A path of a file system has at most 4096 bytes, and six characters of JSON may stand for one.
	maxBackupBody = 32 << 10
)

// ErrBackupRefused means that a folder cannot take a backup, or not now. The asker is told the text of the error.
var ErrBackupRefused = errors.New("the folder cannot take a backup")

// Backup is a copy of the store that was made while the host went on.
type Backup struct {
	// Dir is the folder, on the machine of the host, and Data that of the store.
	Dir  string `json:"dir"`
	Data string `json:"data"`
	// Queued and Dead count the packages and dead letters that were on disk when it began.
	Queued uint64 `json:"queued"`
	Dead   uint64 `json:"dead"`
	// Bytes is the size, and Shared how much of that lies in files that the store has as well, by hard links.
	Bytes  uint64 `json:"bytes"`
	Shared uint64 `json:"shared_bytes"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
}

// backupBody is what a backup is asked with.
type backupBody struct {
	Dir string `json:"dir"`
}

// backup copies the store to a new folder on the machine of the host.
func (a *api) backup(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Backup == nil {
		return notKept()
	}
	dir, err := readBackup(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := a.until(r.Context())
	defer cancel()
	began := time.Now()
	made, err := a.cfg.Backup(ctx, dir)
	took := time.Since(began)
	line := a.cfg.Log.Info()
	if err != nil {
		line = a.cfg.Log.Warn().Err(err)
	}
	line.Str("dir", dir).Dur("took", took).Func(a.asker(r)).Msg("a backup was asked for")
	if err != nil {
		return a.backupFailed(r, err)
	}
	made.Seconds = took.Round(time.Millisecond).Seconds()
	a.write(w, http.StatusOK, made)
	return nil
}

// backupFailed answers an error. Whoever asks may know why: the folder is theirs.
func (a *api) backupFailed(r *http.Request, err error) error {
	switch {
	case errors.Is(err, ErrBackupRefused):
		return &refusal{status: http.StatusConflict, message: "Conflict", detail: err.Error()}
	case isDone(a.cfg.Done):
		return engine.ErrClosed
	case r.Context().Err() != nil:
		return err // nobody reads it
	}
	return &refusal{
		status: http.StatusServiceUnavailable, message: "Backup failed", detail: err.Error() + "; nothing was left of it",
		header: "Retry-After", value: "30",
	}
}

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false // also where there is no channel
	}
}

// readBackup reads and checks the body.
func readBackup(w http.ResponseWriter, r *http.Request) (dir string, err error) {
	var body backupBody
	err = readJSON(w, r, jsonForm{most: maxBackupBody, large: "no path is as long as this", like: `{"dir":"/path/of/a/new/folder"}`}, &body)
	if err != nil {
		return "", err
	}
	if body.Dir == "" || strings.ContainsRune(body.Dir, 0) {
		return "", invalid("dir", "must be the absolute path of a folder, on the machine of the host, that does not exist yet")
	}
	return body.Dir, nil
}

// Backup lets the host copy its store to dir, an absolute path on its own machine, while it goes on. It takes as long as the
// copy does; when ctx ends, the copy is given up. That the folder cannot take one is an [*AnswerError] with status 409.
func (c *Client) Backup(ctx context.Context, dir string) (Backup, error) {
	var made Backup
	host, answer, err := c.send(ctx, call{method: http.MethodPost, path: backupPath, body: backupBody{dir}})
	if err != nil {
		return made, err
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	return made, decode(host, answer, &made)
}
