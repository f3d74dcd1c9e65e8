package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	randomLen = 16 // random bytes before everything else
	lengthLen = 4  // length of the message, big endian
	padBlock  = 32 // PKCS#7 pads to this, not to AES's 16
)

// Codec seals and opens the packets of one callback. It is safe for
// concurrent use. A Codec without a Token or with the zero Key opens nothing.
type Codec struct {
	token string
	block cipher.Block // nil for the zero Key
	iv    [aes.BlockSize]byte
}

// New makes a Codec from a callback's Token and key. What WeCom accepts as a
// Token is CheckToken's rule.
func New(token string, key Key) *Codec {
	c := &Codec{token: token}
	if key == (Key{}) {
		return c
	}
	block, err := aes.NewCipher(key.aes[:])
	if err != nil {
		panic(err) // 32 bytes are always a valid key
	}
	c.block = block
	copy(c.iv[:], key.aes[:])
	return c
}

// Format implements fmt.Formatter: a Codec never shows its Token or key.
func (*Codec) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "sealed.Codec") }

// Signature is the msg_signature of a packet: lower-case hex of the SHA-1 over
// Token, timestamp, nonce and encrypt, sorted and joined.
func (c *Codec) Signature(timestamp, nonce, encrypt string) string {
	parts := []string{c.token, timestamp, nonce, encrypt}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}
