package phone_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/client/phone"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// authorizeLink is a link to the sample suite's sign-in inside the client.
func authorizeLink(p *platformtest.Platform, scope string) string {
	return p.PublicURL() + protocol.PathAuthorize + "?" + url.Values{protocol.ParamAppID: {p.Sample.SuiteID},
		protocol.ParamRedirectURI: {platformtest.Origin + "/in?a=1"}, protocol.ParamResponseType: {protocol.ResponseTypeCode},
		protocol.ParamScope: {scope}, protocol.ParamState: {"s t"}}.Encode() + "#" + protocol.AuthorizeFragment
}

// TestOpen asks the first time and is silent from then on; the page of the app is not asked for.
func TestOpen(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	link := authorizeLink(p, protocol.ScopeBase)
	var out strings.Builder
	asked := 0
	o := phone.OpenOptions{Options: phone.Options{As: member(p), Out: &out, Ask: func(string) (string, error) {
		asked++
		return "c", nil
	}}}
	for range 2 {
		out.Reset()
		opened, err := phone.Open(t.Context(), link, o)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(opened.Address)
		if err != nil || !opened.HasCode || !strings.HasPrefix(opened.Address, platformtest.Origin+"/in?a=1&") || u.Query().Get("state") != "s t" {
			t.Errorf("%+v", opened)
		}
		if !strings.Contains(out.String(), "/in\n") || strings.Contains(out.String(), u.Query().Get("code")) || !strings.Contains(out.String(), "with a code") {
			t.Errorf("said %q", out.String())
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// TestOpenAsks: what is answered without a person, and what a person is asked.
func TestOpenAsks(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	private := authorizeLink(p, protocol.ScopePrivateInfo)
	details := func(o phone.OpenOptions, link string) protocol.UserDetail3rd {
		t.Helper()
		opened, err := phone.Open(t.Context(), link, o)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(opened.Address)
		if err != nil {
			t.Fatal(err)
		}
		var who protocol.UserInfo3rd
		token := p.SuiteTokenOf(p.Sample.SuiteID, p.Sample.SuiteSecret)
		p.Get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {token}, "code": {u.Query().Get("code")}}, &who)
		if who.ErrCode != 0 || who.UserTicket == "" {
			t.Fatalf("%+v", who)
		}
		var d protocol.UserDetail3rd
		p.Post(protocol.PathOldGetUserDetail3rd+"?suite_access_token="+token, protocol.GetUserDetail{UserTicket: who.UserTicket}, &d)
		if d.ErrCode != 0 {
			t.Fatal(d.Failure)
		}
		return d
	}
	base := phone.OpenOptions{Options: phone.Options{As: member(p), Decision: phone.Confirm}}
	if d := details(base, private); d.Mobile != "" || d.Email != "" || d.Gender != "0" {
		t.Errorf("shown without being told to: %+v", d)
	}
	some := base
	some.Details = []string{"mobile"}
	if d := details(some, private); d.Mobile == "" || d.Email != "" {
		t.Errorf("mobile alone: %+v", d)
	}
	every := base
	every.Details = []string{phone.AllDetails}
	if d := details(every, private); d.Mobile == "" || d.Email == "" || d.Gender == "0" {
		t.Errorf("all: %+v", d)
	}
	answers := []string{"c", "email，gender"}
	interactive := phone.OpenOptions{Options: phone.Options{As: member(p), Ask: func(string) (string, error) {
		answer := answers[0]
		answers = answers[1:]
		return answer, nil
	}}}
	if d := details(interactive, private); d.Mobile != "" || d.Email == "" || d.Gender == "0" {
		t.Errorf("answered: %+v", d)
	}
	none := base
	none.Details = []string{"shoe_size"}
	if _, err := phone.Open(t.Context(), private, none); err == nil || !strings.Contains(err.Error(), "shoe_size") {
		t.Errorf("a detail that is not asked for: %v", err)
	}
	refuse := phone.OpenOptions{Options: phone.Options{As: member(p), Decision: phone.Refuse}}
	if opened, err := phone.Open(t.Context(), private, refuse); err != nil || opened.HasCode || strings.Contains(opened.Address, "code=") {
		t.Errorf("refused: %+v, %v", opened, err)
	}
	if _, err := phone.Open(t.Context(), private, phone.OpenOptions{Options: phone.Options{As: member(p)}}); err == nil ||
		!strings.Contains(err.Error(), "an answer is needed") {
		t.Errorf("nobody to ask: %v", err)
	}
}

// TestOpenAs: a person of two companies, of the company that As names.
func TestOpenAs(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	o := phone.OpenOptions{Options: phone.Options{As: p.Sample.CorpID + "/lixi", Decision: phone.Confirm}}
	if opened, err := phone.Open(t.Context(), authorizeLink(p, protocol.ScopeBase), o); err != nil || !opened.HasCode {
		t.Errorf("%+v, %v", opened, err)
	}
	// Of a company that has not installed the suite.
	o.As = p.Sample.Second.CorpID + "/shaoning"
	if _, err := phone.Open(t.Context(), authorizeLink(p, protocol.ScopeBase), o); err == nil || !strings.Contains(err.Error(), "has installed the app") {
		t.Errorf("not installed: %v", err)
	}
	wrong := strings.Replace(authorizeLink(p, protocol.ScopeBase), "127.0.0.1%3A3000", "evil.example", 1)
	if _, err := phone.Open(t.Context(), wrong, o); err == nil || !strings.Contains(err.Error(), "evil.example") {
		t.Errorf("a redirect_uri that is not trusted: %v", err)
	}
	for _, as := range []string{"", "x", "a/b"} {
		o.As = as
		if _, err := phone.Open(t.Context(), authorizeLink(p, protocol.ScopeBase), o); err == nil {
			t.Errorf("as %q", as)
		}
	}
}

func TestOpenIsNotALink(t *testing.T) {
	t.Parallel()
	for link, wants := range map[string]string{
		"": "not a link", "http://localhost/q/a": "not a link", "javascript:/connect/oauth2/authorize": "not a link",
		"http://u@localhost/connect/oauth2/authorize": "not a link", "http://localhost/connect/oauth2/authorize/x": "not a link",
		"https://open.weixin.qq.com/connect/oauth2/authorize?appid=a":      "HUFU_OPEN",
		"https://open.work.weixin.qq.com/connect/oauth2/authorize?appid=a": "HUFU_OPEN",
	} {
		if _, err := phone.Open(t.Context(), link, phone.OpenOptions{}); err == nil || !strings.Contains(err.Error(), wants) {
			t.Errorf("%q: %v", link, err)
		}
	}
}

// TestOpenHostile has servers that are not what they should be: what is typed never leaves the
// platform, and what it says does not steer the terminal.
func TestOpenHostile(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was asked for", r.Method, r.URL.Path)
	}))
	t.Cleanup(elsewhere.Close)
	for name, row := range map[string]struct {
		authorize, answer string // a view, or "to " and an address
		wants             string // part of the error; empty: none
	}{
		"sign-in elsewhere":  {`{"sign_in_url":"` + elsewhere.URL + `"}`, "", "did not keep"},
		"answer elsewhere":   {`{"decide_url":"` + elsewhere.URL + `/x","csrf":"c"}`, "", "elsewhere"},
		"company elsewhere":  {`{"companies":[{"corpid":"a","url":"` + elsewhere.URL + `/x"}]}`, "", "elsewhere"},
		"a scheme of no web": {"to javascript:alert(1)", "", "elsewhere"},
		"no code":            {`{"decide_url":"/decide","csrf":"c"}`, "to " + elsewhere.URL + "/?state=s", "no code"},
		"without end":        {`{"companies":[{"corpid":"a","url":"/connect/oauth2/authorize"}]}`, "", "no end"},
		"words":              {`{"error":"error.x\u001b[2J","received":"\u001b[31m"}`, "", "error.x[2J"},
		"nothing":            {`{}`, "", "does not know"},
		"a page":             {"to " + elsewhere.URL + "/%1b%0a?code=1", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			say := func(w http.ResponseWriter, what string) {
				if to, ok := strings.CutPrefix(what, "to "); ok {
					w.Header().Set("Location", to)
					w.WriteHeader(http.StatusFound)
					return
				}
				io.WriteString(w, what)
			}
			mux := http.NewServeMux()
			mux.HandleFunc("GET /phone", func(w http.ResponseWriter, _ *http.Request) { say(w, `{"sign_in_url":"/in"}`) })
			mux.HandleFunc("POST /in", func(w http.ResponseWriter, _ *http.Request) { say(w, `{"csrf":"c"}`) })
			mux.HandleFunc("GET /connect/oauth2/authorize", func(w http.ResponseWriter, _ *http.Request) { say(w, row.authorize) })
			mux.HandleFunc("POST /decide", func(w http.ResponseWriter, _ *http.Request) { say(w, row.answer) })
			server := httptest.NewServer(mux)
			t.Cleanup(server.Close)
			var out strings.Builder
			_, err := phone.Open(t.Context(), server.URL+"/connect/oauth2/authorize?appid=secretquery",
				phone.OpenOptions{Options: phone.Options{As: "a/b", Decision: phone.Confirm, Out: &out}})
			if row.wants == "" && err != nil || row.wants != "" && (err == nil || !strings.Contains(err.Error(), row.wants) || strings.Contains(err.Error(), "secretquery")) {
				t.Errorf("got %v", err)
			}
			if strings.Contains(out.String(), "\x1b") {
				t.Errorf("said %q", out.String())
			}
		})
	}
}
