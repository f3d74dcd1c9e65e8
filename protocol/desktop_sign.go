package protocol

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"
)

// DesktopClockSkew is how far HeaderTime may be from the platform's clock.
const DesktopClockSkew = 2 * time.Minute

// DesktopCall is what a device key signs with every call, so that a call cannot be made up,
// changed, sent to another platform, or sent twice.
type DesktopCall struct {
	Platform string // DesktopEnrolled.Platform
	Method   string // POST
	Path     string // one of the constants, nothing before or behind it
	Time     int64  // HeaderTime
	Nonce    string // HeaderNonce
	Body     []byte // as it is sent
}

// Bytes are the bytes to be signed. The first line is "hufu desktop call v1"; each line after
// it is a field's name, its length in bytes and its value, with one space between:
//
//	hufu desktop call v1
//	platform 22 https://id.example.com
//	method 4 POST
//	path 14 /desktop/claim
//	time 13 1790000000000
//	nonce 22 AAECAwQFBgcICQoLDA0ODw
//	body 64 (SHA-256 of the body, lower-case hexadecimal)
//
// Every line ends in one line feed. As each length is given, no two calls have the same bytes.
func (c DesktopCall) Bytes() []byte {
	sum := sha256.Sum256(c.Body)
	return canonical("hufu desktop call v1",
		"platform", c.Platform,
		"method", c.Method,
		"path", c.Path,
		"time", strconv.FormatInt(c.Time, 10),
		"nonce", c.Nonce,
		"body", hex.EncodeToString(sum[:]))
}

// DesktopStatement is what a device key signs with a person's decision, in DesktopDecide: who
// decided what, where, about which sign-in.
type DesktopStatement struct {
	Platform       string // DesktopEnrolled.Platform
	Attempt        string // DesktopClaimed.Attempt
	ClientKey      string
	App            string // DesktopClaimed.App
	RedirectOrigin string // DesktopClaimed.RedirectOrigin
	As             string // DesktopDecide.As
	Decision       string // DesktopDecide.Decision
	Time           int64  // HeaderTime of the call that carries it
}

// Bytes are the bytes to be signed, in the form of DesktopCall.Bytes:
//
//	hufu desktop statement v1
//	platform 22 https://id.example.com
//	attempt 32 …
//	key 64 (SHA-256 of the client key, lower-case hexadecimal)
//	app …
//	origin …
//	as …
//	decision 7 confirm
//	time 13 1790000000000
func (s DesktopStatement) Bytes() []byte {
	sum := sha256.Sum256([]byte(s.ClientKey))
	return canonical("hufu desktop statement v1",
		"platform", s.Platform,
		"attempt", s.Attempt,
		"key", hex.EncodeToString(sum[:]),
		"app", s.App,
		"origin", s.RedirectOrigin,
		"as", s.As,
		"decision", s.Decision,
		"time", strconv.FormatInt(s.Time, 10))
}

// canonical joins names and values, in pairs, behind a first line.
func canonical(first string, pairs ...string) []byte {
	b := append([]byte(first), '\n')
	for i := 0; i < len(pairs); i += 2 {
		b = append(append(b, pairs[i]...), ' ')
		b = strconv.AppendInt(b, int64(len(pairs[i+1])), 10)
		b = append(append(append(b, ' '), pairs[i+1]...), '\n')
	}
	return b
}

// DesktopNonceBytes is the length of a nonce before it is encoded.
const DesktopNonceBytes = 16

// DesktopEncoding is how keys, nonces and signatures are written.
var DesktopEncoding = base64.RawURLEncoding.Strict()
