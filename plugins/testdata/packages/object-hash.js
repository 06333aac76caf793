const hash = require("object-hash");
console.log(hash({ a: 1, b: [1, { c: null }] }), hash("x", { algorithm: "md5" }), hash({ b: 2, a: 1 }) === hash({ a: 1, b: 2 }), hash([new Date(0), /x/, undefined]));
