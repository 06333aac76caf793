// in any order
const process = require("process");
console.log(typeof process.nextTick, process.hrtime().length, typeof process.hrtime.bigint(), process.platform, process.env.NOPE, typeof process.uptime(), process.version.slice(0, 4), process.versions.node.slice(0, 3), typeof process.pid);
process.nextTick((a, b) => console.log("tick", a, b), 1, 2);
console.log(process.getBuiltinModule("events") === require("events"), process.getBuiltinModule("nope"), process.on("exit", () => {}) === process, Array.isArray(process.argv));
process.stdout.write("written\n");
