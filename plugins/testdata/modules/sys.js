const sys = require("sys");
console.log(sys === require("util"), sys.format("%s %j", "a", { b: 1 }), sys.inspect({ a: [1] }));
