// in any order
const util = require("util");
console.log(util.format("%s %d %j %o %%", "a", 5, { b: 1 }, [1]), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect("x"), util.inspect(new Map([[1, { a: 1 }]])), util.format(1, "a", {}));
console.log(util.isDeepStrictEqual({ a: [1, new Set([1])] }, { a: [1, new Set([1])] }), util.isDeepStrictEqual([1], ["1"]), util.types.isPromise(Promise.resolve()), util.types.isRegExp(/x/), util.types.isDate({}), util.types.isProxy(new Proxy({}, {})), util.types.isUint8Array(Buffer.alloc(1)), util.types.isNativeError(new TypeError()), util.types.isAsyncFunction(async () => {}), util.types.isGeneratorFunction(function* () {}), util.types.isMap(new Map()), util.types.isBoxedPrimitive(Object(1)), util.types.isArgumentsObject((function () { return arguments; })()));
util.promisify((a, done) => done(null, a + 1))(1).then((v) => console.log("promisified", v));
util.callbackify(async (v) => v * 2)(4, (error, v) => console.log("callback", error, v));
class A {} function B() {} util.inherits(B, A);
console.log(new B() instanceof A, B.super_ === A, util.inspect.custom === Symbol.for("nodejs.util.inspect.custom"), util.inspect({ [util.inspect.custom]: () => "own" }), util.stripVTControlCharacters("\u001b[31mx\u001b[0m"), util.isArray([]), util.toUSVString("a\ud800"));
console.log(util.inspect(new (class Foo { x = 1 })()), util.inspect([undefined, null, -0, 1n, Symbol("s")]), require("util/types").isSet(new Set()), util.styleText("red", "r", { validateStream: false }), util.styleText("red", "r"));
{
  const { parseArgs } = require("util");
  const tried = (f) => { try { return f(); } catch (e) { return [e.name, e.code, e.message].join("|"); } };
  const options = { verbose: { type: "boolean", short: "v" }, name: { type: "string", short: "n", multiple: true }, level: { type: "string", default: "info" } };
  for (const args of [["-v", "--name", "a", "--name=b", "rest"], ["-vn", "x"], ["--no"], ["--name"], ["--verbose=1"], ["--", "-v"], ["-n-5"], []]) {
    console.log(args, tried(() => parseArgs({ args, options, allowPositionals: true })), tried(() => parseArgs({ args, options, strict: false, tokens: true })), tried(() => parseArgs({ args })));
  }
  console.log(tried(() => parseArgs({ args: [], options: { a: { type: "number" } } })).slice(0, 31), tried(() => parseArgs()));
}
