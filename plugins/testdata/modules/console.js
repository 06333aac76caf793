const console_ = require("console");
console_.log(typeof console_.Console, console_.log === console.log, typeof console_.table, typeof console_.group);
console_.group("a"); console_.log("b"); console_.groupEnd(); console_.log("%s is %d", "c", 5);
