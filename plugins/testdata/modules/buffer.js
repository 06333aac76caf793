const { Buffer: B, kMaxLength, isUtf8, isAscii, transcode, constants, atob, btoa } = require("node:buffer");
console.log(B === Buffer, typeof kMaxLength, isUtf8(Buffer.from("ä")), isAscii(Buffer.from("ä")), transcode(Buffer.from("€"), "utf8", "utf16le"), typeof constants.MAX_LENGTH, atob(btoa("x")));
console.log(Buffer(3), Buffer("ab") instanceof Buffer, new Buffer.alloc(2), Object.keys(Buffer).includes("from"), Buffer.from("ff", "hex"), Buffer.from([1, 2]).readUInt16BE(), Buffer.concat([Buffer.from("a"), Buffer.from("b")]).toString("base64"));
class Own extends Buffer {}
console.log(Buffer.isBuffer(new Own(2)), Buffer.name, Buffer.length, typeof Buffer.prototype.write, Buffer.from("abc").equals(Buffer.from("abc")));
