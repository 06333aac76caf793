package scripting

import (
	"slices"
	"strings"
	"testing"
)

// laterNames are the documented names of version 5 that the runtime does not have yet. The list may become empty.
func laterNames() []string {
	return []string{
		"Adjust.addGlobalCallbackParameter", "Adjust.addGlobalPartnerParameter", "Adjust.disable",
		"Adjust.disableCoppaComplianceInDelay", "Adjust.disablePlayStoreKidsComplianceInDelay", "Adjust.enable",
		"Adjust.enableCoppaComplianceInDelay", "Adjust.enablePlayStoreKidsComplianceInDelay",
		"Adjust.endFirstSessionDelay", "Adjust.getAdidWithTimeout", "Adjust.getAttributionWithTimeout",
		"Adjust.initSdk", "Adjust.processAndResolveDeeplink", "Adjust.removeGlobalCallbackParameter",
		"Adjust.removeGlobalCallbackParameters", "Adjust.removeGlobalPartnerParameter",
		"Adjust.removeGlobalPartnerParameters", "Adjust.requestAppTrackingAuthorization", "Adjust.resolveLinkWithUrl",
		"Adjust.setExternalDeviceIdInDelay", "Adjust.switchBackToOnlineMode", "Adjust.switchToOfflineMode",
		"Adjust.updateSkanConversionValue", "Adjust.verifyAndTrackAppStorePurchase",
		"Adjust.verifyAndTrackPlayStorePurchase", "AdjustConfig.prototype.disableAdServices",
		"AdjustConfig.prototype.disableAppSetIdReading", "AdjustConfig.prototype.disableAppTrackingTransparencyUsage",
		"AdjustConfig.prototype.disableDeferredDeeplinkOpening", "AdjustConfig.prototype.disableIdfaReading",
		"AdjustConfig.prototype.disableIdfvReading", "AdjustConfig.prototype.disableSkanAttribution",
		"AdjustConfig.prototype.enableCoppaCompliance", "AdjustConfig.prototype.enableCostDataInAttribution",
		"AdjustConfig.prototype.enableDeviceIdsReadingOnce", "AdjustConfig.prototype.enableFirstSessionDelay",
		"AdjustConfig.prototype.enableLinkMe", "AdjustConfig.prototype.enablePlayStoreKidsCompliance",
		"AdjustConfig.prototype.enablePreinstallTracking", "AdjustConfig.prototype.enableSendingInBackground",
		"AdjustConfig.prototype.setAttributionCallback", "AdjustConfig.prototype.setDeferredDeeplinkCallback",
		"AdjustConfig.prototype.setEventDeduplicationIdsMaxSize",
		"AdjustConfig.prototype.setEventTrackingFailedCallback",
		"AdjustConfig.prototype.setEventTrackingSucceededCallback", "AdjustConfig.prototype.setRemoteTriggerCallback",
		"AdjustConfig.prototype.setSessionTrackingFailedCallback",
		"AdjustConfig.prototype.setSessionTrackingSucceededCallback", "AdjustConfig.prototype.setSkanUpdatedCallback",
		"AdjustConfig.prototype.setStoreInfo", "AdjustDeeplink", "AdjustDeeplink.prototype.setReferrer",
		"AdjustEvent.prototype.setDeduplicationId", "AdjustStoreInfo", "AdjustStoreInfo.prototype.setStoreAppId",
	}
}

// Every documented name exists in a runtime, and the list of those that are to come names no other.
func TestRuntimeHasTheSurface(t *testing.T) {
	b := newBench(t)
	b.run(`const names = ` + quoteJS(strings.Join(surfaceNames(), " ")) + `.split(' ');
		const missing = names.filter((name) => {
			try { return typeof (0, eval)('(' + name + ')') === 'undefined' } catch (e) { return !(e instanceof TypeError) || !has(name) }
		});
		function has(name) { // a getter that needs an object of the class
			const at = name.lastIndexOf('.');
			return at > 0 && name.slice(at + 1) in (0, eval)('(' + name.slice(0, at) + ')');
		}
		console.log(missing.join(' '));`)
	lines := b.log.take()
	got := strings.Fields(messages(lines, "info")[0])
	want := laterNames()
	slices.Sort(got)
	slices.Sort(want)
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s is documented, and does not exist", name)
		}
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s exists: take it off the list", name)
		}
	}
}
