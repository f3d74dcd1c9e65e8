package demo

import (
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site/login"
)

// The two kinds of app one can sign in through, as the site's URLs name them.
const (
	appService = "service" // the provider's login suite, ServiceApp
	appCorp    = "corp"    // the corp app, CorpApp
)

// appAdmin is how an administrator comes in: from the business settings (业务设置).
const appAdmin = "admin"

// fact is one row of a table: a locale key and what is said about it.
type fact struct {
	Key, Value string
}

type homeView struct {
	App      string // appService or appCorp
	Begin    string // where a sign-in begins
	InClient string // the same, inside the client
	Details  string // the same, with a question for details
	Old      string // the same by the old page; empty: not configured
	Script   string
	Facts    []fact
}

// showHome is the first page, which is the login page too.
func (s *Site) showHome(w http.ResponseWriter, r *http.Request) {
	app, lang := appOf(r), langOf(w, r)
	v := homeView{
		App: app, Script: beginPath(app) + "/login.js", Facts: s.facts(app),
		Begin: beginURL(app, lang), InClient: viaURL(app, lang, login.ViaClient), Details: detailsURL(app, lang),
	}
	if s.oldLogin(app) {
		v.Old = viaURL(app, lang, login.ViaOld)
	}
	s.show(w, r, http.StatusOK, "home", frame{NoTicket: app == appService && !s.hasTicket(r), View: v})
}

// facts are what a developer would want to compare with the consoles.
func (s *Site) facts(app string) []fact {
	c := s.config
	if app == appCorp {
		return []fact{
			{"fact.login_type", protocol.LoginTypeCorpApp},
			{"fact.corpid", c.CorpApp.CorpID},
			{"fact.agentid", c.CorpApp.AgentID},
			{"fact.redirect_uri", c.Origin + PathCorpFinish},
			{"fact.app_home", c.Origin + PathCorpAppHome},
			{"fact.login_host", c.LoginHost},
			{"fact.oauth_host", c.OAuthHost},
			{"fact.old_host", c.InstallHost},
			{"fact.api", c.API},
		}
	}
	return []fact{
		{"fact.login_type", protocol.LoginTypeServiceApp},
		{"fact.suite_id", c.LoginSuite.ID},
		{"fact.redirect_uri", c.Origin + PathServiceFinish},
		{"fact.callback", c.Origin + PathLoginSuiteCallback},
		{"fact.suite_callback", c.Origin + PathSuiteCallback},
		{"fact.app_suite_id", c.Suite.ID},
		{"fact.app_home", c.Origin + PathAppHome},
		{"fact.business_url", c.Origin + PathAdminEntry},
		{"fact.provider_corpid", c.ProviderCorpID},
		{"fact.login_host", c.LoginHost},
		{"fact.oauth_host", c.OAuthHost},
		{"fact.old_host", c.InstallHost},
		{"fact.api", c.API},
	}
}

func appOf(r *http.Request) string {
	if r.URL.Query().Get("app") == appCorp {
		return appCorp
	}
	return appService
}

func beginPath(app string) string {
	if app == appCorp {
		return "/corp/login"
	}
	return "/login"
}

// beginURL begins a sign-in through app that ends on the page "who signed in".
func beginURL(app, lang string) string {
	return beginPath(app) + "?" + url.Values{"return": {"/me"}, "lang": {lang}}.Encode()
}

// viaURL is beginURL by a way that the person chose.
func viaURL(app, lang string, way login.Way) string {
	return beginURL(app, lang) + "&via=" + string(way)
}

// detailsURL is beginURL inside the client, with a question for details.
func detailsURL(app, lang string) string {
	return detailsPath(app) + "?" + url.Values{"return": {"/me"}, "lang": {lang}, "via": {string(login.ViaClient)}}.Encode()
}
