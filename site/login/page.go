package login

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

//go:embed assets locales
var files embed.FS

// texts holds the words of the plain pages: language, key, text.
var texts = map[string]map[string]string{
	protocol.LangZH: mustWords("zh"),
	protocol.LangEN: mustWords("en"),
}

var (
	pages  = template.Must(template.ParseFS(files, "assets/*.html"))
	script = mustRead("assets/login.js")

	// style stands in each plain page, so that a page of any path needs no second
	// request; the policy names its hash, and no other style counts.
	style       = template.CSS(mustRead("assets/style.css"))
	stylePolicy = stylesheetPolicy(string(style))
)

func stylesheetPolicy(css string) string {
	sum := sha256.Sum256([]byte(css))
	return "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func mustRead(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // an embedded file: the build is broken
	}
	return b
}

func mustWords(lang string) map[string]string {
	var words map[string]string
	if err := json.Unmarshal(mustRead("locales/"+lang+".json"), &words); err != nil {
		panic(err)
	}
	return words
}

// Text returns the plain page's words for f in lang ("zh" or "en"): what
// happened, and what to do.
func (f *Failure) Text(lang string) (title, text string) {
	words, ok := texts[lang]
	if !ok {
		words = texts[protocol.LangZH]
	}
	return words[string(f.Reason)+".title"], words[string(f.Reason)+".text"]
}

// lang is the language of the plain pages.
func (h *Handler) lang(r *http.Request) string {
	if lang := h.linkLang(r); lang != "" {
		return lang
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch base, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(part)), "-"); {
		case strings.HasPrefix(base, "en"):
			return protocol.LangEN
		case strings.HasPrefix(base, "zh"):
			return protocol.LangZH
		}
	}
	return protocol.LangZH
}

// fail shows f: the site's page if it has one, else the plain one.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, f *Failure) {
	h.note(f)
	if h.config.ErrorPage != nil {
		h.config.ErrorPage(w, withoutSecrets(r), f)
		return
	}
	lang := h.lang(r)
	title, text := f.Text(lang)
	render(w, f.Status(), "failure.html", view{
		Lang: lang, Title: title, Text: text, Link: h.config.Home, LinkText: texts[lang]["home"],
	})
}

// failJSON tells f to the page's script.
func (h *Handler) failJSON(w http.ResponseWriter, r *http.Request, f *Failure) {
	h.note(f)
	title, text := f.Text(h.lang(r))
	status := f.Status()
	if f.Reason == Refused {
		status = http.StatusForbidden // a script must not take it for a session
	}
	writeJSON(w, status, struct {
		Reason Reason `json:"reason"`
		Title  string `json:"title"`
		Text   string `json:"text"`
	}{f.Reason, title, text})
}

func (h *Handler) note(f *Failure) {
	if h.config.Log == nil || f.Reason == Refused {
		return
	}
	cause := ""
	if f.Err != nil {
		cause = f.Err.Error()
	}
	h.config.Log.Warn("sign-in without a session", "app", h.config.AppID, "reason", string(f.Reason), "cause", cause)
}

// withoutSecrets is r without its query, lang aside, so that a hook cannot show
// or log a code.
func withoutSecrets(r *http.Request) *http.Request {
	clean := r.Clone(r.Context())
	query := ""
	if lang := oneOf(r.URL.Query().Get("lang"), protocol.LangZH, protocol.LangEN); lang != "" {
		query = "lang=" + lang
	}
	clean.URL.RawQuery = query
	clean.RequestURI = clean.URL.RequestURI()
	clean.Form, clean.PostForm = nil, nil
	return clean
}

// Window is the page on which a sign-in in a window of its own ends: it tells
// the page that opened it and closes itself, and has a link for a browser that
// will not close it.
func (h *Handler) Window(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	lang := h.lang(r)
	render(w, http.StatusOK, "window.html", view{
		Lang: lang, Title: texts[lang]["window.title"], Text: texts[lang]["window.text"],
		Link: returnPath(r.URL.Query().Get("return"), h.config.Home), LinkText: texts[lang]["continue"],
		Script: h.config.Path + "/login.js",
	})
}

// Script is the module behind the site's sign-in pages; its first lines say what
// a page writes to use it.
func (h *Handler) Script(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/javascript; charset=UTF-8")
	header.Set("Cache-Control", "no-cache")
	header.Set("X-Content-Type-Options", "nosniff")
	w.Write(script)
}

type view struct {
	Lang, Title, Text, Link, LinkText, Script string

	App   *AppPage // of app.html
	Words map[string]string

	Style template.CSS // filled in by render
}

func render(w http.ResponseWriter, status int, page string, v view) {
	v.Style = style
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, page, v); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=UTF-8")
	header.Set("Content-Security-Policy",
		"default-src 'none'; script-src 'self'; "+stylePolicy+"; base-uri 'none'; form-action 'none'; frame-ancestors 'self'")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// pathOf is the path of u as a request bears it.
func pathOf(u *url.URL) string {
	if p := u.EscapedPath(); p != "" {
		return p
	}
	return "/"
}
