package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// Whoever held a person's sessions loses all of them, on the phone and in the consoles, when
// the person joins another company, gets new credentials or sets another password.
func TestSessionsEndEverywhere(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(w *world, own *platformtest.Console){
		"new credentials by a link": func(w *world, _ *platformtest.Console) {
			link := w.linkFor(w.creator, "/admin/"+w.Sample.CorpID+"/contacts/members/"+w.memberRow(w.Sample.CorpID, "wangfang")+"/link")
			w.Browser().Enrol(link, "wangfang", password)
		},
		"another company": func(w *world, own *platformtest.Console) {
			a := w.hills.Post("/admin/"+w.hillsCorp+"/contacts/members", url.Values{"userid": {"wang"}, "name": {"王芳"}, "main": {"2"}})
			w.see(own.Post("/phone/enrol/"+w.linkFor(w.hills, a.To()+"/link")+"/join", nil))
		},
		"another password": func(w *world, own *platformtest.Console) {
			w.see(own.Post("/phone/account/password", url.Values{"password": {password}, "confirm": {password}}))
		},
		"signed out everywhere": func(w *world, own *platformtest.Console) {
			w.see(own.Post("/phone/account/devices/end", nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			person := w.Sample.AdminPerson
			console, other, own := w.Console(person), w.phone(person), w.phone(person)
			home := "/admin/" + w.Sample.CorpID
			if a, b := console.Get(home), other.Get("/phone/account"); a.Status != http.StatusOK || b.Status != http.StatusOK {
				t.Fatalf("before: %d, %d", a.Status, b.Status)
			}
			happens(w, own)
			for what, a := range map[string]platformtest.Page{"console": console.Get(home), "phone": other.Get("/phone/account"),
				"form": console.Post(home+"/own-apps", url.Values{"name": {"x"}})} {
				if a.Status != http.StatusSeeOther || !strings.Contains(a.To(), "/sign-in") {
					t.Errorf("%s: %d to %q", what, a.Status, a.To())
				}
			}
			// The one who did it stays, unless the credentials are new.
			if a := own.Get("/phone/account"); (a.Status == http.StatusOK) == (name == "new credentials by a link") {
				t.Errorf("one's own phone: %d", a.Status)
			}
		})
	}
}

// A handoff needs the browser that began it and the ticket of who proved: neither half alone
// opens anything, and both together do so once.
func TestHandoffNeedsBothHalves(t *testing.T) {
	t.Parallel()
	p := newPlain(t, platformtest.Options{})
	begin := func() (*platformtest.Console, string) {
		b := p.Browser()
		var page struct {
			CSRF string `json:"csrf"`
		}
		b.Get("/console/sign-in").Decode(t, &page)
		return b, b.Send("POST", "/console/enter", url.Values{"csrf": {page.CSRF}, "next": {"/console"}}).To()
	}
	prove := func(b *platformtest.Console, to string) string {
		return b.Send("POST", to, url.Values{"account": {"boss"}, "password": {password}}).To()
	}
	home := "/provider/" + p.corp
	in := func(b *platformtest.Console) bool { return b.Get(home).Status == http.StatusOK }

	attacker, link := begin()
	victim := p.Browser()
	back := prove(victim, link) // the victim opens the attacker's link, and proves
	victim.Get(back)
	if in(attacker) || in(victim) {
		t.Error("the attacker's link, proved by another browser, opens a console")
	}
	attacker.Get(strings.Split(back, "?")[0])
	attacker.Get(strings.Split(back, "?")[0] + "?ticket=" + strings.Repeat("A", 43))
	attacker.Get(back) // its half was used up by the guess
	if in(attacker) {
		t.Error("a guess opens a console")
	}

	// The attacker proves themselves, and has the victim come back with it.
	began, link := begin()
	back = prove(began, link)
	if victim.Get(back); in(victim) {
		t.Error("a ticket works in a browser that did not begin")
	}
	began.Send("HEAD", back, nil)
	if began.Get(back); !in(began) {
		t.Error("the two halves together do not open the console")
	}
	if again, _ := begin(); again.Get(back).Status == http.StatusSeeOther && in(again) {
		t.Error("a ticket works twice")
	}
	for _, next := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example", "/phone/../\\evil.example", "javascript:alert(1)"} {
		b := p.Browser()
		var page struct {
			CSRF string `json:"csrf"`
		}
		b.Get("/console/sign-in").Decode(t, &page)
		to := b.Send("POST", "/console/enter", url.Values{"csrf": {page.CSRF}, "next": {next}}).To()
		if a := b.Get(prove(b, to)); strings.Contains(a.To(), "evil") || strings.Contains(a.To(), "script") {
			t.Errorf("next=%q leads to %q", next, a.To())
		}
	}
}

// Outside the sandbox nobody is picked from a list, the parts are apart, and what the sandbox
// allows is not there.
func TestNoSandboxOutside(t *testing.T) {
	t.Parallel()
	p := newPlain(t, platformtest.Options{})
	o := p.Origins()
	b := p.Browser()
	var page struct {
		CSRF string `json:"csrf"`
	}
	b.Get("/console/sign-in").Decode(t, &page)
	if a := b.Send("POST", "/console/sign-in/pick", url.Values{"csrf": {page.CSRF}, "person": {"1"}}); a.Status != http.StatusNotFound {
		t.Errorf("the list of persons: %d", a.Status)
	}
	for _, person := range []string{"1", p.corp + "/boss", "boss"} {
		if a := b.Send("POST", "/phone/sign-in", url.Values{"person": {person}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("picked %s on the phone: %d to %q", person, a.Status, a.To())
		}
		to := p.provider.Post("/console/prove", nil).To()
		if a := p.provider.Send("POST", to, url.Values{"person": {person}}); a.Status == http.StatusSeeOther {
			t.Errorf("a proof by picking %s: to %q", person, a.To())
		}
	}
	for _, address := range []string{o.Phone + "/console", o.Phone + "/operator", o.Login + "/phone", o.Login + "/console", o.API + "/console", o.API + "/phone",
		o.Console + "/phone/sign-in", o.Console + "/cgi-bin/gettoken", o.Console + "/wwlogin/sso/login", o.Phone + "/storybook", o.Console + "/storybook"} {
		if a := p.provider.Get(address); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	for what, a := range map[string]platformtest.Page{
		"a development origin": p.post("/login/development", url.Values{"development": {"http://localhost:3000"}}),
		"a loopback page":      p.post("/suites/"+p.suite+"/business", url.Values{"business": {"http://127.0.0.1:3000/"}}),
		"an http page":         p.post("/suites/"+p.suite+"/business", url.Values{"business": {"http://app.example/"}}),
	} {
		if a.Status != http.StatusNotFound && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	for origin, cookies := range map[string]map[string]string{o.Phone: p.provider.Cookies(o.Phone), o.Login: p.provider.Cookies(o.Login), o.API: p.provider.Cookies(o.API)} {
		for name := range cookies {
			if strings.Contains(name, "console") || strings.Contains(name, "entry") || strings.Contains(name, "handoff") {
				t.Errorf("a console's cookie %s at %s", name, origin)
			}
		}
	}
}
