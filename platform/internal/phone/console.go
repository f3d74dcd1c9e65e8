package phone

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
)

// A QR code of the consoles' sign-in: no app asks, nothing is shared, and the whole person
// enters, with all they may administer. So its pages are its own, and no consent is written.

// ConsoleAskView is the page phone/console_ask. Its form posts nothing but csrf.
type ConsoleAskView struct {
	CSRF        string `json:"csrf"`
	Me          Me     `json:"me"`
	Domain      string `json:"domain"` // host of the consoles
	Place       Place  `json:"place"`
	ContinueURL string `json:"continue_url"`
	ReportURL   string `json:"report_url"`
}

// ConsoleConfirmView is the page phone/console_confirm. Its form posts decision and, when
// NumberAsked, number.
type ConsoleConfirmView struct {
	CSRF          string `json:"csrf"`
	Me            Me     `json:"me"`
	Domain        string `json:"domain"`
	Place         Place  `json:"place"`
	Name          string `json:"name"`
	NumberAsked   bool   `json:"number_asked"`
	NumberProblem string `json:"number_problem,omitempty"`
	DecideURL     string `json:"decide_url"`
	ReportURL     string `json:"report_url"`
}

// ConsoleDoneView is the page phone/console_done.
type ConsoleDoneView struct {
	Me      Me     `json:"me"`
	Outcome string `json:"outcome"` // DoneConfirmed, DoneRefused or DoneReported
}

// consoleHost is the host of the consoles, as a person compares it.
func (h *Handler) consoleHost() string {
	u, err := url.Parse(h.ConsoleURL)
	if err != nil {
		return ""
	}
	return u.Host
}

func (h *Handler) renderConsoleAsk(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt) error {
	place, err := h.place(r, o, a)
	if err != nil {
		return err
	}
	return h.Respond.Render(w, r, "phone/console_ask", ConsoleAskView{CSRF: o.CSRF(), Me: o.me(r), Domain: h.consoleHost(),
		Place: place, ContinueURL: h.link(r, "/scan"), ReportURL: h.link(r, "/report")})
}

func (h *Handler) renderConsoleConfirm(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt, numberProblem string) error {
	place, err := h.place(r, o, a)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if numberProblem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/console_confirm", ConsoleConfirmView{CSRF: o.CSRF(), Me: o.me(r),
		Domain: h.consoleHost(), Place: place, Name: o.Name, NumberAsked: a.Number != 0, NumberProblem: numberProblem,
		DecideURL: h.link(r, "/decide"), ReportURL: h.link(r, "/report")})
}

// unproved tells whether a phone is signed in by the password of a person who has a passkey.
// It is not enough for the consoles, as it is not where one enters them on the phone's pages.
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

// confirmConsole lets the browser in. The company's choice about the number does not count
// here: who enters may hold several companies.
func (h *Handler) confirmConsole(w http.ResponseWriter, r *http.Request, o owner, key string, p attempt.Phone, a *attempt.Attempt) error {
	ctx := r.Context()
	switch weak, err := h.unproved(r, o); {
	case err != nil:
		return err
	case weak:
		return proveFirst(w, r)
	}
	number := r.PostFormValue("number")
	if a.Number != 0 && !twoDigits(number) {
		return h.renderConsoleConfirm(w, r, o, a, NumberEmpty)
	}
	a, err := h.Attempts.Confirm(ctx, key, p, attempt.Decision{Number: number})
	switch {
	case errors.Is(err, attempt.ErrOver):
		return back(w, r, "")
	case errors.Is(err, attempt.ErrWrongNumber):
		if err := h.tellAdministered(ctx, o, audit.Entry{Person: o.Person, Action: audit.WrongNumber, Address: a.Address}); err != nil {
			return err
		}
		return h.gone(w, r, o, a, attempt.ErrWrongNumber)
	case err != nil:
		return h.gone(w, r, o, a, err)
	}
	if err := h.Ask.Remember(ctx, o.Person, a.Browser, a.Address); err != nil {
		return err
	}
	return back(w, r, "")
}

// tellAdministered records an entry with every company that the person administers.
func (h *Handler) tellAdministered(ctx context.Context, o owner, e audit.Entry) error {
	admins, err := h.Directory.AdminCorps(ctx, o.Person)
	if err != nil {
		return err
	}
	for _, a := range admins {
		e.Corp, e.Target = a.Corp.Row, a.UserID
		if err := h.Audit.Record(ctx, e); err != nil {
			return err
		}
	}
	if len(admins) == 0 {
		return h.Audit.Record(ctx, e)
	}
	return nil
}
