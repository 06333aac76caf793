const jose = require("jose");
(async () => {
  const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
  const token = await new jose.SignJWT({ sub: "x" }).setProtectedHeader({ alg: "HS256" }).setIssuedAt(1).sign(secret);
  console.log(token, (await jose.jwtVerify(token, secret)).payload, jose.decodeJwt(token));
  await jose.jwtVerify(token + "x", secret).catch((error) => console.log(error.code, error.message));
})();
