package platform_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// pageOfQR is the path of a client's QR code.
func pageOfQR(d *platformtest.Desktop) string { return d.QR[strings.Index(d.QR, "/q/"):] }

// deskView is what the phone's pages tell of a desktop client.
type deskView struct {
	outcome
	CSRF        string `json:"csrf"`
	Machine     string `json:"machine"`
	ContinueURL string `json:"continue_url"`
	DecideURL   string `json:"decide_url"`
	Desktops    []struct{ Machine, Used string }
}

// A client's life over the wire alone: the link pasted on the phone, the number, a restart at
// every step, a sign-in, the account page, the company's log, its end.
func TestDesktopClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	member := w.Sample.CorpID + "/" + w.Sample.Member
	phone := w.Phone(member)
	client := w.NewDesktop("desk · Linux")
	var v deskView
	if phone.Post("/phone/open", url.Values{"link": {client.QR}}, &v); v.Machine != "desk · Linux" || v.ContinueURL == "" {
		t.Fatalf("opened: %+v", v)
	}
	if got := client.Wait(protocol.QRCancel); got.Status != protocol.QRNever {
		t.Errorf("opening it changed something: %+v", got)
	}
	w.Restart()
	phone.Post(pageOfQR(client)+"/scan", nil, &v)
	got := client.Wait(protocol.QRNever)
	if got.Status != protocol.QRScanning || len(got.Number) != 2 {
		t.Fatalf("in the sandbox, on one machine: %+v", got)
	}
	w.Restart()
	v = deskView{}
	if phone.Post(pageOfQR(client)+"/decide", url.Values{"decision": {"confirm"}}, &v); v.NumberProblem != "empty" {
		t.Errorf("without the number: %+v", v)
	}
	v = deskView{}
	if phone.Post(pageOfQR(client)+"/decide", url.Values{"decision": {"confirm"}, "number": {got.Number}}, &v); v.Outcome != "confirmed" {
		t.Fatalf("%+v", v)
	}
	w.Restart()
	if reason := client.Collect(); reason != "" {
		t.Fatal(reason)
	}
	if reason := client.Collect(); reason != protocol.DesktopOver {
		t.Errorf("collected twice: %q", reason)
	}
	w.Restart()
	var state protocol.DesktopState
	if reason := client.Call(protocol.PathDesktopState, struct{}{}, &state); reason != "" || len(state.Companies) != 1 ||
		len(state.LoginOrigins) != 1 || state.LoginOrigins[0] != w.PublicURL() {
		t.Errorf("%q %+v", reason, state)
	}

	d := &desk{w.Platform, t, member, client}
	page, key := d.handedOver(d.service())
	c, reason := client.Claim(key)
	if reason != "" {
		t.Fatal(reason)
	}
	w.Restart()
	if outcome, reason := client.Decide(c, d.yes(page, key, c), nil); outcome != protocol.DesktopConfirmed {
		t.Fatalf("%q", reason)
	}
	if a := exchange(t, w.Platform, w.SuiteToken(), stateNow(page).AuthCode); a.text("userid") != w.Sample.OpenUserID {
		t.Errorf("%s", a.body)
	}
	var log struct {
		Lines []struct {
			Action, App, How string
		} `json:"lines"`
	}
	w.creator.Get("/admin/"+w.Sample.CorpID+"/sign-ins").Decode(t, &log)
	if len(log.Lines) == 0 || log.Lines[0].Action != "signed_in" || log.Lines[0].How != "desktop" || log.Lines[0].App != "青禾协作" {
		t.Errorf("the company's log: %+v", log)
	}
	v = deskView{}
	if phone.Get("/phone/account", &v); len(v.Desktops) != 1 || v.Desktops[0].Machine != "desk · Linux" || v.Desktops[0].Used == "" {
		t.Errorf("the account: %+v", v)
	}
	phone.Post("/phone/account/desktop/"+client.ID+"/remove", nil, nil)
	if reason := client.Call(protocol.PathDesktopState, struct{}{}, nil); reason != protocol.DesktopUnsigned {
		t.Errorf("removed: %q", reason)
	}
	w.Restart()
	if reason := client.Call(protocol.PathDesktopState, struct{}{}, nil); reason != protocol.DesktopUnsigned {
		t.Errorf("removed, after a restart: %q", reason)
	}
}

// A person of several companies answers as the one chosen, and the site learns of that alone.
func TestDesktopChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.Desktop(w.text(`SELECT c.corpid || '/' || m.userid FROM members m JOIN corps c ON c.id = m.corp_id
		WHERE m.person_id = (SELECT id FROM persons WHERE account = 'lixi') LIMIT 1`))
	d := &desk{Platform: w.Platform, t: t, client: client}
	seen := map[string]bool{}
	for i := range 2 {
		page, key := d.handedOver(d.service())
		c, reason := client.Claim(key)
		if reason != "" || len(c.Choices) != 2 {
			t.Fatalf("%q %+v", reason, c)
		}
		in := d.yes(page, key, c)
		in.As = c.Choices[i].As
		if outcome, reason := client.Decide(c, in, nil); outcome != protocol.DesktopConfirmed {
			t.Fatalf("%q", reason)
		}
		seen[exchange(t, w.Platform, w.SuiteToken(), stateNow(page).AuthCode).text("corpid")] = true
	}
	if len(seen) != 2 || seen[""] {
		t.Errorf("companies: %v", seen)
	}
}

// Abuse cases 7 and 8, for the QR code of a desktop client: another person's phone, and another
// phone of one's own; who photographs it has no number; three wrong ones block.
func TestAbuse7And8OfADesktopClient(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	member, admin := p.Sample.CorpID+"/"+p.Sample.Member, p.Sample.CorpID+"/"+p.Sample.Admin
	phone, own, theirs := p.Phone(member), p.Phone(member), p.Phone(admin)
	act := func(ph *platformtest.Phone, d *platformtest.Desktop, action string, form url.Values) (v deskView) {
		ph.Post(pageOfQR(d)+"/"+action, form, &v)
		return v
	}
	client := p.NewDesktop("desk")
	act(phone, client, "scan", nil)
	number := client.Wait(protocol.QRNever).Number
	for who, other := range map[string]*platformtest.Phone{"another person": theirs, "another phone": own} {
		for action, form := range map[string]url.Values{"scan": nil, "report": nil, "decide": {"decision": {"confirm"}, "number": {number}}} {
			if v := act(other, client, action, form); v.Reason != "other" || v.outcome.Outcome != "" {
				t.Errorf("%s: %s: %+v", who, action, v)
			}
		}
	}
	if reason := client.Collect(); reason != protocol.DesktopGone {
		t.Errorf("collected: %q", reason)
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	if v := act(phone, client, "decide", url.Values{"decision": {"confirm"}, "number": {strconv.Itoa(10 + (n-9)%90)}}); v.Reason != "number" {
		t.Errorf("a wrong number: %+v", v)
	}
	act(phone, client, "decide", url.Values{"decision": {"confirm"}, "number": {number}})
	if got := client.Wait(protocol.QRScanning); got.Status != protocol.QRFail || client.Collect() != protocol.DesktopGone {
		t.Errorf("after a wrong number: %+v", got)
	}
	for range 2 {
		client := p.NewDesktop("desk")
		act(phone, client, "scan", nil)
		wrong := "10"
		if client.Wait(protocol.QRNever).Number == wrong {
			wrong = "11"
		}
		act(phone, client, "decide", url.Values{"decision": {"confirm"}, "number": {wrong}})
	}
	if v := act(phone, p.NewDesktop("desk"), "scan", nil); v.Reason != "blocked" {
		t.Errorf("a fourth: %+v", v)
	}
}

// Outside the sandbox the calls are at the phone's origin alone.
func TestDesktopOrigin(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Plain: true})
	setup, err := p.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Browser().Enrol(setup[strings.LastIndex(setup, "/")+1:], "root.operator", "a long enough password")
	for _, host := range []string{"", "login.", "console.", "api."} {
		for _, path := range []string{protocol.PathDesktopEnrol, protocol.PathDesktopState} {
			_, name, _ := strings.Cut(p.PublicURL(), "://")
			a := send(t, "POST", p.URL()+path, "{}", "Content-Type", "application/json", "Host", host+name)
			if known := a.text("reason") != ""; known != (host == "") {
				t.Errorf("%s%s: %d %.200s", host, path, a.status, a.body)
			}
			if a := send(t, "GET", p.URL()+path, "", "Host", host+name); a.status == http.StatusOK {
				t.Errorf("GET %s%s: %d", host, path, a.status)
			}
		}
	}
}
