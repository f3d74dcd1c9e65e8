package phone

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
)

// A QR code of our own, not of a site: of the consoles, or of a desktop client that asks to
// be signed in. Both are worth more than one sign-in, and are answered alike.

// unproved tells whether a phone is signed in by the password of a person who has a passkey.
// It is not enough for what is ours, as it is not where one enters the consoles on the
// phone's pages.
func (h *Handler) unproved(r *http.Request, o owner) (bool, error) {
	if !o.Proved.IsZero() {
		return false, nil
	}
	return h.Credentials.HasPasskey(r.Context(), o.Person)
}

// proveFirst asks for the passkey, and comes back to the QR code.
func proveFirst(w http.ResponseWriter, r *http.Request) error {
	return seeOther(w, r, "/phone/prove?next="+cleanNext("/q/"+r.PathValue("key")))
}

// confirmOurs lets the browser in, or the desktop client. The company's choice about the
// number does not count here: who enters may be in several.
func (h *Handler) confirmOurs(w http.ResponseWriter, r *http.Request, o owner, key string, p attempt.Phone, a *attempt.Attempt) error {
	ctx := r.Context()
	switch weak, err := h.unproved(r, o); {
	case err != nil:
		return err
	case weak:
		return proveFirst(w, r)
	}
	number := r.PostFormValue("number")
	if a.Number != 0 && !twoDigits(number) {
		return h.renderConfirm(w, r, o, a, NumberEmpty)
	}
	a, err := h.Attempts.Confirm(ctx, key, p, attempt.Decision{Number: number})
	switch {
	case errors.Is(err, attempt.ErrOver):
		return back(w, r, "")
	case errors.Is(err, attempt.ErrWrongNumber):
		if err := h.tellOurs(ctx, o, a, audit.WrongNumber); err != nil {
			return err
		}
		return h.gone(w, r, o, a, attempt.ErrWrongNumber)
	case err != nil:
		return h.gone(w, r, o, a, err)
	}
	if a.Console {
		if err := h.Ask.Remember(ctx, o.Person, a.Browser, a.Address); err != nil {
			return err
		}
	}
	return back(w, r, "")
}

// tellOurs records what became of such a QR code with the companies that it concerns: those
// that the person administers for the consoles, those that the person is in for a client.
func (h *Handler) tellOurs(ctx context.Context, o owner, a *attempt.Attempt, action audit.Action) error {
	e := audit.Entry{Person: o.Person, Action: action, Address: a.Address}
	if a.Console {
		return h.tellAdministered(ctx, o, e)
	}
	members, err := h.Directory.Memberships(ctx, o.Person)
	if err != nil {
		return err
	}
	for _, m := range members {
		e.Corp, e.Target = m.Corp.Row, m.UserID
		if err := h.Audit.Record(ctx, e); err != nil {
			return err
		}
	}
	if len(members) == 0 {
		return h.Audit.Record(ctx, e)
	}
	return nil
}
