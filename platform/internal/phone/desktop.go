package phone

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
)

// A QR code of a desktop client (package desktop): once signed in, it confirms sign-ins to
// sites in the person's name until it is removed.

// DesktopAskView is the page phone/desktop_ask. Its form posts nothing but csrf.
type DesktopAskView struct {
	CSRF        string `json:"csrf"`
	Me          Me     `json:"me"`
	Machine     string `json:"machine"` // as the client names it
	Domain      string `json:"domain"`  // host of the platform
	Place       Place  `json:"place"`   // without a browser
	ContinueURL string `json:"continue_url"`
	ReportURL   string `json:"report_url"`
}

// DesktopConfirmView is the page phone/desktop_confirm. Its form posts decision and number.
type DesktopConfirmView struct {
	CSRF          string   `json:"csrf"`
	Me            Me       `json:"me"`
	Machine       string   `json:"machine"`
	Domain        string   `json:"domain"`
	Place         Place    `json:"place"`
	Name          string   `json:"name"`      // of the person
	Companies     []string `json:"companies"` // that the person is in
	NumberAsked   bool     `json:"number_asked"`
	NumberProblem string   `json:"number_problem,omitempty"`
	DecideURL     string   `json:"decide_url"`
	ReportURL     string   `json:"report_url"`
}

// DesktopDoneView is the page phone/desktop_done.
type DesktopDoneView struct {
	Me         Me     `json:"me"`
	Machine    string `json:"machine"`
	Outcome    string `json:"outcome"` // DoneConfirmed, DoneRefused or DoneReported
	AccountURL string `json:"account_url"`
}

// devicePlace is where a desktop client is. It has no browser that one could know again.
func (h *Handler) devicePlace(r *http.Request, o owner, a *attempt.Attempt) (Place, error) {
	place, err := h.place(r, o, a)
	place.Browser, place.NewBrowser = "", false
	return place, err
}

func (h *Handler) renderDesktopAsk(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt) error {
	place, err := h.devicePlace(r, o, a)
	if err != nil {
		return err
	}
	return h.Respond.Render(w, r, "phone/desktop_ask", DesktopAskView{CSRF: o.CSRF(), Me: o.me(r), Machine: a.Browser,
		Domain: host(h.PublicURL), Place: place, ContinueURL: h.link(r, "/scan"), ReportURL: h.link(r, "/report")})
}

func (h *Handler) renderDesktopConfirm(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt, numberProblem string) error {
	place, err := h.devicePlace(r, o, a)
	if err != nil {
		return err
	}
	members, err := h.Directory.Memberships(r.Context(), o.Person)
	if err != nil {
		return err
	}
	v := DesktopConfirmView{CSRF: o.CSRF(), Me: o.me(r), Machine: a.Browser, Domain: host(h.PublicURL), Place: place, Name: o.Name,
		Companies: []string{}, NumberAsked: a.Number != 0, NumberProblem: numberProblem,
		DecideURL: h.link(r, "/decide"), ReportURL: h.link(r, "/report")}
	for _, m := range members {
		v.Companies = append(v.Companies, m.Corp.Name)
	}
	status := http.StatusOK
	if numberProblem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/desktop_confirm", v)
}
