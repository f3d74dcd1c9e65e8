package phone

import (
	"context"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
)

// A QR code of the consoles' sign-in: no app asks, nothing is shared, and the whole person
// enters, with all they may administer. So its pages are its own, and no consent is written.
// How they are answered is in ours.go.

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
func (h *Handler) consoleHost() string { return host(h.ConsoleURL) }

// host is the host in an origin of ours.
func host(origin string) string {
	_, host, _ := strings.Cut(origin, "://")
	return host
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
