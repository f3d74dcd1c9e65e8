package platformtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Console is a browser that keeps cookies, follows no redirect and reaches every origin of
// the platform. It is made signed out, or signed in to the consoles.
type Console struct {
	// CSRF is what the forms of its console session carry; empty before a sign-in.
	CSRF   string
	client *http.Client
	p      *Platform
	t      testing.TB
}

// Page is one answer to a Console.
type Page struct {
	Status int
	Header http.Header
	Body   string
}

// To is where a redirect leads.
func (a Page) To() string { return a.Header.Get("Location") }

// Decode reads the view of a page that was asked for as JSON.
func (a Page) Decode(t testing.TB, out any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), out); err != nil {
		t.Fatalf("%d: %v: %.300s", a.Status, err, a.Body)
	}
}

// Browser opens a browser in which nobody is signed in.
func (p *Platform) Browser() *Console {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	// Whatever the host's name, it is this platform.
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, p.Addr().String())
	}}
	p.t.Cleanup(transport.CloseIdleConnections)
	return &Console{p: p, t: p.t, client: &http.Client{Jar: jar, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

var csrfField = regexp.MustCompile(`"csrf":"([A-Za-z0-9_-]+)"`)

// Console signs a person of the sandbox in to the consoles, through its person picker.
func (p *Platform) Console(person int64) *Console {
	p.t.Helper()
	c := p.Browser()
	var page struct {
		CSRF string `json:"csrf"`
	}
	c.Get("/console/sign-in").Decode(p.t, &page)
	a := c.Send("POST", "/console/sign-in/pick", url.Values{"csrf": {page.CSRF}, "person": {strconv.FormatInt(person, 10)}, "next": {"/console"}})
	if a.Status != http.StatusSeeOther || strings.Contains(a.To(), "sign-in") {
		p.t.Fatalf("sign in to the consoles: %d to %q: %.300s", a.Status, a.To(), a.Body)
	}
	c.ReadCSRF()
	return c
}

// Enrol uses an enrolment link, of which secret is the end, to set up an account with a
// password.
func (c *Console) Enrol(secret, account, password string) {
	c.t.Helper()
	a := c.Send("POST", "/phone/enrol/"+secret, url.Values{"name": {account}, "account": {account}, "password": {password}, "confirm": {password}})
	if a.Status != http.StatusSeeOther {
		c.t.Fatalf("enrol %s: %d %.300s", account, a.Status, a.Body)
	}
}

// Enter signs in to the consoles with account and password, by way of the phone's pages.
func (c *Console) Enter(account, password string) {
	c.t.Helper()
	var page struct {
		CSRF string `json:"csrf"`
	}
	c.Get("/console/sign-in").Decode(c.t, &page)
	to := c.Send("POST", "/console/enter", url.Values{"csrf": {page.CSRF}, "next": {"/console"}}).To()
	var enter struct {
		CSRF string `json:"csrf"`
	}
	c.Get(to).Decode(c.t, &enter)
	a := c.Send("POST", to, url.Values{"csrf": {enter.CSRF}, "account": {account}, "password": {password}})
	if a = c.Get(a.To()); a.Status != http.StatusSeeOther || strings.Contains(a.To(), "sign-in") {
		c.t.Fatalf("enter as %s: %d to %q: %.300s", account, a.Status, a.To(), a.Body)
	}
	c.ReadCSRF()
}

// ReadCSRF notes the csrf token of the console session.
func (c *Console) ReadCSRF() {
	c.t.Helper()
	a := c.Get("/console")
	if a.Status == http.StatusSeeOther { // who may enter one console only
		a = c.Get(a.To())
	}
	m := csrfField.FindStringSubmatch(a.Body)
	if m == nil {
		c.t.Fatalf("no csrf at /console: %d %.300s", a.Status, a.Body)
	}
	c.CSRF = m[1]
}

// Prove makes the console session one of who has just proved who they are: in the sandbox
// with a tap, elsewhere with the password.
func (c *Console) Prove(password string) {
	c.t.Helper()
	a := c.Post("/console/prove", nil)
	form := url.Values{"password": {password}}
	if password == "" {
		var page struct {
			Pick string `json:"pick"`
		}
		c.Get(a.To()).Decode(c.t, &page)
		form = url.Values{"person": {page.Pick}}
	}
	a = c.Send("POST", a.To(), form)
	if a = c.Get(a.To()); a.Status != http.StatusSeeOther || !strings.Contains(a.To(), "/console/proved") {
		c.t.Fatalf("prove: %d to %q: %.300s", a.Status, a.To(), a.Body)
	}
}

// Get asks for a page; a path is one of the consoles'.
func (c *Console) Get(address string, header ...string) Page {
	c.t.Helper()
	return c.Send("GET", address, nil, header...)
}

// Post sends a form with the session's csrf, unless the form names one.
func (c *Console) Post(address string, form url.Values, header ...string) Page {
	c.t.Helper()
	values := url.Values{"csrf": {c.CSRF}}
	for name, v := range form {
		values[name] = v
	}
	return c.Send("POST", address, values, header...)
}

// Send makes one request; header lists names and values in turn. The view of a page is asked
// for as JSON unless header names an Accept.
func (c *Console) Send(method, address string, form url.Values, header ...string) Page {
	c.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, c.address(address), body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return c.Do(r)
}

// SendFile sends a multipart form with one file.
func (c *Console) SendFile(address string, form url.Values, field, name, content string) Page {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range form {
		for _, v := range values {
			if err := w.WriteField(key, v); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", c.address(address), &b)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.Do(r)
}

// Do makes a request with the browser's cookies.
func (c *Console) Do(r *http.Request) Page {
	c.t.Helper()
	resp, err := c.client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return Page{resp.StatusCode, resp.Header, string(raw)}
}

// Cookies are the browser's cookies at an origin, value by name.
func (c *Console) Cookies(origin string) map[string]string {
	c.t.Helper()
	u, err := url.Parse(origin)
	if err != nil {
		c.t.Fatal(err)
	}
	all := map[string]string{}
	for _, cookie := range c.client.Jar.Cookies(u) {
		all[cookie.Name] = cookie.Value
	}
	return all
}

// address completes a path with the origin that it belongs to.
func (c *Console) address(text string) string {
	o := c.p.Origins()
	for _, part := range []struct{ begin, origin string }{{"/phone", o.Phone}, {"/q/", o.Phone}, {"/wwlogin/", o.Login},
		{"/cgi-bin/", o.API}, {"/", o.Console}} {
		if strings.HasPrefix(text, part.begin) {
			return part.origin + text
		}
	}
	return text // a whole address
}
