package siteapi_test

import (
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// inClient is the code of a member of corp 1 who opened an app inside the client; details nil:
// without being asked for any.
func (e *env) inClient(app holder, userid string, details *tokens.Details) string {
	e.t.Helper()
	m := e.who(userid)
	kind, c := tokens.CorpInClientCode, tokens.Code{App: app.row, Corp: e.corps[0].row, Member: m.Row, Person: m.Person,
		Origin: trusted, At: e.clock.Now()}
	if app.id != "" {
		kind = tokens.InClientCode
		c.Installation = map[int64]int64{e.suiteA.row: e.instA, e.suiteA2.row: e.instA2, e.suiteB.row: e.instB}[app.row]
	}
	if details != nil {
		c.Private, c.Details = true, *details
	}
	e.codes++
	return e.tokens.MintCode(kind, fmt.Sprint("in client ", e.codes), c)
}

// userTicket is a user_ticket of a member of corp 1, for everything.
func (e *env) userTicket(app holder, userid string) string {
	e.t.Helper()
	m := e.who(userid)
	return e.tokens.UserTicket(tokens.UserTicketClaims{App: app.row, Corp: e.corps[0].row, Member: m.Row, Person: m.Person,
		Details: tokens.AllDetails, At: e.clock.Now()})
}

// token is the access token that goes with an app's codes.
func (e *env) token(app holder) string {
	if app.id != "" {
		return e.issue(tokens.SuiteToken, app.row)
	}
	return e.issue(tokens.CorpAppToken, app.row)
}

// agree records that a member of corp 1 agreed to be known to apps.
func (e *env) agree(userid string, list ...holder) {
	e.t.Helper()
	m := e.who(userid)
	for _, app := range list {
		if err := e.consents.Give(e.t.Context(), m.Person, m.Row, app.row); err != nil {
			e.t.Fatal(err)
		}
	}
}

// allow lets suites ask for details.
func (e *env) allow(list ...holder) {
	e.t.Helper()
	for _, s := range list {
		if err := e.apps.SetSensitive(e.t.Context(), s.row, true); err != nil {
			e.t.Fatal(err)
		}
	}
}

// The identity inside the client, by the new call and the old, and the ticket that comes with
// it: for who was asked, of who is in range, where the suite may ask.
func TestInClientIdentity(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	mobile := tokens.Mobile
	e.allow(e.suiteA, e.suiteA2)
	for _, c := range []struct {
		name    string
		app     holder
		member  string
		details *tokens.Details
		ticket  bool
	}{
		{"base", e.suiteA, "an", nil, false},
		{"private", e.suiteA, "an", &mobile, true},
		{"private, nothing ticked", e.suiteA, "an", new(tokens.Details), true},
		{"private, out of range", e.suiteA2, "an", &mobile, false},
		{"private, without the permission", e.suiteB, "an", &mobile, false},
		{"own app", e.own1, "an", nil, false},
		{"own app, private", e.own1, "an", &mobile, true},
		{"own app, private, out of range", e.own2, "an", &mobile, false},
	} {
		for _, old := range []bool{false, true} {
			path, name, want := protocol.PathGetUserInfo, "access_token", map[string]any{"userid": "An"}
			if c.app.id != "" {
				path, name = protocol.PathGetUserInfo3rd, "suite_access_token"
				want = map[string]any{"corpid": e.open(0, ""), "userid": e.open(0, "an"), "open_userid": e.open(0, "an")}
				if c.app.row == e.suiteB.row { // whose provider sees plain ids
					want = map[string]any{"corpid": e.corps[0].id, "userid": "An", "open_userid": e.open(1, "an")}
				}
			}
			if old {
				path, name = map[string]string{protocol.PathGetUserInfo3rd: protocol.PathOldGetUserInfo3rd,
					protocol.PathGetUserInfo: protocol.PathOldGetUserInfo}[path], "access_token"
				want["UserId"], want["DeviceId"] = want["userid"], ""
				delete(want, "userid")
				if id, ok := want["corpid"]; ok {
					want["CorpId"] = id
					delete(want, "corpid")
				}
			}
			got, f := e.get(path, url.Values{name: {e.token(c.app)}, "code": {e.inClient(c.app, c.member, c.details)}})
			if got != 0 {
				t.Errorf("%s at %s: %v", c.name, path, f)
				continue
			}
			ticket, _ := f["user_ticket"].(string)
			if (ticket != "") != c.ticket || len(ticket) > 512 || c.ticket && f["expires_in"] != float64(7200) || !c.ticket && f["expires_in"] != nil {
				t.Errorf("%s at %s: ticket %q, expires_in %v", c.name, path, ticket, f["expires_in"])
			}
			for _, shown := range []string{"errcode", "errmsg", "user_ticket", "expires_in"} {
				delete(f, shown)
			}
			if !maps.Equal(f, want) {
				t.Errorf("%s at %s:\n got %v\nwant %v", c.name, path, f, want)
			}
		}
	}
}

// What makes the code of a sign-in inside the client worth nothing, and that it burns none.
func TestInClientRefusals(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	code := e.inClient(e.suiteA, "an", nil)
	query := url.Values{"suite_access_token": {e.token(e.suiteA)}, "code": {code}}
	want := func(name string, code protocol.Code) {
		t.Helper()
		if got, f := e.get(protocol.PathGetUserInfo3rd, query); got != code {
			t.Errorf("%s: %v, want %d", name, f, code)
		}
	}
	query.Set("code_verifier", "x")
	want("a verifier that nobody asked for", protocol.CodeInvalidCode)
	query.Del("code_verifier")
	set := func(hosts ...string) {
		t.Helper()
		if err := e.apps.SetAddresses(t.Context(), e.suiteA.row, apps.Addresses{Trusted: hosts}); err != nil {
			t.Fatal(err)
		}
	}
	set("other.example.com")
	want("no longer trusted", protocol.CodeRedirectURIUnauthorized)
	set("app.example.com")
	if err := e.apps.Update(t.Context(), func(tx *sql.Tx) error { return e.apps.Uninstall(t.Context(), tx, e.instA) }); err != nil {
		t.Fatal(err)
	}
	want("uninstalled", protocol.CodeInvalidCode)
	if err := e.apps.Update(t.Context(), func(tx *sql.Tx) (err error) {
		e.instA, err = e.apps.Install(t.Context(), tx, apps.NewInstallation{App: e.suiteA.row, Corp: e.corps[0].row, Departments: []int64{1}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want("installed anew", protocol.CodeInvalidCode)
	query.Set("code", e.inClient(e.suiteA, "an", nil))
	want("a code of the new installation", 0)
	want("the same again", protocol.CodeInvalidCode)
	query.Set("code", e.inClient(e.suiteA, "an", nil))
	e.clock.Advance(5 * time.Minute)
	query.Set("suite_access_token", e.token(e.suiteA))
	want("after five minutes", protocol.CodeInvalidCode)
}

// Abuse case 4 for user tickets: of every token, with every ticket, at every call that opens
// one, under every query name, only the listed cells pass.
func TestAbuse4Tickets(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	holders := []holder{e.suiteA, e.suiteA2, e.suiteB, e.own1, e.own2, e.own3, e.loginA}
	e.agree("an", holders...)
	e.allow(e.suiteA, e.suiteA2, e.suiteB)
	tickets := []bearer{{"no ticket", ""}, {"a text", "x"}, {"a code", e.inClient(e.suiteA, "an", new(tokens.Details))}, {"a token", e.token(e.suiteA)}}
	for _, h := range holders {
		tickets = append(tickets, bearer{h.name, e.userTicket(h, "an")})
	}
	pass := map[string][]string{} // by path and query name: who opens its own ticket
	for path, names := range map[string][]string{
		protocol.PathGetUserDetail3rd:    {"suite_access_token"},
		protocol.PathOldGetUserDetail3rd: {"suite_access_token", "access_token"},
		protocol.PathGetUserDetail:       {"access_token"},
		protocol.PathOldGetUserDetail:    {"access_token"},
	} {
		for _, name := range queryNames {
			pass[path+"?"+name] = nil
		}
		for _, name := range names {
			pass[path+"?"+name] = []string{"suite a", "suite b"} // suite a2 has nobody in range
			if path == protocol.PathGetUserDetail || path == protocol.PathOldGetUserDetail {
				pass[path+"?"+name] = []string{"own 1"} // own 2 and own 3 neither
			}
		}
	}
	for at, list := range pass {
		for _, b := range e.bearers() {
			for _, ticket := range tickets {
				got, f := e.do("POST", at+"="+url.QueryEscape(b.text), fmt.Sprintf(`{"user_ticket":%q}`, ticket.text))
				if want := slices.Contains(list, b.name) && ticket.name == b.name; (got == 0) != want {
					t.Errorf("%s, token %s, ticket %s: %v", at, b.name, ticket.name, f)
				}
			}
		}
	}
}

// Each detail that was agreed to is shown, and no other; names never to a provider; mobile and
// email by the old call of suites alone. The same ticket works in the new call and the old.
func TestUserDetail(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.allow(e.suiteA, e.suiteB)
	e.agree("an", e.suiteA, e.suiteB, e.own1)
	if _, err := e.db.Exec(t.Context(), `UPDATE members SET email = 'an@example.com', gender = 2 WHERE userid = 'An'`); err != nil {
		t.Fatal(err)
	}
	const avatar = "https://hufu.example.com/avatar/default.png"
	details := map[tokens.Details]map[string]any{0: {}, tokens.Gender: {"gender": "2"}, tokens.Mobile: {"mobile": "138An"},
		tokens.Email: {"email": "an@example.com"}, tokens.Avatar | tokens.QRCode | tokens.BizMail | tokens.Address: {},
		tokens.AllDetails: {"gender": "2", "mobile": "138An", "email": "an@example.com"}}
	for agreed, shown := range details {
		for _, c := range []struct {
			app      holder
			info     string
			name     string
			detail   []string
			identity map[string]any
		}{
			{e.suiteA, protocol.PathGetUserInfo3rd, "suite_access_token", []string{protocol.PathGetUserDetail3rd, protocol.PathOldGetUserDetail3rd},
				map[string]any{"corpid": e.open(0, ""), "userid": e.open(0, "an"), "name": e.open(0, "an")}},
			{e.suiteB, protocol.PathOldGetUserInfo3rd, "access_token", []string{protocol.PathGetUserDetail3rd, protocol.PathOldGetUserDetail3rd},
				map[string]any{"corpid": e.corps[0].id, "userid": "An", "name": "An"}},
			{e.own1, protocol.PathGetUserInfo, "access_token", []string{protocol.PathGetUserDetail, protocol.PathOldGetUserDetail}, map[string]any{"userid": "An"}},
			{e.own1, protocol.PathOldGetUserInfo, "access_token", []string{protocol.PathGetUserDetail, protocol.PathOldGetUserDetail}, map[string]any{"userid": "An"}},
		} {
			_, info := e.get(c.info, url.Values{c.name: {e.token(c.app)}, "code": {e.inClient(c.app, "an", &agreed)}})
			for _, path := range c.detail {
				want := map[string]any{"errcode": float64(0), "errmsg": "ok", "gender": "0", "avatar": avatar}
				maps.Copy(want, c.identity)
				maps.Copy(want, shown)
				name := "access_token"
				if path == protocol.PathGetUserDetail3rd {
					name = "suite_access_token"
					delete(want, "mobile")
					delete(want, "email")
				}
				for range 2 { // it is not spent
					_, f := e.post(path, url.Values{name: {e.token(c.app)}}, fmt.Sprintf(`{"user_ticket":%q}`, info["user_ticket"]))
					if !maps.Equal(f, want) {
						t.Errorf("%s, details %07b:\n got %v\nwant %v", path, agreed, f, want)
					}
				}
			}
		}
	}
}

// Why a user_ticket is not opened.
func TestUserDetailRefusals(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.allow(e.suiteA)
	e.agree("an", e.suiteA, e.own1)
	e.agree("dan", e.suiteA)
	ctx, an := t.Context(), e.who("an")
	call := func(app holder, body string) protocol.Code {
		t.Helper()
		path, name := protocol.PathGetUserDetail, "access_token"
		if app.id != "" {
			path, name = protocol.PathGetUserDetail3rd, "suite_access_token"
		}
		got, _ := e.post(path, url.Values{name: {e.token(app)}}, body)
		return got
	}
	ticket := func(app holder, userid string) string {
		return fmt.Sprintf(`{"user_ticket":%q}`, e.userTicket(app, userid))
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := e.db.Exec(ctx, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	good, own := ticket(e.suiteA, "an"), ticket(e.own1, "an")
	for _, c := range []struct {
		name string
		got  protocol.Code
		want protocol.Code
	}{
		{"good", call(e.suiteA, good), 0},
		{"missing", call(e.suiteA, `{}`), protocol.CodeMissingUserTicket},
		{"empty", call(e.suiteA, `{"user_ticket":""}`), protocol.CodeMissingUserTicket},
		{"not JSON", call(e.suiteA, `user_ticket=x`), protocol.CodeInvalidParameter},
		{"no ticket", call(e.suiteA, `{"user_ticket":"x"}`), protocol.CodeInvalidUserTicket},
		{"an access token", call(e.suiteA, fmt.Sprintf(`{"user_ticket":%q}`, e.token(e.suiteA))), protocol.CodeInvalidUserTicket},
		{"another app's", call(e.suiteA, ticket(e.suiteB, "an")), protocol.CodeInvalidUserTicket},
		{"out of range", call(e.suiteA, ticket(e.suiteA, "dan")), protocol.CodeNotInVisibleRange},
		{"without consent", call(e.suiteA, ticket(e.suiteA, "bo")), protocol.CodeInvalidUserTicket},
		{"a suite that may not ask", call(e.suiteB, ticket(e.suiteB, "an")), protocol.CodeNoSensitiveInfoRight},
		{"an own app", call(e.own1, own), 0},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}

	if err := e.apps.SetSensitive(ctx, e.suiteA.row, false); err != nil {
		t.Fatal(err)
	}
	if got := call(e.suiteA, good); got != protocol.CodeNoSensitiveInfoRight {
		t.Errorf("the permission is gone: %d", got)
	}
	e.allow(e.suiteA)
	exec(`UPDATE members SET status = 2 WHERE id = $1`, an.Row)
	if got := call(e.suiteA, good); got != protocol.CodeInvalidUserTicket {
		t.Errorf("a disabled member: %d", got)
	}
	exec(`UPDATE members SET status = 1 WHERE id = $1`, an.Row)
	if err := e.consents.Withdraw(ctx, an.Person, an.Row, e.suiteA.row); err != nil {
		t.Fatal(err)
	}
	if got := call(e.suiteA, good); got != protocol.CodeInvalidUserTicket {
		t.Errorf("withdrawn: %d", got)
	}
	e.clock.Advance(time.Second)
	e.agree("an", e.suiteA)
	if got := call(e.suiteA, good); got != protocol.CodeInvalidUserTicket {
		t.Errorf("withdrawn, and agreed again to whatever that was: %d", got)
	}
	if got := call(e.suiteA, ticket(e.suiteA, "an")); got != 0 {
		t.Errorf("agreed again: %d", got)
	}
	if err := e.apps.SetEnabled(ctx, e.own1.row, false); err != nil {
		t.Fatal(err)
	}
	if got := call(e.own1, own); got != protocol.CodeAppDisabled {
		t.Errorf("a stopped app: %d", got)
	}
	if err := e.apps.Update(ctx, func(tx *sql.Tx) error { return e.apps.Uninstall(ctx, tx, e.instA) }); err != nil {
		t.Fatal(err)
	}
	if got := call(e.suiteA, good); got != protocol.CodeInvalidUserTicket {
		t.Errorf("uninstalled: %d", got)
	}
	e.clock.Advance(time.Second)
	if err := e.apps.Update(ctx, func(tx *sql.Tx) error {
		_, err := e.apps.Install(ctx, tx, apps.NewInstallation{App: e.suiteA.row, Corp: an.Corp.Row, Departments: []int64{1}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := call(e.suiteA, good); got != protocol.CodeInvalidUserTicket {
		t.Errorf("installed again: %d", got)
	}
	if got := call(e.suiteA, ticket(e.suiteA, "an")); got != 0 {
		t.Errorf("a ticket of the new installation: %d", got)
	}
	e.clock.Advance(7200 * time.Second)
	if got := call(e.suiteA, good); got != protocol.CodeUserTicketExpired {
		t.Errorf("after two hours: %d", got)
	}
}
