const assert = require("assert/strict");
const tried = (f) => { try { f(); return "passes"; } catch (e) { return [e.name, e.code, e.operator].join("|"); } };
console.log(tried(() => assert.equal(1, "1")), tried(() => assert.deepEqual({ a: 1 }, { a: "1" })), tried(() => assert.notEqual(1, 1)), tried(() => assert(0)), tried(() => assert.ok(1)));
console.log(assert === assert.strict, assert === require("assert").strict, tried(() => assert.throws(() => { throw new TypeError("x"); }, TypeError)));
