package desktop_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// TestAbuse25 goes through windows, right and wrong, with the fullest log: no key, secret, nonce,
// number or code is in it, nor in a file that stays.
func TestAbuse25(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	r := newRig(t, p, false).start()
	secrets := map[string]string{}
	keep := func(what, text string) string {
		t.Helper()
		if len(text) < 16 {
			t.Errorf("%s is %q", what, text)
			return text
		}
		secrets[text] = what
		return text
	}
	// look opens the next window, tries its secret once more, and guesses others.
	look := func() (*glass, string) {
		t.Helper()
		path := <-r.opened
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		secret := keep("secret of a window", string(hidden.FindSubmatch(raw)[2]))
		r.opened <- path
		g, page := r.look()
		keep("token of a window", g.fields.Get("token"))
		for path, form := range map[string]url.Values{"/open": {"secret": {secret}}, "/show": {"token": {keep("made-up token", "canary-token-of-a-window")}},
			"/answer": {"token": {g.fields.Get("token")}, "version": {"canary-version-0"}}} {
			q, err := http.NewRequest("POST", g.origin+path, strings.NewReader(form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			q.Header.Set("Origin", g.origin)
			resp, err := http.DefaultClient.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				t.Errorf("%s: %d", path, resp.StatusCode)
			}
		}
		return g, page
	}

	g, page := look()
	page = g.now("Scan with your phone", page)
	_, key, _ := strings.Cut(page, p.PublicURL()+"/q/")
	key = keep("key of the QR code", key[:22])
	phone := p.Phone(member(p))
	decide := r.scan(phone, key)
	page = g.now("Type this number on your phone", page)
	_, number, _ := strings.Cut(page, `class="number">`)
	phone.Post(decide, url.Values{"decision": {"confirm"}, "number": {number[:2]}}, nil)
	g.now("This computer is signed in", page)
	r.ready()

	for _, decision := range []string{"refuse", "report", "wrong", "confirm"} {
		login := r.page()
		_, c := r.check()
		given := keep("client key", login.ClientKey())
		var opened protocol.LoopbackOpened
		in := protocol.LoopbackConfirm{ClientKey: given, Nonce: keep("nonce", c.Nonce)}
		r.until(func() bool {
			r.call(protocol.PathLoopbackConfirm, in, &opened)
			if !opened.Opened {
				_, c = r.check()
				in.Nonce = keep("nonce", c.Nonce)
			}
			return opened.Opened
		}, r.log.String)
		r.call(protocol.PathLoopbackConfirm, in, &opened) // replayed
		_, c = r.check()
		in.Nonce = keep("nonce", c.Nonce)
		r.call(protocol.PathLoopbackConfirm, in, &opened) // a key that was seen
		r.call(protocol.PathLoopbackConfirm, protocol.LoopbackConfirm{ClientKey: keep("made-up key", "canary-client-key-0000"), Nonce: "canary-nonce"}, &opened)
		g, page := look()
		g.now("Sign in to ", page)
		number := waits(login, protocol.QRNever).Number
		switch decision {
		case "wrong":
			g.answer("decision", "confirm", "number", map[bool]string{true: "11", false: "10"}[number == "10"])
		default:
			g.answer("decision", decision, "number", number)
		}
		done := waits(login, protocol.QRScanning)
		if (done.AuthCode != "") != (decision == "confirm") {
			t.Errorf("%s: %+v", decision, done)
		}
		if done.AuthCode != "" {
			keep("code", done.AuthCode)
		}
		r.clock.pass(61e9) // ten sign-ins a minute are let through
	}
	r.ring.mu.Lock()
	defer r.ring.mu.Unlock()
	for _, kept := range r.ring.entries {
		var device struct {
			Seed string `json:"seed"`
		}
		if err := json.Unmarshal([]byte(kept), &device); err != nil {
			t.Fatal(err)
		}
		keep("device key", device.Seed)
	}

	shown := map[string]string{"the log": r.log.String()}
	files, err := filepath.Glob(filepath.Join(r.config.Dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if raw, err := os.ReadFile(path); err == nil {
			shown["file "+filepath.Base(path)] = string(raw)
		}
	}
	if len(secrets) < 20 || len(shown["the log"]) < 500 {
		t.Errorf("%d secrets in\n%s", len(secrets), shown["the log"])
	}
	for where, text := range shown {
		for secret, what := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds the %s", where, what)
			}
		}
	}
}
