package appcenter

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// showOwn shows an own app and its settings.
func (h *Handler) showOwn(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.own(r, v)
	if err != nil {
		return err
	}
	view, err := h.ownView(r, v, a)
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "appcenter/own", view)
}

func (h *Handler) ownView(r *http.Request, v *console.Visit, a *apps.App) (OwnView, error) {
	path := ownPath(a)
	view := OwnView{Frame: v.Frame(nav), Crumb: console.Crumb{URL: v.URL("/own-apps"), Label: "appcenter.tab.own"},
		Name: a.Name, CorpID: v.Corp.CorpID, AgentID: a.AgentID, Stopped: !a.Enabled, Manages: v.Admin.Manages(a.Row),
		NameField: nameField(a.Name), Home: homeField(a.HomeURL), Trusted: a.Addresses.Trusted, Callback: a.Addresses.Callback}
	var err error
	if view.Range, err = h.rangeOf(r, v.Corp.Row, a.Row); err != nil {
		return view, err
	}
	if v.Admin.SeesAll() {
		view.RangeURL = v.URL(path + "/range")
	}
	if view.Manages {
		view.NameURL, view.SetHomeURL, view.DomainURL = v.URL(path+"/name"), v.URL(path+"/home"), v.URL(path+"/domains")
		view.SecretURL, view.StateURL = v.URL(path+"/secret"), v.URL(path+"/state")
		view.Domains = h.domainFields(a.Addresses)
	}
	if v.Admin.Leads() {
		view.RemoveURL = v.URL(path + "/remove")
	}
	return view, nil
}

// nameMax is the longest name of an app, in characters.
const nameMax = 30

func nameField(value string) console.Field {
	return console.Field{Name: "name", Label: "appcenter.own.name", Help: "appcenter.own.name_help", Value: value, Max: nameMax}
}

// name reads the name in a form; problem is a locale key.
func name(r *http.Request) (text, problem string) {
	text = strings.TrimSpace(r.PostFormValue("name"))
	switch {
	case text == "":
		return text, "appcenter.own.name_empty"
	case utf8.RuneCountInString(text) > nameMax:
		return text, "appcenter.own.name_long"
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return text, "appcenter.own.name_form"
	}
	return text, ""
}

// managed is the own app in the path, if the visitor manages it.
func (h *Handler) managed(r *http.Request, v *console.Visit) (*apps.App, error) {
	a, err := h.own(r, v)
	if err == nil && !v.Admin.Manages(a.Row) {
		return nil, respond.Forbidden(nil)
	}
	return a, err
}

// changed records what was done to an own app, and goes back to its page.
func (h *Handler) changed(w http.ResponseWriter, r *http.Request, v *console.Visit, a *apps.App, action audit.Action, detail string) error {
	if err := h.recordOwn(r, v, a, action, detail); err != nil {
		return err
	}
	h.Console.Flash(w, r, "appcenter.said.saved")
	return v.See(w, ownPath(a))
}

func (h *Handler) recordOwn(r *http.Request, v *console.Visit, a *apps.App, action audit.Action, detail string) error {
	entry := v.Entry(action, a.Name, detail)
	entry.App = a.Row
	return h.Audit.Record(r.Context(), entry)
}

// rename gives an own app another name.
func (h *Handler) rename(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.managed(r, v)
	if err != nil {
		return err
	}
	text, problem := name(r)
	if problem != "" {
		view, err := h.ownView(r, v, a)
		if err != nil {
			return err
		}
		view.NameField.Value, view.NameField.Error = text, problem
		return h.Console.RenderStatus(w, r, v, http.StatusUnprocessableEntity, "appcenter/own", view)
	}
	if err := h.Apps.SetName(r.Context(), a.Row, text); err != nil {
		return err
	}
	return h.changed(w, r, v, a, audit.CorpAppChanged, text)
}

// setState stops an own app or starts it again.
func (h *Handler) setState(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.managed(r, v)
	if err != nil {
		return err
	}
	on, action := r.PostFormValue("on") == "1", audit.CorpAppStopped
	if on {
		action = audit.CorpAppStarted
	}
	if err := h.Apps.SetEnabled(r.Context(), a.Row, on); err != nil {
		return err
	}
	return h.changed(w, r, v, a, action, "")
}

// resetSecret gives an own app another secret and shows it, this once.
func (h *Handler) resetSecret(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.managed(r, v)
	if err != nil {
		return err
	}
	secret, err := h.Apps.ResetSecret(r.Context(), a.Row)
	if err != nil {
		return err
	}
	if err := h.recordOwn(r, v, a, audit.CorpAppSecret, ""); err != nil {
		return err
	}
	return h.showSecret(w, r, v, a, secret)
}

func (h *Handler) showSecret(w http.ResponseWriter, r *http.Request, v *console.Visit, a *apps.App, secret string) error {
	view, err := h.ownView(r, v, a)
	if err != nil {
		return err
	}
	view.Secret = &console.Secret{Label: "appcenter.own.secret_of", Value: secret}
	return h.Console.Render(w, r, v, "appcenter/own", view)
}

// domainsMax is how many addresses of a kind an own app may have.
const domainsMax = 20

func (h *Handler) domainFields(l apps.Addresses) []console.Field {
	field := func(name, label, help, hint string, values []string) console.Field {
		return console.Field{Name: name, Label: label, Help: help, Type: "area", Rows: max(2, min(len(values)+1, 6)),
			Value: strings.Join(values, "\n"), Optional: true, Mono: true, Hint: hint}
	}
	list := []console.Field{
		field("trusted", "appcenter.own.trusted", "appcenter.own.trusted_help", "portal.example.com", l.Trusted),
		field("callback", "appcenter.own.callback", "appcenter.own.callback_help", "portal.example.com:8443", l.Callback),
	}
	if h.Sandbox {
		list = append(list, field("development", "appcenter.own.development", "appcenter.own.development_help", "http://localhost:3000", l.Development))
	}
	return list
}

// setDomains replaces an own app's trusted domains, callback domains and, in the sandbox,
// development origins: all of them, or none where one is refused.
func (h *Handler) setDomains(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.managed(r, v)
	if err != nil {
		return err
	}
	view, err := h.ownView(r, v, a)
	if err != nil {
		return err
	}
	l, refused := a.Addresses, false
	for n := range view.Domains {
		field := &view.Domains[n]
		field.Value = r.PostFormValue(field.Name)
		var list []string
		switch field.Name {
		case "trusted":
			list = lines(field, apps.CheckDomain, "setting.domain.many")
			l.Trusted = list
		case "callback":
			list = lines(field, apps.CheckDomain, "setting.domain.many")
			l.Callback = list
		case "development":
			list = lines(field, apps.CheckDevelopmentOrigin, "setting.url.many")
			l.Development = list
		}
		refused = refused || field.Error != ""
	}
	if refused {
		return h.Console.RenderStatus(w, r, v, http.StatusUnprocessableEntity, "appcenter/own", view)
	}
	if err := h.Apps.SetAddresses(r.Context(), a.Row, l); err != nil {
		return err
	}
	return h.changed(w, r, v, a, audit.CorpAppDomains, strings.Join(slices.Concat(l.Trusted, l.Callback, l.Development), " "))
}

// lines checks a field that has one value in a line; the first that is refused is the
// field's error.
func lines(field *console.Field, check func(string) (string, error), many string) []string {
	var list []string
	for line := range strings.Lines(field.Value) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		clean, err := check(strings.TrimRight(line, "\r\n"))
		var wrong *apps.SettingError
		if errors.As(err, &wrong) {
			field.Error, field.Received = wrong.Key(), wrong.Value
			return nil
		}
		if !slices.Contains(list, clean) {
			list = append(list, clean)
		}
	}
	if len(list) > domainsMax {
		field.Error = many
	}
	return list
}
