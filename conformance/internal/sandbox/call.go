package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// Client follows no redirect and waits no longer than a long wait of the login page.
var Client = &http.Client{Timeout: 40 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Answer is what a call was answered, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// JSON decodes the answer; the test fails when it is not JSON.
func (a Answer) JSON(t testing.TB, out any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), out); err != nil {
		t.Fatalf("%d %.300s: %v", a.Status, a.Body, err)
	}
}

// Fields is the answer as one JSON object.
func (a Answer) Fields(t testing.TB) map[string]any {
	t.Helper()
	var fields map[string]any
	a.JSON(t, &fields)
	return fields
}

// Send makes a call. body may be nil, a string, or a value to be sent as JSON; header is
// names and values in turn.
func Send(t testing.TB, method, address string, body any, header ...string) Answer {
	t.Helper()
	a, err := Try(method, address, body, header...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Try is Send for a server that may be gone.
func Try(method, address string, body any, header ...string) (Answer, error) {
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = bytes.NewReader([]byte(b))
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return Answer{}, err
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequest(method, address, content)
	if err != nil {
		return Answer{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := Client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return Answer{resp.StatusCode, resp.Header, string(raw)}, err
}

// API is the address of a call of the API for sites.
func (d *Demo) API(path string, query url.Values) string {
	return d.Env["HUFU_API"] + path + "?" + query.Encode()
}

// Control makes a call of the control API.
func (d *Demo) Control(method, path string, body any) Answer {
	d.t.Helper()
	return Send(d.t, method, d.Env["HUFU_CONTROL"]+path, body)
}

// SuiteToken is the login suite's token, had as a site has it.
func (d *Demo) SuiteToken() string {
	d.t.Helper()
	ticket := d.Control("GET", "/suites/"+d.Env["HUFU_LOGIN_SUITE_ID"]+"/ticket", nil).Fields(d.t)
	a := Send(d.t, "POST", d.API("/cgi-bin/service/get_suite_token", nil), map[string]any{
		"suite_id": d.Env["HUFU_LOGIN_SUITE_ID"], "suite_secret": d.Env["HUFU_LOGIN_SUITE_SECRET"], "suite_ticket": ticket["suite_ticket"]})
	return d.text(a, "suite_access_token")
}

// CorpToken is the corp app's token.
func (d *Demo) CorpToken() string {
	d.t.Helper()
	a := Send(d.t, "GET", d.API("/cgi-bin/gettoken", url.Values{"corpid": {d.Env["HUFU_CORPID"]}, "corpsecret": {d.Env["HUFU_CORPSECRET"]}}), nil)
	return d.text(a, "access_token")
}

// LoginCode is a code of the sample member's web login with the login suite.
func (d *Demo) LoginCode() string {
	d.t.Helper()
	return d.code("login", d.Env["HUFU_LOGIN_SUITE_ID"])
}

// CorpCode is a code of the sample member's login with the corp app.
func (d *Demo) CorpCode() string {
	d.t.Helper()
	return d.code("corp", d.Env["HUFU_CORPID"]+"/"+d.Env["HUFU_AGENTID"])
}

func (d *Demo) code(kind, app string) string {
	d.t.Helper()
	return d.text(d.Control("POST", "/codes", map[string]string{"kind": kind, "app": app,
		"member": d.Member(), "redirect_uri": d.Env["HUFU_REDIRECT_URI"]}), "code")
}

func (d *Demo) text(a Answer, name string) string {
	d.t.Helper()
	text, _ := a.Fields(d.t)[name].(string)
	if text == "" {
		d.t.Fatalf("no %s: %d %.300s", name, a.Status, a.Body)
	}
	return text
}
