package attempt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/keys"
)

// keyring makes and reads the keys of attempts. None of them needs to be stored.
type keyring struct {
	qr  cipher.Block
	mac []byte
}

func newKeyring(ring *keys.Ring) (keyring, error) {
	qr, mac := ring.Derive("attempt qr"), ring.Derive("attempt signature")
	block, err := aes.NewCipher(qr[:])
	return keyring{block, mac[:]}, err
}

const webKeyLen = 8 // bytes; 16 hexadecimal digits, as on WeCom's page

func newWebKey() string {
	var b [webKeyLen]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

const recordPrefix = "attempt/"

// recordKey is where an attempt is stored.
func recordKey(webKey string) string {
	sum := sha256.Sum256([]byte(webKey))
	return recordPrefix + hex.EncodeToString(sum[:16])
}

// signature is the page's own secret, 256 bits. The page sends it as its Authorization. That
// of a console's page opens nothing on a login page, and the other way round.
func (k keyring) signature(webKey string, console bool) string {
	h := hmac.New(sha256.New, k.mac)
	if console {
		h.Write([]byte("console "))
	}
	h.Write([]byte(webKey))
	return "Bearer " + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func (k keyring) signed(webKey, signature string, console bool) bool {
	return hmac.Equal([]byte(signature), []byte(k.signature(webKey, console)))
}

// qrKey is the key in the n-th QR code of an attempt: one AES block over the web key, n,
// and six zero bytes by which a made-up key is told from a real one.
func (k keyring) qrKey(webKey string, n uint16) string {
	var b [aes.BlockSize]byte
	hex.Decode(b[:webKeyLen], []byte(webKey))
	binary.BigEndian.PutUint16(b[webKeyLen:], n)
	k.qr.Encrypt(b[:], b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

const qrKeyLen = 22 // characters

func (k keyring) openQRKey(key string) (webKey string, n uint16, ok bool) {
	if len(key) != qrKeyLen || strings.ContainsAny(key, "\r\n") {
		return "", 0, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(key)
	if err != nil || len(raw) != aes.BlockSize {
		return "", 0, false
	}
	k.qr.Decrypt(raw, raw)
	for _, b := range raw[webKeyLen+2:] {
		if b != 0 {
			return "", 0, false
		}
	}
	return hex.EncodeToString(raw[:webKeyLen]), binary.BigEndian.Uint16(raw[webKeyLen:]), true
}
