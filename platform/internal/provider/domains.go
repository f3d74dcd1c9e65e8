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
	var form DomainsForm
	if typed != nil {
		form = *typed
	} else {
		second, err := h.secondList(r, v, app)
		if err != nil {
			return form, err
		}
		form.Fields = domainFields(app, second, strings.Join(app.Addresses.Trusted, "\n"), strings.Join(second.of(app.Addresses), "\n"))
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

// secondList is what a suite has beside its trusted domains: where installs end, for one that
// companies install; where the old login may begin, for a login suite whose provider has it.
type secondList string

const (
	noSecond    secondList = ""
	installList secondList = "install" // 安装完成回调域名
	launchList  secondList = "launch"  // 登录授权发起域名
)

func (l secondList) of(a apps.Addresses) []string {
	switch l {
	case installList:
		return a.Install
	case launchList:
		return a.Launch
	}
	return nil
}

func (h *Handler) secondList(r *http.Request, v *console.Visit, app *apps.App) (secondList, error) {
	if app.Kind == apps.Suite {
		return installList, nil
	}
	p, err := h.Apps.Provider(r.Context(), v.Corp.Row)
	if err != nil || !p.OldLogin {
		return noSecond, err
	}
	return launchList, nil
}

func domainFields(app *apps.App, second secondList, trusted, more string) []console.Field {
	fields := []console.Field{{Name: "domains", Label: "provider.domains.label", Help: "provider.domains.help_" + kindOf(app), Value: trusted,
		Type: "area", Rows: 3, Mono: true, Optional: true, Hint: "www.example.com"}}
	if second != noSecond {
		fields = append(fields, console.Field{Name: string(second), Label: "provider.domains." + string(second),
			Help: "provider.domains." + string(second) + "_help", Value: more, Type: "area", Rows: 2, Mono: true, Optional: true, Hint: "www.example.com"})
	}
	return fields
}

// saveDomains replaces the trusted domains of a suite and, where it has one, its second list.
// One that breaks a rule is named, with the rule.
func (h *Handler) saveDomains(w http.ResponseWriter, r *http.Request, s settings) error {
	second, err := h.secondList(r, s.Visit, s.app)
	if err != nil {
		return err
	}
	fields := domainFields(s.app, second, r.PostFormValue("domains"), r.PostFormValue(string(second)))
	lists := make([][]string, 2)
	refused := false
	for i := range fields {
		lists[i], fields[i].Error, fields[i].Received = parseLines(fields[i].Value, apps.CheckDomain)
		refused = refused || fields[i].Error != ""
	}
	if refused {
		return s.render(w, r, s.Visit, s.app, said{domains: &DomainsForm{Fields: fields}})
	}
	a := s.app.Addresses
	a.Trusted = lists[0]
	action, detail := audit.LoginDomainsSet, strings.Join(a.Trusted, " ")
	switch second {
	case installList:
		a.Install, action = lists[1], audit.SuiteDomainsSet
		if len(a.Install) > 0 {
			detail += " / " + strings.Join(a.Install, " ")
		}
	case launchList:
		if r.PostForm.Has(string(launchList)) { // a page from before the old login was switched on has no such field
			slices.Sort(lists[1]) // as it is stored
			a.Launch = lists[1]
		}
	}
	if err := h.Apps.SetAddresses(r.Context(), s.app.Row, a); err != nil {
		return err
	}
	if err := h.record(r, s.Visit, action, s.app, s.app.Name, detail); err != nil {
		return err
	}
	if !slices.Equal(a.Launch, s.app.Addresses.Launch) {
		if err := h.record(r, s.Visit, audit.LoginLaunchSet, s.app, s.app.Name, strings.Join(a.Launch, " ")); err != nil {
			return err
		}
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
