package sandbox

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"
)

// Page is a login page that a browser has open.
type Page struct {
	WebKey    string `json:"web_key"`
	Signature string `json:"sessionSignature"`
	QR        string `json:"-"` // address in the QR code

	d *Demo
}

var (
	settings = regexp.MustCompile(`(?s)<script[^>]*id="settings"[^>]*>(.*?)</script>`)
	qrLink   = regexp.MustCompile(`/q/[A-Za-z0-9_-]{22}`)
)

// LoginLink is a link to the login page for the login suite.
func (d *Demo) LoginLink(state string) string {
	return d.Env["HUFU_LOGIN"] + "/wwlogin/sso/login?" + url.Values{"login_type": {"ServiceApp"}, "appid": {d.Env["HUFU_LOGIN_SUITE_ID"]},
		"redirect_uri": {d.Env["HUFU_REDIRECT_URI"]}, "state": {state}}.Encode()
}

// Open opens a login link.
func (d *Demo) Open(link string) *Page {
	d.t.Helper()
	a := Send(d.t, "GET", link, nil)
	found := settings.FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || found == nil || !qrLink.MatchString(a.Body) {
		d.t.Fatalf("no login page: %d %.500s", a.Status, a.Body)
	}
	p := &Page{QR: d.Env["HUFU_LOGIN"] + qrLink.FindString(a.Body), d: d}
	Answer{Body: found[1]}.JSON(d.t, p)
	return p
}

// State is what the page is told next.
type State struct {
	Status      string `json:"status"`
	AuthCode    string `json:"auth_code"`
	RedirectURL string `json:"redirect_url"`
	Name        string `json:"name"`
	Reason      string `json:"reason"`
}

// Wait asks for the next state as the page's script does.
func (p *Page) Wait(last string) State {
	p.d.t.Helper()
	a := Send(p.d.t, "POST", p.d.Env["HUFU_LOGIN"]+"/wwlogin/monoApi/sso/login/getWebQrCodeStatus?lang=zh_CN&ajax=1&f=json&random=123456",
		map[string]any{"webKey": p.WebKey, "lastStatus": last, "openDataSid": nil}, "Authorization", p.Signature)
	var answer struct {
		Data State `json:"data"`
	}
	a.JSON(p.d.t, &answer)
	return answer.Data
}

// Decide lets the sample member scan, confirm or refuse.
func (p *Page) Decide(how string) {
	p.d.t.Helper()
	if a := p.d.Control("POST", "/"+how, map[string]string{"qr": p.QR, "member": p.d.Member()}); a.Status != http.StatusOK {
		p.d.t.Fatalf("%s: %d %s", how, a.Status, a.Body)
	}
}

// Browser is a client with cookies that follows no redirect.
func Browser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: Client.Timeout, CheckRedirect: Client.CheckRedirect}
}
