package platform_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// bearers are tokens of every kind, of the sample's apps and of the second provider's.
func bearers(t *testing.T, p *platformtest.Platform) map[string]string {
	t.Helper()
	s := p.Sample
	provider := func(corpid, secret string) string {
		return send(t, "POST", p.URL()+protocol.PathGetProviderToken, jsonOf("corpid", corpid, "provider_secret", secret)).text("provider_access_token")
	}
	suite := p.SuiteTokenOf(s.SuiteID, s.SuiteSecret)
	list := map[string]string{
		"login suite": p.SuiteToken(), "suite": suite, "provider": provider(s.ProviderCorpID, s.ProviderSecret), "own app": appToken(t, p),
		"installed": send(t, "POST", p.URL()+protocol.PathGetCorpToken+"?suite_access_token="+suite,
			jsonOf("auth_corpid", s.OpenCorpID, "permanent_code", s.PermanentCode)).text("access_token"),
		"second login suite": p.SuiteTokenOf(s.Second.LoginSuiteID, s.Second.LoginSuiteSecret),
		"second suite":       p.SuiteTokenOf(s.Second.SuiteID, s.Second.SuiteSecret),
		"second provider":    provider(s.Second.CorpID, s.Second.Secret),
	}
	for name, token := range list {
		if token == "" {
			t.Fatalf("no token of %s", name)
		}
	}
	return list
}

// Abuse case 4 for all ways at once: a code or ticket of each kind at each call that takes one,
// with a token of each kind. Only the listed cells pass, and what was refused burned nothing.
func TestAbuse4EveryWay(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{Origin: platformtest.Origin, BusinessURL: platformtest.Origin + "/admin"}})
	s := p.Sample
	tokens := bearers(t, p)
	admin, member := s.CorpID+"/"+s.Admin, s.CorpID+"/"+s.Member
	ticket := func(kind, app, call, token string) func() string {
		return func() string {
			code := codeFor(t, p, kind, app, member)
			id := api(t, p, call, "suite_access_token", token, "access_token", token, "code", code)
			if id.text("user_ticket") == "" {
				t.Fatalf("no ticket: %s", id.body)
			}
			return id.text("user_ticket")
		}
	}
	code := func(kind, app, member string) func() string {
		return func() string { return codeFor(t, p, kind, app, member) }
	}
	third := []string{protocol.PathGetUserInfo3rd, protocol.PathOldGetUserInfo3rd}
	own := []string{protocol.PathGetUserInfo, protocol.PathOldGetUserInfo}
	detail3rd := []string{protocol.PathGetUserDetail3rd, protocol.PathOldGetUserDetail3rd}
	detail := []string{protocol.PathGetUserDetail, protocol.PathOldGetUserDetail}
	install := []string{protocol.PathGetPermanentCode, protocol.PathGetPermanentCodeV2}
	every := slices.Concat(third, own, []string{protocol.PathGetLoginInfo, protocol.PathSetSessionInfo}, detail3rd, detail, install)

	for _, kind := range []struct {
		name string
		make func() string
		good map[string][]string // token: calls
	}{
		{"login code", code("login", s.LoginSuiteID, member), map[string][]string{"login suite": third}},
		{"corp code", code("corp", corpApp(p), member), map[string][]string{"own app": own}},
		{"admin code", code("admin", s.SuiteID, admin), map[string][]string{"login suite": third, "provider": {protocol.PathGetLoginInfo}}},
		{"old login code", code("legacy", s.ProviderCorpID, member), map[string][]string{"provider": {protocol.PathGetLoginInfo}}},
		{"old login code of an admin", code("legacy", s.ProviderCorpID, admin), map[string][]string{"provider": {protocol.PathGetLoginInfo}}},
		{"in-client code", code("oauth", s.SuiteID, member), map[string][]string{"suite": third}},
		{"in-client code with details", code("oauth_private", s.SuiteID, member), map[string][]string{"suite": third}},
		{"in-client code of the own app", code("oauth", corpApp(p), member), map[string][]string{"own app": own}},
		{"the same with details", code("corp_private", corpApp(p), member), map[string][]string{"own app": own}},
		{"user ticket", ticket("oauth_private", s.SuiteID, protocol.PathGetUserInfo3rd, tokens["suite"]), map[string][]string{"suite": detail3rd}},
		{"user ticket of the own app", ticket("corp_private", corpApp(p), protocol.PathGetUserInfo, tokens["own app"]), map[string][]string{"own app": detail}},
		{"suite ticket", func() string {
			var out struct {
				Ticket string `json:"suite_ticket"`
			}
			p.Control("GET", "/suites/"+s.SuiteID+"/ticket", nil, &out)
			return out.Ticket
		}, nil},
		{"suite token", func() string { return tokens["suite"] }, nil},
		{"provider token", func() string { return tokens["provider"] }, nil},
		{"own app's token", func() string { return tokens["own app"] }, nil},
		{"web key", func() string { return openPage(t, p).WebKey }, nil},
		// Last: a permanent code that is fetched anew ends the token of the installation.
		{"install code", code("install", s.SuiteID, admin), map[string][]string{"suite": install}},
	} {
		text := kind.make()
		for holder, token := range tokens {
			for _, call := range every {
				if slices.Contains(kind.good[holder], call) {
					continue
				}
				if a := present(t, p, call, token, text); a.code(t) == 0 {
					t.Errorf("%s at %s with the token of %s: %s", kind.name, call, holder, a.body)
				}
			}
		}
		lasts, used := strings.Contains(kind.name, "ticket"), false
		for holder, calls := range kind.good {
			for _, call := range calls {
				if used && !lasts {
					text = kind.make()
				}
				used = true
				if a := present(t, p, call, tokens[holder], text); a.code(t) != 0 {
					t.Errorf("%s at %s with the token of %s: %s", kind.name, call, holder, a.body)
				}
				again := present(t, p, call, tokens[holder], text)
				if spent := again.code(t) != 0; spent == lasts {
					t.Errorf("%s at %s again: %s", kind.name, call, again.body)
				}
			}
		}
	}
}

// present calls an endpoint with a token under every name, and a text as whatever it takes.
func present(t testing.TB, p *platformtest.Platform, call, token, text string) answer {
	t.Helper()
	query := url.Values{"code": {text}}
	for _, name := range []string{protocol.QuerySuiteAccessToken, protocol.QueryAccessToken, protocol.QueryProviderAccessToken} {
		query.Set(name, token)
	}
	body := ""
	method := "GET"
	if !strings.Contains(call, "getuserinfo") {
		method, body = "POST", jsonOf("auth_code", text, "user_ticket", text, "pre_auth_code", text)
	}
	return send(t, method, p.URL()+call+"?"+query.Encode(), body)
}

// Abuse case 12 for the codes of the other ways: a verifier belongs to a link with a challenge,
// and the old pages know none.
func TestAbuse12EveryWay(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	s := p.Sample
	tokens := bearers(t, p)
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
	member := s.CorpID + "/" + s.Member
	for _, c := range []struct{ kind, app, call, token string }{
		{"oauth", s.SuiteID, protocol.PathGetUserInfo3rd, "suite"}, {"oauth_private", s.SuiteID, protocol.PathOldGetUserInfo3rd, "suite"},
		{"oauth", corpApp(p), protocol.PathGetUserInfo, "own app"}, {"corp_private", corpApp(p), protocol.PathOldGetUserInfo, "own app"},
		{"corp", corpApp(p), protocol.PathGetUserInfo, "own app"},
	} {
		text := codeFor(t, p, c.kind, c.app, member)
		with := func(verifier string) answer {
			return api(t, p, c.call, "suite_access_token", tokens[c.token], "access_token", tokens[c.token], "code", text, protocol.QueryCodeVerifier, verifier)
		}
		if a := with(verifier); a.code(t) != protocol.CodeInvalidCode {
			t.Errorf("%s at %s, an unexpected verifier: %s", c.kind, c.call, a.body)
		}
		if a := with(""); a.code(t) != 0 {
			t.Errorf("%s at %s, none: %s", c.kind, c.call, a.body)
		}
	}
	// A challenge in a link to an old page is not kept. Who counts on it has a verifier, and with
	// that the code is none.
	link := p.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "s")
	link.Set(protocol.ParamCodeChallenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
	link.Set(protocol.ParamCodeChallengeMethod, protocol.ChallengeS256)
	page := p.OpenOld(protocol.PathOldCorpLogin, link)
	p.Control("POST", "/confirm", map[string]string{"qr": page.OldQR(), "member": member}, nil)
	text := stateNow(page).AuthCode
	if a := api(t, p, protocol.PathGetUserInfo, "access_token", tokens["own app"], "code", text, protocol.QueryCodeVerifier, verifier); a.code(t) != protocol.CodeInvalidCode {
		t.Errorf("an old page's code with a verifier: %s", a.body)
	}
}
