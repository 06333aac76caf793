const CryptoJS = require("crypto-js");
console.log(CryptoJS.SHA256("x").toString(), CryptoJS.HmacSHA1("x", "k").toString(CryptoJS.enc.Base64), CryptoJS.MD5("ä").toString());
const sealed = CryptoJS.AES.encrypt("text", "secret").toString();
console.log(CryptoJS.AES.decrypt(sealed, "secret").toString(CryptoJS.enc.Utf8), CryptoJS.lib.WordArray.random(16).toString().length);
console.log(CryptoJS.PBKDF2("p", "s", { keySize: 4, iterations: 10 }).toString());
