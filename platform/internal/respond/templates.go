package respond

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	texttemplate "text/template"
	"text/template/parse"
	"unicode/utf8"
)

// language is what a page needs to be in one language: its words, and the pages that have
// been asked for, with the words already in them.
type language struct {
	messages messages
	sources  *templateSources
	funcs    template.FuncMap
	fold     folder

	mu    sync.RWMutex
	built map[string]*template.Template // by "phone/confirm"
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
		l := &language{messages: said[lang], sources: sources, built: map[string]*template.Template{}}
		l.fold = folder{messages: l.messages, static: static, lang: lang, sandbox: sandbox}
		l.funcs = template.FuncMap{
			"t":       l.messages.say,
			"asset":   static.address,
			"lang":    func() string { return lang },
			"sandbox": func() bool { return sandbox },
			"initial": initial,
		}
		if err := l.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", lang, err)
		}
		all[lang] = l
	}
	return all, nil
}

// trees are the templates that one file defines, by name.
type trees map[string]*parse.Tree

// templateSources are the files under templates/, parsed: layouts (templates/layout*.html),
// partials of a feature (templates/<feature>/_*.html) and pages.
type templateSources struct {
	layouts  []trees
	partials map[string][]trees // by feature
	pages    map[string]trees   // by "phone/confirm", or "error" at the top
}

// sharedParts is the folder whose partials the pages of every feature may use: what all
// consoles' pages are built of.
const sharedParts = "console/"

// scriptWords finds translated words inside a script element, where their
// HTML escaping would be wrong. They belong into data- attributes.
var scriptWords = regexp.MustCompile(`(?s)<script[^>]*>[^<]*\{\{-?\s*(t|lang|asset)\b`)

func readTemplates(assets fs.FS) (*templateSources, error) {
	s := &templateSources{partials: map[string][]trees{}, pages: map[string]trees{}}
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
		file, err := parseFile(page, text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		feature, base := path.Split(page)
		switch {
		case feature == "" && strings.HasPrefix(base, "layout"), feature == sharedParts && strings.HasPrefix(base, "_"):
			s.layouts = append(s.layouts, file)
		case strings.HasPrefix(base, "_"):
			s.partials[feature] = append(s.partials[feature], file)
		default:
			s.pages[page] = file
		}
		return nil
	})
	return s, err
}

// callable are the functions that templates may call, for the parser; what they do is each
// language's.
var callable = texttemplate.FuncMap{"t": fmt.Sprint, "asset": fmt.Sprint, "lang": fmt.Sprint, "sandbox": fmt.Sprint, "initial": fmt.Sprint}

func parseFile(name, text string) (trees, error) {
	t, err := texttemplate.New(name).Funcs(callable).Parse(text)
	if err != nil {
		return nil, err
	}
	all := trees{}
	for _, part := range t.Templates() {
		if part.Tree != nil {
			all[part.Name()] = part.Tree
		}
	}
	return all, nil
}

// check looks up every word and static file that any template names, and every template that
// a page is made of.
func (l *language) check() error {
	fold := l.fold
	look := func(file trees) {
		for _, tree := range file {
			fold.list(tree.Root.CopyList())
		}
	}
	for _, file := range l.sources.layouts {
		look(file)
	}
	for _, files := range l.sources.partials {
		for _, file := range files {
			look(file)
		}
	}
	for page, file := range l.sources.pages {
		look(file)
		if fold.err != nil {
			return fmt.Errorf("templates/%s.html: %w", page, fold.err)
		}
		if _, err := l.sources.of(page); err != nil {
			return err
		}
	}
	return fold.err
}

// of answers the templates that a page is made of: those it names, and those they name. What
// the page defines goes before what a partial does, and that before a layout.
func (s *templateSources) of(page string) (trees, error) {
	root := s.pages[page]
	if root == nil {
		return nil, fmt.Errorf("no page %q", page)
	}
	feature, _ := path.Split(page)
	files := slices.Concat(s.layouts, s.partials[feature], []trees{root})
	needed := trees{}
	var need func(name string) error
	need = func(name string) error {
		if needed[name] != nil {
			return nil
		}
		for _, file := range files {
			if tree := file[name]; tree != nil && (needed[name] == nil || !parse.IsEmptyTree(tree.Root)) {
				needed[name] = tree
			}
		}
		if needed[name] == nil {
			return fmt.Errorf("page %s: no template %q", page, name)
		}
		for _, other := range named(needed[name].Root, nil) {
			if err := need(other); err != nil {
				return err
			}
		}
		return nil
	}
	return needed, need(page)
}

// named lists the templates that a tree names.
func named(list *parse.ListNode, names []string) []string {
	if list == nil {
		return names
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TemplateNode:
			names = append(names, n.Name)
		case *parse.ListNode:
			names = named(n, names)
		case *parse.IfNode:
			names = named(n.ElseList, named(n.List, names))
		case *parse.RangeNode:
			names = named(n.ElseList, named(n.List, names))
		case *parse.WithNode:
			names = named(n.ElseList, named(n.List, names))
		}
	}
	return names
}

// page answers a page's template. It is built when it is first asked for: there are many
// pages, and one platform shows few of them in its first second.
func (l *language) page(name string) (*template.Template, error) {
	l.mu.RLock()
	t := l.built[name]
	l.mu.RUnlock()
	if t != nil {
		return t, nil
	}
	needed, err := l.sources.of(name)
	if err != nil {
		return nil, err
	}
	set := template.New("").Option("missingkey=error").Funcs(l.funcs)
	fold := l.fold
	for part, tree := range needed {
		own := tree.Copy()
		fold.list(own.Root)
		if _, err := set.AddParseTree(part, own); err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
	}
	if fold.err != nil {
		return nil, fmt.Errorf("page %s: %w", name, fold.err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if first := l.built[name]; first != nil {
		return first, nil
	}
	l.built[name] = set.Lookup(name)
	return l.built[name], nil
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
