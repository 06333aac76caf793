const fflate = require("fflate");
const packed = fflate.gzipSync(fflate.strToU8("hello hello hello"), { mtime: 0 });
console.log(packed.length, fflate.strFromU8(fflate.gunzipSync(packed)), fflate.strFromU8(fflate.decompressSync(fflate.zlibSync(fflate.strToU8("z")))));
console.log(Object.keys(fflate.unzipSync(fflate.zipSync({ "a.txt": fflate.strToU8("A") }))));
