package adjust

import (
	"slices"

	"github.com/dop251/goja"
)

// The methods of AdjustConfig, of both versions. They set the same fields, and what starts the config decides how it
// is read:
//
//	setter                             Adjust.create (version 4)            Adjust.initSdk (version 5)
//	-----------------------------------------------------------------------------------------------------------------
//	set...Callback, ...CallbackListener  the same listener; the last wins     the same (its documentation mixes them)
//	setLogLevel, setDefaultTracker,    takes anything, as text; null takes  strings only: [Adjust] ... is not of type
//	setExternalDeviceId, setSdkPrefix, back what was set                    string, and what was set before stays
//	setPreinstallFilePath, setFbAppId
//	setAttConsentWaitingInterval       takes anything                       integers only, likewise
//	setUrlStrategy                     one constant                         a list and two booleans; by the first argument
//	setEventDeduplicationIdsMaxSize    counts here too                      integers only
//
// The names that a script uses tell its version before it runs (see [Dialect]). Where they do not, because it has both
// starts, a value of the wrong type prints the line of version 5 at once, whatever starts the config later; null and
// undefined, with which scripts of version 4 take a setting back, print it when Adjust.initSdk takes the config.

// configSetter is a method that stores its argument in a field, or a fixed value.
type configSetter struct {
	name, field string
	// fixed is what a method without an argument stores.
	fixed *bool
	// integer and text are what version 5 takes; what is the subject of the line that it prints otherwise.
	integer, text bool
	what          string
	// shared is true when version 4 has the method as well, and takes anything.
	shared bool
	effect configEffect
	// twin is true when another setter stores in the same field.
	twin bool
}

// configEffect is what a host makes of a setting.
type configEffect uint8

const (
	used configEffect = iota
	// idle does nothing on a host, which is said once for those who look for it.
	idle
	// refused does nothing either, and a script may count on it.
	refused
)

// complaint is the line that version 5 prints about a value of the wrong type.
func (s *configSetter) complaint() string {
	if s.integer {
		return "[Adjust] " + s.what + " is not of type integer"
	}
	return "[Adjust] " + s.what + " is not of type string"
}

// takes tells whether version 5 takes a value.
func (s *configSetter) takes(v goja.Value) bool {
	switch {
	case s.text:
		return goja.IsString(v)
	case s.integer:
		return goja.IsNumber(v) && v.ToFloat() == float64(v.ToInteger())
	default:
		return true
	}
}

// configSetters returns every setter, in the order of the documentation.
func configSetters() []configSetter {
	on, off := new(bool), new(bool)
	*on = true
	four := func(name, field string, effect configEffect) configSetter {
		return configSetter{name: name, field: field, effect: effect}
	}
	text := func(name, field, what string, effect configEffect) configSetter {
		return configSetter{name: name, field: field, text: true, shared: true, what: what, effect: effect}
	}
	flag := func(name, field string, value *bool, effect configEffect) configSetter {
		return configSetter{name: name, field: field, fixed: value, effect: effect}
	}
	setters := []configSetter{
		text("setLogLevel", "logLevel", "Log level", used),
		text("setDefaultTracker", "defaultTracker", "Default tracker", used),
		text("setExternalDeviceId", "externalDeviceId", "External device ID", used),
		text("setSdkPrefix", "sdkPrefix", "SDK prefix", used),
		text("setPreinstallFilePath", "preinstallFilePath", "Preinstall file path", idle),
		text("setFbAppId", "fbAppId", "FB app ID", idle),
		{name: "setAttConsentWaitingInterval", field: "attConsentWaitingInterval", integer: true, shared: true, what: "ATT consent waiting interval", effect: idle},
		{name: "setEventDeduplicationIdsMaxSize", field: "eventDeduplicationIdsMaxSize", integer: true, what: "Maximum number of event deduplication IDs"},
		four("setStoreInfo", "storeInfo", used),
		four("setEventBufferingEnabled", "eventBufferingEnabled", idle), four("setSendInBackground", "sendInBackground", idle),
		four("setDelayStart", "delayStart", idle), four("setUserAgent", "userAgent", idle),
		four("setDeviceKnown", "isDeviceKnown", used), four("setNeedsCost", "needsCost", used),
		four("setCoppaCompliantEnabled", "coppaCompliantEnabled", refused),
		four("setShouldLaunchDeeplink", "shouldLaunchDeeplink", idle),
		four("setFinalAndroidAttributionEnabled", "finalAndroidAttributionEnabled", idle),
		four("setReadDeviceInfoOnceEnabled", "readDeviceInfoOnceEnabled", idle),
		four("setPlayStoreKidsAppEnabled", "playStoreKidsAppEnabled", refused), four("setProcessName", "processName", idle),
		four("setPreinstallTrackingEnabled", "preinstallTrackingEnabled", idle),
		four("setOaidReadingEnabled", "oaidReadingEnabled", idle), four("setReferrer", "referrer", idle),
		four("setAllowAdServicesInfoReading", "allowAdServicesInfoReading", idle),
		four("setAllowIdfaReading", "allowIdfaReading", idle), four("setLinkMeEnabled", "linkMeEnabled", idle),
		flag("enableSendingInBackground", "sendInBackground", on, idle),
		flag("enableCostDataInAttribution", "needsCost", on, used),
		flag("enableCoppaCompliance", "coppaCompliantEnabled", on, refused),
		flag("disableDeferredDeeplinkOpening", "shouldLaunchDeeplink", off, idle),
		flag("enableFirstSessionDelay", "firstSessionDelayEnabled", on, used),
		flag("enableDeviceIdsReadingOnce", "readDeviceInfoOnceEnabled", on, idle),
		flag("enablePreinstallTracking", "preinstallTrackingEnabled", on, idle),
		flag("enablePlayStoreKidsCompliance", "playStoreKidsAppEnabled", on, refused),
		flag("enableLinkMe", "linkMeEnabled", on, idle),
		flag("disableAdServices", "allowAdServicesInfoReading", off, idle),
		flag("disableIdfaReading", "allowIdfaReading", off, idle),
		flag("disableIdfvReading", "allowIdfvReading", off, idle),
		flag("disableSkanAttribution", "handleSkAdNetwork", off, idle),
		flag("deactivateSKAdNetworkHandling", "handleSkAdNetwork", off, idle),
		flag("disableAppTrackingTransparencyUsage", "appTrackingTransparencyUsageEnabled", off, idle),
		flag("disableAppSetIdReading", "appSetIdReadingEnabled", off, idle),
		// Later releases of version 5.
		flag("disableDeviceIdsReading", "deviceIdsReadingEnabled", off, idle),
		flag("disableFbIdReading", "fbIdReadingEnabled", off, idle),
		flag("disableGoogleAdIdReading", "googleAdIdReadingEnabled", off, idle),
		flag("disableAndroidIdReading", "androidIdReadingEnabled", off, idle),
		flag("disableFireAdIdReading", "fireAdIdReadingEnabled", off, idle),
		flag("disableDeviceIdsFromPluginsReading", "deviceIdsFromPluginsReadingEnabled", off, idle),
	}
	for _, l := range configListeners() {
		for _, name := range l.setters {
			setters = append(setters, four(name, l.field, used))
		}
	}
	for i := range setters {
		setters[i].twin = slices.ContainsFunc(setters, func(s configSetter) bool {
			return s.field == setters[i].field && (s.fixed != nil) != (setters[i].fixed != nil)
		})
	}
	return setters
}

// configListener is a field of a config that holds a listener.
type configListener struct {
	field string
	// setters are its setters: that of version 4, if there is one, and that of version 5. has and get are the others.
	setters, has, get []string
	// action is what the Cordova SDK asks the device for when the config is started with it.
	action string
	// slot is where the listener is kept; nil when a host never calls it.
	slot func(*registration) *listener
}

// name is what people call the listener.
func (l *configListener) name(generation int) string {
	if generation == 5 || len(l.setters) == 1 {
		return l.setters[len(l.setters)-1]
	}
	return l.setters[0]
}

// configListeners returns all listeners, in the order in which the SDK registers them.
func configListeners() []configListener {
	// usual makes the names that most listeners have.
	usual := func(field, name, has string, slot func(*registration) *listener) configListener {
		return configListener{
			field: field, setters: []string{"set" + name + "CallbackListener", "set" + name + "Callback"},
			has: []string{has, "has" + name + "Callback"}, get: []string{"get" + name + "Callback"}, action: "set" + name + "Callback",
			slot: slot,
		}
	}
	listeners := []configListener{
		usual("attributionCallback", "Attribution", "hasAttributionListener", func(r *registration) *listener { return &r.attribution }),
		usual("eventTrackingSucceededCallback", "EventTrackingSucceeded", "hasEventTrackingSucceededListener", func(r *registration) *listener { return &r.eventSucceeded }),
		usual("eventTrackingFailedCallback", "EventTrackingFailed", "hasEventTrackingFailedListener", func(r *registration) *listener { return &r.eventFailed }),
		usual("sessionTrackingSucceededCallback", "SessionTrackingSucceeded", "hasSessionTrackingSucceededListener", func(r *registration) *listener { return &r.sessionSucceeded }),
		usual("sessionTrackingFailedCallback", "SessionTrackingFailed", "hasSessionTrackingFailedListener", func(r *registration) *listener { return &r.sessionFailed }),
		usual("deferredDeeplinkCallback", "DeferredDeeplink", "hasDeferredDeeplinkCallbackListener", func(r *registration) *listener { return &r.deeplink }),
	}
	for _, only := range []struct{ field, name, setter string }{
		{"conversionValueUpdatedCallback", "ConversionValueUpdated", "setConversionValueUpdatedCallbackListener"},
		{"skad4ConversionValueUpdatedCallback", "Skad4ConversionValueUpdated", "setSkad4ConversionValueUpdatedCallbackListener"},
		{"skanUpdatedCallback", "SkanUpdated", "setSkanUpdatedCallback"},
		{"remoteTriggerCallback", "RemoteTrigger", "setRemoteTriggerCallback"},
		{"thirdPartySharingSettingsChangedCallback", "ThirdPartySharingSettingsChanged", "setThirdPartySharingSettingsChangedCallback"},
	} {
		has := "has" + only.name + "Callback"
		if only.setter != "set"+only.name+"Callback" {
			has += "Listener"
		}
		listeners = append(listeners, configListener{
			field: only.field, setters: []string{only.setter}, has: []string{has}, get: []string{"get" + only.name + "Callback"},
			action: "set" + only.name + "Callback",
		})
	}
	return listeners
}

// configMethods returns every method of a config by its name, and the names in a fixed order.
func configMethods() (map[string]method, []string) {
	var names []string
	methods := map[string]method{}
	define := func(name string, m method) {
		if methods[name] == nil {
			names = append(names, name)
		}
		methods[name] = m
	}
	for _, s := range configSetters() {
		define(s.name, func(a *API, call goja.FunctionCall) goja.Value { return a.set(&s, call) })
	}
	define("setUrlStrategy", (*API).setURLStrategy)
	define("setAppSecret", (*API).setAppSecret)
	deprecated := func(text string, then method) method {
		return func(a *API, call goja.FunctionCall) goja.Value {
			a.console("warn", text)
			return then(a, call)
		}
	}
	ask := func(field string) method {
		return func(a *API, call goja.FunctionCall) goja.Value {
			return a.m.VM.ToValue(a.field(call.This, field) != nil)
		}
	}
	define("setCallbackListener", deprecated("Calling deprecated function! Use the setAttributionCallbackListener instead.", methods["setAttributionCallbackListener"]))
	define("hasListener", deprecated("Calling deprecated function! Use the hasAttributionListener instead.", ask("attributionCallback")))
	define("setReadMobileEquipmentIdentity", (*API).removed)
	define("setAllowiAdInfoReading", func(a *API, call goja.FunctionCall) goja.Value {
		if a.dialect.ReactNative {
			a.setField(call.This.ToObject(a.m.VM), "allowiAdInfoReading", call.Argument(0))
			return goja.Undefined()
		}
		return a.removed(call)
	})
	for _, l := range configListeners() {
		for _, name := range l.has {
			define(name, ask(l.field))
		}
		for _, name := range l.get {
			define(name, getter(l.field))
		}
	}
	for _, get := range [][2]string{
		{"getUserAgent", "userAgent"},
		{"getDelayStart", "delayStart"},
		{"getReferrer", "referrer"},
		{"getSdkPrefix", "sdkPrefix"},
		{"getSendInBackground", "sendInBackground"},
		{"getShouldLaunchDeeplink", "shouldLaunchDeeplink"},
	} {
		define(get[0], getter(get[1]))
	}
	return methods, names
}

// getter makes a method that returns a field, null where it was never there.
func getter(field string) method {
	return func(a *API, call goja.FunctionCall) goja.Value {
		config := call.This.ToObject(a.m.VM)
		if value := config.Get(a.fieldOf(config, field)); value != nil {
			return value
		}
		return goja.Null()
	}
}

// configConstants returns the constants of AdjustConfig, in the order of the documentation.
func configConstants() [][2]string {
	return append([][2]string{
		{"EnvironmentSandbox", "sandbox"},
		{"EnvironmentProduction", "production"},
		{"LogLevelVerbose", "VERBOSE"},
		{"LogLevelDebug", "DEBUG"},
		{"LogLevelInfo", "INFO"},
		{"LogLevelWarn", "WARN"},
		{"LogLevelError", "ERROR"},
		{"LogLevelAssert", "ASSERT"},
		{"LogLevelSuppress", "SUPPRESS"},
		{"UrlStrategyChina", "china"},
		{"UrlStrategyIndia", "india"},
		{"UrlStrategyCn", "cn"},
		{"UrlStrategyCnOnly", "cn-only"},
		{"DataResidencyEU", "data-residency-eu"},
		{"DataResidencyTR", "data-residency-tr"},
		{"DataResidencyUS", "data-residency-us"},
	}, adRevenueConstants()...)
}

// adRevenueConstants holds two names twice: the Cordova and the React Native SDK write them differently.
func adRevenueConstants() [][2]string {
	return [][2]string{
		{"AdRevenueSourceAppLovinMAX", "applovin_max_sdk"},
		{"AdRevenueSourceMopub", "mopub"},
		{"AdRevenueSourceAdMob", "admob_sdk"},
		{"AdRevenueSourceAdmob", "admob_sdk"},
		{"AdRevenueSourceIronSource", "ironsource_sdk"},
		{"AdRevenueSourceAdMost", "admost_sdk"},
		{"AdRevenueSourceAdmost", "admost_sdk"},
		{"AdRevenueSourceUnity", "unity_sdk"},
		{"AdRevenueSourceHeliumChartboost", "helium_chartboost_sdk"},
		{"AdRevenueSourcePublisher", "publisher_sdk"},
		{"AdRevenueSourceTopOn", "topon_sdk"},
		{"AdRevenueSourceAdx", "adx_sdk"},
	}
}
