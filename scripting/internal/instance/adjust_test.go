package instance

import (
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
)

func TestRegistration(t *testing.T) {
	const with = `const c = new AdjustConfig(appToken, environment);
		const say = (text) => function () { console.log(text) };
		`
	for name, test := range map[string]struct {
		source string
		info   []string
		warn   []string
	}{
		"the last setter wins": {
			with + `c.setEventTrackingSucceededCallbackListener(say('first'));
			c.setEventTrackingSucceededCallbackListener(say('second')); Adjust.create(c);`, []string{"second"}, nil,
		},
		"a setter after create is too late": {
			with + `Adjust.create(c);
			c.setEventTrackingSucceededCallbackListener(say('late'));`, nil,
			[]string{"AdjustConfig.setEventTrackingSucceededCallbackListener has no effect after Adjust.create: call it before"},
		},
		"create twice": {
			with + `c.setEventTrackingSucceededCallbackListener(say('once')); Adjust.create(c); Adjust.create(c);`,
			[]string{"once"},
			[]string{"Adjust.create was called before with this config; the second call has no effect"},
		},
		"another config of the same app": {
			with + `c.setEventTrackingSucceededCallbackListener(say('first')); Adjust.create(c);
			const d = new AdjustConfig(appToken, environment);
			d.setEventTrackingSucceededCallbackListener(say('second')); Adjust.create(d);`,
			[]string{"first"},
			[]string{"Adjust already initialized: this plugin has another config of app abc123def456 (sandbox); this one has no effect"},
		},
		"another app": {
			with + `c.setEventTrackingSucceededCallbackListener(say('first')); Adjust.create(c);
			const d = new AdjustConfig('zzz999yyy888', 'production');
			d.setEventTrackingSucceededCallbackListener(say('second')); Adjust.create(d);`, []string{"first", "second"}, nil,
		},
		"null takes a listener away": {
			with + `c.setEventTrackingSucceededCallbackListener(say('x')); c.setEventTrackingSucceededCallbackListener(null);
			Adjust.create(c);`, nil, nil,
		},
		"no listeners (C5)":    {with + `Adjust.create(c);`, nil, nil},
		"nothing created":      {with + `c.setEventTrackingSucceededCallbackListener(say('x'));`, nil, nil},
		"deviceready":          {with + `document.addEventListener('deviceready', () => { c.setEventTrackingSucceededCallbackListener(say('ready')); Adjust.create(c) })`, []string{"ready"}, nil},
		"a bound listener":     {with + `c.setEventTrackingSucceededCallbackListener(function () { console.log(this.text) }.bind({ text: 'bound' })); Adjust.create(c);`, []string{"bound"}, nil},
		"an async one":         {with + `c.setEventTrackingSucceededCallbackListener(async () => { await null; console.log('async') }); Adjust.create(c);`, []string{"async"}, nil},
		"a method":             {with + `const o = { m() { console.log('method') } }; c.setEventTrackingSucceededCallbackListener(o.m); Adjust.create(c);`, []string{"method"}, nil},
		"a proxy":              {with + `c.setEventTrackingSucceededCallbackListener(new Proxy(say('proxy'), {})); Adjust.create(c);`, []string{"proxy"}, nil},
		"a native function":    {with + `c.setEventTrackingSucceededCallbackListener(console.log.bind(null, 'native')); Adjust.create(c);`, nil, nil},
		"componentWillUnmount": {with + `c.setEventTrackingSucceededCallbackListener(say('x')); Adjust.create(c); Adjust.componentWillUnmount();`, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			i := b.run(test.source)
			b.feed(i, eventResponse(engine.Delivered), eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.App = otherApp }))
			lines := b.log.take()
			if name == "a native function" {
				if got := messages(lines, "info"); len(got) != 1 || !strings.HasPrefix(got[0], "native") {
					t.Errorf("printed %q", got)
				}
				return
			}
			if got := messages(lines, "info"); !slices.Equal(got, test.info) {
				t.Errorf("printed %q, want %q", got, test.info)
			}
			if got := messages(lines, "warn"); !slices.Equal(got, test.warn) {
				t.Errorf("warned %q, want %q", got, test.warn)
			}
			for _, line := range lines {
				if line.Level == "warn" && !strings.HasPrefix(line.At, "plugins/x.js:") {
					t.Errorf("the warning has no place: %+v", line)
				}
			}
		})
	}
}

func TestRegistrationErrors(t *testing.T) {
	const known = "this host knows abc123def456 (sandbox), zzz999yyy888 (production)"
	for name, test := range map[string]struct{ source, want string }{
		"null config (1.1)": {`Adjust.create(null)`, "TypeError: Adjust.create needs an AdjustConfig"},
		"undefined config":  {`Adjust.create()`, "TypeError: Adjust.create needs an AdjustConfig"},
		"plain object":      {`Adjust.create({ appToken })`, "TypeError: Adjust.create needs an AdjustConfig"},
		"no token (E5)":     {`Adjust.create(new AdjustConfig(null, environment))`, "Error: Missing App Token: "},
		"short token (E5)":  {`Adjust.create(new AdjustConfig('abc', environment))`, "Error: Malformed App Token 'abc': it has 12 letters and digits; " + known},
		"unknown token":     {`Adjust.create(new AdjustConfig('abcabcabcabc', environment))`, "Error: Unknown App Token 'abcabcabcabc': " + known},
		"no environment":    {`Adjust.create(new AdjustConfig(appToken))`, "Error: Missing environment: "},
		"Other (E6)":        {`Adjust.create(new AdjustConfig(appToken, 'Other'))`, "Error: Unknown environment 'Other': "},
		"wrong environment": {`Adjust.create(new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentProduction))`, "Error: App abc123def456 is not configured for environment 'production': " + known},
		"listener no function": {
			`const c = new AdjustConfig(appToken, environment); c.setEventTrackingFailedCallbackListener('x'); Adjust.create(c)`,
			"TypeError: setEventTrackingFailedCallbackListener needs a function, got 'x'",
		},
		"listener undefined": {
			`const c = new AdjustConfig(appToken, environment); c.setAttributionCallbackListener(undefined); Adjust.create(c)`,
			"TypeError: setAttributionCallbackListener needs a function, got undefined",
		},
		"without new": {`AdjustConfig(appToken, environment)`, "TypeError: "},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if got := b.broken(test.source); !strings.HasPrefix(got.Message, test.want) || got.Line != 1 || got.File != "plugins/x.js" {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// The names of the SDK's JavaScript, versions 4 and 5.
func TestSurface(t *testing.T) {
	b := newBench(t)
	b.run(`
		const missing = [];
		const need = (object, what, names) => names.split(' ').forEach((name) => {
			if (typeof object[name] === 'undefined') missing.push(what + '.' + name);
		});
		need(AdjustConfig, 'AdjustConfig', 'EnvironmentSandbox EnvironmentProduction LogLevelVerbose LogLevelDebug LogLevelInfo ' +
			'LogLevelWarn LogLevelError LogLevelAssert LogLevelSuppress UrlStrategyChina UrlStrategyIndia UrlStrategyCn ' +
			'UrlStrategyCnOnly DataResidencyEU DataResidencyTR DataResidencyUS AdRevenueSourceAppLovinMAX AdRevenueSourceMopub ' +
			'AdRevenueSourceAdMob AdRevenueSourceAdmob AdRevenueSourceIronSource AdRevenueSourceAdMost AdRevenueSourceAdmost ' +
			'AdRevenueSourceUnity AdRevenueSourceHeliumChartboost AdRevenueSourcePublisher AdRevenueSourceTopOn AdRevenueSourceAdx');
		need(AdjustConfig.prototype, 'config', 'setLogLevel setEventBufferingEnabled setSendInBackground setDelayStart ' +
			'setDefaultTracker setExternalDeviceId setUrlStrategy setUserAgent setDeviceKnown setNeedsCost setAppSecret ' +
			'setSdkPrefix getSdkPrefix setCoppaCompliantEnabled setShouldLaunchDeeplink setAttributionCallbackListener ' +
			'setEventTrackingSucceededCallbackListener setEventTrackingFailedCallbackListener ' +
			'setSessionTrackingSucceededCallbackListener setSessionTrackingFailedCallbackListener ' +
			'setDeferredDeeplinkCallbackListener setCallbackListener setConversionValueUpdatedCallbackListener ' +
			'setSkad4ConversionValueUpdatedCallbackListener setFinalAndroidAttributionEnabled setReadDeviceInfoOnceEnabled ' +
			'setPlayStoreKidsAppEnabled setProcessName setPreinstallTrackingEnabled setPreinstallFilePath setOaidReadingEnabled ' +
			'setReferrer setFbAppId setAllowiAdInfoReading setAllowAdServicesInfoReading setAllowIdfaReading setLinkMeEnabled ' +
			'setAttConsentWaitingInterval deactivateSKAdNetworkHandling setReadMobileEquipmentIdentity ' +
			'hasAttributionListener hasEventTrackingSucceededListener hasEventTrackingFailedListener ' +
			'hasSessionTrackingSucceededListener hasSessionTrackingFailedListener hasDeferredDeeplinkCallbackListener ' +
			'hasConversionValueUpdatedCallbackListener hasSkad4ConversionValueUpdatedCallbackListener ' +
			'getUserAgent getDelayStart getReferrer getSendInBackground getShouldLaunchDeeplink getAttributionCallback ' +
			'getEventTrackingSucceededCallback getEventTrackingFailedCallback getSessionTrackingSucceededCallback ' +
			'getSessionTrackingFailedCallback getDeferredDeeplinkCallback getConversionValueUpdatedCallback ' +
			'getSkad4ConversionValueUpdatedCallback');
		need(AdjustConfig.prototype, 'config', 'enableSendingInBackground enableCostDataInAttribution enableCoppaCompliance ' +
			'disableDeferredDeeplinkOpening enableFirstSessionDelay setEventDeduplicationIdsMaxSize setStoreInfo ' +
			'setAttributionCallback setEventTrackingSucceededCallback setEventTrackingFailedCallback ' +
			'setSessionTrackingSucceededCallback setSessionTrackingFailedCallback setDeferredDeeplinkCallback ' +
			'setRemoteTriggerCallback setSkanUpdatedCallback enableDeviceIdsReadingOnce enablePreinstallTracking ' +
			'enablePlayStoreKidsCompliance disableAdServices disableIdfaReading disableIdfvReading disableSkanAttribution ' +
			'enableLinkMe disableAppTrackingTransparencyUsage disableAppSetIdReading hasAttributionCallback');
		need(AdjustDeeplink.prototype, 'deeplink', 'setReferrer'); need(AdjustStoreInfo.prototype, 'store', 'setStoreAppId');
		need(Adjust, 'Adjust', 'initSdk enable disable switchToOfflineMode switchBackToOnlineMode addGlobalCallbackParameter ' +
			'addGlobalPartnerParameter removeGlobalCallbackParameter removeGlobalPartnerParameter removeGlobalCallbackParameters ' +
			'removeGlobalPartnerParameters processAndResolveDeeplink resolveLinkWithUrl endFirstSessionDelay ' +
			'enableCoppaComplianceInDelay disableCoppaComplianceInDelay enablePlayStoreKidsComplianceInDelay ' +
			'disablePlayStoreKidsComplianceInDelay setExternalDeviceIdInDelay getAttributionWithTimeout getAdidWithTimeout ' +
			'verifyAndTrackAppStorePurchase verifyAndTrackPlayStorePurchase requestAppTrackingAuthorization updateSkanConversionValue');
		need(AdjustEvent.prototype, 'event', 'setDeduplicationId setRevenue addCallbackParameter addPartnerParameter setCallbackId setTransactionId ' +
			'setProductId setReceipt setPurchaseToken setReceiptForTransactionId');
		need(AdjustAdRevenue.prototype, 'ad revenue', 'setRevenue setAdImpressionsCount setAdRevenueNetwork setAdRevenueUnit ' +
			'setAdRevenuePlacement addCallbackParameter addPartnerParameter');
		need(AdjustThirdPartySharing.prototype, 'sharing', 'addGranularOption addPartnerSharingSetting');
		need(AdjustAppStoreSubscription.prototype, 'app store', 'setTransactionDate setSalesRegion addCallbackParameter addPartnerParameter');
		need(AdjustPlayStoreSubscription.prototype, 'play store', 'setPurchaseTime addCallbackParameter addPartnerParameter');
		need(globalThis, 'global', 'AdjustAppStorePurchase AdjustPlayStorePurchase AdjustLogLevel AdjustEnvironment ' +
			'AdjustAdRevenueSource appToken environment document structuredClone queueMicrotask setTimeout setInterval ' +
			'setImmediate clearTimeout clearInterval clearImmediate self globalThis console require');
		need(Adjust, 'Adjust', 'create trackEvent setEnabled isEnabled setOfflineMode setPushToken appWillOpenUrl sendFirstPackages ' +
			'trackAdRevenue addSessionCallbackParameter addSessionPartnerParameter removeSessionCallbackParameter ' +
			'removeSessionPartnerParameter resetSessionCallbackParameters resetSessionPartnerParameters gdprForgetMe ' +
			'disableThirdPartySharing trackThirdPartySharing trackMeasurementConsent getAttribution getAdid getSdkVersion ' +
			'getSdkPrefix processDeeplink getLastDeeplink setReferrer trackAppStoreSubscription trackPlayStoreSubscription ' +
			'verifyAppStorePurchase verifyPlayStorePurchase getIdfa getIdfv getGoogleAdId getAmazonAdId ' +
			'requestTrackingAuthorizationWithCompletionHandler getAppTrackingAuthorizationStatus checkForNewAttStatus ' +
			'updateConversionValue updateConversionValueWithErrorCallback updateSkad4ConversionValueWithErrorCallback ' +
			'updateConversionValueWithSkad4ErrorCallback convertUniversalLink componentWillUnmount setTestOptions teardown onResume onPause');
		console.log(missing.join() || 'all there');

		const c = new AdjustConfig('t', 'e');
		console.log([c.hasAttributionListener(), c.getDelayStart(), c.setUserAgent('ua'), c.getUserAgent(), Object.keys(c).length].join());
		c.fbAppId = 'direct'; c.setAppSecret(1, 2n, '3', null, 5);
		console.log([c.fbAppId, c.secretId, c.info1, c.info2, c.info3, c.info4].join());
		const ad = new AdjustAdRevenue('s'); ad.addCallbackParameter('k', 1); ad.addCallbackParameter('k', 'v');
		const share = new AdjustThirdPartySharing(true); share.addPartnerSharingSetting('p', 'k', 'no'); share.addPartnerSharingSetting('p', 'k', false);
		console.log(ad.callbackParameters.join(), share.isEnabled, share.partnerSharingSettings.join());
		console.log(AdjustConfig.name, c.setLogLevel.name, Adjust.create.name, AdjustLogLevel.Verbose, AdjustAdRevenueSource.AdRevenueSourceAdMob, appToken, environment);`)
	lines := b.log.take()
	want := []string{
		"all there", "false,0,,ua,44", "direct,1,2,3,,5", "k,v true p,k,false",
		"AdjustConfig setLogLevel create VERBOSE admob_sdk abc123def456 sandbox",
	}
	if got := messages(lines, "info"); !slices.Equal(got, want) {
		t.Errorf("printed\n  %q\nwant\n  %q", got, want)
	}
}

func TestMissingFeaturesAnswer(t *testing.T) {
	b := newBench(t, func(c *Settings) { c.Device = map[string]string{"gps_adid": "gps-1"} })
	b.run(`
		const say = (name) => (value) => console.log(name, JSON.stringify(value));
		Adjust.getIdfa(say('idfa')); Adjust.getGoogleAdId(say('gps')); Adjust.getAmazonAdId(say('amazon'));
		Adjust.getAppTrackingAuthorizationStatus(say('att'));
		Adjust.updateConversionValueWithErrorCallback(say('skan'), 6); Adjust.updateConversionValueWithErrorCallback(6, say('skan'));
		Adjust.verifyPlayStorePurchase(new AdjustPlayStorePurchase('p', 't'), say('verify'));
		Adjust.getLastDeeplink(say('deeplink')); Adjust.processDeeplink('https://a.b', say('process'));
		Adjust.getAttribution(say('attribution')); Adjust.getAdid(say('adid')); Adjust.isEnabled(say('enabled'));
		Adjust.getSdkVersion(say('version'));
		Adjust.getIdfa(); Adjust.getIdfa('x');
		Adjust.setOfflineMode(true); Adjust.trackMeasurementConsent(true); Adjust.sendFirstPackages();
		console.log('sync');`)
	waitFor(t, func() bool {
		return slices.ContainsFunc(b.log.lines(), func(l logLine) bool { return strings.HasPrefix(l.Message, "version") })
	})
	lines := b.log.take()
	want := []string{
		"Start delay expired or never configured", "sync", `idfa ""`, `gps "gps-1"`, `amazon ""`, `att -1`,
		`skan "SKAdNetwork functionality not available on Android platform"`, `skan "SKAdNetwork functionality not available on Android platform"`,
		`verify {}`, `deeplink ""`, `process "https://a.b"`, `attribution {}`, `adid null`, `enabled true`, `version "cordova4.38.1@trackhook"`,
	}
	if got := messages(lines, "info"); !slices.Equal(got, want) {
		t.Errorf("answered\n  %q\nwant\n  %q", got, want)
	}
	if got := messages(lines, "warn"); len(got) != 2 || got[0] != "Adjust.setOfflineMode is not supported by this host: packages go on being sent" {
		t.Errorf("warned %q", got)
	}
	if got := messages(lines, "debug"); len(got) != 7 || got[0] != "Adjust.getIdfa does nothing on this host" {
		t.Errorf("said %q", got)
	}
}

func TestStructuredClone(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `
		const cycle = { list: [1, , 3], date: new Date(5), re: /a/gi, map: new Map([[{ k: 1 }, new Set([1])]]), err: new RangeError('r'),
			bytes: new Uint8Array([1, 2, 3]).subarray(1) };
		cycle.self = cycle;
		const copy = structuredClone(cycle);
		console.log([copy !== cycle, copy.self === copy, copy.list.length, 1 in copy.list, copy.date.getTime(), String(copy.re),
			copy.map.size, [...copy.map.keys()][0].k, copy.err instanceof RangeError, copy.err.message, copy.bytes.join('-')].join());
		for (const bad of [() => {}, { f() {} }, Symbol('s'), Promise.resolve()]) {
			try { structuredClone(bad); console.log('cloned') } catch (e) { console.log(e.name) }
		}
		function onSuccess(e) { const c = structuredClone(e); c.jsonResponse.adid = 'mine'; console.log(c.message, c.jsonResponse.adid, e.jsonResponse.adid) }`)
	b.feed(i, eventResponse(engine.Delivered))
	b.printed("info", "true,true,3,false,5,/a/gi,1,1,true,r,2-3",
		"DataCloneError", "DataCloneError", "DataCloneError", "DataCloneError", "Event tracked mine adid-1")
}
