package adjust

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// This file finds the app and the device that a config means.

// appTokenPlaceholder is what the documentation writes in place of an app token. It means the default app.
const appTokenPlaceholder = "{YourAppToken}"

// appOf finds the app that a config names. It throws what the SDK would log, because a plugin that hears nothing for
// ever is worse than one that is broken.
func (a *API) appOf(config *goja.Object) engine.App {
	cfg := a.Devices.cfg
	known := knownApps(cfg)
	token, given := text(config.Get("appToken"))
	if !given {
		panic(a.m.NewError("Missing App Token: give the app's token, or " + appTokenPlaceholder + " for the default app; this host knows " + listApps(known)))
	}
	environment, given := text(config.Get("environment"))
	switch {
	case !given:
		panic(a.m.NewError("Missing environment: give AdjustConfig.EnvironmentSandbox or AdjustConfig.EnvironmentProduction"))
	case !engine.Environment(environment).Known():
		panic(a.m.NewError(fmt.Sprintf("Unknown environment '%s': give AdjustConfig.EnvironmentSandbox or AdjustConfig.EnvironmentProduction", environment)))
	}
	if isPlaceholder(token) {
		token = cfg.DefaultApp.Token
	}
	app := engine.App{Token: token, Environment: engine.Environment(environment)}
	if slices.Contains(known, app) {
		return app
	}
	switch {
	case slices.ContainsFunc(known, func(k engine.App) bool { return k.Token == token }):
		panic(a.m.NewError(fmt.Sprintf("App %s is not configured for environment '%s': this host knows %s", token, environment, listApps(known))))
	case len(token) != 12:
		panic(a.m.NewError(fmt.Sprintf("Malformed App Token '%s': it has 12 letters and digits; this host knows %s", token, listApps(known))))
	default:
		panic(a.m.NewError(fmt.Sprintf("Unknown App Token '%s': this host knows %s; add the app to the configuration", token, listApps(known))))
	}
}

// isPlaceholder tells whether a token is the placeholder. The pages of the documentation also write "{Your App Token}" and
// "YourAppToken".
func isPlaceholder(token string) bool {
	bare := strings.NewReplacer(" ", "", "{", "", "}", "")
	return strings.EqualFold(bare.Replace(token), bare.Replace(appTokenPlaceholder))
}

func knownApps(cfg *Settings) []engine.App {
	if slices.Contains(cfg.Apps, cfg.DefaultApp) {
		return cfg.Apps
	}
	return append([]engine.App{cfg.DefaultApp}, cfg.Apps...)
}

func listApps(apps []engine.App) string {
	names := make([]string, len(apps))
	for i, app := range apps {
		names[i] = app.String()
	}
	return strings.Join(names, ", ")
}

// checkLogLevel says what the SDK says about a log level that does not exist. The host's own level is not a script's
// to choose.
func (a *API) checkLogLevel(config *goja.Object) {
	level, given := text(config.Get("logLevel"))
	if !given {
		return
	}
	switch strings.ToUpper(level) {
	case "VERBOSE", "DEBUG", "INFO", "WARN", "ERROR", "ASSERT", "SUPPRESS":
	default:
		a.plugin.Note(zerolog.ErrorLevel, fmt.Sprintf("Malformed logLevel '%s', falling back to 'info'", level))
	}
}

// findDevice finds whom a config acts for: the host's own device, or one that the config names.
func (a *API) findDevice(reg *registration, config *goja.Object) {
	params := maps.Clone(a.Devices.cfg.Device)
	if params == nil {
		params = map[string]string{}
	}
	if id, given := identity(config.Get("externalDeviceId")); given {
		params["external_device_id"] = id
	}
	reg.params = params
	reg.device = a.Devices.device(reg.app, params)
	reg.sessionParams = map[string]string{}
	for field, param := range map[string]string{"defaultTracker": "default_tracker", "isDeviceKnown": "device_known", "needsCost": "needs_cost"} {
		switch s, _ := text(config.Get(a.fieldOf(config, field))); s {
		case "", "false":
		case "true":
			reg.sessionParams[param] = "1"
		default:
			reg.sessionParams[param] = s
		}
	}
	if store, ok := config.Get("storeInfo").(*goja.Object); ok {
		for field, param := range map[string]string{"storeName": "store_name_from_client", "storeAppId": "store_app_id_from_client"} {
			if s, given := text(store.Get(field)); given {
				reg.sessionParams[param] = s
			}
		}
	}
	reg.maxDedupIDs = maxDedupIDs
	if size := a.field(config, "eventDeduplicationIdsMaxSize"); size != nil {
		reg.maxDedupIDs = max(int(size.ToInteger()), 0)
	}
	reg.delaying = reg.generation == 5 && a.isSet(config, a.fieldOf(config, "firstSessionDelayEnabled"))
}
