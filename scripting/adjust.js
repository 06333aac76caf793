// The Adjust classes of version 4, as every script sees them. host is what adjust.go offers; see bridge there.
// Names, constants and checks: the JavaScript API of Adjust's Cordova and React Native SDKs, version 4.
(function (host) {
  'use strict';

  // Configs that Adjust.create has taken; their setters warn.
  const created = new WeakSet();
  const late = (config, name) => {
    if (created.has(config)) {
      host.log('warn', `AdjustConfig.${name} has no effect after Adjust.create: call it before`);
    }
  };
  const method = (prototype, name, f) => {
    Object.defineProperty(f, 'name', { value: name, configurable: true });
    Object.defineProperty(prototype, name, { value: f, writable: true, configurable: true, enumerable: false });
  };
  // for...of makes an object per step, which would be a good part of what a plugin costs at its start.
  const each = (values, f) => Object.keys(values).forEach((name) => f(name, values[name]));
  const removed = 'Calling deprecated function! This functionality has been removed from the SDK.';

  const logLevels = {
    LogLevelVerbose: 'VERBOSE', LogLevelDebug: 'DEBUG', LogLevelInfo: 'INFO', LogLevelWarn: 'WARN',
    LogLevelError: 'ERROR', LogLevelAssert: 'ASSERT', LogLevelSuppress: 'SUPPRESS',
  };
  const adRevenueSources = {
    AdRevenueSourceAppLovinMAX: 'applovin_max_sdk', AdRevenueSourceMopub: 'mopub',
    AdRevenueSourceAdMob: 'admob_sdk', AdRevenueSourceAdmob: 'admob_sdk',
    AdRevenueSourceIronSource: 'ironsource_sdk',
    AdRevenueSourceAdMost: 'admost_sdk', AdRevenueSourceAdmost: 'admost_sdk',
    AdRevenueSourceUnity: 'unity_sdk', AdRevenueSourceHeliumChartboost: 'helium_chartboost_sdk',
    AdRevenueSourcePublisher: 'publisher_sdk', AdRevenueSourceTopOn: 'topon_sdk', AdRevenueSourceAdx: 'adx_sdk',
  };

  class AdjustConfig {
    constructor(appToken, environment) {
      this.appToken = appToken;
      this.environment = environment;
      this.delayStart = 0.0;
      this.logLevel = null;
      this.userAgent = null;
      this.isDeviceKnown = null;
      this.defaultTracker = null;
      this.externalDeviceId = null;
      this.urlStrategy = null;
      this.sendInBackground = null;
      this.shouldLaunchDeeplink = null;
      this.eventBufferingEnabled = null;
      this.needsCost = null;
      this.attributionCallback = null;
      this.eventTrackingSucceededCallback = null;
      this.eventTrackingFailedCallback = null;
      this.sessionTrackingSucceededCallback = null;
      this.sessionTrackingFailedCallback = null;
      this.deferredDeeplinkCallback = null;
      this.conversionValueUpdatedCallback = null;
      this.skad4ConversionValueUpdatedCallback = null;
      this.coppaCompliantEnabled = null;
      this.readDeviceInfoOnceEnabled = null;
      this.sdkPrefix = null;
      this.secretId = null;
      this.info1 = null;
      this.info2 = null;
      this.info3 = null;
      this.info4 = null;
      this.referrer = null;
      this.processName = null;
      this.readMobileEquipmentIdentity = null;
      this.preinstallTrackingEnabled = null;
      this.preinstallFilePath = null;
      this.oaidReadingEnabled = null;
      this.playStoreKidsAppEnabled = null;
      this.finalAndroidAttributionEnabled = null;
      this.fbAppId = null;
      this.allowiAdInfoReading = null;
      this.allowAdServicesInfoReading = null;
      this.allowIdfaReading = null;
      this.handleSkAdNetwork = null;
      this.linkMeEnabled = null;
      this.attConsentWaitingInterval = null;
    }

    setAppSecret(secretId, info1, info2, info3, info4) {
      late(this, 'setAppSecret');
      const values = { secretId, info1, info2, info3, info4 };
      for (const name of Object.keys(values)) {
        if (values[name] !== null) this[name] = values[name].toString();
      }
    }

    deactivateSKAdNetworkHandling() {
      late(this, 'deactivateSKAdNetworkHandling');
      this.handleSkAdNetwork = false;
    }

    setCallbackListener(listener) {
      console.warn('Calling deprecated function! Use the setAttributionCallbackListener instead.');
      late(this, 'setCallbackListener');
      this.attributionCallback = listener;
    }

    hasListener() {
      console.warn('Calling deprecated function! Use the hasAttributionListener instead.');
      return this.attributionCallback !== null;
    }

    setReadMobileEquipmentIdentity() { console.warn(removed); }

    setAllowiAdInfoReading() { console.warn(removed); }
  }
  Object.assign(AdjustConfig, { EnvironmentSandbox: 'sandbox', EnvironmentProduction: 'production' });
  Object.assign(AdjustConfig, logLevels, {
    UrlStrategyChina: 'china', UrlStrategyIndia: 'india', UrlStrategyCn: 'cn', UrlStrategyCnOnly: 'cn-only',
    DataResidencyEU: 'data-residency-eu', DataResidencyTR: 'data-residency-tr', DataResidencyUS: 'data-residency-us',
  }, adRevenueSources);

  const setters = {
    setLogLevel: 'logLevel', setEventBufferingEnabled: 'eventBufferingEnabled', setSendInBackground: 'sendInBackground',
    setDelayStart: 'delayStart', setDefaultTracker: 'defaultTracker', setExternalDeviceId: 'externalDeviceId',
    setUrlStrategy: 'urlStrategy', setUserAgent: 'userAgent', setDeviceKnown: 'isDeviceKnown', setNeedsCost: 'needsCost',
    setSdkPrefix: 'sdkPrefix', setCoppaCompliantEnabled: 'coppaCompliantEnabled',
    setShouldLaunchDeeplink: 'shouldLaunchDeeplink',
    setAttributionCallbackListener: 'attributionCallback',
    setEventTrackingSucceededCallbackListener: 'eventTrackingSucceededCallback',
    setEventTrackingFailedCallbackListener: 'eventTrackingFailedCallback',
    setSessionTrackingSucceededCallbackListener: 'sessionTrackingSucceededCallback',
    setSessionTrackingFailedCallbackListener: 'sessionTrackingFailedCallback',
    setDeferredDeeplinkCallbackListener: 'deferredDeeplinkCallback',
    setConversionValueUpdatedCallbackListener: 'conversionValueUpdatedCallback',
    setSkad4ConversionValueUpdatedCallbackListener: 'skad4ConversionValueUpdatedCallback',
    setFinalAndroidAttributionEnabled: 'finalAndroidAttributionEnabled',
    setReadDeviceInfoOnceEnabled: 'readDeviceInfoOnceEnabled', setPlayStoreKidsAppEnabled: 'playStoreKidsAppEnabled',
    setProcessName: 'processName', setPreinstallTrackingEnabled: 'preinstallTrackingEnabled',
    setPreinstallFilePath: 'preinstallFilePath', setOaidReadingEnabled: 'oaidReadingEnabled', setReferrer: 'referrer',
    setFbAppId: 'fbAppId', setAllowAdServicesInfoReading: 'allowAdServicesInfoReading',
    setAllowIdfaReading: 'allowIdfaReading', setLinkMeEnabled: 'linkMeEnabled',
    setAttConsentWaitingInterval: 'attConsentWaitingInterval',
  };
  each(setters, (name, field) => {
    method(AdjustConfig.prototype, name, function (value) {
      late(this, name);
      this[field] = value;
    });
  });
  const getters = {
    getUserAgent: 'userAgent', getDelayStart: 'delayStart', getReferrer: 'referrer', getSendInBackground: 'sendInBackground',
    getShouldLaunchDeeplink: 'shouldLaunchDeeplink', getSdkPrefix: 'sdkPrefix',
    getAttributionCallback: 'attributionCallback',
    getEventTrackingSucceededCallback: 'eventTrackingSucceededCallback',
    getEventTrackingFailedCallback: 'eventTrackingFailedCallback',
    getSessionTrackingSucceededCallback: 'sessionTrackingSucceededCallback',
    getSessionTrackingFailedCallback: 'sessionTrackingFailedCallback',
    getDeferredDeeplinkCallback: 'deferredDeeplinkCallback',
    getConversionValueUpdatedCallback: 'conversionValueUpdatedCallback',
    getSkad4ConversionValueUpdatedCallback: 'skad4ConversionValueUpdatedCallback',
  };
  each(getters, (name, field) => method(AdjustConfig.prototype, name, function () { return this[field]; }));
  const askers = {
    hasAttributionListener: 'attributionCallback',
    hasEventTrackingSucceededListener: 'eventTrackingSucceededCallback',
    hasEventTrackingFailedListener: 'eventTrackingFailedCallback',
    hasSessionTrackingSucceededListener: 'sessionTrackingSucceededCallback',
    hasSessionTrackingFailedListener: 'sessionTrackingFailedCallback',
    hasDeferredDeeplinkCallbackListener: 'deferredDeeplinkCallback',
    hasConversionValueUpdatedCallbackListener: 'conversionValueUpdatedCallback',
    hasSkad4ConversionValueUpdatedCallbackListener: 'skad4ConversionValueUpdatedCallback',
  };
  each(askers, (name, field) => method(AdjustConfig.prototype, name, function () { return this[field] !== null; }));

  // Parameters are kept as flat arrays [key, value, key, value ...], as the Cordova SDK keeps them.
  const addPair = (list, key, value) => { list.push(key); list.push(value); };
  const bothStrings = (key, value) => typeof key === 'string' && typeof value === 'string';

  class AdjustEvent {
    constructor(eventToken) {
      this.eventToken = eventToken;
      this.revenue = null;
      this.currency = null;
      this.receipt = null;
      this.productId = null;
      this.transactionId = null;
      this.purchaseToken = null;
      this.callbackId = null;
      this.callbackParameters = [];
      this.partnerParameters = [];
    }

    setRevenue(revenue, currency) {
      this.revenue = revenue;
      this.currency = currency;
    }

    addCallbackParameter(key, value) { addPair(this.callbackParameters, key, value); }

    addPartnerParameter(key, value) { addPair(this.partnerParameters, key, value); }

    setCallbackId(callbackId) { this.callbackId = callbackId; }

    setTransactionId(transactionId) { this.transactionId = transactionId; }

    setProductId(productId) { this.productId = productId; }

    setReceipt(receipt) { this.receipt = receipt; }

    setPurchaseToken(purchaseToken) { this.purchaseToken = purchaseToken; }

    setReceiptForTransactionId() { console.warn(removed); }
  }

  class AdjustAdRevenue {
    constructor(source) {
      this.source = source;
      this.revenue = null;
      this.currency = null;
      this.adImpressionsCount = null;
      this.adRevenueNetwork = null;
      this.adRevenueUnit = null;
      this.adRevenuePlacement = null;
      this.callbackParameters = [];
      this.partnerParameters = [];
    }

    setRevenue(revenue, currency) {
      if (revenue !== null && revenue !== undefined) this.revenue = revenue.toString();
      this.currency = currency;
    }

    setAdImpressionsCount(count) { this.adImpressionsCount = count.toString(); }

    setAdRevenueNetwork(network) { this.adRevenueNetwork = network; }

    setAdRevenueUnit(unit) { this.adRevenueUnit = unit; }

    setAdRevenuePlacement(placement) { this.adRevenuePlacement = placement; }

    addCallbackParameter(key, value) { if (bothStrings(key, value)) addPair(this.callbackParameters, key, value); }

    addPartnerParameter(key, value) { if (bothStrings(key, value)) addPair(this.partnerParameters, key, value); }
  }

  class AdjustThirdPartySharing {
    constructor(isEnabled) {
      if (isEnabled !== null && isEnabled !== undefined) this.isEnabled = isEnabled.toString();
      this.granularOptions = [];
      this.partnerSharingSettings = [];
    }

    addGranularOption(partnerName, key, value) {
      if (typeof partnerName === 'string' && bothStrings(key, value)) this.granularOptions.push(partnerName, key, value);
    }

    addPartnerSharingSetting(partnerName, key, value) {
      if (bothStrings(partnerName, key) && typeof value === 'boolean') {
        this.partnerSharingSettings.push(partnerName, key, value.toString());
      }
    }
  }

  class AdjustAppStoreSubscription {
    constructor(price, currency, transactionId, receipt) {
      Object.assign(this, { price, currency, transactionId, receipt, transactionDate: null, salesRegion: null });
      this.callbackParameters = [];
      this.partnerParameters = [];
    }

    setTransactionDate(transactionDate) { this.transactionDate = transactionDate; }

    setSalesRegion(salesRegion) { this.salesRegion = salesRegion; }

    addCallbackParameter(key, value) { addPair(this.callbackParameters, key, value); }

    addPartnerParameter(key, value) { addPair(this.partnerParameters, key, value); }
  }

  class AdjustPlayStoreSubscription {
    constructor(price, currency, sku, orderId, signature, purchaseToken) {
      Object.assign(this, { price, currency, sku, orderId, signature, purchaseToken, purchaseTime: null });
      this.callbackParameters = [];
      this.partnerParameters = [];
    }

    setPurchaseTime(purchaseTime) { this.purchaseTime = purchaseTime; }

    addCallbackParameter(key, value) { addPair(this.callbackParameters, key, value); }

    addPartnerParameter(key, value) { addPair(this.partnerParameters, key, value); }
  }

  class AdjustAppStorePurchase {
    constructor(receipt, productId, transactionId) { Object.assign(this, { receipt, productId, transactionId }); }
  }

  class AdjustPlayStorePurchase {
    constructor(productId, purchaseToken) { Object.assign(this, { productId, purchaseToken }); }
  }

  const Adjust = {};
  const api = (name, f) => method(Adjust, name, f);

  api('create', (config) => {
    if (!(config instanceof AdjustConfig)) {
      throw new TypeError('Adjust.create needs an AdjustConfig: Adjust.create(new AdjustConfig(appToken, environment))');
    }
    if (created.has(config)) {
      host.log('warn', 'Adjust.create was called before with this config; the second call has no effect');
      return;
    }
    host.create(config);
    created.add(config);
  });
  api('trackEvent', (event) => host.trackEvent(event));
  api('trackAdRevenue', (source, payload) => {
    if (payload !== undefined) host.trackAdRevenuePayload(source, payload);
    else host.trackAdRevenue(source);
  });
  api('gdprForgetMe', () => host.forget());
  api('setEnabled', (enabled) => host.setEnabled(enabled));
  api('isEnabled', (callback) => host.isEnabled(callback));
  api('getAdid', (callback) => host.adid(callback));
  api('getAttribution', (callback) => host.attribution(callback));
  api('getSdkVersion', (callback) => host.answer(callback, `${Adjust.getSdkPrefix()}@trackhook`));
  api('getSdkPrefix', () => 'cordova4.38.1');
  api('setPushToken', (token) => host.pushToken(token));
  api('addSessionCallbackParameter', (key, value) => host.sessionParameter('Callback', 'add', key, value));
  api('addSessionPartnerParameter', (key, value) => host.sessionParameter('Partner', 'add', key, value));
  api('removeSessionCallbackParameter', (key) => host.sessionParameter('Callback', 'remove', key));
  api('removeSessionPartnerParameter', (key) => host.sessionParameter('Partner', 'remove', key));
  api('resetSessionCallbackParameters', () => host.sessionParameter('Callback', 'reset'));
  api('resetSessionPartnerParameters', () => host.sessionParameter('Partner', 'reset'));
  api('sendFirstPackages', () => host.log('info', 'Start delay expired or never configured'));
  api('componentWillUnmount', () => host.unmount());
  api('processDeeplink', (url, callback) => {
    host.missing('Adjust.processDeeplink');
    host.answer(callback, url);
  });

  // What a script may count on and this host does not do: it must not pass unnoticed.
  const refused = {
    setOfflineMode: 'packages go on being sent',
    disableThirdPartySharing: 'nothing was sent to Adjust',
    trackThirdPartySharing: 'nothing was sent to Adjust',
    trackMeasurementConsent: 'nothing was sent to Adjust',
  };
  each(refused, (name, effect) => {
    api(name, () => host.log('warn', `Adjust.${name} is not supported by this host: ${effect}`));
  });

  // What needs a handset, a store or an operating system's prompt: it exists and does nothing.
  ['appWillOpenUrl', 'setReferrer', 'trackAppStoreSubscription', 'trackPlayStoreSubscription', 'checkForNewAttStatus',
    'updateConversionValue', 'setTestOptions', 'teardown', 'onResume', 'onPause',
  ].forEach((name) => api(name, () => host.missing(`Adjust.${name}`)));
  // The same, answering with what the SDK gives where the feature is missing; the number is the callback's place.
  const noSKAN = 'SKAdNetwork functionality not available on Android platform';
  const answers = {
    getLastDeeplink: [0, ''],
    requestTrackingAuthorizationWithCompletionHandler: [0, -1],
    getAppTrackingAuthorizationStatus: [0, -1],
    updateConversionValueWithErrorCallback: [-1, noSKAN],
    updateSkad4ConversionValueWithErrorCallback: [-1, noSKAN],
    updateConversionValueWithSkad4ErrorCallback: [-1, noSKAN],
    verifyAppStorePurchase: [1, {}],
    verifyPlayStorePurchase: [1, {}],
    convertUniversalLink: [2, ''],
  };
  each(answers, (name, answer) => {
    const place = answer[0];
    api(name, (...args) => {
      host.missing(`Adjust.${name}`);
      // The two generations of bindings disagree about the order of some arguments, so the function is looked for.
      host.answer(place < 0 ? args.find((arg) => typeof arg === 'function') : args[place], answer[1]);
    });
  });
  const ids = { getIdfa: 'idfa', getIdfv: 'idfv', getGoogleAdId: 'gps_adid', getAmazonAdId: 'fire_adid' };
  each(ids, (name, parameter) => {
    api(name, (callback) => {
      const id = host.deviceParameter(parameter);
      if (id === '') host.missing(`Adjust.${name}`);
      host.answer(callback, id);
    });
  });

  // A page without elements: the SDK's documentation waits for deviceready, and listens to buttons nobody can press.
  const element = { addEventListener() {}, removeEventListener() {} };
  const document = {
    addEventListener(type, listener) {
      const call = typeof listener === 'object' && listener !== null ? listener.handleEvent : listener;
      if (typeof call !== 'function') return;
      if (type === 'deviceready') host.deviceReady(call);
      else host.missing(`document event ${type}`);
    },
    removeEventListener() {},
    getElementById() {
      host.missing('document.getElementById');
      return element;
    },
  };

  return {
    AdjustConfig, AdjustEvent, AdjustAdRevenue, AdjustThirdPartySharing, AdjustAppStoreSubscription,
    AdjustPlayStoreSubscription, AdjustAppStorePurchase, AdjustPlayStorePurchase, Adjust,
    // The SDKs have no such objects, but their documentation uses them.
    AdjustEnvironment: { Sandbox: 'sandbox', Production: 'production' },
    AdjustLogLevel: {
      Verbose: 'VERBOSE', Debug: 'DEBUG', Info: 'INFO', Warn: 'WARN', Error: 'ERROR', Assert: 'ASSERT', Suppress: 'SUPPRESS',
    },
    AdjustAdRevenueSource: adRevenueSources,
    appToken: host.appToken, environment: host.environment,
    document,
  };
});
