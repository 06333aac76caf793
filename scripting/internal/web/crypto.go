package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the Web Cryptography API has it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"

	"github.com/dop251/goja"
)

// cryptoNatives are what crypto needs. They run at once: what a script hashes is small, and a goroutine would cost more.
func (w *Web) cryptoNatives() map[string]native {
	return map[string]native{
		"random": func(call goja.FunctionCall) goja.Value {
			_, _ = rand.Read(bytesOf(call.Argument(0))) // never fails, by its contract
			return goja.Undefined()
		},
		"uuid": func(goja.FunctionCall) goja.Value { return w.VM.ToValue(randomUUID()) },
		"digest": func(call goja.FunctionCall) goja.Value {
			h := newHash(call.Argument(0).String())()
			_, _ = h.Write(bytesOf(call.Argument(1)))
			return w.arrayBuffer(h.Sum(nil))
		},
		"hmac": func(call goja.FunctionCall) goja.Value { return w.arrayBuffer(sign(call)) },
		"verify": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(hmac.Equal(sign(call), bytesOf(call.Argument(3))))
		},
		"toBase64URL": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(base64.RawURLEncoding.EncodeToString(bytesOf(call.Argument(0))))
		},
		"fromBase64URL": func(call goja.FunctionCall) goja.Value {
			b, err := base64.RawURLEncoding.DecodeString(call.Argument(0).String())
			if err != nil {
				return goja.Null()
			}
			return w.arrayBuffer(b)
		},
	}
}

// sign returns the HMAC of the third argument with the hash and the secret of the first two.
func sign(call goja.FunctionCall) []byte {
	mac := hmac.New(newHash(call.Argument(0).String()), bytesOf(call.Argument(1)))
	_, _ = mac.Write(bytesOf(call.Argument(2)))
	return mac.Sum(nil)
}

// newHash returns the constructor of a hash by its name in the Web Cryptography API, which the program has checked.
func newHash(name string) func() hash.Hash {
	switch name {
	case "SHA-1":
		return sha1.New
	case "SHA-384":
		return sha512.New384
	case "SHA-512":
		return sha512.New
	default:
		return sha256.New
	}
}

// randomUUID returns a version 4 UUID (RFC 9562, 5.4).
func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
