const assert = require("assert");
const tried = (f) => { try { f(); return "ok"; } catch (e) { return [e.name, e.code, e.message.split("\n")[0]].join("|"); } };
console.log(tried(() => assert(1)), tried(() => assert.equal(1, "1")), tried(() => assert.strictEqual(1, 2)), tried(() => assert.ok(0, "zero")));
console.log(tried(() => assert.deepStrictEqual({ a: [1, new Map([[1, { b: 2 }]])] }, { a: [1, new Map([[1, { b: 2 }]])] })), tried(() => assert.deepEqual({ a: 1 }, { a: "1" })));
console.log(tried(() => assert.throws(() => { throw new TypeError("x"); }, TypeError)), tried(() => assert.throws(() => {}, /x/)), tried(() => assert.notDeepStrictEqual([1], [2])));
console.log(tried(() => assert.match("abc", /b/)), tried(() => assert.ifError(null)), tried(() => assert.fail("no")), typeof assert.strict, new assert.AssertionError({ actual: 1, expected: 2, operator: "strictEqual" }).code);
assert.rejects(Promise.reject(new Error("r")), /r/).then(() => console.log("rejects"));
console.log(require("assert/strict").equal === assert.strict.equal, tried(() => assert.strict.equal(1, "1")));
