package installs

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// Reason says why an install did not end well. Its text is stable.
type Reason string

// The reasons.
const (
	// Cancelled: the administrator left the install page without installing.
	Cancelled Reason = "cancelled"
	// OtherBrowser: the callback bears no state of this browser.
	OtherBrowser Reason = "other_browser"
	// OtherTenant: the install was begun for another account of the site, or the
	// company belongs to another one.
	OtherTenant Reason = "other_tenant"
	// NoTenant: no account of the site is signed in.
	NoTenant Reason = "no_tenant"
	// Expired: the install began too long ago.
	Expired Reason = "expired"
	// BadRequest: the callback is malformed.
	BadRequest Reason = "bad_request"
	// BadCode: the auth_code is wrong, used or expired (40078).
	BadCode Reason = "bad_code"
	// NoTicket: the suite has no valid suite_ticket.
	NoTicket Reason = "no_ticket"
	// Unavailable: the platform could not be asked, or the site failed; worth another
	// try.
	Unavailable Reason = "unavailable"
)

// Failure is an install that did not end well.
type Failure struct {
	Reason Reason
	Err    error // the cause, for the site's log; may be nil; not for the person's eyes
}

func (f *Failure) Error() string { return "installs: " + string(f.Reason) }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Status is the HTTP status that fits f. Cancelled is an outcome, not an error: 200.
func (f *Failure) Status() int {
	switch f.Reason {
	case Cancelled:
		return http.StatusOK
	case OtherBrowser, OtherTenant:
		return http.StatusForbidden
	case NoTenant:
		return http.StatusUnauthorized
	case Expired, BadRequest, BadCode:
		return http.StatusBadRequest
	case NoTicket:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadGateway
}

//go:embed assets locales
var files embed.FS

var (
	texts = map[string]map[string]string{protocol.LangZH: mustWords("zh"), protocol.LangEN: mustWords("en")}
	page  = template.Must(template.ParseFS(files, "assets/failure.html"))
)

func mustWords(lang string) map[string]string {
	raw, err := files.ReadFile("locales/" + lang + ".json")
	if err != nil {
		panic(err) // an embedded file: the build is broken
	}
	var words map[string]string
	if err := json.Unmarshal(raw, &words); err != nil {
		panic(err)
	}
	return words
}

// Text returns the plain page's words for f in lang ("zh" or "en").
func (f *Failure) Text(lang string) (title, text string) {
	words, ok := texts[lang]
	if !ok {
		words = texts[protocol.LangZH]
	}
	return words[string(f.Reason)+".title"], words[string(f.Reason)+".text"]
}

// fail shows f: the site's page if it has one, else the plain one.
func (i *Installs) fail(w http.ResponseWriter, r *http.Request, f *Failure) {
	if f.Reason != Cancelled {
		cause := ""
		if f.Err != nil {
			cause = f.Err.Error()
		}
		i.config.Log.Warn("install not taken", "suite", i.config.Suite.ID(), "reason", string(f.Reason), "cause", cause)
	}
	if i.config.ErrorPage != nil {
		// Without its query, so that a page cannot show or log a code.
		clean := r.Clone(r.Context())
		clean.URL.RawQuery, clean.RequestURI = "", clean.URL.Path
		clean.Form, clean.PostForm = nil, nil
		i.config.ErrorPage(w, clean, f)
		return
	}
	lang := langOf(r)
	title, text := f.Text(lang)
	var b bytes.Buffer
	err := page.Execute(&b, struct{ Lang, Title, Text, Link, LinkText string }{lang, title, text, i.config.Home, texts[lang]["home"]})
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(f.Status())
	w.Write(b.Bytes())
}

func langOf(r *http.Request) string {
	for part := range strings.SplitSeq(strings.ToLower(r.Header.Get("Accept-Language")), ",") {
		switch part = strings.TrimSpace(part); {
		case strings.HasPrefix(part, "en"):
			return protocol.LangEN
		case strings.HasPrefix(part, "zh"):
			return protocol.LangZH
		}
	}
	return protocol.LangZH
}
