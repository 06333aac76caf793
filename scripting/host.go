package scripting

import (
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Config says what a [Host] works with. Dir, Engine and DefaultApp are required; every other zero field means its
// default.
type Config struct {
	// Dir is the folder that plugins are dropped into. It is created when it does not exist.
	Dir string
	// Engine hands over responses and takes the packages that scripts track.
	Engine *engine.Engine
	// Apps are the apps that scripts may name in a config; DefaultApp is what {YourAppToken} and the globals appToken and
	// environment mean. DefaultApp is one of Apps, or is added to them.
	Apps       []engine.App
	DefaultApp engine.App
	// Device are the S2S parameters of the host's own device, with at least one identifier. Empty: this host is a gateway
	// and is not measured itself; scripts that track something without setExternalDeviceId get an error.
	Device map[string]string
	// Log receives the host's own lines and what scripts print.
	Log zerolog.Logger
	// Timeout is the time limit for one run of a listener, and for the top level of a script. Default 5 s.
	Timeout time.Duration
	// Debounce is how long a file must have been quiet before it is read. Default 20 ms.
	Debounce time.Duration
	// Poll is how often file contents are compared, as a net for file systems without events. Default 2 s.
	Poll time.Duration
	// Grace is how long promises of a replaced version may go on. Default 5 s.
	Grace time.Duration
}
