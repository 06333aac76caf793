const YAML = require("yaml");
console.log(YAML.parse("a: [1, x]\nb: &x {c: 1}\nd: *x\n"), YAML.stringify({ a: [1, { b: "x: y" }], c: "two\nlines" }), YAML.parseDocument("a: [").errors[0].code);
