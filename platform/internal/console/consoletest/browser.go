package consoletest

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Browser is one browser: it keeps cookies and follows no redirect.
type Browser struct {
	p       *Platform
	cookies map[string]string
	csrf    string // of its console session
	session string
}

// Browser opens a browser in which nobody is signed in.
func (p *Platform) Browser() *Browser { return &Browser{p: p, cookies: map[string]string{}} }

// As opens a browser in which a person is signed in to the consoles; proved says whether
// freshly. Nobody opens one without.
func (p *Platform) As(name string, proved bool) *Browser {
	p.T.Helper()
	b := p.Browser()
	if name == Nobody {
		return b
	}
	start := p.Console.Sessions.Start
	if proved {
		start = p.Console.Sessions.StartProved
	}
	w := httptest.NewRecorder()
	s, err := start(context.Background(), w, httptest.NewRequest("GET", ConsoleURL+"/", nil), p.Person[name], name)
	if err != nil {
		p.T.Fatal(err)
	}
	b.take(w.Result())
	b.csrf, b.session = s.CSRF(), s.ID
	return b
}

// CSRF is what the forms of this browser's session carry.
func (b *Browser) CSRF() string { return b.csrf }

// Session is the id of its session.
func (b *Browser) Session() string { return b.session }

// Cookies are what it holds.
func (b *Browser) Cookies() map[string]string { return maps.Clone(b.cookies) }

// Keep gives it a cookie, as somebody might who holds another browser's.
func (b *Browser) Keep(name, value string) { b.cookies[name] = value }

// Forget drops a cookie.
func (b *Browser) Forget(name string) { delete(b.cookies, name) }

// Get asks for a page.
func (b *Browser) Get(path string) *httptest.ResponseRecorder {
	return b.Do(httptest.NewRequest(http.MethodGet, ConsoleURL+path, nil))
}

// Post sends a form with the session's csrf, unless the form names one.
func (b *Browser) Post(path string, form url.Values) *httptest.ResponseRecorder {
	values := url.Values{}
	maps.Copy(values, form)
	if !values.Has("csrf") {
		values.Set("csrf", b.csrf)
	}
	r := httptest.NewRequest(http.MethodPost, ConsoleURL+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// Do sends a request with the cookies.
func (b *Browser) Do(r *http.Request) *httptest.ResponseRecorder {
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.p.Handler.ServeHTTP(w, r)
	b.take(w.Result())
	return w
}

func (b *Browser) take(resp *http.Response) {
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
}

// Path is one that rights are asked about.
type Path struct {
	Method, Path string
	Form         url.Values
	// May are the names of those who are let in.
	May []string
}

// Rights visits every path as everybody and fails where somebody is let in who may not be, or
// is not who may. A person who may not gets 403, nobody is sent to the sign-in, a form
// without csrf gets 403 from everybody.
func Rights(t *testing.T, p *Platform, paths []Path) {
	t.Helper()
	as := map[string]*Browser{}
	for _, name := range Names {
		as[name] = p.As(name, true)
	}
	for _, path := range paths {
		for _, name := range Names {
			may := false
			for _, m := range path.May {
				may = may || m == name
			}
			visit := func(b *Browser, form url.Values) *httptest.ResponseRecorder {
				if path.Method == http.MethodGet {
					return b.Get(path.Path)
				}
				return b.Post(path.Path, form)
			}
			who := name
			if who == Nobody {
				who = "nobody"
			}
			if path.Method == http.MethodPost && name != Nobody {
				form := url.Values{"csrf": {"wrong"}}
				if got := visit(as[name], form); got.Code != http.StatusForbidden {
					t.Errorf("%s %s as %s with a wrong csrf: %d", path.Method, path.Path, who, got.Code)
				}
			}
			got := visit(as[name], path.Form)
			toSignIn := got.Code == http.StatusSeeOther && strings.HasPrefix(got.Header().Get("Location"), "/console/sign-in")
			switch {
			case name == Nobody && !toSignIn:
				t.Errorf("%s %s as nobody: %d to %q", path.Method, path.Path, got.Code, got.Header().Get("Location"))
			case name != Nobody && !may && got.Code != http.StatusForbidden:
				t.Errorf("%s %s as %s: %d, want 403", path.Method, path.Path, who, got.Code)
			case may && (got.Code >= 400 && got.Code != http.StatusUnprocessableEntity || toSignIn):
				t.Errorf("%s %s as %s: %d", path.Method, path.Path, who, got.Code)
			}
		}
	}
}
