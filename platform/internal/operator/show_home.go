package operator

import (
	"net/http"

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
	return h.Console.Render(w, r, v, "operator/home", view)
}
