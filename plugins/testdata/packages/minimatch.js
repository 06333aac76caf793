const { minimatch } = require("minimatch");
console.log(minimatch("a/b/c.js", "a/**/*.js"), minimatch("x.ts", "*.{js,ts}"), minimatch("b", "a?c"));
