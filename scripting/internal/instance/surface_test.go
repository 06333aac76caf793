package instance

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/regex"
	"trackhook/scripting/internal/surface"
	"trackhook/scripting/internal/web"
)

// walkSource is JavaScript that lists what stands on an object and on what it inherits from, save what every object has and
// what is the language's own.
const walkSource = `
	const language = new Set([Object, Function, Error, Array, Promise, Object.getPrototypeOf(Uint8Array), Uint8Array].map((c) => c.prototype));
	const named = (key) => typeof key === 'symbol' ? '[' + key.description + ']' : key;
	const skipped = new Set(['constructor', '[Symbol.toStringTag]']);
	function chain(object) {
		const names = new Set();
		for (; object && !language.has(object); object = Object.getPrototypeOf(object)) {
			// Streams keep what is theirs alone under symbols such as [[PullSteps]].
			for (const key of Reflect.ownKeys(object)) if (!skipped.has(named(key)) && !named(key).startsWith('[[[')) names.add(named(key));
		}
		return [...names];
	}
	const own = (f) => Reflect.ownKeys(f).map(named).filter((name) => !['length', 'name', 'prototype'].includes(name));
`

// walked is what a walk has found under a global name.
type walked struct {
	Type    string   `json:"type"`
	Statics []string `json:"statics"`
	Members []string `json:"members"`
}

// TestSurfaceIsWhatExists walks the globals of a runtime, their static members and their prototypes, and compares them
// with trackhook.d.ts: nothing exists that is not declared, and nothing is declared that does not exist. Fields that the
// SDK's objects keep their settings in are no part of it.
func TestSurfaceIsWhatExists(t *testing.T) {
	d := readDeclarations(t, surface.Types())
	b := newBench(t, withDevice)
	lazy := append(web.Names(), adjust.GlobalNames()...)
	b.run(`{` + walkSource + `
		const names = new Set(` + strconv.Quote(strings.Join(lazy, " ")) + `.split(' '));
		for (let o = globalThis; o; o = Object.getPrototypeOf(o)) if (o !== Object.prototype) Object.getOwnPropertyNames(o).forEach((n) => names.add(n));
		Buffer.prototype.readInt8; // makes all methods of its kind
		const all = {};
		for (const name of names) {
			const v = (0, eval)(name); // module and its like are no properties of the global object in every host
			// Buffer is a function, because it may be called without new.
			const isClass = v === Buffer || typeof v === 'function' && /^class\b/.test(Function.prototype.toString.call(v));
			all[name] = {
				type: isClass ? 'class' : typeof v,
				statics: isClass ? own(v) : [],
				members: isClass ? chain(v.prototype) : typeof v === 'object' && v !== null && !Array.isArray(v) ? chain(v) : [],
			};
		}
		console.log(JSON.stringify(all));
	}`)
	var all map[string]walked
	if err := json.Unmarshal([]byte(messages(b.log.take(), "info")[0]), &all); err != nil {
		t.Fatal(err)
	}
	for _, name := range goja.New().GlobalObject().GetOwnPropertyNames() {
		delete(all, name) // the language
	}
	delete(all, regex.LiteralName) // no name for people
	delete(all, bundle.DateTextName)
	delete(all, "Intl")           // declared by TypeScript itself
	delete(all, bundle.EvalGuard) // of no use to scripts
	for name, value := range d.values {
		what, exists := all[name]
		if !exists {
			t.Errorf("%s is declared, and does not exist", name)
			continue
		}
		d.compare(t, value, &what)
	}
	for name := range all {
		if d.values[name] == nil {
			t.Errorf("%s exists, and is not declared", name)
		}
	}
}

// compare compares one global with its declaration.
func (d declarations) compare(t *testing.T, value *declared, what *walked) {
	t.Helper()
	statics, members := value.statics, map[string]bool{}
	switch {
	case value.kind == "class":
		members = d.membersOf(value.name)
		if what.Type != "class" {
			t.Errorf("%s is declared as a class, and is a %s", value.name, what.Type)
		}
	case what.Type == "class": // a variable with a constructor, whose objects are of the type of the same name
		statics, members = value.members, d.membersOf(value.name)
	case value.typ != "":
		members = d.membersOf(value.typ)
	default:
		for member := range value.members {
			members[member] = true
		}
	}
	if value.name == "self" || value.kind == "function" {
		return
	}
	for _, name := range what.Statics {
		if statics[name] == "" {
			t.Errorf("%s.%s exists, and is not declared", value.name, name)
		}
	}
	for name := range statics {
		if !slices.Contains(what.Statics, name) {
			t.Errorf("%s.%s is declared, and does not exist", value.name, name)
		}
	}
	for _, name := range what.Members {
		if !members[name] {
			t.Errorf("%s has %s, which is not declared", value.name, name)
		}
	}
	for name := range members {
		// fbAppId is a field of a config that the documentation assigns to.
		if !slices.Contains(what.Members, name) && value.name+"."+name != "AdjustConfig.fbAppId" {
			t.Errorf("%s.%s is declared, and does not exist", value.name, name)
		}
	}
}

// TestSurfaceOfListeners compares what listeners get with its declaration, both ways.
func TestSurfaceOfListeners(t *testing.T) {
	d := readDeclarations(t, surface.Types())
	const source = `{` + walkSource + `
		const config = new AdjustConfig(appToken, environment);
		const show = (name) => (...args) => console.log(name, args.length, chain(args[0]).join(), args.length > 1 ? chain(args[1]).join() : '');
		config.setSessionTrackingSucceededCallbackLISTENER(show('AdjustSessionSuccess'));
		config.setSessionTrackingFailedCallbackLISTENER(show('AdjustSessionFailure'));
		config.setEventTrackingSucceededCallbackLISTENER(show('AdjustEventSuccess'));
		config.setEventTrackingFailedCallbackLISTENER(show('AdjustEventFailure'));
		config.setAttributionCallbackLISTENER(show('AdjustAttribution'));
		config.setDeferredDeeplinkCallbackLISTENER((link, response) => console.log('deeplink', typeof link, chain(response).join()));
		Adjust.START(config);
	}`
	for generation, words := range map[string]*strings.Replacer{
		"4": strings.NewReplacer("LISTENER", "Listener", "START", "create"),
		"5": strings.NewReplacer("LISTENER", "", "START", "initSdk"),
	} {
		t.Run("version="+generation, func(t *testing.T) {
			b := newBench(t, withDevice)
			i := b.run(words.Replace(source))
			b.feed(
				i,
				sessionResponse(engine.Rejected), eventResponse(engine.Delivered), eventResponse(engine.Rejected), sessionResponse(engine.Delivered),
				sessionResponse(engine.Delivered, func(r *engine.Response) {
					r.Seq = 99
					r.Body = []byte(`{"attribution":{"tracker_token":"x"},"deeplink":"u"}`)
				}),
			)
			seen := map[string]string{}
			for _, line := range messages(b.log.take(), "info") {
				name, rest, _ := strings.Cut(line, " ")
				seen[name] = rest
			}
			if got := seen["deeplink"]; !strings.HasPrefix(got, "string message,") {
				t.Errorf("the listener of deep links got %s", got)
			}
			delete(seen, "deeplink")
			for name, rest := range seen {
				parts := strings.Split(rest, " ")
				names := strings.Split(parts[1], ",")
				members := d.membersOf(name)
				if name == "AdjustAttribution" && (parts[0] != "2" || !strings.HasPrefix(parts[2], "message,")) {
					t.Errorf("the listener of attributions got %s", rest)
				}
				for _, member := range names {
					if !members[member] {
						t.Errorf("%s has %s, which is not declared", name, member)
					}
				}
				for member := range members {
					// Version 4 has no jsonResponse in an attribution, which is declared as optional.
					if !slices.Contains(names, member) && (name != "AdjustAttribution" || member != "jsonResponse" || generation != "4") {
						t.Errorf("%s.%s is declared, and does not exist", name, member)
					}
				}
			}
			if len(seen) != 5 {
				t.Errorf("%d listeners were called: %v", len(seen), slices.Collect(maps.Keys(seen)))
			}
		})
	}
}
