package platform_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// cookieOf is a phone's cookies as a header.
func cookieOf(ph *platformtest.Phone) string {
	var pairs []string
	for name, value := range ph.Cookies() {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "; ")
}

// Where the sign-in goes on to is one of the phone's own pages, also after the dots in a
// path are resolved and read as a browser reads it, to which a backslash is a slash.
func TestNextStaysOnThePhone(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	member := p.Sample.CorpID + "/" + p.Sample.Member
	cookie := cookieOf(p.Phone(member))
	page := openPage(t, p)
	for next, want := range map[string]string{
		"":                                     "/phone",
		"/phone":                               "/phone",
		"/q/" + page.QRKey:                     "/q/" + page.QRKey,
		"/q/":                                  "/phone",
		"/q/../x":                              "/phone",
		"/q/%2e%2e/%5cevil.example":            "/phone",
		"/q/..%2f%5cevil.example":              "/phone",
		`/q/../\evil.example`:                  "/phone",
		"/q/%2e%2e/%2f/evil.example":           "/phone",
		"/q/%2e%2e/%09/evil.example":           "/phone",
		"/q/a%0d%0aX: y":                       "/phone",
		"/q/a%3flang=en":                       "/phone",
		"//evil.example":                       "/phone",
		"/\\evil.example":                      "/phone",
		"https://evil.example/q/" + page.QRKey: "/phone",
		"javascript:alert(1)":                  "/phone",
		"/phone/../q":                          "/phone",
		// A sign-in inside the client comes back to its question, whatever that asks.
		protocol.PathAuthorize + "?appid=a&redirect_uri=https%3A%2F%2Fevil.example%2F&state=//x": protocol.PathAuthorize + "?appid=a&redirect_uri=https%3A%2F%2Fevil.example%2F&state=//x",
		protocol.PathAuthorize + "?a=%0d%0aX:%20y":                                               protocol.PathAuthorize + "?a=%0d%0aX:%20y",
		protocol.PathAuthorize:                                     "/phone",
		protocol.PathAuthorize + "?a=b\r\nX: y":                    "/phone",
		protocol.PathAuthorize + "?a=b#c":                          "/phone",
		protocol.PathAuthorize + `?a=\evil.example`:                "/phone",
		protocol.PathAuthorize + "?a=%zz":                          "/phone",
		protocol.PathAuthorize + "?a=" + strings.Repeat("x", 9000): "/phone",
		protocol.PathAuthorize + "/../../evil?a=b":                 "/phone",
		protocol.PathAuthorize + "/../..//evil.example?a=b":        "/phone",
		"//evil.example" + protocol.PathAuthorize + "?a=b":         "/phone",
	} {
		// Signed in already, and after signing in.
		at := p.URL() + "/phone/sign-in"
		form := url.Values{"next": {next}, "person": {member}}
		for way, a := range map[string]answer{
			"GET":  send(t, http.MethodGet, at+"?"+form.Encode(), "", "Cookie", cookie),
			"POST": send(t, http.MethodPost, at, form.Encode(), "Content-Type", "application/x-www-form-urlencoded"),
		} {
			if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != want {
				t.Errorf("%s next=%q: %d to %q, want %q", way, next, a.status, got, want)
			}
		}
	}
}

// Nobody has agreed to be known to an app by a confirmation that was not accepted: a later
// sign-in would show no question where somebody once typed a wrong number.
func TestConsentOnlyWithASignIn(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true})
	db, err := store.Open(t.Context(), filepath.Join(p.Dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	consents := func() (n int) {
		t.Helper()
		if err := db.Query(`SELECT COUNT(*) FROM consents`).Row(t.Context()).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	phone, other := p.Phone(p.Sample.CorpID+"/"+p.Sample.Member), p.Phone(p.Sample.CorpID+"/"+p.Sample.Admin)

	unscanned := openPage(t, p)
	if o := confirm(phone, unscanned, "42"); o.Outcome != "" {
		t.Errorf("confirmed before the scan: %+v", o)
	}
	refused := openPage(t, p)
	scan(phone, refused)
	phone.Post("/q/"+refused.QRKey+"/decide", url.Values{"decision": {"refuse"}}, nil)
	if o := confirm(phone, refused, "42"); o.Outcome != "refused" {
		t.Errorf("confirmed after refusing: %+v", o)
	}
	if o := confirm(other, refused, "42"); o.Outcome != "" {
		t.Errorf("confirmed on another phone: %+v", o)
	}
	guessed := openPage(t, p)
	scan(phone, guessed)
	wrong := "10"
	if stateNow(guessed).Number == wrong {
		wrong = "11"
	}
	if o := confirm(phone, guessed, wrong); o.Reason != "number" {
		t.Errorf("a wrong number: %+v", o)
	}
	slow := openPage(t, p)
	scan(phone, slow)
	number := stateNow(slow).Number
	p.Advance(2 * time.Minute)
	if o := confirm(phone, slow, number); o.Reason != "slow" {
		t.Errorf("confirmed too late: %+v", o)
	}
	if n := consents(); n != 0 {
		t.Errorf("%d consents without a sign-in", n)
	}

	good := openPage(t, p)
	scan(phone, good)
	if o := confirm(phone, good, stateNow(good).Number); o.Outcome != "confirmed" {
		t.Fatalf("the sign-in itself: %+v", o)
	}
	if w := good.Wait(protocol.QRScanning); w.AuthCode == "" || consents() != 1 {
		t.Errorf("%d consents after a sign-in, code %t", consents(), w.AuthCode != "")
	}
}

// A photograph of a QR code that has died is of no use any more, also when its page, asleep
// till then, asks for the next one.
func TestDeadQRStaysDead(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	page := openPage(t, p)
	p.Advance(6 * time.Minute)
	var out protocol.RenewAnswer
	a := send(t, "POST", p.URL()+protocol.PathLoginRenew, jsonOf("webKey", page.WebKey), "Authorization", page.Signature)
	if err := protocol.Decode([]byte(a.body), &out); err != nil || out.Data.QR == nil {
		t.Fatalf("renewed: %v %s", err, a.body)
	}
	if o := scan(phone, page); o.Reason != "expired" {
		t.Errorf("the dead QR code: %+v", o)
	}
	if w := stateNow(page); w.Status != protocol.QRNever {
		t.Errorf("its page: %+v", w)
	}
	_, page.QRKey, _ = strings.Cut(out.Data.QR.URL, "/q/")
	if o := scan(phone, page); o.Reason != "" {
		t.Errorf("the new QR code: %+v", o)
	}
}
