package respond

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// language holds the pages of one language, with its words already in them.
type language struct {
	messages messages
	pages    map[string]*template.Template // by "phone/confirm"
}

// frame is what a layout sees; the page's own blocks see only View.
type frame struct {
	View   any
	Scheme string // "light" or "dark" forced by the view, else ""
}

// schemed is a view that forces a colour scheme ("light" or "dark"; anything
// else leaves the choice to the browser).
type schemed interface{ ColorScheme() string }

func newFrame(view any, forced string) frame {
	if s, ok := view.(schemed); ok && forced == "" {
		forced = s.ColorScheme()
	}
	if forced != "light" && forced != "dark" {
		forced = ""
	}
	return frame{View: view, Scheme: forced}
}

func loadLanguages(assets fs.FS, static *staticFiles, sandbox bool) (map[string]*language, error) {
	said := map[string]messages{}
	for _, lang := range Languages {
		m, err := loadMessages(assets, lang)
		if err != nil {
			return nil, err
		}
		said[lang] = m
	}
	if err := sameKeys(said); err != nil {
		return nil, err
	}
	sources, err := readTemplates(assets)
	if err != nil {
		return nil, err
	}
	all := map[string]*language{}
	for _, lang := range Languages {
		l := &language{messages: said[lang], pages: map[string]*template.Template{}}
		if err := l.load(sources, lang, static, sandbox); err != nil {
			return nil, fmt.Errorf("%s: %w", lang, err)
		}
		all[lang] = l
	}
	return all, nil
}

// templateSources are the texts under templates/: layouts (templates/layout*.html),
// partials of a feature (templates/<feature>/_*.html) and pages.
type templateSources struct {
	layouts  []string
	partials map[string][]string // by feature
	pages    map[string]string   // by "phone/confirm", or "error" at the top
}

// sharedParts is the folder whose partials the pages of every feature may use: what all
// consoles' pages are built of.
const sharedParts = "console/"

// scriptWords finds translated words inside a script element, where their
// HTML escaping would be wrong. They belong into data- attributes.
var scriptWords = regexp.MustCompile(`(?s)<script[^>]*>[^<]*\{\{-?\s*(t|lang|asset)\b`)

func readTemplates(assets fs.FS) (templateSources, error) {
	s := templateSources{partials: map[string][]string{}, pages: map[string]string{}}
	err := fs.WalkDir(assets, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		raw, err := fs.ReadFile(assets, name)
		if err != nil {
			return err
		}
		text := string(raw)
		if scriptWords.MatchString(text) {
			return fmt.Errorf("%s: words inside a script element; put them into data- attributes", name)
		}
		page := strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")
		feature, base := path.Split(page)
		switch {
		case feature == "" && strings.HasPrefix(base, "layout"), feature == sharedParts && strings.HasPrefix(base, "_"):
			s.layouts = append(s.layouts, text)
		case strings.HasPrefix(base, "_"):
			s.partials[feature] = append(s.partials[feature], text)
		default:
			s.pages[page] = text
		}
		return nil
	})
	return s, err
}

func (l *language) load(s templateSources, lang string, static *staticFiles, sandbox bool) error {
	base := template.New("layout").Option("missingkey=error").Funcs(template.FuncMap{
		"t":       l.messages.say,
		"asset":   static.address,
		"lang":    func() string { return lang },
		"sandbox": func() bool { return sandbox },
		"initial": initial,
	})
	for _, text := range s.layouts {
		if _, err := base.Parse(text); err != nil {
			return err
		}
	}
	fold := &folder{messages: l.messages, static: static, lang: lang, sandbox: sandbox}
	for page, text := range s.pages {
		t, err := base.Clone()
		if err != nil {
			return err
		}
		feature, _ := path.Split(page)
		for _, partial := range s.partials[feature] {
			if _, err := t.Parse(partial); err != nil {
				return fmt.Errorf("partials of %s: %w", page, err)
			}
		}
		t, err = t.New(page).Parse(text)
		if err != nil {
			return err
		}
		for _, part := range t.Templates() {
			if part.Tree != nil {
				fold.list(part.Tree.Root)
			}
		}
		if fold.err != nil {
			return fmt.Errorf("templates/%s.html: %w", page, fold.err)
		}
		l.pages[page] = t
	}
	return nil
}

// initial is the first letter of a name, for the round picture of a person
// who has none.
func initial(name string) string {
	r, size := utf8.DecodeRuneInString(strings.TrimSpace(name))
	if size == 0 || r == utf8.RuneError {
		return "·"
	}
	return strings.ToUpper(string(r))
}
