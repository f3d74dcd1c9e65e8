package siteapi_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// Every call is written down for whose app it was, with the reason that the caller is not
// told, and without anything the caller sent.
func TestCallsAreRecorded(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	suite, code := e.issue(tokens.SuiteToken, e.loginB.row), e.code(tokens.LoginCode, e.loginA.row)
	installed, own := e.installed(e.instA), e.issue(tokens.CorpAppToken, e.own1.row)
	e.get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {suite}, "code": {code}})
	e.login(code)
	e.login(code)
	e.get(protocol.PathUserGet, with(installed, "userid", "an"))
	e.get(protocol.PathUserGet, with(own, "userid", "an"))
	e.post(protocol.PathGetSuiteToken, nil, quoted(`{"suite_id":%q,"suite_secret":"canary secret","suite_ticket":"canary ticket"}`, e.suiteA.id))
	e.get(protocol.PathUserGet, with("canary token", "userid", "an"))
	e.get(protocol.PathUserGet, with(suite, "userid", "an"))
	type fate struct {
		path   string
		code   protocol.Code
		reason string
		app    int64
		corp   int64
	}
	for owner, want := range map[int64][]fate{
		e.providers[0].row: {
			{protocol.PathGetSuiteToken, protocol.CodeInvalidSuiteSecret, "", e.suiteA.row, 0},
			{protocol.PathUserGet, protocol.CodeUserNotFound, "no such member under the ids this provider sees, which are encrypted", e.suiteA.row, e.corps[0].row},
			{protocol.PathGetUserInfo3rd, protocol.CodeInvalidCode, "code already spent", e.loginA.row, e.corps[0].row},
			{protocol.PathGetUserInfo3rd, 0, "", e.loginA.row, e.corps[0].row},
		},
		e.providers[1].row: {{protocol.PathGetUserInfo3rd, protocol.CodeInvalidCode, "code of another app", e.loginB.row, 0}},
		e.corps[0].row:     {{protocol.PathUserGet, 0, "", e.own1.row, e.corps[0].row}},
		0: {{protocol.PathUserGet, protocol.CodeInvalidAccessToken, "not a call for a suite token", 0, 0},
			{protocol.PathUserGet, protocol.CodeInvalidAccessToken, "not a token of this platform", 0, 0}},
	} {
		list, err := e.log.Recent(t.Context(), owner, calls.Query{})
		if err != nil || len(list) != len(want) {
			t.Errorf("owner %d: %+v %v", owner, list, err)
			continue
		}
		for i, c := range list {
			if got := (fate{c.Path, c.ErrCode, c.Reason, c.App, c.Corp}); got != want[i] {
				t.Errorf("owner %d, call %d: %+v, want %+v", owner, i, got, want[i])
			}
			if c.Request == "" || !c.Address.IsLoopback() || c.Took < 0 {
				t.Errorf("call %+v", c)
			}
			for _, secret := range []string{"canary", suite, code, installed, own, "an\""} {
				if strings.Contains(shown(t, c), secret) {
					t.Errorf("the record shows what was sent: %+v", c)
				}
			}
		}
	}
}

// Calls with made-up tokens fill no disk, and take no room from those that are somebody's.
func TestStrangersCallsAreFew(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	own := e.issue(tokens.CorpAppToken, e.own1.row)
	for range 100 {
		e.get(protocol.PathUserGet, with("made up", "userid", "an"))
	}
	for range 3 {
		e.get(protocol.PathUserGet, with(own, "userid", "an"))
	}
	if list, err := e.log.Recent(t.Context(), e.corps[0].row, calls.Query{}); err != nil || len(list) != 3 {
		t.Errorf("%d calls of the corp, %v", len(list), err)
	}
	var kept int
	if err := e.db.Query(`SELECT COUNT(*) FROM api_calls WHERE owner = 0`).Row(t.Context()).Scan(&kept); err != nil || kept > 60 || kept == 0 {
		t.Errorf("%d calls that are nobody's, %v", kept, err)
	}
}
