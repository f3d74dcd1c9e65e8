package keys

import (
	"crypto/cipher"
	"crypto/rand"

	"golang.org/x/crypto/chacha20poly1305"
)

// Seal encrypts a secret that must be used again, for a column of the store.
// The label says what it is and whose ("suite/42/aes_key"): Open wants the
// same one, so a sealed secret cannot be moved to another row. The result is
// 40 bytes longer than plain, and differs each time.
func (r *Ring) Seal(label string, plain []byte) []byte {
	return sealWith(r.aead(label), label, plain)
}

// Open decrypts what Seal has made under the same label, or fails with ErrSealed.
func (r *Ring) Open(label string, sealed []byte) ([]byte, error) {
	return openWith(r.aead(label), label, sealed)
}

// aead is the cipher of a label; its key is none that Derive gives out.
func (r *Ring) aead(label string) cipher.AEAD {
	key := r.derive("hufu seal 1\x00" + label)
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // only for keys of another size
	}
	return aead
}

// sealWith puts a random nonce before the sealed text, and binds it to label.
func sealWith(aead cipher.AEAD, label string, plain []byte) []byte {
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, []byte(label))
}

func openWith(aead cipher.AEAD, label string, sealed []byte) ([]byte, error) {
	if len(sealed) < aead.NonceSize() {
		return nil, ErrSealed
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(label))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
