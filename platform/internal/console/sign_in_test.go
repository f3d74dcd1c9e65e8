package console_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
)

// door is an open sign-in page.
type door struct {
	b                       *Browser
	csrf, webKey, signature string
	qrKey                   string
}

var field = map[string]*regexp.Regexp{
	"csrf":      regexp.MustCompile(`name="csrf" value="([^"]+)"`),
	"web_key":   regexp.MustCompile(`name="web_key" value="([^"]+)"`),
	"signature": regexp.MustCompile(`name="signature" value="([^"]+)"`),
	"qr":        regexp.MustCompile(`href="` + regexp.QuoteMeta(PhoneURL) + `/q/([^"]+)"`),
}

func open(t *testing.T, b *Browser, query string) door {
	t.Helper()
	got := b.Get("/console/sign-in" + query)
	if got.Code != http.StatusOK {
		t.Fatalf("sign-in page: %d", got.Code)
	}
	read := func(name string) string {
		m := field[name].FindStringSubmatch(got.Body.String())
		if m == nil {
			return ""
		}
		return strings.ReplaceAll(m[1], "&#43;", "+")
	}
	return door{b, read("csrf"), read("web_key"), read("signature"), read("qr")}
}

// wait is what the page's call answers.
func (d door) wait(t *testing.T, signature string, last attempt.State) (state attempt.State, number string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"web_key": d.webKey, "last": string(last)})
	r := httptest.NewRequest("POST", ConsoleURL+"/console/sign-in/wait", strings.NewReader(string(body)))
	r.Header.Set("Authorization", signature)
	got := d.b.Do(r)
	var out struct {
		State  attempt.State
		Number string
	}
	if err := json.Unmarshal(got.Body.Bytes(), &out); err != nil || got.Code != http.StatusOK {
		t.Fatalf("wait: %d %s", got.Code, got.Body)
	}
	return out.State, out.Number
}

func (d door) collect(b *Browser, webKey, signature, next string) *httptest.ResponseRecorder {
	return b.Post("/console/sign-in/collect", url.Values{"csrf": {d.csrf}, "web_key": {webKey}, "signature": {signature}, "next": {next}})
}

func phone(p *Platform, name, session string) attempt.Phone {
	return attempt.Phone{Session: session, Person: p.Person[name], Name: name, Address: netip.MustParseAddr("192.0.2.1")} // of httptest: the same
}

// The whole way in: the number is always asked for outside the sandbox, from the same network
// too; the session is collected once, by the page that showed the QR code.
func TestQRSignIn(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	ctx := context.Background()
	d := open(t, p.Browser(), "?next="+url.QueryEscape("/admin/"+p.Galaxy.CorpID))
	if d.qrKey != "" {
		t.Error("outside the sandbox the QR code is a link")
	}
	qrKey := qrOf(t, p, d)
	if p.Attempts.Signed(d.webKey, d.signature) || !p.Attempts.SignedConsole(d.webKey, d.signature) {
		t.Error("the page's signature is good on a login page")
	}
	me := phone(p, System, "my phone")
	if _, err := p.Attempts.Scan(ctx, qrKey, me); err != nil {
		t.Fatal(err)
	}
	state, number := d.wait(t, d.signature, attempt.Created)
	if state != attempt.Scanned || len(number) != 2 {
		t.Fatalf("after the scan: %s, number %q", state, number)
	}
	// Nothing to collect before it is confirmed.
	if got := d.collect(d.b, d.webKey, d.signature, ""); got.Code != http.StatusGone {
		t.Errorf("collected before the confirmation: %d", got.Code)
	}
	if _, err := p.Attempts.Confirm(ctx, qrKey, me, attempt.Decision{Number: number}); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]*httptest.ResponseRecorder{
		"by the web key alone":          d.collect(d.b, d.webKey, "", ""),
		"by another page's signature":   d.collect(d.b, d.webKey, open(t, p.Browser(), "").signature, ""),
		"by a login page's signature":   d.collect(d.b, d.webKey, loginSignature(t, p), ""),
		"in a browser without the page": d.collect(p.Browser(), d.webKey, d.signature, ""),
		"in a browser with its own": func() *httptest.ResponseRecorder {
			other := open(t, p.Browser(), "")
			return d.collect(other.b, d.webKey, d.signature, "")
		}(),
	} {
		if got.Code != http.StatusGone && got.Code != http.StatusForbidden || got.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	got := d.collect(d.b, d.webKey, d.signature, "/admin/"+p.Galaxy.CorpID)
	if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/admin/"+p.Galaxy.CorpID {
		t.Fatalf("collect: %d to %q", got.Code, got.Header().Get("Location"))
	}
	if d.b.Get("/console").Header().Get("Location") != "/admin/"+p.Galaxy.CorpID {
		t.Error("the session is not the person's")
	}
	if got := d.b.Get("/console/proof").Body.String(); got != `{"fresh":false}` {
		t.Errorf("a QR code is no fresh proof: %s", got)
	}
	// Once: not by the same page again.
	session := d.b.Cookies()["hufu_console"]
	if got := d.collect(d.b, d.webKey, d.signature, ""); got.Code != http.StatusGone {
		t.Errorf("collected twice: %d", got.Code)
	}
	if d.b.Cookies()["hufu_console"] != session {
		t.Error("the second try changed the session")
	}
}

// qrOf is the key in the QR code that a page shows.
func qrOf(t *testing.T, p *Platform, d door) string {
	t.Helper()
	a, err := p.Attempts.Get(context.Background(), d.webKey)
	if err != nil {
		t.Fatal(err)
	}
	return p.Attempts.QRKey(d.webKey, a)
}

func loginSignature(t *testing.T, p *Platform) string {
	t.Helper()
	page, err := p.Attempts.Begin(context.Background(), attempt.Request{App: 1})
	if err != nil {
		t.Fatal(err)
	}
	return page.Signature
}

// Who photographs the QR code does not know the number, another phone cannot confirm, and a
// company's choice to do without the number does not count here.
func TestQRPhotographed(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	ctx := context.Background()
	d := open(t, p.Browser(), "")
	key := qrOf(t, p, d)
	thief := phone(p, Creator, "thief's phone")
	if _, err := p.Attempts.Scan(ctx, key, thief); err != nil {
		t.Fatal(err)
	}
	_, number := d.wait(t, d.signature, attempt.Created)
	if _, err := p.Attempts.Confirm(ctx, key, phone(p, Creator, "tablet"), attempt.Decision{Number: number}); err != attempt.ErrTaken {
		t.Errorf("another phone: %v", err)
	}
	if state, got := d.wait(t, "", attempt.Created); state != attempt.Expired || got != "" {
		t.Errorf("a wait with the web key alone: %s %q", state, got)
	}
	wrong, _ := strconv.Atoi(number)
	if _, err := p.Attempts.Confirm(ctx, key, thief, attempt.Decision{Number: strconv.Itoa(10 + (wrong-9)%90), NumberOff: true}); err != attempt.ErrWrongNumber {
		t.Errorf("without the number: %v", err)
	}
	if state, _ := d.wait(t, d.signature, attempt.Scanned); state != attempt.Refused {
		t.Errorf("after a wrong number: %s", state)
	}
	if got := d.collect(d.b, d.webKey, d.signature, ""); got.Code != http.StatusGone || d.b.Cookies()["hufu_console"] != "" {
		t.Errorf("a refused one was collected: %d", got.Code)
	}
}

// The way by the phone's pages: who began and who was proved must be one browser.
func TestEnterByPhone(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	ctx := context.Background()
	d := open(t, p.Browser(), "?next=/operator/corps")
	start := func(b *Browser, csrf string) *httptest.ResponseRecorder {
		return b.Post("/console/enter", url.Values{"csrf": {csrf}, "next": {"/operator/corps"}})
	}
	if got := start(p.Browser(), d.csrf); got.Code != http.StatusForbidden {
		t.Errorf("a form of another browser's page: %d", got.Code)
	}
	id := begin(t, start(d.b, d.csrf).Header().Get("Location"))
	if asked, err := p.Handoffs.Look(ctx, id); err != nil || asked.Purpose != handoff.Enter || asked.Return != "/operator/corps" {
		t.Fatalf("asked %+v %v", asked, err)
	}
	ticket, err := p.Handoffs.Done(ctx, id, p.Person[Operator], handoff.ByPasskey)
	if err != nil {
		t.Fatal(err)
	}
	back := "/console/return/" + id + "?ticket=" + ticket
	// Login CSRF: the link with a ticket, opened in somebody else's browser.
	victim := p.Browser()
	if got := victim.Get(back); got.Code != http.StatusGone || victim.Cookies()["hufu_console"] != "" {
		t.Errorf("in another browser: %d, cookies %v", got.Code, victim.Cookies())
	}
	// Nor with a handoff of the victim's own.
	other := open(t, victim, "")
	own := begin(t, start(victim, other.csrf).Header().Get("Location"))
	victim.Keep("hufu_handoff_"+id, victim.Cookies()["hufu_handoff_"+own])
	if got := victim.Get(back); got.Code != http.StatusGone || victim.Cookies()["hufu_console"] != "" {
		t.Errorf("with another handoff's secret: %d", got.Code)
	}
	if got := d.b.Get("/console/return/" + id + "?ticket="); got.Code != http.StatusGone {
		t.Errorf("without the ticket: %d", got.Code)
	}
	// The cookie went with the failed try: it begins anew, and a session the browser brought
	// along does not live on.
	d.b.Keep("hufu_console", p.As(Member, false).Cookies()["hufu_console"])
	brought := d.b.Cookies()["hufu_console"]
	id = begin(t, start(d.b, d.csrf).Header().Get("Location"))
	if ticket, err = p.Handoffs.Done(ctx, id, p.Person[Operator], handoff.ByPasskey); err != nil {
		t.Fatal(err)
	}
	got := d.b.Get("/console/return/" + id + "?ticket=" + ticket)
	if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/operator/corps" {
		t.Fatalf("back: %d to %q", got.Code, got.Header().Get("Location"))
	}
	if now := d.b.Cookies()["hufu_console"]; now == "" || now == brought {
		t.Error("the session is not a new one")
	}
	old := p.Browser()
	old.Keep("hufu_console", brought)
	if got := old.Get("/console"); !strings.HasPrefix(got.Header().Get("Location"), "/console/sign-in") {
		t.Errorf("the session that was brought along still works: %d", got.Code)
	}
	if got := d.b.Get("/console/proof").Body.String(); got != `{"fresh":true}` {
		t.Errorf("a sign-in with a passkey is a fresh proof: %s", got)
	}
	if got := d.b.Get("/console/return/" + id + "?ticket=" + ticket); got.Code != http.StatusGone {
		t.Errorf("the ticket works twice: %d", got.Code)
	}
}

// The list of persons is the sandbox's alone.
func TestPick(t *testing.T) {
	t.Parallel()
	p := New(t, true)
	d := open(t, p.Browser(), "")
	if d.qrKey == "" {
		t.Error("in the sandbox the QR code is a link")
	}
	pick := func(p *Platform, b *Browser, csrf string) *httptest.ResponseRecorder {
		return b.Post("/console/sign-in/pick", url.Values{"csrf": {csrf}, "person": {strconv.FormatInt(p.Person[System], 10)}})
	}
	if got := pick(p, p.Browser(), d.csrf); got.Code != http.StatusForbidden {
		t.Errorf("another browser's form: %d", got.Code)
	}
	if got := pick(p, d.b, d.csrf); got.Code != http.StatusSeeOther {
		t.Errorf("pick: %d", got.Code)
	}
	if d.b.Get("/console").Header().Get("Location") != "/admin/"+p.Galaxy.CorpID {
		t.Error("not signed in as the person picked")
	}
	real := New(t, false)
	d = open(t, real.Browser(), "")
	if got := pick(real, d.b, d.csrf); got.Code == http.StatusSeeOther || d.b.Cookies()["hufu_console"] != "" {
		t.Errorf("outside the sandbox: %d", got.Code)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	b := p.As(Operator, false)
	session := b.Cookies()["hufu_console"]
	if got := b.Post("/console/sign-out", url.Values{"csrf": {"x"}}); got.Code != http.StatusForbidden {
		t.Errorf("without csrf: %d", got.Code)
	}
	if got := b.Post("/console/sign-out", nil); got.Code != http.StatusSeeOther || b.Cookies()["hufu_console"] != "" {
		t.Errorf("sign out: %d", got.Code)
	}
	b.Keep("hufu_console", session)
	if got := b.Get("/console"); !strings.HasPrefix(got.Header().Get("Location"), "/console/sign-in") {
		t.Errorf("the session outlives its end: %d", got.Code)
	}
}

// A preview of the address begins nothing.
func TestHeadBeginsNothing(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	began := false
	p.Attempts.Observe = func(string, *attempt.Attempt) { began = true }
	p.Browser().Do(httptest.NewRequest("HEAD", ConsoleURL+"/console/sign-in", nil))
	r := httptest.NewRequest("GET", ConsoleURL+"/console/sign-in", nil)
	r.Header.Set("Sec-Fetch-Dest", "image")
	if got := p.Browser().Do(r); got.Code != http.StatusForbidden || began {
		t.Errorf("%d, began: %v", got.Code, began)
	}
}
