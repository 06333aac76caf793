package node

import (
	"crypto"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // Node has it, and packages name files by it
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // Node has it
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"encoding"
	"fmt"
	"hash"
	"maps"
	"math"

	"github.com/dop251/goja"
)

// digest is a hash by one of its names in Node.
type digest struct {
	name string
	make func() hash.Hash
	// id is what signatures call it; 0: they do not use it.
	id crypto.Hash
}

// digests are the hashes, in the order in which Node lists them.
func digests() []digest {
	return []digest{
		{"md5", md5.New, crypto.MD5},
		{"sha1", sha1.New, crypto.SHA1},
		{"sha224", sha256.New224, crypto.SHA224},
		{"sha256", sha256.New, crypto.SHA256},
		{"sha3-224", func() hash.Hash { return sha3.New224() }, 0},
		{"sha3-256", func() hash.Hash { return sha3.New256() }, 0},
		{"sha3-384", func() hash.Hash { return sha3.New384() }, 0},
		{"sha3-512", func() hash.Hash { return sha3.New512() }, 0},
		{"sha384", sha512.New384, crypto.SHA384},
		{"sha512", sha512.New, crypto.SHA512},
		{"sha512-224", sha512.New512_224, 0},
		{"sha512-256", sha512.New512_256, 0},
	}
}

// digestOf finds a hash by its name, in small letters. Signatures have names of their own for theirs.
func digestOf(name string) (digest, bool) {
	for _, d := range digests() {
		switch name {
		case d.name, "rsa-" + d.name:
			return d, true
		}
		if hyphened, ok := map[string]string{"sha1": "sha-1", "sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}[d.name]; ok && name == hyphened {
			return d, true
		}
	}
	return digest{}, false
}

// cryptoNatives are what crypto needs.
func (m *Modules) cryptoNatives() map[string]any {
	natives := map[string]any{
		"hash": m.newHash,
		"hashes": func(goja.FunctionCall) goja.Value {
			var names []any
			for _, d := range digests() {
				names = append(names, d.name)
			}
			return m.VM.NewArray(names...)
		},
		"knowsDigest": func(call goja.FunctionCall) goja.Value {
			_, ok := digestOf(call.Argument(0).String())
			return m.VM.ToValue(ok)
		},
		"random": func(call goja.FunctionCall) goja.Value {
			_, _ = rand.Read(bytesOf(call.Argument(0))) // never fails, by its contract
			return goja.Undefined()
		},
		"equal": func(call goja.FunctionCall) goja.Value {
			return m.VM.ToValue(subtle.ConstantTimeCompare(bytesOf(call.Argument(0)), bytesOf(call.Argument(1))) == 1)
		},
		"pbkdf2": m.pbkdf2,
		"hkdf":   m.hkdf,
	}
	maps.Copy(natives, m.keyNatives())
	return natives
}

// newHash(name, key) begins a hash, or an HMAC where there is a key; undefined: the name is not known.
func (m *Modules) newHash(call goja.FunctionCall) goja.Value {
	d, ok := digestOf(call.Argument(0).String())
	if !ok {
		return goja.Undefined()
	}
	if key := call.Argument(1); !goja.IsUndefined(key) {
		return m.hashState(hmac.New(d.make, append([]byte(nil), bytesOf(key)...)), d)
	}
	return m.hashState(d.make(), d)
}

// hashState is a hash that has begun, as the program uses it.
func (m *Modules) hashState(h hash.Hash, d digest) goja.Value {
	state := m.VM.NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"update": func(call goja.FunctionCall) goja.Value {
			_, _ = h.Write(bytesOf(call.Argument(0))) // a hash never fails
			return goja.Undefined()
		},
		"digest": func(goja.FunctionCall) goja.Value { return m.arrayBuffer(h.Sum(nil)) },
		"copy": func(goja.FunctionCall) goja.Value {
			from, can := h.(encoding.BinaryMarshaler)
			other := d.make()
			to, could := other.(encoding.BinaryUnmarshaler)
			if !can || !could {
				panic(m.VM.NewTypeError("this hash cannot be copied"))
			}
			taken, err := from.MarshalBinary()
			if err == nil {
				err = to.UnmarshalBinary(taken)
			}
			if err != nil {
				panic(m.VM.NewGoError(err))
			}
			return m.hashState(other, d)
		},
	} {
		rethrow(state.Set(name, f))
	}
	return state
}

// maxDerived bounds the bytes and the rounds that one call of a script may ask for: it is one step, which nothing interrupts.
const (
	maxDerivedBytes  = 1 << 20
	maxDerivedRounds = 1 << 24
)

// pbkdf2(digest, password, salt, iterations, length); undefined: the digest is not known.
func (m *Modules) pbkdf2(call goja.FunctionCall) goja.Value {
	d, ok := digestOf(call.Argument(0).String())
	if !ok {
		return goja.Undefined()
	}
	rounds, length := call.Argument(3).ToInteger(), call.Argument(4).ToInteger()
	if rounds < 1 || length < 0 || length > maxDerivedBytes || rounds*(length/int64(d.make().Size())+1) > maxDerivedRounds {
		m.throw("ERR_OUT_OF_RANGE", fmt.Sprintf("%d iterations for %d bytes are out of range: one call may ask for %d rounds at most", rounds, length, maxDerivedRounds))
	}
	if length == 0 {
		return m.arrayBuffer(nil)
	}
	key, err := pbkdf2.Key(d.make, string(bytesOf(call.Argument(1))), bytesOf(call.Argument(2)), int(rounds), int(length))
	if err != nil {
		panic(m.VM.NewGoError(err))
	}
	return m.arrayBuffer(key)
}

// hkdf(digest, key, salt, info, length); undefined: the digest is not known.
func (m *Modules) hkdf(call goja.FunctionCall) goja.Value {
	d, ok := digestOf(call.Argument(0).String())
	if !ok {
		return goja.Undefined()
	}
	length := call.Argument(4).ToInteger()
	if length < 0 || length > math.MaxInt32 {
		m.throwAs("RangeError", "ERR_OUT_OF_RANGE", fmt.Sprintf(`The value of "length" is out of range. It must be >= 0 && <= %d. Received %d`, math.MaxInt32, length))
	}
	key, err := hkdf.Key(d.make, bytesOf(call.Argument(1)), bytesOf(call.Argument(2)), string(bytesOf(call.Argument(3))), int(length))
	if err != nil {
		m.throwAs("RangeError", "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length")
	}
	return m.arrayBuffer(key)
}
