package platformtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
)

// LoginPage is a login page that a browser has open.
type LoginPage struct {
	Status    int
	Body      string
	WebKey    string
	Signature string
	QRKey     string
	p         *Platform
}

var (
	settings = regexp.MustCompile(`(?s)<script[^>]*id="settings"[^>]*>(.*?)</script>`)
	qrLink   = regexp.MustCompile(`(?:/q/|/wwopen/sso/confirm2\?k=)([A-Za-z0-9_-]{22})`)
)

// ServiceLink is the query of a ServiceApp login link of the sample provider.
func (p *Platform) ServiceLink(redirect, state string) url.Values {
	return url.Values{protocol.ParamLoginType: {protocol.LoginTypeServiceApp}, protocol.ParamAppID: {p.Sample.LoginSuiteID},
		protocol.ParamRedirectURI: {redirect}, protocol.ParamState: {state}}
}

// OpenLogin opens a login link as a browser does.
func (p *Platform) OpenLogin(query url.Values, header ...string) *LoginPage {
	p.t.Helper()
	return p.openPage(protocol.PathLogin, query, header)
}

// OldLink is the query of a link to an old login page: of the sample provider's login
// (3rd_qrConnect), for members, or of the sample company's own app (qrConnect).
func (p *Platform) OldLink(path, redirect, state string) url.Values {
	query := url.Values{protocol.ParamRedirectURI: {redirect}, protocol.ParamState: {state}}
	if path == protocol.PathOldProviderLogin {
		query.Set(protocol.ParamAppID, p.Sample.ProviderCorpID)
		query.Set(protocol.ParamUserType, protocol.UserMember)
		return query
	}
	query.Set(protocol.ParamAppID, p.Sample.CorpID)
	query.Set(protocol.ParamAgentID, strconv.FormatInt(p.Sample.AgentID, 10))
	return query
}

// OpenOld opens an old login page as a browser does in which a page of the site's has the link.
func (p *Platform) OpenOld(path string, query url.Values, header ...string) *LoginPage {
	p.t.Helper()
	return p.openPage(path, query, append([]string{"Referer", p.options.Site.Origin + "/"}, header...))
}

func (p *Platform) openPage(path string, query url.Values, header []string) *LoginPage {
	p.t.Helper()
	r, err := http.NewRequest("GET", p.URL()+path+"?"+query.Encode(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	page := KeysIn(string(raw))
	page.Status, page.p = resp.StatusCode, p
	return page
}

// KeysIn reads the keys in a login page's HTML; they are empty where it is another page.
func KeysIn(body string) *LoginPage {
	page := &LoginPage{Body: body}
	if m := settings.FindStringSubmatch(body); m != nil {
		var s struct {
			WebKey    string `json:"web_key"`
			Signature string `json:"sessionSignature"`
		}
		// What is no JSON has no keys.
		_ = json.Unmarshal([]byte(m[1]), &s)
		page.WebKey, page.Signature = s.WebKey, s.Signature
	}
	if m := qrLink.FindStringSubmatch(body); m != nil {
		page.QRKey = m[1]
	}
	return page
}

// QR is the address in the page's QR code.
func (l *LoginPage) QR() string { return l.p.PublicURL() + "/q/" + l.QRKey }

// OldQR is the address in the QR code of an old page.
func (l *LoginPage) OldQR() string {
	return l.p.Origins().Login + protocol.PathOldConfirm + "?" + protocol.QueryConfirmKey + "=" + l.QRKey + "&notretry=yes"
}

// OldPoll asks an old page's JSONP poll for the next state: key is the page's own unless the
// caller has another, signature is empty for a program that read the page.
func (l *LoginPage) OldPoll(key, signature string, last protocol.QRStatus) (s protocol.OldPollState) {
	l.p.t.Helper()
	query := url.Values{protocol.QueryKey: {key}, protocol.QueryLastStatus: {string(last)}}
	r, err := http.NewRequest("GET", l.p.URL()+protocol.PathOldPoll+"?"+query.Encode(), nil)
	if err != nil {
		l.p.t.Fatal(err)
	}
	if signature != "" {
		r.Header.Set("Authorization", signature)
	}
	l.p.do(r, &s)
	return s
}

// Wait asks for the next state, as the page's script does.
func (l *LoginPage) Wait(last protocol.QRStatus) protocol.WaitState {
	l.p.t.Helper()
	return l.WaitAs(l.WebKey, l.Signature, last)
}

// WaitAs is Wait with keys of the caller's choice.
func (l *LoginPage) WaitAs(webKey, signature string, last protocol.QRStatus) protocol.WaitState {
	l.p.t.Helper()
	body, err := json.Marshal(protocol.WaitRequest{WebKey: webKey, LastStatus: last})
	if err != nil {
		l.p.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", l.p.URL()+protocol.PathLoginWait+"?lang=zh_CN&ajax=1&f=json&random=123456", strings.NewReader(string(body)))
	if err != nil {
		l.p.t.Fatal(err)
	}
	if signature != "" {
		r.Header.Set("Authorization", signature)
	}
	var answer protocol.WaitAnswer
	l.p.do(r, &answer)
	return answer.Data
}

// Phone is a person's phone.
type Phone struct {
	client *http.Client
	from   string // X-Forwarded-For; empty: none
	p      *Platform
	t      testing.TB
	CSRF   string
}

// Phone signs a phone in as the member CORPID/USERID, through the sandbox's person picker.
func (p *Platform) Phone(member string) *Phone {
	p.t.Helper()
	return p.PhoneAt(member, "")
}

// PhoneAt is Phone at an address: the X-Forwarded-For that its requests bear, which counts
// where the platform trusts loopback as a proxy. Empty: none.
func (p *Platform) PhoneAt(member, address string) *Phone {
	p.t.Helper()
	ph := p.SignedOutPhone()
	ph.from = address
	if status := ph.Post("/phone/sign-in", url.Values{"person": {member}, "next": {"/phone"}}, nil); status != http.StatusOK {
		p.t.Fatalf("sign in as %s: %d", member, status)
	}
	var home struct {
		CSRF string `json:"csrf"`
	}
	ph.Get("/phone", &home)
	ph.CSRF = home.CSRF
	return ph
}

// SignedOutPhone is a phone that nobody has signed in to.
func (p *Platform) SignedOutPhone() *Phone {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &Phone{client: &http.Client{Jar: jar}, p: p, t: p.t}
}

// Cookies are the phone's cookies, value by name.
func (ph *Phone) Cookies() map[string]string {
	u, err := url.Parse(ph.p.URL())
	if err != nil {
		ph.t.Fatal(err)
	}
	all := map[string]string{}
	for _, c := range ph.client.Jar.Cookies(u) {
		all[c.Name] = c.Value
	}
	return all
}

// Get opens a page and decodes its view into out, unless that is nil. Redirects are
// followed.
func (ph *Phone) Get(path string, out any) int {
	ph.t.Helper()
	return ph.send("GET", path, nil, out)
}

// Post sends a form with the session's CSRF token added, follows the redirect, and decodes
// the view it leads to.
func (ph *Phone) Post(path string, form url.Values, out any) int {
	ph.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if ph.CSRF != "" && !form.Has("csrf") {
		form.Set("csrf", ph.CSRF)
	}
	return ph.send("POST", path, form, out)
}

func (ph *Phone) send(method, path string, form url.Values, out any) int {
	ph.t.Helper()
	r, err := http.NewRequest(method, ph.p.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		ph.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	if ph.from != "" {
		r.Header.Set("X-Forwarded-For", ph.from)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := ph.client.Do(r)
	if err != nil {
		ph.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		ph.t.Fatal(err)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			ph.t.Fatalf("%s %s: %d: %v: %.300s", method, path, resp.StatusCode, err, raw)
		}
	}
	return resp.StatusCode
}
