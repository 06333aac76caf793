// What tests of web-platform-tests find around them and a plugin does not have: a place in the web, and what tells them
// that they run in no window. The harness, the helpers and the test follow, as in one page.
void document; // what was never looked at cannot be deleted
delete globalThis.document;
globalThis.location = Object.freeze({ ...LOCATION, toString() { return this.href; } });
globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
// A plugin has no page, so a relative address is an error here. Tests are written for one: their addresses are those of the
// test's folder.
{
    const { URL, Request, Response, Proxy, fetch } = globalThis;
    const absolute = (input) => typeof input === 'string' && URL.canParse(input, location.href) ? new URL(input, location.href).href : input;
    globalThis.Request = new Proxy(Request, {
        construct: (target, [input, ...rest], made) => Reflect.construct(target, [absolute(input), ...rest], made),
    });
    Request.prototype.constructor = globalThis.Request;
    globalThis.fetch = (input, ...rest) => fetch(absolute(input), ...rest);
    const { redirect } = Response;
    Response.redirect = (input, ...rest) => redirect.call(Response, absolute(input), ...rest);
}
