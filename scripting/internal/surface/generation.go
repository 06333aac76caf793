package surface

// Generation returns the version of the SDKs, 4 or 5, that a name belongs to which a script writes; 0 when both have it, or
// neither, or when it is one small word, such as create and enable, which other things are called as well. The classes are
// left out, too: modules of the SDK name them all. It is asked for each word of a plugin while that is loaded, so it is no
// table that is made of the list; a test holds it to that.
func Generation(name string) int {
	switch name {
	case "AdRevenueSourceAdMob", "AdRevenueSourceAdMost", "AdRevenueSourceAdmob", "AdRevenueSourceAdmost",
		"AdRevenueSourceAdx", "AdRevenueSourceAppLovinMAX", "AdRevenueSourceHeliumChartboost",
		"AdRevenueSourceIronSource", "AdRevenueSourceMopub", "AdRevenueSourcePublisher", "AdRevenueSourceTopOn",
		"AdRevenueSourceUnity", "DataResidencyEU", "DataResidencyTR", "DataResidencyUS", "UrlStrategyChina",
		"UrlStrategyCn", "UrlStrategyCnOnly", "UrlStrategyIndia", "addSessionCallbackParameter",
		"addSessionPartnerParameter", "appWillOpenUrl", "checkForNewAttStatus", "convertUniversalLink",
		"deactivateSKAdNetworkHandling", "disableThirdPartySharing", "getConversionValueUpdatedCallback",
		"getDelayStart", "getReferrer", "getSendInBackground", "getShouldLaunchDeeplink",
		"getSkad4ConversionValueUpdatedCallback", "getUserAgent", "hasAttributionListener",
		"hasConversionValueUpdatedCallbackListener", "hasDeferredDeeplinkCallbackListener",
		"hasEventTrackingFailedListener", "hasEventTrackingSucceededListener", "hasListener",
		"hasSessionTrackingFailedListener", "hasSessionTrackingSucceededListener",
		"hasSkad4ConversionValueUpdatedCallbackListener", "removeSessionCallbackParameter",
		"removeSessionPartnerParameter", "requestTrackingAuthorizationWithCompletionHandler",
		"resetSessionCallbackParameters", "resetSessionPartnerParameters", "sendFirstPackages",
		"setAllowAdServicesInfoReading", "setAllowIdfaReading", "setAllowiAdInfoReading", "setAppSecret",
		"setAttributionCallbackListener", "setCallbackListener", "setConversionValueUpdatedCallbackListener",
		"setCoppaCompliantEnabled", "setDeferredDeeplinkCallbackListener", "setDelayStart", "setDeviceKnown",
		"setEnabled", "setEventBufferingEnabled", "setEventTrackingFailedCallbackListener",
		"setEventTrackingSucceededCallbackListener", "setFinalAndroidAttributionEnabled", "setLinkMeEnabled",
		"setNeedsCost", "setOaidReadingEnabled", "setOfflineMode", "setPlayStoreKidsAppEnabled",
		"setPreinstallTrackingEnabled", "setReadDeviceInfoOnceEnabled", "setReadMobileEquipmentIdentity", "setReceipt",
		"setReceiptForTransactionId", "setSendInBackground", "setSessionTrackingFailedCallbackListener",
		"setSessionTrackingSucceededCallbackListener", "setShouldLaunchDeeplink",
		"setSkad4ConversionValueUpdatedCallbackListener", "setUserAgent", "updateConversionValue",
		"updateConversionValueWithErrorCallback", "updateConversionValueWithSkad4ErrorCallback",
		"updateSkad4ConversionValueWithErrorCallback":
		return 4
	case "addGlobalCallbackParameter", "addGlobalPartnerParameter",
		"disableAdServices", "disableAndroidIdReading", "disableAppSetIdReading", "disableAppTrackingTransparencyUsage",
		"disableCoppaComplianceInDelay", "disableDeferredDeeplinkOpening", "disableDeviceIdsFromPluginsReading",
		"disableDeviceIdsReading", "disableFbIdReading", "disableFireAdIdReading", "disableGoogleAdIdReading",
		"disableIdfaReading", "disableIdfvReading", "disablePlayStoreKidsComplianceInDelay", "disableSkanAttribution",
		"enableCoppaCompliance", "enableCoppaComplianceInDelay", "enableCostDataInAttribution",
		"enableDeviceIdsReadingOnce", "enableFirstSessionDelay", "enableLinkMe", "enablePlayStoreKidsCompliance",
		"enablePlayStoreKidsComplianceInDelay", "enablePreinstallTracking", "enableSendingInBackground",
		"endFirstSessionDelay", "getAdidWithTimeout", "getAttributionWithTimeout", "getRemoteTriggerCallback",
		"getSkanUpdatedCallback", "getThirdPartySharingSettingsChangedCallback",
		"getThirdPartySharingSettingsWithTimeout", "hasAttributionCallback", "hasDeferredDeeplinkCallback",
		"hasEventTrackingFailedCallback", "hasEventTrackingSucceededCallback", "hasRemoteTriggerCallback",
		"hasSessionTrackingFailedCallback", "hasSessionTrackingSucceededCallback", "hasSkanUpdatedCallback",
		"hasThirdPartySharingSettingsChangedCallback", "initSdk", "processAndResolveDeeplink",
		"removeGlobalCallbackParameter", "removeGlobalCallbackParameters", "removeGlobalPartnerParameter",
		"removeGlobalPartnerParameters", "requestAppTrackingAuthorization", "resolveLinkWithUrl",
		"setAttributionCallback", "setDeduplicationId", "setDeferredDeeplinkCallback", "setEventDeduplicationIdsMaxSize",
		"setEventTrackingFailedCallback", "setEventTrackingSucceededCallback", "setExternalDeviceIdInDelay",
		"setRemoteTriggerCallback", "setSessionTrackingFailedCallback", "setSessionTrackingSucceededCallback",
		"setSkanUpdatedCallback", "setStoreAppId", "setStoreInfo", "setThirdPartySharingSettingsChangedCallback",
		"switchBackToOnlineMode", "switchToOfflineMode", "updateSkanConversionValue", "verifyAndTrackAppStorePurchase",
		"verifyAndTrackPlayStorePurchase":
		return 5
	default:
		return 0
	}
}
