const EventEmitter = require("eventemitter3");
const e = new EventEmitter();
e.on("a", function (x) { console.log(this.k, x); }, { k: "ctx" });
e.once("a", () => console.log("once"));
console.log(e.emit("a", 1), e.emit("a", 2), e.emit("b"), e.listenerCount("a"), e.eventNames());
class Own extends EventEmitter {}
console.log(new Own() instanceof EventEmitter);
