package node

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"github.com/dop251/goja"
	"golang.org/x/crypto/scrypt"
)

// maxScrypt bounds the memory of scrypt in bytes, and maxScryptWork that times how often it is gone through: one call is one step,
// which nothing interrupts.
const (
	maxScrypt     = 256 << 20
	maxScryptWork = 1 << 30
)

// scrypt(password, salt, length, cost, blockSize, parallelization, maxmem).
func (m *Modules) scrypt(call goja.FunctionCall) goja.Value {
	length, n, r, p := call.Argument(2).ToInteger(), call.Argument(3).ToInteger(), call.Argument(4).ToInteger(), call.Argument(5).ToInteger()
	most := call.Argument(6).ToInteger()
	invalid := func(why string) {
		m.throwAs("RangeError", "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params"+why)
	}
	if n < 2 || n&(n-1) != 0 || r < 1 || p < 1 || n > 1<<30 || r > 1<<20 || p > 1<<20 {
		invalid("")
	}
	// What OpenSSL counts.
	if memory := 128*n*r + 128*r*p + 32*r*4; memory > most || p > (1<<30-1)/r {
		invalid(": error:030000AC:digital envelope routines::memory limit exceeded")
	}
	if 128*n*r > maxScrypt || 128*n*r*p > maxScryptWork || length < 0 || length > maxDerivedBytes {
		m.throwAs("RangeError", "ERR_OUT_OF_RANGE", fmt.Sprintf("scrypt may take %d MB here, %d MB times its parallelization, and give %d bytes", maxScrypt>>20, maxScryptWork>>20, maxDerivedBytes))
	}
	if length == 0 {
		return m.arrayBuffer(nil)
	}
	key, err := scrypt.Key(bytesOf(call.Argument(0)), bytesOf(call.Argument(1)), int(n), int(r), int(p), int(length))
	if err != nil {
		invalid("")
	}
	return m.arrayBuffer(key)
}

// The lengths of RSA keys that scripts may make, in bits: longer ones take seconds, which nothing interrupts.
const (
	minMadeRSA = 1024
	maxMadeRSA = 4096
)

// makeKey(kind, length or curve) makes a private key; undefined: the kind or the curve is not known.
func (m *Modules) makeKey(call goja.FunctionCall) goja.Value {
	k := &key{}
	var err error
	switch call.Argument(0).String() {
	case "rsa", "rsa-pss":
		bits := call.Argument(1).ToInteger()
		if bits < minMadeRSA || bits > maxMadeRSA {
			m.throwAs("RangeError", "ERR_OUT_OF_RANGE", fmt.Sprintf(`The value of "options.modulusLength" is out of range. It must be >= %d && <= %d here. Received %d`, minMadeRSA, maxMadeRSA, bits))
		}
		var made *rsa.PrivateKey
		if made, err = rsa.GenerateKey(rand.Reader, int(bits)); err == nil {
			k.private, k.public = made, &made.PublicKey
		}
	case "ec":
		curve := map[string]elliptic.Curve{
			"prime256v1": elliptic.P256(), "P-256": elliptic.P256(), "secp384r1": elliptic.P384(), "P-384": elliptic.P384(),
			"secp521r1": elliptic.P521(), "P-521": elliptic.P521(),
		}[call.Argument(1).String()]
		if curve == nil {
			return goja.Undefined()
		}
		var made *ecdsa.PrivateKey
		if made, err = ecdsa.GenerateKey(curve, rand.Reader); err == nil {
			k.private, k.public = made, &made.PublicKey
		}
	case "ed25519":
		var made ed25519.PrivateKey
		if _, made, err = ed25519.GenerateKey(rand.Reader); err == nil {
			k.private, k.public = made, made.Public()
		}
	default:
		return goja.Undefined()
	}
	return m.keyParts(k, err)
}
