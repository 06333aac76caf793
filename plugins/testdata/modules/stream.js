// in any order
const { Readable, Writable, Transform, Duplex, PassThrough, pipeline, finished, Stream } = require("stream");
const { pipeline: piped } = require("stream/promises");
const { text, json, buffer } = require("stream/consumers");
const upper = () => new Transform({ transform(chunk, encoding, done) { done(null, String(chunk).toUpperCase()); } });
const lines = [];
pipeline(Readable.from(["a", "b"]), upper(), new Writable({ write(chunk, encoding, done) { lines.push(String(chunk)); done(); } }), (error) => console.log("over", error, lines));
(async () => {
  await piped(Readable.from(["x"]), upper(), async function* (source) { for await (const c of source) yield `<${c}>`; }, async (source) => { for await (const c of source) console.log("got", String(c)); });
  console.log(await text(Readable.from(["a", "ü"])), await json(Readable.from(['{"a":', "1}"])), (await buffer(Readable.from([Buffer.from("b")]))).toString());
  console.log(await Readable.from([1, 2, 3]).map((n) => n * 2).filter((n) => n > 2).toArray(), await Readable.fromWeb(new Blob(["web"]).stream()).toArray());
  console.log(await new Response(Readable.toWeb(Readable.from([Buffer.from("to web")]))).text());
  await piped(new Readable({ read() { this.destroy(new Error("bad")); } }), new PassThrough()).catch((error) => console.log(error.message));
})();
function Old() { Stream.call(this); }
require("util").inherits(Old, Stream);
console.log(new Old() instanceof Stream, new Readable() instanceof Stream, Stream.Readable === Readable, typeof Stream.prototype.pipe);
const d = new Duplex({ read() {}, write(c, e, done) { this.push(c); done(); } });
d.on("data", (c) => console.log("duplex", String(c))); d.write("q");
finished(Readable.from([]).resume(), (error) => console.log("finished", error));
