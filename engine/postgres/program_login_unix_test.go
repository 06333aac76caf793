//go:build unix

package postgres_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestProgramPassword replaces the password of a host while it runs: it is away until the file has the new one, and goes on then.
func TestProgramPassword(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "fsync=off")
	replace := server.Require(t, "limited", "secret-one")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	folder := t.TempDir()
	file := filepath.Join(folder, "address")
	write := func(password string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("postgres://limited:"+password+"@/postgres?host="+server.Folder()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("secret-one")
	h := startProgram(ctx, t, buildProgram(t), "", "--postgres-file", file, "--app-token", "abc123def456", "--environment", "sandbox", "--plugins", folder,
		"--listen", "127.0.0.1:0", "--endpoint", "http://127.0.0.1:1", "--log-format", "json")
	n := 0
	until := func(status int) {
		t.Helper()
		for got := 0; got != status; {
			if ctx.Err() != nil {
				t.Fatalf("the last status is %d, want %d:\n%s", got, status, h.text())
			}
			n++
			got = post(ctx, h.address+"/event", url.Values{"external_device_id": {"d"}, "event_token": {"abc123"}}, strings.Repeat("k", n))
			engine.Wait(ctx, 10*time.Millisecond)
		}
	}
	until(http.StatusOK)
	replace("secret-two")
	until(http.StatusServiceUnavailable)
	write("secret-two")
	until(http.StatusOK)
	h.stop(t)
	text := h.text()
	if strings.Contains(text, "secret") || !strings.Contains(text, "password authentication failed") || !strings.Contains(text, "the database is back") {
		t.Errorf("the log is:\n%s", text)
	}
	(&shell{t, buildProgram(t), nil}).run(1, "store check --postgres postgres://limited:secret@/postgres?host="+server.Folder(), "user limited or its password is wrong")
}
