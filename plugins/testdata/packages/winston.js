// in any order
const winston = require("winston");
const { Writable } = require("stream");
const lines = [];
const memory = new winston.transports.Stream({ stream: new Writable({ write(chunk, encoding, done) { lines.push(String(chunk)); done(); } }) });
const log = winston.createLogger({ level: "info", format: winston.format.combine(winston.format.label({ label: "x" }), winston.format.splat(), winston.format.json()), transports: [new winston.transports.Console(), memory] });
log.info("hello %s", "you");
log.warn("careful", { a: 1 });
log.debug("silent");
log.child({ request: 1 }).error("bad");
setTimeout(() => console.log(lines, log.isLevelEnabled("debug")), 20);
