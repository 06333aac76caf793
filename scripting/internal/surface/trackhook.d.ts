// Code generated from scripting/surface*.go. DO NOT EDIT.

/// <reference lib="es2022" />

type AdjustEnvironment = "sandbox" | "production";
type AdjustLogLevel = "VERBOSE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "ASSERT" | "SUPPRESS";
/** A link as text. Its properties uri and deeplink are the text, as React Native's SDK has them. */
type AdjustDeferredDeeplink = string & { readonly uri: string; readonly deeplink: string };

/** Starts listening, and tracks for the host's own device. */
declare var Adjust: AdjustStatic;
interface AdjustStatic {
  /** Registers the listeners of a config. Set them before: what is set later has no effect. (SDK version 4) */
  create(config: AdjustConfig): void;
  /** Registers the callbacks of a config. Set them before: what is set later has no effect. (SDK version 5) */
  initSdk(config: AdjustConfig): void;
  /** Queues an event of the host's own device. It is on disk when the call returns, and is sent until the server has it. */
  trackEvent(event: AdjustEvent): void;
  /** Queues what the host's own device earned with an advertisement. */
  trackAdRevenue(adRevenue: AdjustAdRevenue): void;
  /** @deprecated The old form, with the details as JSON text. Pass an AdjustAdRevenue instead. (SDK version 4) */
  trackAdRevenue(source: string, payload: string): void;
  /** Tells what of the host's own device may be shared with other companies. */
  trackThirdPartySharing(sharing: AdjustThirdPartySharing): void;
  /** Tells whether the user agreed to be measured, on a handset. This host does not support it: a warning is logged, and Adjust is not told. */
  trackMeasurementConsent(consent: boolean): void;
  /** @deprecated Stops all sharing with other companies. Pass new AdjustThirdPartySharing(false) to trackThirdPartySharing instead. (SDK version 4) */
  disableThirdPartySharing(): void;
  /** Asks for the device to be forgotten. Nothing more is sent for it. */
  gdprForgetMe(): void;
  /** Turns tracking for the host's own device on or off. Listeners are not affected. (SDK version 4) */
  setEnabled(enabled: boolean): void;
  /** Turns tracking for the host's own device on. (SDK version 5) */
  enable(): void;
  /** Turns tracking for the host's own device off. Listeners are not affected. (SDK version 5) */
  disable(): void;
  /** Tells whether tracking is on. */
  isEnabled(callback: (enabled: boolean) => void): void;
  /** Holds back what is queued, or lets it go, on a handset. The queue is not a script's to stop: packages go on being sent. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 4) */
  setOfflineMode(offline: boolean): void;
  /** Holds back what is queued, on a handset. The queue is not a script's to stop: packages go on being sent. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  switchToOfflineMode(): void;
  /** Lets go what switchToOfflineMode holds back on a handset. It does nothing here. (SDK version 5) */
  switchBackToOnlineMode(): void;
  /** Ends the delay that setDelayStart begins on a handset. It does nothing here. (SDK version 4) */
  sendFirstPackages(): void;
  /** Ends the delay that enableFirstSessionDelay began. (SDK version 5) */
  endFirstSessionDelay(): void;
  /** Turns COPPA compliance on while the first session is delayed, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  enableCoppaComplianceInDelay(): void;
  /** Turns COPPA compliance off while the first session is delayed, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  disableCoppaComplianceInDelay(): void;
  /** Sets the device's id while the first session is delayed. (SDK version 5) */
  setExternalDeviceIdInDelay(id: string): void;
  /** Keeps the device's token for push messages. It is sent with the next session. */
  setPushToken(token: string): void;
  /** Adds a parameter for your own callback URL to all that follows. (SDK version 4) */
  addSessionCallbackParameter(key: string, value: string): void;
  /** Adds a parameter for network partners to all that follows. (SDK version 4) */
  addSessionPartnerParameter(key: string, value: string): void;
  /** Takes back one parameter for your own callback URL. (SDK version 4) */
  removeSessionCallbackParameter(key: string): void;
  /** Takes back one parameter for network partners. (SDK version 4) */
  removeSessionPartnerParameter(key: string): void;
  /** Takes back all parameters for your own callback URL. (SDK version 4) */
  resetSessionCallbackParameters(): void;
  /** Takes back all parameters for network partners. (SDK version 4) */
  resetSessionPartnerParameters(): void;
  /** Adds a parameter for your own callback URL to all that follows. (SDK version 5) */
  addGlobalCallbackParameter(key: string, value: string): void;
  /** Adds a parameter for network partners to all that follows. (SDK version 5) */
  addGlobalPartnerParameter(key: string, value: string): void;
  /** Takes back one parameter for your own callback URL. (SDK version 5) */
  removeGlobalCallbackParameter(key: string): void;
  /** Takes back one parameter for network partners. (SDK version 5) */
  removeGlobalPartnerParameter(key: string): void;
  /** Takes back all parameters for your own callback URL. (SDK version 5) */
  removeGlobalCallbackParameters(): void;
  /** Takes back all parameters for network partners. (SDK version 5) */
  removeGlobalPartnerParameters(): void;
  /** Gives the id that Adjust has for the host's own device. Version 4 gives null while there is none, version 5 waits. */
  getAdid(callback: (adid: string | null) => void): void;
  /** As getAdid, but gives null when the time is over. (SDK version 5) */
  getAdidWithTimeout(milliseconds: number, callback: (adid: string | null) => void): void;
  /** Gives where the host's own device came from. Version 4 gives an empty object while that is not known, version 5 waits. */
  getAttribution(callback: (attribution: AdjustAttribution) => void): void;
  /** As getAttribution, but gives null when the time is over. (SDK version 5) */
  getAttributionWithTimeout(milliseconds: number, callback: (attribution: AdjustAttribution | null) => void): void;
  /** Gives what may be shared with other companies, as the server says, as JSON text. A host gives null at once: it asks nobody. It does nothing here. (SDK version 5) */
  getThirdPartySharingSettingsWithTimeout(milliseconds: number, callback: (settings: string | null) => void): void;
  /** Gives the version of the SDK that this host stands in for, such as cordova5.4.1@trackhook. */
  getSdkVersion(callback: (version: string) => void): void;
  /** Returns the SDK that this host stands in for, such as cordova5.4.1. */
  getSdkPrefix(): string;
  /** Tells that the app was opened by a link, on a handset. It does nothing here. (SDK version 4) */
  appWillOpenUrl(url: string): void;
  /** Gives the link itself: this host asks nobody what is behind it, and tells Adjust nothing. It does nothing here. (SDK version 4) */
  processDeeplink(url: string, callback: (resolved: string) => void): void;
  /** Tells that the app was opened by a link, on a handset. It does nothing here. (SDK version 5) */
  processDeeplink(deeplink: AdjustDeeplink): void;
  /** Gives the link itself: this host asks nobody what is behind it, and tells Adjust nothing. It does nothing here. (SDK version 5) */
  processAndResolveDeeplink(deeplink: AdjustDeeplink, callback: (resolved: string) => void): void;
  /** Gives the link itself: this host asks nobody what is behind it. It does nothing here. (SDK version 5) */
  resolveLinkWithUrl(url: string, suffixes: string[], callback: (resolved: string) => void): void;
  /** Gives the link that opened the app last. A host gives "". It needs a handset, and does nothing here. */
  getLastDeeplink(callback: (deeplink: string) => void): void;
  /** Turns a universal link of iOS into one of the app's own scheme. A host gives "". It needs a handset, and does nothing here. (SDK version 4) */
  convertUniversalLink(url: string, scheme: string, callback: (deeplink: string) => void): void;
  /** Drops all listeners. */
  componentWillUnmount(): void;
  /** Passes on the referrer of an Android store. It needs a handset, and does nothing here. (SDK version 4) */
  setReferrer(referrer: string): void;
  /** Tracks a subscription of the App Store. It needs a handset, and does nothing here. */
  trackAppStoreSubscription(subscription: AdjustAppStoreSubscription): void;
  /** Tracks a subscription of the Play Store. It needs a handset, and does nothing here. */
  trackPlayStoreSubscription(subscription: AdjustPlayStoreSubscription): void;
  /** Asks whether a purchase of the App Store is genuine. A host gives an empty object. It needs a handset, and does nothing here. */
  verifyAppStorePurchase(purchase: AdjustAppStorePurchase, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Asks whether a purchase of the Play Store is genuine. A host gives an empty object. It needs a handset, and does nothing here. */
  verifyPlayStorePurchase(purchase: AdjustPlayStorePurchase, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Asks whether a purchase of the App Store is genuine, and tracks the event, on a handset. A host verifies and tracks nothing and gives an empty object: call trackEvent. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  verifyAndTrackAppStorePurchase(event: AdjustEvent, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Asks whether a purchase of the Play Store is genuine, and tracks the event, on a handset. A host verifies and tracks nothing and gives an empty object: call trackEvent. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  verifyAndTrackPlayStorePurchase(event: AdjustEvent, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Gives the advertising id of iOS: idfa of the device in the configuration, or "". */
  getIdfa(callback: (idfa: string) => void): void;
  /** Gives the vendor id of iOS: idfv of the device in the configuration, or "". */
  getIdfv(callback: (idfv: string) => void): void;
  /** Gives the advertising id of Google: gps_adid of the device in the configuration, or "". */
  getGoogleAdId(callback: (id: string) => void): void;
  /** Gives the advertising id of Amazon: fire_adid of the device in the configuration, or "". */
  getAmazonAdId(callback: (id: string) => void): void;
  /** Shows the tracking prompt of iOS. A host gives -1. It needs a handset, and does nothing here. (SDK version 4) */
  requestTrackingAuthorizationWithCompletionHandler(callback: (status: number) => void): void;
  /** Shows the tracking prompt of iOS. A host gives -1. It needs a handset, and does nothing here. (SDK version 5) */
  requestAppTrackingAuthorization(callback: (status: number) => void): void;
  /** Gives what the user answered to the tracking prompt of iOS. A host gives -1. It needs a handset, and does nothing here. */
  getAppTrackingAuthorizationStatus(callback: (status: number) => void): void;
  /** Looks again at what the user answered to the tracking prompt of iOS. It needs a handset, and does nothing here. (SDK version 4) */
  checkForNewAttStatus(): void;
  /** Turns the rules of the Play Store for children on while the first session is delayed, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  enablePlayStoreKidsComplianceInDelay(): void;
  /** Turns the rules of the Play Store for children off while the first session is delayed, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  disablePlayStoreKidsComplianceInDelay(): void;
  /** Sets the SKAdNetwork conversion value. It needs a handset, and does nothing here. (SDK version 4) */
  updateConversionValue(value: number): void;
  /** Sets the SKAdNetwork conversion value and tells how it went: a host tells that it cannot. The Cordova SDK wants the callback first, the one of React Native last. It needs a handset, and does nothing here. (SDK version 4) */
  updateConversionValueWithErrorCallback(...parameters: any[]): void;
  /** Sets the conversion value of SKAdNetwork 4 (the name of the Cordova SDK). It needs a handset, and does nothing here. (SDK version 4) */
  updateSkad4ConversionValueWithErrorCallback(callback: (error: string) => void, fineValue: number, coarseValue: string, lockWindow: boolean): void;
  /** Sets the conversion value of SKAdNetwork 4 (the name of the React Native SDK). It needs a handset, and does nothing here. (SDK version 4) */
  updateConversionValueWithSkad4ErrorCallback(fineValue: number, coarseValue: string, lockWindow: boolean, callback: (error: string) => void): void;
  /** Sets the SKAdNetwork conversion value. It needs a handset, and does nothing here. (SDK version 5) */
  updateSkanConversionValue(value: number, coarseValue: string, lockWindow: boolean, callback: (result: { error: string }) => void): void;
  /** For the SDK's own tests. It needs a handset, and does nothing here. */
  setTestOptions(options: any): void;
  /** For the SDK's own tests. It needs a handset, and does nothing here. */
  teardown(test: any): void;
  /** For the SDK's own tests. It needs a handset, and does nothing here. */
  onResume(test?: any): void;
  /** For the SDK's own tests. It needs a handset, and does nothing here. */
  onPause(test?: any): void;
}

/** Says which app is meant and who hears its answers. Pass it to Adjust.create (or Adjust.initSdk) when all is set. */
declare class AdjustConfig {
  /** A config of one app. "{YourAppToken}" and the globals appToken and environment mean the host's default app. */
  constructor(appToken: string, environment: AdjustEnvironment);
  /** For tests: kept apart from the real numbers. */
  static readonly EnvironmentSandbox: "sandbox";
  /** For the real numbers. */
  static readonly EnvironmentProduction: "production";
  /** Everything. */
  static readonly LogLevelVerbose: "VERBOSE";
  /** What helps to find mistakes. */
  static readonly LogLevelDebug: "DEBUG";
  /** What happens. The default. */
  static readonly LogLevelInfo: "INFO";
  /** What may be wrong. */
  static readonly LogLevelWarn: "WARN";
  /** What is wrong. */
  static readonly LogLevelError: "ERROR";
  /** What must not happen. */
  static readonly LogLevelAssert: "ASSERT";
  /** Nothing. */
  static readonly LogLevelSuppress: "SUPPRESS";
  /** For setUrlStrategy, which a host does not follow. On a handset: servers for China, with others to fall back on. (SDK version 4) */
  static readonly UrlStrategyChina: "china";
  /** For setUrlStrategy, which a host does not follow. On a handset: servers for India, with others to fall back on. (SDK version 4) */
  static readonly UrlStrategyIndia: "india";
  /** For setUrlStrategy, which a host does not follow. On a handset: servers in China, with others to fall back on. (SDK version 4) */
  static readonly UrlStrategyCn: "cn";
  /** For setUrlStrategy, which a host does not follow. On a handset: servers in China only. (SDK version 4) */
  static readonly UrlStrategyCnOnly: "cn-only";
  /** For setUrlStrategy, which a host does not follow. On a handset: data stays in the European Union. (SDK version 4) */
  static readonly DataResidencyEU: "data-residency-eu";
  /** For setUrlStrategy, which a host does not follow. On a handset: data stays in Turkey. (SDK version 4) */
  static readonly DataResidencyTR: "data-residency-tr";
  /** For setUrlStrategy, which a host does not follow. On a handset: data stays in the United States. (SDK version 4) */
  static readonly DataResidencyUS: "data-residency-us";
  /** AppLovin MAX. (SDK version 4) */
  static readonly AdRevenueSourceAppLovinMAX: "applovin_max_sdk";
  /** MoPub. (SDK version 4) */
  static readonly AdRevenueSourceMopub: "mopub";
  /** AdMob. (SDK version 4) */
  static readonly AdRevenueSourceAdMob: "admob_sdk";
  /** AdMob, as the React Native SDK writes it. (SDK version 4) */
  static readonly AdRevenueSourceAdmob: "admob_sdk";
  /** ironSource. (SDK version 4) */
  static readonly AdRevenueSourceIronSource: "ironsource_sdk";
  /** AdMost. (SDK version 4) */
  static readonly AdRevenueSourceAdMost: "admost_sdk";
  /** AdMost, as the React Native SDK writes it. (SDK version 4) */
  static readonly AdRevenueSourceAdmost: "admost_sdk";
  /** Unity. (SDK version 4) */
  static readonly AdRevenueSourceUnity: "unity_sdk";
  /** Helium by Chartboost. (SDK version 4) */
  static readonly AdRevenueSourceHeliumChartboost: "helium_chartboost_sdk";
  /** The app's publisher. (SDK version 4) */
  static readonly AdRevenueSourcePublisher: "publisher_sdk";
  /** TopOn. (SDK version 4) */
  static readonly AdRevenueSourceTopOn: "topon_sdk";
  /** ADX. (SDK version 4) */
  static readonly AdRevenueSourceAdx: "adx_sdk";
  /** Called when a session was accepted. (SDK version 4) */
  setSessionTrackingSucceededCallbackListener(listener: (session: AdjustSessionSuccess) => void | Promise<void>): void;
  /** Called at each attempt to send a session that failed. willRetry tells whether another follows. (SDK version 4) */
  setSessionTrackingFailedCallbackListener(listener: (session: AdjustSessionFailure) => void | Promise<void>): void;
  /** Called when an event was accepted. (SDK version 4) */
  setEventTrackingSucceededCallbackListener(listener: (event: AdjustEventSuccess) => void | Promise<void>): void;
  /** Called at each attempt to send an event that failed. willRetry tells whether another follows. (SDK version 4) */
  setEventTrackingFailedCallbackListener(listener: (event: AdjustEventFailure) => void | Promise<void>): void;
  /** Called when it becomes known, or changes, where a device came from, and with the answer that told it. (SDK version 4) */
  setAttributionCallbackListener(listener: (attribution: AdjustAttribution, session: AdjustSessionSuccess | AdjustSessionFailure) => void | Promise<void>): void;
  /** @deprecated The old name of setAttributionCallbackListener. (SDK version 4) */
  setCallbackListener(listener: (attribution: AdjustAttribution, session: AdjustSessionSuccess | AdjustSessionFailure) => void | Promise<void>): void;
  /** Called when the server has a link for a device that was installed through one, and with the answer that told it. The link is a text; its properties uri and deeplink are the text as well, as React Native's SDK has them. (SDK version 4) */
  setDeferredDeeplinkCallbackListener(listener: (deeplink: AdjustDeferredDeeplink, session: AdjustSessionSuccess | AdjustSessionFailure) => void | Promise<void>): void;
  /** Called when a session was accepted. (SDK version 5) */
  setSessionTrackingSucceededCallback(callback: (session: AdjustSessionTrackingSuccess) => void | Promise<void>): void;
  /** Called at each attempt to send a session that failed. willRetry tells whether another follows. (SDK version 5) */
  setSessionTrackingFailedCallback(callback: (session: AdjustSessionTrackingFailure) => void | Promise<void>): void;
  /** Called when an event was accepted. (SDK version 5) */
  setEventTrackingSucceededCallback(callback: (event: AdjustEventTrackingSuccess) => void | Promise<void>): void;
  /** Called at each attempt to send an event that failed. willRetry tells whether another follows. (SDK version 5) */
  setEventTrackingFailedCallback(callback: (event: AdjustEventTrackingFailure) => void | Promise<void>): void;
  /** Called when it becomes known, or changes, where a device came from, and with the answer that told it. (SDK version 5) */
  setAttributionCallback(callback: (attribution: AdjustAttribution, session: AdjustSessionTrackingSuccess | AdjustSessionTrackingFailure) => void | Promise<void>): void;
  /** Called when the server has a link for a device that was installed through one, and with the answer that told it. (SDK version 5) */
  setDeferredDeeplinkCallback(callback: (deeplink: AdjustDeferredDeeplink, session: AdjustSessionTrackingSuccess | AdjustSessionTrackingFailure) => void | Promise<void>): void;
  /** Called when the server sends a trigger. It needs a handset, and does nothing here. (SDK version 5) */
  setRemoteTriggerCallback(callback: (trigger: AdjustRemoteTrigger) => void | Promise<void>): void;
  /** Called when the SKAdNetwork conversion value changes. It needs a handset, and does nothing here. (SDK version 4) */
  setConversionValueUpdatedCallbackListener(listener: (value: any) => void): void;
  /** Called when the conversion value of SKAdNetwork 4 changes. It needs a handset, and does nothing here. (SDK version 4) */
  setSkad4ConversionValueUpdatedCallbackListener(listener: (value: any) => void): void;
  /** Called when the SKAdNetwork conversion value changes. It needs a handset, and does nothing here. (SDK version 5) */
  setSkanUpdatedCallback(callback: (value: any) => void): void;
  /** Called when the server changes what may be shared with other companies. It needs a handset, and does nothing here. (SDK version 5) */
  setThirdPartySharingSettingsChangedCallback(callback: (value: any) => void): void;
  /** Says how much the SDK logs. The host's own setting decides what is shown. */
  setLogLevel(level: AdjustLogLevel): void;
  /** Says which device this host is. Without it, and without a device in the configuration file, scripts cannot track. */
  setExternalDeviceId(id: string): void;
  /** The link token that counts for devices that came without one. */
  setDefaultTracker(token: string): void;
  /** Says which servers are used, and where data stays, on a handset. A host sends to the endpoint of its configuration file, and warns when a data residency is asked for. It does nothing here. (SDK version 4) */
  setUrlStrategy(strategy: string): void;
  /** Says which servers are used, and where data stays, on a handset. A host sends to the endpoint of its configuration file, and warns when a data residency is asked for. It does nothing here. (SDK version 5) */
  setUrlStrategy(domains: string[], useSubdomains: boolean, isDataResidency: boolean): void;
  /** What is written before the version, on a handset. A host writes that of the SDK that it stands in for. */
  setSdkPrefix(prefix: string): void;
  /** Returns what setSdkPrefix set. (SDK version 4) */
  getSdkPrefix(): string | null;
  /** The user agent that a handset sends. It does nothing here. (SDK version 4) */
  setUserAgent(userAgent: string): void;
  /** Returns what setUserAgent set. (SDK version 4) */
  getUserAgent(): string | null;
  /** Delays the first session, by 10 seconds at most, on a handset. A host needs no delay: what the top level sets is in the first session. It does nothing here. (SDK version 4) */
  setDelayStart(seconds: number): void;
  /** Returns what setDelayStart set. (SDK version 4) */
  getDelayStart(): number;
  /** Delays the first session until Adjust.endFirstSessionDelay. (SDK version 5) */
  enableFirstSessionDelay(): void;
  /** A host always sends. It does nothing here. (SDK version 4) */
  setSendInBackground(enabled: boolean): void;
  /** Returns what setSendInBackground set. (SDK version 4) */
  getSendInBackground(): boolean | null;
  /** A host always sends. It does nothing here. (SDK version 5) */
  enableSendingInBackground(): void;
  /** Sends events together, at intervals, on a handset. A host sends each at once. It does nothing here. (SDK version 4) */
  setEventBufferingEnabled(enabled: boolean): void;
  /** Tells that the device had the app before. (SDK version 4) */
  setDeviceKnown(known: boolean): void;
  /** Asks for what the install cost, as part of the attribution. (SDK version 4) */
  setNeedsCost(needed: boolean): void;
  /** Asks for what the install cost, as part of the attribution. (SDK version 5) */
  enableCostDataInAttribution(): void;
  /** The app secret, in five numbers, which a handset signs with. A host authorizes itself with the token in its configuration file. It does nothing here. (SDK version 4) */
  setAppSecret(id: any, info1: any, info2: any, info3: any, info4: any): void;
  /** Marks the device as a child's, for COPPA, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 4) */
  setCoppaCompliantEnabled(enabled: boolean): void;
  /** Marks the device as a child's, for COPPA, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  enableCoppaCompliance(): void;
  /** Whether a deferred link is opened. A host opens none. It does nothing here. (SDK version 4) */
  setShouldLaunchDeeplink(launch: boolean): void;
  /** Returns what setShouldLaunchDeeplink set. (SDK version 4) */
  getShouldLaunchDeeplink(): boolean | null;
  /** Has deferred links not opened. A host opens none. It does nothing here. (SDK version 5) */
  disableDeferredDeeplinkOpening(): void;
  /** How many deduplication ids are remembered. (SDK version 5) */
  setEventDeduplicationIdsMaxSize(size: number): void;
  /** The store that the app came from. (SDK version 5) */
  setStoreInfo(info: AdjustStoreInfo): void;
  /** Waits for the last word about where a device came from, on a handset. It does nothing here. (SDK version 4) */
  setFinalAndroidAttributionEnabled(enabled: boolean): void;
  /** Returns what setAttributionCallbackListener set. */
  getAttributionCallback(): Function | null;
  /** Returns what setSessionTrackingSucceededCallbackListener set. */
  getSessionTrackingSucceededCallback(): Function | null;
  /** Returns what setSessionTrackingFailedCallbackListener set. */
  getSessionTrackingFailedCallback(): Function | null;
  /** Returns what setEventTrackingSucceededCallbackListener set. */
  getEventTrackingSucceededCallback(): Function | null;
  /** Returns what setEventTrackingFailedCallbackListener set. */
  getEventTrackingFailedCallback(): Function | null;
  /** Returns what setDeferredDeeplinkCallbackListener set. */
  getDeferredDeeplinkCallback(): Function | null;
  /** Returns what setConversionValueUpdatedCallbackListener set. It needs a handset, and does nothing here. (SDK version 4) */
  getConversionValueUpdatedCallback(): Function | null;
  /** Returns what setSkad4ConversionValueUpdatedCallbackListener set. It needs a handset, and does nothing here. (SDK version 4) */
  getSkad4ConversionValueUpdatedCallback(): Function | null;
  /** @deprecated The old name of hasAttributionListener. (SDK version 4) */
  hasListener(): boolean;
  /** Tells whether there is a listener for conversion values. It needs a handset, and does nothing here. (SDK version 4) */
  hasConversionValueUpdatedCallbackListener(): boolean;
  /** Tells whether there is a listener for conversion values of SKAdNetwork 4. It needs a handset, and does nothing here. (SDK version 4) */
  hasSkad4ConversionValueUpdatedCallbackListener(): boolean;
  /** Tells whether there is a listener for attributions. (SDK version 4) */
  hasAttributionListener(): boolean;
  /** Tells whether there is a listener for accepted sessions. (SDK version 4) */
  hasSessionTrackingSucceededListener(): boolean;
  /** Tells whether there is a listener for failed sessions. (SDK version 4) */
  hasSessionTrackingFailedListener(): boolean;
  /** Tells whether there is a listener for accepted events. (SDK version 4) */
  hasEventTrackingSucceededListener(): boolean;
  /** Tells whether there is a listener for failed events. (SDK version 4) */
  hasEventTrackingFailedListener(): boolean;
  /** Tells whether there is a listener for deferred links. (SDK version 4) */
  hasDeferredDeeplinkCallbackListener(): boolean;
  /** Tells whether there is a callback for attributions. (SDK version 5) */
  hasAttributionCallback(): boolean;
  /** Tells whether there is a callback for accepted sessions. (SDK version 5) */
  hasSessionTrackingSucceededCallback(): boolean;
  /** Tells whether there is a callback for failed sessions. (SDK version 5) */
  hasSessionTrackingFailedCallback(): boolean;
  /** Tells whether there is a callback for accepted events. (SDK version 5) */
  hasEventTrackingSucceededCallback(): boolean;
  /** Tells whether there is a callback for failed events. (SDK version 5) */
  hasEventTrackingFailedCallback(): boolean;
  /** Tells whether there is a callback for deferred links. (SDK version 5) */
  hasDeferredDeeplinkCallback(): boolean;
  /** Tells whether there is a callback for conversion values. It needs a handset, and does nothing here. (SDK version 5) */
  hasSkanUpdatedCallback(): boolean;
  /** Tells whether there is a callback for triggers. It needs a handset, and does nothing here. (SDK version 5) */
  hasRemoteTriggerCallback(): boolean;
  /** Tells whether there is a callback for changes of what may be shared. It needs a handset, and does nothing here. (SDK version 5) */
  hasThirdPartySharingSettingsChangedCallback(): boolean;
  /** Returns what setSkanUpdatedCallback set. It needs a handset, and does nothing here. (SDK version 5) */
  getSkanUpdatedCallback(): Function | null;
  /** Returns what setRemoteTriggerCallback set. It needs a handset, and does nothing here. (SDK version 5) */
  getRemoteTriggerCallback(): Function | null;
  /** Returns what setThirdPartySharingSettingsChangedCallback set. It needs a handset, and does nothing here. (SDK version 5) */
  getThirdPartySharingSettingsChangedCallback(): Function | null;
  /** Reads the device's properties once only. It needs a handset, and does nothing here. (SDK version 4) */
  setReadDeviceInfoOnceEnabled(enabled: boolean): void;
  /** Reads the device's ids once only. It needs a handset, and does nothing here. (SDK version 5) */
  enableDeviceIdsReadingOnce(): void;
  /** Follows the rules of the Play Store for children, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 4) */
  setPlayStoreKidsAppEnabled(enabled: boolean): void;
  /** Follows the rules of the Play Store for children, on a handset. This host does not support it: a warning is logged, and Adjust is not told. (SDK version 5) */
  enablePlayStoreKidsCompliance(): void;
  /** The process of an Android app that tracks. It needs a handset, and does nothing here. */
  setProcessName(name: string): void;
  /** Recognizes an app that came with the device. It needs a handset, and does nothing here. (SDK version 4) */
  setPreinstallTrackingEnabled(enabled: boolean): void;
  /** Recognizes an app that came with the device. It needs a handset, and does nothing here. (SDK version 5) */
  enablePreinstallTracking(): void;
  /** The file that tells about an app that came with the device. It needs a handset, and does nothing here. */
  setPreinstallFilePath(path: string): void;
  /** Reads the open advertising id of Android. It needs a handset, and does nothing here. (SDK version 4) */
  setOaidReadingEnabled(enabled: boolean): void;
  /** The referrer of an Android store. It needs a handset, and does nothing here. (SDK version 4) */
  setReferrer(referrer: string): void;
  /** Returns what setReferrer set. It needs a handset, and does nothing here. (SDK version 4) */
  getReferrer(): string | null;
  /** The app's id at Meta, for its install referrer. It needs a handset, and does nothing here. */
  setFbAppId(id: string): void;
  /** The app's id at Meta, as the documentation assigns it. It needs a handset, and does nothing here. */
  fbAppId: string | null;
  /** @deprecated iAd is no more. It needs a handset, and does nothing here. (SDK version 4) */
  setAllowiAdInfoReading(allowed: boolean): void;
  /** Whether AdServices of iOS may be asked. It needs a handset, and does nothing here. (SDK version 4) */
  setAllowAdServicesInfoReading(allowed: boolean): void;
  /** Has AdServices of iOS not asked. It needs a handset, and does nothing here. (SDK version 5) */
  disableAdServices(): void;
  /** Whether the advertising id of iOS may be read. It needs a handset, and does nothing here. (SDK version 4) */
  setAllowIdfaReading(allowed: boolean): void;
  /** Has the advertising id of iOS not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableIdfaReading(): void;
  /** Has the vendor id of iOS not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableIdfvReading(): void;
  /** Has the app set id of Android not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableAppSetIdReading(): void;
  /** Has no id of the device read. It needs a handset, and does nothing here. (SDK version 5) */
  disableDeviceIdsReading(): void;
  /** Has the id of Meta not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableFbIdReading(): void;
  /** Has the advertising id of Google not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableGoogleAdIdReading(): void;
  /** Has the id of Android not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableAndroidIdReading(): void;
  /** Has the advertising id of Amazon not read. It needs a handset, and does nothing here. (SDK version 5) */
  disableFireAdIdReading(): void;
  /** Has no id read through plug-ins of the SDK. It needs a handset, and does nothing here. (SDK version 5) */
  disableDeviceIdsFromPluginsReading(): void;
  /** Leaves SKAdNetwork to the app. It needs a handset, and does nothing here. (SDK version 4) */
  deactivateSKAdNetworkHandling(): void;
  /** Leaves SKAdNetwork to the app. It needs a handset, and does nothing here. (SDK version 5) */
  disableSkanAttribution(): void;
  /** Reads a link from the clipboard of iOS. It needs a handset, and does nothing here. (SDK version 4) */
  setLinkMeEnabled(enabled: boolean): void;
  /** Reads a link from the clipboard of iOS. It needs a handset, and does nothing here. (SDK version 5) */
  enableLinkMe(): void;
  /** How long to wait for the answer to the tracking prompt of iOS. It needs a handset, and does nothing here. */
  setAttConsentWaitingInterval(seconds: number): void;
  /** Does without the tracking prompt of iOS. It needs a handset, and does nothing here. (SDK version 5) */
  disableAppTrackingTransparencyUsage(): void;
  /** @deprecated The hardware's id is no longer read. It needs a handset, and does nothing here. (SDK version 4) */
  setReadMobileEquipmentIdentity(enabled: boolean): void;
}

/** An event of the host's own device. Pass it to Adjust.trackEvent. */
declare class AdjustEvent {
  /** An event by its six-character token. */
  constructor(eventToken: string);
  /** What the event earned, and the currency by its ISO 4217 code, such as "EUR". */
  setRevenue(revenue: number, currency: string): void;
  /** An id of your own. It comes back as callbackId, and stays on this host. */
  setCallbackId(id: string): void;
  /** An id that counts once: another event with it is not counted. (SDK version 5) */
  setDeduplicationId(id: string): void;
  /** The order of a purchase. In version 4, another event with it is not counted. */
  setTransactionId(id: string): void;
  /** The product of a purchase. */
  setProductId(id: string): void;
  /** The Play Store's token of a purchase. */
  setPurchaseToken(token: string): void;
  /** The App Store's receipt of a purchase. It needs a handset, and does nothing here. (SDK version 4) */
  setReceipt(receipt: string): void;
  /** @deprecated Does nothing. It needs a handset, and does nothing here. (SDK version 4) */
  setReceiptForTransactionId(receipt: string, id: string): void;
  /** Adds a parameter for your own callback URL. */
  addCallbackParameter(key: string, value: string): void;
  /** Adds a parameter for network partners. */
  addPartnerParameter(key: string, value: string): void;
}

/** What an advertisement earned. Pass it to Adjust.trackAdRevenue. */
declare class AdjustAdRevenue {
  /** Ad revenue of a source, such as AdjustConfig.AdRevenueSourceAppLovinMAX. */
  constructor(source: string);
  /** What was earned, and the currency by its ISO 4217 code. */
  setRevenue(revenue: number, currency: string): void;
  /** How often the advertisement was seen. */
  setAdImpressionsCount(count: number): void;
  /** The network that paid. */
  setAdRevenueNetwork(network: string): void;
  /** The ad unit. */
  setAdRevenueUnit(unit: string): void;
  /** Where in the app it stood. */
  setAdRevenuePlacement(placement: string): void;
  /** Adds a parameter for your own callback URL. */
  addCallbackParameter(key: string, value: string): void;
  /** Adds a parameter for network partners. */
  addPartnerParameter(key: string, value: string): void;
}

/** What may be shared with other companies. Pass it to Adjust.trackThirdPartySharing. */
declare class AdjustThirdPartySharing {
  /** Allows all sharing, stops it, or with null leaves that open. */
  constructor(isEnabled: boolean | null);
  /** Adds an option for one partner. */
  addGranularOption(partnerName: string, key: string, value: string): void;
  /** Allows or stops the sharing of one kind of data with one partner. */
  addPartnerSharingSetting(partnerName: string, key: string, value: boolean): void;
}

/** A link that opened the app. Adjust.processDeeplink takes it, and tells Adjust nothing of it. (SDK version 5) */
declare class AdjustDeeplink {
  /** A link. */
  constructor(deeplink: string);
  /** Where the link was. It is not sent. */
  setReferrer(referrer: string): void;
}

/** A store that the app came from. Pass it to AdjustConfig.setStoreInfo. (SDK version 5) */
declare class AdjustStoreInfo {
  /** A store by its name. */
  constructor(storeName: string);
  /** The app's id in the store. */
  setStoreAppId(id: string): void;
}

/** A subscription of the App Store. It needs a handset, and does nothing here. */
declare class AdjustAppStoreSubscription {
  /** A subscription, in version 4. (SDK version 4) */
  constructor(price: string, currency: string, transactionId: string, receipt: string);
  /** A subscription, in version 5. (SDK version 5) */
  constructor(price: string, currency: string, transactionId: string);
  /** When it was bought. It needs a handset, and does nothing here. */
  setTransactionDate(date: string): void;
  /** Where it was bought. It needs a handset, and does nothing here. */
  setSalesRegion(region: string): void;
  /** Adds a parameter for your own callback URL. */
  addCallbackParameter(key: string, value: string): void;
  /** Adds a parameter for network partners. */
  addPartnerParameter(key: string, value: string): void;
}

/** A subscription of the Play Store. It needs a handset, and does nothing here. */
declare class AdjustPlayStoreSubscription {
  /** A subscription. */
  constructor(price: string | number, currency: string, sku: string, orderId: string, signature: string, purchaseToken: string);
  /** When it was bought. It needs a handset, and does nothing here. */
  setPurchaseTime(time: string | number): void;
  /** Adds a parameter for your own callback URL. */
  addCallbackParameter(key: string, value: string): void;
  /** Adds a parameter for network partners. */
  addPartnerParameter(key: string, value: string): void;
}

/** A purchase of the App Store. It needs a handset, and does nothing here. */
declare class AdjustAppStorePurchase {
  /** A purchase, in version 4. (SDK version 4) */
  constructor(receipt: string, productId: string, transactionId: string);
  /** A purchase, in version 5. (SDK version 5) */
  constructor(productId: string, transactionId: string);
}

/** A purchase of the Play Store. It needs a handset, and does nothing here. */
declare class AdjustPlayStorePurchase {
  /** A purchase. */
  constructor(productId: string, purchaseToken: string);
}

/** The environments of an app. (Trackhook) */
declare var AdjustEnvironment: AdjustEnvironmentStatic;
interface AdjustEnvironmentStatic {
  /** For tests: kept apart from the real numbers. */
  readonly Sandbox: "sandbox";
  /** For the real numbers. */
  readonly Production: "production";
}

/** The log levels of AdjustConfig.setLogLevel. (Trackhook) */
declare var AdjustLogLevel: AdjustLogLevelStatic;
interface AdjustLogLevelStatic {
  /** Everything. */
  readonly Verbose: "VERBOSE";
  /** What helps to find mistakes. */
  readonly Debug: "DEBUG";
  /** What happens. */
  readonly Info: "INFO";
  /** What may be wrong. */
  readonly Warn: "WARN";
  /** What is wrong. */
  readonly Error: "ERROR";
  /** What must not happen. */
  readonly Assert: "ASSERT";
  /** Nothing. */
  readonly Suppress: "SUPPRESS";
}

/** The sources of ad revenue, as AdjustConfig has them too. (Trackhook) */
declare var AdjustAdRevenueSource: AdjustAdRevenueSourceStatic;
interface AdjustAdRevenueSourceStatic {
  /** AppLovin MAX. */
  readonly AdRevenueSourceAppLovinMAX: "applovin_max_sdk";
  /** MoPub. */
  readonly AdRevenueSourceMopub: "mopub";
  /** AdMob. */
  readonly AdRevenueSourceAdMob: "admob_sdk";
  /** AdMob, as the React Native SDK writes it. */
  readonly AdRevenueSourceAdmob: "admob_sdk";
  /** ironSource. */
  readonly AdRevenueSourceIronSource: "ironsource_sdk";
  /** AdMost. */
  readonly AdRevenueSourceAdMost: "admost_sdk";
  /** AdMost, as the React Native SDK writes it. */
  readonly AdRevenueSourceAdmost: "admost_sdk";
  /** Unity. */
  readonly AdRevenueSourceUnity: "unity_sdk";
  /** Helium by Chartboost. */
  readonly AdRevenueSourceHeliumChartboost: "helium_chartboost_sdk";
  /** The app's publisher. */
  readonly AdRevenueSourcePublisher: "publisher_sdk";
  /** TopOn. */
  readonly AdRevenueSourceTopOn: "topon_sdk";
  /** ADX. */
  readonly AdRevenueSourceAdx: "adx_sdk";
}

/** What came of one attempt to send one session or event. Strings that are not known are "". What a host adds to the documented properties is not listed by Object.keys. */
interface AdjustResponse {
  /** What the server said, or why it could not be asked. */
  message: string;
  /** The server's time, such as "2024-01-02T03:04:05.000Z+0000". */
  timestamp: string;
  /** The id that Adjust has for the device. */
  adid: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write message. (Trackhook) */
  Message: any;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write timestamp. (Trackhook) */
  Timestamp: any;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write adid. (Trackhook) */
  Adid: any;
  /** The id of what was sent: the same at each attempt. (Trackhook) */
  readonly id: string;
  /** Which attempt this was, from 1. (Trackhook) */
  readonly attempt: number;
  /** The HTTP status; 0 when there was no answer. (Trackhook) */
  readonly status: number;
  /** How the host understood the answer: "delivered", "duplicate", "retry", "wait_for_device", "blocked", "unclear", "rejected" or "expired". (Trackhook) */
  readonly outcome: string;
  /** Whether the server had counted it before. (Trackhook) */
  readonly duplicate: boolean;
  /** When it is sent again, if it is. (Trackhook) */
  readonly nextAttemptAt: Date | null;
  /** Whether this is a recorded answer that is played again. (Trackhook) */
  readonly replay: boolean;
  /** The parameters that were sent. (Trackhook) */
  readonly request: AdjustRequest;
  /** The server's answer as it came. (Trackhook) */
  readonly rawBody: string;
}

/** A session that was accepted, as listeners of version 4 get it. (SDK version 4) */
interface AdjustSessionSuccess extends AdjustResponse {
  /** The server's answer as an object, which is its own JSON where a text is needed; null when it was no JSON object. */
  jsonResponse: AdjustJsonResponse | null;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** An attempt to send a session that failed, as listeners of version 4 get it. (SDK version 4) */
interface AdjustSessionFailure extends AdjustResponse {
  /** Whether the host sends it again. false: it does not, unless somebody asks for it. */
  willRetry: boolean;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write willRetry. (Trackhook) */
  WillRetry: any;
  /** The server's answer as an object, which is its own JSON where a text is needed; null when it was no JSON object. */
  jsonResponse: AdjustJsonResponse | null;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** An event that was accepted, as listeners of version 4 get it. (SDK version 4) */
interface AdjustEventSuccess extends AdjustResponse {
  /** The token of the event. */
  eventToken: string;
  /** The id that was given to the event, or "". */
  callbackId: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write eventToken. (Trackhook) */
  EventToken: any;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write callbackId. (Trackhook) */
  CallbackId: any;
  /** The server's answer as an object, which is its own JSON where a text is needed; null when it was no JSON object. */
  jsonResponse: AdjustJsonResponse | null;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** An attempt to send an event that failed, as listeners of version 4 get it. (SDK version 4) */
interface AdjustEventFailure extends AdjustResponse {
  /** The token of the event. */
  eventToken: string;
  /** The id that was given to the event, or "". */
  callbackId: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write eventToken. (Trackhook) */
  EventToken: any;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write callbackId. (Trackhook) */
  CallbackId: any;
  /** Whether the host sends it again. false: it does not, unless somebody asks for it. */
  willRetry: boolean;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write willRetry. (Trackhook) */
  WillRetry: any;
  /** The server's answer as an object, which is its own JSON where a text is needed; null when it was no JSON object. */
  jsonResponse: AdjustJsonResponse | null;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** A session that was accepted, as callbacks of version 5 get it. (SDK version 5) */
interface AdjustSessionTrackingSuccess extends AdjustResponse {
  /** The server's answer as the text that it sent; "" when it was no JSON object. */
  jsonResponse: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** An attempt to send a session that failed, as callbacks of version 5 get it. (SDK version 5) */
interface AdjustSessionTrackingFailure extends AdjustResponse {
  /** Whether the host sends it again. false: it does not, unless somebody asks for it. */
  willRetry: boolean;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write willRetry. (Trackhook) */
  WillRetry: any;
  /** The server's answer as the text that it sent; "" when it was no JSON object. */
  jsonResponse: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** An event that was accepted, as callbacks of version 5 get it. (SDK version 5) */
interface AdjustEventTrackingSuccess extends AdjustResponse {
  /** The token of the event. */
  eventToken: string;
  /** The id that was given to the event, or "". */
  callbackId: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write eventToken. (Trackhook) */
  EventToken: any;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write callbackId. (Trackhook) */
  CallbackId: any;
  /** The server's answer as the text that it sent; "" when it was no JSON object. */
  jsonResponse: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** An attempt to send an event that failed, as callbacks of version 5 get it. (SDK version 5) */
interface AdjustEventTrackingFailure extends AdjustResponse {
  /** The token of the event. */
  eventToken: string;
  /** The id that was given to the event, or "". */
  callbackId: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write eventToken. (Trackhook) */
  EventToken: any;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write callbackId. (Trackhook) */
  CallbackId: any;
  /** Whether the host sends it again. false: it does not, unless somebody asks for it. */
  willRetry: boolean;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write willRetry. (Trackhook) */
  WillRetry: any;
  /** The server's answer as the text that it sent; "" when it was no JSON object. */
  jsonResponse: string;
  /** @deprecated The name in the tables of the documentation; its examples, and the SDKs, write jsonResponse. (Trackhook) */
  JsonResponse: any;
}

/** The server's answer. It may have anything else. */
interface AdjustJsonResponse {
  /** What the server said. */
  message?: string;
  /** What the server refused. */
  error?: string;
  /** The server's time. */
  timestamp?: string;
  /** The id that Adjust has for the device. */
  adid?: string;
  /** After how many milliseconds to ask for the attribution. */
  ask_in?: number;
  /** After how many milliseconds to send again. */
  retry_in?: number;
  /** Where the device came from. */
  attribution?: Record<string, any>;
  /** Whatever else the server said. */
  [name: string]: any;
}

/** The parameters that were sent, without what authenticates the sender. (Trackhook) */
interface AdjustRequest {
  /** The app. */
  app_token: string;
  /** Its environment. */
  environment: string;
  /** When it happened, in seconds since 1970. */
  created_at_unix?: string;
  /** The parameters for your own callback URL. */
  callback_params?: Record<string, string>;
  /** The parameters for network partners. */
  partner_params?: Record<string, string>;
  /** Whatever else was sent, such as event_token and revenue. */
  [name: string]: any;
}

/** Where a device came from. Strings that are not known are "". */
interface AdjustAttribution {
  /** The token of the link. */
  trackerToken: string;
  /** The name of the link. */
  trackerName: string;
  /** The network. */
  network: string;
  /** The campaign. */
  campaign: string;
  /** The ad group. */
  adgroup: string;
  /** The creative. */
  creative: string;
  /** The label of the click. */
  clickLabel: string;
  /** The id that Adjust has for the device. In version 5 it is not listed by Object.keys. */
  adid: string;
  /** How the install was paid for, such as "CPI". */
  costType: string;
  /** What the install cost. Where that is not known, it is "", and 0 in scripts that import react-native-adjust. */
  costAmount: number | "";
  /** The currency of that. */
  costCurrency: string;
  /** The install referrer of Meta. */
  fbInstallReferrer: string;
  /** The server's words, as JSON text. (SDK version 5) */
  jsonResponse?: string;
  /** Which device it is, as KIND=ID, such as "external_device_id=kiosk-17". (Trackhook) */
  readonly device: string;
  /** The answer that told it, in a listener. Adjust.getAttribution gives none. (Trackhook) */
  readonly response?: AdjustSessionSuccess | AdjustSessionFailure | AdjustSessionTrackingSuccess | AdjustSessionTrackingFailure;
}

/** A trigger from the server. (SDK version 5) */
interface AdjustRemoteTrigger {
  /** The name of the trigger. */
  label: string;
  /** What came with it, as JSON text; "{}" when there was nothing. */
  payloadJson: string;
}

/** What a store said about a purchase. A host gives an empty object. It needs a handset, and does nothing here. */
interface AdjustPurchaseVerificationResult {
  /** Whether the purchase is genuine. It needs a handset, and does nothing here. */
  verificationStatus?: string;
  /** The answer as a number. It needs a handset, and does nothing here. */
  code?: string;
  /** The answer in words. It needs a handset, and does nothing here. */
  message?: string;
}

/** The default app's token, from the host's configuration. */
declare var appToken: string;
/** The default app's environment, from the host's configuration. */
declare var environment: AdjustEnvironment;
/** All apps of the host's configuration, the default app first. A config for each of them hears all. */
declare var apps: { appToken: string; environment: AdjustEnvironment }[];
/** The global object. */
declare var self: typeof globalThis;

/** Prints lines to the host's log, at the level of the method's name. Objects are printed as in Node. */
declare var console: {
  /** Prints a line at level info. The first text may hold %s, %d, %i, %f, %j, %o, %O and %c. */
  log(...values: any[]): void;
  /** Prints a line at level info. */
  info(...values: any[]): void;
  /** Prints a line at level debug. */
  debug(...values: any[]): void;
  /** Prints a line at level warn. */
  warn(...values: any[]): void;
  /** Prints a line at level error. */
  error(...values: any[]): void;
  /** Prints a line at level info, with the place that it was called from. */
  trace(...values: any[]): void;
  /** Prints one value, as deep as depth says; null is all of it. */
  dir(value: any, options?: { depth?: number | null }): void;
  /** Prints values, as log does. */
  dirxml(...values: any[]): void;
  /** Prints a list or an object of rows as a table. */
  table(data: any, columns?: string[]): void;
  /** Prints an error when the condition does not hold. */
  assert(condition?: any, ...values: any[]): void;
  /** Does nothing: a log is not cleared. */
  clear(): void;
  /** Prints how often it was called with this label. */
  count(label?: string): void;
  /** Starts the count of a label again. */
  countReset(label?: string): void;
  /** Prints a line, and indents what follows. */
  group(...values: any[]): void;
  /** The same as group: a log is not folded. */
  groupCollapsed(...values: any[]): void;
  /** Ends the last group. */
  groupEnd(): void;
  /** Starts a stopwatch. */
  time(label?: string): void;
  /** Prints what a stopwatch shows. */
  timeLog(label?: string, ...values: any[]): void;
  /** Prints what a stopwatch shows, and ends it. */
  timeEnd(label?: string): void;
};

/** Calls back once, after some time. The timers of a version end with it. */
declare function setTimeout(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): number;
/** Calls back again and again. */
declare function setInterval(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): number;
/** Calls back when what runs now is done. */
declare function setImmediate(callback: (...values: any[]) => void, ...values: any[]): number;
/** Ends what setTimeout has started. */
declare function clearTimeout(timer?: number | string | null): void;
/** Ends what setInterval has started. */
declare function clearInterval(timer?: number | string | null): void;
/** Ends what setImmediate has started. */
declare function clearImmediate(timer?: number | string | null): void;
/** Calls back as a promise does: before anything else runs. */
declare function queueMicrotask(callback: () => void): void;
/** Makes a deep copy. Functions, promises and objects of the host cannot be copied. */
declare function structuredClone<T>(value: T, options?: { transfer?: ArrayBuffer[] }): T;

/** The process that scripts see: what was granted, and what packages that were written for Node ask for. */
declare var process: {
  /** The environment variables that the configuration file grants to this plugin. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls a function after the code that runs, in the order of promise jobs. */
  nextTick(callback: (...values: any[]) => void, ...values: any[]): void;
  /** Seconds and nanoseconds since the start, or since an earlier result. */
  hrtime: { (since?: [number, number]): [number, number]; bigint(): bigint };
  /** Seconds since the start. */
  uptime(): number;
  /** A module of Node, such as "events"; undefined where there is none of that name. */
  getBuiltinModule(name: string): any;
  /** Prints a warning. */
  emitWarning(warning: string | Error, type?: any, code?: string): void;
  /** Prints what is written to it. */
  stdout: { write(data: string | Uint8Array): boolean; [name: string]: any };
  /** Prints what is written to it, at level error. */
  stderr: { write(data: string | Uint8Array): boolean; [name: string]: any };
  /** Throws: a plugin lives as long as its host. */
  exit(code?: number): never;
  /** The same on every host: scripts see nothing of the machine. */
  platform: string;
  arch: string;
  title: string;
  version: string;
  versions: { node: string };
  release: { name: string };
  argv: string[];
  argv0: string;
  execArgv: string[];
  execPath: string;
  pid: number;
  ppid: number;
  exitCode: number | undefined;
  cwd(): string;
  memoryUsage(): { rss: number; heapTotal: number; heapUsed: number; external: number; arrayBuffers: number };
  /** Nothing happens to the process of a plugin: none of these listeners is called. */
  on(name: any, listener: any): any;
  once(name: any, listener: any): any;
  off(name: any, listener: any): any;
  addListener(name: any, listener: any): any;
  removeListener(name: any, listener: any): any;
  removeAllListeners(name?: any): any;
  prependListener(name: any, listener: any): any;
  prependOnceListener(name: any, listener: any): any;
  setMaxListeners(n: number): any;
  emit(name: any, ...values: any[]): boolean;
  listeners(name: any): any[];
  listenerCount(name: any): number;
  eventNames(): any[];
};
/** The time since the plugin's start, on a clock that never goes back. */
declare var performance: {
  /** When the clock started, in milliseconds since 1970. */
  readonly timeOrigin: number;
  /** The milliseconds since then. */
  now(): number;
  /** Returns an object for JSON. */
  toJSON(): any;
};

/** Only what the SDK's documentation uses: deviceready is told at once, and there are no elements. */
declare var document: {
  /** Calls back for deviceready, at once. Nothing else ever happens. */
  addEventListener(type: string, listener: ((event?: any) => void) | { handleEvent(event?: any): void }, options?: any): void;
  /** Does nothing. */
  removeEventListener(type: string, listener: any, options?: any): void;
  /** Returns an element that nothing ever happens to. */
  getElementById(id: string): any;
};

/** Texts under names. */
declare class Storage {
  private constructor();
  /** How many there are. */
  readonly length: number;
  /** Returns the name at an index, or null. */
  key(index: number): string | null;
  /** Returns a text, or null. */
  getItem(key: string): string | null;
  /** Stores a text. It throws a QuotaExceededError when there is no room. */
  setItem(key: string, value: string): void;
  /** Removes a text. */
  removeItem(key: string): void;
  /** Removes all. */
  clear(): void;
  [name: string]: any;
}
/** Texts that outlive reloads and restarts. Each plugin has its own. */
declare var localStorage: Storage;

interface EventInit {
  /** Whether it rises through a tree. There is none here. */
  bubbles?: boolean;
  /** Whether preventDefault has an effect. */
  cancelable?: boolean;
  /** Whether it leaves a shadow tree. There is none here. */
  composed?: boolean;
}
/** Something that happened. */
declare class Event {
  constructor(type: string, init?: EventInit);
  static readonly NONE: 0;
  static readonly CAPTURING_PHASE: 1;
  static readonly AT_TARGET: 2;
  static readonly BUBBLING_PHASE: 3;
  readonly NONE: 0;
  readonly CAPTURING_PHASE: 1;
  readonly AT_TARGET: 2;
  readonly BUBBLING_PHASE: 3;
  /** What happened, such as "abort". */
  readonly type: string;
  /** What it happened to. */
  readonly target: EventTarget | null;
  /** @deprecated The old name of target. */
  readonly srcElement: EventTarget | null;
  /** Whose listeners run now. */
  readonly currentTarget: EventTarget | null;
  /** AT_TARGET while listeners run. */
  readonly eventPhase: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  /** Whether preventDefault was called, and had an effect. */
  readonly defaultPrevented: boolean;
  /** @deprecated The opposite of defaultPrevented. */
  readonly returnValue: boolean;
  /** Whether the host has made it. */
  readonly isTrusted: boolean;
  /** When it was made, as performance.now() tells. */
  readonly timeStamp: number;
  /** The targets that it passes. */
  composedPath(): EventTarget[];
  /** Tells whoever dispatched it not to go on. */
  preventDefault(): void;
  /** Does nothing: there is no tree. */
  stopPropagation(): void;
  /** Runs no further listener. */
  stopImmediatePropagation(): void;
}
/** An event with something of your own. */
declare class CustomEvent<T = any> extends Event {
  constructor(type: string, init?: EventInit & { detail?: T });
  /** What came with it. */
  readonly detail: T;
}
type EventListenerOrObject = ((event: any) => void) | { handleEvent(event: any): void };
/** What events happen to. */
declare class EventTarget {
  constructor();
  /** Calls back when something of a type happens. */
  addEventListener(type: string, listener: EventListenerOrObject | null, options?: boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal }): void;
  /** Takes a listener back. */
  removeEventListener(type: string, listener: EventListenerOrObject | null, options?: boolean | { capture?: boolean }): void;
  /** Calls the listeners of an event; false: one of them has called preventDefault. */
  dispatchEvent(event: Event): boolean;
}
/** Tells a fetch, or whatever else takes one, to give up. */
declare class AbortSignal extends EventTarget {
  private constructor();
  /** Returns a signal that is aborted. */
  static abort(reason?: any): AbortSignal;
  /** Returns a signal that aborts with a TimeoutError when the time is over. */
  static timeout(milliseconds: number): AbortSignal;
  /** Returns a signal that aborts with the first of others. */
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  /** Whether it has aborted. */
  readonly aborted: boolean;
  /** Why; an AbortError where nobody said. */
  readonly reason: any;
  /** Called when it aborts. */
  onabort: ((event: Event) => void) | null;
  /** Throws the reason if it has aborted. */
  throwIfAborted(): void;
}
/** Makes a signal and aborts it. */
declare class AbortController {
  constructor();
  /** The signal to hand on. */
  readonly signal: AbortSignal;
  /** Aborts the signal. */
  abort(reason?: any): void;
}
/** An error of the web platform, such as an AbortError. */
declare class DOMException extends Error {
  constructor(message?: string, name?: string | { name?: string; cause?: any });
  /** Which error it is, such as "TimeoutError". */
  readonly name: string;
  /** The error in words. */
  readonly message: string;
  /** @deprecated The error as a number; 0 for those that have none. */
  readonly code: number;
  static readonly INDEX_SIZE_ERR: 1;
  readonly INDEX_SIZE_ERR: 1;
  static readonly DOMSTRING_SIZE_ERR: 2;
  readonly DOMSTRING_SIZE_ERR: 2;
  static readonly HIERARCHY_REQUEST_ERR: 3;
  readonly HIERARCHY_REQUEST_ERR: 3;
  static readonly WRONG_DOCUMENT_ERR: 4;
  readonly WRONG_DOCUMENT_ERR: 4;
  static readonly INVALID_CHARACTER_ERR: 5;
  readonly INVALID_CHARACTER_ERR: 5;
  static readonly NO_DATA_ALLOWED_ERR: 6;
  readonly NO_DATA_ALLOWED_ERR: 6;
  static readonly NO_MODIFICATION_ALLOWED_ERR: 7;
  readonly NO_MODIFICATION_ALLOWED_ERR: 7;
  static readonly NOT_FOUND_ERR: 8;
  readonly NOT_FOUND_ERR: 8;
  static readonly NOT_SUPPORTED_ERR: 9;
  readonly NOT_SUPPORTED_ERR: 9;
  static readonly INUSE_ATTRIBUTE_ERR: 10;
  readonly INUSE_ATTRIBUTE_ERR: 10;
  static readonly INVALID_STATE_ERR: 11;
  readonly INVALID_STATE_ERR: 11;
  static readonly SYNTAX_ERR: 12;
  readonly SYNTAX_ERR: 12;
  static readonly INVALID_MODIFICATION_ERR: 13;
  readonly INVALID_MODIFICATION_ERR: 13;
  static readonly NAMESPACE_ERR: 14;
  readonly NAMESPACE_ERR: 14;
  static readonly INVALID_ACCESS_ERR: 15;
  readonly INVALID_ACCESS_ERR: 15;
  static readonly VALIDATION_ERR: 16;
  readonly VALIDATION_ERR: 16;
  static readonly TYPE_MISMATCH_ERR: 17;
  readonly TYPE_MISMATCH_ERR: 17;
  static readonly SECURITY_ERR: 18;
  readonly SECURITY_ERR: 18;
  static readonly NETWORK_ERR: 19;
  readonly NETWORK_ERR: 19;
  static readonly ABORT_ERR: 20;
  readonly ABORT_ERR: 20;
  static readonly URL_MISMATCH_ERR: 21;
  readonly URL_MISMATCH_ERR: 21;
  static readonly QUOTA_EXCEEDED_ERR: 22;
  readonly QUOTA_EXCEEDED_ERR: 22;
  static readonly TIMEOUT_ERR: 23;
  readonly TIMEOUT_ERR: 23;
  static readonly INVALID_NODE_TYPE_ERR: 24;
  readonly INVALID_NODE_TYPE_ERR: 24;
  static readonly DATA_CLONE_ERR: 25;
  readonly DATA_CLONE_ERR: 25;
}

/** The headers of a request or an answer. Names are in lower case. */
declare class Headers {
  constructor(init?: HeadersInit);
  /** Adds a value. */
  append(name: string, value: string): void;
  /** Removes a header. */
  delete(name: string): void;
  /** Returns the values of a header, joined by ", ", or null. */
  get(name: string): string | null;
  /** Returns the values of Set-Cookie. */
  getSetCookie(): string[];
  /** Tells whether there is a header. */
  has(name: string): boolean;
  /** Replaces the values of a header by one. */
  set(name: string, value: string): void;
  /** Calls back for each header. */
  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: any): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
type HeadersInit = Headers | Record<string, string> | Iterable<readonly [string, string]>;
type BodyInit = string | ArrayBuffer | ArrayBufferView | URLSearchParams | Blob | FormData | ReadableStream<Uint8Array>;
interface Body {
  /** The body as a stream of bytes, whose parts come as they arrive; null when there is none. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Whether the body was read. It can be read once. */
  readonly bodyUsed: boolean;
  /** Reads the body as text in UTF-8. */
  text(): Promise<string>;
  /** Reads the body as JSON. */
  json(): Promise<any>;
  /** Reads the body as bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Reads the body as bytes. */
  bytes(): Promise<Uint8Array>;
  /** Reads the body as a Blob of its Content-Type. */
  blob(): Promise<Blob>;
  /** Reads the body as a form: multipart/form-data, or the parameters of a URL. */
  formData(): Promise<FormData>;
}
interface RequestInit {
  /** GET, POST, PUT ... Default "GET". */
  method?: string;
  headers?: HeadersInit;
  /** At most 8 MiB. */
  body?: BodyInit | null;
  /** What to do about a redirect: follow it, at most 20 of them, fail, or return it. Default "follow". */
  redirect?: "follow" | "error" | "manual";
  /** Gives the request up. AbortSignal.timeout(2000) is a time limit. */
  signal?: AbortSignal | null;
  /** Kept, and without effect: a host has no origin. */
  mode?: "same-origin" | "no-cors" | "cors";
  /** Kept, and without effect: a host has no cookies. Set the header Cookie. */
  credentials?: "omit" | "same-origin" | "include";
  /** Kept, and without effect: a host has no cache. */
  cache?: "default" | "no-store" | "reload" | "no-cache" | "force-cache" | "only-if-cached";
  /** Kept, and without effect: set the header Referer. */
  referrerPolicy?: string;
  /** Kept, and without effect. */
  integrity?: string;
  /** Kept, and without effect. */
  keepalive?: boolean;
  /** Needed for a body that is a stream, which is read before the request is sent. */
  duplex?: "half";
}
/** What fetch sends. */
declare class Request {
  constructor(input: string | URL | Request, init?: RequestInit);
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: "follow" | "error" | "manual";
  readonly signal: AbortSignal;
  readonly mode: string;
  readonly credentials: string;
  readonly cache: string;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly referrer: string;
  readonly referrerPolicy: string;
  readonly destination: string;
  readonly duplex: "half";
  /** Returns a copy, whose body can be read too. */
  clone(): Request;
}
interface Request extends Body {}
interface ResponseInit {
  /** Default 200. */
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}
/** What fetch returns: the status and the headers; the body comes when it is asked for. */
declare class Response {
  constructor(body?: BodyInit | null, init?: ResponseInit);
  /** Returns what a failed fetch is: status 0. */
  static error(): Response;
  /** Returns an answer whose body is JSON. */
  static json(data: any, init?: ResponseInit): Response;
  /** Returns a redirect. */
  static redirect(url: string | URL, status?: number): Response;
  /** Whether the status is from 200 to 299. fetch does not fail for others. */
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** Where it came from, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  readonly type: string;
  /** Returns a copy, whose body can be read too. */
  clone(): Response;
}
interface Response extends Body {}
/** Sends a request to a public address, or to one that the configuration file grants to this plugin. A data: URL answers itself. */
declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;

/** Bytes and their type. They never change. */
declare class Blob {
  constructor(parts?: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, options?: { type?: string; endings?: "transparent" | "native" });
  /** How many bytes there are. */
  readonly size: number;
  /** Such as "text/csv", or "". */
  readonly type: string;
  /** Returns some of the bytes. */
  slice(start?: number, end?: number, type?: string): Blob;
  /** Returns the bytes as text in UTF-8. */
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array>;
  /** Returns the bytes as a stream. */
  stream(): ReadableStream<Uint8Array>;
}
/** A Blob with a name, as a form sends it. */
declare class File extends Blob {
  constructor(parts: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, name: string, options?: { type?: string; endings?: "transparent" | "native"; lastModified?: number });
  readonly name: string;
  /** In milliseconds since 1970. */
  readonly lastModified: number;
  /** Always "". */
  readonly webkitRelativePath: string;
}
type FormDataValue = string | File;
/** The values of a form. As the body of a request it is sent as multipart/form-data. */
declare class FormData {
  constructor();
  /** Adds a value. */
  append(name: string, value: any, filename?: string): void;
  /** Removes a value. */
  delete(name: string): void;
  /** Returns the first value of a name, or null. */
  get(name: string): FormDataValue | null;
  /** Returns the values of a name. */
  getAll(name: string): FormDataValue[];
  /** Tells whether there is a value. */
  has(name: string): boolean;
  /** Replaces the values of a name by one. */
  set(name: string, value: any, filename?: string): void;
  /** Calls back for each value. */
  forEach(callback: (value: FormDataValue, name: string, form: FormData) => void, thisArg?: any): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormDataValue>;
  entries(): IterableIterator<[string, FormDataValue]>;
  [Symbol.iterator](): IterableIterator<[string, FormDataValue]>;
}

interface QueuingStrategy<T = any> {
  /** How much may wait. Default 1. */
  highWaterMark?: number;
  /** How much a chunk counts. Default 1. */
  size?: (chunk: T) => number;
}
interface UnderlyingSource<T = any> {
  type?: undefined;
  /** Called at once. */
  start?: (controller: ReadableStreamDefaultController<T>) => any;
  /** Called when there is room for more. */
  pull?: (controller: ReadableStreamDefaultController<T>) => any;
  /** Called when nobody wants more. */
  cancel?: (reason?: any) => any;
}
/** A source of bytes, which can fill a reader's own buffer. */
interface UnderlyingByteSource {
  type: 'bytes';
  /** How much to make room for when a reader brings no buffer. */
  autoAllocateChunkSize?: number;
  /** Called at once. */
  start?: (controller: ReadableByteStreamController) => any;
  /** Called when there is room for more. */
  pull?: (controller: ReadableByteStreamController) => any;
  /** Called when nobody wants more. */
  cancel?: (reason?: any) => any;
}
interface StreamPipeOptions {
  preventClose?: boolean;
  preventAbort?: boolean;
  preventCancel?: boolean;
  /** Ends the pipe early. */
  signal?: AbortSignal;
}
type ReadableStreamReadResult<T> = { value: T; done: false } | { value: T | undefined; done: true };
/** Chunks that come one after the other. "for await (const chunk of stream)" reads them. */
declare class ReadableStream<T = any> {
  constructor(source: UnderlyingByteSource, strategy?: { highWaterMark?: number });
  constructor(source?: UnderlyingSource<T>, strategy?: QueuingStrategy<T>);
  /** Returns a stream of what an iterable gives. */
  static from<T>(iterable: Iterable<T> | AsyncIterable<T>): ReadableStream<T>;
  /** Whether it has a reader. */
  readonly locked: boolean;
  /** Ends it: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Returns a reader, which alone can read from then on. With mode 'byob' it brings buffers of its own, to a stream of bytes. */
  getReader(options: { mode: 'byob' }): ReadableStreamBYOBReader;
  getReader(options?: { mode?: undefined }): ReadableStreamDefaultReader<T>;
  /** Writes all chunks to another stream. */
  pipeTo(destination: WritableStream<T>, options?: StreamPipeOptions): Promise<void>;
  /** Writes all chunks to one end of a transform, and returns the other. */
  pipeThrough<R>(transform: { readable: ReadableStream<R>; writable: WritableStream<T> }, options?: StreamPipeOptions): ReadableStream<R>;
  /** Returns two streams of the same chunks. */
  tee(): [ReadableStream<T>, ReadableStream<T>];
  /** Returns an iterator over the chunks. */
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<T>;
  [Symbol.asyncIterator](options?: { preventCancel?: boolean }): AsyncIterableIterator<T>;
}
/** Reads a stream chunk by chunk. */
declare class ReadableStreamDefaultReader<T = any> {
  constructor(stream: ReadableStream<T>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Returns the next chunk; done is true after the last. */
  read(): Promise<ReadableStreamReadResult<T>>;
  /** Ends the stream: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Lets others read. */
  releaseLock(): void;
}
/** Reads a stream of bytes into buffers of its own. */
declare class ReadableStreamBYOBReader {
  constructor(stream: ReadableStream<Uint8Array>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Fills a view, at least as much of it as min says, and returns one of the same memory. The given one is empty after that. */
  read<V extends ArrayBufferView>(view: V, options?: { min?: number }): Promise<ReadableStreamReadResult<V>>;
  /** Ends the stream: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Lets others read. */
  releaseLock(): void;
}
/** Feeds a stream. */
declare class ReadableStreamDefaultController<T = any> {
  private constructor();
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds a chunk. */
  enqueue(chunk?: T): void;
  /** Ends the stream after what was added. */
  close(): void;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
/** Feeds a stream of bytes. */
declare class ReadableByteStreamController {
  private constructor();
  /** The buffer that a reader has brought; null when there is none. */
  readonly byobRequest: ReadableStreamBYOBRequest | null;
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds bytes. Their buffer is empty after that. */
  enqueue(chunk: ArrayBufferView): void;
  /** Ends the stream after what was added. */
  close(): void;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
/** A buffer that a reader has brought. */
declare class ReadableStreamBYOBRequest {
  private constructor();
  /** Where to write; null when it was answered. */
  readonly view: Uint8Array | null;
  /** Says how much was written. */
  respond(bytesWritten: number): void;
  /** Answers with another view of the same memory. */
  respondWithNewView(view: ArrayBufferView): void;
}
interface UnderlyingSink<T = any> {
  /** Called at once. */
  start?: (controller: WritableStreamDefaultController) => any;
  /** Called with each chunk, after what it returned for the last is settled. */
  write?: (chunk: T, controller: WritableStreamDefaultController) => any;
  /** Called after the last chunk. */
  close?: () => any;
  /** Called when what is left is not written. */
  abort?: (reason?: any) => any;
}
/** Takes chunks, one after the other. */
declare class WritableStream<T = any> {
  constructor(sink?: UnderlyingSink<T>, strategy?: QueuingStrategy<T>);
  /** Whether it has a writer. */
  readonly locked: boolean;
  /** Ends it; what waits is not written. */
  abort(reason?: any): Promise<void>;
  /** Ends it after what waits. */
  close(): Promise<void>;
  /** Returns a writer, which alone can write from then on. */
  getWriter(): WritableStreamDefaultWriter<T>;
}
/** Writes to a stream. */
declare class WritableStreamDefaultWriter<T = any> {
  constructor(stream: WritableStream<T>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Settled when there is room for more. */
  readonly ready: Promise<undefined>;
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Ends the stream; what waits is not written. */
  abort(reason?: any): Promise<void>;
  /** Ends the stream after what waits. */
  close(): Promise<void>;
  /** Lets others write. */
  releaseLock(): void;
  /** Writes a chunk. */
  write(chunk?: T): Promise<void>;
}
/** What a sink has of its stream. */
declare class WritableStreamDefaultController {
  private constructor();
  /** The reason that the stream was aborted with; undefined before that. */
  readonly abortReason: any;
  /** Aborted when the stream is. */
  readonly signal: AbortSignal;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
interface Transformer<I = any, O = any> {
  /** Called at once. */
  start?: (controller: TransformStreamDefaultController<O>) => any;
  /** Called with each chunk. Without it, chunks go through as they are. */
  transform?: (chunk: I, controller: TransformStreamDefaultController<O>) => any;
  /** Called after the last chunk. */
  flush?: (controller: TransformStreamDefaultController<O>) => any;
  /** Called when nobody wants more, or no more comes. */
  cancel?: (reason?: any) => any;
}
/** Makes other chunks of chunks: what is written to one end is read from the other. */
declare class TransformStream<I = any, O = any> {
  constructor(transformer?: Transformer<I, O>, writableStrategy?: QueuingStrategy<I>, readableStrategy?: QueuingStrategy<O>);
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
/** Feeds the end of a transform that is read. */
declare class TransformStreamDefaultController<O = any> {
  private constructor();
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds a chunk. */
  enqueue(chunk?: O): void;
  /** Makes both ends fail. */
  error(reason?: any): void;
  /** Ends the end that is read, and makes the other fail. */
  terminate(): void;
}
/** Counts chunks. */
declare class CountQueuingStrategy {
  constructor(init: { highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: () => 1;
}
/** Counts bytes. */
declare class ByteLengthQueuingStrategy {
  constructor(init: { highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: (chunk: ArrayBufferView) => number;
}
/** Makes bytes of text, in UTF-8, for pipeThrough. */
declare class TextEncoderStream {
  readonly encoding: 'utf-8';
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<string>;
}
/** Makes text of bytes, for pipeThrough. */
declare class TextDecoderStream {
  /** The labels are those of TextDecoder. */
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  /** Whether bytes that are not valid make the stream fail. */
  readonly fatal: boolean;
  /** Whether a byte order mark is part of the text. */
  readonly ignoreBOM: boolean;
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<ArrayBuffer | ArrayBufferView>;
}

/** The parameters of a query. */
declare class URLSearchParams {
  constructor(init?: string | Record<string, string> | Iterable<readonly [string, string]> | null);
  /** How many there are. */
  readonly size: number;
  /** Adds a value. */
  append(name: string, value: string): void;
  /** Removes a parameter, or one value of it. */
  delete(name: string, value?: string): void;
  /** Returns the first value of a parameter, or null. */
  get(name: string): string | null;
  /** Returns the values of a parameter. */
  getAll(name: string): string[];
  /** Tells whether there is a parameter, or one value of it. */
  has(name: string, value?: string): boolean;
  /** Replaces the values of a parameter by one. */
  set(name: string, value: string): void;
  /** Sorts by name. */
  sort(): void;
  /** Returns the query, without the question mark. */
  toString(): string;
  /** Calls back for each value. */
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, thisArg?: any): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
/** A URL in its parts. It is parsed as browsers do. */
declare class URL {
  /** Parses a URL. It throws a TypeError when it is not valid. */
  constructor(url: string | URL, base?: string | URL);
  /** Tells whether a URL is valid. */
  static canParse(url: string | URL, base?: string | URL): boolean;
  /** Returns a blob: URL that fetch gets the blob by, until it is revoked or the plugin's version ends. */
  static createObjectURL(blob: Blob): string;
  /** Lets a blob: URL go. */
  static revokeObjectURL(url: string): void;
  /** Parses a URL; null when it is not valid. */
  static parse(url: string | URL, base?: string | URL): URL | null;
  /** All of it. */
  href: string;
  /** Such as "https:". */
  protocol: string;
  username: string;
  password: string;
  /** The name and the port. */
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  /** The query with its question mark, or "". */
  search: string;
  /** The fragment with its #, or "". */
  hash: string;
  readonly origin: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}

/** Decodes base64 to a text with one character for each byte. */
declare function atob(base64: string): string;
/** Encodes a text with one character for each byte as base64. */
declare function btoa(binary: string): string;
/** Makes bytes of text, in UTF-8. */
declare class TextEncoder {
  constructor();
  /** Always "utf-8". */
  readonly encoding: string;
  /** Returns the bytes of a text. */
  encode(text?: string): Uint8Array;
  /** Writes the bytes of a text into an array, as far as they fit. */
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
/** Makes text of bytes. */
declare class TextDecoder {
  /** Labels are those of utf-8, utf-16le, utf-16be and windows-1252 (latin1). Default "utf-8". */
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  /** Whether bytes that are not valid throw. */
  readonly fatal: boolean;
  /** Whether a byte order mark is part of the text. */
  readonly ignoreBOM: boolean;
  /** Returns the text of some bytes. With stream, characters may continue in the next call. */
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

/** Bytes, as in Node. */
interface Buffer extends Uint8Array {
  /** @deprecated The ArrayBuffer behind it: use buffer. */
  readonly parent: ArrayBuffer;
  /** @deprecated Where it begins: use byteOffset. */
  readonly offset: number;
  /** The text of the bytes, by default in UTF-8. */
  toString(encoding?: string, start?: number, end?: number): string;
  toLocaleString(encoding?: any, start?: any, end?: any): string;
  toJSON(): { type: "Buffer"; data: number[] };
  equals(other: Uint8Array): boolean;
  compare(target: Uint8Array, targetStart?: number, targetEnd?: number, sourceStart?: number, sourceEnd?: number): number;
  /** Copies bytes into an array, and returns how many. */
  copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
  /** Writes a text, and returns how many bytes it took. */
  write(text: string, encoding?: string): number;
  write(text: string, offset: number, encoding?: string): number;
  write(text: string, offset: number, length: number, encoding?: string): number;
  fill(value: any, offset?: any, end?: any, encoding?: string): this;
  indexOf(value: any, offset?: any, encoding?: string): number;
  lastIndexOf(value: any, offset?: any, encoding?: string): number;
  includes(value: any, offset?: any, encoding?: string): boolean;
  /** A view of some of the bytes, not a copy. */
  slice(start?: number, end?: number): any;
  swap16(): this;
  swap32(): this;
  swap64(): this;
  inspect(): string;
  readUInt8(offset?: number): number;
  writeUInt8(value: number, offset?: number): number;
  readUint8(offset?: number): number;
  writeUint8(value: number, offset?: number): number;
  readInt8(offset?: number): number;
  writeInt8(value: number, offset?: number): number;
  readUInt16LE(offset?: number): number;
  writeUInt16LE(value: number, offset?: number): number;
  readUint16LE(offset?: number): number;
  writeUint16LE(value: number, offset?: number): number;
  readInt16LE(offset?: number): number;
  writeInt16LE(value: number, offset?: number): number;
  readUInt32LE(offset?: number): number;
  writeUInt32LE(value: number, offset?: number): number;
  readUint32LE(offset?: number): number;
  writeUint32LE(value: number, offset?: number): number;
  readInt32LE(offset?: number): number;
  writeInt32LE(value: number, offset?: number): number;
  readFloatLE(offset?: number): number;
  writeFloatLE(value: number, offset?: number): number;
  readDoubleLE(offset?: number): number;
  writeDoubleLE(value: number, offset?: number): number;
  readBigUInt64LE(offset?: number): bigint;
  writeBigUInt64LE(value: bigint, offset?: number): number;
  readBigUint64LE(offset?: number): bigint;
  writeBigUint64LE(value: bigint, offset?: number): number;
  readBigInt64LE(offset?: number): bigint;
  writeBigInt64LE(value: bigint, offset?: number): number;
  readUIntLE(offset: number, byteLength: number): number;
  writeUIntLE(value: number, offset: number, byteLength: number): number;
  readUintLE(offset: number, byteLength: number): number;
  writeUintLE(value: number, offset: number, byteLength: number): number;
  readIntLE(offset: number, byteLength: number): number;
  writeIntLE(value: number, offset: number, byteLength: number): number;
  readUInt16BE(offset?: number): number;
  writeUInt16BE(value: number, offset?: number): number;
  readUint16BE(offset?: number): number;
  writeUint16BE(value: number, offset?: number): number;
  readInt16BE(offset?: number): number;
  writeInt16BE(value: number, offset?: number): number;
  readUInt32BE(offset?: number): number;
  writeUInt32BE(value: number, offset?: number): number;
  readUint32BE(offset?: number): number;
  writeUint32BE(value: number, offset?: number): number;
  readInt32BE(offset?: number): number;
  writeInt32BE(value: number, offset?: number): number;
  readFloatBE(offset?: number): number;
  writeFloatBE(value: number, offset?: number): number;
  readDoubleBE(offset?: number): number;
  writeDoubleBE(value: number, offset?: number): number;
  readBigUInt64BE(offset?: number): bigint;
  writeBigUInt64BE(value: bigint, offset?: number): number;
  readBigUint64BE(offset?: number): bigint;
  writeBigUint64BE(value: bigint, offset?: number): number;
  readBigInt64BE(offset?: number): bigint;
  writeBigInt64BE(value: bigint, offset?: number): number;
  readUIntBE(offset: number, byteLength: number): number;
  writeUIntBE(value: number, offset: number, byteLength: number): number;
  readUintBE(offset: number, byteLength: number): number;
  writeUintBE(value: number, offset: number, byteLength: number): number;
  readIntBE(offset: number, byteLength: number): number;
  writeIntBE(value: number, offset: number, byteLength: number): number;
}
/** Makes bytes, as in Node. */
declare var Buffer: {
  prototype: Buffer;
  /** @deprecated Use Buffer.from or Buffer.alloc. */
  new (value: any, encodingOrOffset?: any, length?: number): Buffer;
  /** The bytes of a text: utf8, hex, base64, base64url, latin1, ascii or utf16le. */
  from(value: string, encoding?: string): Buffer;
  /** The bytes of an array, copied, or a view of an ArrayBuffer. */
  from(value: ArrayBuffer | ArrayBufferView | ArrayLike<number> | Iterable<number> | { type: "Buffer"; data: number[] }, offset?: number, length?: number): Buffer;
  /** The bytes that are given. */
  of(...items: number[]): Buffer;
  /** Bytes that are zero, or filled. */
  alloc(size: number, fill?: string | number | Uint8Array, encoding?: string): Buffer;
  /** The same as alloc. */
  allocUnsafe(size: number): Buffer;
  /** The same as alloc. */
  allocUnsafeSlow(size: number): Buffer;
  /** Joins bytes. */
  concat(list: readonly Uint8Array[], length?: number): Buffer;
  /** How many bytes a text has. */
  byteLength(value: string | ArrayBuffer | ArrayBufferView, encoding?: string): number;
  /** Compares bytes: -1, 0 or 1. */
  compare(a: Uint8Array, b: Uint8Array): number;
  isBuffer(value: any): value is Buffer;
  isEncoding(encoding: string): boolean;
  poolSize: number;
};

/** A key of crypto.subtle. */
declare class CryptoKey {
  private constructor();
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: any;
  readonly usages: string[];
}
type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
type BufferSource = ArrayBuffer | ArrayBufferView;
/** Digests and HMAC. */
declare class SubtleCrypto {
  private constructor();
  /** Returns the digest of some bytes. */
  digest(algorithm: HashName | { name: HashName }, data: BufferSource): Promise<ArrayBuffer>;
  /** Makes a key of HMAC. */
  importKey(format: "raw" | "jwk", key: any, algorithm: { name: "HMAC"; hash: HashName | { name: HashName }; length?: number }, extractable: boolean, usages: ("sign" | "verify")[]): Promise<CryptoKey>;
  /** Makes a random key of HMAC. */
  generateKey(algorithm: { name: "HMAC"; hash: HashName | { name: HashName }; length?: number }, extractable: boolean, usages: ("sign" | "verify")[]): Promise<CryptoKey>;
  /** Returns a key that is extractable. */
  exportKey(format: "raw" | "jwk", key: CryptoKey): Promise<any>;
  /** Returns the HMAC of some bytes. */
  sign(algorithm: "HMAC" | { name: "HMAC" }, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  /** Tells whether an HMAC is right, in constant time. */
  verify(algorithm: "HMAC" | { name: "HMAC" }, key: CryptoKey, signature: BufferSource, data: BufferSource): Promise<boolean>;
}
/** What crypto is. */
declare class Crypto {
  private constructor();
  /** Digests and HMAC. */
  readonly subtle: SubtleCrypto;
  /** Returns a random UUID. */
  randomUUID(): string;
  /** Fills an array of integers with random values, at most 65,536 bytes. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
}
/** Randomness, digests and HMAC. */
declare var crypto: Crypto;

/** What a module gives to those who require it. */
interface NodeModule {
  /** What require returns. */
  exports: any;
  /** The module's path. */
  readonly id: string;
  /** The module's path. */
  readonly filename: string;
}
/** Loads a file, or a package of node_modules. The name has to be a literal. */
declare function require(name: string): any;
/** The module that this file is. */
declare var module: NodeModule;
/** The same as module.exports. */
declare var exports: any;
/** The path of this file. */
declare var __filename: string;
/** The path of the folder of this file. */
declare var __dirname: string;

declare module "react-native-adjust" {
  const _Adjust: typeof Adjust;
  const _AdjustConfig: typeof AdjustConfig;
  type _AdjustConfig = AdjustConfig;
  const _AdjustEvent: typeof AdjustEvent;
  type _AdjustEvent = AdjustEvent;
  const _AdjustAdRevenue: typeof AdjustAdRevenue;
  type _AdjustAdRevenue = AdjustAdRevenue;
  const _AdjustThirdPartySharing: typeof AdjustThirdPartySharing;
  type _AdjustThirdPartySharing = AdjustThirdPartySharing;
  const _AdjustDeeplink: typeof AdjustDeeplink;
  type _AdjustDeeplink = AdjustDeeplink;
  const _AdjustStoreInfo: typeof AdjustStoreInfo;
  type _AdjustStoreInfo = AdjustStoreInfo;
  const _AdjustAppStoreSubscription: typeof AdjustAppStoreSubscription;
  type _AdjustAppStoreSubscription = AdjustAppStoreSubscription;
  const _AdjustPlayStoreSubscription: typeof AdjustPlayStoreSubscription;
  type _AdjustPlayStoreSubscription = AdjustPlayStoreSubscription;
  const _AdjustAppStorePurchase: typeof AdjustAppStorePurchase;
  type _AdjustAppStorePurchase = AdjustAppStorePurchase;
  const _AdjustPlayStorePurchase: typeof AdjustPlayStorePurchase;
  type _AdjustPlayStorePurchase = AdjustPlayStorePurchase;
  const _AdjustEnvironment: typeof AdjustEnvironment;
  type _AdjustEnvironment = AdjustEnvironment;
  const _AdjustLogLevel: typeof AdjustLogLevel;
  type _AdjustLogLevel = AdjustLogLevel;
  const _AdjustAdRevenueSource: typeof AdjustAdRevenueSource;
  export { _Adjust as Adjust, _AdjustConfig as AdjustConfig, _AdjustEvent as AdjustEvent, _AdjustAdRevenue as AdjustAdRevenue, _AdjustThirdPartySharing as AdjustThirdPartySharing, _AdjustDeeplink as AdjustDeeplink, _AdjustStoreInfo as AdjustStoreInfo, _AdjustAppStoreSubscription as AdjustAppStoreSubscription, _AdjustPlayStoreSubscription as AdjustPlayStoreSubscription, _AdjustAppStorePurchase as AdjustAppStorePurchase, _AdjustPlayStorePurchase as AdjustPlayStorePurchase, _AdjustEnvironment as AdjustEnvironment, _AdjustLogLevel as AdjustLogLevel, _AdjustAdRevenueSource as AdjustAdRevenueSource };
  type _AdjustResponse = AdjustResponse;
  export type { _AdjustResponse as AdjustResponse };
  type _AdjustSessionSuccess = AdjustSessionSuccess;
  export type { _AdjustSessionSuccess as AdjustSessionSuccess };
  type _AdjustSessionFailure = AdjustSessionFailure;
  export type { _AdjustSessionFailure as AdjustSessionFailure };
  type _AdjustEventSuccess = AdjustEventSuccess;
  export type { _AdjustEventSuccess as AdjustEventSuccess };
  type _AdjustEventFailure = AdjustEventFailure;
  export type { _AdjustEventFailure as AdjustEventFailure };
  type _AdjustSessionTrackingSuccess = AdjustSessionTrackingSuccess;
  export type { _AdjustSessionTrackingSuccess as AdjustSessionTrackingSuccess };
  type _AdjustSessionTrackingFailure = AdjustSessionTrackingFailure;
  export type { _AdjustSessionTrackingFailure as AdjustSessionTrackingFailure };
  type _AdjustEventTrackingSuccess = AdjustEventTrackingSuccess;
  export type { _AdjustEventTrackingSuccess as AdjustEventTrackingSuccess };
  type _AdjustEventTrackingFailure = AdjustEventTrackingFailure;
  export type { _AdjustEventTrackingFailure as AdjustEventTrackingFailure };
  type _AdjustJsonResponse = AdjustJsonResponse;
  export type { _AdjustJsonResponse as AdjustJsonResponse };
  type _AdjustRequest = AdjustRequest;
  export type { _AdjustRequest as AdjustRequest };
  type _AdjustAttribution = AdjustAttribution;
  export type { _AdjustAttribution as AdjustAttribution };
  type _AdjustRemoteTrigger = AdjustRemoteTrigger;
  export type { _AdjustRemoteTrigger as AdjustRemoteTrigger };
  type _AdjustPurchaseVerificationResult = AdjustPurchaseVerificationResult;
  export type { _AdjustPurchaseVerificationResult as AdjustPurchaseVerificationResult };
}
declare module "com.adjust.sdk" {
  export * from "react-native-adjust";
}
declare module "trackhook" {
  export * from "react-native-adjust";
  const _appToken: typeof appToken;
  export { _appToken as appToken };
  const _apps: typeof apps;
  export { _apps as apps };
  const _environment: typeof environment;
  export { _environment as environment };
  const _localStorage: typeof localStorage;
  export { _localStorage as localStorage };
}
/** Adjust as Ionic's wrapper of the SDK has it: what is asked without a callback is answered with a promise. */
type AdjustWithPromises = AdjustStatic & {
  isEnabled(): Promise<boolean>;
  getAdid(): Promise<string | null>;
  getAdidWithTimeout(milliseconds: number): Promise<string | null>;
  getAttribution(): Promise<AdjustAttribution>;
  getAttributionWithTimeout(milliseconds: number): Promise<AdjustAttribution | null>;
  getThirdPartySharingSettingsWithTimeout(milliseconds: number): Promise<string | null>;
  getSdkVersion(): Promise<string>;
  processDeeplink(url: string): Promise<string>;
  processAndResolveDeeplink(deeplink: AdjustDeeplink): Promise<string>;
  resolveLinkWithUrl(url: string, suffixes: string[]): Promise<string>;
  getLastDeeplink(): Promise<string>;
  convertUniversalLink(url: string, scheme: string): Promise<string>;
  verifyAppStorePurchase(purchase: AdjustAppStorePurchase): Promise<AdjustPurchaseVerificationResult>;
  verifyPlayStorePurchase(purchase: AdjustPlayStorePurchase): Promise<AdjustPurchaseVerificationResult>;
  verifyAndTrackAppStorePurchase(event: AdjustEvent): Promise<AdjustPurchaseVerificationResult>;
  verifyAndTrackPlayStorePurchase(event: AdjustEvent): Promise<AdjustPurchaseVerificationResult>;
  getIdfa(): Promise<string>;
  getIdfv(): Promise<string>;
  getGoogleAdId(): Promise<string>;
  getAmazonAdId(): Promise<string>;
  requestTrackingAuthorizationWithCompletionHandler(): Promise<number>;
  requestAppTrackingAuthorization(): Promise<number>;
  getAppTrackingAuthorizationStatus(): Promise<number>;
  updateConversionValueWithSkad4ErrorCallback(fineValue: number, coarseValue: string, lockWindow: boolean): Promise<string>;
  updateSkanConversionValue(value: number, coarseValue: string, lockWindow: boolean): Promise<{ error: string }>;
};
declare module "@awesome-cordova-plugins/adjust" {
  export * from "react-native-adjust";
  const _Adjust: AdjustWithPromises;
  export { _Adjust as Adjust };
}
declare module "@awesome-cordova-plugins/adjust/ngx" {
  export * from "react-native-adjust";
  const _Adjust: AdjustWithPromises;
  export { _Adjust as Adjust };
}
declare module "@ionic-native/adjust" {
  export * from "react-native-adjust";
  const _Adjust: AdjustWithPromises;
  export { _Adjust as Adjust };
}
declare module "@ionic-native/adjust/ngx" {
  export * from "react-native-adjust";
  const _Adjust: AdjustWithPromises;
  export { _Adjust as Adjust };
}
declare module "react-native-adjust-imei" {
  /** Needs a handset, and does nothing here. */
  export const AdjustImei: { readImei(): void; doNotReadImei(): void; };
  export default AdjustImei;
}
declare module "react-native-adjust-oaid" {
  /** Needs a handset, and does nothing here. */
  export const AdjustOaid: { readOaid(): void; doNotReadOaid(): void; };
  export default AdjustOaid;
}

/** Of files of tests: makes a test. A promise that the function returns is awaited. The time limit is in milliseconds. */
declare var test: TestFunction;
/** Of files of tests: makes a test, as test does. */
declare var it: TestFunction;
/** Of files of tests: makes a test that is not run. */
declare var xtest: TestFunction["skip"];
/** Of files of tests: makes a test that is not run. */
declare var xit: TestFunction["skip"];
/** Of files of tests: puts the tests that the function makes under one name. */
declare var describe: DescribeFunction;
/** Of files of tests: the tests that the function makes are not run. */
declare var xdescribe: DescribeFunction["skip"];
/** Of files of tests: runs before the first test of the describe around it, or of the file. */
declare function beforeAll(fn: TestBody, timeout?: number): void;
/** Of files of tests: runs before each test. */
declare function beforeEach(fn: TestBody, timeout?: number): void;
/** Of files of tests: runs after each test. */
declare function afterEach(fn: TestBody, timeout?: number): void;
/** Of files of tests: runs after the last test. */
declare function afterAll(fn: TestBody, timeout?: number): void;
/** Of files of tests: says what a value has to be, as in Jest. */
declare var expect: Expect;
/** Of files of tests: loads plugins, in a time that stands still. */
declare var plugin: {
  /** Loads a plugin afresh, by its file relative to the test; without a file, the plugin that the test is named for. */
  load(file: string, options?: PluginOptions): Promise<PluginUnderTest>;
  load(options?: PluginOptions): Promise<PluginUnderTest>;
};

type TestDone = { (error?: any): void; fail(error?: any): void };
type TestBody = (() => any) | ((done: TestDone) => void);
interface TestEach {
  <T extends readonly any[] | readonly [any]>(rows: readonly T[]): (name: string, fn: (...row: T) => any, timeout?: number) => void;
  <T>(rows: readonly T[]): (name: string, fn: (row: T) => any, timeout?: number) => void;
  (table: TemplateStringsArray, ...values: any[]): (name: string, fn: (row: any) => any, timeout?: number) => void;
}
interface TestFunction {
  (name: string, fn: TestBody, timeout?: number): void;
  /** Runs the test for each row: %s and its like in the name are the row's values, $name the field of an object. */
  each: TestEach;
  /** Runs only this test, and others of only, of the file. */
  only: { (name: string, fn: TestBody, timeout?: number): void; each: TestEach };
  skip: { (name: string, fn: TestBody, timeout?: number): void; each: TestEach };
  /** Notes a test that is still to be written. */
  todo(name: string): void;
}
interface DescribeFunction {
  (name: string, fn: () => void): void;
  each: TestEach;
  only: { (name: string, fn: () => void): void; each: TestEach };
  skip: { (name: string, fn: () => void): void; each: TestEach };
}
interface Expect {
  (received: any): Expectation & { resolves: AsyncExpectation; rejects: AsyncExpectation };
  any(type: any): any;
  anything(): any;
  objectContaining(wanted: object): any;
  arrayContaining(wanted: readonly any[]): any;
  /** An array whose items are all equal to this. */
  arrayOf(wanted: any): any;
  stringContaining(wanted: string): any;
  stringMatching(wanted: string | RegExp): any;
  closeTo(wanted: number, digits?: number): any;
  /** The test must make so many expectations. */
  assertions(count: number): void;
  /** The test must make an expectation. */
  hasAssertions(): void;
  not: Pick<Expect, "objectContaining" | "arrayContaining" | "arrayOf" | "stringContaining" | "stringMatching" | "closeTo">;
}
interface Matchers<R> {
  toBe(expected: any): R;
  toEqual(expected: any): R;
  /** As toEqual, and tells undefined from missing, and classes apart. */
  toStrictEqual(expected: any): R;
  toMatchObject(expected: object): R;
  toMatch(expected: string | RegExp): R;
  toContain(expected: any): R;
  toContainEqual(expected: any): R;
  toHaveLength(length: number): R;
  toHaveProperty(path: string | readonly (string | number)[], value?: any): R;
  toThrow(expected?: any): R;
  toThrowError(expected?: any): R;
  toBeCloseTo(expected: number, digits?: number): R;
  toBeInstanceOf(expected: any): R;
  toBeGreaterThan(expected: number | bigint): R;
  toBeGreaterThanOrEqual(expected: number | bigint): R;
  toBeLessThan(expected: number | bigint): R;
  toBeLessThanOrEqual(expected: number | bigint): R;
  toBeTruthy(): R;
  toBeFalsy(): R;
  toBeNull(): R;
  toBeUndefined(): R;
  toBeDefined(): R;
  toBeNaN(): R;
}
interface Expectation extends Matchers<void> { not: Matchers<void> }
interface AsyncExpectation extends Matchers<Promise<void>> { not: Matchers<Promise<void>> }

interface PluginOptions {
  /** What appToken and environment are, and the app of the responses. */
  appToken?: string;
  environment?: AdjustEnvironment;
  /** More apps that the plugin may name. */
  apps?: { appToken: string; environment: AdjustEnvironment }[];
  /** The S2S parameters of the host's own device. */
  device?: Record<string, string>;
  /** What the time is: text such as "2026-05-01T12:00:00Z", a Date, or milliseconds. */
  now?: string | number | Date;
  /** The time limit of a run: milliseconds, or text such as "2s". */
  timeout?: string | number;
  /** What Math.random returns. */
  random?: number;
  /** Has Adjust.create send the session of a host that has just started. */
  firstStart?: boolean;
  /** What process.env holds. */
  env?: Record<string, string>;
  /** What an earlier run of the plugin has kept. */
  localStorage?: Record<string, string>;
  /** Answers requests, by patterns such as "POST https://hooks.example/*", or by a function; true: the real network. */
  fetch?: true | Record<string, FetchMock | ((request: PluginFetch) => FetchMock | Promise<FetchMock>)> | ((request: PluginFetch) => FetchMock | Promise<FetchMock>);
  /** With fetch: true, allow_hosts for this plugin: it reaches what both these and the configuration allow. */
  allowHosts?: string[];
}
/** A status, a text, an Error for no answer, { status, headers, body, json }, or any other object for JSON. */
type FetchMock = number | string | Error | null | undefined | { status?: number; headers?: Record<string, string>; body?: string; json?: any; error?: any } | object;
interface PluginFetch { method: string; url: string; headers: Record<string, string>; body: string; /** The body, parsed. */ readonly json: any }
interface PluginLine { level: "debug" | "info" | "warn" | "error"; text: string }
interface PluginTracked {
  kind: "session" | "event" | "ad_revenue" | "gdpr_forget_device" | "third_party_sharing";
  eventToken?: string;
  revenue?: number;
  currency?: string;
  callbackId?: string;
  callbackParams: Record<string, string>;
  partnerParams: Record<string, string>;
  /** All S2S parameters. */
  params: Record<string, string>;
  device: string;
  appToken: string;
  environment: AdjustEnvironment;
}
/** What a response says; what is left out is what the server would say. */
interface PluginAnswer {
  eventToken?: string;
  callbackId?: string;
  message?: string;
  timestamp?: string;
  adid?: string;
  willRetry?: boolean;
  /** An object, or the text of one; null: no JSON object. */
  jsonResponse?: object | string | null;
  rawBody?: string;
  id?: string;
  attempt?: number;
  status?: number;
  outcome?: "delivered" | "duplicate" | "retry" | "wait_for_device" | "blocked" | "unclear" | "rejected" | "expired";
  duplicate?: boolean;
  nextAttemptAt?: string | number | Date | null;
  revenue?: number;
  currency?: string;
  /** The S2S parameters that were sent. */
  params?: Record<string, string>;
  callbackParams?: Record<string, string>;
  partnerParams?: Record<string, string>;
  /** The device that it was sent for, such as "external_device_id=kiosk-17". */
  device?: string;
  appToken?: string;
  environment?: AdjustEnvironment;
  kind?: PluginTracked["kind"];
  repeat?: boolean;
  ambiguous?: boolean;
}
interface PluginDeeds {
  /** What the plugin printed. */
  readonly lines: PluginLine[];
  /** What it tracked. */
  readonly tracked: PluginTracked[];
  /** What it asked the network for. */
  readonly fetches: PluginFetch[];
  /** The errors that nobody caught. */
  readonly errors: any[];
}
/** A plugin under test. Its steps reject when the plugin throws, and resolve to what it did in that step. */
interface PluginUnderTest extends PluginDeeds {
  readonly name: string;
  readonly version: string;
  /** The callbacks that it listens to. */
  readonly registered: string[];
  /** The texts of all lines, one a line. */
  readonly text: string;
  /** What the time is. */
  readonly now: Date;
  /** What it keeps. */
  readonly localStorage: Record<string, string>;
  eventSuccess(answer?: PluginAnswer): Promise<PluginDeeds>;
  eventFailure(answer?: PluginAnswer): Promise<PluginDeeds>;
  sessionSuccess(answer?: PluginAnswer): Promise<PluginDeeds>;
  sessionFailure(answer?: PluginAnswer): Promise<PluginDeeds>;
  /** Hands over any response, by its outcome. */
  response(answer?: PluginAnswer): Promise<PluginDeeds>;
  /** Moves the time, by milliseconds or text such as "90s", "1h30m" or "2d", and runs the timers on the way. */
  advance(by: string | number): Promise<PluginDeeds>;
  /** Forgets what the plugin did so far, but not what it keeps. */
  clear(): void;
  close(): Promise<void>;
}

declare module "trackhook/test" {
  const _plugin: typeof plugin;
  const _test: typeof test;
  const _it: typeof it;
  const _xtest: typeof xtest;
  const _xit: typeof xit;
  const _describe: typeof describe;
  const _xdescribe: typeof xdescribe;
  const _expect: typeof expect;
  const _beforeAll: typeof beforeAll;
  const _beforeEach: typeof beforeEach;
  const _afterAll: typeof afterAll;
  const _afterEach: typeof afterEach;
  export { _plugin as plugin, _test as test, _it as it, _xtest as xtest, _xit as xit, _describe as describe, _xdescribe as xdescribe, _expect as expect, _beforeAll as beforeAll, _beforeEach as beforeEach, _afterAll as afterAll, _afterEach as afterEach };
}
