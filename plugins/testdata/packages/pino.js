// in any order
const pino = require("pino");
const plain = { base: undefined, timestamp: false };
const log = pino(plain);
log.info("hello %s", "you");
log.child({ request: 7 }).warn({ a: { b: 1 }, err: undefined }, "child");
log.debug("silent");
const lines = [];
const own = pino({ ...plain, level: "debug", redact: ["secret"], formatters: { level: (label) => ({ level: label }) } }, { write: (line) => lines.push(line) });
own.debug({ secret: "x", n: 1 }, "d");
own.error(Object.assign(new Error("boom"), { stack: "s", code: "E" }));
console.log(lines, log.level, log.isLevelEnabled("info"), pino.levels.values.fatal);
