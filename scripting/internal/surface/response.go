package surface

import "slices"

// surfaceResponses are the objects that listeners receive. They exist in types only: no script makes one.
func surfaceResponses() []entry {
	eventToken := member{"eventToken: string", sdkAny, "The token of the event."}
	callbackID := member{"callbackId: string", sdkAny, "The id that was given to the event, or \"\"."}
	willRetry := member{"willRetry: boolean", sdkAny, "Whether the host sends it again. false: it does not, unless somebody asks for it."}
	old := func(name, now string) member {
		return member{name + ": any", hostOnly | isDeprecated, "The name in the tables of the documentation; its examples, and the SDKs, write " + now + "."}
	}
	object := []member{
		{"jsonResponse: AdjustJsonResponse | null", sdk4, "The server's answer as an object, which is its own JSON where a text is needed; null when it was no JSON object."},
		old("JsonResponse", "jsonResponse"),
	}
	text := []member{
		{"jsonResponse: string", sdk5, "The server's answer as the text that it sent; \"\" when it was no JSON object."},
		old("JsonResponse", "jsonResponse"),
	}
	ofEvent := []member{eventToken, callbackID, old("EventToken", "eventToken"), old("CallbackId", "callbackId")}
	ofFailure := []member{willRetry, old("WillRetry", "willRetry")}
	return []entry{
		{
			name: "AdjustResponse", kind: typeOnly, flags: sdkAny,
			doc: "What came of one attempt to send one session or event. Strings that are not known are \"\". What a host adds to the documented properties is not listed by Object.keys.",
			members: []member{
				{"message: string", sdkAny, "What the server said, or why it could not be asked."},
				{"timestamp: string", sdkAny, "The server's time, such as \"2024-01-02T03:04:05.000Z+0000\"."},
				{"adid: string", sdkAny, "The id that Adjust has for the device."},
				old("Message", "message"),
				old("Timestamp", "timestamp"),
				old("Adid", "adid"),
				{"readonly id: string", hostOnly, "The id of what was sent: the same at each attempt."},
				{"readonly attempt: number", hostOnly, "Which attempt this was, from 1."},
				{"readonly status: number", hostOnly, "The HTTP status; 0 when there was no answer."},
				{"readonly outcome: string", hostOnly, "How the host understood the answer: \"delivered\", \"duplicate\", \"retry\", \"wait_for_device\", \"blocked\", \"unclear\", \"rejected\" or \"expired\"."},
				{"readonly duplicate: boolean", hostOnly, "Whether the server had counted it before."},
				{"readonly nextAttemptAt: Date | null", hostOnly, "When it is sent again, if it is."},
				{"readonly replay: boolean", hostOnly, "Whether this is a recorded answer that is played again."},
				{"readonly request: AdjustRequest", hostOnly, "The parameters that were sent."},
				{"readonly rawBody: string", hostOnly, "The server's answer as it came."},
			},
		},
		response("AdjustSessionSuccess", sdk4, "A session that was accepted, as listeners of version 4 get it.", object),
		response("AdjustSessionFailure", sdk4, "An attempt to send a session that failed, as listeners of version 4 get it.", ofFailure, object),
		response("AdjustEventSuccess", sdk4, "An event that was accepted, as listeners of version 4 get it.", ofEvent, object),
		response("AdjustEventFailure", sdk4, "An attempt to send an event that failed, as listeners of version 4 get it.", ofEvent, ofFailure, object),
		response("AdjustSessionTrackingSuccess", sdk5, "A session that was accepted, as callbacks of version 5 get it.", text),
		response("AdjustSessionTrackingFailure", sdk5, "An attempt to send a session that failed, as callbacks of version 5 get it.", ofFailure, text),
		response("AdjustEventTrackingSuccess", sdk5, "An event that was accepted, as callbacks of version 5 get it.", ofEvent, text),
		response("AdjustEventTrackingFailure", sdk5, "An attempt to send an event that failed, as callbacks of version 5 get it.", ofEvent, ofFailure, text),
		{
			name: "AdjustJsonResponse", kind: typeOnly, flags: sdkAny,
			doc: "The server's answer. It may have anything else.",
			members: []member{
				{"message?: string", sdkAny, "What the server said."},
				{"error?: string", sdkAny, "What the server refused."},
				{"timestamp?: string", sdkAny, "The server's time."},
				{"adid?: string", sdkAny, "The id that Adjust has for the device."},
				{"ask_in?: number", sdkAny, "After how many milliseconds to ask for the attribution."},
				{"retry_in?: number", sdkAny, "After how many milliseconds to send again."},
				{"attribution?: Record<string, any>", sdkAny, "Where the device came from."},
				{"[name: string]: any", sdkAny, "Whatever else the server said."},
			},
		},
		{
			name: "AdjustRequest", kind: typeOnly, flags: hostOnly,
			doc: "The parameters that were sent, without what authenticates the sender.",
			members: []member{
				{"app_token: string", hostOnly, "The app."},
				{"environment: string", hostOnly, "Its environment."},
				{"created_at_unix?: string", hostOnly, "When it happened, in seconds since 1970."},
				{"callback_params?: Record<string, string>", hostOnly, "The parameters for your own callback URL."},
				{"partner_params?: Record<string, string>", hostOnly, "The parameters for network partners."},
				{"[name: string]: any", hostOnly, "Whatever else was sent, such as event_token and revenue."},
			},
		},
		surfaceAttribution(),
		{
			name: "AdjustRemoteTrigger", kind: typeOnly, flags: sdk5,
			doc: "A trigger from the server.",
			members: []member{
				{"label: string", sdk5, "The name of the trigger."},
				{"payloadJson: string", sdk5, "What came with it, as JSON text; \"{}\" when there was nothing."},
			},
		},
		{
			name: "AdjustPurchaseVerificationResult", kind: typeOnly, flags: sdkAny | needsHandset,
			doc: "What a store said about a purchase. A host gives an empty object.",
			members: []member{
				{"verificationStatus?: string", sdkAny | needsHandset, "Whether the purchase is genuine."},
				{"code?: string", sdkAny | needsHandset, "The answer as a number."},
				{"message?: string", sdkAny | needsHandset, "The answer in words."},
			},
		},
	}
}

// response is what one kind of listener gets.
func response(name string, version flags, doc string, members ...[]member) entry {
	return entry{name: name, kind: typeOnly, flags: version, extends: "AdjustResponse", doc: doc, members: slices.Concat(members...)}
}

func surfaceAttribution() entry {
	return entry{
		name: "AdjustAttribution", kind: typeOnly, flags: sdkAny,
		doc: "Where a device came from. Strings that are not known are \"\".",
		members: []member{
			{"trackerToken: string", sdkAny, "The token of the link."},
			{"trackerName: string", sdkAny, "The name of the link."},
			{"network: string", sdkAny, "The network."},
			{"campaign: string", sdkAny, "The campaign."},
			{"adgroup: string", sdkAny, "The ad group."},
			{"creative: string", sdkAny, "The creative."},
			{"clickLabel: string", sdkAny, "The label of the click."},
			{"adid: string", sdkAny, "The id that Adjust has for the device. In version 5 it is not listed by Object.keys."},
			{"costType: string", sdkAny, "How the install was paid for, such as \"CPI\"."},
			{"costAmount: number | \"\"", sdkAny, "What the install cost. Where that is not known, it is \"\", and 0 in scripts that import react-native-adjust."},
			{"costCurrency: string", sdkAny, "The currency of that."},
			{"fbInstallReferrer: string", sdkAny, "The install referrer of Meta."},
			{"jsonResponse?: string", sdk5, "The server's words, as JSON text."},
			{"readonly device: string", hostOnly, "Which device it is, as KIND=ID, such as \"external_device_id=kiosk-17\"."},
			{"readonly response?: AdjustSessionSuccess | AdjustSessionFailure | AdjustSessionTrackingSuccess | AdjustSessionTrackingFailure", hostOnly, "The answer that told it, in a listener. Adjust.getAttribution gives none."},
		},
	}
}
