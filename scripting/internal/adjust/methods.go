package adjust

import (
	"maps"
	"slices"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/view"
)

// The methods of Adjust, of both versions. Those of version 5 that only have another name are the same method:
//
//	version 5                               version 4
//	--------------------------------------------------------------------------------
//	initSdk                                 create
//	enable, disable                         setEnabled
//	switchToOfflineMode, ...BackToOnlineMode setOfflineMode
//	add/remove...GlobalCallbackParameter(s) add/remove/reset...SessionCallbackParameter(s), likewise Partner: one store
//	processDeeplink(AdjustDeeplink)         appWillOpenUrl, processDeeplink(url, callback)
//
// Where one name behaves differently, the version that the script is written for decides (see [API.strict]):
//
//	method             version 4                                     version 5
//	---------------------------------------------------------------------------------------------------
//	getAttribution     {} while none is known, as React Native       the callback waits until one is known
//	getAdid            null while none is known                      the callback waits until one is known
//	setPushToken       anything, as text                             strings only, with the line that it prints
//	trackMeasurementConsent                                          booleans only, likewise
//	trackEvent         the transaction id deduplicates, unless the   only the deduplication id does; the
//	                   event has a deduplication id                  transaction id is sent as order_id
//	getSdkPrefix       cordova4.38.1                                 cordova5.4.1

// adjustMethods returns every method by its name, and the names in a fixed order.
func adjustMethods() (map[string]method, []string) {
	methods := map[string]method{
		"create": (*API).create, "initSdk": (*API).initSDK,
		"trackEvent": (*API).trackEvent, "trackAdRevenue": (*API).trackAdRevenue,
		"gdprForgetMe": (*API).forget,
		"setEnabled": func(a *API, call goja.FunctionCall) goja.Value {
			return a.setEnabled("setEnabled", call.Argument(0).ToBoolean())
		},
		"enable":    func(a *API, _ goja.FunctionCall) goja.Value { return a.setEnabled("enable", true) },
		"disable":   func(a *API, _ goja.FunctionCall) goja.Value { return a.setEnabled("disable", false) },
		"isEnabled": (*API).isEnabled,
		"setOfflineMode": func(a *API, call goja.FunctionCall) goja.Value {
			return a.setOffline("setOfflineMode", call.Argument(0).ToBoolean())
		},
		"switchToOfflineMode":       func(a *API, _ goja.FunctionCall) goja.Value { return a.setOffline("switchToOfflineMode", true) },
		"switchBackToOnlineMode":    func(a *API, _ goja.FunctionCall) goja.Value { return a.setOffline("switchBackToOnlineMode", false) },
		"getAdid":                   (*API).getADID,
		"getAdidWithTimeout":        (*API).getADIDWithTimeout,
		"getAttribution":            (*API).getAttribution,
		"getAttributionWithTimeout": (*API).getAttributionWithTimeout,
		"getSdkVersion": func(a *API, call goja.FunctionCall) goja.Value {
			return a.reply(call.Argument(0), a.m.VM.ToValue(a.prefix()+"@trackhook"))
		},
		"getSdkPrefix":           func(a *API, _ goja.FunctionCall) goja.Value { return a.m.VM.ToValue(a.prefix()) },
		"trackThirdPartySharing": (*API).trackSharing,
		"disableThirdPartySharing": func(a *API, _ goja.FunctionCall) goja.Value {
			return a.share("disableThirdPartySharing", map[string]string{"sharing": "disable"})
		},
		"setPushToken": (*API).pushToken,
		"sendFirstPackages": func(a *API, _ goja.FunctionCall) goja.Value {
			a.plugin.Note(zerolog.InfoLevel, "Start delay expired or never configured")
			return goja.Undefined()
		},
		"endFirstSessionDelay":       (*API).endDelay,
		"setExternalDeviceIdInDelay": (*API).setIDInDelay,
		"componentWillUnmount":       (*API).unmount,
		"processDeeplink":            (*API).processDeeplink,
		"processAndResolveDeeplink":  (*API).processDeeplink,
		"appWillOpenUrl":             (*API).processDeeplink,
		"resolveLinkWithUrl":         (*API).resolveLink,
		"trackMeasurementConsent":    (*API).measurementConsent,
		"updateSkanConversionValue":  (*API).updateSKAN,
	}
	maps.Copy(methods, parameterMethods())
	maps.Copy(methods, unsupportedMethods())
	return methods, slices.Sorted(maps.Keys(methods))
}

// parameterMethods are those that add, remove and reset session parameters, which version 5 calls global.
func parameterMethods() map[string]method {
	methods := map[string]method{}
	for _, kind := range []string{"Callback", "Partner"} {
		for _, p := range []parameterMethod{
			{name: "addSession" + kind + "Parameter", operation: "add"},
			{name: "removeSession" + kind + "Parameter", operation: "remove"},
			{name: "resetSession" + kind + "Parameters", operation: "reset"},
			{name: "addGlobal" + kind + "Parameter", operation: "add", global: true},
			{name: "removeGlobal" + kind + "Parameter", operation: "remove", global: true},
			{name: "removeGlobal" + kind + "Parameters", operation: "reset", global: true},
		} {
			p.kind = kind
			methods[p.name] = func(a *API, call goja.FunctionCall) goja.Value { return a.sessionParameter(&p, call) }
		}
	}
	return methods
}

// unsupportedMethods are those that a host has nothing to do for: each answers its callback with what the SDK gives
// where the feature is missing, and says once that it does nothing.
func unsupportedMethods() map[string]method {
	methods := map[string]method{}
	// What needs a handset, a store or the prompt of an operating system.
	for _, name := range []string{
		"setReferrer", "trackAppStoreSubscription", "trackPlayStoreSubscription", "checkForNewAttStatus", "updateConversionValue",
		"setTestOptions", "teardown", "onResume", "onPause",
	} {
		methods[name] = func(a *API, _ goja.FunctionCall) goja.Value {
			a.once("Adjust." + name)
			return goja.Undefined()
		}
	}
	// What a script may count on: it must not pass unnoticed.
	for name, effect := range map[string]string{
		"enableCoppaComplianceInDelay":          "Adjust is not told",
		"disableCoppaComplianceInDelay":         "Adjust is not told",
		"enablePlayStoreKidsComplianceInDelay":  "Adjust is not told",
		"disablePlayStoreKidsComplianceInDelay": "Adjust is not told",
	} {
		methods[name] = func(a *API, _ goja.FunctionCall) goja.Value { return a.refuse(name, effect) }
	}
	// The two generations of bindings disagree about the order of some arguments, so the callback is looked for.
	const noSKAN = "SKAdNetwork functionality not available on Android platform"
	for name, answer := range map[string]any{
		"getLastDeeplink": "", "convertUniversalLink": "",
		"requestTrackingAuthorizationWithCompletionHandler": -1, "requestAppTrackingAuthorization": -1,
		"getAppTrackingAuthorizationStatus":      -1,
		"updateConversionValueWithErrorCallback": noSKAN, "updateSkad4ConversionValueWithErrorCallback": noSKAN,
		"updateConversionValueWithSkad4ErrorCallback": noSKAN,
		"verifyAppStorePurchase":                      nil, "verifyPlayStorePurchase": nil,
	} {
		methods[name] = func(a *API, call goja.FunctionCall) goja.Value {
			a.once("Adjust." + name)
			return a.reply(callbackOf(call), a.valueOf(answer))
		}
	}
	methods["getThirdPartySharingSettingsWithTimeout"] = func(a *API, call goja.FunctionCall) goja.Value {
		a.once("Adjust.getThirdPartySharingSettingsWithTimeout")
		return a.reply(call.Argument(1), goja.Null())
	}
	for _, name := range []string{"verifyAndTrackAppStorePurchase", "verifyAndTrackPlayStorePurchase"} {
		methods[name] = func(a *API, call goja.FunctionCall) goja.Value {
			a.refuse(name, "nothing was verified, and nothing was tracked; call Adjust.trackEvent")
			return a.reply(callbackOf(call), a.valueOf(nil))
		}
	}
	for name, parameter := range map[string]string{
		"getIdfa": "idfa", "getIdfv": "idfv", "getGoogleAdId": "gps_adid", "getAmazonAdId": "fire_adid",
	} {
		methods[name] = func(a *API, call goja.FunctionCall) goja.Value {
			id := a.acting().params[parameter]
			if id == "" {
				a.once("Adjust." + name)
			}
			return a.reply(call.Argument(0), a.m.VM.ToValue(id))
		}
	}
	return methods
}

// valueOf makes a value; nil stands for an empty object, of which each caller gets its own.
func (a *API) valueOf(v any) goja.Value {
	if v == nil {
		return a.m.VM.NewObject()
	}
	return a.m.VM.ToValue(v)
}

// callbackOf returns the first argument that is a function.
func callbackOf(call goja.FunctionCall) goja.Value {
	for _, arg := range call.Arguments {
		if _, ok := machine.AsFunction(arg); ok {
			return arg
		}
	}
	return goja.Undefined()
}

// prefix is the SDK that the host stands for.
func (a *API) prefix() string {
	if a.strict() {
		return a.sdkPrefix(5)
	}
	return a.sdkPrefix(4)
}

// sdkPrefix is how the JavaScript of an SDK calls itself.
func (a *API) sdkPrefix(generation int) string {
	switch {
	case a.dialect.ReactNative && generation == 5:
		return "react-native5.8.0"
	case a.dialect.ReactNative:
		return "react-native4.38.1"
	case generation == 5:
		return "cordova5.4.1"
	default:
		return "cordova4.38.1"
	}
}

// refuse says that a method does nothing that a script may count on.
func (a *API) refuse(name, effect string) goja.Value {
	a.plugin.Note(zerolog.WarnLevel, "Adjust."+name+" is not supported by this host: "+effect)
	return goja.Undefined()
}

// setOffline is Adjust.setOfflineMode: the host's queue is not a script's to stop.
func (a *API) setOffline(name string, offline bool) goja.Value {
	switch {
	case offline == a.offline && offline:
		a.plugin.Note(zerolog.DebugLevel, "Adjust already in offline mode")
	case offline == a.offline:
		a.plugin.Note(zerolog.DebugLevel, "Adjust already in online mode")
	case offline:
		a.refuse(name, "packages go on being sent")
	}
	a.offline = offline
	return goja.Undefined()
}

// processDeeplink answers with the link itself, because there is nobody to ask what is behind it. It takes the text or
// the object of version 5.
func (a *API) processDeeplink(call goja.FunctionCall) goja.Value {
	a.once("Adjust.processDeeplink")
	link := call.Argument(0)
	if object, ok := link.(*goja.Object); ok {
		link = view.OrUndefined(object.Get("deeplink"))
	}
	return a.reply(call.Argument(1), link)
}

// resolveLink answers with the link itself.
func (a *API) resolveLink(call goja.FunctionCall) goja.Value {
	link := call.Argument(0)
	if !goja.IsString(link) {
		a.console("log", "[Adjust] URL is not of type string")
		return a.reply(call.Argument(2), goja.Null())
	}
	a.once("Adjust.resolveLinkWithUrl")
	return a.reply(call.Argument(2), link)
}

func (a *API) measurementConsent(call goja.FunctionCall) goja.Value {
	if a.strict() && !isBoolean(call.Argument(0)) {
		a.console("log", "[Adjust] Measurement consent is not of type boolean")
		return goja.Undefined()
	}
	return a.refuse("trackMeasurementConsent", "nothing was sent to Adjust")
}

func (a *API) updateSKAN(call goja.FunctionCall) goja.Value {
	value := call.Argument(0)
	if !goja.IsNumber(value) || value.ToFloat() != float64(value.ToInteger()) || !goja.IsString(call.Argument(1)) || !isBoolean(call.Argument(2)) {
		a.console("log", "[Adjust] SKAN parameters are not of a proper data types")
		return goja.Undefined()
	}
	a.once("Adjust.updateSkanConversionValue")
	answer := a.m.VM.NewObject()
	machine.Must(answer.Set("error", "SKAdNetwork functionality not available on Android platform"))
	return a.reply(call.Argument(3), answer)
}
