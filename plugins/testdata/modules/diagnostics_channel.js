const dc = require("diagnostics_channel");
const c = dc.channel("a");
c.subscribe((message, name) => console.log(message, name));
c.publish({ x: 1 });
console.log(c.hasSubscribers, dc.channel("a") === c, dc.hasSubscribers("b"));
const t = dc.tracingChannel("t");
t.subscribe({ start: () => console.log("start"), end: (c) => console.log("end", c.result) });
console.log(t.traceSync((n) => n + 1, {}, null, 1));
