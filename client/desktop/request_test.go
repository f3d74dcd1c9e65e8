package desktop_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// waits is how the login page sees the sign-in, once that is not last.
func waits(page *platformtest.LoginPage, last protocol.QRStatus) protocol.WaitState {
	return page.Wait(last)
}

// confirm confirms in the terminal: the page is told the number, no name, and then the code.
func confirm(t *testing.T, p *platformtest.Platform) {
	r := signedIn(t, p, member(p))
	page := r.page()
	if opened := r.hand(page); !opened.Opened {
		t.Fatalf("%+v", opened)
	}
	scanned := waits(page, protocol.QRNever)
	if scanned.Status != protocol.QRScanning || !scanned.Desktop || scanned.Number == "" || scanned.Name != "" || scanned.Avatar != "" {
		t.Errorf("%+v", scanned)
	}
	for _, text := range []string{"Sign in to ", "127.0.0.1:3000", "Chrome 142", "Same network as this computer", "will receive"} {
		r.shown(text)
	}
	r.shown("Type the number on the login page to confirm")
	if again := r.page(); again.WebKey != "" {
		if opened := r.hand(again); opened.Opened || opened.Reason != protocol.LoopbackBusy {
			t.Errorf("a second one: %+v", opened)
		}
	}
	r.typed(scanned.Number)
	r.shown("Sign-in confirmed")
	done := waits(page, protocol.QRScanning)
	if done.Status != protocol.QRSuccess || done.AuthCode == "" || !strings.HasPrefix(done.RedirectURL, platformtest.Origin+"/cb?") {
		t.Fatalf("%+v", done)
	}
	if text := r.out.String() + r.log.String(); strings.Contains(text, done.AuthCode) {
		t.Error("the code is in terminal or log")
	}
	var who protocol.UserInfo3rd
	p.Get(protocol.PathGetUserInfo3rd, url.Values{protocol.QuerySuiteAccessToken: {p.SuiteToken()}, protocol.QueryCode: {done.AuthCode}}, &who)
	if who.ErrCode != 0 || who.UserID == "" {
		t.Errorf("%+v", who)
	}

	// A browser in which this person never signed in.
	next := r.page("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0")
	r.until(func() bool { return r.hand(next).Opened }, func() string { return "still busy" })
	r.shown("! This browser is new to you")
	r.shown("Type the number on the login page to confirm")
	r.typed("r")
	r.shown("Sign-in refused")
}

// decisions says no in each way, and the wrong number.
func decisions(t *testing.T, p *platformtest.Platform) {
	r := signedIn(t, p, member(p))
	for says, answer := range map[string]func(number string) string{
		"Sign-in refused": func(string) string { return "r" },
		"Sign-in ended":   func(string) string { return "n" },
		"Wrong number: the sign-in is refused": func(number string) string {
			if number == "10" {
				return "11"
			}
			return "10"
		},
	} {
		page := r.page()
		r.until(func() bool { return r.hand(page).Opened }, func() string { return "still busy" })
		r.shown("Type the number on the login page to confirm")
		r.typed(answer(waits(page, protocol.QRNever).Number))
		r.shown(says)
		got := waits(page, protocol.QRScanning)
		if want := map[bool]protocol.QRStatus{true: protocol.QRCancel, false: protocol.QRFail}[says == "Sign-in ended"]; got.Status != want || got.AuthCode != "" {
			t.Errorf("%s: %+v", says, got)
		}
	}
}

// choice is a person in two companies.
func choice(t *testing.T, p *platformtest.Platform) {
	r := signedIn(t, p, p.Sample.CorpID+"/lixi")
	seen := map[string]bool{}
	for _, number := range []string{"1", "2"} {
		page := r.page()
		r.until(func() bool { return r.hand(page).Opened }, func() string { return "still busy" })
		r.shown("Number of the identity (1–2): ")
		r.typed(number)
		r.shown("Type the number on the login page to confirm")
		r.typed(waits(page, protocol.QRNever).Number)
		r.shown("Sign-in confirmed")
		var who protocol.UserInfo3rd
		p.Get(protocol.PathGetUserInfo3rd, url.Values{protocol.QuerySuiteAccessToken: {p.SuiteToken()},
			protocol.QueryCode: {waits(page, protocol.QRScanning).AuthCode}}, &who)
		seen[who.CorpID] = true
	}
	if len(seen) != 2 {
		t.Errorf("companies %v", seen)
	}
}

// notShown has sign-ins that the person never sees.
func notShown(t *testing.T, p *platformtest.Platform) {
	r := signedIn(t, p, member(p))
	_, c := r.check()
	var opened protocol.LoopbackOpened
	r.call(protocol.PathLoopbackConfirm, protocol.LoopbackConfirm{ClientKey: strings.Repeat("A", 22), Nonce: c.Nonce}, &opened)
	if opened.Opened || opened.Reason != protocol.LoopbackGone {
		t.Errorf("no such key: %+v", opened)
	}
	// A key that another device has claimed.
	page := r.page()
	key := page.ClientKey()
	if _, reason := p.Desktop(member(p)).Claim(key); reason != "" {
		t.Fatal(reason)
	}
	_, c = r.check()
	r.call(protocol.PathLoopbackConfirm, protocol.LoopbackConfirm{ClientKey: key, Nonce: c.Nonce}, &opened)
	if opened.Opened || opened.Reason != protocol.LoopbackGone {
		t.Errorf("taken: %+v", opened)
	}
	if strings.Contains(r.out.String(), "Sign in to ") {
		t.Error("shown")
	}
}

// timesOut has nobody answer.
func timesOut(t *testing.T, p *platformtest.Platform) {
	r := signedIn(t, p, member(p))
	page := r.page()
	r.hand(page)
	r.shown("Type the number on the login page to confirm")
	r.clock.pass(2*time.Minute + time.Second)
	r.shown("This sign-in is over")
}

// TestClocksDiffer has the platform's clock an hour ahead, and then the client's own moved.
func TestClocksDiffer(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	p.Advance(time.Hour)
	r := signedIn(t, p, member(p))
	for range 2 {
		page := r.page()
		r.until(func() bool { return r.hand(page).Opened }, func() string { return "still busy" })
		r.shown("Type the number on the login page to confirm")
		r.typed(waits(page, protocol.QRNever).Number)
		r.shown("Sign-in confirmed")
		r.clock.pass(20 * time.Minute)
	}
}

// TestPlatformGoesWhileShown keeps the question until the platform has the answer.
func TestPlatformGoesWhileShown(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	r := signedIn(t, p, member(p))
	page := r.page()
	r.hand(page)
	number := waits(page, protocol.QRNever).Number
	r.shown("Type the number on the login page to confirm")
	p.Stop()
	r.typed(number)
	r.shown("The platform cannot be reached, and your decision may not have arrived. Try again.")
	r.shown("Type the number on the login page to confirm")
	p.Restart()
	r.typed(number)
	r.shown("Sign-in confirmed")
	if got := waits(page, protocol.QRScanning); got.Status != protocol.QRSuccess {
		t.Errorf("%+v", got)
	}
}

var (
	action = regexp.MustCompile(`action="(http://127\.0\.0\.1:\d+)/open"`)
	hidden = regexp.MustCompile(`name="(token|version|secret|as)" value="([^"]*)"`)
)

// glass is a browser in which a window is open.
type glass struct {
	t      *testing.T
	origin string
	fields url.Values
}

// look opens the next window.
func (r *rig) look() (*glass, string) {
	r.t.Helper()
	raw, err := os.ReadFile(<-r.opened)
	if err != nil {
		r.t.Fatal(err)
	}
	origin := action.FindSubmatch(raw)
	if origin == nil {
		r.t.Fatalf("%s", raw)
	}
	g := &glass{t: r.t, origin: string(origin[1])}
	return g, g.post("/open", url.Values{"secret": {string(hidden.FindSubmatch(raw)[2])}}, "null")
}

func (g *glass) post(path string, form url.Values, origin string) string {
	g.t.Helper()
	q, err := http.NewRequest("POST", g.origin+path, strings.NewReader(form.Encode()))
	if err != nil {
		g.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Origin", origin)
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		g.t.Fatalf("%s: %d %v %s", path, resp.StatusCode, err, raw)
	}
	found := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(string(raw), -1) {
		found.Set(m[1], m[2])
	}
	if len(found) > 0 {
		g.fields = found
	}
	return html.UnescapeString(string(raw))
}

// now waits for the screen that has text.
func (g *glass) now(text, page string) string {
	g.t.Helper()
	for range 5 {
		if strings.Contains(page, text) {
			return page
		}
		g.post("/watch", g.fields, g.origin)
		page = g.post("/show", g.fields, g.origin)
	}
	g.t.Fatalf("%s is not in\n%s", text, page)
	return ""
}

func (g *glass) answer(pairs ...string) string {
	g.t.Helper()
	form := url.Values{}
	for name, values := range g.fields {
		form[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return g.post("/answer", form, g.origin)
}

// inWindows does everything in windows, from the sign-in to a refusal by closing one.
func inWindows(t *testing.T, p *platformtest.Platform) {
	r := newRig(t, p, false).start()
	g, page := r.look()
	page = g.now("Scan with your phone", page)
	_, key, _ := strings.Cut(page, p.PublicURL()+"/q/")
	phone := p.Phone(member(p))
	decide := r.scan(phone, key[:22])
	page = g.now("Type this number on your phone", page)
	_, number, _ := strings.Cut(page, `class="number">`)
	phone.Post(decide, url.Values{"decision": {"confirm"}, "number": {number[:2]}}, nil)
	g.now("This computer is signed in", page)
	r.ready()

	login := r.page()
	if opened := r.hand(login); !opened.Opened {
		t.Fatalf("%+v", opened)
	}
	if told := <-r.told; told != "A sign-in waits for you." {
		t.Errorf("told %q", told)
	}
	g, page = r.look()
	g.now("Sign in to ", page)
	if page = g.answer("decision", "confirm", "number", "1"); !strings.Contains(page, "Type the two digits") {
		t.Errorf("%s", page)
	}
	if page = g.answer("decision", "confirm", "number", waits(login, protocol.QRNever).Number); !strings.Contains(page, "Sign-in confirmed") {
		t.Errorf("%s", page)
	}
	if got := waits(login, protocol.QRScanning); got.Status != protocol.QRSuccess {
		t.Errorf("%+v", got)
	}

	// A window that is closed refuses.
	login = r.page()
	r.until(func() bool { return r.hand(login).Opened }, func() string { return "still busy" })
	g, _ = r.look()
	g.post("/watch", url.Values{"token": g.fields["token"], "version": {"0"}}, g.origin)
	r.clock.pass(11 * time.Second)
	if got := waits(login, protocol.QRScanning); got.Status != protocol.QRFail {
		t.Errorf("%+v", got)
	}
	r.until(func() bool { return strings.Contains(r.log.String(), "outcome=refused") }, r.log.String)

	// A client with a sign-in on the screen ends at once.
	login = r.page()
	r.until(func() bool { return r.hand(login).Opened }, func() string { return "still busy" })
	r.look()
}

// windowClosed closes the window before anybody has signed in.
func windowClosed(t *testing.T, p *platformtest.Platform) {
	r := newRig(t, p, false).start()
	g, _ := r.look()
	g.post("/watch", url.Values{"token": g.fields["token"], "version": {"0"}}, g.origin)
	r.clock.pass(11 * time.Second)
	if err := r.end(); err == nil || errors.Is(err, errLooked) || !strings.Contains(err.Error(), "not signed in") {
		t.Errorf("%v", err)
	}
}
