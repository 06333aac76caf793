package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/scripting"
)

// ScriptConfig is what scripts run with beside a host: the configured apps, or that of the demo, and what they are
// granted.
func ScriptConfig(cfg *config.Config) scripting.Config {
	apps, device := cfg.EngineApps(), cfg.Device
	if len(apps) == 0 {
		apps = append(apps, demo.App())
		if len(device) == 0 {
			device = demo.TrialDevice()
		}
	}
	return scripting.Config{
		Dir: cfg.PluginsDir, Apps: apps, DefaultApp: apps[0], Device: device, Timeout: cfg.RunTimeout,
		Plugins: cfg.GrantsAtHand(os.LookupEnv),
	}
}

// RequireFolder is for commands that look through a folder of scripts.
func RequireFolder(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return Usage(fmt.Errorf("there is no folder %s; name files, or the folder with --plugins", dir))
	}
	return nil
}
