// in any order
const { Readable, Transform, pipeline, PassThrough } = require("readable-stream");
const upper = new Transform({ transform(chunk, encoding, done) { done(null, chunk.toString().toUpperCase()); } });
pipeline(Readable.from(["a", "b"]), upper, new PassThrough(), (error) => console.log("over", error)).on("data", (d) => console.log(String(d)));
(async () => { for await (const n of Readable.from([1, 2])) console.log("n", n); })();
