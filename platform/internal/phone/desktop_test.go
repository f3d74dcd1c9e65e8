package phone_test

import (
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
)

// device begins the sign-in of a desktop client.
func (c *consolePhone) device(from string) (attempt.Keys, string) {
	c.T.Helper()
	keys, err := c.Attempts.Begin(c.T.Context(), attempt.Request{Device: "key of a device", Browser: "desk <1> · Linux", Address: netip.MustParseAddr(from)})
	if err != nil {
		c.T.Fatal(err)
	}
	return keys, "/q/" + keys.QRKey
}

func (c *consolePhone) step(keys attempt.Keys) *attempt.Attempt {
	c.T.Helper()
	a, err := c.Attempts.Get(c.T.Context(), keys.WebKey)
	if err != nil {
		c.T.Fatal(err)
	}
	return a
}

// The phone says that it is a desktop client that is signed in, on which machine, and what it
// may do from then on; it asks for the number on any network, and writes no consent.
func TestPhoneSignsADesktopClientIn(t *testing.T) {
	t.Parallel()
	c := newConsolePhone(t, consoletest.Member)
	if _, err := c.DB.Exec(t.Context(), `UPDATE corps SET number_match = FALSE`); err != nil {
		t.Fatal(err)
	}
	keys, q := c.device("192.0.2.1")
	says := func(what, page string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s lacks %s", what, w)
			}
		}
	}
	ask := c.do("GET", q, nil)
	says("the question", ask.Body.String(), "是你要登录桌面客户端吗", "desk &lt;1&gt; · Linux", "192.0.2.1", q+"/report")
	if ask.Code != http.StatusOK || c.step(keys).Step != attempt.Created {
		t.Errorf("ask: %d", ask.Code)
	}
	if got := c.do("POST", q+"/scan", nil); got.Code != http.StatusSeeOther {
		t.Fatalf("scan: %d", got.Code)
	}
	a := c.step(keys)
	if a.Number == 0 {
		t.Fatal("no number was drawn")
	}
	confirm := c.do("GET", q, nil).Body.String()
	says("the confirmation", confirm, `name="number"`, consoletest.Member, c.Galaxy.Name, "用你的身份确认网站登录", `value="refuse"`, "desk &lt;1&gt; · Linux")
	if strings.Contains(confirm, "preselected") {
		t.Error("refusal is preselected on the phone's own network")
	}
	for _, number := range []string{"", "1", "ab"} {
		got := c.do("POST", q+"/decide", url.Values{"decision": {"confirm"}, "number": {number}})
		if got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "两位数字") {
			t.Errorf("number %q: %d", number, got.Code)
		}
	}
	if got := c.do("GET", q+"/choose", nil); got.Header().Get("Location") != q {
		t.Errorf("choose: %d", got.Code)
	}
	if got := c.do("POST", q+"/decide", url.Values{"decision": {"confirm"}, "number": {strconv.FormatInt(a.Number, 10)}}); got.Code != http.StatusSeeOther {
		t.Fatalf("confirm: %d", got.Code)
	}
	if a := c.step(keys); a.Step != attempt.Confirmed || a.Person != c.Person[consoletest.Member] || a.Member != 0 {
		t.Errorf("%+v", a)
	}
	says("the end", c.do("GET", q, nil).Body.String(), "desk &lt;1&gt; · Linux", "/phone/account")
	var rows int
	if err := c.DB.Query(`SELECT (SELECT COUNT(*) FROM consents) + (SELECT COUNT(*) FROM familiar)`).Row(t.Context()).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d consents and familiar browsers, %v", rows, err)
	}

	// As JSON, for the phone in the terminal, in the shape of every other QR code.
	keys, q = c.device("198.51.100.1")
	c.json = true
	view := func(path string) (v map[string]any) {
		t.Helper()
		if err := json.Unmarshal(c.do("GET", path, nil).Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := view(q); v["continue_url"] != q+"/scan" || v["report_url"] != q+"/report" || v["machine"] != "desk <1> · Linux" || v["csrf"] == "" {
		t.Errorf("ask: %v", v)
	}
	c.do("POST", q+"/scan", nil)
	if v := view(q); v["decide_url"] != q+"/decide" || v["number_asked"] != true || v["name"] != consoletest.Member {
		t.Errorf("confirm: %v", v)
	}
	c.do("POST", q+"/decide", url.Values{"decision": {"refuse"}})
	if v := view(q); v["outcome"] != "refused" || c.step(keys).Step != attempt.Refused {
		t.Errorf("done: %v", v)
	}
}

// From another network the person is warned and refusal comes first; a wrong number and "I did
// not start this" end it, and the person's companies are told.
func TestPhoneRefusesADesktopClient(t *testing.T) {
	t.Parallel()
	c := newConsolePhone(t, consoletest.Member)
	keys, q := c.device("198.51.100.1")
	c.do("POST", q+"/scan", nil)
	if page := c.do("GET", q, nil).Body.String(); !strings.Contains(page, "preselected") || !strings.Contains(page, "第一次见到这个网络") {
		t.Error("no warning")
	}
	wrong := strconv.FormatInt(10+(c.step(keys).Number-9)%90, 10)
	if got := c.do("POST", q+"/decide", url.Values{"decision": {"confirm"}, "number": {wrong}}); got.Code != http.StatusGone {
		t.Errorf("wrong number: %d", got.Code)
	}
	if a := c.step(keys); a.Step != attempt.Refused {
		t.Errorf("%+v", a)
	}
	keys, q = c.device("198.51.100.1")
	if got := c.do("POST", q+"/report", nil); got.Code != http.StatusSeeOther || c.step(keys).Step != attempt.Cancelled {
		t.Errorf("report: %d", got.Code)
	}
	for _, action := range []audit.Action{audit.WrongNumber, audit.SignInReported} {
		list, _, err := c.Audit.Entries(t.Context(), audit.Query{Corp: c.Galaxy.Row, Actions: []audit.Action{action}, Limit: 5})
		if err != nil || len(list) != 1 || list[0].Address != "198.51.100.1" || list[0].Name != consoletest.Member {
			t.Errorf("%s: %+v %v", action, list, err)
		}
	}
}

// A password beside a passkey signs no desktop client in, as it opens no console.
func TestPasswordAloneSignsNoClientIn(t *testing.T) {
	t.Parallel()
	c := newConsolePhone(t, consoletest.Member)
	if _, err := c.DB.Exec(t.Context(), `INSERT INTO passkeys (id, person_id, credential_id, credential, name, created_at, used_at)
		VALUES (1, $1, $2, $3, '', 0, 0)`, c.Person[consoletest.Member], []byte("key"), []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	keys, q := c.device("192.0.2.1")
	prove := "/phone/prove?next=" + q
	if got := c.do("POST", q+"/scan", nil); got.Header().Get("Location") != prove || c.step(keys).Step != attempt.Created {
		t.Errorf("scan: %d %s", got.Code, got.Header().Get("Location"))
	}
	id := sessionID(t, c)
	a, err := c.Attempts.Scan(t.Context(), keys.QRKey, attempt.Phone{Session: id, Person: c.Person[consoletest.Member], Address: netip.MustParseAddr("192.0.2.1")})
	if err != nil {
		t.Fatal(err)
	}
	confirm := url.Values{"decision": {"confirm"}, "number": {strconv.FormatInt(a.Number, 10)}}
	if got := c.do("POST", q+"/decide", confirm); got.Header().Get("Location") != prove || c.step(keys).Step != attempt.Scanned {
		t.Errorf("confirm: %d %s", got.Code, got.Header().Get("Location"))
	}
	if err := c.h.Sessions.MarkProved(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if c.do("POST", q+"/decide", confirm); c.step(keys).Step != attempt.Confirmed {
		t.Error("with the passkey it is not confirmed")
	}
}

func (c *consolePhone) client(person, name string) int64 {
	c.T.Helper()
	key, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		c.T.Fatal(err)
	}
	d, err := c.h.Credentials.AddDesktopClient(c.T.Context(), credentials.DesktopClient{Person: c.Person[person], Key: key, Name: name, Address: "192.0.2.9"})
	if err != nil {
		c.T.Fatal(err)
	}
	return d.ID
}

// The account page lists the person's own clients with their last use, and removes them
// without another proof; signing out everywhere else removes them all.
func TestAccountDesktopClients(t *testing.T) {
	t.Parallel()
	c := newConsolePhone(t, consoletest.Member)
	if page := c.do("GET", "/phone/account", nil).Body.String(); strings.Contains(page, "桌面客户端") {
		t.Error("a list of none")
	}
	mine, theirs := c.client(consoletest.Member, "mine · Linux"), c.client(consoletest.System, "theirs · Linux")
	path := func(id int64) string { return "/phone/account/desktop/" + strconv.FormatInt(id, 10) + "/remove" }
	page := c.do("GET", "/phone/account", nil).Body.String()
	for _, want := range []string{"mine · Linux", "192.0.2.9", "还没有用过", path(mine), "/phone/account/devices/end"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "theirs") {
		t.Error("another person's client is listed")
	}
	if got := c.do("POST", path(theirs), nil); got.Code != http.StatusNotFound {
		t.Errorf("another person's: %d", got.Code)
	}
	if got := c.do("POST", path(mine), nil); got.Header().Get("Location") != "/phone/account" {
		t.Errorf("remove: %d", got.Code)
	}
	if got := c.do("POST", path(mine), nil); got.Code != http.StatusNotFound {
		t.Errorf("twice: %d", got.Code)
	}
	list, _, err := c.Audit.Entries(t.Context(), audit.Query{Actions: []audit.Action{audit.DesktopRemoved}, Limit: 5})
	if err != nil || len(list) != 1 || list[0].Target != "mine · Linux" {
		t.Errorf("%+v %v", list, err)
	}
	c.client(consoletest.Member, "mine again")
	c.do("POST", "/phone/account/devices/end", nil)
	var left int
	if err := c.DB.Query(`SELECT COUNT(*) FROM desktop_clients WHERE person_id = $1`).Row(t.Context(), c.Person[consoletest.Member]).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d left, %v", left, err)
	}
	if clients, err := c.h.Credentials.DesktopClients(t.Context(), c.Person[consoletest.System]); err != nil || len(clients) != 1 {
		t.Errorf("another person's: %+v %v", clients, err)
	}
}
