package adjust

import (
	"regexp"
	"strings"
)

// noElements is what to do about code for the elements of a page.
const noElements = "a host has no page, so document and the ids of elements do not exist here; leave out what buttons and fields are for"

// Explain adds to an error what to do about it; line is the line that threw it. Documentation leaves values to the app that
// an example is pasted into, and code for web pages and mobile apps names things that a host does not have. An error about
// anything else is returned as it is.
func Explain(message, line string) string {
	if asksDocument(message, line) {
		return message + ": " + noElements
	}
	if explained, ok := explainNull(message, line); ok {
		return explained
	}
	name, isReference := strings.CutPrefix(message, "ReferenceError: ")
	name, isUndefined := strings.CutSuffix(name, " is not defined")
	if !isReference || !isUndefined {
		return message
	}
	if hint := foreignNames()[name]; hint != "" {
		return message + ": " + hint
	}
	if usesElement(name, line) {
		return message + ": " + noElements
	}
	return message
}

// usesElement tells whether a line uses a name as an element of a page, whose id is a global in browsers.
func usesElement(name, line string) bool {
	return regexp.MustCompile(`(^|[^\w$.])` + regexp.QuoteMeta(name) + `\s*\.\s*(addEventListener|removeEventListener|on[a-z]+\s*=[^=]|innerHTML|innerText|textContent|` +
		`(value|checked|disabled|hidden|style|classList|appendChild|append|remove|setAttribute|getAttribute|click|focus)\b)`).MatchString(line)
}

// asksDocument tells whether a line asks the document for something that it does not have here, or what comes of that.
func asksDocument(message, line string) bool {
	if !strings.Contains(line, "document") { // patterns are costly to make, and a listener may throw at each response
		return false
	}
	match := regexp.MustCompile(`^TypeError: .*(?:member|property) '(\w+)'`).FindStringSubmatch(message)
	return match != nil && regexp.MustCompile(`\bdocument\b[^;{}]*\.\s*`+match[1]+`\b`).MatchString(line)
}

// explainNull corrects goja where it says undefined of a jsonResponse that is null, which it often is on failures.
func explainNull(message, line string) (string, bool) {
	if !strings.Contains(line, "sonResponse") {
		return "", false
	}
	match := regexp.MustCompile(`^TypeError: Cannot read property '(\w+)' of undefined(?: or null)?$`).FindStringSubmatch(message)
	if match == nil || !regexp.MustCompile(`\b[jJ]sonResponse\s*(\.\s*`+match[1]+`\b|\[\s*["']`+match[1]+`["'])`).MatchString(line) {
		return "", false
	}
	at := strings.LastIndex(message, " of undefined")
	return message[:at] + " of null: jsonResponse is null when the answer was no JSON object; look first, as in jsonResponse?." + match[1], true
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
