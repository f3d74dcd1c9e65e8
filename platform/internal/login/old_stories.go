package login

import (
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// oldStories are the old pages in every state, alone and in the frame of the script.
func oldStories() []respond.Story {
	var list []respond.Story
	for _, state := range OldStates() {
		list = append(list,
			respond.Story{Page: "login/old", Name: string(state), View: sampleOldPage(state, false)},
			respond.Story{Page: "login/old", Name: "frame-" + string(state), View: sampleOldPage(state, true)},
		)
	}
	for _, framed := range []bool{false, true} {
		prefix := ""
		if framed {
			prefix = "frame-"
		}
		admins := sampleOldPage(StateWaiting, framed)
		admins.Admins, admins.QR.URL = true, ""
		help := admins
		help.State = StateHelp
		dark := sampleOldPage(StateWaiting, framed)
		dark.Scheme = protocol.ColorDark
		list = append(list,
			respond.Story{Page: "login/old", Name: prefix + "admins", View: admins},
			respond.Story{Page: "login/old", Name: prefix + "admins-help", View: help},
			respond.Story{Page: "login/old", Name: prefix + "white", View: dark},
		)
	}
	quick, refused := sampleOldPage(StateWaiting, false), sampleOldPage(StateRefused, false)
	quick.Settings.Desktop, refused.ByDesktop = desktop, true
	list = append(list,
		respond.Story{Page: "login/old", Name: "quick", View: quick},
		respond.Story{Page: "login/old", Name: string(StateDesktop), View: sampleOldPage(StateDesktop, false)},
		respond.Story{Page: "login/old", Name: "refused-by-desktop", View: refused},
	)
	long := sampleOldPage(StateWaiting, true)
	long.Brand = "Nordwind Customer Relationship Management 客户关系管理平台"
	long.Site = "customer-relationship.management.nordwind.example.com:8443"
	list = append(list, respond.Story{Page: "login/old", Name: "frame-long", View: long})
	for _, e := range sampleOldErrors() {
		e.Frame = sampleFrame(false)
		if e.Code == protocol.PageOriginRefused {
			e.Other = ""
		}
		list = append(list, respond.Story{Page: "login/olderror", Name: e.Key(), View: e})
		e.Embedded = true
		list = append(list, respond.Story{Page: "login/olderror", Name: "frame-" + e.Key(), View: e})
	}
	return list
}

func sampleOldPage(state State, framed bool) OldPage {
	h := Handler{PublicURL: "http://localhost:8790", LoginURL: "http://localhost:8790", Sandbox: true}
	p := OldPage{Page: samplePage(state, framed)}
	p.QR = h.qrOf(attempt.OldCorpPage, "3qTz8vKfLw2ZpXaY7mNbRc")
	return p
}

func sampleOldErrors() []OldError {
	const service, corp = protocol.LoginTypeServiceApp, protocol.LoginTypeCorpApp
	trusted := []string{"app.qingzhu.example", "app.qingzhu.example:8443"}
	var list []OldError
	for _, e := range []Error{
		{Code: protocol.PageRedirectEmpty, LoginType: service},
		{Code: protocol.PageRedirectNotCallbackDomain, Rule: "double_encoded", Received: "https%3A%2F%2Fapp.qingzhu.example%2Fcallback", Configured: trusted, LoginType: service},
		{Code: protocol.PageRedirectNotTrustedDomain, Rule: "subdomain", Received: "https://staging.app.qingzhu.example/callback", Configured: trusted, LoginType: corp},
		{Code: protocol.PageInvalidAppID, Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageInvalidAppID, Rule: string(ruleSuiteID), Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageInvalidAgentID, Received: "1000099", LoginType: corp},
		{Code: protocol.PageInvalidAgentID, Rule: string(ruleStopped), Received: "1000002", LoginType: corp},
		{Code: protocol.PageNotProvider, Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageNotLoginSuite, Rule: string(ruleOldOff), Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageNotLoginSuite, Rule: string(ruleNoLogin), Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageOriginRefused, Rule: string(ruleNoReferer), Configured: trusted, LoginType: service},
		{Code: protocol.PageOriginRefused, Rule: string(ruleReferer), Received: "https://www.qingzhu.example", Configured: trusted, LoginType: service},
		{Code: protocol.PageOriginRefused, Received: "http://localhost:5173", Configured: trusted, LoginType: corp},
	} {
		list = append(list, OldError{Error: e})
	}
	return list
}
