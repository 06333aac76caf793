const timers = require("timers/promises");
(async () => {
  console.log(await timers.setTimeout(1, "a"), await timers.setImmediate("b"));
  let n = 0; for await (const value of timers.setInterval(1, "c")) { console.log(value); if (++n === 2) break; }
  const controller = new AbortController(); controller.abort();
  console.log(await timers.setTimeout(1000, "d", { signal: controller.signal }).catch((e) => [e.name, e.code].join("|")), typeof timers.scheduler?.wait, timers === require("timers").promises);
})();
