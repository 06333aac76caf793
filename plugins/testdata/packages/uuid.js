const { v4, v5, v7, validate, version, NIL } = require("uuid");
console.log(v5("hello", v5.URL), validate(v4()), version(v7()), NIL, v4().length, v4({ random: new Uint8Array(16).fill(7) }));
