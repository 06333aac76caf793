package adjust

import (
	"regexp"
	"slices"
	"strings"
)

// noElements is what to do about code for the elements of a page.
const noElements = "a host has no page, so document and the ids of elements do not exist here; leave out what buttons and fields are for"

// hints are the names and patterns that Explain looks for. They are made once for a host: a listener may throw at each
// response.
type hints struct {
	foreign map[string]string
	// message finds the name that an error is about, member a name after a dot.
	message, member *regexp.Regexp
	// element finds a name that is used as an element of a page, whose id is a global in browsers; document finds where
	// that of a page is asked, and not a property of this name; answer a name that is asked of a jsonResponse.
	element, document, answer *regexp.Regexp
}

func newHints() *hints {
	return &hints{
		foreign: foreignNames(),
		message: regexp.MustCompile(`^TypeError: .*(?:member|property) '(\w+)'`),
		member:  regexp.MustCompile(`\.\s*(\w+)`),
		element: regexp.MustCompile(`(?:^|[^\p{L}\p{N}_$.])([\p{L}\p{N}_$]+)\s*\.\s*(?:addEventListener|removeEventListener|on[a-z]+\s*=[^=]|` +
			`innerHTML|innerText|textContent|(?:value|checked|disabled|hidden|style|classList|appendChild|append|remove|setAttribute|getAttribute|click|focus)\b)`),
		document: regexp.MustCompile(`(?:^\s*|[^.\s]\s+|[^\w$.\s])(?:(?:globalThis|self)\s*\.\s*)?(document)\s*\??\.`),
		answer:   regexp.MustCompile(`\b[jJ]sonResponse\s*(?:\.\s*(\w+)|\[\s*["'](\w+)["'])`),
	}
}

// Explain adds to an error what to do about it; line is the line that threw it. Documentation leaves values to the app that
// an example is pasted into, and code for web pages and mobile apps names things that a host does not have. An error about
// anything else is returned as it is.
func (a *API) Explain(message, line string) string {
	h := a.Devices.hints()
	if name, isReference := strings.CutPrefix(message, "ReferenceError: "); isReference {
		name, isUndefined := strings.CutSuffix(name, " is not defined")
		switch hint := h.foreign[name]; {
		case !isUndefined:
			return message
		case hint != "":
			return message + ": " + hint
		case h.usesElement(name, line):
			return message + ": " + noElements
		}
		return message
	}
	found := h.message.FindStringSubmatch(message)
	switch {
	case found == nil:
		return message
	case h.asksDocument(found[1], line):
		return message + ": " + noElements
	case h.asksAnswer(found[1], line):
		return a.explainAnswer(message, found[1])
	default:
		return message
	}
}

// usesElement tells whether a line uses a name as an element of a page.
func (h *hints) usesElement(name, line string) bool {
	for {
		at := h.element.FindStringSubmatchIndex(line)
		if at == nil || line[at[2]:at[3]] == name {
			return at != nil
		}
		line = line[at[3]:]
	}
}

// asksDocument tells whether a line asks the document for a member that it does not have here, or what comes of that.
func (h *hints) asksDocument(member, line string) bool {
	at := h.document.FindStringSubmatchIndex(line)
	if at == nil {
		return false
	}
	asked, _, _ := strings.Cut(line[at[3]:], ";")
	if end := strings.IndexAny(asked, "{}"); end >= 0 {
		asked = asked[:end]
	}
	return slices.ContainsFunc(h.member.FindAllStringSubmatch(asked, -1), func(found []string) bool { return found[1] == member })
}

// asksAnswer tells whether a line asks a jsonResponse for a member.
func (h *hints) asksAnswer(member, line string) bool {
	return slices.ContainsFunc(h.answer.FindAllStringSubmatch(line, -1), func(found []string) bool { return found[1]+found[2] == member })
}

// explainAnswer corrects goja where it says undefined of a jsonResponse that is null, which it often is on failures. Where
// the plugin hears attributions, which have none in version 4, it may be either.
func (a *API) explainAnswer(message, member string) string {
	const empty = "jsonResponse is null when the answer was no JSON object"
	look := "; look first, as in jsonResponse?." + member
	what, isRead := strings.CutPrefix(strings.TrimSuffix(message, " or null"), "TypeError: Cannot read property ")
	what, isUndefined := strings.CutSuffix(what, " of undefined")
	switch {
	case !isRead || !isUndefined:
		return message
	case slices.ContainsFunc(a.registrations, (*registration).hearsPlainAttributions):
		return message + ": " + empty + ", and attributions of version 4 have none, only the second argument of their listener has" + look
	default:
		return "TypeError: Cannot read property " + what + " of null: " + empty + look
	}
}

// hearsPlainAttributions tells whether a listener gets attributions without the jsonResponse that version 5 has added.
func (reg *registration) hearsPlainAttributions() bool {
	return reg.attribution.fn != nil && !reg.attribution.five && reg.generation == 4
}

// foreignNames are names that a host does not have, with what to do instead.
func foreignNames() map[string]string {
	const page, phone = "a host has no web page", "a host is no mobile device"
	names := map[string]string{
		"React":  "a host has no user interface; leave out what is shown",
		"window": page + "; the global object is globalThis", "navigator": page, "location": page, "XMLHttpRequest": "use fetch",
		"sessionStorage": "use localStorage", "alert": page + "; use console.log",
		"cordova": phone + "; use Adjust", "device": phone, "Platform": phone, "NativeModules": phone, "universalLinks": phone,
	}
	// The names that the documentation's examples use without declaring them.
	for _, name := range []string{"APP_ID", "APP_TOKEN", "YourAppToken", "yourAppToken", "YOUR_APP_TOKEN"} {
		names[name] = "write the app token in its place, or appToken for the app of this host's configuration"
	}
	for _, name := range []string{
		"price", "currency", "transactionId", "receipt", "transactionDate", "salesRegion", "sku", "orderId", "signature",
		"purchaseToken", "purchaseTime", "productId", "revenue", "eventToken",
	} {
		names[name] = "the documentation leaves it to the app; declare it in the script, such as const " + name + " = ..."
	}
	return names
}
