package phone_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/phone"
)

// begun is a handoff that a console has begun.
type begun struct{ id, secret, path string }

func (w *world) begin(r handoff.Request) begun {
	w.t.Helper()
	id, secret, err := w.Handoffs.Begin(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return begun{id, secret, "/phone/enter/" + id}
}

// ticket is the one in the address that a browser is sent back to.
func (w *world) ticket(h begun, got answer) string {
	w.t.Helper()
	u, err := url.Parse(got.to)
	if err != nil || got.status != http.StatusSeeOther || !strings.HasPrefix(got.to, consoleURL+"/console/return/"+h.id+"?") {
		w.t.Fatalf("not sent back: %d %q %s", got.status, got.to, got.body)
	}
	return u.Query().Get("ticket")
}

func (w *world) collect(h begun, ticket string) (handoff.Result, error) {
	return w.Handoffs.Collect(w.t.Context(), h.id, h.secret, ticket)
}

var enter = handoff.Request{Purpose: handoff.Enter, Return: "/admin/", Label: "phone.enter.console"}

func TestEnter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	m, b := w.enrolled(0, "lin")

	// Nobody is signed in, or the person is: a proof is asked for all the same.
	for _, at := range []*browser{w.browser(), b} {
		h := w.begin(enter)
		got := at.get(h.path)
		v := got.view(t)
		if got.status != http.StatusOK || v["label"] != enter.Label || v["host"] != "console.example.com" {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if got := at.post(h.path, nil); got.status != http.StatusUnprocessableEntity || got.view(t)["problem"] != "empty" {
			t.Errorf("without a proof: %d %s", got.status, got.body)
		}
		if got := at.post(h.path, form("account", "lin", "password", "wrong password")); got.view(t)["problem"] != "wrong" {
			t.Errorf("a wrong password: %d %s", got.status, got.body)
		}
		if got := at.post(h.path, form("person", itoa(m.Person))); got.view(t)["problem"] != "empty" {
			t.Errorf("the sandbox's way outside it: %d %s", got.status, got.body)
		}
		got = at.post(h.path, form("account", "lin", "password", password))
		r, err := w.collect(h, w.ticket(h, got))
		if err != nil || r.Person != m.Person || r.How != handoff.ByPassword || r.Return != "/admin/" {
			t.Errorf("%+v, %v", r, err)
		}
		for _, got := range []answer{at.get(h.path), at.post(h.path, form("account", "lin", "password", password))} {
			if got.status != http.StatusGone || got.view(t)["reason"] != "enter" {
				t.Errorf("used: %d %s", got.status, got.body)
			}
		}
	}

	// Once there is a passkey, nothing else will do.
	d := b.withKey()
	h := w.begin(enter)
	if got := b.post(h.path, form("account", "lin", "password", password)); got.view(t)["problem"] != "use_passkey" {
		t.Errorf("the password beside a passkey: %d %s", got.status, got.body)
	}
	got := b.post(h.path, b.ask(h.path+"/passkey", nil, d))
	if r, err := w.collect(h, w.ticket(h, got)); err != nil || r.Person != m.Person || r.How != handoff.ByPasskey {
		t.Errorf("%+v, %v", r, err)
	}
	// A challenge of one handoff, or of the sign-in, answers no other.
	for _, ask := range []string{w.begin(enter).path + "/passkey", "/phone/sign-in/passkey"} {
		h := w.begin(enter)
		if got := b.post(h.path, b.ask(ask, nil, d)); got.view(t)["problem"] != "passkey" {
			t.Errorf("an answer to %s: %d %s", ask, got.status, got.body)
		}
	}
}

// A page of one site cannot make a browser enter, and nobody frames the page.
func TestEnterIsGuarded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, b := w.enrolled(0, "lin")
	h := w.begin(enter)
	if got := b.post(h.path, form("csrf", "x", "account", "lin", "password", password)); got.status != http.StatusForbidden {
		t.Errorf("without the session's token: %d", got.status)
	}
	b.header.Set("Sec-Fetch-Site", "cross-site")
	if got := b.post(h.path, form("account", "lin", "password", password)); got.status != http.StatusForbidden {
		t.Errorf("from another site: %d", got.status)
	}
	b.header.Del("Sec-Fetch-Site")
	b.header.Set("Accept", "text/html")
	got := b.get(h.path)
	policy := got.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "form-action 'self' "+consoleURL) {
		t.Errorf("policy %s", policy)
	}
	if strings.Contains(got.body, h.secret) {
		t.Error("the secret is in the page")
	}
	w.clock.move(handoff.Life)
	if got := b.get(h.path); got.status != http.StatusGone {
		t.Errorf("after five minutes: %d", got.status)
	}
}

// Who begins a handoff and sends its link to a victim gains nothing; nor does who proves and
// sends the victim the way back.
func TestTicketTheft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, _ = w.enrolled(0, "attacker")
	_, victim := w.enrolled(0, "victim")

	attackers := w.begin(enter) // the secret is a cookie of the attacker's browser
	got := victim.post(attackers.path, form("account", "victim", "password", password))
	ticket := w.ticket(attackers, got) // in the victim's address bar
	victims := w.begin(enter)
	for what, try := range map[string]func() (handoff.Result, error){
		"the attacker, without the ticket": func() (handoff.Result, error) { return w.collect(attackers, "") },
		"the victim, without the secret": func() (handoff.Result, error) {
			return w.Handoffs.Collect(t.Context(), attackers.id, "", ticket)
		},
		"the victim, with a secret of their own": func() (handoff.Result, error) {
			return w.Handoffs.Collect(t.Context(), attackers.id, victims.secret, ticket)
		},
		"the ticket at another handoff": func() (handoff.Result, error) { return w.collect(victims, ticket) },
	} {
		if r, err := try(); !errors.Is(err, handoff.ErrGone) {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
	}
	for where, text := range map[string]string{"body": got.body, "cookies": got.header.Get("Set-Cookie")} {
		if strings.Contains(text, ticket) && where == "cookies" {
			t.Errorf("the ticket is in the %s", where)
		}
	}
}

func TestProveForAConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	lin, b := w.enrolled(0, "lin")
	_, other := w.enrolled(0, "other")
	prove := handoff.Request{Purpose: handoff.Prove, Person: lin.Person, Label: "no.such.words"}

	h := w.begin(prove)
	if v := other.get(h.path).view(t); v["name"] != "Name of lin" || v["password"] != true || v["label"] != "phone.enter.console" {
		t.Errorf("%v", v)
	}
	// Whatever account the form names, it is this person's password that counts.
	if got := other.post(h.path, form("account", "other", "password", password+"x")); got.view(t)["problem"] != "wrong" {
		t.Errorf("a wrong password: %d %s", got.status, got.body)
	}
	got := b.post(h.path, form("password", password))
	if r, err := w.collect(h, w.ticket(h, got)); err != nil || r.Person != lin.Person {
		t.Errorf("%+v, %v", r, err)
	}

	mine, theirs := b.withKey(), other.withKey()
	h = w.begin(prove)
	if v := b.get(h.path).view(t); v["password"] != false || v["passkeys"].(map[string]any)["url"] != h.path+"/passkey" {
		t.Errorf("%v", v)
	}
	if got := other.post(h.path, other.ask(h.path+"/passkey", nil, theirs)); got.view(t)["problem"] != "other" {
		t.Errorf("another person's passkey: %d %s", got.status, got.body)
	}
	if got := b.post(h.path, form("password", password)); got.view(t)["problem"] != "use_passkey" {
		t.Errorf("the password beside a passkey: %d %s", got.status, got.body)
	}
	got = b.post(h.path, b.ask(h.path+"/passkey", nil, mine))
	if r, err := w.collect(h, w.ticket(h, got)); err != nil || r.Person != lin.Person || r.How != handoff.ByPasskey {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestEnterInTheSandbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(h *phone.Handler) { h.Sandbox = true })
	lin, b := w.enrolled(0, "lin")
	other, _ := w.enrolled(0, "other")
	h := w.begin(enter)
	if people, _ := b.get(h.path).view(t)["people"].([]any); len(people) != 2 {
		t.Errorf("people: %v", people)
	}
	got := b.post(h.path, form("person", itoa(other.Person)))
	if r, err := w.collect(h, w.ticket(h, got)); err != nil || r.Person != other.Person || r.How != handoff.ByPick {
		t.Errorf("%+v, %v", r, err)
	}
	h = w.begin(handoff.Request{Purpose: handoff.Prove, Person: lin.Person})
	if v := b.get(h.path).view(t); v["pick"] != itoa(lin.Person) {
		t.Errorf("%v", v)
	}
	if got := b.post(h.path, form("person", itoa(other.Person))); got.view(t)["problem"] != "other" {
		t.Errorf("another person: %d %s", got.status, got.body)
	}
	got = b.post(h.path, form("person", itoa(lin.Person)))
	if r, err := w.collect(h, w.ticket(h, got)); err != nil || r.Person != lin.Person {
		t.Errorf("%+v, %v", r, err)
	}
}

// Where browsers offer no passkeys a password is all there is, and the page says so.
func TestPlainOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(h *phone.Handler) { h.PublicURL = "http://192.168.1.5:8790" })
	_, b := w.enrolled(0, "lin")
	for _, path := range []string{"/phone/sign-in", w.begin(enter).path} {
		keys, _ := w.browser().get(path).view(t)["passkeys"].(map[string]any)
		if keys["off"] != true || keys["url"] != nil {
			t.Errorf("%s: %v", path, keys)
		}
	}
	if v := b.get("/phone/account").view(t); v["passkeys_off"] != true || v["add_passkey_url"] != nil {
		t.Errorf("%v", v)
	}
	if got := b.post("/phone/sign-in/passkey", nil); got.status != http.StatusNotFound {
		t.Errorf("a challenge: %d", got.status)
	}
	w.clock.move(time.Hour)
	b.header.Set("Accept", "text/html")
	if got := w.browser(); got.get("/phone/sign-in").status != http.StatusOK {
		t.Error("no sign-in")
	}
}
