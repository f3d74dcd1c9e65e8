package appcenter

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// showSiteInstall is where a provider's site sends an administrator to install its suite:
// it asks for the company, where there are several, then for the range.
func (h *Handler) showSiteInstall(w http.ResponseWriter, r *http.Request) error {
	s, err := h.siteRequest(r, r.URL.Query())
	if err != nil {
		return err
	}
	v, err := h.Console.Visitor(w, r)
	if v == nil {
		return err
	}
	choices, err := h.choices(r, v, s)
	if err != nil {
		return err
	}
	corp := r.URL.Query().Get("corp")
	if corp == "" && len(choices) == 1 && !choices[0].Installed {
		corp = choices[0].CorpID
	}
	if corp == "" {
		view := h.siteView(v, s)
		view.Companies = choices
		return h.Console.Render(w, r, v, "appcenter/site_install", view)
	}
	if err := h.enter(r, v, s, corp); err != nil {
		return err
	}
	return h.renderSiteRange(w, r, v, s, len(choices) > 1, selection{}, "")
}

// choices are the companies where the person may install.
func (h *Handler) choices(r *http.Request, v *console.Visit, s siteRequest) ([]CompanyChoice, error) {
	admins, err := h.Directory.AdminCorps(r.Context(), v.Person.Row)
	if err != nil {
		return nil, err
	}
	var list []CompanyChoice
	for _, a := range admins {
		if !a.Leads() {
			continue
		}
		_, err := h.Apps.Installation(r.Context(), s.suite.Row, a.Corp.Row)
		if err != nil && !errors.Is(err, apps.ErrNotFound) {
			return nil, err
		}
		list = append(list, CompanyChoice{Name: a.Corp.Name, CorpID: a.Corp.CorpID, Installed: err == nil,
			URL: v.Link(s.link("corp", a.Corp.CorpID))})
	}
	return list, nil
}

// enter reads the right to install in a company, and fills the visit with it.
func (h *Handler) enter(r *http.Request, v *console.Visit, s siteRequest, corpid string) error {
	corp, err := h.Directory.CorpByCorpID(r.Context(), corpid)
	if err == nil {
		v.Corp, v.Kind = corp, console.Admin
		v.Admin, err = h.Directory.AdminOf(r.Context(), corp.Row, v.Person.Row)
	}
	switch {
	case errors.Is(err, directory.ErrNotFound), err == nil && !v.Admin.Leads():
		return respond.Forbidden(nil)
	case err != nil:
		return err
	}
	_, err = h.Apps.Installation(r.Context(), s.suite.Row, corp.Row)
	switch {
	case err == nil:
		return installedAlready(s, corp)
	case errors.Is(err, apps.ErrNotFound):
		return nil
	}
	return err
}

func installedAlready(s siteRequest, corp directory.Corp) error {
	return &respond.Problem{Status: http.StatusConflict, Key: "appcenter.install_twice", Facts: []respond.Fact{
		{Label: "appcenter.fact.suite", Value: s.suite.Name}, {Label: "appcenter.fact.company", Value: corp.Name}}}
}

func (h *Handler) siteView(v *console.Visit, s siteRequest) SiteInstallView {
	return SiteInstallView{CSRF: v.Session.CSRF(), Person: v.Person.Name, Name: s.suite.Name, Logo: s.suite.LogoDigest,
		Brand: s.suite.Brand, Site: s.redirect.Host, Test: s.test, Sensitive: s.suite.Sensitive, PostURL: v.Link("/3rdapp/install")}
}

func (h *Handler) renderSiteRange(w http.ResponseWriter, r *http.Request, v *console.Visit, s siteRequest, several bool, chosen selection, problem string) error {
	p, err := h.picker(r, v.Corp.Row, chosen)
	if err != nil {
		return err
	}
	p.Error = problem
	view := h.siteView(v, s)
	view.Company, view.Picker = v.Corp.Name, &p
	view.Kept = append(view.Kept, console.Hidden{Name: "corp", Value: v.Corp.CorpID})
	for _, name := range siteParams {
		view.Kept = append(view.Kept, console.Hidden{Name: name, Value: s.values.Get(name)})
	}
	if several {
		view.OtherURL = v.Link(s.link())
	}
	respond.FormsTo(w, s.redirect.Origin) // where the form's answer redirects to
	return h.Console.RenderStatus(w, r, v, status(problem), "appcenter/site_install", view)
}

// siteInstall installs the suite and sends the browser back to the provider's site with the
// install code. Everything is checked once more; the pre_auth_code is spent last, so that
// nothing else costs it.
func (h *Handler) siteInstall(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return respond.BadRequest()
	}
	s, err := h.siteRequest(r, r.PostForm)
	if err != nil {
		return err
	}
	v, err := h.Console.Visitor(w, r)
	if v == nil {
		return err
	}
	if err := h.enter(r, v, s, r.PostForm.Get("corp")); err != nil {
		return err
	}
	chosen, err := h.selected(r, v.Corp.Row)
	if err != nil {
		return err
	}
	if chosen.searching || chosen.empty() {
		problem := ""
		if !chosen.searching {
			problem = rangeEmpty
		}
		list, err := h.choices(r, v, s)
		if err != nil {
			return err
		}
		return h.renderSiteRange(w, r, v, s, len(list) > 1, chosen, problem)
	}
	switch err := h.Tokens.Spend(r.Context(), s.preAuth); {
	case errors.Is(err, tokens.ErrSpent):
		return refused("appcenter.install_spent", respond.Fact{Label: "appcenter.fact.suite", Value: s.suite.Name})
	case err != nil:
		return err
	}
	_, code, err := h.installIn(r, v, s.suite, chosen, apps.NewInstallation{State: s.state, FromSite: true, Test: s.test})
	if errors.Is(err, apps.ErrInstalled) {
		return installedAlready(s, v.Corp)
	}
	if err != nil {
		return known(err)
	}
	seconds := strconv.Itoa(int(tokens.InstallCode.Life().Seconds()))
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", s.redirect.With(apps.Param{Name: "auth_code", Value: code},
		apps.Param{Name: "expires_in", Value: seconds}, apps.Param{Name: "state", Value: s.state}))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
