package login

import (
	"errors"
	"io"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// handOver answers the key with which a desktop client takes this page's sign-in over. The
// key opens what the QR code opens, for a desktop client that is signed in; it collects
// nothing.
func (h *Handler) handOver(w http.ResponseWriter, r *http.Request) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		return err
	}
	var in protocol.ClientKeyRequest
	if err := protocol.Decode(raw, &in); err != nil {
		return protocol.Failure{ErrCode: protocol.CodeInvalidParameter, ErrMsg: "request body is not a client key request"}
	}
	if !h.Attempts.Signed(in.WebKey, r.Header.Get("Authorization")) {
		return answerHandOver(w, protocol.ClientKeyState{Status: protocol.QRErr})
	}
	key, life, err := h.Attempts.ClientKey(r.Context(), in.WebKey)
	switch {
	case errors.Is(err, attempt.ErrGone):
		return answerHandOver(w, protocol.ClientKeyState{Status: protocol.QRErr})
	case errors.Is(err, attempt.ErrOver):
		return h.answerOver(w, r, in.WebKey)
	case err != nil:
		return err
	}
	return answerHandOver(w, protocol.ClientKeyState{ClientKey: key, ExpiresIn: protocol.Int(life.Seconds())})
}

// answerOver says in which state a sign-in is that somebody has scanned already.
func (h *Handler) answerOver(w http.ResponseWriter, r *http.Request, webKey string) error {
	a, err := h.Attempts.Get(r.Context(), webKey)
	if errors.Is(err, attempt.ErrGone) {
		return answerHandOver(w, protocol.ClientKeyState{Status: protocol.QRErr})
	}
	if err != nil {
		return err
	}
	status := statuses[a.State(h.Now())]
	if status == protocol.QRNever {
		// Not scanned, and yet no key is to be had: too many were made.
		status = protocol.QRErr
	}
	return answerHandOver(w, protocol.ClientKeyState{Status: status})
}

func answerHandOver(w http.ResponseWriter, s protocol.ClientKeyState) error {
	return respond.WriteJSON(w, protocol.ClientKeyAnswer{Data: s})
}
