const R = require("ramda");
console.log(R.pipe(R.filter((n) => n % 2), R.map(R.multiply(2)), R.sum)([1, 2, 3]), R.path(["a", 0], { a: [5] }), R.groupBy(R.length, ["a", "bb", "c"]), R.equals({ a: [1] }, { a: [1] }));
console.log(R.evolve({ a: R.inc }, { a: 1, b: 2 }), R.toString({ a: new Date(0), b: /x/ }), R.type(async () => {}), R.curry((a, b, c) => a + b + c)(1)(2)(3));
