package login

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length in bytes of each key in Config.Keys and SessionConfig.Keys.
const KeySize = 32

// sealer seals cookie values. The first key seals, every key opens, so that a
// site can change keys without signing anybody out.
type sealer struct {
	aeads []cipher.AEAD
}

// newSealer derives one key per purpose from each of keys; without keys it makes
// a random one, which dies with the process.
func newSealer(keys [][]byte, purpose string) (sealer, error) {
	if len(keys) == 0 {
		key := make([]byte, KeySize)
		rand.Read(key)
		keys = [][]byte{key}
	}
	var s sealer
	for _, key := range keys {
		if len(key) != KeySize {
			return sealer{}, errors.New("login: a key must have 32 bytes")
		}
		derived, err := hkdf.Key(sha256.New, key, nil, purpose, chacha20poly1305.KeySize)
		if err != nil {
			return sealer{}, err
		}
		aead, err := chacha20poly1305.NewX(derived)
		if err != nil {
			return sealer{}, err
		}
		s.aeads = append(s.aeads, aead)
	}
	return s, nil
}

// seal returns plain as text fit for a cookie value. context is not stored, but
// the same one is needed to open the text.
func (s sealer) seal(plain []byte, context string) string {
	aead := s.aeads[0]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, []byte(context)))
}

// open reverses seal. Text that does not encode back to itself is refused:
// base64 readers are lax about line breaks and spare bits.
func (s sealer) open(text, context string) ([]byte, bool) {
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
