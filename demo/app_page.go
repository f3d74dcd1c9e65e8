package demo

import (
	"net/http"

	"github.com/hufu-sso/hufu/site/login"
)

type appPageView struct {
	*login.AppPage
	App    string
	Script string // site/login's
}

// appPage says how to open the site inside the client.
func (s *Site) appPage(app string) func(http.ResponseWriter, *http.Request, *login.AppPage) {
	return func(w http.ResponseWriter, r *http.Request, p *login.AppPage) {
		s.show(w, r, http.StatusOK, "app", frame{View: appPageView{AppPage: p, App: app, Script: beginPath(app) + "/login.js"}})
	}
}
