package assistant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

const (
	maxBrand   = 30 // characters
	maxDomains = 20
)

// What has just been done; the rest of assistant.said.
const (
	saidBrand   = "brand"
	saidOn      = "on"
	saidOff     = "off"
	saidDomains = "domains"
)

// showAssistant shows what is set, with its forms.
func (h *Handler) showAssistant(w http.ResponseWriter, r *http.Request, v visit) error {
	view := h.view(r, v)
	if said := r.URL.Query().Get("said"); slices.Contains([]string{saidBrand, saidOn, saidOff, saidDomains}, said) {
		view.Said = said
	}
	return h.Respond.Render(w, r, "assistant/assistant", view)
}

func (h *Handler) view(r *http.Request, v visit) AssistantView {
	link := func(path string) string { return respond.Link(r, v.path()+path) }
	view := AssistantView{CSRF: v.CSRF(), Name: v.Name, HomeURL: respond.Link(r, "/phone"), BackURL: respond.Link(r, workbenchPath),
		Company: v.corp.Name, Brand: v.provider.Brand, BrandURL: link("/brand"), Fresh: h.fresh(v.Session), Listed: []string{},
		ProveURL: respond.Link(r, "/phone/prove?next="+url.QueryEscape(v.path()))}
	if v.login != nil {
		view.Exists, view.SuiteID, view.Enabled = true, v.login.SuiteID, v.login.Enabled
		view.SwitchURL, view.DomainsURL = link("/login"), link("/domains")
		view.Listed = append(view.Listed, v.login.Addresses.Trusted...)
		view.Domains = strings.Join(view.Listed, "\n")
		view.OldLogin, view.Launchers = v.provider.OldLogin, v.login.Addresses.Launch
		view.Launch = strings.Join(view.Launchers, "\n")
	}
	return view
}

func (h *Handler) done(w http.ResponseWriter, r *http.Request, v visit, said string) error {
	return seeOther(w, r, v.path()+"?said="+said)
}

// saveBrand changes the brand name; the next login page shows it.
func (h *Handler) saveBrand(w http.ResponseWriter, r *http.Request, v visit) error {
	brand := strings.TrimSpace(r.PostFormValue("brand"))
	problem := ""
	switch {
	case brand == "":
		problem = "empty"
	case utf8.RuneCountInString(brand) > maxBrand:
		problem = "long"
	case strings.ContainsFunc(brand, func(c rune) bool { return !unicode.IsPrint(c) || c == utf8.RuneError }):
		problem = "odd"
	}
	if problem != "" {
		view := h.view(r, v)
		view.Brand, view.BrandProblem = brand, problem
		return h.Respond.RenderStatus(w, r, http.StatusUnprocessableEntity, "assistant/assistant", view)
	}
	if err := h.Apps.SetBrand(r.Context(), v.corp.Row, brand); err != nil {
		return err
	}
	if err := h.record(r, v, audit.BrandChanged, brand, ""); err != nil {
		return err
	}
	return h.done(w, r, v, saidBrand)
}

// switchLogin switches 登录授权 on or off.
func (h *Handler) switchLogin(w http.ResponseWriter, r *http.Request, v visit) error {
	on := r.PostFormValue("on") == "1"
	if v.login == nil {
		return respond.NotFound()
	}
	if !on && r.PostFormValue("on") != "0" {
		return respond.BadRequest(respond.Fact{Label: "error.fact.parameter", Value: "on"})
	}
	if err := h.Apps.SetEnabled(r.Context(), v.login.Row, on); err != nil {
		return err
	}
	action, said := audit.LoginDisabled, saidOff
	if on {
		action, said = audit.LoginEnabled, saidOn
	}
	if err := h.record(r, v, action, v.login.Name, v.login.SuiteID); err != nil {
		return err
	}
	return h.done(w, r, v, said)
}

// saveDomains replaces the trusted domains and, for a provider with the old login, the domains
// from which that may begin. Without a fresh proof nothing changes, and what was typed stays in
// the form.
func (h *Handler) saveDomains(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.login == nil {
		return respond.NotFound()
	}
	view := h.view(r, v)
	view.Domains = r.PostFormValue("domains")
	launch := v.provider.OldLogin && r.PostForm.Has("launch")
	if launch {
		view.Launch = r.PostFormValue("launch")
	}
	if !view.Fresh {
		view.Late = true
		return h.Respond.RenderStatus(w, r, http.StatusForbidden, "assistant/assistant", view)
	}
	a := v.login.Addresses
	a.Trusted, view.DomainsProblem, view.DomainsValue = parseDomains(view.Domains)
	if launch {
		a.Launch, view.LaunchProblem, view.LaunchValue = parseDomains(view.Launch)
		slices.Sort(a.Launch) // as it is stored
	}
	if view.DomainsProblem != "" || view.LaunchProblem != "" {
		return h.Respond.RenderStatus(w, r, http.StatusUnprocessableEntity, "assistant/assistant", view)
	}
	if err := h.Apps.SetAddresses(r.Context(), v.login.Row, a); err != nil {
		return err
	}
	if err := h.record(r, v, audit.LoginDomainsSet, v.login.Name, strings.Join(a.Trusted, " ")); err != nil {
		return err
	}
	if !slices.Equal(a.Launch, v.login.Addresses.Launch) {
		if err := h.record(r, v, audit.LoginLaunchSet, v.login.Name, strings.Join(a.Launch, " ")); err != nil {
			return err
		}
	}
	return h.done(w, r, v, saidDomains)
}

// parseDomains reads one domain a line. Where one is refused, it answers the locale key of
// the rule, and the entry.
func parseDomains(text string) (list []string, problem, value string) {
	for _, entry := range strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;，；、", c) }) {
		clean, err := apps.CheckDomain(entry)
		if e, ok := err.(*apps.DomainError); ok {
			return nil, e.Key(), entry
		}
		if err != nil {
			return nil, "assistant.domains.bad", entry
		}
		if !slices.Contains(list, clean) {
			list = append(list, clean)
		}
	}
	if len(list) > maxDomains {
		return nil, "assistant.domains.many", ""
	}
	return list, "", ""
}
