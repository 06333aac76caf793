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
// granted. worker is the command line of the process that they run in; nil: in this one.
func ScriptConfig(cfg *config.Config, worker []string) scripting.Config {
	apps, device := cfg.EngineApps(), cfg.Device
	if len(apps) == 0 {
		apps = append(apps, demo.App())
		if len(device) == 0 {
			device = demo.TrialDevice()
		}
	}
	isolation := scripting.InHost
	if len(worker) > 0 {
		isolation = scripting.InProcess
	}
	return scripting.Config{
		Isolation: isolation, Worker: worker,
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
