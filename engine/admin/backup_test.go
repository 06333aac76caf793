package admin_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
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
