package siteapi_test

import (
	"fmt"
	"net/url"
	"slices"
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
	bearers, codes := e.bearers(), e.allCodes()

	type cell struct{ path, name, token, code string }
	pass, takes := map[cell]bool{}, map[[2]string]bool{}
	allow := func(paths, names []string, token, code string) {
		for _, path := range paths {
			pass[cell{path, "", token, code}] = true // under some name
			for _, name := range names {
				pass[cell{path, name, token, code}], takes[[2]string{path, name}] = true, true
			}
		}
	}
	suite, access := []string{"suite_access_token"}, []string{"access_token"}
	for token, list := range map[string][]string{
		"login a":  {"login code of login a", "admin code of suite a", "admin code of suite a2"},
		"login a2": {"login code of login a2", "admin code of suite a", "admin code of suite a2"},
		"login b":  {"login code of login b", "admin code of suite b"},
	} {
		for _, code := range list {
			allow([]string{protocol.PathGetUserInfo3rd}, suite, token, code)
			allow([]string{protocol.PathOldGetUserInfo3rd}, append(access, suite...), token, code)
		}
	}
	for _, own := range []string{"own 1", "own 2", "own 3"} {
		for _, kind := range []string{"corp code", "corp in-client code"} {
			allow([]string{protocol.PathGetUserInfo, protocol.PathOldGetUserInfo}, access, own, kind+" of "+own)
		}
	}
	for _, s := range []string{"suite a", "suite a2", "suite b"} {
		allow([]string{protocol.PathGetUserInfo3rd}, suite, s, "in-client code of "+s)
		allow([]string{protocol.PathOldGetUserInfo3rd}, append(access, suite...), s, "in-client code of "+s)
	}
	for token, list := range map[string][]string{
		"provider a": {"admin code of suite a", "admin code of suite a2", "old login code of login a", "old login code of login a2"},
		"provider b": {"admin code of suite b", "old login code of login b"},
	} {
		for _, code := range list {
			allow([]string{protocol.PathGetLoginInfo}, []string{"access_token", "provider_access_token"}, token, code)
		}
	}
	for _, s := range []string{"suite a", "suite a2", "suite b"} {
		allow([]string{protocol.PathGetPermanentCode, protocol.PathGetPermanentCodeV2}, suite, s, "install code of "+s)
		allow([]string{protocol.PathSetSessionInfo}, suite, s, "pre-auth code of "+s)
	}

	passed, want := 0, 0
	for c := range pass {
		if c.name != "" {
			want++
		}
	}
	for _, path := range []string{protocol.PathGetUserInfo3rd, protocol.PathOldGetUserInfo3rd, protocol.PathGetUserInfo,
		protocol.PathOldGetUserInfo, protocol.PathGetLoginInfo, protocol.PathGetPermanentCode, protocol.PathGetPermanentCodeV2,
		protocol.PathSetSessionInfo} {
		for _, name := range queryNames {
			for _, b := range bearers {
				for _, c := range codes {
					if !takes[[2]string{path, name}] && !pass[cell{path, "", b.name, c.name}] {
						continue // under a name that is never taken, what would pass elsewhere is enough
					}
					code := c.mint()
					body := fmt.Sprintf(`{"auth_code":%q,"pre_auth_code":%q,"session_info":{}}`, code, code)
					got, fields := e.post(path, url.Values{name: {b.text}, "code": {code}}, body)
					if (got == 0) != pass[cell{path, name, b.name, c.name}] {
						t.Errorf("%s?%s: token %s, %s: %v", path, name, b.name, c.name, fields)
					}
					if got == 0 {
						passed++
					}
				}
			}
		}
	}
	if passed != want {
		t.Errorf("%d of %d cells passed", passed, want)
	}
}

// The rest of abuse case 4: every kind of token at the endpoints that take no code.
func TestAbuse4WithoutCode(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	permanent, err := e.apps.GrantPermanentCode(t.Context(), e.instA)
	if err != nil {
		t.Fatal(err)
	}
	bearers := e.bearers()
	authorization := fmt.Sprintf(`{"auth_corpid":%q,"permanent_code":%q,"agentid":1000004}`, e.open(0, ""), permanent)
	suites := []string{"suite a", "suite a2", "suite b"}
	contacts := []string{"own 1", "installed suite a", "installed suite b"} // those who see department 2
	for path, c := range map[string]struct {
		name, query, body string
		pass              []string
	}{
		protocol.PathGetPreAuthCode:       {"suite_access_token", "", "", suites},
		protocol.PathGetAuthInfo:          {"suite_access_token", "", authorization, suites[:1]},
		protocol.PathGetAuthInfoV2:        {"suite_access_token", "", authorization, suites[:1]},
		protocol.PathGetCorpToken:         {"suite_access_token", "", authorization, suites[:1]},
		protocol.PathServiceGetAdminList:  {"suite_access_token", "", authorization, suites[:1]},
		protocol.PathCorpIDToOpenCorpID:   {"provider_access_token", "", `{"corpid":"` + e.corps[0].id + `"}`, []string{"provider a", "provider b"}},
		protocol.PathUserGet:              {"access_token", "userid=an", "", []string{"own 1", "installed suite b"}}, // plain ids
		protocol.PathUserSimpleList:       {"access_token", "department_id=2", "", contacts},
		protocol.PathUserList:             {"access_token", "department_id=2", "", contacts},
		protocol.PathDepartmentGet:        {"access_token", "id=2", "", contacts},
		protocol.PathDepartmentList:       {"access_token", "id=2", "", contacts},
		protocol.PathDepartmentSimpleList: {"access_token", "id=2", "", contacts},
		protocol.PathUserListID:           {"access_token", "", "{}", append(contacts, "own 2", "own 3", "installed suite a2")},
		protocol.PathAgentGet:             {"access_token", "agentid=1000004", "", contacts[1:2]},
		protocol.PathAgentGetAdminList:    {"access_token", "", "", append(contacts, "own 2", "own 3", "installed suite a2")},
		protocol.PathUserIDToOpenUserID:   {"access_token", "", `{"userid_list":["an"]}`, []string{"installed suite a", "installed suite a2", "installed suite b"}},
		protocol.PathOpenUserIDToUserID:   {"access_token", "", `{"open_userid_list":["x"],"source_agentid":1000004}`, []string{"own 1", "own 2"}},
	} {
		for _, name := range queryNames {
			for _, b := range bearers {
				got, fields := e.do("POST", path+"?"+c.query+"&"+url.Values{name: {b.text}}.Encode(), c.body)
				if (got == 0) != (name == c.name && slices.Contains(c.pass, b.name)) {
					t.Errorf("%s?%s, token %s: %v", path, name, b.name, fields)
				}
			}
		}
	}
}

var queryNames = []string{"suite_access_token", "access_token", "provider_access_token"}

type bearer struct{ name, text string }

// bearers are tokens of every kind, and what is none.
func (e *env) bearers() []bearer {
	var list []bearer
	token := func(name string, kind tokens.Kind, row int64) { list = append(list, bearer{name, e.issue(kind, row)}) }
	for _, s := range []holder{e.loginA, e.loginA2, e.loginB, e.suiteA, e.suiteA2, e.suiteB} {
		token(s.name, tokens.SuiteToken, s.row)
	}
	for _, a := range []holder{e.own1, e.own2, e.own3} {
		token(a.name, tokens.CorpAppToken, a.row)
	}
	for _, p := range e.providers {
		token(p.name, tokens.ProviderToken, p.row)
	}
	for name, row := range map[string]int64{"installed suite a": e.instA, "installed suite a2": e.instA2, "installed suite b": e.instB} {
		list = append(list, bearer{name, e.installed(row)})
	}
	// Tokens of a kind that their app cannot have.
	token("suite token of own 1", tokens.SuiteToken, e.own1.row)
	token("app token of login a", tokens.CorpAppToken, e.loginA.row)
	token("provider token of login a", tokens.ProviderToken, e.loginA.row)
	token("installed token of suite a itself", tokens.InstalledToken, e.suiteA.row)
	return append(list, bearer{"ticket of login a", e.tokens.Ticket(e.loginA.row)}, bearer{"a code of login a", e.code(tokens.LoginCode, e.loginA.row)},
		bearer{"a code of suite a", e.code(tokens.InClientCode, e.suiteA.row)}, bearer{"a user ticket of suite a", e.userTicket(e.suiteA, "an")},
		bearer{"a jump", e.jump(e.suiteA, "wei")}, bearer{"no token", "x"})
}

type issued struct {
	name string
	mint func() string
}

// allCodes are codes of every kind and app, and what is none.
func (e *env) allCodes() []issued {
	list := []issued{{"a ticket", func() string { return e.tokens.Ticket(e.loginA.row) }},
		{"a token", func() string { return e.issue(tokens.SuiteToken, e.loginA.row) }},
		{"a user ticket", func() string { return e.userTicket(e.suiteA, "an") }}}
	for kind, holders := range map[tokens.Kind][]holder{
		tokens.LoginCode:    {e.loginA, e.loginA2, e.loginB, e.suiteA, e.own1},
		tokens.CorpCode:     {e.own1, e.own2, e.own3, e.loginA},
		tokens.PreAuthCode:  {e.suiteA, e.suiteA2, e.suiteB, e.loginA},
		tokens.OldLoginCode: {e.loginA, e.loginA2, e.loginB, e.suiteA, e.own1},
		// In-client codes of those who could not have any, too.
		tokens.InClientCode:     {e.suiteA, e.suiteA2, e.suiteB, e.loginA, e.own1},
		tokens.CorpInClientCode: {e.own1, e.own2, e.own3, e.suiteA, e.loginA},
	} {
		for _, h := range holders {
			list = append(list, issued{string(kind) + " of " + h.name, func() string { return e.code(kind, h.row) }})
		}
	}
	for inst, s := range map[int64]holder{e.instA: e.suiteA, e.instA2: e.suiteA2, e.instB: e.suiteB} {
		list = append(list, issued{"admin code of " + s.name, func() string { return e.jump(s, "wei") }},
			issued{"install code of " + s.name, func() string { return e.install(s, inst) }})
	}
	return append(list, issued{"admin code of login a", func() string { return e.jump(e.loginA, "wei") }},
		issued{"install code of suite a at another installation", func() string { return e.install(e.suiteA, e.instB) }})
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
		{"an ordinary suite", protocol.PathGetUserInfo3rd, suite(e.suiteA.row), tokens.LoginCode, e.loginA.row, protocol.CodeInvalidCode},
		{"another suite's in-client code", protocol.PathGetUserInfo3rd, suite(e.suiteA2.row), tokens.InClientCode, e.suiteA.row, protocol.CodeInvalidCode},
		{"the login suite with an in-client code", protocol.PathGetUserInfo3rd, suite(e.loginA.row), tokens.InClientCode, e.suiteA.row, protocol.CodeInvalidCode},
		{"another app's in-client code", protocol.PathGetUserInfo, own(e.own2.row), tokens.CorpInClientCode, e.own1.row, protocol.CodeRedirectURIUnauthorized},
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
		if c.kind == tokens.CorpCode || c.kind == tokens.CorpInClientCode {
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
