package console

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Render answers with a page; its template uses the layout "console".
func (s *Service) Render(w http.ResponseWriter, r *http.Request, v *Visit, page string, view any) error {
	return s.RenderStatus(w, r, v, http.StatusOK, page, view)
}

// RenderStatus is Render with a status other than 200: 422 where a form was refused.
func (s *Service) RenderStatus(w http.ResponseWriter, r *http.Request, _ *Visit, status int, page string, view any) error {
	return s.Respond.RenderStatus(w, r, status, page, view)
}

// flashCookie holds a locale key until the next page shows it. It decides nothing, so it is
// not sealed; only keys that have words are shown.
const flashCookie = "hufu_said"

// Flash has the next page of a console say once what has been done: key is a locale key.
func (s *Service) Flash(w http.ResponseWriter, _ *http.Request, key string) {
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true,
		Secure: s.Sessions.Secure, SameSite: http.SameSiteStrictMode})
}

// takeFlash is what the page says, and has it said once.
func (s *Service) takeFlash(w http.ResponseWriter, r *http.Request) string {
	if r.Method != http.MethodGet {
		return ""
	}
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true})
	if !s.Respond.Says(c.Value) {
		return ""
	}
	return c.Value
}

// otherLanguage is the page's own address in the language that it is not in.
func otherLanguage(r *http.Request) string {
	other := "zh"
	if respond.Lang(r) == other {
		other = "en"
	}
	q := r.URL.Query()
	q.Set("lang", other)
	return r.URL.Path + "?" + q.Encode()
}

// sampleRequest stands for the request in stories.
var sampleRequest = &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{}}

// toSignIn sends the browser to the sign-in and, after it, back to the page asked for. A form
// that was sent without a session is lost: it comes back to the start.
func toSignIn(w http.ResponseWriter, r *http.Request) error {
	next := "/console"
	if r.Method == http.MethodGet {
		next = r.URL.RequestURI()
	}
	http.Redirect(w, r, respond.Link(r, "/console/sign-in?next="+url.QueryEscape(next)), http.StatusSeeOther)
	return nil
}

// maxNext bounds a return address.
const maxNext = 2048

// cleanNext keeps a return address only where it is a page of the consoles: no host, no
// dots or backslashes by which a browser might read another one.
func cleanNext(next string) string {
	path, query, _ := strings.Cut(next, "?")
	ours := path == "/operator" || path == "/provider" || path == "/3rdapp/install"
	for _, prefix := range []string{"/operator/", "/provider/", "/admin/"} {
		ours = ours || strings.HasPrefix(path, prefix)
	}
	if !ours || len(next) > maxNext || strings.Contains(path, "//") || strings.ContainsFunc(path, notInPath) ||
		strings.ContainsFunc(query, notInQuery) {
		return "/console"
	}
	return next
}

func notInPath(c rune) bool {
	return c != '/' && c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}

func notInQuery(c rune) bool { return c <= ' ' || c > '~' || c == '\\' || c == '#' || c == '"' }
