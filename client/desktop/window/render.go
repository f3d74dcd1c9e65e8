package window

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"path"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/screen"
)

//go:embed pages/*.html
var pages embed.FS

//go:embed static/window.css
var style []byte

//go:embed static/window.js
var script []byte

//go:embed static/mark.svg
var mark []byte

var static = map[string]struct {
	kind string
	body []byte
}{
	"window.css": {"text/css; charset=utf-8", style},
	"window.js":  {"text/javascript; charset=utf-8", script},
	"mark.svg":   {"image/svg+xml", mark},
}

// templates are the pages in each language.
var templates = func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, lang := range locales.Languages {
		words := locales.In(lang)
		all[lang] = template.Must(template.New("").Funcs(template.FuncMap{"t": words.T, "initial": initial}).ParseFS(pages, "pages/*.html"))
	}
	return all
}()

// view is what a page shows.
type view struct {
	screen.Screen
	Token   string
	Version int
	QR      drawing
}

func (s *Server) renderScreen(w http.ResponseWriter, r *http.Request, win *Window) error {
	win.mu.Lock()
	v := view{Screen: win.current, Token: win.token, Version: win.version}
	win.mu.Unlock()
	if v.Kind == "" {
		v.Kind = screen.Connecting // nothing has been shown yet
	}
	if v.URL != "" {
		v.QR = draw(v.URL)
	}
	s.render(w, r, http.StatusOK, string(v.Kind), v)
	return nil
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, v any) {
	var page bytes.Buffer
	words := s.Words(r.Header.Get("Accept-Language"))
	if err := templates[words.Lang].ExecuteTemplate(&page, name+".html", v); err != nil {
		s.Log.ErrorContext(r.Context(), "a page could not be made", "page", name, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A browser that is gone needs no page.
	_, _ = w.Write(page.Bytes())
}

func (s *Server) file(name string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, _ *http.Request) error {
		f := static[path.Base(name)]
		w.Header().Set("Content-Type", f.kind)
		_, _ = w.Write(f.body)
		return nil
	}
}

// initial stands in a person's place where there is no picture.
func initial(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 || r == utf8.RuneError {
		return "?"
	}
	return string(r)
}
