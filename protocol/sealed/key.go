package sealed

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

const (
	encodedKeyLen = 43
	maxTokenLen   = 32
)

// Errors of ParseKey and CheckToken. They say the rule and never quote the
// value.
var (
	ErrKey   = errors.New("an EncodingAESKey must be 43 letters and digits")
	ErrToken = errors.New("a Token must be 1 to 32 letters and digits")
)

// Key is a callback's AES key. The zero Key opens nothing.
type Key struct {
	aes [32]byte
}

// ParseKey reads an EncodingAESKey: the 43 characters of 32 bytes in base64
// without its padding. The bits of the last character that do not fit into
// the 32 bytes may be anything: in the published sample key they are not zero.
// The error is ErrKey.
func ParseKey(encodingAESKey string) (Key, error) {
	if len(encodingAESKey) != encodedKeyLen {
		return Key{}, ErrKey
	}
	var k Key
	n, err := base64.RawStdEncoding.Decode(k.aes[:], []byte(encodingAESKey))
	if err != nil || n != len(k.aes) { // n is less when it held CR or LF, which are skipped
		return Key{}, ErrKey
	}
	return k, nil
}

// Format implements fmt.Formatter: a Key never shows its bytes.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "sealed.Key") }

// CheckToken says whether a Token has the form that WeCom's console accepts.
// The error is ErrToken.
func CheckToken(token string) error {
	if token == "" || len(token) > maxTokenLen {
		return ErrToken
	}
	for i := range len(token) {
		if !isAlphanumeric(token[i]) {
			return ErrToken
		}
	}
	return nil
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
