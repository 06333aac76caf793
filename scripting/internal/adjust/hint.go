package adjust

import "regexp"

// Explain adds to a ReferenceError what to do about it. Documentation leaves values to the app that an example is
// pasted into, and code for web pages and mobile apps names things that a host does not have. An error about any other
// name is returned as it is.
func Explain(message string) string {
	match := regexp.MustCompile(`^ReferenceError: (\S+) is not defined$`).FindStringSubmatch(message)
	if match == nil {
		return message
	}
	if hint := foreignNames()[match[1]]; hint != "" {
		return message + ": " + hint
	}
	return message
}

// foreignNames are names that a host does not have, with what to do instead.
func foreignNames() map[string]string {
	const page, phone = "a host has no web page", "a host is no mobile device"
	names := map[string]string{
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
