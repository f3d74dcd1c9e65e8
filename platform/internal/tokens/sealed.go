package tokens

import (
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"golang.org/x/crypto/chacha20poly1305"
)

// Kind is what a sealed text is good for. Texts of one kind never open as another.
type Kind string

const (
	LoginCode   Kind = "login code"    // web login with a login suite
	CorpCode    Kind = "corp code"     // web login with a corp's own app
	AdminCode   Kind = "admin code"    // an admin's jump to a suite's business settings (业务设置)
	InstallCode Kind = "install code"  // of an install; for the permanent code alone
	PreAuthCode Kind = "pre-auth code" // with which a provider's site begins an install
	// InClientCode is of a member who opened an installed suite inside the client (网页授权,
	// 91120): for that suite alone. CorpInClientCode is the same of a corp's own app (91022).
	InClientCode     Kind = "in-client code"
	CorpInClientCode Kind = "corp in-client code"
	// OldLoginCode is of the old QR login (3rd_qrConnect, 91124), for get_login_info alone. Its
	// app is the provider's login suite.
	OldLoginCode   Kind = "old login code"
	UserTicket     Kind = "user ticket"     // opens what a member agreed to show (91121); not spent
	SuiteTicket    Kind = "suite ticket"    // pushed to a suite's callback
	ProviderToken  Kind = "provider token"  // of a provider; its app row is the corp row
	SuiteToken     Kind = "suite token"     // of a suite
	CorpAppToken   Kind = "corp app token"  // of a corp's own app
	InstalledToken Kind = "installed token" // of a suite in one corp; its app row is the installation
)

var kinds = []Kind{LoginCode, CorpCode, AdminCode, InstallCode, PreAuthCode, InClientCode, CorpInClientCode, OldLoginCode,
	UserTicket, SuiteTicket, ProviderToken, SuiteToken, CorpAppToken, InstalledToken}

// Life is how long a code of this kind can be used (98179, 90603, 90601). Access tokens and
// tickets have lives of their own: TokenLife, TicketLife.
func (k Kind) Life() time.Duration {
	switch k {
	case InstallCode:
		return 10 * time.Minute
	case PreAuthCode:
		return 20 * time.Minute
	}
	return CodeLife
}

// MaxText is the longest sealed text in bytes (98179 and others).
const MaxText = 512

var errSealed = errors.New("tokens: not a text of this kind")

const headerLen = 8

func associated(kind Kind, app []byte) []byte { return append([]byte(kind+"\x00"), app...) }

// seal makes a text. The nonce decides the text: the same nonce and payload give the same.
func seal(box cipher.AEAD, kind Kind, app int64, nonce [chacha20poly1305.NonceSizeX]byte, payload []byte) string {
	raw := make([]byte, headerLen, headerLen+len(nonce)+len(payload)+chacha20poly1305.Overhead)
	binary.BigEndian.PutUint64(raw, uint64(app))
	ad := associated(kind, raw[:headerLen])
	raw = append(raw, nonce[:]...)
	raw = box.Seal(raw, nonce[:], payload, ad)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func open(box cipher.AEAD, kind Kind, text string) (app int64, payload []byte, err error) {
	if len(text) > MaxText {
		return 0, nil, errSealed
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < headerLen+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return 0, nil, errSealed
	}
	// The decoder skips line breaks even when strict.
	if base64.RawURLEncoding.EncodedLen(len(raw)) != len(text) {
		return 0, nil, errSealed
	}
	header, nonce, boxed := raw[:headerLen], raw[headerLen:headerLen+chacha20poly1305.NonceSizeX], raw[headerLen+chacha20poly1305.NonceSizeX:]
	payload, err = box.Open(nil, nonce, boxed, associated(kind, header))
	if err != nil {
		return 0, nil, errSealed
	}
	return int64(binary.BigEndian.Uint64(header)), payload, nil
}
