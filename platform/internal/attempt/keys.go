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
	qr, client cipher.Block
	mac        []byte
}

func newKeyring(ring *keys.Ring) (k keyring, err error) {
	qr, client, mac := ring.Derive("attempt qr"), ring.Derive("attempt client"), ring.Derive("attempt signature")
	if k.qr, err = aes.NewCipher(qr[:]); err != nil {
		return k, err
	}
	k.client, err = aes.NewCipher(client[:])
	k.mac = mac[:]
	return k, err
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

// kindOfPage is whose page a signature is: that of one kind opens nothing on another.
type kindOfPage string

const (
	loginPage   kindOfPage = ""
	consolePage kindOfPage = "console "
	devicePage  kindOfPage = "device "
)

func kindOf(r Request) kindOfPage {
	switch {
	case r.Console:
		return consolePage
	case r.Device != "":
		return devicePage
	}
	return loginPage
}

// signature is the page's own secret, 256 bits. The page sends it as its Authorization.
func (k keyring) signature(webKey string, kind kindOfPage) string {
	h := hmac.New(sha256.New, k.mac)
	h.Write([]byte(kind))
	h.Write([]byte(webKey))
	return "Bearer " + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func (k keyring) signed(webKey, signature string, kind kindOfPage) bool {
	return hmac.Equal([]byte(signature), []byte(k.signature(webKey, kind)))
}

// qrKey is the key in the n-th QR code of an attempt.
func (k keyring) qrKey(webKey string, n uint16) string { return sealKey(k.qr, webKey, n) }

func (k keyring) openQRKey(key string) (webKey string, n uint16, ok bool) { return openKey(k.qr, key) }

// clientKey is the n-th key by which a page hands its attempt to a desktop client.
func (k keyring) clientKey(webKey string, n uint16) string { return sealKey(k.client, webKey, n) }

func (k keyring) openClientKey(key string) (webKey string, n uint16, ok bool) {
	return openKey(k.client, key)
}

// sealKey is one AES block over the web key, n, and six zero bytes by which a made-up key is
// told from a real one.
func sealKey(block cipher.Block, webKey string, n uint16) string {
	var b [aes.BlockSize]byte
	hex.Decode(b[:webKeyLen], []byte(webKey))
	binary.BigEndian.PutUint16(b[webKeyLen:], n)
	block.Encrypt(b[:], b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

const sealedKeyLen = 22 // characters

func openKey(block cipher.Block, key string) (webKey string, n uint16, ok bool) {
	if len(key) != sealedKeyLen || strings.ContainsAny(key, "\r\n") {
		return "", 0, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(key)
	if err != nil || len(raw) != aes.BlockSize {
		return "", 0, false
	}
	block.Decrypt(raw, raw)
	for _, b := range raw[webKeyLen+2:] {
		if b != 0 {
			return "", 0, false
		}
	}
	return hex.EncodeToString(raw[:webKeyLen]), binary.BigEndian.Uint16(raw[webKeyLen:]), true
}
