package node

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// blockCipher encrypts or decrypts a text that comes in pieces: AES in the modes that Node's scripts use.
type blockCipher struct {
	block   cipher.Block
	mode    string
	decrypt bool
	// chain is the mode cbc, and stream the others.
	chain  cipher.BlockMode
	stream cipher.Stream
	// rest are the bytes that do not fill a block yet.
	rest     []byte
	noPad    bool
	finished bool
	// Of gcm: what was said beside the text, the text itself, and the tag that is expected or was made.
	iv, beside, plain, tag []byte
	tagLength              int
}

// maxCiphered bounds the text of a gcm, which is kept until its tag is made.
const maxCiphered = 64 << 20

// cipherNames are the ciphers that there are, in the order in which Node lists them.
func cipherNames() []string {
	var names []string
	for _, size := range []string{"128", "192", "256"} {
		for _, mode := range []string{"cbc", "ctr", "gcm"} {
			names = append(names, "aes-"+size+"-"+mode)
		}
	}
	return names
}

// newCipher(name, key, iv, decrypt, tagLength) begins one.
func (m *Modules) newCipher(call goja.FunctionCall) goja.Value {
	name, key, iv := call.Argument(0).String(), bytesOf(call.Argument(1)), append([]byte(nil), bytesOf(call.Argument(2))...)
	parts := strings.Split(name, "-")
	if len(parts) != 3 || parts[0] != "aes" || !strings.Contains(" 128 192 256 ", " "+parts[1]+" ") || !strings.Contains(" cbc ctr gcm ", " "+parts[2]+" ") {
		m.throw("ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher")
	}
	if bits, _ := strconv.Atoi(parts[1]); len(key)*8 != bits {
		m.throwAs("RangeError", "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(m.VM.NewGoError(err))
	}
	c := &blockCipher{block: block, mode: parts[2], decrypt: call.Argument(3).ToBoolean(), iv: iv, tagLength: int(call.Argument(4).ToInteger())}
	if c.mode != "gcm" && len(iv) != aes.BlockSize || len(iv) == 0 {
		m.throwAs("TypeError", "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector")
	}
	switch {
	case c.mode == "gcm":
		c.stream = cipher.NewCTR(block, c.firstCounter())
	case c.mode == "ctr":
		c.stream = cipher.NewCTR(block, iv)
	case c.decrypt:
		c.chain = cipher.NewCBCDecrypter(block, iv)
	default:
		c.chain = cipher.NewCBCEncrypter(block, iv)
	}
	return m.cipherState(c)
}

// firstCounter is the counter of the first block of text in gcm (NIST SP 800-38D, 7.1).
func (c *blockCipher) firstCounter() []byte {
	counter := make([]byte, aes.BlockSize)
	if len(c.iv) == 12 {
		copy(counter, c.iv)
		counter[aes.BlockSize-1] = 1
	} else {
		counter = c.hashed(c.iv)
	}
	last := binary.BigEndian.Uint32(counter[12:])
	binary.BigEndian.PutUint32(counter[12:], last+1)
	return counter
}

// hashed is GHASH of an initialization vector and its length (NIST SP 800-38D, 6.4).
func (c *blockCipher) hashed(iv []byte) []byte {
	key := make([]byte, aes.BlockSize)
	c.block.Encrypt(key, key)
	padded := append([]byte(nil), iv...)
	for len(padded)%aes.BlockSize != 0 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(append(padded, make([]byte, 8)...), uint64(len(iv))*8)
	sum := make([]byte, aes.BlockSize)
	for ; len(padded) > 0; padded = padded[aes.BlockSize:] {
		subtle.XORBytes(sum, sum, padded[:aes.BlockSize])
		product, factor := make([]byte, aes.BlockSize), append([]byte(nil), key...)
		for bit := range 128 {
			if sum[bit/8]>>(7-bit%8)&1 == 1 {
				subtle.XORBytes(product, product, factor)
			}
			carry := factor[15] & 1
			for i := 15; i > 0; i-- {
				factor[i] = factor[i]>>1 | factor[i-1]<<7
			}
			if factor[0] >>= 1; carry == 1 {
				factor[0] ^= 0xe1
			}
		}
		sum = product
	}
	return sum
}

// cipherState is a cipher that has begun, as the program uses it.
func (m *Modules) cipherState(c *blockCipher) goja.Value {
	state := m.VM.NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"update": func(call goja.FunctionCall) goja.Value {
			return m.arrayBuffer(m.cipherUpdate(c, bytesOf(call.Argument(0))))
		},
		"final": func(goja.FunctionCall) goja.Value { return m.arrayBuffer(m.cipherFinal(c)) },
		"beside": func(call goja.FunctionCall) goja.Value {
			c.beside = append(c.beside, bytesOf(call.Argument(0))...)
			return goja.Undefined()
		},
		"setTag": func(call goja.FunctionCall) goja.Value {
			c.tag = append([]byte(nil), bytesOf(call.Argument(0))...)
			return goja.Undefined()
		},
		"tag": func(goja.FunctionCall) goja.Value {
			if !c.finished || c.tag == nil {
				return goja.Undefined()
			}
			return m.arrayBuffer(c.tag)
		},
		"pad": func(call goja.FunctionCall) goja.Value {
			c.noPad = !call.Argument(0).ToBoolean()
			return goja.Undefined()
		},
	} {
		rethrow(state.Set(name, f))
	}
	return state
}

// cipherUpdate takes a piece of the text, and returns what is certain of the other.
func (m *Modules) cipherUpdate(c *blockCipher, piece []byte) []byte {
	if c.finished {
		m.throw("ERR_CRYPTO_INVALID_STATE", "Invalid state for operation update")
	}
	if c.stream != nil {
		out := make([]byte, len(piece))
		c.stream.XORKeyStream(out, piece)
		if c.mode == "gcm" {
			if len(c.plain)+len(piece) > maxCiphered {
				m.throwAs("RangeError", "ERR_OUT_OF_RANGE", fmt.Sprintf("a text of more than %d MB cannot be encrypted in the mode gcm here", maxCiphered>>20))
			}
			if c.decrypt {
				c.plain = append(c.plain, out...)
			} else {
				c.plain = append(c.plain, piece...)
			}
		}
		return out
	}
	c.rest = append(c.rest, piece...)
	whole := len(c.rest) / aes.BlockSize * aes.BlockSize
	if c.decrypt && !c.noPad && whole == len(c.rest) && whole > 0 {
		whole -= aes.BlockSize // the last may be padded
	}
	out := make([]byte, whole)
	c.chain.CryptBlocks(out, c.rest[:whole])
	c.rest = append([]byte(nil), c.rest[whole:]...)
	return out
}

// cipherFinal returns the end.
func (m *Modules) cipherFinal(c *blockCipher) []byte {
	if c.finished {
		m.throw("ERR_CRYPTO_INVALID_STATE", "Invalid state for operation final")
	}
	c.finished = true
	switch {
	case c.mode == "gcm":
		m.finishGCM(c)
		return nil
	case c.stream != nil:
		return nil
	case c.noPad && len(c.rest) == 0:
		return nil
	case c.decrypt && len(c.rest) != aes.BlockSize || c.noPad:
		m.throw("ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH", "error:1C80006B:Provider routines::wrong final block length")
	case !c.decrypt:
		padding := aes.BlockSize - len(c.rest)
		for range padding {
			c.rest = append(c.rest, byte(padding))
		}
	}
	out := make([]byte, aes.BlockSize)
	c.chain.CryptBlocks(out, c.rest)
	if !c.decrypt {
		return out
	}
	padding := int(out[aes.BlockSize-1])
	right := padding >= 1 && padding <= aes.BlockSize
	for i := aes.BlockSize - padding; right && i < aes.BlockSize; i++ {
		right = int(out[i]) == padding
	}
	if !right {
		m.throw("ERR_OSSL_BAD_DECRYPT", "error:1C800064:Provider routines::bad decrypt")
	}
	return out[:aes.BlockSize-padding]
}

// finishGCM makes the tag, or compares it.
func (m *Modules) finishGCM(c *blockCipher) {
	mode, err := cipher.NewGCMWithNonceSize(c.block, len(c.iv))
	if err != nil {
		panic(m.VM.NewGoError(err))
	}
	sealed := mode.Seal(nil, c.iv, c.plain, c.beside)
	made := sealed[len(c.plain):]
	c.plain = nil
	if !c.decrypt {
		c.tag = made[:c.tagLength]
		return
	}
	if len(c.tag) == 0 || subtle.ConstantTimeCompare(made[:len(c.tag)], c.tag) != 1 {
		failure, err := m.VM.New(m.VM.Get("Error"), m.VM.ToValue("Unsupported state or unable to authenticate data"))
		rethrow(err)
		panic(failure)
	}
}
