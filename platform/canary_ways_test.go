package platform_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// Abuse case 25 through the old login pages and desktop clients: what keys, signatures, nonces
// and codes they have is in no log, record, table or file, and on no page but their own.
func TestAbuse25OldPagesAndDesktop(t *testing.T) {
	t.Parallel()
	var log recorder
	h := &hoard{t: t, what: map[string]string{}}
	w := newWorldWith(t, platformtest.Options{Log: &log, Config: func(c *platform.Config) { c.OldPolls = true }})
	s := w.Sample
	member := s.CorpID + "/" + s.Member
	phone := w.Phone(member)
	h.keep("csrf token", phone.CSRF)
	h.cookies("the phone", phone.Cookies())
	state, query := h.keep("state", "canary-state-of-old"), h.keep("query of redirect_uri", "canary-redirect-of-old")
	keep := func(page *platformtest.LoginPage) {
		t.Helper()
		h.keep("web key", page.WebKey)
		h.keep("page signature", strings.TrimPrefix(page.Signature, "Bearer "))
		h.keep("key of a QR code", page.QRKey)
	}

	// Old pages: opened, refused, polled with everything, scanned, answered, exchanged.
	for _, path := range []string{protocol.PathOldProviderLogin, protocol.PathOldCorpLogin} {
		link := w.OldLink(path, platformtest.Origin+"/cb?token="+query, state)
		page := w.OpenOld(path, link, "Referer", platformtest.Origin+"/?"+h.keep("Referer", "canary-referer-of-old"))
		keep(page)
		w.OpenOld(path, with(link, "appid", h.keep("unknown appid", "canary-appid-of-old")))
		w.OpenOld(path, with(link, "href", "https://"+h.keep("style sheet", "canary-style.example")+"/x.css"), "Sec-Fetch-Dest", "iframe")
		poll := w.URL() + protocol.PathOldPoll + "?callback=jsonpCallback&lastStatus=QRCODE_SCAN_ERR&redirect_uri=" + query + "&key="
		for _, key := range []string{page.WebKey, page.QRKey, h.keep("made-up key", "canarykeyofold00")} {
			send(t, "GET", poll+key, "")
			send(t, "GET", poll+key, "", "Authorization", page.Signature)
			send(t, "GET", w.URL()+protocol.PathOldQRCode+"?key="+key, "")
			send(t, "GET", w.URL()+protocol.PathOldConfirm+"?k="+key+"&notretry=yes", "")
			send(t, "POST", w.URL()+protocol.PathOldPoll+"?key="+key, "key="+key)
		}
		renewed := send(t, "POST", w.URL()+protocol.PathLoginRenew, jsonOf("webKey", page.WebKey), "Authorization", page.Signature)
		h.keep("key of the next QR code", between(renewed.body, "confirm2?k=", "&"))
		h.keep("client key of an old page", page.ClientKey())
		scan(phone, page)
		confirm(phone, page, "")
		code := h.keep("code of an old page", page.OldPoll(page.WebKey, "", protocol.QRScanning).AuthCode)
		token := h.keep("provider token", providerToken(w))
		for range 2 {
			send(t, "POST", w.URL()+protocol.PathGetLoginInfo+"?access_token="+token, jsonOf("auth_code", code))
			api(t, w.Platform, protocol.PathGetUserInfo, "access_token", token, "code", code)
		}
	}

	// A desktop client: signed in and collected, right and wrong; a sign-in claimed, refused,
	// reported, confirmed with a wrong number and with the right one.
	watch := func(d *platformtest.Desktop) {
		h.keep("device key", protocol.DesktopEncoding.EncodeToString(d.Key.Seed()))
		h.keep("signature of a client's sign-in", strings.TrimPrefix(d.Signature, "Bearer "))
		h.keep("web key of a client's sign-in", d.WebKey)
		h.keep("key of a client's QR code", d.QR[strings.LastIndex(d.QR, "/")+1:])
		d.Change = func(r *http.Request) {
			for _, name := range []string{protocol.HeaderNonce, protocol.HeaderSignature} {
				if text := r.Header.Get(name); text != "" {
					h.keep(name, text)
				}
			}
		}
	}
	d := w.NewDesktop("canary machine")
	watch(d)
	d.Collect()
	scanned := &platformtest.LoginPage{QRKey: d.QR[strings.LastIndex(d.QR, "/")+1:]}
	scan(phone, scanned)
	confirm(phone, scanned, d.Wait(protocol.QRNever).Number)
	if reason := d.Collect(); reason != "" {
		t.Fatal(reason)
	}
	d.Collect()
	stranger := w.NewDesktop("canary stranger")
	watch(stranger)
	stranger.ID = d.ID
	link := w.ServiceLink(platformtest.Origin+"/cb?token="+query, state)
	for _, decision := range []string{protocol.DesktopRefuse, protocol.DesktopReport, "wrong", "unknown", protocol.DesktopConfirm} {
		page := w.OpenLogin(link)
		keep(page)
		key := h.keep("client key", page.ClientKey())
		stranger.Claim(key)
		c, reason := d.Claim(key)
		if reason != "" {
			t.Fatalf("%s: %s", decision, reason)
		}
		in := protocol.DesktopDecide{ClientKey: key, Decision: decision, As: c.Choices[0].As, Number: stateNow(page).Number}
		if decision == "wrong" {
			in.Decision, in.Number = protocol.DesktopConfirm, "00"
		}
		stranger.Decide(c, in, nil)
		d.Decide(c, in, nil)
		d.Decide(c, in, func(s *protocol.DesktopStatement) { s.App = "x" })
		if code := stateNow(page).AuthCode; (code != "") != (decision == protocol.DesktopConfirm) {
			t.Errorf("%s: code %q", decision, code)
		} else if code != "" {
			h.keep("code", code)
			exchange(t, w.Platform, w.SuiteToken(), code)
		}
		d.Claim(h.keep("made-up client key", "canary-client-key-0000"))
	}
	d.Call(protocol.PathDesktopState, struct{}{}, nil)

	// What people and scripts are shown of it.
	for _, path := range []string{"/requests", "/attempts", "/pushes"} {
		var list json.RawMessage
		w.Control("GET", path, nil, &list)
		h.absent(path, string(list))
	}
	admin, provider := "/admin/"+s.CorpID, "/provider/"+s.ProviderCorpID
	for _, path := range []string{admin + "/sign-ins", admin + "/audit", provider + "/calls", provider + "/codes", provider + "/pushes", provider, "/operator/audit"} {
		c := map[bool]*platformtest.Console{true: w.provider, false: w.creator}[strings.HasPrefix(path, "/provider")]
		if strings.HasPrefix(path, "/operator") {
			c = w.operator
		}
		for _, accept := range []string{"application/json", "text/html"} {
			a := c.Get(path, "Accept", accept)
			if a.Status != http.StatusOK {
				t.Errorf("%s: %d", path, a.Status)
			}
			h.absent("page "+path, a.Body)
		}
	}
	account := w.phone(s.MemberPerson).Get("/phone/account")
	if h.absent("the account page", account.Body); !strings.Contains(account.Body, "canary machine") {
		t.Errorf("the account page does not list the client: %.300s", account.Body)
	}
	h.absent("the table of clients", strings.Join(w.rowsOf("desktop_clients", ""), "\n"))
	delete(h.what, state) // a sign-in remembers where it leads
	delete(h.what, query)
	h.store(w)
	w.Stop()
	h.absent("the log", log.String())
	h.files(w.Dir)
	for _, path := range []string{protocol.PathOldPoll, protocol.PathDesktopDecide} {
		if !strings.Contains(log.String(), path) {
			t.Errorf("the log lacks %s", path)
		}
	}
	if len(h.what) < 80 {
		t.Errorf("only %d secrets were looked for", len(h.what))
	}
}
