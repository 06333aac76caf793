package node

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/dop251/goja"
)

// key is a public or private key behind an object of the script.
type key struct {
	private crypto.Signer // nil: a public key
	public  crypto.PublicKey
}

// keyNatives are what KeyObject, sign and verify need.
func (m *Modules) keyNatives() map[string]any {
	return map[string]any{
		"parseKey": func(call goja.FunctionCall) goja.Value {
			k, err := parseKey(bytesOf(call.Argument(0)), call.Argument(1).String() == "private")
			return m.keyParts(k, err)
		},
		"parseJWK": func(call goja.FunctionCall) goja.Value {
			k, err := parseJWK(call.Argument(0).String(), call.Argument(1).String() == "private")
			return m.keyParts(k, err)
		},
		"publicOf": func(call goja.FunctionCall) goja.Value {
			return m.keyParts(&key{public: m.keyOf(call.Argument(0)).public}, nil)
		},
		"sameKey": func(call goja.FunctionCall) goja.Value {
			a, b := m.keyOf(call.Argument(0)), m.keyOf(call.Argument(1))
			same, ok := a.public.(interface {
				Equal(other crypto.PublicKey) bool
			})
			return m.VM.ToValue(ok && (a.private == nil) == (b.private == nil) && same.Equal(b.public))
		},
		"exportKey": m.exportKey,
		"sign":      m.sign,
		"verify":    m.verify,
	}
}

// keyParts is what the program keeps of a key.
func (m *Modules) keyParts(k *key, err error) goja.Value {
	if errors.Is(err, errCurveJWK) {
		m.throwAs("TypeError", "ERR_CRYPTO_INVALID_JWK", err.Error())
	}
	if err != nil {
		m.throw("ERR_OSSL_UNSUPPORTED", err.Error())
	}
	parts, details := m.VM.NewObject(), m.VM.NewObject()
	kind := "public"
	if k.private != nil {
		kind = "private"
	}
	rethrow(parts.Set("type", kind))
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		rethrow(parts.Set("kind", "rsa"))
		rethrow(details.Set("modulusLength", public.N.BitLen()))
		rethrow(details.Set("publicExponent", big.NewInt(int64(public.E))))
	case *ecdsa.PublicKey:
		rethrow(parts.Set("kind", "ec"))
		name := map[string]string{"P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1", "P-224": "secp224r1"}[public.Curve.Params().Name]
		rethrow(details.Set("namedCurve", name))
	case ed25519.PublicKey:
		rethrow(parts.Set("kind", "ed25519"))
	}
	rethrow(parts.Set("details", details))
	rethrow(parts.Set("handle", k))
	return parts
}

func (m *Modules) keyOf(value goja.Value) *key {
	k, ok := value.Export().(*key)
	if !ok {
		panic(m.VM.NewTypeError("this is no key"))
	}
	return k
}

// errKey is what Node says of a key that it cannot read, errCurveJWK of a JWK that is no point or number of its curve.
var (
	errKey      = errors.New("error:1E08010C:DECODER routines::unsupported")
	errCurveJWK = errors.New("Invalid JWK EC key") //nolint:staticcheck // the words are Node's
)

// parseKey reads a key as PEM or DER. A private key, and a certificate, give their public key.
func parseKey(text []byte, private bool) (*key, error) {
	der := text
	if block, _ := pem.Decode(text); block != nil {
		der = block.Bytes
		if block.Type == "CERTIFICATE" && !private {
			certificate, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, fmt.Errorf("read the certificate: %w", err)
			}
			return &key{public: certificate.PublicKey}, nil
		}
	}
	for _, parse := range []func([]byte) (any, error){
		x509.ParsePKCS8PrivateKey,
		func(b []byte) (any, error) { return x509.ParsePKCS1PrivateKey(b) },
		func(b []byte) (any, error) { return x509.ParseECPrivateKey(b) },
	} {
		found, err := parse(der)
		if signer, ok := found.(crypto.Signer); err == nil && ok {
			k := &key{public: signer.Public()}
			if private {
				k.private = signer
			}
			return k, nil
		}
	}
	if !private {
		if public, err := x509.ParsePKIXPublicKey(der); err == nil {
			return &key{public: public}, nil
		}
		if public, err := x509.ParsePKCS1PublicKey(der); err == nil {
			return &key{public: public}, nil
		}
	}
	return nil, errKey
}

// parseJWK reads a key as JSON (RFC 7518, 6).
func parseJWK(text string, private bool) (*key, error) {
	var fields struct{ Kty, Crv, N, E, D, P, Q, X, Y string }
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return nil, fmt.Errorf("read the JWK: %w", err)
	}
	number := func(text string) *big.Int {
		b, _ := base64.RawURLEncoding.DecodeString(text) // what is wrong makes a key that is not valid
		return new(big.Int).SetBytes(b)
	}
	var signer crypto.Signer
	var public crypto.PublicKey
	switch fields.Kty {
	case "RSA":
		open := rsa.PublicKey{N: number(fields.N), E: int(number(fields.E).Int64())}
		public = &open
		if private {
			secret := &rsa.PrivateKey{PublicKey: open, D: number(fields.D), Primes: []*big.Int{number(fields.P), number(fields.Q)}}
			if err := secret.Validate(); err != nil {
				return nil, fmt.Errorf("read the JWK: %w", err)
			}
			secret.Precompute()
			signer = secret
		}
	case "EC":
		return curveKey(fields.Crv, number(fields.X), number(fields.Y), number(fields.D), private)
	default:
		return nil, fmt.Errorf("the key type %q of the JWK is not known", fields.Kty)
	}
	return &key{private: signer, public: public}, nil
}

// curveKey makes a key of the numbers of a JWK (RFC 7518, 6.2), which may be anything: a JWK comes from the network too.
func curveKey(name string, x, y, d *big.Int, private bool) (*key, error) {
	curve, ok := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[name]
	if !ok {
		return nil, fmt.Errorf("the curve %q of the JWK is not known", name)
	}
	size := (curve.Params().BitSize + 7) / 8
	for _, number := range []*big.Int{x, y, d} {
		if number.BitLen() > 8*size {
			return nil, errCurveJWK
		}
	}
	point := append([]byte{4}, append(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))...)...)
	public, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, errCurveJWK
	}
	if !private {
		return &key{public: public}, nil
	}
	secret, err := ecdsa.ParseRawPrivateKey(curve, d.FillBytes(make([]byte, size)))
	if err != nil {
		return nil, errCurveJWK
	}
	return &key{private: secret, public: public}, nil
}

// exportKey(key, type, asDER) returns a key as PEM or DER.
func (m *Modules) exportKey(call goja.FunctionCall) goja.Value {
	k := m.keyOf(call.Argument(0))
	var der []byte
	var err error
	label := "PUBLIC KEY"
	switch form := call.Argument(1).String(); {
	case k.private != nil && form == "pkcs1":
		secret, ok := k.private.(*rsa.PrivateKey)
		if !ok {
			m.throw("ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS", "The selected key encoding pkcs1 can only be used for RSA keys.")
		}
		label, der = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(secret)
	case k.private != nil && form == "sec1":
		secret, ok := k.private.(*ecdsa.PrivateKey)
		if !ok {
			m.throw("ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS", "The selected key encoding sec1 can only be used for EC keys.")
		}
		label = "EC PRIVATE KEY"
		der, err = x509.MarshalECPrivateKey(secret)
	case k.private != nil:
		label = "PRIVATE KEY"
		der, err = x509.MarshalPKCS8PrivateKey(k.private)
	case form == "pkcs1":
		public, ok := k.public.(*rsa.PublicKey)
		if !ok {
			m.throw("ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS", "The selected key encoding pkcs1 can only be used for RSA keys.")
		}
		label, der = "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(public)
	default:
		der, err = x509.MarshalPKIXPublicKey(k.public)
	}
	if err != nil {
		panic(m.VM.NewGoError(err))
	}
	if call.Argument(2).ToBoolean() {
		return m.arrayBuffer(der)
	}
	return m.VM.ToValue(string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})))
}

// signature is how a signature is made.
type signature struct {
	id   crypto.Hash
	sum  []byte
	pss  *rsa.PSSOptions // nil: PKCS #1 v1.5
	flat bool            // of ECDSA: both numbers after each other, in the place of ASN.1
	// tooLong tells that the key has no room for the salt: there is no such signature.
	tooLong bool
}

// signatureOf reads (digest, data, key, pss, saltLength, flat). Without a digest it is what OpenSSL takes for the kind of key.
func (m *Modules) signatureOf(call goja.FunctionCall, k *key) signature {
	s := signature{flat: call.Argument(5).ToBoolean()}
	data, name := bytesOf(call.Argument(1)), call.Argument(0).String()
	if _, whole := k.public.(ed25519.PublicKey); name == "" && !whole {
		name = "sha256"
	}
	if name != "" {
		d, ok := digestOf(name)
		if !ok || d.id == 0 {
			m.throw("ERR_CRYPTO_INVALID_DIGEST", "Invalid digest: "+name)
		}
		h := d.make()
		_, _ = h.Write(data) // a hash never fails
		s.id, s.sum = d.id, h.Sum(nil)
	} else {
		s.sum = data
	}
	if public, ok := k.public.(*rsa.PublicKey); ok && call.Argument(3).ToBoolean() {
		s.pss = &rsa.PSSOptions{Hash: s.id, SaltLength: m.saltLength(call.Argument(4))}
		room := (public.N.BitLen()+6)/8 - s.id.Size() - 2
		s.tooLong = s.pss.SaltLength > max(0, room)
	}
	return s
}

// saltLength reads the option of that name.
func (m *Modules) saltLength(option goja.Value) int {
	number := option.ToFloat()
	if number != math.Trunc(number) || math.Abs(number) > math.MaxInt32 {
		m.throwAs("TypeError", "ERR_INVALID_ARG_VALUE", "The property 'options.saltLength' is invalid. Received "+option.String())
	}
	switch length := int(number); {
	case length == -1:
		return rsa.PSSSaltLengthEqualsHash
	case length == -2 || length == -3:
		return rsa.PSSSaltLengthAuto
	case length < 0:
		m.throw("ERR_OSSL_INVALID_SALT_LENGTH", "error:1C800070:Provider routines::invalid salt length")
		return 0
	default:
		return length
	}
}

func (m *Modules) sign(call goja.FunctionCall) goja.Value {
	k := m.keyOf(call.Argument(2))
	s := m.signatureOf(call, k)
	if k.private == nil {
		m.throw("ERR_CRYPTO_SIGN_KEY_REQUIRED", "No key provided to sign")
	}
	if s.tooLong {
		m.throw("ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE", "error:0200006E:rsa routines::data too large for key size")
	}
	var options crypto.SignerOpts = s.id
	if s.pss != nil {
		options = s.pss
	}
	out, err := k.private.Sign(rand.Reader, s.sum, options)
	if err != nil {
		m.throw("ERR_OSSL_SIGN", err.Error())
	}
	if secret, ok := k.private.(*ecdsa.PrivateKey); ok && s.flat {
		var parts struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(out, &parts); err != nil {
			panic(m.VM.NewGoError(err))
		}
		size := (secret.Curve.Params().BitSize + 7) / 8
		out = append(parts.R.FillBytes(make([]byte, size)), parts.S.FillBytes(make([]byte, size))...)
	}
	return m.arrayBuffer(out)
}

func (m *Modules) verify(call goja.FunctionCall) goja.Value {
	k := m.keyOf(call.Argument(2))
	s := m.signatureOf(call, k)
	return m.VM.ToValue(!s.tooLong && verified(k.public, s, bytesOf(call.Argument(6))))
}

func verified(public crypto.PublicKey, s signature, given []byte) bool {
	switch public := public.(type) {
	case *rsa.PublicKey:
		if s.pss != nil {
			return rsa.VerifyPSS(public, s.id, s.sum, given, s.pss) == nil
		}
		return rsa.VerifyPKCS1v15(public, s.id, s.sum, given) == nil
	case *ecdsa.PublicKey:
		if !s.flat {
			return ecdsa.VerifyASN1(public, s.sum, given)
		}
		half := (public.Curve.Params().BitSize + 7) / 8
		if len(given) != 2*half {
			return false
		}
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(given[:half]), new(big.Int).SetBytes(given[half:])})
		return err == nil && ecdsa.VerifyASN1(public, s.sum, der)
	case ed25519.PublicKey:
		return ed25519.Verify(public, s.sum, given)
	}
	return false
}
