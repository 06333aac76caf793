const Promise = require("bluebird");
const fs = { readThing: (x, done) => setTimeout(() => done(null, x + "!"), 1) };
Promise.promisifyAll(fs);
(async () => {
  console.log(await fs.readThingAsync("a"));
  console.log(await Promise.map([1, 2, 3], (n) => Promise.delay(1).return(n * n), { concurrency: 2 }));
  console.log(await Promise.props({ a: 1, b: Promise.resolve(2) }));
  await Promise.reject(new TypeError("t")).catch(RangeError, () => console.log("wrong")).catch(TypeError, (e) => console.log("right", e.message));
  await Promise.delay(50).timeout(5, "late").catch(Promise.TimeoutError, (e) => console.log(e.name, e.message));
  console.log(await Promise.each([1, 2], (n) => console.log("each", n)), await Promise.reduce([1, 2, 3], (a, b) => a + b));
  console.log(await Promise.try(() => { throw new Error("x"); }).reflect().then((r) => r.isRejected()));
  await Promise.using(Promise.resolve("r").disposer(() => console.log("disposed")), (r) => console.log("using", r));
})();
