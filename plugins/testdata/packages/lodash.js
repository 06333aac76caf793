const _ = require("lodash");
console.log(_.chunk([1, 2, 3], 2), _.merge({ a: { b: 1 } }, { a: { c: 2 } }), _.groupBy(["one", "two", "three"], "length"), _.camelCase("foo bar-baz"));
console.log(_.cloneDeep({ d: new Date(0), m: new Map([[1, { x: 1 }]]), r: /x/g, b: Buffer.from("a") }), _.isEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }));
console.log(_.template("hello <%= user %>!")({ user: "fred" }), _.sortBy([{ a: 2 }, { a: 1 }], ["a"]), _.get({ a: [{ b: 3 }] }, "a[0].b"), _.isPlainObject({}));
console.log(_.words("fred, barney & pebbles"), _.deburr("déjà vu"), _.truncate("hi-diddly-ho there", { length: 10 }), _.isBuffer(Buffer.alloc(1)), _.isElement({}));
const f = _.debounce(() => console.log("debounced"), 2);
f(); f();
console.log(_.range(0, 6, 2), _.curry((a, b) => a + b)(1)(2), _.toPath("a.b[0]"), _.VERSION.split(".").length);
