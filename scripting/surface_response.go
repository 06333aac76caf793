package scripting

// surfaceResponses are the objects that listeners receive. They exist in types only: no script makes one.
func surfaceResponses() []surfaceEntry {
	eventToken := surfaceMember{"eventToken: string", both, "The token of the event."}
	callbackID := surfaceMember{"callbackId: string", both, "The id that was given to the event, or \"\"."}
	willRetry := surfaceMember{"willRetry: boolean", both, "Whether the host sends it again. false: it does not, unless somebody asks for it."}
	return []surfaceEntry{
		{
			name: "AdjustResponse", kind: surfaceType, flags: both,
			doc: "What came of one attempt to send one session or event. Strings that are not known are \"\". What a host adds to the documented properties is not listed by Object.keys.",
			members: []surfaceMember{
				{"message: string", both, "What the server said, or why it could not be asked."},
				{"timestamp: string", both, "The server's time, such as \"2024-01-02T03:04:05.000Z+0000\"."},
				{"adid: string", both, "The id that Adjust has for the device."},
				{"jsonResponse: AdjustJsonResponse | null", both, "The server's answer as an object; null when it was no JSON object."},
				{"readonly id: string", ours, "The id of what was sent: the same at each attempt."},
				{"readonly attempt: number", ours, "Which attempt this was, from 1."},
				{"readonly status: number", ours, "The HTTP status; 0 when there was no answer."},
				{"readonly outcome: string", ours, "How the host understood the answer: \"delivered\", \"duplicate\", \"retry\", \"wait_for_device\", \"blocked\", \"unclear\", \"rejected\" or \"expired\"."},
				{"readonly duplicate: boolean", ours, "Whether the server had counted it before."},
				{"readonly nextAttemptAt: Date | null", ours, "When it is sent again, if it is."},
				{"readonly replay: boolean", ours, "Whether this is a recorded answer that is played again."},
				{"readonly request: Record<string, any>", ours, "The parameters that were sent."},
			},
		},
		{
			name: "AdjustSessionSuccess", kind: surfaceType, flags: both, extends: "AdjustResponse",
			doc: "A session that was accepted.",
		},
		{
			name: "AdjustSessionFailure", kind: surfaceType, flags: both, extends: "AdjustResponse",
			doc: "An attempt to send a session that failed.", members: []surfaceMember{willRetry},
		},
		{
			name: "AdjustEventSuccess", kind: surfaceType, flags: both, extends: "AdjustResponse",
			doc: "An event that was accepted.", members: []surfaceMember{eventToken, callbackID},
		},
		{
			name: "AdjustEventFailure", kind: surfaceType, flags: both, extends: "AdjustResponse",
			doc: "An attempt to send an event that failed.", members: []surfaceMember{eventToken, callbackID, willRetry},
		},
		{
			name: "AdjustJsonResponse", kind: surfaceType, flags: both,
			doc: "The server's answer. It may have anything else.",
			members: []surfaceMember{
				{"message?: string", both, "What the server said."},
				{"error?: string", both, "What the server refused."},
				{"timestamp?: string", both, "The server's time."},
				{"adid?: string", both, "The id that Adjust has for the device."},
				{"ask_in?: number", both, "After how many milliseconds to ask for the attribution."},
				{"retry_in?: number", both, "After how many milliseconds to send again."},
				{"attribution?: Record<string, any>", both, "Where the device came from."},
				{"[name: string]: any", both, "Whatever else the server said."},
			},
		},
		surfaceAttribution(),
		{
			name: "AdjustRemoteTrigger", kind: surfaceType, flags: v5,
			doc: "A trigger from the server.",
			members: []surfaceMember{
				{"label: string", v5, "The name of the trigger."},
				{"payloadJson: string", v5, "What came with it, as JSON text; \"{}\" when there was nothing."},
			},
		},
		{
			name: "AdjustPurchaseVerificationResult", kind: surfaceType, flags: both | device,
			doc: "What a store said about a purchase.",
			members: []surfaceMember{
				{"verificationStatus: string", both | device, "Whether the purchase is genuine."},
				{"code: string", both | device, "The answer as a number."},
				{"message: string", both | device, "The answer in words."},
			},
		},
	}
}

func surfaceAttribution() surfaceEntry {
	return surfaceEntry{
		name: "AdjustAttribution", kind: surfaceType, flags: both,
		doc: "Where a device came from. Strings that are not known are \"\".",
		members: []surfaceMember{
			{"trackerToken: string", both, "The token of the link."},
			{"trackerName: string", both, "The name of the link."},
			{"network: string", both, "The network."},
			{"campaign: string", both, "The campaign."},
			{"adgroup: string", both, "The ad group."},
			{"creative: string", both, "The creative."},
			{"clickLabel: string", both, "The label of the click."},
			{"adid: string", v4, "The id that Adjust has for the device."},
			{"costType: string", both, "How the install was paid for, such as \"CPI\"."},
			{"costAmount: number | string", both, "What the install cost."},
			{"costCurrency: string", both, "The currency of that."},
			{"fbInstallReferrer: string", both | device, "The install referrer of Meta."},
			{"jsonResponse?: string", v5, "The server's words, as JSON text."},
		},
	}
}
