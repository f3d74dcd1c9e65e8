package desktop_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/client/desktop"
	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// signInOnce signs in once; the next start needs no phone.
func signInOnce(t *testing.T, p *platformtest.Platform) {
	r := newRig(t, p, true).start()
	key := r.qr()
	if status, _ := r.check(); status != http.StatusForbidden {
		t.Errorf("before it is signed in it knows no login page, and answers %d", status)
	}
	phone := p.Phone(member(p))
	decide := r.scan(phone, key)
	number := r.number()
	phone.Post(decide, url.Values{"decision": {"confirm"}, "number": {number}}, nil)
	r.shown("This computer is signed in")
	r.ready()
	if _, c := r.check(); !c.SignedIn {
		t.Errorf("%+v", c)
	}
	kept, err := r.ring.Get("", p.PublicURL())
	if err != nil {
		t.Fatal(err)
	}
	var device struct{ Seed, ID string }
	if err := json.Unmarshal([]byte(kept), &device); err != nil || device.ID == "" || len(device.Seed) != 43 {
		t.Fatalf("%v %+v", err, device)
	}

	if _, err := desktop.New(r.config); !errors.Is(err, keep.ErrInUse) {
		t.Errorf("a second one on the same folder: %v", err)
	}
	r.stop()
	if err := r.end(); err == nil {
		t.Error("ended without an error")
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	again := newRig(t, p, true)
	again.config.Dir, again.config.Keyring = r.config.Dir, r.ring
	again.start()
	again.shown("This computer is signed in")
	again.ready()
	if strings.Contains(again.out.String(), "/q/") {
		t.Error("asked for a phone again")
	}
	for _, text := range []string{r.log.String(), r.out.String(), again.log.String(), again.out.String()} {
		for _, secret := range []string{device.Seed, "Bearer"} {
			if strings.Contains(text, secret) {
				t.Errorf("a secret was printed:\n%s", text)
			}
		}
	}
}

// TestNotSignedIn has the phone say no, in each way; then it is asked for again.
func TestNotSignedIn(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	r := newRig(t, p, true).start()
	phone := p.Phone(member(p))
	for _, row := range []struct {
		answer func(decide, number string)
		says   string
	}{
		{func(decide, _ string) { phone.Post(decide, url.Values{"decision": {"refuse"}}, nil) }, "Refused on the phone"},
		{func(decide, number string) {
			wrong := "10"
			if number == wrong {
				wrong = "11"
			}
			phone.Post(decide, url.Values{"decision": {"confirm"}, "number": {wrong}}, nil)
		}, "Refused on the phone"},
		{func(decide, _ string) { phone.Post(strings.Replace(decide, "/decide", "/report", 1), nil, nil) }, "This sign-in was ended"},
		{func(_, _ string) { p.Advance(3 * time.Minute) }, "The sign-in has timed out"},
	} {
		decide := r.scan(phone, r.qr())
		row.answer(decide, r.number())
		r.shown(row.says)
		r.shown("Press Enter for a new QR code: ")
		r.typed("")
	}
	r.signIn(member(p))
}

// renewal has nobody scan: the code is replaced, in the end only when asked for.
func renewal(t *testing.T, p *platformtest.Platform) {
	r := newRig(t, p, true).start()
	seen := map[string]bool{r.qr(): true}
	for range 5 {
		r.shown("Your phone will call this computer")
		r.expire()
		r.shown("The last QR code has expired; this is a new one.")
		seen[r.qr()] = true
	}
	r.shown("Your phone will call this computer")
	r.expire()
	r.shown("The QR code has expired")
	if len(seen) != 6 {
		t.Errorf("%d codes", len(seen))
	}
	r.shown("Press Enter for a new QR code: ")
	r.typed("")
	r.signIn(member(p))
}

// expire lets a QR code's time pass, once it runs.
func (r *rig) expire() {
	r.t.Helper()
	r.until(func() bool {
		r.clock.mu.Lock()
		defer r.clock.mu.Unlock()
		for _, t := range r.clock.timers {
			if left := t.due.Sub(time.Now().Add(r.clock.offset)); !t.over && left > 4*time.Minute && left <= 5*time.Minute {
				return true
			}
		}
		return false
	}, func() string { return "no QR code's time runs" })
	r.clock.pass(5 * time.Minute)
}

// removed is a device that its person removes on the phone.
func removed(t *testing.T, p *platformtest.Platform) {
	r := newRig(t, p, true)
	r.config.Name = "to be removed · Linux"
	r.start()
	r.signIn(member(p))
	phone := p.Phone(member(p))
	var account struct {
		Clients []struct {
			Machine   string `json:"machine"`
			RemoveURL string `json:"remove_url"`
		} `json:"desktops"`
	}
	phone.Get("/phone/account", &account)
	listed := 0
	for _, c := range account.Clients {
		if c.Machine == r.config.Name {
			listed++
			if status := phone.Post(c.RemoveURL, nil, nil); status != http.StatusOK {
				t.Fatalf("remove: %d", status)
			}
		}
	}
	if listed != 1 {
		t.Fatalf("%+v", account)
	}
	page := r.page()
	if opened := r.hand(page); opened.Opened || opened.Reason != protocol.LoopbackUnreachable {
		t.Errorf("%+v", opened)
	}
	r.shown("This computer has been removed")
	r.shown("Press Enter for a new QR code: ")
	if _, c := r.check(); c.SignedIn {
		t.Error("still says that it is signed in")
	}
	if _, err := r.ring.Get("", p.PublicURL()); err == nil {
		t.Error("the key of a removed device is kept")
	}
	r.typed("")
	r.signIn(member(p))
	if _, c := r.check(); !c.SignedIn {
		t.Error("signed in again, and does not say so")
	}
}

// TestSignOut removes the device, here and there.
func TestSignOut(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	r := signedIn(t, p, member(p))
	if err := desktop.SignOut(t.Context(), r.config); !errors.Is(err, keep.ErrInUse) {
		t.Errorf("while it runs: %v", err)
	}
	r.stop()
	r.end()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := r.ring.Get("", p.PublicURL())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := desktop.SignOut(t.Context(), r.config); err != nil {
			t.Error(err)
		}
		if _, err := r.ring.Get("", p.PublicURL()); err == nil {
			t.Error("the key is still kept")
		}
	}
	// The platform does not know it any more.
	if err := r.ring.Set("", p.PublicURL(), kept); err != nil {
		t.Fatal(err)
	}
	again := newRig(t, p, true)
	again.config.Keyring = r.ring
	again.start()
	again.shown("This computer has been removed")

	// Where the platform cannot be told, that is said, and the key is forgotten all the same.
	if err := r.ring.Set("", p.PublicURL(), kept); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	if err := desktop.SignOut(t.Context(), r.config); !errors.Is(err, wire.ErrUnreachable) || !strings.Contains(err.Error(), "remove the device on the phone") {
		t.Errorf("%v", err)
	}
	if _, err := r.ring.Get("", p.PublicURL()); err == nil {
		t.Error("the key is still kept")
	}
	if err := r.ring.Set("", p.PublicURL(), "nonsense"); err != nil {
		t.Fatal(err)
	}
	if err := desktop.SignOut(t.Context(), r.config); err != nil {
		t.Errorf("of a broken key: %v", err)
	}
}

// TestPlatformAway is a platform that is not there yet, and one that goes for a while.
func TestPlatformAway(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	p.Stop()
	r := newRig(t, p, true).start()
	r.shown("cannot be reached; we keep trying")
	r.logged("the platform does not answer; trying again")
	p.Restart()
	for range 3 {
		r.clock.pass(time.Minute)
	}
	r.signIn(member(p))
	r.logged("the platform answers again")

	page := r.page()
	_, c := r.check()
	key := page.ClientKey()
	p.Stop()
	var opened protocol.LoopbackOpened
	if status := r.call(protocol.PathLoopbackConfirm, protocol.LoopbackConfirm{ClientKey: key, Nonce: c.Nonce}, &opened); status != http.StatusOK || opened.Reason != protocol.LoopbackUnreachable {
		t.Errorf("%d %+v", status, opened)
	}
}

// config has what New and Run refuse.
func config(t *testing.T, p *platformtest.Platform) {
	for _, platform := range []string{"", "id.example.com", "ftp://id.example.com", "http://id.example.com", "http://192.168.1.2:8790",
		"https://u:p@id.example.com", "https://id.example.com/path", "https://id.example.com?x", "https://", "javascript:x"} {
		r := newRig(t, p, true)
		r.config.Platform = platform
		if d, err := desktop.New(r.config); err == nil {
			t.Errorf("%q is a platform", platform)
			d.Close()
		}
	}
	r := newRig(t, p, true)
	r.config.Dir = ""
	if _, err := desktop.New(r.config); err == nil {
		t.Error("works without a folder")
	}

	// The platform calls itself localhost. Signatures name that, so the client must.
	r = newRig(t, p, true)
	r.config.Platform = p.URL()
	r.start()
	if err := r.end(); !errors.Is(err, wire.ErrElsewhere) || !strings.Contains(err.Error(), p.PublicURL()) {
		t.Errorf("%v", err)
	}

	r = newRig(t, p, true)
	if err := r.ring.Set("", p.PublicURL(), "nonsense"); err != nil {
		t.Fatal(err)
	}
	r.start()
	if err := r.end(); !errors.Is(err, keep.ErrBroken) {
		t.Errorf("%v", err)
	}
}
