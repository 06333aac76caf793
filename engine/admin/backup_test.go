package admin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"trackhook/engine/admin"
)

func TestBackup(t *testing.T) {
	f := history()
	_, client := serve(t, admin.New(f.config()))
	made, err := client.Backup(t.Context(), "/backups/new")
	if err != nil || made.Dir != "/backups/new" || made.Data != "/data" || made.Queued != 2 || made.Shared != 4 {
		t.Errorf("%+v, %v", made, err)
	}
	var refused *admin.AnswerError
	if _, err := client.Backup(t.Context(), "/backups/full"); !errors.As(err, &refused) || refused.Status != http.StatusConflict || !strings.Contains(err.Error(), "it is not empty") {
		t.Errorf("a full folder: %v", err)
	}
	f.fail(errors.New("the disk of the backups is full"))
	if _, err := client.Backup(t.Context(), "/backups/new"); !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable || !strings.Contains(err.Error(), "the disk of the backups is full; nothing was left of it") {
		t.Errorf("a full disk: %v", err)
	}
}

func TestRefusedBackups(t *testing.T) {
	h := admin.New(history().config())
	const hint = `; send {\"dir\":\"/path/of/a/new/folder\"}`
	for body, expect := range map[string]string{
		``:                            `Invalid body|EOF` + hint,
		`{"dir":"/backups/new"}{}`:    `Invalid body|something follows the object` + hint,
		`{"dir":"/backups/new"`:       `Invalid body|unexpected EOF` + hint,
		`{"folder":"/backups/new"}`:   `Invalid body|unknown field \"folder\"` + hint,
		`{"dir":""}`:                  `Invalid dir|dir must be the absolute path of a folder, on the machine of the host, that does not exist yet`,
		`{"dir":"/backups\u0000new"}`: `Invalid dir|dir must be the absolute path of a folder, on the machine of the host, that does not exist yet`,
	} {
		message, detail, _ := strings.Cut(expect, "|")
		want(t, post(h, "POST", "/api/v1/backup", body), 400, fmt.Sprintf(`{"error":"%s","detail":"%s"}`, message, detail))
	}
	want(t, post(h, "POST", "/api/v1/backup", `{"dir":"/`+strings.Repeat("a", 33<<10)+`"}`), 413,
		`{"error":"Request size too large","detail":"at most 32768 bytes are taken; no path is as long as this"}`)
	form := func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	want(t, post(h, "POST", "/api/v1/backup", `{"dir":"/backups/new"}`, form), 415,
		`{"error":"Unsupported media type","detail":"send Content-Type: application/json"}`)
}

// Bodies are read alike wherever one is: with the mark that some editors begin a file with, and whole.
func TestBodiesAreReadAlike(t *testing.T) {
	h := admin.New(history().config())
	for path, body := range map[string]string{"/api/v1/backup": `{"dir":"/backups/new"}`, "/api/v1/dead/retry": `{"filter":{}}`} {
		if w := post(h, "POST", path, "\uFEFF"+body); w.Code != http.StatusOK {
			t.Errorf("%s with a byte order mark: %d %s", path, w.Code, w.Body)
		}
		broken := func(r *http.Request) {
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(body[:5]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		}
		want(t, post(h, "POST", path, "", broken), 400, `{"error":"Invalid body","detail":"the body did not come whole"}`)
	}
}

// TestBackupEndsWithItsAsker lets the asker go, and the host shut down, in the middle of a backup that takes longer than
// other answers may.
func TestBackupEndsWithItsAsker(t *testing.T) {
	done := make(chan struct{})
	began, ended := make(chan struct{}), make(chan error)
	_, client := serve(t, admin.New(admin.Config{Stats: fine, Done: done, Backup: func(ctx context.Context, _ string) (admin.Backup, error) {
		began <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return admin.Backup{}, ctx.Err()
	}}))
	client.Timeout = time.Nanosecond
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan error)
	ask := func() {
		_, err := client.Backup(ctx, "/backups/new")
		answered <- err
	}
	go ask()
	<-began
	cancel()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("the client says %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the backup went on")
	}
	ctx = t.Context()
	go ask()
	<-began
	close(done)
	<-ended
	if err := <-answered; err == nil || !strings.Contains(err.Error(), "this host is shutting down") {
		t.Errorf("the client says %v", err)
	}
}
