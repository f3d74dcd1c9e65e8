package demo

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// Both languages have the same texts with the same holes, none is empty, and what
// a template names exists.
func TestWords(t *testing.T) {
	t.Parallel()
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	var used strings.Builder
	for _, pattern := range []string{"templates/*.html"} {
		names, err := fs.Glob(templateFiles, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := templateFiles.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			used.Write(b)
		}
	}
	for key, text := range words[langZH] {
		other, ok := words[langEN][key]
		if !ok || text == "" || other == "" {
			t.Errorf("%s: %q, %q", key, text, other)
		}
		holes := regexp.MustCompile(`\{[a-z]+\}`)
		if strings.Join(holes.FindAllString(text, -1), "") != strings.Join(holes.FindAllString(other, -1), "") {
			t.Errorf("%s: the languages leave different holes", key)
		}
	}
	for key := range words[langEN] {
		if _, ok := words[langZH][key]; !ok {
			t.Errorf("%s is English only", key)
		}
	}
	for _, m := range regexp.MustCompile(`\.T "([a-z_.]+)"`).FindAllStringSubmatch(used.String(), -1) {
		if words[langZH][m[1]] == "" {
			t.Errorf("a template uses %q, which is no text", m[1])
		}
	}
}
