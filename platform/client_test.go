package platform_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// answer is what came back for one request, as bytes and as JSON where it is JSON.
type answer struct {
	status int
	header http.Header
	body   string
	fields map[string]any
}

// text is a field that is a string; "" where it is not there.
func (a answer) text(name string) string {
	s, _ := a.fields[name].(string)
	return s
}

// code is errcode, which must be a JSON number in every answer of the API.
func (a answer) code(t testing.TB) protocol.Code {
	t.Helper()
	n, ok := a.fields["errcode"].(float64)
	if !ok {
		t.Fatalf("errcode is not a number: %d %.300s", a.status, a.body)
	}
	return protocol.Code(n)
}

// fromAddresses lets requests say where they come from, in X-Forwarded-For.
func fromAddresses(c *platform.Config) {
	c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
}

// browserless follows no redirect and keeps no cookie.
var browserless = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// send makes one request. header lists names and values in turn; the name Host sets the
// request's host.
func send(t testing.TB, method, address, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header[http.CanonicalHeaderKey(header[i])] = []string{header[i+1]}
	}
	resp, err := browserless.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, r.URL.Path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, r.URL.Path, err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(raw)}
	a.parse(raw)
	return a
}

// parse reads the fields of a body that is a JSON object.
func (a *answer) parse(raw []byte) {
	if json.Unmarshal(raw, &a.fields) != nil {
		a.fields = nil
	}
}

// api calls the API with GET and names and values of a query in turn.
func api(t testing.TB, p *platformtest.Platform, path string, query ...string) answer {
	t.Helper()
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	return send(t, "GET", p.URL()+path+"?"+q.Encode(), "")
}

// newCode is a code of the login suite for the sample member, through the control port.
func newCode(t testing.TB, p *platformtest.Platform) string {
	t.Helper()
	return codeFor(t, p, "login", p.Sample.LoginSuiteID, p.Sample.CorpID+"/"+p.Sample.Member)
}

func codeFor(t testing.TB, p *platformtest.Platform, kind, app, member string) string {
	t.Helper()
	var out struct {
		Code  string `json:"code"`
		Error string `json:"error"`
	}
	status := p.Control("POST", "/codes", map[string]string{"kind": kind, "app": app, "member": member,
		"redirect_uri": platformtest.Origin + "/cb"}, &out)
	if status != http.StatusOK || out.Code == "" {
		t.Fatalf("code of kind %s: %d %s", kind, status, out.Error)
	}
	return out.Code
}

// exchange presents a code with the login suite's token.
func exchange(t testing.TB, p *platformtest.Platform, token, code string) answer {
	t.Helper()
	return api(t, p, protocol.PathGetUserInfo3rd, protocol.QuerySuiteAccessToken, token, protocol.QueryCode, code)
}

// openPage opens a good login page of the sample provider.
func openPage(t testing.TB, p *platformtest.Platform) *platformtest.LoginPage {
	t.Helper()
	page := p.OpenLogin(p.ServiceLink(platformtest.Origin+"/cb", "s"))
	if page.WebKey == "" || page.QRKey == "" {
		t.Fatalf("login page: %d %.300s", page.Status, page.Body)
	}
	return page
}

// stateNow is the state of a page's attempt, without waiting: the page says that the last
// it knew is one that no test here reaches.
func stateNow(page *platformtest.LoginPage) protocol.WaitState { return page.Wait(protocol.QRTimeout) }

// attempts lists what the control port tells of attempts, newest first.
func attempts(t testing.TB, p *platformtest.Platform) []struct{ Name, State string } {
	t.Helper()
	var list []struct{ Name, State string }
	if status := p.Control("GET", "/attempts", nil, &list); status != http.StatusOK {
		t.Fatalf("attempts: %d", status)
	}
	return list
}

// outcome is what the phone's pages say: a sign-in that ended, or why it cannot go on.
type outcome struct {
	Outcome       string `json:"outcome"`
	Reason        string `json:"reason"`
	NumberAsked   bool   `json:"number_asked"`
	NumberProblem string `json:"number_problem"`
	Error         string `json:"error"`
}

func scan(ph *platformtest.Phone, page *platformtest.LoginPage) (o outcome) {
	ph.Post("/q/"+page.QRKey+"/scan", nil, &o)
	return o
}

func confirm(ph *platformtest.Phone, page *platformtest.LoginPage, number string) (o outcome) {
	form := url.Values{"decision": {"confirm"}}
	if number != "" {
		form.Set("number", number)
	}
	ph.Post("/q/"+page.QRKey+"/decide", form, &o)
	return o
}

func copyAll(w io.Writer, resp *http.Response) (int64, error) {
	defer resp.Body.Close()
	return io.Copy(w, resp.Body)
}
