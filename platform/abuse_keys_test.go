package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// keyed is a page, or a desktop client, that shows a QR code, with all that its sign-in is
// known by.
type keyed struct {
	name                       string
	web, signature, qr, client string
	site, old, device          bool // ends in a code, is an old page, is a desktop client's own
	confirmed, claimed         bool
}

// texts are all of them by what they are.
func (k keyed) texts() map[string]string {
	list := map[string]string{"web key": k.web, "signature": k.signature, "QR key": k.qr}
	if k.client != "" {
		list["client key"] = k.client
	}
	return list
}

// sandboxOfKeys has one sign-in of every kind: confirmed, and three that a desktop client has to
// do with, or could.
func sandboxOfKeys(t *testing.T) (p *platformtest.Platform, all []keyed, console *platformtest.Console, csrf string) {
	t.Helper()
	p = platformtest.Start(t, platformtest.Options{})
	member := p.Sample.CorpID + "/" + p.Sample.Member
	confirmed := func(k keyed) {
		t.Helper()
		if status := p.Control("POST", "/confirm", map[string]string{"qr": p.PublicURL() + "/q/" + k.qr, "member": member}, nil); status != http.StatusOK {
			t.Fatalf("%s: %d", k.name, status)
		}
		k.confirmed = true
		all = append(all, k)
	}
	page := func(name string, l *platformtest.LoginPage) keyed {
		t.Helper()
		if l.WebKey == "" || l.QRKey == "" || l.Signature == "" {
			t.Fatalf("%s: %d %.300s", name, l.Status, l.Body)
		}
		return keyed{name: name, web: l.WebKey, signature: l.Signature, qr: l.QRKey, site: true}
	}
	old := func(path string) keyed {
		k := page(path, p.OpenOld(path, p.OldLink(path, platformtest.Origin+"/cb", "s")))
		k.old = true
		return k
	}
	confirmed(page("login page", openPage(t, p)))
	confirmed(old(protocol.PathOldProviderLogin))
	confirmed(old(protocol.PathOldCorpLogin))

	console = p.Browser()
	ofConsole := func(name string) keyed {
		var entry struct {
			CSRF      string      `json:"csrf"`
			WebKey    string      `json:"web_key"`
			Signature string      `json:"signature"`
			QR        protocol.QR `json:"qr"`
		}
		console.Get("/console/sign-in").Decode(t, &entry)
		csrf = entry.CSRF
		return keyed{name: name, web: entry.WebKey, signature: entry.Signature, qr: entry.QR.URL[strings.LastIndex(entry.QR.URL, "/")+1:]}
	}
	ofDevice := func(name string) keyed {
		d := p.NewDesktop(name)
		return keyed{name: name, web: d.WebKey, signature: d.Signature, qr: d.QR[strings.LastIndex(d.QR, "/")+1:], device: true}
	}
	confirmed(ofConsole("consoles' page"))
	confirmed(ofDevice("desktop client"))
	all = append(all, ofConsole("open page of the consoles"), ofDevice("open desktop client"))

	any := openPage(t, p)
	for _, k := range []keyed{page("claimed page", openPage(t, p)), page("open page", openPage(t, p)), old(protocol.PathOldProviderLogin)} {
		if k.client = any.ClientKeyAs(k.web, k.signature); k.client == "" {
			t.Fatalf("%s: no client key", k.name)
		}
		if k.name == "claimed page" {
			if _, reason := p.Desktop(member).Claim(k.client); reason != "" {
				t.Fatalf("claim: %s", reason)
			}
			k.claimed = true
		}
		all = append(all, k)
	}
	return p, all, console, csrf
}

// Abuse case 5, for every kind of key at every place that takes one: a key opens what it is
// for, with the signature of its own page where one is asked for, and nothing else.
func TestAbuse5EveryKey(t *testing.T) {
	t.Parallel()
	p, all, console, csrf := sandboxOfKeys(t)
	login := openPage(t, p)
	stranger := p.Phone(p.Sample.CorpID + "/" + p.Sample.Creator)
	// Two people's, for one may claim so much in a minute.
	others := []*platformtest.Desktop{p.Desktop(p.Sample.CorpID + "/" + p.Sample.Creator), p.Desktop(p.Sample.CorpID + "/" + p.Sample.Admin)}
	suite, own := p.SuiteToken(), appToken(t, p)
	provider := send(t, "POST", p.URL()+protocol.PathGetProviderToken,
		jsonOf("corpid", p.Sample.ProviderCorpID, "provider_secret", p.Sample.ProviderSecret)).text("provider_access_token")

	signatures := []string{"", "Bearer "}
	for _, k := range all {
		for what, text := range k.texts() {
			signatures = append(signatures, text)
			if what != "signature" {
				signatures = append(signatures, "Bearer "+text)
			}
		}
	}
	for i, k := range all {
		for what, key := range k.texts() {
			for _, signature := range signatures {
				mine := what == "web key" && signature == k.signature
				name := k.name + ", " + what + ", with a signature of another"
				if mine {
					name = k.name + ", " + what + ", with its own signature"
				}
				w := login.WaitAs(key, signature, protocol.QRTimeout)
				if open := w.Status != protocol.QRErr; open != (mine && k.site) || (w.AuthCode != "" || w.RedirectURL != "") != (mine && k.site && k.confirmed) {
					t.Errorf("%s: the page's wait: %+v", name, w)
				}
				o := login.OldPoll(key, signature, protocol.QRTimeout)
				if known := o.Status != protocol.QRErr; known != (what == "web key" && k.old) || (o.AuthCode != "") != (mine && k.old && k.confirmed) {
					t.Errorf("%s: the old poll: %+v", name, o)
				}
				// What changes an open sign-in is not asked for with its own signature.
				if !mine || !k.site {
					r := send(t, "POST", p.URL()+protocol.PathLoginRenew, jsonOf("webKey", key), "Authorization", signature)
					if !strings.Contains(r.body, string(protocol.QRErr)) || strings.Contains(r.body, `"path"`) {
						t.Errorf("%s: renewed: %s", name, r.body)
					}
					if c := login.ClientKeyAs(key, signature); c != "" {
						t.Errorf("%s: handed over", name)
					}
				}
				d := send(t, "POST", p.URL()+protocol.PathDesktopWait, jsonOf("web_key", key, "last_status", string(protocol.QRTimeout)),
					"Authorization", signature, "Content-Type", "application/json")
				if open := d.status == http.StatusOK; open != (mine && k.device) {
					t.Errorf("%s: the client's wait: %d %s", name, d.status, d.body)
				}
				if !(mine && !k.site && !k.device) {
					form := url.Values{"csrf": {csrf}, "web_key": {key}, "signature": {signature}, "next": {"/console"}}
					if a := console.Send("POST", "/console/sign-in/collect", form); a.Status == http.StatusSeeOther && !strings.Contains(a.To(), "sign-in") {
						t.Errorf("%s: collected for the consoles: %q", name, a.To())
					}
				}
			}
			name := k.name + ", " + what
			var view outcome
			if stranger.Get("/q/"+url.PathEscape(key), &view); (view.Reason != "unknown" && view.Error == "") != (what == "QR key") {
				t.Errorf("%s: the phone: %+v", name, view)
			}
			for path, at := range map[string]bool{protocol.PathLoginQRCode: false, protocol.PathOldQRCode: true} {
				a := send(t, "GET", p.URL()+path+"?key="+url.QueryEscape(key), "")
				if a.status == http.StatusOK && (what != "web key" || !k.site || at != k.old && at) {
					t.Errorf("%s: a picture at %s", name, path)
				}
			}
			want := protocol.DesktopGone
			switch {
			case what == "client key" && k.claimed:
				want = protocol.DesktopTaken
			case what == "client key": // anybody's client, the first that comes
				want = ""
			}
			if _, reason := others[i%2].Claim(key); reason != want {
				t.Errorf("%s: a client claims it: %q, want %q", name, reason, want)
			}
			for _, c := range []answer{
				api(t, p, protocol.PathGetUserInfo3rd, "suite_access_token", suite, "code", key), api(t, p, protocol.PathGetUserInfo, "access_token", own, "code", key),
				send(t, "POST", p.URL()+protocol.PathGetLoginInfo+"?access_token="+provider, jsonOf("auth_code", key)),
			} {
				if c.code(t) != protocol.CodeInvalidCode {
					t.Errorf("%s: as a code: %s", name, c.body)
				}
			}
		}
	}
}
