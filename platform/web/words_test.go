package web_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hufu-sso/hufu/platform/web"
)

// words reads every key of a language.
func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := fs.Glob(web.Files, "locales/"+lang+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range files {
		raw, err := fs.ReadFile(web.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return all
}

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	zh, en := words(t, "zh"), words(t, "en")
	if len(zh) < 50 {
		t.Fatalf("only %d keys found", len(zh))
	}
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		if _, ok := en[key]; !ok {
			t.Errorf("en lacks %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := zh[key]; !ok {
			t.Errorf("zh lacks %s", key)
		}
	}
}

var (
	constantKey = regexp.MustCompile(`\bt "([^"]+)"`)
	builtKey    = regexp.MustCompile(`\bt \(printf "([^"]+)"`)
	factLabel   = regexp.MustCompile(`respond\.Fact\{[^}]*?Label: "([^"]+)"`)
	goKey       = regexp.MustCompile(`"([a-z_]+(?:\.[a-z0-9_]+)+)"`)
	goBuilt     = regexp.MustCompile(`"([a-z_]+(?:\.[a-z0-9_]+)+[._])"\s*\+`)
)

// TestKeysAndTheirUses fails for a key that a page names and no locale has, and
// for a key that nothing names: neither as a constant in a template, nor built
// there by printf, nor in Go, where a Problem's key stands for its three texts and a key may
// be put together from a constant beginning.
func TestKeysAndTheirUses(t *testing.T) {
	t.Parallel()
	unused := words(t, "zh")
	all := maps.Clone(unused)
	err := fs.WalkDir(web.Files, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		raw, err := fs.ReadFile(web.Files, name)
		if err != nil {
			return err
		}
		for _, m := range constantKey.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := all[m[1]]; !ok {
				t.Errorf("%s: no locale has %s", name, m[1])
			}
			delete(unused, m[1])
		}
		for _, m := range builtKey.FindAllStringSubmatch(string(raw), -1) {
			if strings.HasPrefix(m[1], "%") {
				continue // a Problem's key; Go names it
			}
			like := regexp.MustCompile("^" + strings.NewReplacer("%s", "[a-z0-9_-]+", "%d", "[0-9]+").Replace(regexp.QuoteMeta(m[1])) + "$")
			found := false
			for key := range all {
				if like.MatchString(key) {
					found = true
					delete(unused, key)
				}
			}
			if !found {
				t.Errorf("%s: no locale has anything like %s", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir("../internal", func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range factLabel.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := all[m[1]]; !ok {
				t.Errorf("%s: no locale has %s", name, m[1])
			}
		}
		for _, m := range goKey.FindAllStringSubmatch(string(raw), -1) {
			for _, key := range []string{m[1], m[1] + ".title", m[1] + ".why", m[1] + ".todo"} {
				delete(unused, key)
			}
		}
		for _, m := range goBuilt.FindAllStringSubmatch(string(raw), -1) {
			found := false
			for key := range all {
				if strings.HasPrefix(key, m[1]) {
					found = true
					delete(unused, key)
				}
			}
			if !found {
				t.Errorf("%s: no locale has anything like %s…", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("nothing uses %s", key)
	}
}

// TestNoWordsInTemplates fails for Chinese text in a template or script: words
// live in the locales.
func TestNoWordsInTemplates(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(web.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "locales/") {
			return err
		}
		raw, err := fs.ReadFile(web.Files, name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(raw), "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s:%d: %s", name, i+1, strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWordsReadWell holds the house's rules for words: no exclamation marks,
// and no Latin punctuation between Chinese characters.
func TestWordsReadWell(t *testing.T) {
	t.Parallel()
	latin := regexp.MustCompile(`\p{Han}[,;?!]\p{Han}`)
	for key, text := range words(t, "zh") {
		if strings.ContainsAny(text, "!！") || latin.MatchString(text) {
			t.Errorf("zh %s: %s", key, text)
		}
	}
	for key, text := range words(t, "en") {
		if strings.Contains(text, "!") || strings.ContainsAny(text, "，。；：？") {
			t.Errorf("en %s: %s", key, text)
		}
	}
}
