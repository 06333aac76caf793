// in any order
const EventEmitter = require("node:events");
const { once, on, errorMonitor } = EventEmitter;
class Own extends EventEmitter {}
function Old() { EventEmitter.call(this); }
require("util").inherits(Old, EventEmitter);
const e = new Own(), old = new Old();
old.on("x", (v) => console.log("old", v)).emit("x", 1);
e.prependListener("a", () => console.log("first")); e.on("a", (...v) => console.log(v)); e.once("a", () => console.log("once"));
console.log(e.emit("a", 1, 2), e.emit("b"), e.listenerCount("a"), e.eventNames(), EventEmitter.defaultMaxListeners, e.getMaxListeners());
const tried = (f) => { try { return f(); } catch (e) { return [e.name, e.code, e.message].join("|"); } };
e.on(errorMonitor, (error) => console.log("monitor", error.message ?? error));
console.log(tried(() => e.emit("error", new Error("boom"))), tried(() => e.emit("error", { a: 1 })), tried(() => e.on("x", 5)));
once(e, "later").then((v) => console.log("later", v)); e.emit("later", 7);
(async () => { for await (const [v] of on(e, "n")) { console.log("n", v); if (v === 2) break; } })();
setTimeout(() => { e.emit("n", 1); e.emit("n", 2); }, 1);
console.log(EventEmitter.EventEmitter === EventEmitter, EventEmitter.getEventListeners(e, "a").length, e.rawListeners("a").length);
