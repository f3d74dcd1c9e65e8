package demo

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// asset is one static file under a path that changes with its content.
type asset struct {
	path, contentType string
	body              []byte
}

// pages renders the site's templates and serves its static files.
type pages struct {
	templates map[string]*template.Template
	words     map[string]map[string]string
	assets    map[string]asset // by name
}

// newPages reads and checks everything once, so that a broken page is found at
// start.
func newPages() (*pages, error) {
	p := &pages{templates: map[string]*template.Template{}, assets: map[string]asset{}}
	var err error
	if p.words, err = loadWords(); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		body, err := staticFiles.ReadFile("static/" + entry.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		p.assets[entry.Name()] = asset{
			path:        "/static/" + hex.EncodeToString(sum[:6]) + "/" + entry.Name(),
			contentType: mime.TypeByExtension(path.Ext(entry.Name())), body: body,
		}
	}
	funcs := template.FuncMap{"asset": func(name string) (string, error) {
		a, ok := p.assets[name]
		if !ok {
			return "", fmt.Errorf("demo: no static file %q", name)
		}
		return a.path, nil
	}}
	for _, name := range []string{"home", "panel", "me", "outcome", "window", "arrival", "installs", "app", "oldpanel"} {
		t, err := template.New("layout.html").Funcs(funcs).Option("missingkey=error").
			ParseFS(templateFiles, "templates/layout.html", "templates/ticket.html", "templates/"+name+".html")
		if err != nil {
			return nil, err
		}
		p.templates[name] = t
	}
	return p, nil
}

// frame is what every template takes: the page around View.
type frame struct {
	Lang, Brand  string
	OtherLangURL string
	SignedIn     bool
	NoTicket     bool   // the app of this page cannot exchange a code yet
	TicketCall   string // the control call for a ticket; empty: not on offer
	View         any

	words map[string]string
}

// T is the text of key in the page's language, with {name} replaced by the value
// that follows name in pairs.
func (f frame) T(key string, pairs ...string) (string, error) {
	text, ok := f.words[key]
	if !ok {
		return "", fmt.Errorf("demo: no text %q", key)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text, nil
}

// show writes a page. Status goes out only when the page is whole.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, page string, f frame) {
	f.Lang = langOf(w, r)
	f.words = s.pages.words[f.Lang]
	f.Brand = s.brand(f.Lang)
	f.OtherLangURL = otherLangURL(r, f.Lang)
	f.TicketCall = s.ticketCall
	_, f.SignedIn = s.sessions.Session(r)
	var b bytes.Buffer
	if err := s.pages.templates[page].ExecuteTemplate(&b, "layout.html", f); err != nil {
		s.log.Error("page not rendered", "page", page, "cause", err.Error())
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // a browser that has gone away is no news
}

func (s *Site) brand(lang string) string {
	if lang == langEN {
		return s.config.BrandEN
	}
	return s.config.Brand
}

// serveStatic answers a file under its present checksum.
func (s *Site) serveStatic(w http.ResponseWriter, r *http.Request) {
	a, ok := s.pages.assets[r.PathValue("name")]
	if !ok || a.path != r.URL.Path {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(a.body)
}

// showMissing is the page for addresses that are none.
func (s *Site) showMissing(w http.ResponseWriter, r *http.Request) {
	words := s.pages.words[langOf(w, r)]
	s.show(w, r, http.StatusNotFound, "outcome", frame{
		View: outcomeView{Title: words["missing.title"], Text: words["missing.text"]},
	})
}
