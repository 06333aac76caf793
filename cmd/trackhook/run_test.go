package main

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
)

// TestStopDuringStart stops a host while it starts, which is no failure, and leaves nothing behind that the next start
// would mind.
func TestStopDuringStart(t *testing.T) {
	dir := t.TempDir()
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags := config.Bind(set, "")
	if err := set.Parse([]string{"--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "data"), "--plugins", filepath.Join(dir, "plugins")}); err != nil {
		t.Fatal(err)
	}
	settings, err := flags.Load(func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for range 2 {
		if err := run(stopped, host.Config{Settings: settings}); err != nil {
			t.Errorf("stopped: %v", err)
		}
	}
}
