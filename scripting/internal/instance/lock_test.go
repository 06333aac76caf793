package instance

import (
	"testing"

	"trackhook/engine"
)

// What listeners get can be frozen and sealed, as any object, and libraries take it for a plain one.
func TestViewsCanBeFrozen(t *testing.T) {
	for code, want := range map[string]string{
		`Object.isFrozen(e), Object.isFrozen(Object.freeze(e)), Object.isExtensible(e), Object.freeze(e) === e`:                                      "false true false true",
		`Object.freeze(e), (e.message = "x", e.message), made(() => { "use strict"; e.message = "x" }), made(() => { "use strict"; delete e.adid })`: "e Event tracked TypeError TypeError",
		`Object.freeze(e), Object.keys(e).length, Object.getOwnPropertyDescriptor(e, "adid").writable`:                                               "e 6 false",
		`Object.isSealed(Object.seal(e)), (e.adid = 1, e.adid), (e.more = 1, e.more), (delete e.adid, e.adid)`:                                       "true 1 undefined 1",
		`Object.preventExtensions(e) === e, (e.more = 1, e.more), delete e.adid, Object.isSealed(e), Reflect.isExtensible(e)`:                        "true undefined true false false",
		`Reflect.preventExtensions(e), Object.isFrozen({}), Object.isFrozen(Object.freeze([1])), made(() => Object.freeze())`:                        "true false true undefined",
		`Object.isFrozen(Object.freeze(e.jsonResponse)), (e.jsonResponse.x = 1, e.jsonResponse.x), e.jsonResponse.adid`:                              "true undefined adid-1",
		`Object.values(Object.getOwnPropertyDescriptors(Object.freeze(e.jsonResponse))).every((d) => !d.writable && !d.configurable)`:                "true",
		`Object.getPrototypeOf(e).hasOwnProperty("constructor"), e.constructor === Object, Object.freeze.name, Object.freeze.length`:                 "true true freeze 1",
	} {
		b := newBench(t)
		i := b.run(`const config = new AdjustConfig(appToken, environment);
const made = (f) => { try { return f() } catch (e) { return e.name } };
config.setEventTrackingSucceededCallbackListener((e) => console.log(...[` + code + `].map((v) => v === e ? "e" : v)));
Adjust.create(config);`)
		b.feed(i, eventResponse(engine.Delivered))
		if got := messages(b.log.take(), "info"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
