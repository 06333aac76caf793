const { encode, decode, encodeMultiStream, Encoder } = require("@msgpack/msgpack");
const packed = encode({ a: [1, -1, 1.5, "ü", null, true], b: new Uint8Array([1, 2]), d: new Date(0) });
console.log(Buffer.from(packed).toString("hex"), decode(packed));
