package provider

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// maxDomains bounds the domains of one setting: WeCom lets a company set 20 a month (85004).
const maxDomains = 20

// domainsForm is the form of the stored domains, or as it was typed.
func (h *Handler) domainsForm(r *http.Request, v *console.Visit, app *apps.App, typed *DomainsForm, path string) (DomainsForm, error) {
	form := DomainsForm{Fields: domainFields(app, strings.Join(app.Addresses.Trusted, "\n"), strings.Join(app.Addresses.Install, "\n"))}
	if typed != nil {
		form = *typed
	}
	form.CSRF, form.SaveURL = v.Session.CSRF(), v.URL(path)
	for _, d := range domainsOf(app) {
		line := Domain{Name: d, Shown: h.DomainCheck, URL: domainURL(v, d)}
		if h.DomainCheck {
			var err error
			if line.Proved, err = h.Apps.DomainProved(r.Context(), v.Corp.Row, d); err != nil {
				return form, err
			}
		}
		form.Listed = append(form.Listed, line)
	}
	return form, nil
}

// domainsOf lists the domains of a suite, each once.
func domainsOf(app *apps.App) []string {
	list := slices.Concat(app.Addresses.Trusted, app.Addresses.Install)
	slices.Sort(list)
	return slices.Compact(list)
}

// businessDomain is the host of a suite's 业务设置URL; "" where there is none.
func businessDomain(app *apps.App) string {
	_, host, err := apps.CheckURL(app.BusinessURL, apps.BusinessURL, true)
	if err != nil {
		return ""
	}
	return host
}

func domainFields(app *apps.App, trusted, install string) []console.Field {
	kind := kindOf(app)
	fields := []console.Field{{Name: "domains", Label: "provider.domains.label", Help: "provider.domains.help_" + kind, Value: trusted,
		Type: "area", Rows: 3, Mono: true, Optional: true, Hint: "www.example.com"}}
	if kind == CallbackSuite {
		fields = append(fields, console.Field{Name: "install", Label: "provider.domains.install", Help: "provider.domains.install_help",
			Value: install, Type: "area", Rows: 2, Mono: true, Optional: true, Hint: "www.example.com"})
	}
	return fields
}

// saveDomains replaces the trusted domains of a suite and, where it has them, its
// install-callback domains. One that breaks a rule is named, with the rule.
func (h *Handler) saveDomains(w http.ResponseWriter, r *http.Request, s settings) error {
	typed := []string{r.PostFormValue("domains"), r.PostFormValue("install")}
	fields := domainFields(s.app, typed[0], typed[1])
	lists := make([][]string, 2)
	refused := false
	for i := range fields {
		lists[i], fields[i].Error, fields[i].Received = parseLines(typed[i], apps.CheckDomain)
		refused = refused || fields[i].Error != ""
	}
	if refused {
		return s.render(w, r, s.Visit, s.app, said{domains: &DomainsForm{Fields: fields}})
	}
	a := s.app.Addresses
	a.Trusted = lists[0]
	action := audit.LoginDomainsSet
	if s.app.Kind == apps.Suite {
		a.Install, action = lists[1], audit.SuiteDomainsSet
	}
	if err := h.Apps.SetAddresses(r.Context(), s.app.Row, a); err != nil {
		return err
	}
	detail := strings.Join(a.Trusted, " ")
	if len(a.Install) > 0 {
		detail += " / " + strings.Join(a.Install, " ")
	}
	if err := h.record(r, s.Visit, action, s.app, s.app.Name, detail); err != nil {
		return err
	}
	return h.saved(w, r, s)
}

// parseLines reads a list with one entry a line (or apart by blanks or commas). Where one is
// refused, it answers the locale key of the rule, and the entry.
func parseLines(text string, check func(string) (string, error)) (list []string, problem, value string) {
	for _, entry := range strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;，；、", c) }) {
		clean, err := check(entry)
		if err != nil {
			e := settingError(err)
			return nil, e.Key(), entry
		}
		if !slices.Contains(list, clean) {
			list = append(list, clean)
		}
	}
	if len(list) > maxDomains {
		return nil, "provider.domains.many", ""
	}
	return list, "", ""
}

func developmentField(text string) console.Field {
	return console.Field{Name: "development", Label: "provider.development.label", Help: "provider.development.help", Value: text,
		Type: "area", Rows: 2, Mono: true, Optional: true, Hint: "http://localhost:3000"}
}

// saveDevelopment replaces the development origins of the login suite: sandbox only.
func (h *Handler) saveDevelopment(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	if !h.Development {
		return respond.NotFound()
	}
	app, err := h.loginSuite(r, v)
	if err != nil {
		return err
	}
	field := developmentField(r.PostFormValue("development"))
	list, problem, value := parseLines(field.Value, apps.CheckDevelopmentOrigin)
	if problem != "" {
		field.Error, field.Received = problem, value
		return h.renderLogin(w, r, v, app, said{development: &field})
	}
	a := app.Addresses
	a.Development = list
	if err := h.Apps.SetAddresses(r.Context(), app.Row, a); err != nil {
		return err
	}
	if err := h.record(r, v, audit.LoginDomainsSet, app, app.Name, strings.Join(list, " ")); err != nil {
		return err
	}
	h.Console.Flash(w, r, "provider.saved")
	return v.See(w, "/login")
}

func domainURL(v *console.Visit, domain string) string {
	return v.URL("/domain?" + url.Values{"domain": {domain}}.Encode())
}
