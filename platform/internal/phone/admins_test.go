package phone_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// Where administrators alone are asked (usertype=admin), they answer for the company that they
// administer, external ones too; who is none is told so, and the QR code is left to others.
func TestAdminsAlone(t *testing.T) {
	t.Parallel()
	for person, admin := range map[string]bool{consoletest.System: true, consoletest.Sub: true, consoletest.External: true,
		consoletest.Member: false, consoletest.Disabled: false, consoletest.Operator: false} {
		t.Run(person, func(t *testing.T) {
			t.Parallel()
			c := newConsolePhone(t, person)
			c.json = true
			suite, _, err := c.Apps.NewSuite(t.Context(), c.Hills.Row, apps.LoginSuite, "login")
			if err != nil {
				t.Fatal(err)
			}
			keys, err := c.Attempts.Begin(t.Context(), attempt.Request{App: suite.Row, Kind: tokens.OldLoginCode, Admins: true,
				Page: attempt.OldProviderPage, RedirectURI: "https://site.example/", Origin: "https://site.example", Address: netip.MustParseAddr("192.0.2.1")})
			if err != nil {
				t.Fatal(err)
			}
			q := "/q/" + keys.QRKey
			view := func(method, path string, form url.Values, status int) (v map[string]any) {
				t.Helper()
				got := c.do(method, path, form)
				if got.Code != status {
					t.Fatalf("%s %s: %d %s", method, path, got.Code, got.Body)
				}
				if status != http.StatusSeeOther {
					if err := json.Unmarshal(got.Body.Bytes(), &v); err != nil {
						t.Fatal(err)
					}
				}
				return v
			}
			if !admin {
				for _, method := range []string{"GET", "POST"} {
					path := map[string]string{"GET": q, "POST": q + "/scan"}[method]
					if v := view(method, path, nil, http.StatusForbidden); v["reason"] != "admins" {
						t.Errorf("%s: %v", path, v)
					}
				}
				if a := c.step(keys); a.Step != attempt.Created {
					t.Errorf("pinned: %+v", a)
				}
				c.json = false
				if page := c.do("GET", q, nil).Body.String(); !strings.Contains(page, "只有管理员能在这里登录") {
					t.Error("the page does not say so")
				}
				return
			}
			if v := view("GET", q, nil, http.StatusOK); v["admins"] != true {
				t.Errorf("ask: %v", v)
			}
			view("POST", q+"/scan", nil, http.StatusSeeOther)
			v := view("GET", q, nil, http.StatusOK)
			share, as := "encrypted", strconv.FormatInt(c.MemberRow[person], 10)
			if person == consoletest.External {
				share, as = "admin", "admin-"+strconv.FormatInt(c.Galaxy.Row, 10)
			}
			if v["admins"] != true || v["company"] != c.Galaxy.Name || v["name"] != person || v["share"] != share || v["decide_url"] != q+"/decide?as="+as {
				t.Errorf("confirm: %v", v)
			}
			view("POST", q+"/decide?as="+as, url.Values{"decision": {"confirm"}, "number": {strconv.FormatInt(c.step(keys).Number, 10)}}, http.StatusSeeOther)
			if a := c.step(keys); a.Step != attempt.Confirmed || a.Corp != c.Galaxy.Row || a.Member != c.MemberRow[person] {
				t.Errorf("%+v", a)
			}
		})
	}
}

// An administrator who is none any more by the time of the answer confirms nothing.
func TestAdminNoLonger(t *testing.T) {
	t.Parallel()
	c := newConsolePhone(t, consoletest.System)
	suite, _, err := c.Apps.NewSuite(t.Context(), c.Hills.Row, apps.LoginSuite, "login")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := c.Attempts.Begin(t.Context(), attempt.Request{App: suite.Row, Admins: true, Origin: "https://site.example", Address: netip.MustParseAddr("192.0.2.1")})
	if err != nil {
		t.Fatal(err)
	}
	q := "/q/" + keys.QRKey
	c.do("POST", q+"/scan", nil)
	a, err := c.Directory.AdminOf(t.Context(), c.Galaxy.Row, c.Person[consoletest.System])
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Directory.RemoveAdmin(t.Context(), c.Galaxy.Row, a.Row); err != nil {
		t.Fatal(err)
	}
	as := strconv.FormatInt(c.MemberRow[consoletest.System], 10)
	for path, got := range map[string]int{"the page": c.do("GET", q, nil).Code, "the answer": c.do("POST", q+"/decide?as="+as, url.Values{
		"decision": {"confirm"}, "number": {strconv.FormatInt(c.step(keys).Number, 10)}}).Code} {
		if got != http.StatusForbidden {
			t.Errorf("%s: %d", path, got)
		}
	}
	if a := c.step(keys); a.Step != attempt.Scanned {
		t.Errorf("%+v", a)
	}
	if got := c.do("POST", q+"/decide", url.Values{"decision": {"refuse"}}); got.Code != http.StatusSeeOther || c.step(keys).Step != attempt.Refused {
		t.Errorf("refusing: %d", got.Code)
	}
}
