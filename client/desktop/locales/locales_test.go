package locales_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/screen"
)

func sorted(w locales.Words) []string {
	keys := w.Keys()
	slices.Sort(keys)
	return keys
}

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	zh, en := sorted(locales.In("zh")), sorted(locales.In("en"))
	if len(zh) < 50 || !slices.Equal(zh, en) {
		t.Errorf("zh:\n%s\nen:\n%s", strings.Join(zh, "\n"), strings.Join(en, "\n"))
	}
}

var (
	// constant is a key in quotes; built, the beginning of one that is put together.
	constant = regexp.MustCompile(`"(desktop(?:\.[a-z_]*[a-z])+)"`)
	built    = regexp.MustCompile(`"(desktop\.(?:[a-z_]+\.)*[a-z_]*[._])"|printf "(desktop\.[a-z_.%]+)"`)
)

// TestKeysAndTheirUses fails for a key that code or template names and no locale has, and for one
// that nothing names.
func TestKeysAndTheirUses(t *testing.T) {
	t.Parallel()
	unused := map[string]bool{}
	for _, key := range sorted(locales.In("zh")) {
		unused[key] = true
	}
	all := sorted(locales.In("zh"))
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(name, "_test.go") || filepath.Ext(name) != ".go" && filepath.Ext(name) != ".html" {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range constant.FindAllStringSubmatch(string(raw), -1) {
			if !slices.Contains(all, m[1]) {
				t.Errorf("%s: no locale has %s", name, m[1])
			}
			delete(unused, m[1])
		}
		for _, m := range built.FindAllStringSubmatch(string(raw), -1) {
			pattern := regexp.QuoteMeta(m[1]) + "[a-z_.]+"
			if m[2] != "" {
				pattern = strings.ReplaceAll(regexp.QuoteMeta(m[2]), "%s", "[a-z_]+")
			}
			like, found := regexp.MustCompile("^"+pattern+"$"), false
			for _, key := range all {
				if like.MatchString(key) {
					found = true
					delete(unused, key)
				}
			}
			if !found {
				t.Errorf("%s: no locale has anything like %s%s", name, m[1], m[2])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range unused {
		t.Errorf("nothing uses %s", key)
	}
}

// TestEveryReasonHasWords holds the lists of package screen against the words.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, r := range screen.OverReasons {
		keys = append(keys, "desktop.over."+r+".title", "desktop.over."+r+".why")
	}
	for _, r := range screen.EndedReasons {
		keys = append(keys, "desktop.ended."+r+".title", "desktop.ended."+r+".why")
	}
	for _, s := range screen.Shares {
		keys = append(keys, "desktop.share."+s+"_note")
	}
	for _, p := range []string{screen.ProblemNumber, screen.ProblemAs, screen.ProblemUnreachable} {
		keys = append(keys, "desktop.request.problem."+p)
	}
	for _, key := range keys {
		if !slices.Contains(locales.In("zh").Keys(), key) {
			t.Errorf("no words for %s", key)
		}
	}
}

// TestNoWordsInCode fails for Chinese text outside the locales.
func TestNoWordsInCode(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) == ".json" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(raw), "\n") {
			code, _, _ := strings.Cut(line, "//") // a comment may name a thing of the protocol
			if strings.ContainsFunc(code, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s:%d: %s", name, i+1, strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWordsReadWell holds the house's rules: no exclamation marks, no Latin punctuation between
// Chinese characters.
func TestWordsReadWell(t *testing.T) {
	t.Parallel()
	latin := regexp.MustCompile(`\p{Han}[,;?!:]\p{Han}`)
	for _, lang := range locales.Languages {
		w := locales.In(lang)
		for _, key := range w.Keys() {
			text := w.T(key)
			if strings.ContainsAny(text, "!！") || lang == "zh" && latin.MatchString(text) || lang == "en" && strings.ContainsAny(text, "，。；：？") {
				t.Errorf("%s %s: %s", lang, key, text)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]string{"": "zh", "en": "en", "en_US.UTF-8": "en", "zh_CN.UTF-8": "zh", "C.UTF-8": "zh",
		"de_DE": "zh", "eng": "zh", "EN-gb": "en", "de|en": "en", "|en_GB": "en"} {
		if got := locales.In(strings.Split(tags, "|")...).Lang; got != want {
			t.Errorf("%q: %s", tags, got)
		}
	}
	for header, want := range map[string]string{"": "zh", "en-GB,en;q=0.9,zh;q=0.8": "en", "fr, zh-TW;q=0.9, en": "zh", "*": "zh"} {
		if got := locales.Accepted(header).Lang; got != want {
			t.Errorf("Accept-Language %q: %s", header, got)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	if got := locales.In("en").T("desktop.request.heading", "{1}{2}"); got != "Sign in to {1}{2}?" {
		t.Errorf("got %q", got)
	}
	if got := locales.In("en").T("desktop.nothing"); got != "desktop.nothing" {
		t.Errorf("got %q", got)
	}
}
