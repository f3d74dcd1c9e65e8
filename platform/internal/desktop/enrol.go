package desktop

import (
	"crypto/ed25519"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// enrol begins the sign-in of a desktop client: the answer's QR code is for a phone.
func (h *Handler) enrol(w http.ResponseWriter, r *http.Request) error {
	raw, err := body(w, r)
	if err != nil {
		return err
	}
	var in protocol.DesktopEnrol
	if err := read(raw, &in); err != nil {
		return err
	}
	key, err := protocol.DesktopEncoding.DecodeString(in.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize || strings.ContainsAny(in.PublicKey, "\r\n") || !goodName(in.Name) {
		return refused(protocol.DesktopMalformed)
	}
	here := respond.ClientAddr(r)
	if h.enrolments.Add(respond.Network(here).String()) {
		return tooMany()
	}
	keys, err := h.Attempts.Begin(r.Context(), attempt.Request{Device: in.PublicKey, Browser: in.Name, Address: here})
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.DesktopEnrolled{Platform: h.PublicURL, URL: h.PublicURL + "/q/" + keys.QRKey,
		WebKey: keys.WebKey, Signature: keys.Signature, ExpiresIn: protocol.Int(attempt.QRLife.Seconds())})
}

// goodName tells whether a person can read a machine's name: one line of printed characters,
// none of which turns the direction of writing.
func goodName(name string) bool {
	return name != "" && len(name) <= protocol.DesktopNameMaxBytes && utf8.ValidString(name) && strings.TrimSpace(name) == name &&
		!strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) })
}
