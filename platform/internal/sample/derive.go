package sample

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

// secret derives a secret of 256 bits from the platform's key.
func (m *Maker) secret(name string) string {
	sum := m.digest(name)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (m *Maker) digest(name string) [sha256.Size]byte {
	key := m.Keys.Derive("sample")
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte(name))
	return [sha256.Size]byte(h.Sum(nil))
}

// alphanumeric derives n letters and digits: an EncodingAESKey has no others (90968).
func (m *Maker) alphanumeric(name string, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, 0, n)
	for i := 0; len(b) < n; i++ {
		for _, c := range m.digest(fmt.Sprintf("%s %d", name, i)) {
			// 248 is the largest multiple of 62 in a byte: no letter comes more often.
			if c < 248 && len(b) < n {
				b = append(b, alphabet[int(c)%len(alphabet)])
			}
		}
	}
	return string(b)
}

func (m *Maker) id(name string) string {
	sum := m.digest("id " + name)
	return "ww" + hex.EncodeToString(sum[:8])
}

// LoginSuiteID is the id that the login suite is made with.
func (m *Maker) LoginSuiteID() string { return m.id("login suite") }

// SuiteID is the id that the installed suite is made with.
func (m *Maker) SuiteID() string { return m.id("suite") }

// Callback is the Token and EncodingAESKey of the sample suites' callbacks.
func (m *Maker) Callback() apps.Callback {
	token := m.digest("callback token")
	return apps.Callback{Token: hex.EncodeToString(token[:12]), EncodingAESKey: m.alphanumeric("callback key", 43)}
}
