const yaml = require("js-yaml");
console.log(yaml.load("a: [1, x]\nb: {c: null}\nd: 2026-05-01\ne: |\n  text\n  more\n"), yaml.dump({ a: [1, { b: "x: y" }], c: "two\nlines" }));
try {
  yaml.load("a: [");
} catch (error) {
  console.log(error.name, error.message.split("\n")[0]);
}
