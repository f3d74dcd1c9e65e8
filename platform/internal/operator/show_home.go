package operator

import (
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/console"
)

// HomeView is the page operator/home.
type HomeView struct {
	console.Frame
	Corps        int     `json:"corps"`
	Providers    int     `json:"providers"`
	Suites       int     `json:"suites"`
	Waiting      []Suite `json:"waiting"` // submitted, for the operator to put online
	CorpsURL     string  `json:"-"`
	ProvidersURL string  `json:"-"`
	SuitesURL    string  `json:"-"`
	NewURL       string  `json:"-"`

	Operators []Operator `json:"operators"`
	InviteURL string     `json:"-"`
}

// Operator is who runs the platform.
type Operator struct {
	Name      string `json:"name"`
	Account   string `json:"account"`
	You       bool   `json:"you"`
	RemoveURL string `json:"remove_url,omitempty"` // empty: oneself
}

func (h *Handler) showHome(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	counts, err := h.Apps.Counts(ctx)
	if err != nil {
		return err
	}
	corps, err := h.Directory.CorpCount(ctx)
	if err != nil {
		return err
	}
	submitted, err := h.Apps.Submitted(ctx)
	if err != nil {
		return err
	}
	view := HomeView{Frame: v.Frame("home"), Corps: corps, Providers: counts.Providers, Suites: counts.Suites,
		CorpsURL: v.URL("/corps"), ProvidersURL: v.URL("/providers"), SuitesURL: v.URL("/suites"), NewURL: v.URL("/corps/new"), Waiting: []Suite{}}
	for _, a := range submitted {
		view.Waiting = append(view.Waiting, suite(v, a))
	}
	operators, err := h.Directory.Operators(ctx)
	if err != nil {
		return err
	}
	view.InviteURL = v.URL("/operators")
	for _, p := range operators {
		o := Operator{Name: p.Name, Account: p.Account, You: p.Row == v.Person.Row}
		if !o.You {
			o.RemoveURL = v.URL("/operators/" + strconv.FormatInt(p.Row, 10) + "/remove")
		}
		view.Operators = append(view.Operators, o)
	}
	return h.Console.Render(w, r, v, "operator/home", view)
}
