package siteapi_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// oldLogin is the code of an old login (3rd_qrConnect) at a login suite, by somebody of corp 1;
// empty userid: by its external admin.
func (e *env) oldLogin(login holder, userid string) string {
	e.t.Helper()
	c := tokens.Code{App: login.row, Corp: e.corps[0].row, Person: e.ext, Origin: trusted, At: e.clock.Now()}
	if userid != "" {
		m := e.who(userid)
		c.Member, c.Person = m.Row, m.Person
	}
	e.codes++
	return e.tokens.MintCode(tokens.OldLoginCode, fmt.Sprint("old login ", e.codes), c)
}

// What get_login_info shows of who came through the old login (91125): members alone of
// themselves, administrators with what they administer.
func TestOldLogin(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	user := func(name string) string {
		id := e.open(0, name)
		return quoted(`{"name":%q,"open_userid":%q,"userid":%q}`, id, id, id)
	}
	for name, c := range map[string]struct {
		id, user         string
		usertype         float64
		agents, authInfo string
	}{
		"creator":   {"wei", user("wei"), 1, `[{"agentid":1000004,"auth_type":1},{"agentid":1000005,"auth_type":1}]`, `{"department":[{"id":1,"writable":true}]}`},
		"sub-admin": {"an", user("an"), 4, `[{"agentid":1000004,"auth_type":1},{"agentid":1000005,"auth_type":0}]`, `{"department":[{"id":2,"writable":true},{"id":4,"writable":false}]}`},
		"external":  {"", `{}`, 3, `[{"agentid":1000004,"auth_type":1},{"agentid":1000005,"auth_type":1}]`, `{"department":[{"id":1,"writable":true}]}`},
		"member":    {"dan", user("dan"), 5, `null`, `null`},
	} {
		got, f := e.loginInfo(e.oldLogin(e.loginA, c.id))
		if got != 0 || f["usertype"] != c.usertype || shown(t, f["user_info"]) != c.user || shown(t, f["agent"]) != c.agents ||
			shown(t, f["auth_info"]) != c.authInfo || shown(t, f["corp_info"]) != quoted(`{"corpid":%q}`, e.open(0, "")) {
			t.Errorf("%s: %s", name, shown(t, f))
		}
	}
	// Once, and nowhere else.
	code := e.oldLogin(e.loginA, "dan")
	if got, f := e.login(code); got != protocol.CodeInvalidCode {
		t.Errorf("at getuserinfo3rd: %v", f)
	}
	if got, f := e.loginInfo(code); got != 0 {
		t.Errorf("refused elsewhere, then at its own place: %v", f)
	}
	if got, f := e.loginInfo(code); got != protocol.CodeInvalidCode || shown(t, f["agent"]) != "[]" {
		t.Errorf("again: %v", f)
	}
	// Whether the new login is switched on makes no difference.
	if err := e.apps.SetEnabled(t.Context(), e.loginA.row, false); err != nil {
		t.Fatal(err)
	}
	if got, f := e.loginInfo(e.oldLogin(e.loginA, "dan")); got != 0 {
		t.Errorf("new login off: %v", f)
	}
}

// What makes the code of an old login worthless between page and exchange. A refusal burns
// nothing.
func TestOldLoginWithdrawn(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	app, err := e.apps.App(t.Context(), e.loginA.row)
	if err != nil {
		t.Fatal(err)
	}
	addresses := app.Addresses
	moved := addresses
	moved.Trusted, moved.Development = []string{"elsewhere.example"}, nil
	exec := func(query string) func() error {
		return func() error {
			if _, err := e.db.Exec(t.Context(), query); err != nil {
				return err
			}
			return e.apps.SetBrand(t.Context(), e.providers[0].row, "anew") // what is kept in memory is read anew
		}
	}
	set := func(a apps.Addresses) func() error {
		return func() error { return e.apps.SetAddresses(t.Context(), e.loginA.row, a) }
	}
	old := func(on bool) func() error {
		return func() error { return e.apps.SetOldLogin(t.Context(), e.providers[0].row, on) }
	}
	for name, c := range map[string]struct {
		userid         string
		withdraw, mend func() error
		want           protocol.Code
	}{
		"domain taken back":     {"dan", set(moved), set(addresses), protocol.CodeRedirectURIUnauthorized},
		"old login off":         {"dan", old(false), old(true), protocol.CodeAPIForbidden},
		"member disabled":       {"dan", exec(`UPDATE members SET status = 2 WHERE userid_key = 'dan'`), exec(`UPDATE members SET status = 1`), protocol.CodeInvalidCode},
		"external admin gone":   {"", exec(fmt.Sprintf(`UPDATE admins SET corp_id = %d WHERE member_id = 0`, e.corps[1].row)), exec(fmt.Sprintf(`UPDATE admins SET corp_id = %d WHERE member_id = 0`, e.corps[0].row)), protocol.CodeInvalidCode},
		"another kind of suite": {"dan", exec(fmt.Sprintf(`UPDATE apps SET kind = 'suite' WHERE id = %d`, e.loginA.row)), exec(fmt.Sprintf(`UPDATE apps SET kind = 'login_suite' WHERE id = %d`, e.loginA.row)), protocol.CodeInvalidCode},
	} {
		code := e.oldLogin(e.loginA, c.userid)
		if err := c.withdraw(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, f := e.loginInfo(code); got != c.want || f["user_info"] != nil {
			t.Errorf("%s: %v", name, f)
		}
		if err := c.mend(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, f := e.loginInfo(code); got != 0 {
			t.Errorf("%s, mended: %v", name, f)
		}
	}
	// An admin who is none any more is a member like others.
	code := e.oldLogin(e.loginA, "an")
	if err := exec(fmt.Sprintf(`DELETE FROM admins WHERE person_id = %d`, e.who("an").Person))(); err != nil {
		t.Fatal(err)
	}
	if got, f := e.loginInfo(code); got != 0 || f["usertype"] != 5.0 || f["agent"] != nil || f["auth_info"] != nil {
		t.Errorf("no longer an admin: %v", f)
	}
	// Another provider, and a person in no company.
	query := url.Values{"access_token": {e.issue(tokens.ProviderToken, e.providers[1].row)}}
	if got, f := e.post(protocol.PathGetLoginInfo, query, authCode(e.oldLogin(e.loginA, "dan"))); got != protocol.CodeInvalidCode {
		t.Errorf("another provider: %v", f)
	}
	nobody := e.tokens.MintCode(tokens.OldLoginCode, "nobody", tokens.Code{App: e.loginA.row, Person: e.ext, Origin: trusted, At: e.clock.Now()})
	if got, f := e.loginInfo(nobody); got != protocol.CodeInvalidCode {
		t.Errorf("in no company: %v", f)
	}
}
