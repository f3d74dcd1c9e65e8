package site_test

import (
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/site"
)

func TestLoginURL(t *testing.T) {
	t.Parallel()
	const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for want, link := range map[string]site.LoginLink{
		"https://login.work.weixin.qq.com/wwlogin/sso/login?appid=ww1&login_type=ServiceApp&redirect_uri=https%3A%2F%2Fsite.example%2Fcb&state=S1": {AppID: "ww1", RedirectURI: "https://site.example/cb", State: "S1"},
		"http://localhost:8790/wwlogin/sso/login?agentid=7&appid=ww2&code_challenge=" + challenge + "&code_challenge_method=S256&lang=en&login_type=CorpApp&redirect_uri=http%3A%2F%2F127.0.0.1%3A8791%2Fcb%3Fa%3D1%26b%3D2%23%2Froute&state=S": {
			Host: "http://localhost:8790", AppID: "ww2", AgentID: "7", RedirectURI: "http://127.0.0.1:8791/cb?a=1&b=2#/route", State: "S", Lang: "en", CodeChallenge: challenge},
	} {
		if got, err := site.LoginURL(link); err != nil || got != want {
			t.Errorf("got  %s %v\nwant %s", got, err, want)
		}
	}
	good := site.LoginLink{AppID: "ww1", RedirectURI: "https://site.example/cb", State: "S1"}
	for field, rows := range map[string][]func(*site.LoginLink){
		"Host":      {func(l *site.LoginLink) { l.Host = "login.example" }, func(l *site.LoginLink) { l.Host = "javascript:1" }},
		"LoginType": {func(l *site.LoginLink) { l.LoginType = "X" }, func(l *site.LoginLink) { l.LoginType = "CorpApp" }, func(l *site.LoginLink) { l.LoginType, l.AgentID = "ServiceApp", "1" }},
		"AppID":     {func(l *site.LoginLink) { l.AppID = "" }},
		"RedirectURI": {
			func(l *site.LoginLink) { l.RedirectURI = "" }, func(l *site.LoginLink) { l.RedirectURI = "/cb" },
			func(l *site.LoginLink) { l.RedirectURI = "https%3A%2F%2Fsite.example%2Fcb" }, func(l *site.LoginLink) { l.RedirectURI = "javascript:alert(1)" },
			func(l *site.LoginLink) { l.RedirectURI = "https://u@site.example/" }, func(l *site.LoginLink) { l.RedirectURI = `https://site.example\@evil/` },
			func(l *site.LoginLink) { l.RedirectURI = "https://site.example/\n" },
		},
		"State":         {func(l *site.LoginLink) { l.State = "" }, func(l *site.LoginLink) { l.State = "a-b" }, func(l *site.LoginLink) { l.State = "a\n" }, func(l *site.LoginLink) { l.State = strings.Repeat("a", 129) }},
		"Lang":          {func(l *site.LoginLink) { l.Lang = "fr" }},
		"CodeChallenge": {func(l *site.LoginLink) { l.CodeChallenge = "short" }, func(l *site.LoginLink) { l.CodeChallenge = challenge + "\n" }},
	} {
		for i, change := range rows {
			link := good
			change(&link)
			if got, err := site.LoginURL(link); got != "" || err == nil || !strings.Contains(err.Error(), "LoginLink."+field) {
				t.Errorf("%s %d: %q %v", field, i, got, err)
			}
		}
	}
}
