const { pipeline, finished } = require("stream/promises"), { Readable, Transform, Writable } = require("stream");
(async () => {
  const out = [];
  await pipeline(Readable.from(["a", "b"]), new Transform({ transform(chunk, encoding, done) { done(null, `${chunk}`.toUpperCase()); } }), new Writable({ write(chunk, encoding, done) { out.push(`${chunk}`); done(); } }));
  console.log(out);
  console.log(await pipeline(Readable.from(["a"]), new Writable({ write(chunk, encoding, done) { done(new Error("no")); } })).catch((e) => e.message));
  const reading = Readable.from([1, 2]); reading.resume();
  console.log(await finished(reading));
})();
