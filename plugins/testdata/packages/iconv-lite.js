const iconv = require("iconv-lite");
console.log(iconv.encode("Привет ä", "win1251"), iconv.decode(Buffer.from([0xcf, 0xf0, 0xe8]), "win1251"), iconv.encodingExists("shift_jis"), iconv.decode(iconv.encode("日本", "shift_jis"), "shift_jis"));
const stream = iconv.decodeStream("utf16-le");
let text = "";
stream.on("data", (t) => (text += t)).on("end", () => console.log(text));
stream.write(Buffer.from("h\0i", "latin1"));
stream.end(Buffer.from("\0", "latin1"));
