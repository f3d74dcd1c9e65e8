package operator

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// ProvidersView is the page operator/providers.
type ProvidersView struct {
	console.Frame
	Search    console.Search `json:"search"`
	Providers []Provider     `json:"providers"`
	Pager     console.Pager  `json:"pager"`
	Empty     console.Empty  `json:"-"`
}

// Provider is one provider in the list.
type Provider struct {
	Brand    string `json:"brand"`
	Company  string `json:"company"`
	CorpID   string `json:"corpid"`
	Suites   int    `json:"suites"`
	OldLogin bool   `json:"old_login"`
	URL      string `json:"url"`        // of the company
	Switch   string `json:"switch_url"` // posts csrf, and on: "1" or "0"
}

func (h *Handler) showProviders(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx, q, after := r.Context(), searched(r), number(r, "after")
	found, err := h.Apps.Providers(ctx, q, after, pageLength+1)
	if err != nil {
		return err
	}
	more := len(found) > pageLength
	if more {
		found = found[:pageLength]
	}
	view := ProvidersView{Frame: v.Frame("providers"), Search: search(r, v, "/providers", "operator.providers.search", q),
		Providers: []Provider{}, Empty: noProviders(v.URL("/corps"))}
	if q != "" {
		view.Empty = nothingFound
	}
	for _, p := range found {
		corp, err := h.Directory.Corp(ctx, p.CorpRow)
		if err != nil {
			return err
		}
		suites, err := h.Apps.SuitesOf(ctx, p.CorpRow)
		if err != nil {
			return err
		}
		view.Providers = append(view.Providers, Provider{Brand: p.Brand, Company: corp.Name, CorpID: p.CorpID, Suites: len(suites),
			OldLogin: p.OldLogin, URL: v.URL(corpPath(p.CorpID)), Switch: v.URL("/providers/" + url.PathEscape(p.CorpID) + "/old-login")})
	}
	at := ""
	if more {
		at = strconv.FormatInt(found[len(found)-1].CorpRow, 10)
	}
	view.Pager = pager(v, "/providers", q, after == 0, more, "after", at, len(found))
	return h.Console.Render(w, r, v, "operator/providers", view)
}

func noProviders(corpsURL string) console.Empty {
	return console.Empty{Title: "operator.providers.empty", Text: "operator.providers.empty_help", ActionURL: corpsURL, Action: "operator.corps.title"}
}

// switchOldLogin turns 3rd_qrConnect and get_login_info of a provider on or off.
func (h *Handler) switchOldLogin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	p, err := h.Apps.ProviderByCorpID(ctx, r.PathValue("corp"))
	if errors.Is(err, apps.ErrNotFound) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	on := r.PostFormValue("on") == "1"
	if p.OldLogin != on {
		if err := h.Apps.SetOldLogin(ctx, p.CorpRow, on); err != nil {
			return err
		}
		action := audit.OldLoginOff
		if on {
			action = audit.OldLoginOn
		}
		if err := h.Audit.Record(ctx, v.Entry(action, p.Brand+" "+p.CorpID, "")); err != nil {
			return err
		}
	}
	h.Console.Flash(w, r, "console.saved")
	return v.See(w, "/providers")
}
