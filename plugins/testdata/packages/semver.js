const semver = require("semver");
console.log(semver.satisfies("1.2.3", "^1.0.0 || >2"), semver.inc("1.2.3", "minor"), semver.valid("v1.2"), semver.sort(["2.0.0", "1.10.0", "1.9.0"]), semver.coerce("v3.4-x").version);
