package phone_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

func TestEnrolByPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	m, link := w.invited(0, "lin")
	b := w.browser()
	for range 2 { // looking changes nothing
		v := b.get(link).view(t)
		if v["company"] != "Company wwa" || v["name"] != "Name of lin" || v["kind"] != "member" || v["reset"] != nil {
			t.Fatalf("%v", v)
		}
	}
	for problem, fields := range map[string][]string{
		"account": {"account", "x", "password", password, "confirm", password},
		"differs": {"account", "lin", "password", password, "confirm", password + "x"},
		"short":   {"account", "lin", "password", "short", "confirm", "short"},
		"nothing": {"account", "lin"},
		"passkey": {"account", "lin", "ceremony", strings.Repeat("A", 22), "passkey", "{}"},
	} {
		got := b.post(link, form(fields...))
		if got.status != http.StatusUnprocessableEntity || got.view(t)["problem"] != problem {
			t.Errorf("%s: %d %s", problem, got.status, got.body)
		}
	}
	if b.signedIn() {
		t.Error("signed in by a form that was refused")
	}
	got := b.post(link, form("account", "lin", "password", password, "confirm", password))
	if got.to != "/phone/welcome?as=member" || b.get(got.to).status != http.StatusOK {
		t.Fatalf("%d %s %s", got.status, got.to, got.body)
	}
	again, err := w.Directory.Member(t.Context(), m.Row)
	if err != nil || again.Status != directory.Active {
		t.Errorf("%+v, %v", again, err)
	}
	w.in("LIN")
	for _, browser := range []*browser{b, w.browser()} {
		if got := browser.get(link); got.status != http.StatusGone || got.view(t)["reason"] != "used" {
			t.Errorf("used: %d %s", got.status, got.body)
		}
	}
}

func TestEnrolByPasskey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	secret, err := w.Credentials.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link := "/phone/enrol/" + secret
	b, d := w.browser(), newDevice()
	if got := b.post(link+"/passkey", form("account", "?")); got.status != http.StatusBadRequest {
		t.Errorf("a challenge for no account: %d", got.status)
	}
	fields := b.ask(link+"/passkey", form("account", "operator", "name", "林晓"), d)
	// The answer is good for this link alone.
	_, other := w.invited(0, "lin")
	stolen := form("account", "thief", "ceremony", fields.Get("ceremony"), "passkey", fields.Get("passkey"))
	if got := w.browser().post(other, stolen); got.view(t)["problem"] != "passkey" {
		t.Errorf("at another link: %d %s", got.status, got.body)
	}
	fields.Set("account", "operator")
	fields.Set("name", "林晓")
	if got := b.post(link, fields); got.to != "/phone/welcome?as=operator" {
		t.Fatalf("%d %s %s", got.status, got.to, got.body)
	}
	if v := b.get("/phone/welcome?as=operator").view(t); v["console_url"] != consoleURL+"/operator" {
		t.Errorf("%v", v)
	}
	if v := b.get("/phone").view(t); v["console_url"] != consoleURL+"/console" {
		t.Errorf("the operator's home: %v", v)
	}
	// In another browser the passkey signs in, without a name.
	c := w.browser()
	if got := c.post("/phone/sign-in", c.ask("/phone/sign-in/passkey", nil, d)); got.to != "/phone" || !c.signedIn() {
		t.Errorf("sign in: %d %s", got.status, got.body)
	}
	bad := c.ask("/phone/sign-in/passkey", nil, newDevice())
	if got := w.browser().post("/phone/sign-in", bad); got.status != http.StatusUnprocessableEntity || got.view(t)["problem"] != "passkey" {
		t.Errorf("an unknown passkey: %d %s", got.status, got.body)
	}
}

func TestJoinOnASignedInPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mine, elsewhere := w.enrolled(0, "lin")
	_, stranger := w.enrolled(0, "stranger")
	m, link := w.invited(1, "lin")

	out := w.browser()
	signIn, _ := out.get(link).view(t)["sign_in_url"].(string)
	if signIn != "/phone/sign-in?next="+link {
		t.Fatalf("sign in at %q", signIn)
	}
	if got := out.post(link+"/join", nil); got.to != signIn {
		t.Errorf("joined by nobody: %d %s", got.status, got.to)
	}
	here := w.browser()
	if got := here.post("/phone/sign-in", form("account", "lin", "password", password, "next", link)); got.to != link {
		t.Fatalf("back to the link: %s", got.to)
	}
	here.home()
	if got := here.post(link+"/join", form("csrf", "x")); got.status != http.StatusForbidden {
		t.Errorf("without the token: %d", got.status)
	}
	if got := here.post(link, form("csrf", "x", "account", "new", "password", password, "confirm", password)); got.status != http.StatusForbidden {
		t.Errorf("a new account without the token: %d", got.status)
	}
	if got := here.post(link+"/join", nil); got.to != "/phone/welcome?as=member" {
		t.Fatalf("join: %d %s", got.status, got.body)
	}
	if got, err := w.Directory.Member(t.Context(), m.Row); err != nil || got.Person != mine.Person || got.Status != directory.Active {
		t.Errorf("%+v, %v", got, err)
	}
	if !here.signedIn() || elsewhere.signedIn() || !stranger.signedIn() {
		t.Errorf("signed in here %v, elsewhere %v, a stranger %v", here.signedIn(), elsewhere.signedIn(), stranger.signedIn())
	}
	if got := stranger.post(link+"/join", nil); got.status != http.StatusGone || got.view(t)["reason"] != "used" {
		t.Errorf("used: %d %s", got.status, got.body)
	}
	_, again := w.invited(1, "lin2")
	if got := here.post(again+"/join", nil); got.view(t)["reason"] != "already" {
		t.Errorf("twice in a company: %s", got.body)
	}
}

func TestLinksOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	m, lin := w.enrolled(0, "lin")
	_, other := w.enrolled(1, "other")
	reset := w.link(credentials.Link{Kind: credentials.LinkMember, Member: m.Row})
	if v := w.browser().get(reset).view(t); v["reset"] != true || v["join_url"] != nil || v["account"] != "lin" {
		t.Errorf("%v", v)
	}
	if got := other.post(reset+"/join", nil); got.view(t)["reason"] != "reset" {
		t.Errorf("join with a reset: %s", got.body)
	}
	// Abuse case 16: a second membership since the link was made.
	_, second := w.invited(1, "lin")
	if got := lin.post(second+"/join", nil); got.to == "" {
		t.Fatal(got.body)
	}
	if got := w.browser().post(reset, form("account", "lin", "password", "stolen password", "confirm", "stolen password")); got.view(t)["reason"] != "elsewhere" {
		t.Errorf("reset of a person in two companies: %d %s", got.status, got.body)
	}
	w.in("lin") // with the password as it was
	_, late := w.invited(0, "late")
	w.clock.move(72 * time.Hour)
	for link, reason := range map[string]string{late: "expired", "/phone/enrol/" + strings.Repeat("A", 43): "unknown"} {
		for _, got := range []answer{w.browser().get(link), w.browser().post(link, form("account", "late", "password", password, "confirm", password)),
			w.browser().post(link+"/passkey", form("account", "late"))} {
			if got.status != http.StatusGone || got.view(t)["reason"] != reason {
				t.Errorf("%s: %d %s", reason, got.status, got.body)
			}
		}
	}
}

func TestLinksAreRateLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.browser()
	for range 120 {
		b.get("/phone/enrol/x")
	}
	if got := b.get("/phone/enrol/x"); got.status != http.StatusTooManyRequests {
		t.Errorf("%d", got.status)
	}
}
