package phone_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
	"github.com/hufu-sso/hufu/platform/internal/phone"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// consolePhone is a signed-in phone on a platform outside the sandbox.
type consolePhone struct {
	*consoletest.Platform
	h       *phone.Handler
	cookies []*http.Cookie
	csrf    string
	json    bool // asks for JSON, as the phone in the terminal does
}

func newConsolePhone(t *testing.T, person string) *consolePhone {
	t.Helper()
	p := consoletest.New(t, false)
	now := p.Clock.Now
	links, err := credentials.New(p.DB, p.ShortLived, consoletest.PhoneURL, now)
	if err != nil {
		t.Fatal(err)
	}
	consents := &consent.Service{DB: p.DB, Now: now}
	h := &phone.Handler{Credentials: links, Respond: p.Respond, Apps: p.Apps, Directory: p.Directory, Attempts: p.Attempts,
		Ask:      &ask.Service{Apps: p.Apps, Directory: p.Directory, Consents: consents, Familiar: &familiar.Service{DB: p.DB, Now: now}, Audit: p.Audit},
		Consents: consents, Audit: p.Audit,
		Sessions: &session.Keeper{Store: p.ShortLived, DB: p.DB, Now: now, Part: "phone"}, Now: now,
		WrongPasswords: phone.NewWrongPasswords(now), Handoffs: p.Handoffs, PublicURL: consoletest.PhoneURL, ConsoleURL: consoletest.ConsoleURL}
	h.Mount(p.Mux)
	w := httptest.NewRecorder()
	s, err := h.Sessions.Start(context.Background(), w, httptest.NewRequest("GET", "/", nil), p.Person[person], person)
	if err != nil {
		t.Fatal(err)
	}
	return &consolePhone{Platform: p, h: h, cookies: w.Result().Cookies(), csrf: s.CSRF()}
}

func (c *consolePhone) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	if form == nil {
		form = url.Values{}
	}
	form.Set("csrf", c.csrf)
	r := httptest.NewRequest(method, path, nil)
	if method == "POST" {
		r = httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	if c.json {
		r.Header.Set("Accept", "application/json")
	}
	w := httptest.NewRecorder()
	c.Handler.ServeHTTP(w, r)
	return w
}

// The phone says that it is the consoles that are entered, and as whom; it asks for the
// number though the company does without, and writes no consent and no sign-in to an app.
func TestPhoneLetsIntoTheConsoles(t *testing.T) {
	t.Parallel()
	c, ctx := newConsolePhone(t, consoletest.System), context.Background()
	if _, err := c.DB.Exec(ctx, `UPDATE corps SET number_match = FALSE`); err != nil {
		t.Fatal(err)
	}
	page, err := c.Attempts.Begin(ctx, attempt.Request{Console: true, Address: netip.MustParseAddr("192.0.2.1"), Browser: "Mozilla/5.0 Chrome/142.0"})
	if err != nil {
		t.Fatal(err)
	}
	q := "/q/" + page.QRKey
	ask := c.do("GET", q, nil)
	if ask.Code != http.StatusOK || !strings.Contains(ask.Body.String(), "登录管理后台") || !strings.Contains(ask.Body.String(), "console.example.com") {
		t.Fatalf("ask: %d", ask.Code)
	}
	if got := c.do("POST", q+"/scan", nil); got.Code != http.StatusSeeOther {
		t.Fatalf("scan: %d", got.Code)
	}
	confirm := c.do("GET", q, nil).Body.String()
	for _, want := range []string{`name="number"`, consoletest.System, "console.example.com", "192.0.2.1", "Chrome 142"} {
		if !strings.Contains(confirm, want) {
			t.Errorf("the confirmation lacks %s", want)
		}
	}
	for _, path := range []string{q + "/choose", q + "/choose?as=1"} {
		if got := c.do("GET", path, nil); got.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	if got := c.do("POST", q+"/decide", url.Values{"decision": {"confirm"}}); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("without the number: %d", got.Code)
	}
	a, err := c.Attempts.Get(ctx, page.WebKey)
	if err != nil {
		t.Fatal(err)
	}
	as := strconv.FormatInt(c.MemberRow[consoletest.System], 10)
	if got := c.do("POST", q+"/decide?as="+as, url.Values{"decision": {"confirm"}, "number": {strconv.FormatInt(a.Number, 10)}}); got.Code != http.StatusSeeOther {
		t.Fatalf("confirm: %d", got.Code)
	}
	if a, err = c.Attempts.Get(ctx, page.WebKey); err != nil || a.State(c.Clock.Now()) != attempt.Confirmed || a.Member != 0 || a.Corp != 0 {
		t.Errorf("attempt %+v %v", a, err)
	}
	if done := c.do("GET", q, nil); done.Code != http.StatusOK || !strings.Contains(done.Body.String(), "管理后台正在打开") {
		t.Errorf("done: %d", done.Code)
	}
	var consents int
	if err := c.DB.Query(`SELECT COUNT(*) FROM consents`).Row(ctx).Scan(&consents); err != nil || consents != 0 {
		t.Errorf("%d consents, %v", consents, err)
	}
	if err := c.Audit.Record(ctx, audit.Entry{Action: audit.AdminAdded}); err != nil { // what was to be written soon is written now
		t.Fatal(err)
	}
	if list, _, err := c.Audit.Entries(ctx, audit.Query{Corp: c.Galaxy.Row, Actions: []audit.Action{audit.SignedIn}, Limit: 5}); err != nil || len(list) != 0 {
		t.Errorf("a sign-in to an app is in the log: %+v %v", list, err)
	}
}

// A wrong number, and "I did not start this", are told to the companies that the person
// administers; nothing is left to collect.
func TestPhoneRefusesTheConsoles(t *testing.T) {
	t.Parallel()
	c, ctx := newConsolePhone(t, consoletest.System), context.Background()
	begin := func() (attempt.Keys, string) {
		page, err := c.Attempts.Begin(ctx, attempt.Request{Console: true, Address: netip.MustParseAddr("198.51.100.1")})
		if err != nil {
			t.Fatal(err)
		}
		return page, "/q/" + page.QRKey
	}
	page, q := begin()
	c.do("POST", q+"/scan", nil)
	a, err := c.Attempts.Get(ctx, page.WebKey)
	if err != nil {
		t.Fatal(err)
	}
	wrong := strconv.FormatInt(10+(a.Number-9)%90, 10)
	if got := c.do("POST", q+"/decide", url.Values{"decision": {"confirm"}, "number": {wrong}}); got.Code != http.StatusGone {
		t.Errorf("wrong number: %d", got.Code)
	}
	if _, err := c.Attempts.Collect(ctx, page.WebKey); err == nil {
		t.Error("a refused sign-in was collected")
	}
	page, q = begin()
	if got := c.do("POST", q+"/report", nil); got.Code != http.StatusSeeOther {
		t.Errorf("report: %d", got.Code)
	}
	if done := c.do("GET", q, nil); done.Code != http.StatusOK {
		t.Errorf("after the report: %d", done.Code)
	}
	if _, err := c.Attempts.Collect(ctx, page.WebKey); err == nil {
		t.Error("a reported sign-in was collected")
	}
	for _, action := range []audit.Action{audit.WrongNumber, audit.SignInReported} {
		list, _, err := c.Audit.Entries(ctx, audit.Query{Corp: c.Galaxy.Row, Actions: []audit.Action{action}, Limit: 5})
		if err != nil || len(list) != 1 || list[0].Address != "198.51.100.1" || list[0].Name != consoletest.System {
			t.Errorf("%s: %+v %v", action, list, err)
		}
	}
}

// Who is not signed in on the phone is sent to the sign-in, and the QR code stays as it was.
func TestConsoleQRSignedOut(t *testing.T) {
	t.Parallel()
	c, ctx := newConsolePhone(t, consoletest.System), context.Background()
	c.cookies = nil
	page, err := c.Attempts.Begin(ctx, attempt.Request{Console: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.do("GET", "/q/"+page.QRKey, nil); got.Code != http.StatusSeeOther {
		t.Errorf("%d", got.Code)
	}
	if got := c.do("GET", "/phone/sign-in?next=/q/"+page.QRKey, nil); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "console.example.com") {
		t.Errorf("sign-in for a console's QR code: %d", got.Code)
	}
	if a, err := c.Attempts.Get(ctx, page.WebKey); err != nil || a.Step != attempt.Created {
		t.Errorf("%+v %v", a, err)
	}
}
