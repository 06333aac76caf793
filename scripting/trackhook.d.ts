// Code generated from scripting/surface*.go. DO NOT EDIT.

/// <reference lib="es2022" />

type AdjustEnvironment = "sandbox" | "production";
type AdjustLogLevel = "VERBOSE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "ASSERT" | "SUPPRESS";

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
  /** Tells what may be shared with other companies. */
  trackThirdPartySharing(sharing: AdjustThirdPartySharing): void;
  /** Tells whether the user agreed to be measured. */
  trackMeasurementConsent(consent: boolean): void;
  /** @deprecated Stops all sharing with other companies. Use trackThirdPartySharing(new AdjustThirdPartySharing(false)). (SDK version 4) */
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
  /** Holds back what is queued for the host's own device, or lets it go. (SDK version 4) */
  setOfflineMode(offline: boolean): void;
  /** Holds back what is queued for the host's own device. (SDK version 5) */
  switchToOfflineMode(): void;
  /** Lets go what was held back. (SDK version 5) */
  switchBackToOnlineMode(): void;
  /** Ends the delay that setDelayStart began. (SDK version 4) */
  sendFirstPackages(): void;
  /** Ends the delay that enableFirstSessionDelay began. (SDK version 5) */
  endFirstSessionDelay(): void;
  /** Turns COPPA compliance on while the first session is delayed. (SDK version 5) */
  enableCoppaComplianceInDelay(): void;
  /** Turns COPPA compliance off while the first session is delayed. (SDK version 5) */
  disableCoppaComplianceInDelay(): void;
  /** Sets the device's id while the first session is delayed. (SDK version 5) */
  setExternalDeviceIdInDelay(id: string): void;
  /** Sends the device's token for push messages. */
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
  /** Gives the id that Adjust has for the host's own device, once it is known. */
  getAdid(callback: (adid: string) => void): void;
  /** As getAdid, but gives null when the time is over. (SDK version 5) */
  getAdidWithTimeout(milliseconds: number, callback: (adid: string | null) => void): void;
  /** Gives where the host's own device came from, once it is known. */
  getAttribution(callback: (attribution: AdjustAttribution) => void): void;
  /** As getAttribution, but gives null when the time is over. (SDK version 5) */
  getAttributionWithTimeout(milliseconds: number, callback: (attribution: AdjustAttribution | null) => void): void;
  /** Gives the version of the host. */
  getSdkVersion(callback: (version: string) => void): void;
  /** Returns what is written before the version. (SDK version 4) */
  getSdkPrefix(): string;
  /** Tells that the app was opened by a link. (SDK version 4) */
  appWillOpenUrl(url: string): void;
  /** Tells that the app was opened by a link, and gives the link behind a short one. (SDK version 4) */
  processDeeplink(url: string, callback: (resolved: string) => void): void;
  /** Tells that the app was opened by a link. (SDK version 5) */
  processDeeplink(deeplink: AdjustDeeplink): void;
  /** Tells that the app was opened by a link, and gives the link behind a short one. (SDK version 5) */
  processAndResolveDeeplink(deeplink: AdjustDeeplink, callback: (resolved: string) => void): void;
  /** Gives the link behind a short one. (SDK version 5) */
  resolveLinkWithUrl(url: string, suffixes: string[], callback: (resolved: string) => void): void;
  /** Gives the link that opened the app last. It needs a handset, and does nothing here. */
  getLastDeeplink(callback: (deeplink: string) => void): void;
  /** Turns a universal link of iOS into one of the app's own scheme. It needs a handset, and does nothing here. (SDK version 4) */
  convertUniversalLink(url: string, scheme: string, callback: (deeplink: string) => void): void;
  /** Drops all listeners. */
  componentWillUnmount(): void;
  /** Passes on the referrer of an Android store. It needs a handset, and does nothing here. (SDK version 4) */
  setReferrer(referrer: string): void;
  /** Tracks a subscription of the App Store. It needs a handset, and does nothing here. */
  trackAppStoreSubscription(subscription: AdjustAppStoreSubscription): void;
  /** Tracks a subscription of the Play Store. It needs a handset, and does nothing here. */
  trackPlayStoreSubscription(subscription: AdjustPlayStoreSubscription): void;
  /** Asks whether a purchase of the App Store is genuine. It needs a handset, and does nothing here. */
  verifyAppStorePurchase(purchase: AdjustAppStorePurchase, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Asks whether a purchase of the Play Store is genuine. It needs a handset, and does nothing here. */
  verifyPlayStorePurchase(purchase: AdjustPlayStorePurchase, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Asks whether a purchase of the App Store is genuine, and tracks the event. It needs a handset, and does nothing here. (SDK version 5) */
  verifyAndTrackAppStorePurchase(event: AdjustEvent, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Asks whether a purchase of the Play Store is genuine, and tracks the event. It needs a handset, and does nothing here. (SDK version 5) */
  verifyAndTrackPlayStorePurchase(event: AdjustEvent, callback: (result: AdjustPurchaseVerificationResult) => void): void;
  /** Gives the advertising id of iOS. It needs a handset, and does nothing here. */
  getIdfa(callback: (idfa: string) => void): void;
  /** Gives the vendor id of iOS. It needs a handset, and does nothing here. */
  getIdfv(callback: (idfv: string) => void): void;
  /** Gives the advertising id of Google. It needs a handset, and does nothing here. */
  getGoogleAdId(callback: (id: string) => void): void;
  /** Gives the advertising id of Amazon. It needs a handset, and does nothing here. */
  getAmazonAdId(callback: (id: string) => void): void;
  /** Shows the tracking prompt of iOS. It needs a handset, and does nothing here. (SDK version 4) */
  requestTrackingAuthorizationWithCompletionHandler(callback: (status: number) => void): void;
  /** Shows the tracking prompt of iOS. It needs a handset, and does nothing here. (SDK version 5) */
  requestAppTrackingAuthorization(callback: (status: number) => void): void;
  /** Gives what the user answered to the tracking prompt of iOS. It needs a handset, and does nothing here. */
  getAppTrackingAuthorizationStatus(callback: (status: number) => void): void;
  /** Looks again at what the user answered to the tracking prompt of iOS. It needs a handset, and does nothing here. (SDK version 4) */
  checkForNewAttStatus(): void;
  /** Turns the rules of the Play Store for children on while the first session is delayed. It needs a handset, and does nothing here. (SDK version 5) */
  enablePlayStoreKidsComplianceInDelay(): void;
  /** Turns the rules of the Play Store for children off while the first session is delayed. It needs a handset, and does nothing here. (SDK version 5) */
  disablePlayStoreKidsComplianceInDelay(): void;
  /** Sets the SKAdNetwork conversion value. It needs a handset, and does nothing here. (SDK version 4) */
  updateConversionValue(value: number): void;
  /** Sets the SKAdNetwork conversion value and tells how it went. The Cordova SDK wants the callback first, the one of React Native last. It needs a handset, and does nothing here. (SDK version 4) */
  updateConversionValueWithErrorCallback(...parameters: any[]): void;
  /** Sets the conversion value of SKAdNetwork 4 (the name of the Cordova SDK). It needs a handset, and does nothing here. (SDK version 4) */
  updateSkad4ConversionValueWithErrorCallback(callback: (error: string) => void, fineValue: number, coarseValue: string, lockWindow: boolean): void;
  /** Sets the conversion value of SKAdNetwork 4 (the name of the React Native SDK). It needs a handset, and does nothing here. (SDK version 4) */
  updateConversionValueWithSkad4ErrorCallback(fineValue: number, coarseValue: string, lockWindow: boolean, callback: (error: string) => void): void;
  /** Sets the SKAdNetwork conversion value. It needs a handset, and does nothing here. (SDK version 5) */
  updateSkanConversionValue(value: number, coarseValue: string, lockWindow: boolean, callback: (error: string) => void): void;
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
  /** Servers for China, with others to fall back on. (SDK version 4) */
  static readonly UrlStrategyChina: "china";
  /** Servers for India, with others to fall back on. (SDK version 4) */
  static readonly UrlStrategyIndia: "india";
  /** Servers in China, with others to fall back on. (SDK version 4) */
  static readonly UrlStrategyCn: "cn";
  /** Servers in China only. (SDK version 4) */
  static readonly UrlStrategyCnOnly: "cn-only";
  /** Data stays in the European Union. (SDK version 4) */
  static readonly DataResidencyEU: "data-residency-eu";
  /** Data stays in Turkey. (SDK version 4) */
  static readonly DataResidencyTR: "data-residency-tr";
  /** Data stays in the United States. (SDK version 4) */
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
  /** Called when it becomes known, or changes, where a device came from. (SDK version 4) */
  setAttributionCallbackListener(listener: (attribution: AdjustAttribution) => void | Promise<void>): void;
  /** @deprecated The old name of setAttributionCallbackListener. (SDK version 4) */
  setCallbackListener(listener: (attribution: AdjustAttribution) => void | Promise<void>): void;
  /** Called when the server has a link for a device that was installed through one. (SDK version 4) */
  setDeferredDeeplinkCallbackListener(listener: (deeplink: string) => void | Promise<void>): void;
  /** Called when a session was accepted. (SDK version 5) */
  setSessionTrackingSucceededCallback(callback: (session: AdjustSessionSuccess) => void | Promise<void>): void;
  /** Called at each attempt to send a session that failed. willRetry tells whether another follows. (SDK version 5) */
  setSessionTrackingFailedCallback(callback: (session: AdjustSessionFailure) => void | Promise<void>): void;
  /** Called when an event was accepted. (SDK version 5) */
  setEventTrackingSucceededCallback(callback: (event: AdjustEventSuccess) => void | Promise<void>): void;
  /** Called at each attempt to send an event that failed. willRetry tells whether another follows. (SDK version 5) */
  setEventTrackingFailedCallback(callback: (event: AdjustEventFailure) => void | Promise<void>): void;
  /** Called when it becomes known, or changes, where a device came from. (SDK version 5) */
  setAttributionCallback(callback: (attribution: AdjustAttribution) => void | Promise<void>): void;
  /** Called when the server has a link for a device that was installed through one. (SDK version 5) */
  setDeferredDeeplinkCallback(callback: (deeplink: any) => void | Promise<void>): void;
  /** Called when the server sends a trigger. (SDK version 5) */
  setRemoteTriggerCallback(callback: (trigger: AdjustRemoteTrigger) => void | Promise<void>): void;
  /** Called when the SKAdNetwork conversion value changes. It needs a handset, and does nothing here. (SDK version 4) */
  setConversionValueUpdatedCallbackListener(listener: (value: any) => void): void;
  /** Called when the conversion value of SKAdNetwork 4 changes. It needs a handset, and does nothing here. (SDK version 4) */
  setSkad4ConversionValueUpdatedCallbackListener(listener: (value: any) => void): void;
  /** Called when the SKAdNetwork conversion value changes. It needs a handset, and does nothing here. (SDK version 5) */
  setSkanUpdatedCallback(callback: (value: any) => void): void;
  /** Says how much the SDK logs. The host's own setting decides what is shown. */
  setLogLevel(level: AdjustLogLevel): void;
  /** Says which device this host is. Without it, and without a device in the configuration file, scripts cannot track. */
  setExternalDeviceId(id: string): void;
  /** The link token that counts for devices that came without one. */
  setDefaultTracker(token: string): void;
  /** Says which servers are used. A host sends to the endpoint of its configuration file. (SDK version 4) */
  setUrlStrategy(strategy: string): void;
  /** Says which servers are used. A host sends to the endpoint of its configuration file. (SDK version 5) */
  setUrlStrategy(domains: string[], useSubdomains: boolean, isDataResidency: boolean): void;
  /** What is written before the version. */
  setSdkPrefix(prefix: string): void;
  /** Returns what setSdkPrefix set. (SDK version 4) */
  getSdkPrefix(): string | null;
  /** The user agent that is sent. (SDK version 4) */
  setUserAgent(userAgent: string): void;
  /** Returns what setUserAgent set. (SDK version 4) */
  getUserAgent(): string | null;
  /** Delays the first session, by 10 seconds at most. (SDK version 4) */
  setDelayStart(seconds: number): void;
  /** Returns what setDelayStart set. (SDK version 4) */
  getDelayStart(): number;
  /** Delays the first session until Adjust.endFirstSessionDelay. (SDK version 5) */
  enableFirstSessionDelay(): void;
  /** A host always sends. (SDK version 4) */
  setSendInBackground(enabled: boolean): void;
  /** Returns what setSendInBackground set. (SDK version 4) */
  getSendInBackground(): boolean | null;
  /** A host always sends. (SDK version 5) */
  enableSendingInBackground(): void;
  /** Sends events together, at intervals. (SDK version 4) */
  setEventBufferingEnabled(enabled: boolean): void;
  /** Tells that the device had the app before. (SDK version 4) */
  setDeviceKnown(known: boolean): void;
  /** Asks for what the install cost, as part of the attribution. (SDK version 4) */
  setNeedsCost(needed: boolean): void;
  /** Asks for what the install cost, as part of the attribution. (SDK version 5) */
  enableCostDataInAttribution(): void;
  /** The app secret, in five numbers. (SDK version 4) */
  setAppSecret(id: any, info1: any, info2: any, info3: any, info4: any): void;
  /** Marks the device as a child's, for COPPA. (SDK version 4) */
  setCoppaCompliantEnabled(enabled: boolean): void;
  /** Marks the device as a child's, for COPPA. (SDK version 5) */
  enableCoppaCompliance(): void;
  /** Whether a deferred link is opened. A host opens none. (SDK version 4) */
  setShouldLaunchDeeplink(launch: boolean): void;
  /** Returns what setShouldLaunchDeeplink set. (SDK version 4) */
  getShouldLaunchDeeplink(): boolean | null;
  /** Has deferred links not opened. A host opens none. (SDK version 5) */
  disableDeferredDeeplinkOpening(): void;
  /** How many deduplication ids are remembered. (SDK version 5) */
  setEventDeduplicationIdsMaxSize(size: number): void;
  /** The store that the app came from. (SDK version 5) */
  setStoreInfo(info: AdjustStoreInfo): void;
  /** Waits for the last word about where a device came from. (SDK version 4) */
  setFinalAndroidAttributionEnabled(enabled: boolean): void;
  /** Returns what setAttributionCallbackListener set. (SDK version 4) */
  getAttributionCallback(): Function | null;
  /** Returns what setSessionTrackingSucceededCallbackListener set. (SDK version 4) */
  getSessionTrackingSucceededCallback(): Function | null;
  /** Returns what setSessionTrackingFailedCallbackListener set. (SDK version 4) */
  getSessionTrackingFailedCallback(): Function | null;
  /** Returns what setEventTrackingSucceededCallbackListener set. (SDK version 4) */
  getEventTrackingSucceededCallback(): Function | null;
  /** Returns what setEventTrackingFailedCallbackListener set. (SDK version 4) */
  getEventTrackingFailedCallback(): Function | null;
  /** Returns what setDeferredDeeplinkCallbackListener set. (SDK version 4) */
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
  /** Reads the device's properties once only. It needs a handset, and does nothing here. (SDK version 4) */
  setReadDeviceInfoOnceEnabled(enabled: boolean): void;
  /** Reads the device's ids once only. It needs a handset, and does nothing here. (SDK version 5) */
  enableDeviceIdsReadingOnce(): void;
  /** Follows the rules of the Play Store for children. It needs a handset, and does nothing here. (SDK version 4) */
  setPlayStoreKidsAppEnabled(enabled: boolean): void;
  /** Follows the rules of the Play Store for children. It needs a handset, and does nothing here. (SDK version 5) */
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
  /** The Play Store's token of a purchase. It needs a handset, and does nothing here. */
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

/** A link that opened the app. Pass it to Adjust.processDeeplink. (SDK version 5) */
declare class AdjustDeeplink {
  /** A link. */
  constructor(deeplink: string);
  /** Where the link was. */
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
  /** The server's answer as an object; null when it was no JSON object. */
  jsonResponse: AdjustJsonResponse | null;
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
  readonly request: Record<string, any>;
}

/** A session that was accepted. */
interface AdjustSessionSuccess extends AdjustResponse {
}

/** An attempt to send a session that failed. */
interface AdjustSessionFailure extends AdjustResponse {
  /** Whether the host sends it again. false: it does not, unless somebody asks for it. */
  willRetry: boolean;
}

/** An event that was accepted. */
interface AdjustEventSuccess extends AdjustResponse {
  /** The token of the event. */
  eventToken: string;
  /** The id that was given to the event, or "". */
  callbackId: string;
}

/** An attempt to send an event that failed. */
interface AdjustEventFailure extends AdjustResponse {
  /** The token of the event. */
  eventToken: string;
  /** The id that was given to the event, or "". */
  callbackId: string;
  /** Whether the host sends it again. false: it does not, unless somebody asks for it. */
  willRetry: boolean;
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
  /** The id that Adjust has for the device. (SDK version 4) */
  adid: string;
  /** How the install was paid for, such as "CPI". */
  costType: string;
  /** What the install cost. */
  costAmount: number | string;
  /** The currency of that. */
  costCurrency: string;
  /** The install referrer of Meta. It needs a handset, and does nothing here. */
  fbInstallReferrer: string;
  /** The server's words, as JSON text. (SDK version 5) */
  jsonResponse?: string;
}

/** A trigger from the server. (SDK version 5) */
interface AdjustRemoteTrigger {
  /** The name of the trigger. */
  label: string;
  /** What came with it, as JSON text; "{}" when there was nothing. */
  payloadJson: string;
}

/** What a store said about a purchase. It needs a handset, and does nothing here. */
interface AdjustPurchaseVerificationResult {
  /** Whether the purchase is genuine. It needs a handset, and does nothing here. */
  verificationStatus: string;
  /** The answer as a number. It needs a handset, and does nothing here. */
  code: string;
  /** The answer in words. It needs a handset, and does nothing here. */
  message: string;
}

/** The default app's token, from the host's configuration. */
declare var appToken: string;
/** The default app's environment, from the host's configuration. */
declare var environment: AdjustEnvironment;

/** Prints lines to the host's log, at the level of the method's name. */
declare var console: {
  log(...values: any[]): void;
  info(...values: any[]): void;
  debug(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  trace(...values: any[]): void;
  dir(value: any, options?: { depth?: number | null }): void;
  dirxml(...values: any[]): void;
  table(data: any, columns?: string[]): void;
  assert(condition?: any, ...values: any[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  group(...values: any[]): void;
  groupCollapsed(...values: any[]): void;
  groupEnd(): void;
  time(label?: string): void;
  timeLog(label?: string, ...values: any[]): void;
  timeEnd(label?: string): void;
};

declare function setTimeout(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function setInterval(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function setImmediate(callback: (...values: any[]) => void, ...values: any[]): any;
declare function clearTimeout(timer?: any): void;
declare function clearInterval(timer?: any): void;
declare function clearImmediate(timer?: any): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(base64: string): string;
declare function btoa(binary: string): string;

interface Storage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  clear(): void;
  [name: string]: any;
}
/** Strings that outlive reloads and restarts. Each plugin has its own. */
declare var localStorage: Storage;

/** The environment variables that the configuration file grants to this plugin. */
declare var process: { readonly env: Readonly<Record<string, string | undefined>> };
declare var performance: { readonly timeOrigin: number; now(): number };

interface Event { readonly type: string; readonly target: any }
interface EventTarget {
  addEventListener(type: string, listener: ((event: any) => void) | null, options?: any): void;
  removeEventListener(type: string, listener: ((event: any) => void) | null, options?: any): void;
  dispatchEvent(event: Event): boolean;
}
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: any;
  onabort: ((event: any) => void) | null;
  throwIfAborted(): void;
}
declare var AbortSignal: {
  prototype: AbortSignal;
  abort(reason?: any): AbortSignal;
  timeout(milliseconds: number): AbortSignal;
  any(signals: AbortSignal[]): AbortSignal;
};
interface AbortController { readonly signal: AbortSignal; abort(reason?: any): void }
declare var AbortController: { prototype: AbortController; new (): AbortController };

interface Headers extends Iterable<[string, string]> {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string, headers: Headers) => void): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
}
type HeadersInit = Headers | Record<string, string> | [string, string][];
declare var Headers: { prototype: Headers; new (init?: HeadersInit): Headers };

type BodyInit = string | ArrayBuffer | ArrayBufferView | URLSearchParams;
interface Body {
  readonly bodyUsed: boolean;
  text(): Promise<string>;
  json(): Promise<any>;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array>;
}
interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  redirect?: "follow" | "error" | "manual";
  signal?: AbortSignal | null;
}
interface Request extends Body {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: string;
  readonly signal: AbortSignal;
  clone(): Request;
}
declare var Request: { prototype: Request; new (input: string | URL | Request, init?: RequestInit): Request };
interface ResponseInit { status?: number; statusText?: string; headers?: HeadersInit }
interface Response extends Body {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly url: string;
  readonly redirected: boolean;
  readonly type: string;
  clone(): Response;
}
declare var Response: {
  prototype: Response;
  new (body?: BodyInit | null, init?: ResponseInit): Response;
  error(): Response;
  json(data: any, init?: ResponseInit): Response;
  redirect(url: string | URL, status?: number): Response;
};
/** Sends a request to a public address, or to one that the configuration file grants to this plugin. */
declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;

interface URLSearchParams extends Iterable<[string, string]> {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
}
declare var URLSearchParams: {
  prototype: URLSearchParams;
  new (init?: string | Record<string, string> | Iterable<[string, string]>): URLSearchParams;
};
interface URL {
  href: string; protocol: string; username: string; password: string; host: string; hostname: string;
  port: string; pathname: string; search: string; hash: string;
  readonly origin: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}
declare var URL: {
  prototype: URL;
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
  parse(url: string | URL, base?: string | URL): URL | null;
};

interface TextEncoder { readonly encoding: string; encode(text?: string): Uint8Array }
declare var TextEncoder: { prototype: TextEncoder; new (): TextEncoder };
interface TextDecoder { readonly encoding: string; decode(bytes?: ArrayBuffer | ArrayBufferView): string }
declare var TextDecoder: { prototype: TextDecoder; new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder };

interface CryptoKey { readonly type: string; readonly extractable: boolean; readonly algorithm: any; readonly usages: string[] }
declare var crypto: {
  randomUUID(): string;
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  readonly subtle: {
    digest(algorithm: string | { name: string }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    importKey(format: string, key: any, algorithm: any, extractable: boolean, usages: string[]): Promise<CryptoKey>;
    sign(algorithm: any, key: CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    verify(algorithm: any, key: CryptoKey, signature: ArrayBuffer | ArrayBufferView, data: ArrayBuffer | ArrayBufferView): Promise<boolean>;
  };
};

interface Buffer extends Uint8Array {
  equals(other: Uint8Array): boolean;
  toString(encoding?: string, start?: number, end?: number): string;
  write(text: string, encoding?: string): number;
}
declare var Buffer: {
  prototype: Buffer;
  from(value: string, encoding?: string): Buffer;
  from(value: ArrayBuffer | ArrayBufferView | ArrayLike<number>): Buffer;
  alloc(size: number, fill?: string | number, encoding?: string): Buffer;
  concat(list: readonly Uint8Array[], length?: number): Buffer;
  byteLength(value: string | ArrayBuffer | ArrayBufferView, encoding?: string): number;
  compare(a: Uint8Array, b: Uint8Array): number;
  isBuffer(value: any): value is Buffer;
  isEncoding(encoding: string): boolean;
};

interface NodeModule { exports: any; readonly id: string; readonly filename: string; readonly loaded: boolean }
/** Loads a file, or a package of node_modules. The name has to be a literal. */
declare function require(name: string): any;
declare var module: NodeModule;
declare var exports: any;

/** Only what the SDK's documentation uses: deviceready is told at once, and there are no elements. */
declare var document: {
  addEventListener(type: string, listener: (event?: any) => void, options?: any): void;
  removeEventListener(type: string, listener: (event?: any) => void, options?: any): void;
  getElementById(id: string): any;
};

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
  <T extends readonly any[]>(rows: readonly T[]): (name: string, fn: (...row: T) => any, timeout?: number) => void;
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
  stringContaining(wanted: string): any;
  stringMatching(wanted: string | RegExp): any;
  closeTo(wanted: number, digits?: number): any;
  /** The test must make so many expectations. */
  assertions(count: number): void;
  /** The test must make an expectation. */
  hasAssertions(): void;
  not: Pick<Expect, "objectContaining" | "arrayContaining" | "stringContaining" | "stringMatching" | "closeTo">;
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
  /** With fetch: true, what allow_hosts of the configuration would be. */
  allowHosts?: string[];
}
/** A status, a text, an Error for no answer, { status, headers, body, json }, or any other object for JSON. */
type FetchMock = number | string | Error | null | undefined | { status?: number; headers?: Record<string, string>; body?: string; json?: any; error?: any } | object;
interface PluginFetch { method: string; url: string; headers: Record<string, string>; body: string; /** The body, parsed. */ readonly json: any }
interface PluginLine { level: "debug" | "info" | "warn" | "error"; text: string }
interface PluginTracked {
  kind: "session" | "event" | "ad_revenue" | "gdpr_forget_device";
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
  jsonResponse?: object | null;
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
  type _AdjustJsonResponse = AdjustJsonResponse;
  export type { _AdjustJsonResponse as AdjustJsonResponse };
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
  const _environment: typeof environment;
  export { _environment as environment };
  const _localStorage: typeof localStorage;
  export { _localStorage as localStorage };
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
