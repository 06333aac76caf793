// The classes of Adjust's SDKs, versions 4 and 5, and a page without elements, as every script sees them. adjust.go
// calls the function with a global name when a script first uses it, and keeps what it returns. host is what is needed
// of Go; see adjust.host there. Names, constants and checks: the JavaScript of Adjust's Cordova and React Native SDKs.
//
// One class serves both versions. Where they differ, the version that the script is written for decides, which the names
// in its text tell: for version 5 a class checks its arguments as that does, and prints what that prints; otherwise it
// takes what version 4 takes.
(function (host, name) {
  'use strict';

  // Parameters are flat arrays [key, value, key, value ...], as the Cordova SDK keeps them.
  const add = (list, key, value) => { list.push(key, value); };
  const strings = (...values) => values.every((value) => typeof value === 'string');
  // Version 5 prints a line and ignores what has the wrong type. False: ignore it.
  const checked = (right, what) => {
    if (right || !host.strict()) return true;
    console.log(`[Adjust] ${what}`);
    return false;
  };
  const isText = (value, what) => checked(strings(value), `${what} is not of type string`);
  const areTexts = (key, value, what) => checked(strings(key, value), `${what} parameter key or value is not of type string`);

  // React Native's version 4 keeps parameters in objects, takes strings only, and says nothing.
  const loose = () => host.reactNative() && !host.strict();
  const parameters = () => (loose() ? {} : []);
  const addParameter = (list, key, value, what) => {
    if (!areTexts(key, value, what)) return;
    if (!loose()) add(list, key, value);
    else if (strings(key, value)) list[key] = value;
  };

  const fields = {
    four: 'delayStart logLevel userAgent isDeviceKnown defaultTracker externalDeviceId urlStrategy sendInBackground shouldLaunchDeeplink eventBufferingEnabled ' +
      'needsCost attributionCallback eventTrackingSucceededCallback eventTrackingFailedCallback sessionTrackingSucceededCallback sessionTrackingFailedCallback ' +
      'deferredDeeplinkCallback conversionValueUpdatedCallback skad4ConversionValueUpdatedCallback coppaCompliantEnabled readDeviceInfoOnceEnabled sdkPrefix ' +
      'secretId info1 info2 info3 info4 referrer processName readMobileEquipmentIdentity preinstallTrackingEnabled preinstallFilePath oaidReadingEnabled ' +
      'playStoreKidsAppEnabled finalAndroidAttributionEnabled fbAppId allowiAdInfoReading allowAdServicesInfoReading allowIdfaReading handleSkAdNetwork ' +
      'linkMeEnabled attConsentWaitingInterval',
    native: 'logLevel eventBufferingEnabled shouldLaunchDeeplink sendInBackground needsCost delayStart userAgent isDeviceKnown defaultTracker externalDeviceId ' +
      'secretId info1 info2 info3 info4 urlStrategy coppaCompliantEnabled readDeviceInfoOnceEnabled processName readMobileEquipmentIdentity ' +
      'preinstallTrackingEnabled preinstallFilePath playStoreKidsAppEnabled finalAndroidAttributionEnabled allowiAdInfoReading allowAdServicesInfoReading ' +
      'allowIdfaReading skAdNetworkHandling linkMeEnabled attConsentWaitingInterval',
    five: 'isSendingInBackgroundEnabled isCostDataInAttributionEnabled isDeviceIdsReadingOnceEnabled urlStrategyDomains useSubdomains isDataResidency sdkPrefix ' +
      'logLevel defaultTracker externalDeviceId eventDeduplicationIdsMaxSize isDeferredDeeplinkOpeningEnabled isCoppaComplianceEnabled ' +
      'isFirstSessionDelayEnabled storeInfo attributionCallback eventTrackingSucceededCallback eventTrackingFailedCallback ' +
      'sessionTrackingSucceededCallback sessionTrackingFailedCallback deferredDeeplinkCallback remoteTriggerCallback processName ' +
      'isPreinstallTrackingEnabled preinstallFilePath isPlayStoreKidsComplianceEnabled fbAppId isAppSetIdReadingEnabled isAdServicesEnabled ' +
      'isIdfaReadingEnabled isIdfvReadingEnabled isSkanAttributionEnabled isLinkMeEnabled attConsentWaitingInterval isAppTrackingTransparencyUsageEnabled ' +
      'skanUpdatedCallback',
    native5: 'logLevel isDeferredDeeplinkOpeningEnabled isSendingInBackgroundEnabled isCostDataInAttributionEnabled isFirstSessionDelayEnabled defaultTracker ' +
      'externalDeviceId isDeviceIdsReadingOnceEnabled isDeviceIdsReadingEnabled isFbIdReadingEnabled isCoppaComplianceEnabled eventDeduplicationIdsMaxSize ' +
      'isDataResidency urlStrategyDomains useSubdomains storeInfo isAdServicesEnabled isIdfaReadingAllowed isIdfvReadingAllowed isSkanAttributionEnabled ' +
      'attConsentWaitingInterval isLinkMeEnabled isAppTrackingTransparencyUsageEnabled processName isPreinstallTrackingEnabled preinstallFilePath ' +
      'isPlayStoreKidsComplianceEnabled isGoogleAdIdReadingEnabled isAndroidIdReadingEnabled isFireAdIdReadingEnabled isDeviceIdsFromPluginsReadingEnabled',
  };

  switch (name) {
    // The fields, their names and their order are those of the SDK that the script is written for, because scripts write and
    // print them. Listeners are no fields in React Native. The methods are in config.go, and the names in field.go.
    case 'AdjustConfig': return class AdjustConfig {
      constructor(appToken, environment) {
        if (host.reactNative()) this.sdkPrefix = host.sdkPrefix();
        this.appToken = appToken;
        this.environment = environment;
        const names = host.strict() ? (host.reactNative() ? fields.native5 : fields.five) : (host.reactNative() ? fields.native : fields.four);
        for (const name of names.split(' ')) this[name] = name === 'delayStart' && !host.reactNative() ? 0.0 : null;
      }
    };

    case 'AdjustEvent': return class AdjustEvent {
      constructor(eventToken) {
        Object.assign(this, { eventToken, revenue: null, currency: null });
        if (host.strict()) {
          Object.assign(this, { deduplicationId: null, callbackId: null, productId: null, callbackParameters: [], partnerParameters: [] });
          Object.assign(this, { transactionId: null, purchaseToken: null });
        } else if (loose()) {
          Object.assign(this, { receipt: null, productId: null, transactionId: null, purchaseToken: null, callbackId: null });
          Object.assign(this, { callbackParameters: {}, partnerParameters: {} });
        } else {
          Object.assign(this, { productId: null, transactionId: null, callbackId: null, callbackParameters: [], partnerParameters: [] });
          Object.assign(this, { receipt: null, isReceiptSet: false, purchaseToken: null });
        }
      }

      setRevenue(revenue, currency) {
        if (loose()) {
          if (revenue !== null && revenue !== undefined) Object.assign(this, { revenue: revenue.toString(), currency });
          return;
        }
        // Version 5 prints the line and takes the values all the same.
        checked(typeof revenue === 'number' && strings(currency), 'Event revenue or currency is not of a proper data type');
        this.revenue = revenue;
        this.currency = currency;
      }

      addCallbackParameter(key, value) { addParameter(this.callbackParameters, key, value, 'Event callback'); }

      addPartnerParameter(key, value) { addParameter(this.partnerParameters, key, value, 'Event partner'); }

      setCallbackId(callbackId) { if (isText(callbackId, 'Event callback ID')) this.callbackId = callbackId; }

      // In version 4 the transaction id is what deduplicates; version 5 has an id for that alone.
      setTransactionId(transactionId) { if (isText(transactionId, 'Event transaction ID')) this.transactionId = transactionId; }

      setDeduplicationId(deduplicationId) {
        if (isText(deduplicationId, 'Event deduplication ID')) this.deduplicationId = deduplicationId;
      }

      setProductId(productId) { if (isText(productId, 'Event product ID')) this.productId = productId; }

      setPurchaseToken(purchaseToken) { if (isText(purchaseToken, 'Event purchase token')) this.purchaseToken = purchaseToken; }

      setReceipt(receipt) { this.receipt = receipt; }

      setReceiptForTransactionId() { host.removed(); }
    };

    case 'AdjustAdRevenue': return class AdjustAdRevenue {
      constructor(source) {
        this.source = source;
        this.revenue = null;
        this.currency = null;
        this.adImpressionsCount = null;
        this.adRevenueNetwork = null;
        this.adRevenueUnit = null;
        this.adRevenuePlacement = null;
        this.callbackParameters = parameters();
        this.partnerParameters = parameters();
      }

      setRevenue(revenue, currency) {
        checked(typeof revenue === 'number' && strings(currency), 'Ad revenue or currency is not of a proper data type');
        // Version 5 keeps the number, also where it is missing; version 4 makes a text of one that is there.
        if (host.strict()) Object.assign(this, { revenue, currency });
        else if (revenue !== null && revenue !== undefined) Object.assign(this, { revenue: revenue.toString(), currency });
      }

      setAdImpressionsCount(count) {
        if (checked(Number.isInteger(count), 'Ad impressions count is not of type integer')) this.adImpressionsCount = host.strict() ? count : count.toString();
      }

      setAdRevenueNetwork(network) { if (isText(network, 'Ad revenue network')) this.adRevenueNetwork = network; }

      setAdRevenueUnit(unit) { if (isText(unit, 'Ad revenue unit')) this.adRevenueUnit = unit; }

      setAdRevenuePlacement(placement) { if (isText(placement, 'Ad revenue placement')) this.adRevenuePlacement = placement; }

      // Version 4 takes strings only as well here, without a word.
      addCallbackParameter(key, value) {
        if (host.strict() || strings(key, value)) addParameter(this.callbackParameters, key, value, 'Ad revenue callback');
      }

      addPartnerParameter(key, value) {
        if (host.strict() || strings(key, value)) addParameter(this.partnerParameters, key, value, 'Ad revenue partner');
      }
    };

    case 'AdjustThirdPartySharing': return class AdjustThirdPartySharing {
      constructor(isEnabled) {
        this.isEnabled = host.reactNative() ? isEnabled : undefined;
        if (!host.reactNative() && isEnabled !== null && isEnabled !== undefined) this.isEnabled = isEnabled === true || isEnabled === 'true' ? 'true' : 'false';
        this.granularOptions = [];
        this.partnerSharingSettings = [];
      }

      addGranularOption(partnerName, key, value) {
        const right = strings(partnerName, key, value);
        checked(right, 'Granular option parameterName, key or value is not of a type string');
        if (right) this.granularOptions.push(partnerName, key, value);
      }

      addPartnerSharingSetting(partnerName, key, value) {
        const right = strings(partnerName, key) && typeof value === 'boolean';
        checked(right, 'Partner sharing setting parameters are not of a proper data type');
        if (right) this.partnerSharingSettings.push(partnerName, key, value);
      }
    };

    case 'AdjustDeeplink': return class AdjustDeeplink {
      constructor(deeplink) {
        this.deeplink = deeplink;
        this.referrer = null;
      }

      setReferrer(referrer) { this.referrer = referrer; }
    };

    case 'AdjustStoreInfo': return class AdjustStoreInfo {
      constructor(storeName) {
        this.storeName = storeName;
        this.storeAppId = null;
      }

      setStoreAppId(storeAppId) { this.storeAppId = storeAppId; }
    };

    case 'AdjustAppStoreSubscription': return class AdjustAppStoreSubscription {
      // Version 5 has no receipt.
      constructor(price, currency, transactionId, receipt) {
        Object.assign(this, { price, currency, transactionId });
        if (!host.strict()) this.receipt = receipt;
        Object.assign(this, { transactionDate: null, salesRegion: null });
        this.callbackParameters = parameters();
        this.partnerParameters = parameters();
      }

      setTransactionDate(date) { if (isText(date, 'App Store subscription transaction date')) this.transactionDate = date; }

      setSalesRegion(region) { if (isText(region, 'App Store subscription sales region')) this.salesRegion = region; }

      addCallbackParameter(key, value) {
        addParameter(this.callbackParameters, key, value, 'App Store subscription callback');
      }

      addPartnerParameter(key, value) {
        addParameter(this.partnerParameters, key, value, 'App Store subscription partner');
      }
    };

    case 'AdjustPlayStoreSubscription': return class AdjustPlayStoreSubscription {
      constructor(price, currency, sku, orderId, signature, purchaseToken) {
        Object.assign(this, { price, currency, sku, orderId, signature, purchaseToken, purchaseTime: null });
        this.callbackParameters = parameters();
        this.partnerParameters = parameters();
      }

      setPurchaseTime(time) {
        if (checked(Number.isInteger(time), 'Play Store subscription purchase time is not of type integer')) this.purchaseTime = time;
      }

      addCallbackParameter(key, value) {
        addParameter(this.callbackParameters, key, value, 'Play Store subscription callback');
      }

      addPartnerParameter(key, value) {
        addParameter(this.partnerParameters, key, value, 'Play Store subscription partner');
      }
    };

    case 'AdjustAppStorePurchase': return class AdjustAppStorePurchase {
      // Version 4 has the receipt before the two others.
      constructor(...values) {
        if (!host.strict()) this.receipt = values.shift();
        [this.productId, this.transactionId] = values;
      }
    };

    case 'AdjustPlayStorePurchase': return class AdjustPlayStorePurchase {
      constructor(productId, purchaseToken) { Object.assign(this, { productId, purchaseToken }); }
    };

    case 'document': {
      // The SDK's documentation waits for deviceready, and listens to buttons that nobody can press.
      const element = { addEventListener() {}, removeEventListener() {} };
      return {
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
    }
    default: return undefined;
  }
});
