package site_test

import (
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/site"
)

func TestAuthorizeURL(t *testing.T) {
	t.Parallel()
	const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for want, link := range map[string]site.AuthorizeLink{
		"https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1&redirect_uri=https%3A%2F%2Fsite.example%2Fcb&response_type=code&scope=snsapi_base&state=S1#wechat_redirect": {
			AppID: "ww1", RedirectURI: "https://site.example/cb", State: "S1"},
		"https://open.weixin.qq.com/connect/oauth2/authorize?appid=wwCORP&redirect_uri=https%3A%2F%2Fsite.example%2Fcb%3Fa%3D1%26b%3D%2523&response_type=code&scope=snsapi_privateinfo&state=S1&agentid=1000002#wechat_redirect": {
			AppID: "wwCORP", AgentID: "1000002", Scope: "snsapi_privateinfo", RedirectURI: "https://site.example/cb?a=1&b=%23", State: "S1"},
		"http://localhost:8790/connect/oauth2/authorize?appid=ww1&redirect_uri=http%3A%2F%2F127.0.0.1%3A8791%2Fcb&response_type=code&scope=snsapi_base&state=S&code_challenge=" + challenge + "&code_challenge_method=S256#wechat_redirect": {
			Host: "http://localhost:8790/", AppID: "ww1", Scope: "snsapi_base", RedirectURI: "http://127.0.0.1:8791/cb", State: "S", CodeChallenge: challenge},
	} {
		if got, err := site.AuthorizeURL(link); err != nil || got != want {
			t.Errorf("got  %s %v\nwant %s", got, err, want)
		}
	}
	good := site.AuthorizeLink{AppID: "ww1", RedirectURI: "https://site.example/cb", State: "S1"}
	for field, rows := range map[string][]func(*site.AuthorizeLink){
		"Host":          {func(l *site.AuthorizeLink) { l.Host = "open.example" }},
		"AppID":         {func(l *site.AuthorizeLink) { l.AppID = "" }},
		"Scope":         {func(l *site.AuthorizeLink) { l.Scope = "snsapi_login" }, func(l *site.AuthorizeLink) { l.Scope = "snsapi_base,snsapi_privateinfo" }},
		"RedirectURI":   {func(l *site.AuthorizeLink) { l.RedirectURI = "/cb" }, func(l *site.AuthorizeLink) { l.RedirectURI = `https://site.example\@evil/` }},
		"State":         {func(l *site.AuthorizeLink) { l.State = "" }, func(l *site.AuthorizeLink) { l.State = strings.Repeat("a", 129) }},
		"CodeChallenge": {func(l *site.AuthorizeLink) { l.CodeChallenge = "short" }},
	} {
		for i, change := range rows {
			link := good
			change(&link)
			if got, err := site.AuthorizeURL(link); got != "" || err == nil || !strings.Contains(err.Error(), "AuthorizeLink."+field) {
				t.Errorf("%s %d: %q %v", field, i, got, err)
			}
		}
	}
	if _, err := site.AuthorizeURL(site.AuthorizeLink{}); err == nil {
		t.Error("the zero link is one")
	}
}

func TestOldLoginURLs(t *testing.T) {
	t.Parallel()
	good := site.OldLoginLink{AppID: "wwP", RedirectURI: "https://site.example/cb", State: "S1"}
	with := func(change func(*site.OldLoginLink)) site.OldLoginLink {
		link := good
		change(&link)
		return link
	}
	const cb = "redirect_uri=https%3A%2F%2Fsite.example%2Fcb&state=S1"
	for _, c := range []struct {
		build func(site.OldLoginLink) (string, error)
		link  site.OldLoginLink
		want  string // the link, or the field that its error names
	}{
		{site.OldLoginURL, good, "https://open.work.weixin.qq.com/wwopen/sso/3rd_qrConnect?appid=wwP&" + cb},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.Host, l.UserType, l.Lang = "http://localhost:8790", "member", "en" }),
			"http://localhost:8790/wwopen/sso/3rd_qrConnect?appid=wwP&lang=en&" + cb + "&usertype=member"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.UserType = "all" }), "OldLoginLink.UserType"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.AgentID = "7" }), "OldLoginLink.AgentID"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.Host = "javascript:1" }), "OldLoginLink.Host"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.AppID = "" }), "OldLoginLink.AppID"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.RedirectURI = "//site.example" }), "OldLoginLink.RedirectURI"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.State = "a b" }), "OldLoginLink.State"},
		{site.OldLoginURL, with(func(l *site.OldLoginLink) { l.Lang = "fr" }), "OldLoginLink.Lang"},
		{site.OldCorpLoginURL, with(func(l *site.OldLoginLink) { l.AgentID = "7" }),
			"https://open.work.weixin.qq.com/wwopen/sso/qrConnect?agentid=7&appid=wwP&" + cb},
		{site.OldCorpLoginURL, good, "OldLoginLink.AgentID"},
		{site.OldCorpLoginURL, with(func(l *site.OldLoginLink) { l.AgentID, l.UserType = "7", "member" }), "OldLoginLink.UserType"},
	} {
		got, err := c.build(c.link)
		if strings.HasPrefix(c.want, "http") {
			if err != nil || got != c.want {
				t.Errorf("got  %s %v\nwant %s", got, err, c.want)
			}
		} else if got != "" || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q %v", c.want, got, err)
		}
	}
}
