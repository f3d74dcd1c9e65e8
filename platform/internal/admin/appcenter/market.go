package appcenter

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

const marketPage = 20

// showMarket lists the suites that are online.
func (h *Handler) showMarket(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	if !v.Admin.SeesAll() {
		return respond.Forbidden(nil)
	}
	q := r.URL.Query()
	search := strings.TrimSpace(q.Get("q"))
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 {
		from = 0
	}
	found, err := h.Apps.Market(r.Context(), search, from, marketPage)
	if err != nil {
		return err
	}
	view := MarketView{Frame: v.Frame(nav), Tabs: tabs(v, "market"),
		Search: console.Search{URL: v.URL("/market"), Label: "appcenter.market.search", Value: search, Keep: kept(r)},
		Empty:  console.Empty{Title: "appcenter.market.empty", Text: "appcenter.market.empty_text"},
		Pager:  console.Pager{Shown: len(found.Suites)}}
	if search != "" {
		view.Search.ClearURL = v.URL("/market")
		view.Empty = console.Empty{Title: "appcenter.market.none", Text: "appcenter.market.none_text",
			ActionURL: v.URL("/market"), Action: "appcenter.market.all"}
	}
	page := func(from int) string {
		return v.URL("/market?" + url.Values{"q": {search}, "from": {strconv.Itoa(from)}}.Encode())
	}
	if from > 0 {
		view.Pager.FirstURL = page(0)
	}
	if found.More {
		view.Pager.NextURL = page(from + marketPage)
	}
	for _, a := range found.Suites {
		_, err := h.Apps.Installation(r.Context(), a.Row, v.Corp.Row)
		if err != nil && !errors.Is(err, apps.ErrNotFound) {
			return err
		}
		view.Rows = append(view.Rows, MarketRow{URL: v.URL("/market/" + url.PathEscape(a.SuiteID)), Name: a.Name,
			Logo: a.LogoDigest, Brand: a.Brand, About: a.About, Installed: err == nil})
	}
	return h.Console.Render(w, r, v, "appcenter/market", view)
}

// kept are the parameters that a search leaves as they are.
func kept(r *http.Request) []console.Hidden {
	if lang := r.URL.Query().Get("lang"); lang != "" {
		return []console.Hidden{{Name: "lang", Value: lang}}
	}
	return nil
}

// suite is the suite in the path, which must be in the market.
func (h *Handler) suite(r *http.Request, v *console.Visit) (*apps.App, error) {
	a, err := h.Apps.Suite(r.Context(), r.PathValue("suite"))
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return nil, respond.NotFound()
	case err != nil:
		return nil, err
	case a.Kind != apps.Suite || !a.Online || !v.Admin.SeesAll():
		return nil, respond.NotFound()
	}
	return a, nil
}

// showSuite shows one suite of the market.
func (h *Handler) showSuite(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.suite(r, v)
	if err != nil {
		return err
	}
	view := SuiteView{Frame: v.Frame(nav), Crumb: console.Crumb{URL: v.URL("/market"), Label: "appcenter.tab.market"},
		Name: a.Name, Logo: a.LogoDigest, Brand: a.Brand, About: a.About, SuiteID: a.SuiteID, Sensitive: a.Sensitive}
	i, err := h.Apps.Installation(r.Context(), a.Row, v.Corp.Row)
	switch {
	case err == nil:
		view.InstalledURL = v.URL(appPath(i))
	case !errors.Is(err, apps.ErrNotFound):
		return err
	case v.Admin.Leads():
		view.InstallURL = v.URL("/market/" + url.PathEscape(a.SuiteID) + "/install")
	}
	return h.Console.Render(w, r, v, "appcenter/suite", view)
}
