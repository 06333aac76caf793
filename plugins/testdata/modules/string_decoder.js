const { StringDecoder } = require("string_decoder");
const d = new StringDecoder("utf8");
console.log(d.write(Buffer.from([0xe2, 0x82])), d.write(Buffer.from([0xac])), d.end(Buffer.from([0xe2])), new StringDecoder("base64").write(Buffer.from("abcd")), new StringDecoder("hex").end(Buffer.from("x")));
