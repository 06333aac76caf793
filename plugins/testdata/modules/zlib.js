// in any order
const zlib = require("zlib");
const packed = zlib.gzipSync("hello hello");
console.log(zlib.gunzipSync(packed).toString(), zlib.inflateSync(zlib.deflateSync("a")).toString(), zlib.inflateRawSync(zlib.deflateRawSync(Buffer.from("b"))).toString(), zlib.unzipSync(packed).length, zlib.constants.Z_BEST_SPEED, typeof zlib.createGunzip);
zlib.gzip("x", (error, data) => zlib.gunzip(data, (e, out) => console.log(e, out.toString())));
require("util").promisify(zlib.deflate)("y").then((d) => console.log(zlib.inflateSync(d).toString()));
try { zlib.gunzipSync(Buffer.from("nonsense")); } catch (error) { console.log(error.code, error.message); }
zlib.gunzip(packed.subarray(0, 15), (error) => console.log(error.code, error.message));
const s = zlib.createGunzip(); s.on("data", (d) => console.log("stream", String(d))); s.end(packed);
