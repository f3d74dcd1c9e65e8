package login

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// statuses are the words of the page for the states of an attempt.
var statuses = map[attempt.State]protocol.QRStatus{
	attempt.Created:   protocol.QRNever,
	attempt.Scanned:   protocol.QRScanning,
	attempt.Confirmed: protocol.QRSuccess,
	attempt.Refused:   protocol.QRFail,
	attempt.Cancelled: protocol.QRCancel,
	attempt.TimedOut:  protocol.QRTimeout,
	attempt.Expired:   protocol.QRErr,
}

func stateOf(status protocol.QRStatus) attempt.State {
	for state, word := range statuses {
		if word == status {
			return state
		}
	}
	return attempt.Created
}

// maxCall is the largest body of the page's own calls in bytes; theirs have about a hundred.
const maxCall = 16 << 10

// Reasons of a QRErr.
const (
	reasonExpired  = "expired"
	reasonUnsigned = "unsigned" // the page's signature is missing or another page's
)

// wait answers the state of an attempt once it is not the one the page knows. The code is
// in the answer only when the request bears this page's signature.
func (h *Handler) wait(w http.ResponseWriter, r *http.Request) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		return err
	}
	in, err := protocol.ParseWaitRequest(raw)
	if err != nil {
		return protocol.Failure{ErrCode: protocol.CodeInvalidParameter, ErrMsg: "request body is not a wait request"}
	}
	if !h.Attempts.Signed(in.WebKey, r.Header.Get("Authorization")) {
		return answerWait(w, protocol.WaitState{Status: protocol.QRErr, Reason: reasonUnsigned})
	}
	a, err := h.Attempts.Wait(r.Context(), in.WebKey, stateOf(in.LastStatus), hold)
	if errors.Is(err, attempt.ErrGone) {
		return answerWait(w, protocol.WaitState{Status: protocol.QRErr, Reason: reasonExpired})
	}
	if err != nil {
		return err
	}
	state, err := h.stateFor(r, in.WebKey, a)
	if err != nil {
		return err
	}
	return answerWait(w, state)
}

func answerWait(w http.ResponseWriter, s protocol.WaitState) error {
	return respond.WriteJSON(w, protocol.WaitAnswer{Data: s})
}

func (h *Handler) stateFor(r *http.Request, webKey string, a *attempt.Attempt) (protocol.WaitState, error) {
	now := h.Now()
	state := a.State(now)
	out := protocol.WaitState{Status: statuses[state], Desktop: a.ByClient}
	if !a.Site() {
		// No page of ours asks: its signature is another. No code is made for a console or a
		// device.
		return protocol.WaitState{Status: protocol.QRErr, Reason: reasonUnsigned}, nil
	}
	switch state {
	case attempt.Scanned:
		if !a.ByClient {
			// A page calls a desktop client by itself: whose it is must not come of that.
			out.Name = a.Name
		}
		if a.Number != 0 {
			out.Number = strconv.FormatInt(a.Number, 10)
		}
	case attempt.Confirmed, attempt.Refused:
		app, err := h.Apps.App(r.Context(), a.App)
		if err != nil {
			return out, err
		}
		redirect, rule := app.CheckRedirect(a.RedirectURI, h.Development)
		if rule != "" {
			// The domain was taken back while the person decided: no code goes there.
			return protocol.WaitState{Status: protocol.QRErr, Reason: string(rule)}, nil
		}
		if state == attempt.Refused {
			out.RedirectURL = result(redirect, app, a, "", 0)
			break
		}
		left := tokens.CodeLife - now.Sub(time.UnixMilli(a.ActedAt))
		out.AuthCode = h.Tokens.MintCode(a.Kind, webKey, a.Code())
		out.CodeExpiresIn = protocol.Int(left.Seconds())
		out.RedirectURL = result(redirect, app, a, out.AuthCode, left)
	case attempt.Expired:
		out.Reason = reasonExpired
	}
	return out, nil
}

// renew answers the next QR code of an open page.
func (h *Handler) renew(w http.ResponseWriter, r *http.Request) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		return err
	}
	var in protocol.RenewRequest
	if err := protocol.Decode(raw, &in); err != nil {
		return protocol.Failure{ErrCode: protocol.CodeInvalidParameter, ErrMsg: "request body is not a renew request"}
	}
	over := protocol.RenewAnswer{Data: protocol.RenewState{Status: protocol.QRErr}}
	if !h.Attempts.Signed(in.WebKey, r.Header.Get("Authorization")) {
		return respond.WriteJSON(w, over)
	}
	key, err := h.Attempts.Renew(r.Context(), in.WebKey)
	if errors.Is(err, attempt.ErrGone) || errors.Is(err, attempt.ErrOver) {
		return respond.WriteJSON(w, over)
	}
	if err != nil {
		return err
	}
	a, err := h.Attempts.Get(r.Context(), in.WebKey)
	if err != nil {
		return err
	}
	qr := h.qrOf(a.Page, key)
	return respond.WriteJSON(w, protocol.RenewAnswer{Data: protocol.RenewState{
		QR: &qr, ExpiresIn: protocol.Int(attempt.QRLife.Seconds())}})
}
