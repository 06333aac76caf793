// in any order
const consumers = require("stream/consumers"), { Readable } = require("stream");
(async () => {
  console.log("text", await consumers.text(Readable.from(["a", "ü"])));
  console.log("json", await consumers.json(Readable.from(['{"a":', "1}"])));
  console.log("buffer", await consumers.buffer(Readable.from([Buffer.from("ab"), Buffer.from("c")])));
  console.log("arrayBuffer", (await consumers.arrayBuffer(Readable.from([Buffer.from("abc")]))).byteLength);
  console.log("blob", (await consumers.blob(Readable.from([Buffer.from("abc")]))).size);
  console.log("json error", await consumers.json(Readable.from(["{"])).catch((e) => e.name));
})();
