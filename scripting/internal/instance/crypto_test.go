package instance

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

// tried runs expressions with the module crypto and a private key of RSA, and returns what each is or throws.
func tried(t *testing.T, expressions ...string) []string {
	t.Helper()
	secret, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.write("key.js", "module.exports = `"+string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(secret)}))+"`")
	var code strings.Builder
	code.WriteString(`const crypto = require("crypto"), rsa = require("./key.js"), pss = crypto.constants.RSA_PKCS1_PSS_PADDING, x = Buffer.from("x");
const ones = (n) => Buffer.alloc(n, 1).toString("base64url");
const ec = { kty: "EC", crv: "P-256", d: "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE", x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" };
const jwk = (more) => ({ key: { ...ec, ...more }, format: "jwk" });
const tried = (f) => { try { console.log(String(f())); } catch (e) { console.log(e.name, e.code, e.message); } };
`)
	for _, expression := range expressions {
		code.WriteString("tried(() => " + expression + ");\n")
	}
	b.run(code.String())
	lines := messages(b.log.take(), "info")
	if len(lines) != len(expressions) {
		t.Fatalf("%d lines of %d expressions: %q", len(lines), len(expressions), lines)
	}
	return lines
}

func compareTried(t *testing.T, wants [][2]string) {
	t.Helper()
	expressions := make([]string, len(wants))
	for i, want := range wants {
		expressions[i] = want[0]
	}
	for i, got := range tried(t, expressions...) {
		if got != wants[i][1] {
			t.Errorf("%s\n got %s\nwant %s", wants[i][0], got, wants[i][1])
		}
	}
}

// Keys, lengths and salts that are none are errors of the script, in Node's words.
func TestCryptoRefusesWhatIsNone(t *testing.T) {
	const curve = "TypeError ERR_CRYPTO_INVALID_JWK Invalid JWK EC key"
	const salt = "TypeError ERR_INVALID_ARG_VALUE The property 'options.saltLength' is invalid. Received "
	const large = "Error ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE error:0200006E:rsa routines::data too large for key size"
	compareTried(t, [][2]string{
		{`crypto.createPublicKey(jwk({ x: ones(33) })).type`, curve},
		{`crypto.createPublicKey(jwk({ y: ones(1000) })).type`, curve},
		{`crypto.createPublicKey(jwk({ x: ones(32) })).type`, curve},
		{`crypto.createPublicKey(jwk({ x: undefined })).type`, curve},
		{`crypto.createPrivateKey(jwk({ d: ones(33) })).type`, curve},
		{`crypto.createPublicKey(jwk({ x: Buffer.concat([Buffer.alloc(9), Buffer.from(ec.x, "base64url")]).toString("base64url") })).type`, "public"},
		{`crypto.createPublicKey({ key: { kty: "RSA", n: "", e: "" }, format: "jwk" }).type`, "public"},
		{`crypto.verify("sha256", x, { key: { kty: "RSA", n: "", e: "" }, format: "jwk" }, x)`, "false"},
		{`crypto.verify("sha256", x, { key: crypto.createPublicKey({ key: { kty: "RSA", n: "AQAB", e: ones(99) }, format: "jwk" }), padding: pss }, x)`, "false"},
		{`crypto.hkdfSync("sha256", "k", "s", "i", -1)`, `RangeError ERR_OUT_OF_RANGE The value of "length" is out of range. It must be >= 0 && <= 2147483647. Received -1`},
		{`crypto.hkdfSync("sha256", "k", "s", "i", 8161)`, "RangeError ERR_CRYPTO_INVALID_KEYLEN Invalid key length"},
		{`crypto.hkdfSync("sha256", "k", "s", "i", 0).byteLength`, "0"},
		{`crypto.sign("sha256", x, { key: rsa, padding: pss, saltLength: 2 ** 35 })`, salt + "34359738368"},
		{`crypto.verify("sha256", x, { key: rsa, padding: pss, saltLength: 2 ** 62 }, x)`, salt + "4611686018427388000"},
		{`crypto.sign("sha256", x, { key: rsa, padding: pss, saltLength: 1.5 })`, salt + "1.5"},
		{`crypto.sign("sha256", x, { key: rsa, padding: pss, saltLength: 2 ** 31 - 1 })`, large},
		{`crypto.sign("sha256", x, { key: rsa, padding: pss, saltLength: 223 })`, large},
		{`crypto.verify("sha256", x, { key: rsa, padding: pss, saltLength: 2 ** 31 - 1 }, Buffer.alloc(256))`, "false"},
		{`crypto.sign("sha256", x, { key: rsa, padding: pss, saltLength: 222 }).length`, "256"},
		{`crypto.sign("sha256", x, { key: rsa, padding: pss, saltLength: -5 })`, "Error ERR_OSSL_INVALID_SALT_LENGTH error:1C800070:Provider routines::invalid salt length"},
		{`crypto.verify("sha256", x, { key: rsa, padding: pss }, crypto.sign(null, x, { key: rsa, padding: pss }))`, "true"},
		{`crypto.verify(null, x, { key: rsa, padding: pss }, Buffer.alloc(256))`, "false"},
		{`crypto.verify("sha256", x, rsa, crypto.sign(null, x, rsa))`, "true"},
		{`crypto.verify("sha256", x, jwk({}), crypto.sign(undefined, x, jwk({})))`, "true"},
		{`crypto.sign("sha256", x, { ...jwk({}), padding: pss, saltLength: 3 }).length > 60`, "true"},
	})
}
