package demo

import (
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

type panelView struct {
	App, Type   string
	Begin       string // where the panel's parameters come from
	Link        string // the way without a panel
	Script      string // site/login's
	PanelScript string // the login page's
}

// showPanel is the page with the embedded panel.
func (s *Site) showPanel(w http.ResponseWriter, r *http.Request) {
	app, kind := appOf(r), protocol.RedirectCallback
	if r.URL.Query().Get("type") == protocol.RedirectTop {
		kind = protocol.RedirectTop
	}
	lang := langOf(w, r)
	begin := url.Values{
		protocol.ParamRedirectType: {kind}, protocol.ParamColorScheme: {protocol.ColorAuto},
		protocol.ParamLang: {lang}, "return": {"/me"},
	}
	s.show(w, r, http.StatusOK, "panel", frame{
		NoTicket: app == appService && !s.hasTicket(r),
		View: panelView{
			App: app, Type: kind,
			Begin: beginPath(app) + "/panel?" + begin.Encode(), Link: beginURL(app, lang),
			Script: beginPath(app) + "/login.js", PanelScript: s.config.LoginHost + "/wwlogin/panel.js",
		},
	})
}

type windowView struct {
	Script, Return string
}

// showWindow ends a sign-in in a window of its own: the script tells the page
// behind it and closes the window.
func (s *Site) showWindow(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "window", frame{View: windowView{Script: "/login/login.js", Return: "/me"}})
}
