package demo

import (
	"context"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// Where the sign-ins that ask for details end.
const (
	pathServiceDetailsFinish = "/details/finish"
	pathCorpDetailsFinish    = "/corp/details/finish"
)

// connect makes the ways to sign in; they share one session.
func (s *Site) connect(keys [][]byte) error {
	c := s.config
	client := site.New(site.Config{API: c.API, HTTPClient: c.HTTPClient, Now: c.Now})
	var err error
	s.sessions, err = login.NewSessions(login.SessionConfig{
		Origin: c.Origin, Name: "qinghe_session", Keys: keys, InsecureHTTP: c.InsecureHTTP, Now: c.Now,
	})
	if err != nil {
		return err
	}
	common := login.Config{
		LoginHost: c.LoginHost, PKCE: true, Keys: keys, Sessions: s.sessions, InsecureHTTP: c.InsecureHTTP,
		WindowPath: "/window", Now: c.Now, Log: c.Log,
	}
	installed := client.Suite(c.Suite.ID, c.Suite.Secret, s.tickets)
	service := common
	service.Suite = client.Suite(c.LoginSuite.ID, c.LoginSuite.Secret, s.tickets)
	service.AppID, service.LoginType = c.LoginSuite.ID, protocol.LoginTypeServiceApp
	service.RedirectURI, service.Path = c.Origin+PathServiceFinish, beginPath(appService)
	service.InClient = &login.InClient{Suite: installed, AppID: c.Suite.ID, Host: c.OAuthHost}
	if s.oldLogin(appService) {
		service.Old = &login.OldLogin{Provider: client.Provider(c.ProviderCorpID, c.ProviderSecret), AppID: c.ProviderCorpID, Host: c.InstallHost}
	}
	service.ErrorPage, service.AppPage = s.outcomePage(appService), s.appPage(appService)
	service.AllowOpenID = true // to show what such an answer looks like; a real site would not
	if s.service, err = login.New(service); err != nil {
		return err
	}
	own := client.CorpApp(c.CorpApp.CorpID, c.CorpApp.Secret)
	corp := common
	corp.Suite = own
	corp.AppID, corp.AgentID, corp.LoginType = c.CorpApp.CorpID, c.CorpApp.AgentID, protocol.LoginTypeCorpApp
	corp.RedirectURI, corp.Path = c.Origin+PathCorpFinish, beginPath(appCorp)
	corp.InClient, corp.Old = &login.InClient{Host: c.OAuthHost}, &login.OldLogin{Host: c.InstallHost}
	corp.ErrorPage, corp.AppPage = s.outcomePage(appCorp), s.appPage(appCorp)
	if s.corp, err = login.New(corp); err != nil {
		return err
	}

	// Whoever asks for details asks every time: it is a sign-in of its own.
	details := common
	details.RedirectURI, details.Path = c.Origin+pathServiceDetailsFinish, detailsPath(appService)
	details.ErrorPage, details.AppPage = s.outcomePage(appService), s.appPage(appService)
	details.InClient = &login.InClient{
		Suite: installed, AppID: c.Suite.ID, Host: c.OAuthHost, Scope: protocol.ScopePrivateInfo,
		OnTicket: func(ctx context.Context, session login.Session, ticket site.UserTicket) {
			answer, err := installed.UserDetail(ctx, ticket)
			s.shown.add(session.ID, suiteDetails(answer), err)
		},
	}
	corpDetails := details
	corpDetails.RedirectURI, corpDetails.Path = c.Origin+pathCorpDetailsFinish, detailsPath(appCorp)
	corpDetails.ErrorPage, corpDetails.AppPage = s.outcomePage(appCorp), s.appPage(appCorp)
	corpDetails.InClient = &login.InClient{
		Suite: own, AppID: c.CorpApp.CorpID, AgentID: c.CorpApp.AgentID, Host: c.OAuthHost, Scope: protocol.ScopePrivateInfo,
		OnTicket: func(ctx context.Context, session login.Session, ticket site.UserTicket) {
			answer, err := own.UserDetail(ctx, ticket)
			s.shown.add(session.ID, corpAppDetails(answer), err)
		},
	}
	for _, config := range []login.Config{details, corpDetails} {
		h, err := login.New(config)
		if err != nil {
			return err
		}
		s.asking = append(s.asking, h)
	}
	return nil
}

// oldLogin tells whether the old login of an app is configured here. Whether it is on, the
// platform says.
func (s *Site) oldLogin(app string) bool { return app == appCorp || s.config.ProviderSecret != "" }

func detailsPath(app string) string {
	if app == appCorp {
		return "/corp/details"
	}
	return "/details"
}
