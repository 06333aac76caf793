const jwt = require("jsonwebtoken");
const token = jwt.sign({ foo: "bar", iat: 1 }, "secret");
console.log(token, jwt.verify(token, "secret"), jwt.decode(token, { complete: true }).header);
for (const bad of [() => jwt.verify(token, "other"), () => jwt.verify(jwt.sign({ exp: 1 }, "s"), "s"), () => jwt.verify("x.y", "s")]) {
  try {
    bad();
  } catch (error) {
    console.log(error.name, error.message);
  }
}
jwt.sign({ a: 1, iat: 1 }, "secret", { algorithm: "HS512" }, (error, made) => console.log(error, made));
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqRbsHtiikMkgFK+I
WUvofbGDMlLi5RBhoyWz7AA2svGhRANCAAT9J3sv/RkIlsgdcpN9G5YXr9vQGyuo
-----END PRIVATE KEY-----`;
try {
  jwt.sign({ a: 1 }, key, { algorithm: "ES256" });
} catch (error) {
  console.log("a broken key is refused");
}
