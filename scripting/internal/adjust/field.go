package adjust

import (
	"slices"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
)

// The fields of a config have the names of Cordova's version 4 in this package. Version 5 and React Native call some of them
// otherwise, and scripts may write and read them.

// fieldsOfFive are the names of version 5. They stand in configs that were made for it.
var fieldsOfFive = map[string]string{ //nolint:gochecknoglobals // a table
	"sendInBackground":                    "isSendingInBackgroundEnabled",
	"needsCost":                           "isCostDataInAttributionEnabled",
	"readDeviceInfoOnceEnabled":           "isDeviceIdsReadingOnceEnabled",
	"shouldLaunchDeeplink":                "isDeferredDeeplinkOpeningEnabled",
	"coppaCompliantEnabled":               "isCoppaComplianceEnabled",
	"firstSessionDelayEnabled":            "isFirstSessionDelayEnabled",
	"preinstallTrackingEnabled":           "isPreinstallTrackingEnabled",
	"playStoreKidsAppEnabled":             "isPlayStoreKidsComplianceEnabled",
	"appSetIdReadingEnabled":              "isAppSetIdReadingEnabled",
	"allowAdServicesInfoReading":          "isAdServicesEnabled",
	"allowIdfaReading":                    "isIdfaReadingEnabled",
	"allowIdfvReading":                    "isIdfvReadingEnabled",
	"handleSkAdNetwork":                   "isSkanAttributionEnabled",
	"linkMeEnabled":                       "isLinkMeEnabled",
	"appTrackingTransparencyUsageEnabled": "isAppTrackingTransparencyUsageEnabled",
	"deviceIdsReadingEnabled":             "isDeviceIdsReadingEnabled",
	"fbIdReadingEnabled":                  "isFbIdReadingEnabled",
	"googleAdIdReadingEnabled":            "isGoogleAdIdReadingEnabled",
	"androidIdReadingEnabled":             "isAndroidIdReadingEnabled",
	"fireAdIdReadingEnabled":              "isFireAdIdReadingEnabled",
	"deviceIdsFromPluginsReadingEnabled":  "isDeviceIdsFromPluginsReadingEnabled",
}

// fieldOf returns the name of a field in a config.
func (a *API) fieldOf(config *goja.Object, field string) string {
	name, other := fieldsOfFive[field]
	switch five := other && config.Get(fieldsOfFive["needsCost"]) != nil; {
	case !other:
		return field
	case five && a.dialect.ReactNative && field == "allowIdfaReading":
		return "isIdfaReadingAllowed"
	case five && a.dialect.ReactNative && field == "allowIdfvReading":
		return "isIdfvReadingAllowed"
	case five:
		return name
	case a.dialect.ReactNative && field == "handleSkAdNetwork":
		return "skAdNetworkHandling"
	default:
		return field
	}
}

// setField sets a field of a config. Listeners of React Native are there, and are no fields.
func (a *API) setField(config *goja.Object, field string, value goja.Value) {
	isListener := func(l configListener) bool { return l.field == field }
	if a.dialect.ReactNative && slices.ContainsFunc(a.api().listeners, isListener) && config.Get(field) == nil {
		machine.Must(config.DefineDataProperty(field, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		return
	}
	machine.Must(config.Set(a.fieldOf(config, field), value))
}
