// in any order
const crypto = require("crypto");
const tried = (f) => { try { return f(); } catch (e) { return [e.name, e.code, e.message].join("|"); } };
const text = "The quick brown fox jumps over the lazy dog. äöü €".repeat(3), pieces = [0, 1, 5, 16, 17, 33, 64, 65, text.length].map((end, i, all) => text.slice(all[i - 1] ?? 0, end));
for (const name of ["aes-128-cbc", "aes-192-cbc", "AES-256-CBC", "aes-128-ctr", "aes-256-ctr", "aes-128-gcm", "aes-192-gcm", "aes-256-gcm", "aes256", "id-aes128-GCM"]) {
  const key = Buffer.alloc(/256/.test(name) ? 32 : /192/.test(name) ? 24 : 16, 7);
  for (const size of /gcm/i.test(name) ? [12, 16, 8, 1, 33] : [16]) {
    const iv = Buffer.from(Array.from({ length: size }, (_, i) => 255 - i));
    const cipher = crypto.createCipheriv(name, key, iv);
    if (/gcm/i.test(name)) cipher.setAAD(Buffer.from("beside"));
    const parts = pieces.map((piece) => cipher.update(piece, "utf8", "hex"));
    parts.push(cipher.final("hex"));
    console.log(name, size, parts.map((p) => p.length).join(), parts.join(""));
    const decipher = crypto.createDecipheriv(name, key, iv);
    if (/gcm/i.test(name)) { console.log(cipher.getAuthTag().toString("hex")); decipher.setAAD(Buffer.from("beside")).setAuthTag(cipher.getAuthTag()); }
    const back = parts.map((part) => decipher.update(part, "hex", "utf8"));
    console.log(back.map((p) => p.length).join(), back.join("") + decipher.final("utf8") === text);
  }
}
const key = Buffer.alloc(16, 1), iv = Buffer.alloc(16, 2), nonce = Buffer.alloc(12, 3);
console.log(tried(() => crypto.createCipheriv("nope", key, iv)), tried(() => crypto.createCipheriv("aes-128-cbc", "short", iv)), tried(() => crypto.createCipheriv("aes-128-cbc", key, "iv")), tried(() => crypto.createCipheriv("aes-128-cbc", key, null)), tried(() => crypto.createCipheriv(5, key, iv)));
const sealed = crypto.createCipheriv("aes-128-gcm", key, nonce, { authTagLength: 4 }), box = Buffer.concat([sealed.update("secret"), sealed.final()]);
console.log(box, sealed.getAuthTag(), tried(() => { const d = crypto.createDecipheriv("aes-128-gcm", key, nonce); d.setAuthTag(Buffer.alloc(16)); d.update(box); d.final(); }), tried(() => { const d = crypto.createDecipheriv("aes-128-gcm", key, nonce); d.update(box); d.final(); }), tried(() => crypto.createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(Buffer.alloc(5))));
console.log(tried(() => { const d = crypto.createDecipheriv("aes-128-cbc", key, iv); d.update(Buffer.alloc(16)); d.final(); }), tried(() => { const d = crypto.createDecipheriv("aes-128-cbc", key, iv); d.update(Buffer.alloc(15)); d.final(); }));
const bare = crypto.createCipheriv("aes-128-cbc", key, iv); bare.setAutoPadding(false);
console.log(bare.update(Buffer.alloc(32)).length, bare.final().length, tried(() => { const c = crypto.createCipheriv("aes-128-cbc", key, iv); c.setAutoPadding(false); c.update("x"); c.final(); }), tried(() => sealed.getAuthTag().length), tried(() => crypto.createCipheriv("aes-128-gcm", key, nonce).getAuthTag()));
const stream = crypto.createCipheriv("aes-128-cbc", crypto.createSecretKey(key), iv), out = [];
stream.on("data", (d) => out.push(d)).on("end", () => console.log("stream", Buffer.concat(out).toString("base64")));
stream.write("some "); stream.end("text");
console.log(crypto.scryptSync("password", "salt", 32).toString("hex"), crypto.scryptSync("p", "s", 16, { N: 1024, r: 4, p: 2 }).toString("hex"), crypto.scryptSync("p", "s", 16, { cost: 2, blockSize: 1, parallelization: 1 }).toString("hex"), crypto.scryptSync("p", "s", 0).length);
console.log(tried(() => crypto.scryptSync("p", "s", 16, { N: 3 })), tried(() => crypto.scryptSync("p", "s", 16, { N: 2 ** 20 })), tried(() => crypto.scryptSync("p", "s", -1)), tried(() => crypto.scryptSync("p", "s", 16, { N: 2, cost: 2 })));
crypto.scrypt("p", "s", 8, (error, made) => console.log("scrypt", error, made.toString("hex")));
const rsa = crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
console.log(rsa.publicKey.type, rsa.privateKey.asymmetricKeyType, rsa.privateKey.asymmetricKeyDetails, crypto.verify("sha256", Buffer.from("x"), rsa.publicKey, crypto.sign("sha256", Buffer.from("x"), rsa.privateKey)));
const ec = crypto.generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "der" } });
console.log(ec.publicKey.split("\n")[0], Buffer.isBuffer(ec.privateKey), crypto.createPublicKey({ key: ec.privateKey, format: "der", type: "pkcs8" }).asymmetricKeyDetails);
const ed = crypto.generateKeyPairSync("ed25519");
console.log(ed.privateKey.asymmetricKeyType, crypto.verify(null, Buffer.from("x"), ed.publicKey, crypto.sign(null, Buffer.from("x"), ed.privateKey)), crypto.generateKeySync("aes", { length: 128 }).symmetricKeySize, crypto.generateKeySync("hmac", { length: 100 }).symmetricKeySize);
console.log(tried(() => crypto.generateKeyPairSync("nope")), tried(() => crypto.generateKeyPairSync("rsa", {})), tried(() => crypto.generateKeyPairSync("ec", { namedCurve: "nope" })), tried(() => crypto.generateKeySync("aes", { length: 5 })));
crypto.generateKeyPair("ed25519", {}, (error, publicKey, privateKey) => console.log("pair", error, publicKey.type, privateKey.type));
