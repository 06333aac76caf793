// in any order
const timers = require("timers"), { setTimeout: wait, setImmediate: soon, setInterval: every } = require("timers/promises");
const t = timers.setTimeout(() => console.log("never"), 1);
console.log(typeof t.unref, t.hasRef(), typeof t.refresh); timers.clearTimeout(t);
wait(1, "v").then(console.log); soon("s").then(console.log);
(async () => { let n = 0; for await (const v of every(1, "i")) { console.log(v, ++n); if (n === 2) break; } })();
const c = new AbortController(); wait(1000, null, { signal: c.signal }).catch((e) => console.log(e.name, e.code)); c.abort();
require("util").promisify(setTimeout)(1, "promisified").then(console.log);
