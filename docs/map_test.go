package docs

import (
	"os"
	"strings"
	"testing"
)

// ARCHITECTURE.md's map has every folder that a reader meets, and no other.
func TestMapIsWhole(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(documents(t)["ARCHITECTURE.md"], "```\n")
	drawn, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the map is missing")
	}
	there := map[string]bool{}
	for _, parent := range []string{".", "protocol", "platform", "platform/internal", "platform/internal/admin", "site", "client"} {
		entries, err := os.ReadDir("../" + parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && parent+"/"+e.Name() != "site/internal" && !unmapped[e.Name()] {
				there[e.Name()] = true
			}
		}
	}
	for name := range there {
		if !strings.Contains(drawn, name+"/") {
			t.Errorf("%s is not on the map", name)
		}
	}
	for _, word := range strings.Fields(drawn) {
		for _, name := range strings.Split(strings.TrimRight(word, "/,:"), "/") {
			if strings.HasSuffix(word, "/") && !there[name] && !elsewhere[name] {
				t.Errorf("the map has %s, which does not exist", word)
			}
		}
	}
}

var (
	unmapped  = map[string]bool{"testdata": true, "bin": true, "dist": true}
	elsewhere = map[string]bool{"hufu": true, "storetest": true, "shortlivedtest": true, "browser": true, "scripts": true, "guides": true, "design": true}
)
