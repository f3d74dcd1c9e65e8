// Package seal seals what a site gives into foreign hands: cookies in browsers
// and files on disks. Texts of one purpose open under no other, and texts of one
// context under no other context.
package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length in bytes of each key of New.
const KeySize = 32

// ErrKey: a key has another length than KeySize.
var ErrKey = errors.New("a key must have 32 bytes")

// Sealer seals texts. The first key seals, every key opens, so that a site can
// change keys without losing what was sealed. It is safe for concurrent use.
type Sealer struct {
	aeads []cipher.AEAD
}

// New derives one key per purpose from each of keys; without keys it makes a
// random one, which dies with the process.
func New(keys [][]byte, purpose string) (Sealer, error) {
	if len(keys) == 0 {
		key := make([]byte, KeySize)
		rand.Read(key)
		keys = [][]byte{key}
	}
	var s Sealer
	for _, key := range keys {
		if len(key) != KeySize {
			return Sealer{}, ErrKey
		}
		derived, err := hkdf.Key(sha256.New, key, nil, purpose, chacha20poly1305.KeySize)
		if err != nil {
			return Sealer{}, err
		}
		aead, err := chacha20poly1305.NewX(derived)
		if err != nil {
			return Sealer{}, err
		}
		s.aeads = append(s.aeads, aead)
	}
	return s, nil
}

// Seal returns plain as text fit for a cookie value. context is not stored, but
// the same one is needed to open the text.
func (s Sealer) Seal(plain []byte, context string) string {
	aead := s.aeads[0]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, []byte(context)))
}

// Open reverses Seal. Text that does not encode back to itself is refused:
// base64 readers are lax about line breaks and spare bits.
func (s Sealer) Open(text, context string) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || base64.RawURLEncoding.EncodedLen(len(raw)) != len(text) {
		return nil, false
	}
	for _, aead := range s.aeads {
		if len(raw) < aead.NonceSize() {
			return nil, false
		}
		plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(context))
		if err == nil {
			return plain, true
		}
	}
	return nil, false
}
