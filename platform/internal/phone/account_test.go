package phone_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func lines(v map[string]any, name string) []map[string]any {
	var list []map[string]any
	all, _ := v[name].([]any)
	for _, one := range all {
		line, _ := one.(map[string]any)
		list = append(list, line)
	}
	return list
}

func account(t *testing.T, b *browser) map[string]any {
	t.Helper()
	got := b.get("/phone/account")
	if got.status != http.StatusOK {
		t.Fatalf("account: %d %s", got.status, got.to)
	}
	return got.view(t)
}

func TestAccountPasskeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, b := w.enrolled(0, "lin")
	_, other := w.enrolled(0, "other")
	d := b.withKey()
	other.withKey()
	keys := lines(account(t, b), "passkeys")
	if len(keys) != 1 || keys[0]["name"] != "key" {
		t.Fatalf("%v", keys)
	}
	url, _ := keys[0]["url"].(string)
	for what, got := range map[string]answer{"look at": other.get(url), "rename": other.post(url+"/rename", form("name", "x")),
		"remove": other.post(url+"/remove", nil), "no number": b.get("/phone/account/passkey/x")} {
		if got.status != http.StatusNotFound {
			t.Errorf("%s another person's: %d", what, got.status)
		}
	}
	if got := b.post(url+"/rename", form("name", "我的手机")); got.to != "/phone/account" || lines(account(t, b), "passkeys")[0]["name"] != "我的手机" {
		t.Errorf("rename: %d %s", got.status, got.body)
	}

	// A proof of a while ago does not count, and the password proves nothing beside a passkey.
	w.clock.move(10 * time.Minute)
	for path, next := range map[string]string{url + "/remove": "/phone/account", "/phone/account/passkey": "/phone/account/passkey",
		"/phone/account/passkey/begin": "/phone/account/passkey", "/phone/account/password": "/phone/account/password"} {
		if got := b.post(path, nil); got.to != "/phone/prove?next="+next {
			t.Errorf("%s without a fresh proof: %d %q", path, got.status, got.to)
		}
	}
	if fresh := w.in("lin"); fresh.post(url+"/remove", nil).to != "/phone/prove?next=/phone/account" {
		t.Error("the password counts as a fresh proof of who has a passkey")
	}
	if got := b.post("/phone/prove", form("password", password)); got.view(t)["problem"] != "use_passkey" {
		t.Errorf("prove with the password: %d %s", got.status, got.body)
	}
	answer := b.ask("/phone/prove/passkey", nil, d)
	answer.Set("next", "/phone/account/password")
	if got := b.post("/phone/prove", answer); got.to != "/phone/account/password" {
		t.Fatalf("prove: %d %s", got.status, got.body)
	}
	if got := b.post(url+"/remove", nil); got.to != "/phone/account" || len(lines(account(t, b), "passkeys")) != 0 {
		t.Errorf("remove: %d %s", got.status, got.body)
	}
}

func TestLastCredentialOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, link := w.invited(0, "lin")
	b, d := w.browser(), newDevice()
	fields := b.ask(link+"/passkey", form("account", "lin"), d)
	fields.Set("account", "lin")
	if got := b.post(link, fields); got.status != http.StatusSeeOther {
		t.Fatal(got.body)
	}
	b.home()
	url, _ := lines(account(t, b), "passkeys")[0]["url"].(string)
	if got := b.post(url+"/remove", nil); got.status != http.StatusUnprocessableEntity || got.view(t)["problem"] != "last" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if v := account(t, b); v["has_password"] != false || len(lines(v, "passkeys")) != 1 {
		t.Errorf("%v", v)
	}
	if got := b.post("/phone/account/password", form("password", password, "confirm", password)); got.to != "/phone/account" {
		t.Fatalf("set a password: %d %s", got.status, got.body)
	}
	if got := b.post(url+"/remove", nil); got.to != "/phone/account" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, b := w.enrolled(0, "lin")
	elsewhere := w.in("lin")
	for problem, fields := range map[string][]string{
		"differs": {"password", "a new password", "confirm", "another password"}, "short": {"password", "short", "confirm", "short"},
		"long": {"password", strings.Repeat("x", 257), "confirm", strings.Repeat("x", 257)},
	} {
		if got := b.post("/phone/account/password", form(fields...)); got.status != http.StatusUnprocessableEntity || got.view(t)["problem"] != problem {
			t.Errorf("%s: %d %s", problem, got.status, got.body)
		}
	}
	if got := b.post("/phone/account/password", form("csrf", "x", "password", "a new password", "confirm", "a new password")); got.status != http.StatusForbidden {
		t.Errorf("without the token: %d", got.status)
	}
	w.clock.move(10 * time.Minute)
	if got := b.get("/phone/account/password"); got.to != "/phone/prove?next=/phone/account/password" {
		t.Errorf("without a fresh proof: %d %s", got.status, got.to)
	}
	if got := b.post("/phone/prove", form("password", "wrong password", "next", "/phone/account/password")); got.view(t)["problem"] != "wrong" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := b.post("/phone/prove", form("password", password, "next", "//evil.example")); got.to != "/phone" {
		t.Errorf("on to %q", got.to)
	}
	if got := b.post("/phone/account/password", form("password", "a new password", "confirm", "a new password")); got.to != "/phone/account" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if !b.signedIn() || elsewhere.signedIn() {
		t.Errorf("signed in here %v, elsewhere %v", b.signedIn(), elsewhere.signedIn())
	}
	if got := w.browser().post("/phone/sign-in", form("account", "lin", "password", password)); got.view(t)["problem"] != "wrong" {
		t.Errorf("the old password: %d %s", got.status, got.body)
	}
}

func TestDevicesOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, b := w.enrolled(0, "lin")
	_, stranger := w.enrolled(0, "other")
	second, third := w.in("lin"), w.in("lin")
	list := lines(account(t, third), "devices")
	if len(list) != 3 || list[0]["current"] != true || list[1]["current"] != nil || list[0]["address"] != "203.0.113.7" {
		t.Fatalf("%v", list)
	}
	theirs, _ := lines(account(t, stranger), "devices")[0]["end_url"].(string)
	if got := b.post(theirs, nil); got.status != http.StatusNotFound || !stranger.signedIn() {
		t.Errorf("another person's device: %d", got.status)
	}
	end, _ := list[1]["end_url"].(string)
	if got := b.post(end, nil); got.to != "/phone/account" || second.signedIn() || !third.signedIn() {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := b.post("/phone/account/devices/end", nil); got.to != "/phone/account" || third.signedIn() || !b.signedIn() || !stranger.signedIn() {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	m, b := w.enrolled(0, "lin")
	_, other := w.enrolled(0, "other")
	app := w.corpApp(0, "Portal")
	give := func() {
		t.Helper()
		if err := w.Consents.Give(t.Context(), m.Person, m.Row, app); err != nil {
			t.Fatal(err)
		}
	}
	give()
	sites := lines(account(t, b), "sites")
	if len(sites) != 1 || sites[0]["brand"] != "Portal" || sites[0]["company"] != "Company wwa" || sites[0]["own"] != true {
		t.Fatalf("%v", sites)
	}
	id, _ := sites[0]["id"].(string)
	for _, bad := range []string{"", "1", "x.y"} {
		if got := b.post("/phone/account/site/withdraw", form("site", bad)); got.status != http.StatusBadRequest {
			t.Errorf("site %q: %d", bad, got.status)
		}
	}
	if got := other.post("/phone/account/site/withdraw", form("site", id)); got.status != http.StatusNotFound {
		t.Errorf("another person's: %d", got.status)
	}
	if got := b.post("/phone/account/site/withdraw", form("site", id)); got.to != "/phone/account" || len(lines(account(t, b), "sites")) != 0 {
		t.Errorf("%d %s", got.status, got.body)
	}
	give() // asked and given anew, though it was known a moment ago
	if len(lines(account(t, b), "sites")) != 1 {
		t.Error("a consent that was withdrawn and given again is not kept")
	}
}
