package siteapi_test

import (
	"net/url"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// Abuse case 4: of every kind of token, at every endpoint, under every query name, with
// every kind of code of every app, only the cells listed here pass; every other cell is
// refused, and burns no code.
func TestAbuse4(t *testing.T) {
	t.Parallel()
	e := newEnv(t)

	type bearer struct{ name, text string }
	var bearers []bearer
	token := func(name string, kind tokens.Kind, row int64) {
		bearers = append(bearers, bearer{name, e.issue(kind, row)})
	}
	token("login a", tokens.SuiteToken, e.loginA.row)
	token("login a2", tokens.SuiteToken, e.loginA2.row)
	token("login b", tokens.SuiteToken, e.loginB.row)
	token("suite a", tokens.SuiteToken, e.suiteA.row)
	token("own 1", tokens.CorpAppToken, e.own1.row)
	token("own 2", tokens.CorpAppToken, e.own2.row)
	token("own 3", tokens.CorpAppToken, e.own3.row)
	token("provider a", tokens.ProviderToken, e.providers[0].row)
	token("provider b", tokens.ProviderToken, e.providers[1].row)
	// Tokens of a kind that their app cannot have.
	token("suite token of own 1", tokens.SuiteToken, e.own1.row)
	token("app token of login a", tokens.CorpAppToken, e.loginA.row)
	token("provider token of login a", tokens.ProviderToken, e.loginA.row)
	bearers = append(bearers, bearer{"ticket of login a", e.tokens.Ticket(e.loginA.row)},
		bearer{"a code of login a", e.code(tokens.LoginCode, e.loginA.row)})

	type issued struct {
		name string
		mint func() string
	}
	var codes []issued
	for _, c := range []struct {
		name string
		kind tokens.Kind
		row  int64
	}{
		{"login code of login a", tokens.LoginCode, e.loginA.row},
		{"login code of login a2", tokens.LoginCode, e.loginA2.row},
		{"login code of login b", tokens.LoginCode, e.loginB.row},
		{"login code of suite a", tokens.LoginCode, e.suiteA.row},
		{"login code of own 1", tokens.LoginCode, e.own1.row},
		{"corp code of own 1", tokens.CorpCode, e.own1.row},
		{"corp code of own 2", tokens.CorpCode, e.own2.row},
		{"corp code of own 3", tokens.CorpCode, e.own3.row},
		{"corp code of login a", tokens.CorpCode, e.loginA.row},
	} {
		codes = append(codes, issued{c.name, func() string { return e.code(c.kind, c.row) }})
	}
	codes = append(codes, issued{"a ticket", func() string { return e.tokens.Ticket(e.loginA.row) }},
		issued{"a token", func() string { return bearers[0].text }})

	endpoints := map[string]string{ // path: what it takes
		protocol.PathGetUserInfo3rd:    "suite_access_token",
		protocol.PathOldGetUserInfo3rd: "access_token suite_access_token",
		protocol.PathGetUserInfo:       "access_token",
		protocol.PathOldGetUserInfo:    "access_token",
	}
	pass := map[[3]string]bool{} // path, token, code
	for _, path := range []string{protocol.PathGetUserInfo3rd, protocol.PathOldGetUserInfo3rd} {
		pass[[3]string{path, "login a", "login code of login a"}] = true
		pass[[3]string{path, "login a2", "login code of login a2"}] = true
		pass[[3]string{path, "login b", "login code of login b"}] = true
	}
	for _, path := range []string{protocol.PathGetUserInfo, protocol.PathOldGetUserInfo} {
		pass[[3]string{path, "own 1", "corp code of own 1"}] = true
		pass[[3]string{path, "own 2", "corp code of own 2"}] = true
		pass[[3]string{path, "own 3", "corp code of own 3"}] = true
	}

	passed := 0
	for path, names := range endpoints {
		for _, name := range []string{"suite_access_token", "access_token", "provider_access_token"} {
			for _, b := range bearers {
				for _, c := range codes {
					code := c.mint()
					got, fields := e.get(path, url.Values{name: {b.text}, "code": {code}})
					want := pass[[3]string{path, b.name, c.name}] && takes(names, name)
					if (got == 0) != want {
						t.Errorf("%s?%s: token %s, %s: %v", path, name, b.name, c.name, fields)
					}
					if got == 0 {
						passed++
					}
				}
			}
		}
	}
	// 3 suites at the new endpoint, and at the old one under two names; 3 apps at two.
	if passed != 3+3*2+3*2 {
		t.Errorf("%d cells passed", passed)
	}
	// user/get takes an own app's token alone.
	for _, name := range []string{"suite_access_token", "access_token", "provider_access_token"} {
		for _, b := range bearers {
			got, fields := e.get(protocol.PathUserGet, url.Values{name: {b.text}, "userid": {"wei"}})
			if (got == 0) != (name == "access_token" && b.name == "own 1") {
				t.Errorf("user/get?%s, token %s: %v", name, b.name, fields)
			}
		}
	}
}

func takes(names, name string) bool {
	return names == name || names == "access_token suite_access_token" && name != "provider_access_token"
}

// The codes of the refusals of abuse case 4, and that a refusal burns nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	suite := func(row int64) string { return e.issue(tokens.SuiteToken, row) }
	own := func(row int64) string { return e.issue(tokens.CorpAppToken, row) }
	for _, c := range []struct {
		name, path string
		token      string
		kind       tokens.Kind
		issuer     int64
		want       protocol.Code
	}{
		{"another login suite's code", protocol.PathGetUserInfo3rd, suite(e.loginB.row), tokens.LoginCode, e.loginA.row, protocol.CodeInvalidCode},
		{"another app's code", protocol.PathGetUserInfo, own(e.own2.row), tokens.CorpCode, e.own1.row, protocol.CodeRedirectURIUnauthorized},
		{"another corp's app", protocol.PathGetUserInfo, own(e.own3.row), tokens.CorpCode, e.own1.row, protocol.CodeRedirectURIUnauthorized},
		{"an ordinary suite", protocol.PathGetUserInfo3rd, suite(e.suiteA.row), tokens.LoginCode, e.loginA.row, protocol.CodeAPIForbidden},
		{"a provider's token", protocol.PathGetUserInfo3rd, e.issue(tokens.ProviderToken, e.providers[0].row), tokens.LoginCode, e.loginA.row, protocol.CodeInvalidSuiteAccessToken},
		{"an app's token at a suite's endpoint", protocol.PathGetUserInfo3rd, own(e.own1.row), tokens.LoginCode, e.loginA.row, protocol.CodeInvalidSuiteAccessToken},
		{"a suite's token at an app's endpoint", protocol.PathGetUserInfo, suite(e.loginA.row), tokens.CorpCode, e.own1.row, protocol.CodeInvalidAccessToken},
		{"a corp code at a suite's endpoint", protocol.PathGetUserInfo3rd, suite(e.loginA.row), tokens.CorpCode, e.own1.row, protocol.CodeInvalidCode},
	} {
		code := e.code(c.kind, c.issuer)
		name := "access_token"
		if c.path == protocol.PathGetUserInfo3rd {
			name = "suite_access_token"
		}
		if got, fields := e.get(c.path, url.Values{name: {c.token}, "code": {code}}); got != c.want {
			t.Errorf("%s: %v, want %d", c.name, fields, c.want)
		}
		// The code is still good for the app that issued it.
		right, query := protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {suite(c.issuer)}, "code": {code}}
		if c.kind == tokens.CorpCode {
			right, query = protocol.PathGetUserInfo, url.Values{"access_token": {own(c.issuer)}, "code": {code}}
		}
		if got, fields := e.get(right, query); got != 0 {
			t.Errorf("%s burned the code: %v", c.name, fields)
		}
	}
}

// Two providers see the same member under ids that have nothing in common; two suites of
// one provider see the same.
func TestProvidersCannotLink(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	who := func(h holder) [3]string {
		got, f := e.get(protocol.PathGetUserInfo3rd, url.Values{
			"suite_access_token": {e.issue(tokens.SuiteToken, h.row)}, "code": {e.code(tokens.LoginCode, h.row)}})
		if got != 0 {
			t.Fatalf("%s: %v", h.name, f)
		}
		var ids [3]string
		for i, name := range []string{"corpid", "userid", "open_userid"} {
			ids[i], _ = f[name].(string)
			if ids[i] == "" || len(ids[i]) > 64 {
				t.Errorf("%s: %s %q", h.name, name, ids[i])
			}
		}
		return ids
	}
	a, again, a2, b := who(e.loginA), who(e.loginA), who(e.loginA2), who(e.loginB)
	if a != again || a != a2 {
		t.Errorf("one provider sees %v, %v and %v", a, again, a2)
	}
	for i := range a {
		if a[i] == b[i] || a[i] == e.corps[0].id || a[i] == "Wei" || a[i] == "wei" {
			t.Errorf("providers see %q and %q", a[i], b[i])
		}
	}
}

// A token lives as long as its secret's generation: a reset kills it, and the same request
// then gives another text.
func TestRevoked(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	token := e.issue(tokens.SuiteToken, e.loginA.row)
	own := e.issue(tokens.CorpAppToken, e.own1.row)
	if _, err := e.db.Exec(t.Context(), `UPDATE apps SET secret_generation = 2`); err != nil {
		t.Fatal(err)
	}
	if err := e.apps.SetBrand(t.Context(), e.providers[0].row, "anew"); err != nil { // a write through the service: what it kept is read anew
		t.Fatal(err)
	}
	code := e.code(tokens.LoginCode, e.loginA.row)
	if got, f := e.get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {token}, "code": {code}}); got != protocol.CodeInvalidSuiteAccessToken {
		t.Errorf("revoked suite token: %v", f)
	}
	if got, f := e.get(protocol.PathUserGet, url.Values{"access_token": {own}, "userid": {"wei"}}); got != protocol.CodeInvalidAccessToken {
		t.Errorf("revoked app token: %v", f)
	}
	fresh, _, err := e.tokens.Issue(t.Context(), tokens.SuiteToken, e.loginA.row, 2)
	if err != nil || fresh == token {
		t.Fatalf("after the reset: the same token %v, %v", fresh == token, err)
	}
	if got, f := e.get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {fresh}, "code": {code}}); got != 0 {
		t.Errorf("the new token: %v", f)
	}
}

// What stands between a good code and its answer: a member who left or was disabled, and,
// for user/get, the visible range.
func TestMemberGone(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	own1, own2 := e.issue(tokens.CorpAppToken, e.own1.row), e.issue(tokens.CorpAppToken, e.own2.row)
	if got, f := e.get(protocol.PathUserGet, url.Values{"access_token": {own1}, "userid": {"WEI"}}); got != 0 || f["userid"] != "Wei" {
		t.Errorf("in range: %v", f)
	}
	if got, f := e.get(protocol.PathUserGet, url.Values{"access_token": {own2}, "userid": {"wei"}}); got != protocol.CodeNoPrivilege {
		t.Errorf("out of range: %v", f)
	}
	// The exchange answers whether or not the member is in range (98177).
	if got, f := e.get(protocol.PathGetUserInfo, url.Values{"access_token": {own2}, "code": {e.code(tokens.CorpCode, e.own2.row)}}); got != 0 || f["userid"] != "Wei" {
		t.Errorf("exchange of a member out of range: %v", f)
	}
	suite, code := e.issue(tokens.SuiteToken, e.loginA.row), e.code(tokens.LoginCode, e.loginA.row)
	query := url.Values{"suite_access_token": {suite}, "code": {code}}
	if _, err := e.db.Exec(t.Context(), `UPDATE members SET status = 2`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.get(protocol.PathGetUserInfo3rd, query); got != protocol.CodeInvalidCode {
		t.Errorf("a disabled member: %v", f)
	}
	if _, err := e.db.Exec(t.Context(), `UPDATE members SET status = 1`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.get(protocol.PathGetUserInfo3rd, query); got != 0 {
		t.Errorf("enabled again: %v", f)
	}
}

// When the store does not say that a code is spent, the code is not honoured: system busy,
// and not a word about the person.
func TestInDoubtRefuse(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	query := url.Values{"suite_access_token": {e.issue(tokens.SuiteToken, e.loginA.row)}, "code": {e.code(tokens.LoginCode, e.loginA.row)}}
	if _, err := e.db.Exec(t.Context(), `CREATE TRIGGER broken BEFORE INSERT ON spent_codes BEGIN SELECT RAISE(FAIL, 'broken'); END`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.get(protocol.PathGetUserInfo3rd, query); got != protocol.CodeSystemBusy || f["userid"] != nil || f["corpid"] != nil {
		t.Errorf("while the store fails: %v", f)
	}
	if _, err := e.db.Exec(t.Context(), `DROP TRIGGER broken`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.get(protocol.PathGetUserInfo3rd, query); got != 0 {
		t.Errorf("afterwards: %v", f)
	}
}
