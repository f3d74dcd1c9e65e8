package login

import (
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// Stories are the pages of this feature in every state.
func Stories() []respond.Story {
	var list []respond.Story
	for _, state := range States() {
		list = append(list,
			respond.Story{Page: "login/page", Name: string(state), View: samplePage(state, false)},
			respond.Story{Page: "login/page", Name: "panel-" + string(state), View: samplePage(state, true)},
		)
	}
	phoneless := samplePage(StateWaiting, true)
	phoneless.QR.URL = ""
	long := samplePage(StateWaiting, true)
	long.Brand = "Nordwind Customer Relationship Management 客户关系管理平台"
	long.Site = "customer-relationship.management.nordwind.example.com:8443"
	list = append(list, desktopStories()...)
	list = append(list,
		respond.Story{Page: "login/page", Name: "panel-production", View: phoneless},
		respond.Story{Page: "login/page", Name: "panel-long", View: long},
	)
	for _, e := range sampleErrors() {
		e.Frame = sampleFrame(false)
		list = append(list, respond.Story{Page: "login/error", Name: e.Key(), View: e})
		e.Embedded = true
		list = append(list, respond.Story{Page: "login/error", Name: "panel-" + e.Key(), View: e})
	}
	return list
}

// desktopStories are quick login in everything that its button can show, and what became of a
// sign-in that a desktop client answered.
func desktopStories() []respond.Story {
	var list []respond.Story
	for _, embedded := range []bool{false, true} {
		add := func(name string, p Page) {
			if embedded {
				name = "panel-" + name
			}
			list = append(list, respond.Story{Page: "login/page", Name: name, View: p})
		}
		ways := Ways()
		if !embedded {
			ways = []string{WayOffered, "found", "absent", "denied"} // a panel is tighter
		}
		for _, way := range ways {
			p := samplePage(StateWaiting, embedded)
			p.Settings.Desktop, p.Quick = desktop, way
			add("quick-"+way, p)
		}
		for _, state := range []State{StateRefused, StateCancelled, StateTimedOut} {
			p := samplePage(state, embedded)
			p.ByDesktop = true
			add(string(state)+"-by-desktop", p)
		}
	}
	return append(list, oldStories()...)
}

func sampleFrame(embedded bool) Frame {
	return Frame{
		Brand:     "青竹协作",
		Embedded:  embedded,
		Other:     "?lang=en",
		RequestID: "5e1c90b7a2d4f836",
		// No web key: the script of a story leaves the state as it is.
		Settings: Settings{TargetOrigin: "https://app.qingzhu.example"},
	}
}

func samplePage(state State, embedded bool) Page {
	sandbox := Handler{PublicURL: "http://localhost:8790", Sandbox: true}
	p := Page{Frame: sampleFrame(embedded), Site: "app.qingzhu.example", QR: sandbox.qr("3qTz8vKfLw2ZpXaY7mNbRc"), State: state}
	p.Member = Member{Name: "林*", Parent: "http://localhost:5173"}
	if state == StateNumber || state == StateDesktop {
		p.Member.Number = "47"
	}
	return p
}

func sampleErrors() []Error {
	const service, corp = protocol.LoginTypeServiceApp, protocol.LoginTypeCorpApp
	trusted := []string{"app.qingzhu.example", "app.qingzhu.example:8443"}
	many := []string{"a.qingzhu.example", "b.qingzhu.example", "c.qingzhu.example", "d.qingzhu.example", "e.qingzhu.example", "f.qingzhu.example"}
	domain := func(rule, received string, configured []string, loginType string) Error {
		code := protocol.PageRedirectNotTrustedDomain
		if loginType == service {
			code = protocol.PageRedirectNotCallbackDomain
		}
		return Error{Code: code, Rule: rule, Received: received, Configured: configured, LoginType: loginType}
	}
	return []Error{
		{Code: protocol.PageRedirectEmpty, Rule: "empty", Configured: trusted, LoginType: service},
		domain("too_long", "https://app.qingzhu.example/callback?next=%2Freports%2F2025%2F…", trusted, service),
		domain("malformed", "app.qingzhu.example/callback", trusted, service),
		domain("double_encoded", "https%3A%2F%2Fapp.qingzhu.example%2Fcallback", trusted, service),
		domain("scheme", "javascript:alert(1)", trusted, service),
		domain("user_info", "https://app.qingzhu.example@evil.example/callback", trusted, service),
		domain("host", "https://app.qingzhu.example./callback", trusted, service),
		domain("port_form", "https://app.qingzhu.example:0443/callback", trusted, service),
		domain("http", "http://app.qingzhu.example/callback", trusted, service),
		{Code: protocol.PageRedirectNotCallbackDomain, Rule: "development", Received: "http://localhost:3000/callback",
			Configured: []string{"http://127.0.0.1:8791"}, LoginType: service, Sandbox: true},
		domain("port", "https://app.qingzhu.example:9443/callback", trusted, service),
		domain("subdomain", "https://staging.app.qingzhu.example/callback", trusted, corp),
		domain("not_listed", "https://app.qingzhu.example.evil.example/callback", many, service),
		domain("none_trusted", "https://app.qingzhu.example/callback", nil, corp),
		domain("not_exact", "https://app.qingzhu.example/other", []string{"https://app.qingzhu.example/callback"}, corp),
		{Code: protocol.PageInvalidAppID, Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageInvalidAgentID, Received: "1000099", LoginType: corp},
		{Code: protocol.PageNotProvider, Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageNotLoginSuite, Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageNotLoginSuite, Rule: string(ruleDisabled), Received: "ww77a1c3e5f708192a", LoginType: service},
		{Code: protocol.PageInvalidAgentID, Rule: string(ruleStopped), Received: "1000002", LoginType: corp},
		{Code: protocol.PageInvalidLoginType, Received: "serviceapp"},
		{Code: protocol.PageOriginRefused, Received: "http://localhost:5173", Configured: trusted, LoginType: service},
	}
}
