package docs

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
)

var update = flag.Bool("update", false, "write the generated parts of the documents")

// documents are all texts of the repository, by path from its root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		paths, err := filepath.Glob("../" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[strings.TrimPrefix(filepath.ToSlash(path), "../")] = string(text)
		}
	}
	if len(texts) < 15 {
		t.Fatalf("only %d documents were found", len(texts))
	}
	return texts
}

// named is a piece of code as the documents name it: `path/file.go:Symbol`, where the symbol
// is a declaration, Type.Method or Type.Field.
var named = regexp.MustCompile("`([A-Za-z0-9_./-]+\\.(?:go|js|html|sql|mjs)):([A-Za-z0-9_.]+)`")

func TestNamedCodeExists(t *testing.T) {
	t.Parallel()
	symbols := map[string]map[string]bool{}
	for document, text := range documents(t) {
		found := named.FindAllStringSubmatch(text, -1)
		if min := map[string]int{"docs/protocol-index.md": 100, "docs/security.md": 50}[document]; len(found) < min {
			t.Errorf("%s names %d pieces of code; %d were expected", document, len(found), min)
		}
		for _, m := range found {
			file, symbol := m[1], m[2]
			if symbols[file] == nil {
				symbols[file] = declared(t, "../"+file)
			}
			if !symbols[file][symbol] {
				t.Errorf("%s names %s:%s, which does not exist", document, file, symbol)
			}
		}
	}
}

// declared lists what a file declares; of a file that is not Go, its words.
func declared(t *testing.T, path string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return names
	}
	if filepath.Ext(path) != ".go" {
		for _, word := range regexp.MustCompile(`\w+`).FindAllString(string(text), -1) {
			names[word] = true
		}
		return names
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return names
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names[receiver(d)+d.Name.Name] = true
		case *ast.GenDecl:
			for _, s := range d.Specs {
				declare(names, s)
			}
		}
	}
	return names
}

func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	expr := d.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if name, ok := expr.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

func declare(names map[string]bool, s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names[n.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
		if body, ok := s.Type.(*ast.StructType); ok {
			for _, f := range body.Fields.List {
				for _, n := range f.Names {
					names[s.Name.Name+"."+n.Name] = true
				}
			}
		}
	}
}

// What is marked done in the protocol index has code and a test.
func TestDoneIsTested(t *testing.T) {
	t.Parallel()
	rows := 0
	for line := range strings.Lines(documents(t)["docs/protocol-index.md"]) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 {
			continue
		}
		state := strings.TrimSpace(cells[1])
		switch state {
		case "state", "---":
			continue
		case "done", "ours":
			if !named.MatchString(cells[2]) || !regexp.MustCompile(`_test\.go:|storetest/|shortlivedtest/`).MatchString(cells[3]) {
				t.Errorf("%s without code or test: %s", state, strings.TrimSpace(line))
			}
		case "not yet", "not planned":
		default:
			t.Errorf("state %q in: %s", state, strings.TrimSpace(line))
		}
		rows++
	}
	if rows < 80 {
		t.Errorf("the index has %d rows", rows)
	}
}

// All 25 abuse cases have their row, once, and a row names a test or says that the thing is
// not built yet.
func TestAbuseCasesAreListed(t *testing.T) {
	t.Parallel()
	text := documents(t)["docs/security.md"]
	for n := range 25 {
		n++
		rows := regexp.MustCompile(fmt.Sprintf(`(?m)^\| %d \|.*$`, n)).FindAllString(text, -1)
		if len(rows) != 1 {
			t.Errorf("abuse case %d has %d rows", n, len(rows))
			continue
		}
		if !strings.Contains(rows[0], "_test.go:") && !strings.Contains(rows[0], "not built yet") {
			t.Errorf("abuse case %d names no test", n)
		}
	}
}

// The error texts in the protocol index are those of package protocol. Run with -update to
// write them.
func TestErrorTextsAreListed(t *testing.T) {
	t.Parallel()
	const path, begin, end = "protocol-index.md", "<!-- error texts: begin -->\n", "<!-- error texts: end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the marks around the error texts are missing")
	}
	want := errorTexts()
	if *update && got != want {
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the error texts differ; run go test ./docs -run ErrorTexts -update\nwant:\n%s", want)
	}
}

func errorTexts() string {
	var b bytes.Buffer
	var seen []string
	b.WriteString("| errcode | our text |\n| --- | --- |\n")
	for _, c := range protocol.Codes() {
		if !c.Ours() {
			seen = append(seen, fmt.Sprintf("%d", int(c)))
			continue
		}
		fmt.Fprintf(&b, "| %d | %s |\n", int(c), c.Text())
	}
	b.WriteString("\n| page code | our text | the code itself |\n| --- | --- | --- |\n")
	for _, c := range protocol.PageCodes() {
		from := "98152"
		if c.Ours() {
			from = "ours"
		}
		fmt.Fprintf(&b, "| %d | %s | %s |\n", int(c), c.Text(), from)
	}
	fmt.Fprintf(&b, "\nTo the letter as seen on the wire, odd blanks and spelling included: %s.\n", strings.Join(seen, ", "))
	return b.String()
}

var (
	link  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fence = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$")
)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for document, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(document), target)); err != nil {
				t.Errorf("%s links to %s, which does not exist", document, target)
			}
		}
	}
}

// Both languages say the same: the same commands, programs and pictures, as many headings
// and rows of tables.
func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	texts := documents(t)
	pairs := 0
	for zh, text := range texts {
		en := strings.Replace(strings.Replace(zh, ".zh-CN.md", ".md", 1), ".zh.md", ".en.md", 1)
		if en == zh {
			continue
		}
		pairs++
		other, ok := texts[en]
		if !ok {
			t.Errorf("%s has no %s", zh, en)
			continue
		}
		if a, b := fence.FindAllString(text, -1), fence.FindAllString(other, -1); !slices.Equal(a, b) {
			t.Errorf("the code in %s and %s differs", zh, en)
		}
		for _, pattern := range []string{`(?m)^#+ `, `(?m)^\| `, `!\[`, `\]\(`} {
			count := func(s string) int {
				return len(regexp.MustCompile(pattern).FindAllString(fence.ReplaceAllString(s, ""), -1))
			}
			if count(text) != count(other) {
				t.Errorf("%s and %s: %d and %d of %s", zh, en, count(text), count(other), pattern)
			}
		}
	}
	for path := range texts {
		if strings.HasSuffix(path, ".en.md") && texts[strings.Replace(path, ".en.md", ".zh.md", 1)] == "" {
			t.Errorf("%s has no Chinese half", path)
		}
	}
	if pairs < 4 {
		t.Errorf("only %d documents are in both languages", pairs)
	}
}

// A program in a guide is the file beside it, to the letter.
func TestProgramsInGuides(t *testing.T) {
	t.Parallel()
	for _, guide := range []string{"docs/guides/your-own-site.zh.md", "docs/guides/your-own-site.en.md"} {
		text := documents(t)[guide]
		for _, file := range []string{"guides/site-node/server.mjs", "guides/site-go/main.go"} {
			program, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, "\n"+string(program)+"```\n") {
				t.Errorf("%s does not show %s as it is", guide, file)
			}
		}
	}
}

// The module is not published, so nobody can go and get it.
func TestNothingUnpublishedIsPromised(t *testing.T) {
	t.Parallel()
	for document, text := range documents(t) {
		if strings.Contains(text, "go "+"get ") || strings.Contains(text, "go install github.com/hufu") {
			t.Errorf("%s promises a published module", document)
		}
	}
}
