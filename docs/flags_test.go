package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// docs/running.md tells of every flag of the two commands that run a platform, and of every
// environment variable.
func TestFlagsAreListed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("running.md")
	if err != nil {
		t.Fatal(err)
	}
	flags := 0
	for file, command := range map[string]string{"demo.go": "demoCommand", "platform.go": "platformCommand"} {
		for name, tag := range flagsOf(t, "../cmd/hufu/"+file, command) {
			flags++
			if tag.Get("name") != "" {
				name = tag.Get("name")
			}
			if !strings.Contains(string(text), "`--"+name) && !strings.Contains(string(text), "`--no-"+name) {
				t.Errorf("docs/running.md does not tell of --%s of %s", name, command)
			}
			if env := tag.Get("env"); env != "" && !strings.Contains(string(text), "`"+env) {
				t.Errorf("docs/running.md does not tell of %s", env)
			}
		}
	}
	if flags < 35 {
		t.Errorf("only %d flags were found", flags)
	}
}

// flagsOf reads the fields of a command's struct: the flag that each is when its tag names no
// other, and its tag.
func flagsOf(t *testing.T, path, command string) map[string]reflect.StructTag {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]reflect.StructTag{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != command {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			tag, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range f.Names {
				flags[dashed(n.Name)] = reflect.StructTag(tag)
			}
		}
		return false
	})
	return flags
}

// dashed writes a field's name as kong does: PublicURL is public-url.
func dashed(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		next := i+1 < len(letters) && unicode.IsLower(letters[i+1])
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(letters[i-1]) || next) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
