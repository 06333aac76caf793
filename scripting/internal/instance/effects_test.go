package instance

import (
	"regexp"
	"strings"
	"testing"

	"trackhook/scripting/internal/surface"
)

// documented returns what trackhook.d.ts says of each method of a type, all overloads together, by the method's name.
func documented(t *testing.T, head string) map[string]string {
	t.Helper()
	_, rest, found := strings.Cut(surface.Types(), head+" {\n")
	if !found {
		t.Fatalf("trackhook.d.ts has no %s", head)
	}
	body, _, _ := strings.Cut(rest, "\n}\n")
	texts := map[string]string{}
	for _, match := range regexp.MustCompile(`(?m)^ {2}/\*\* (.*) \*/\n {2}(\w+)\(`).FindAllStringSubmatch(body, -1) {
		texts[match[2]] += match[1] + "\n"
	}
	return texts
}

// effectSource calls every method of Adjust, or every setter of a config, with arguments that it takes.
const effectSource = `
	const skipped = new Set(['create', 'initSdk', 'gdprForgetMe', 'setEnabled', 'enable', 'disable', 'trackEvent', 'trackAdRevenue']);
	const given = {
		updateSkanConversionValue: [1, 'low', true, () => {}], setAppSecret: [1, 2, 3, 4, 5], resolveLinkWithUrl: ['u', [], () => {}],
		setAttConsentWaitingInterval: [1], setEventDeduplicationIdsMaxSize: [1], setExternalDeviceId: ['d'], setDelayStart: [1],
		setDefaultTracker: ['t'], setSdkPrefix: ['p'], setLogLevel: ['INFO'], setPreinstallFilePath: ['f'], setFbAppId: ['f'], setUrlStrategy: ['china'],
	};
	const names = (object) => object ? [...Object.getOwnPropertyNames(object), ...names(Object.getPrototypeOf(object))] : [];
	function callAll(object, list) {
		for (const name of list) {
			if (skipped.has(name) || typeof object[name] !== 'function') continue;
			const listener = /Callback(Listener)?$/.test(name);
			object[name](...(given[name] || [listener ? () => {} : true]));
		}
	}
`

// TestTypesSayWhatHasNoEffect holds the texts that users read in their editor to what the host says when the method is
// called: what it refuses, and what it does nothing for, is documented as such, and nothing else of Adjust is.
func TestTypesSayWhatHasNoEffect(t *testing.T) {
	const (
		refused = "is not supported by this host"
		idle    = "does nothing on this host"
	)
	said := func(lines []logLine) map[string]string {
		found := map[string]string{}
		for _, level := range []string{"debug", "warn"} {
			for _, line := range messages(lines, level) {
				for _, effect := range []string{refused, idle} {
					if name, _, ok := strings.Cut(line, " "+effect); ok {
						found[name[strings.LastIndexAny(name, " ")+1:]] = effect
					}
				}
			}
		}
		return found
	}
	check := func(owner string, texts, effects map[string]string) {
		t.Helper()
		checked := 0
		for name, text := range texts {
			effect, none := effects[owner+"."+name], strings.Contains(text, "does nothing here") || strings.Contains(text, "This host does not support it")
			switch {
			case effect == refused && !strings.Contains(text, "This host does not support it"):
				t.Errorf("%s.%s is refused, and trackhook.d.ts promises: %s", owner, name, text)
			case effect == idle && !none && !strings.Contains(text, `, or "".`):
				t.Errorf("%s.%s does nothing, and trackhook.d.ts promises: %s", owner, name, text)
			case effect != "":
				checked++
			}
		}
		if checked < 10 {
			t.Errorf("the host has said of %d methods of %s that they have no effect, which is too few for a test", checked, owner)
		}
	}
	for start, list := range map[string]string{
		"create":  "names(config).filter((n) => n.startsWith('set'))",
		"initSdk": "names(config).filter((n) => /^(enable|disable|deactivate)/.test(n) || /Callback$/.test(n) && n.startsWith('set'))",
	} {
		b := newBench(t, withDevice)
		b.run(effectSource + `
			const config = new AdjustConfig(appToken, environment);
			callAll(config, ` + list + `);
			Adjust.` + start + `(config);
			callAll(Adjust, Object.getOwnPropertyNames(Adjust));`)
		effects := said(b.log.take())
		check("AdjustConfig", documented(t, "declare class AdjustConfig"), effects)
		check("Adjust", documented(t, "interface AdjustStatic"), effects)
	}
}
