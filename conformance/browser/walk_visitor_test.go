package browser

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// visitor is a person at a device, with a passkey once one is made. The key is the person's,
// not the tab's: whichever tab asks for it is lent it.
type visitor struct {
	*device
	key *passkey
}

// passkey is a credential as an authenticator is lent it: without the fields that this
// Chromium refuses, even where they are empty.
type passkey struct {
	CredentialID []byte  `json:"credentialId"`
	Resident     bool    `json:"isResidentCredential"`
	RpID         string  `json:"rpId"`
	PrivateKey   []byte  `json:"privateKey"`
	UserHandle   []byte  `json:"userHandle"`
	SignCount    float64 `json:"signCount"`
}

type lent struct {
	AuthenticatorID webauthn.AuthenticatorID `json:"authenticatorId"`
	Credential      *passkey                 `json:"credential"`
}

var addCredential = cdp.Command[lent, cdp.Empty]{Method: webauthn.CommandAddCredential}

// withKey lends a tab the passkey while it is asked for. act ends when the page that follows
// is there.
func (v *visitor) withKey(tab *device, act func()) {
	v.t.Helper()
	command(tab, webauthn.Enable, webauthn.EnableParams{})
	id := command(tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}}).AuthenticatorID
	if v.key != nil {
		command(tab, addCredential, lent{id, v.key})
	}
	act()
	// With the count of its uses: a key whose count stands still is refused as a copy.
	if made := command(tab, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: id}).Credentials; len(made) == 1 {
		k := made[0]
		if v.key == nil {
			v.key = &passkey{}
		}
		*v.key = passkey{k.CredentialID, k.IsResidentCredential, k.RpID, k.PrivateKey, k.UserHandle, k.SignCount}
	} else {
		v.t.Fatalf("%d passkeys", len(made))
	}
	command(tab, webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: id})
}

// proves shows anew who sits there, in the tab that a sensitive step opens for it. The step
// then goes on by itself.
func (v *visitor) proves() {
	v.t.Helper()
	v.allow("status of 403") // the page that asks is one
	v.sees("请再次确认是你本人")
	v.tap("去确认")
	tab := v.another("/phone/enter/")
	tab.reload() // now in its language
	v.withKey(tab, func() {
		tab.tap("用通行密钥验证")
		tab.sees("已确认身份")
	})
	v.until(func() bool {
		return value[bool](v.ctx, `document.readyState === "complete" && !document.getElementById("again")`)
	},
		func() string { return "the step does not go on" })
	if err := chromedp.Cancel(tab.ctx); err != nil { // closes the tab
		v.t.Fatal(err)
	}
}

// part is a piece of a page: a section under its heading, a row of a table; or the whole.
type part struct {
	d    *device
	root string // expression of the list of elements that may be it
	name string
}

// in is the section with that heading.
func (d *device) in(heading string) part {
	return part{d, `[...document.querySelectorAll("section")].filter((s) => s.querySelector("h2")?.innerText.trim() === ` + quote(heading) + `)`, heading}
}

// row is the row of a table that holds a text.
func (d *device) row(text string) part {
	return part{d, `[...document.querySelectorAll("tbody tr")].filter((r) => r.innerText.includes(` + quote(text) + `))`, text}
}

func (d *device) page() part { return part{d, "[document]", "the page"} }

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// spotter finds the one visible thing of a name in a part, brings it into view and answers
// its middle.
const spotter = `(roots, kinds, name) => {
	if (document.readyState !== "complete" || roots.length !== 1) return null;
	const names = (e) => [e.getAttribute("aria-label"), ...(e.innerText ?? "").split("\n"),
		...[...(e.labels ?? [])].flatMap((label) => [label.innerText, label.firstChild?.textContent, label.querySelector("span")?.innerText])];
	const found = [...roots[0].querySelectorAll(kinds)].filter((e) => e.checkVisibility() && names(e).some((n) => n?.trim() === name));
	if (found.length !== 1) return null;
	found[0].scrollIntoView({ block: "center", behavior: "instant" });
	const box = found[0].getBoundingClientRect();
	window.spotted = found[0];
	return [box.x + box.width / 2, box.y + box.height / 2];
}`

func (p part) spot(kinds, name string) (x, y float64) {
	p.d.t.Helper()
	var at []float64
	p.d.until(func() bool {
		at = value[[]float64](p.d.ctx, "("+spotter+")("+p.root+", "+quote(kinds)+", "+quote(name)+")")
		return len(at) == 2
	}, func() string { return fmt.Sprintf("there is no one %q in %q", name, p.name) })
	return at[0], at[1]
}

// tap presses a button, follows a link or ticks a box.
func (p part) tap(name string) {
	p.d.t.Helper()
	x, y := p.spot("a[href], button, summary, input[type=checkbox]", name)
	act := chromedp.MouseClickXY(x, y)
	if p.d.touch {
		act = chromedp.TapXY(x, y)
	}
	p.d.do("tap "+name, act)
}

// sends presses a button that sends a form, and waits for the page that follows: what it says
// may be what the page before said.
func (p part) sends(name string) {
	p.d.t.Helper()
	press(p.d.t, p.d.ctx, "window.before = true")
	p.tap(name)
	p.d.until(func() bool { return value[bool](p.d.ctx, `document.readyState === "complete" && !window.before`) },
		func() string { return name + " leads nowhere" })
}

// fill types into the field of that label, in place of what stands there.
func (p part) fill(label, text string) {
	p.d.t.Helper()
	p.spot("input, textarea", label)
	press(p.d.t, p.d.ctx, "spotted.focus(), spotted.select()")
	command(p.d, input.InsertText, input.InsertTextParams{Text: text})
	if got := value[string](p.d.ctx, "spotted.value"); got != text {
		p.d.t.Fatalf("%q holds %q, not %q", label, got, text)
	}
}

// choose takes an option of a list, by the end of its path.
func (p part) choose(label, option string) {
	p.d.t.Helper()
	p.spot("select", label)
	press(p.d.t, p.d.ctx, `spotted.value = [...spotted.options].find((o) => o.text.trim().split("/").at(-1) === `+quote(option)+`).value,
		spotted.dispatchEvent(new Event("change", { bubbles: true }))`)
}

// reads is the value shown beside a name: in a list of facts, or under a heading.
func (p part) reads(name string) string {
	p.d.t.Helper()
	var text string
	p.d.until(func() bool {
		text = value[string](p.d.ctx, `((roots) => {
			const named = [...roots[0].querySelectorAll("dt, h2, label")].find((e) => e.innerText.trim() === `+quote(name)+`);
			return (named?.control?.value ?? named?.parentElement.querySelector("code")?.innerText ?? "").trim();
		})(`+p.root+`)`)
		return text != ""
	}, func() string { return fmt.Sprintf("%q is not shown", name) })
	return text
}

// sees waits until the part shows a text.
func (p part) sees(text string) {
	p.d.t.Helper()
	p.d.until(func() bool {
		return value[bool](p.d.ctx, `((roots) => roots.length === 1 && roots[0].innerText.includes(`+quote(text)+`))(`+p.root+`)`)
	}, func() string { return fmt.Sprintf("%q is not shown in %q", text, p.name) })
}

// fill, choose and reads are those of a page on which the name stands once.
func (d *device) fill(label, text string)   { d.t.Helper(); d.page().fill(label, text) }
func (d *device) choose(label, text string) { d.t.Helper(); d.page().choose(label, text) }
func (d *device) reads(name string) string  { d.t.Helper(); return d.page().reads(name) }

// goes follows a word of the console's navigation, and is there when the page is.
func (d *device) goes(name string) {
	d.t.Helper()
	part{d, `[...document.querySelectorAll("nav.nav")]`, "the navigation"}.tap(name)
	d.until(func() bool {
		return value[string](d.ctx, `document.readyState === "complete" ? document.querySelector("nav.nav [aria-current=page]").innerText.trim() : ""`) == name
	}, func() string { return "the navigation does not lead to " + name })
}

// arrives waits until the page's address holds a part.
func (d *device) arrives(part string) {
	d.t.Helper()
	d.until(func() bool {
		return strings.Contains(d.address(), part) && value[string](d.ctx, "document.readyState") == "complete"
	},
		func() string { return "the page is not at " + part })
}
