package provider

import (
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// renderBasics renders what a suite is: profile, logo, 业务设置URL, domains, secret.
func (h *Handler) renderBasics(w http.ResponseWriter, r *http.Request, v *console.Visit, app *apps.App, s said) error {
	path := suitePath(app)
	view := SuiteBasicsView{SuiteHead: head(v, app, "basics"), Profile: ProfileForm{Fields: profileFields(app.Name, app.About, app.HomeURL)},
		Logo:     LogoForm{CSRF: v.Session.CSRF(), Name: app.Name, Picture: picture(app.LogoDigest), Problem: s.logo, SaveURL: v.URL(path + "/logo"), Inherits: true},
		Business: businessField(app.BusinessURL), BusinessURL: v.URL(path + "/business"),
		Sensitive: app.Sensitive, SensitiveURL: v.URL(path + "/sensitive"), Reset: resetForm(v, path+"/secret")}
	if s.profile != nil {
		view.Profile = *s.profile
	}
	view.Profile.CSRF, view.Profile.SaveURL = v.Session.CSRF(), v.URL(path+"/profile")
	if s.business != nil {
		view.Business = *s.business
	}
	var err error
	if host := businessDomain(app); host != "" && h.DomainCheck {
		view.BusinessProof = &Domain{Name: host, Shown: true, URL: domainURL(v, host)}
		if view.BusinessProof.Proved, err = h.Apps.DomainProved(r.Context(), v.Corp.Row, host); err != nil {
			return err
		}
	}
	if view.Domains, err = h.domainsForm(r, v, app, s.domains, path+"/domains"); err != nil {
		return err
	}
	return h.Console.RenderStatus(w, r, v, s.status(), "provider/suite", view)
}

func profileFields(name, about, home string) []console.Field {
	return []console.Field{
		nameField("name", "provider.profile.name", "provider.profile.name_help", name, ""),
		{Name: "about", Label: "provider.profile.about", Help: "provider.profile.about_help", Value: about, Type: "area", Rows: 2,
			Max: maxAbout, Optional: true},
		{Name: "home", Label: "provider.profile.home", Help: "provider.profile.home_help", Value: home, Mono: true, Optional: true,
			Hint: "https://www.example.com/"},
	}
}

// saveProfile changes name, description and home page.
func (h *Handler) saveProfile(w http.ResponseWriter, r *http.Request, s settings) error {
	name, about, home := strings.TrimSpace(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("about")), strings.TrimSpace(r.PostFormValue("home"))
	about = strings.ReplaceAll(about, "\r\n", "\n")
	fields := profileFields(name, about, home)
	fields[0].Error, fields[1].Error = checkText(name, maxName, true), checkText(about, maxAbout, false)
	if home != "" {
		var bad *apps.SettingError
		home, bad = h.checkURL(home, apps.HomeURL)
		fields[2].Error = errorKey(bad)
	}
	if fields[0].Error != "" || fields[1].Error != "" || fields[2].Error != "" {
		return s.render(w, r, s.Visit, s.app, said{profile: &ProfileForm{Fields: fields}})
	}
	if name != s.app.Name {
		if err := h.Apps.SetName(r.Context(), s.app.Row, name); err != nil {
			return err
		}
	}
	if err := h.Apps.SetAbout(r.Context(), s.app.Row, about); err != nil {
		return err
	}
	if err := h.Apps.SetURLs(r.Context(), s.app.Row, apps.URLs{Home: home, Business: s.app.BusinessURL, Data: s.app.DataURL}); err != nil {
		return err
	}
	if err := h.record(r, s.Visit, audit.SuiteChanged, s.app, name, withoutQuery(home)); err != nil {
		return err
	}
	return h.saved(w, r, s)
}

// saveSuiteLogo changes a suite's logo.
func (h *Handler) saveSuiteLogo(w http.ResponseWriter, r *http.Request, s settings) error {
	problem, err := h.keepLogo(r, s.app.Row)
	if err != nil {
		return err
	}
	if problem != "" {
		return s.render(w, r, s.Visit, s.app, said{logo: problem})
	}
	if err := h.record(r, s.Visit, audit.LogoChanged, s.app, s.app.Name, ""); err != nil {
		return err
	}
	return h.saved(w, r, s)
}

func businessField(value string) console.Field {
	return console.Field{Name: "business", Label: "provider.business.label", Help: "provider.business.help", Value: value, Mono: true,
		Optional: true, Hint: "https://www.example.com/wecom/admin"}
}

// saveBusiness changes the 业务设置URL, to which an administrator's auth_code goes: outside the
// sandbox it is on a domain that is the provider's.
func (h *Handler) saveBusiness(w http.ResponseWriter, r *http.Request, s settings) error {
	field := businessField(strings.TrimSpace(r.PostFormValue("business")))
	if field.Value != "" {
		clean, host, err := apps.CheckURL(field.Value, apps.BusinessURL, h.Development)
		if err != nil {
			field.Error = settingError(err).Key()
			return s.render(w, r, s.Visit, s.app, said{business: &field})
		}
		field.Value = clean
		if proved, err := h.businessHost(r, s, host); err != nil {
			return err
		} else if !proved {
			field.Error, field.Received = "provider.business.unproved", host
			return s.render(w, r, s.Visit, s.app, said{business: &field})
		}
	}
	if err := h.Apps.SetURLs(r.Context(), s.app.Row, apps.URLs{Home: s.app.HomeURL, Business: field.Value, Data: s.app.DataURL}); err != nil {
		return err
	}
	if err := h.record(r, s.Visit, audit.BusinessURLSet, s.app, s.app.Name, withoutQuery(field.Value)); err != nil {
		return err
	}
	return h.saved(w, r, s)
}

// businessHost tells whether an administrator's code may go to a host: where proofs are asked
// for, to one that is proved to be the provider's.
func (h *Handler) businessHost(r *http.Request, s settings, host string) (bool, error) {
	if !h.DomainCheck || h.Development {
		return true, nil
	}
	return h.Apps.DomainProved(r.Context(), s.Corp.Row, host)
}
