const merge = require("deepmerge");
console.log(merge({ a: [1], b: { c: 1, d: new Date(0) } }, { a: [2], b: { c: 2 } }), merge.all([{ a: 1 }, { b: 2 }]));
console.log(merge({ a: [1] }, { a: [2] }, { arrayMerge: (x, y) => y }));
