package platform_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// looped are patterns that the source makes in a loop, as the expression is written there.
var looped = map[string][]string{
	`"GET " + base + l.path`:              {"GET /admin/{corp}/sign-ins", "GET /admin/{corp}/audit", "GET /operator/audit"},
	`"POST " + base + l.path + "/export"`: {"POST /admin/{corp}/sign-ins/export", "POST /admin/{corp}/audit/export", "POST /operator/audit/export"},
}

// elsewhere are the packages whose routes are no forms of people's pages: machines call them.
var elsewhere = []string{"control", "siteapi", "respond", "wecomhosts", "login", "desktop"}

// pageRoutes reads every pattern that the pages' packages give to a mux, from their source: what
// is added there is found here. A pattern that cannot be read fails the test.
func pageRoutes(t testing.TB) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir("internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasSuffix(filepath.Dir(path), "test") || slices.Contains(elsewhere, filepath.Base(filepath.Dir(path))) {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		r := &routeReader{fset: fset, texts: map[string]string{}, adapters: map[string]*ast.FuncLit{}, found: found}
		ast.Inspect(file, r.constants)
		ast.Inspect(file, r.locals)
		ast.Inspect(file, r.calls)
		for _, text := range r.unread {
			t.Errorf("%s: the pattern %s cannot be read", path, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}

// posts are the patterns of routes that are POSTs, gets the others.
func posts(t testing.TB) []string { return withMethod(t, "POST ") }
func gets(t testing.TB) []string  { return withMethod(t, "GET ") }

func withMethod(t testing.TB, method string) (list []string) {
	for _, pattern := range pageRoutes(t) {
		if path, ok := strings.CutPrefix(pattern, method); ok {
			list = append(list, path)
		}
	}
	return list
}

// routeReader reads the routes of one file.
type routeReader struct {
	fset     *token.FileSet
	texts    map[string]string       // constants that are texts
	adapters map[string]*ast.FuncLit // local functions that end in a mux's Handle
	found    map[string]bool
	unread   []string
}

func (r *routeReader) constants(n ast.Node) bool {
	if s, ok := n.(*ast.ValueSpec); ok && len(s.Names) == len(s.Values) {
		for i, name := range s.Names {
			if text, ok := r.text(s.Values[i], r.texts); ok {
				r.texts[name.Name] = text
			}
		}
	}
	return true
}

func (r *routeReader) locals(n ast.Node) bool {
	if s, ok := n.(*ast.AssignStmt); ok && len(s.Lhs) == 1 && len(s.Rhs) == 1 {
		name, isName := s.Lhs[0].(*ast.Ident)
		if f, ok := s.Rhs[0].(*ast.FuncLit); ok && isName && r.routesIn(f) {
			r.adapters[name.Name] = f
			return false // its own call is read where it is called
		}
	}
	return true
}

// routesIn tells whether a local function gives a pattern to a mux.
func (r *routeReader) routesIn(f *ast.FuncLit) (does bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			id, isName := c.Fun.(*ast.Ident)
			does = does || toMux(c) || isName && r.adapters[id.Name] != nil
		}
		return true
	})
	return does
}

func (r *routeReader) calls(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if id, ok := n.Lhs[0].(*ast.Ident); ok && r.adapters[id.Name] != nil {
			return false
		}
	case *ast.CallExpr:
		r.call(n, r.texts)
	}
	return true
}

// call reads one call, with the texts known where it stands.
func (r *routeReader) call(c *ast.CallExpr, known map[string]string) {
	if id, ok := c.Fun.(*ast.Ident); ok && r.adapters[id.Name] != nil {
		f, inner := r.adapters[id.Name], maps.Clone(known)
		i := 0
		for _, field := range f.Type.Params.List {
			for _, name := range field.Names {
				if text, ok := r.text(c.Args[i], known); ok {
					inner[name.Name] = text
				}
				i++
			}
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				r.call(c, inner)
			}
			return true
		})
		return
	}
	if !toMux(c) {
		return
	}
	if pattern, ok := r.text(c.Args[0], known); ok {
		r.found[pattern] = true
		return
	}
	expression := written(c.Args[0])
	if len(looped[expression]) == 0 {
		r.unread = append(r.unread, expression)
	}
	for _, pattern := range looped[expression] {
		r.found[pattern] = true
	}
}

// toMux tells whether a call adds a route: Handle or HandleFunc of anything, with a pattern
// and a handler.
func toMux(c *ast.CallExpr) bool {
	s, ok := c.Fun.(*ast.SelectorExpr)
	return ok && (s.Sel.Name == "Handle" || s.Sel.Name == "HandleFunc") && len(c.Args) == 2
}

// text is what an expression is, if it is made of known texts.
func (r *routeReader) text(e ast.Expr, known map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := known[e.Name]
		return text, ok
	case *ast.BinaryExpr:
		a, ok := r.text(e.X, known)
		b, ok2 := r.text(e.Y, known)
		return a + b, ok && ok2 && e.Op == token.ADD
	}
	return "", false
}

// written is an expression as the source has it.
func written(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Value
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return written(e.X) + "." + e.Sel.Name
	case *ast.BinaryExpr:
		return written(e.X) + " " + e.Op.String() + " " + written(e.Y)
	}
	return "?"
}

// The reader finds what Mount functions say in every way that they say it.
func TestRoutesAreRead(t *testing.T) {
	t.Parallel()
	all := pageRoutes(t)
	for _, pattern := range []string{
		"POST /q/{key}/scan", "POST /phone/account/password", // plain
		"POST /phone/assistant/{corp}/brand",                                         // a constant
		"POST /admin/{corp}/admins/{admin}", "POST /admin/{corp}/apps/{agent}/range", // an adapter
		"POST /provider/{corp}/login/secret", "POST /provider/{corp}/login/check", "GET /provider/{corp}", // adapters of adapters
		"POST /operator/corps", "GET /operator/audit", "POST /3rdapp/install", "POST /console/sign-in/pick",
	} {
		if !slices.Contains(all, pattern) {
			t.Errorf("%s was not found", pattern)
		}
	}
	if len(posts(t)) < 90 || len(gets(t)) < 50 {
		t.Errorf("%d forms and %d pages were found", len(posts(t)), len(gets(t)))
	}
}
