const pako = require("pako");
const packed = pako.deflate("hello hello");
console.log(Buffer.from(packed).toString("hex"), pako.inflate(packed, { to: "string" }), pako.ungzip(pako.gzip("g"), { to: "string" }));
try {
  pako.inflate(new Uint8Array([1, 2, 3]));
} catch (error) {
  console.log(String(error));
}
