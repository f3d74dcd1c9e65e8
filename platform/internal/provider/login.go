package provider

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// showLogin shows 登录授权, or offers to set it up.
func (h *Handler) showLogin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	app, err := h.Apps.LoginSuiteOf(r.Context(), v.Corp.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return h.Console.Render(w, r, v, "provider/login", LoginView{Frame: v.Frame("login"), CreateURL: v.URL("/login")})
	}
	if err != nil {
		return err
	}
	return h.renderLogin(w, r, v, app, said{})
}

func (h *Handler) renderLogin(w http.ResponseWriter, r *http.Request, v *console.Visit, app *apps.App, s said) error {
	c, err := h.Apps.SuiteCallback(r.Context(), app.Row)
	if err != nil {
		return err
	}
	view := LoginView{Frame: v.Frame("login"), Exists: true, SuiteID: app.SuiteID, Enabled: app.Enabled,
		SwitchURL: v.URL("/login/switch"), Reset: resetForm(v, "/login/secret")}
	if view.Domains, err = h.domainsForm(r, v, app, s.domains, "/login/domains"); err != nil {
		return err
	}
	if h.Development {
		field := developmentField(strings.Join(app.Addresses.Development, "\n"))
		view.Development, view.DevelopmentURL = &field, v.URL("/login/development")
		if s.development != nil {
			view.Development = s.development
		}
	}
	view.Callback = h.callbackForm(v, app, c, s, "/login")
	if view.Ticket, err = h.ticket(r, v, app); err != nil {
		return err
	}
	view.Ticket.Now = s.ticket
	return h.Console.RenderStatus(w, r, v, s.status(), "provider/login", view)
}

// callbackForm is the form of what is stored, or as it was typed; base is under which its
// addresses are.
func (h *Handler) callbackForm(v *console.Visit, app *apps.App, c apps.Callback, s said, base string) CallbackForm {
	form := h.form(kindOf(app), c, app.DataURL)
	if s.callback != nil {
		form = *s.callback
	}
	form.CSRF, form.SaveURL = v.Session.CSRF(), v.URL(base+"/callback")
	if c.URL != "" || app.DataURL != "" {
		form.CheckURL = v.URL(base + "/check")
	}
	return form
}

// createLogin sets 登录授权 up: a login suite with its secret, Token and EncodingAESKey, which
// are shown this once.
func (h *Handler) createLogin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	_, err := h.Apps.LoginSuiteOf(r.Context(), v.Corp.Row)
	if err == nil {
		return v.See(w, "/login") // sent twice
	}
	if !errors.Is(err, apps.ErrNotFound) {
		return err
	}
	p, err := h.Apps.Provider(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	err = h.create(w, r, v, apps.LoginSuite, cmp.Or(p.Brand, v.Corp.Name), "login")
	if errors.Is(err, apps.ErrHasLogin) {
		return v.See(w, "/login") // sent twice at once
	}
	return err
}

// create makes a suite and shows its secrets, this once.
func (h *Handler) create(w http.ResponseWriter, r *http.Request, v *console.Visit, kind apps.Kind, name, active string) error {
	app, secret, err := h.Apps.NewSuite(r.Context(), v.Corp.Row, kind, name)
	if err != nil {
		return err
	}
	c := newCallback()
	if err := h.Apps.SetCallback(r.Context(), app.Row, c); err != nil {
		return err
	}
	if err := h.record(r, v, audit.SuiteCreated, app, name, app.SuiteID); err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "provider/secret", SecretView{Frame: v.Frame(active), What: kindOfSecret(kind), Name: name,
		SuiteID: app.SuiteID, Token: c.Token, NextURL: v.URL(appPath(app)), Secrets: []console.Secret{
			{Label: "provider.secret.suite", Value: secret},
			{Label: "provider.callback.key", Value: c.EncodingAESKey}}})
}

func kindOfSecret(kind apps.Kind) string {
	if kind == apps.LoginSuite {
		return "login"
	}
	return "suite"
}

// switchLogin switches 登录授权 on or off: off, its login page refuses and its codes are not
// exchanged.
func (h *Handler) switchLogin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	app, err := h.loginSuite(r, v)
	if err != nil {
		return err
	}
	on := r.PostFormValue("on") == "1"
	if !on && r.PostFormValue("on") != "0" {
		return respond.BadRequest(respond.Fact{Label: "error.fact.parameter", Value: "on"})
	}
	if err := h.Apps.SetEnabled(r.Context(), app.Row, on); err != nil {
		return err
	}
	action, key := audit.LoginDisabled, "provider.login.switched_off"
	if on {
		action, key = audit.LoginEnabled, "provider.login.switched_on"
	}
	if err := h.record(r, v, action, app, app.Name, app.SuiteID); err != nil {
		return err
	}
	h.Console.Flash(w, r, key)
	return v.See(w, "/login")
}

// resetSecret makes a new secret of a suite and shows it, this once. The old one, and the
// tokens made with it, are over at once.
func (h *Handler) resetSecret(w http.ResponseWriter, r *http.Request, s settings) error {
	secret, err := h.Apps.ResetSecret(r.Context(), s.app.Row)
	if err != nil {
		return err
	}
	if err := h.record(r, s.Visit, audit.SuiteSecretReset, s.app, s.app.Name, s.app.SuiteID); err != nil {
		return err
	}
	active := "suites"
	if s.app.Kind == apps.LoginSuite {
		active = "login"
	}
	return h.Console.Render(w, r, s.Visit, "provider/secret", SecretView{Frame: s.Frame(active), What: kindOfSecret(s.app.Kind) + "_reset",
		Name: s.app.Name, SuiteID: s.app.SuiteID, Secrets: []console.Secret{{Label: "provider.secret.suite", Value: secret}},
		NextURL: s.URL(appPath(s.app))})
}

func resetForm(v *console.Visit, path string) ResetForm {
	return ResetForm{CSRF: v.Session.CSRF(), URL: v.URL(path)}
}
