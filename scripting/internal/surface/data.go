package surface

import "slices"

// surfaceData are the things that can be tracked.
func surfaceData() []entry {
	parameters := []member{
		{"addCallbackParameter(key: string, value: string): void", sdkAny, "Adds a parameter for your own callback URL."},
		{"addPartnerParameter(key: string, value: string): void", sdkAny, "Adds a parameter for network partners."},
	}
	return []entry{
		{
			name: "AdjustEvent", kind: class, flags: sdkAny,
			doc:    "An event of the host's own device. Pass it to Adjust.trackEvent.",
			create: []member{{"eventToken: string", sdkAny, "An event by its six-character token."}},
			members: append([]member{
				{"setRevenue(revenue: number, currency: string): void", sdkAny, "What the event earned, and the currency by its ISO 4217 code, such as \"EUR\"."},
				{"setCallbackId(id: string): void", sdkAny, "An id of your own. It comes back as callbackId, and stays on this host."},
				{"setDeduplicationId(id: string): void", sdk5, "An id that counts once: another event with it is not counted."},
				{"setTransactionId(id: string): void", sdkAny, "The order of a purchase. In version 4, another event with it is not counted."},
				{"setProductId(id: string): void", sdkAny, "The product of a purchase."},
				{"setPurchaseToken(token: string): void", sdkAny, "The Play Store's token of a purchase."},
				{"setReceipt(receipt: string): void", sdk4 | needsHandset, "The App Store's receipt of a purchase."},
				{"setReceiptForTransactionId(receipt: string, id: string): void", sdk4 | needsHandset | isDeprecated, "Does nothing."},
			}, parameters...),
		},
		{
			name: "AdjustAdRevenue", kind: class, flags: sdkAny,
			doc:    "What an advertisement earned. Pass it to Adjust.trackAdRevenue.",
			create: []member{{"source: string", sdkAny, "Ad revenue of a source, such as AdjustConfig.AdRevenueSourceAppLovinMAX."}},
			members: append([]member{
				{"setRevenue(revenue: number, currency: string): void", sdkAny, "What was earned, and the currency by its ISO 4217 code."},
				{"setAdImpressionsCount(count: number): void", sdkAny, "How often the advertisement was seen."},
				{"setAdRevenueNetwork(network: string): void", sdkAny, "The network that paid."},
				{"setAdRevenueUnit(unit: string): void", sdkAny, "The ad unit."},
				{"setAdRevenuePlacement(placement: string): void", sdkAny, "Where in the app it stood."},
			}, parameters...),
		},
		{
			name: "AdjustThirdPartySharing", kind: class, flags: sdkAny,
			doc:    "What may be shared with other companies. Pass it to Adjust.trackThirdPartySharing.",
			create: []member{{"isEnabled: boolean | null", sdkAny, "Allows all sharing, stops it, or with null leaves that open."}},
			members: []member{
				{"addGranularOption(partnerName: string, key: string, value: string): void", sdkAny, "Adds an option for one partner."},
				{"addPartnerSharingSetting(partnerName: string, key: string, value: boolean): void", sdkAny, "Allows or stops the sharing of one kind of data with one partner."},
			},
		},
		{
			name: "AdjustDeeplink", kind: class, flags: sdk5,
			doc:    "A link that opened the app. Adjust.processDeeplink takes it, and tells Adjust nothing of it.",
			create: []member{{"deeplink: string", sdk5, "A link."}},
			members: []member{
				{"setReferrer(referrer: string): void", sdk5, "Where the link was. It is not sent."},
			},
		},
		{
			name: "AdjustStoreInfo", kind: class, flags: sdk5,
			doc:    "A store that the app came from. Pass it to AdjustConfig.setStoreInfo.",
			create: []member{{"storeName: string", sdk5, "A store by its name."}},
			members: []member{
				{"setStoreAppId(id: string): void", sdk5, "The app's id in the store."},
			},
		},
		{
			name: "AdjustAppStoreSubscription", kind: class, flags: sdkAny | needsHandset,
			doc: "A subscription of the App Store.",
			create: []member{
				{"price: string, currency: string, transactionId: string, receipt: string", sdk4, "A subscription, in version 4."},
				{"price: string, currency: string, transactionId: string", sdk5, "A subscription, in version 5."},
			},
			members: slices.Concat([]member{
				{"setTransactionDate(date: string): void", sdkAny | needsHandset, "When it was bought."},
				{"setSalesRegion(region: string): void", sdkAny | needsHandset, "Where it was bought."},
			}, parameters),
		},
		{
			name: "AdjustPlayStoreSubscription", kind: class, flags: sdkAny | needsHandset,
			doc: "A subscription of the Play Store.",
			create: []member{
				{"price: string | number, currency: string, sku: string, orderId: string, signature: string, purchaseToken: string", sdkAny, "A subscription."},
			},
			members: slices.Concat([]member{
				{"setPurchaseTime(time: string | number): void", sdkAny | needsHandset, "When it was bought."},
			}, parameters),
		},
		{
			name: "AdjustAppStorePurchase", kind: class, flags: sdkAny | needsHandset,
			doc: "A purchase of the App Store.",
			create: []member{
				{"receipt: string, productId: string, transactionId: string", sdk4, "A purchase, in version 4."},
				{"productId: string, transactionId: string", sdk5, "A purchase, in version 5."},
			},
		},
		{
			name: "AdjustPlayStorePurchase", kind: class, flags: sdkAny | needsHandset,
			doc:    "A purchase of the Play Store.",
			create: []member{{"productId: string, purchaseToken: string", sdkAny, "A purchase."}},
		},
	}
}

// surfaceConstants are objects that the documentation uses, though the SDKs do not have them.
func surfaceConstants() []entry {
	return []entry{
		{
			name: "AdjustEnvironment", kind: object, flags: hostOnly,
			doc: "The environments of an app.",
			members: []member{
				{`readonly Sandbox: "sandbox"`, hostOnly, "For tests: kept apart from the real numbers."},
				{`readonly Production: "production"`, hostOnly, "For the real numbers."},
			},
		},
		{
			name: "AdjustLogLevel", kind: object, flags: hostOnly,
			doc: "The log levels of AdjustConfig.setLogLevel.",
			members: []member{
				{`readonly Verbose: "VERBOSE"`, hostOnly, "Everything."},
				{`readonly Debug: "DEBUG"`, hostOnly, "What helps to find mistakes."},
				{`readonly Info: "INFO"`, hostOnly, "What happens."},
				{`readonly Warn: "WARN"`, hostOnly, "What may be wrong."},
				{`readonly Error: "ERROR"`, hostOnly, "What is wrong."},
				{`readonly Assert: "ASSERT"`, hostOnly, "What must not happen."},
				{`readonly Suppress: "SUPPRESS"`, hostOnly, "Nothing."},
			},
		},
		{
			name: "AdjustAdRevenueSource", kind: object, flags: hostOnly,
			doc:     "The sources of ad revenue, as AdjustConfig has them too.",
			members: adRevenueSources(),
		},
	}
}

// adRevenueSources are the constants of AdjustConfig that name sources.
func adRevenueSources() []member {
	var out []member
	for _, m := range surfaceConfigConstants() {
		const prefix = "static "
		if name := m.name(); len(name) > len("AdRevenueSource") && name[:len("AdRevenueSource")] == "AdRevenueSource" {
			out = append(out, member{m.declaration[len(prefix):], hostOnly, m.doc})
		}
	}
	return out
}
