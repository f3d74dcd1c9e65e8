// Package respondtest is the test every feature runs over its stories: each
// page, in every state and both languages, is a whole document that keeps the
// rules of platform/web.
package respondtest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/web"
)

var (
	formTag   = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	idTag     = regexp.MustCompile(`\sid="([^"]*)"`)
	refersTag = regexp.MustCompile(`\s(?:for|aria-describedby|aria-labelledby)="([^"]*)"`)
	inline    = regexp.MustCompile(`(?i)\s(style|on[a-z]+)\s*=\s*"|<style\b|javascript:`)
	bareInput = regexp.MustCompile(`<input\b[^>]*\bclass="input"[^>]*>`)
	hasID     = regexp.MustCompile(`\bid="([^"]+)"`)
)

// Stories renders every story in both languages, in the sandbox and outside
// it, and checks the page it gives.
func Stories(t *testing.T, stories []respond.Story) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range stories {
		if name := s.Page + "/" + s.Name; seen[name] {
			t.Errorf("two stories are called %s", name)
		} else {
			seen[name] = true
		}
	}
	for _, sandbox := range []bool{true, false} {
		p, err := respond.New(respond.Config{Assets: web.Files, Sandbox: sandbox})
		if err != nil {
			t.Fatal(err)
		}
		book := p.Wrap(p.Storybook(stories))
		for _, s := range stories {
			for _, lang := range respond.Languages {
				t.Run(s.Page+"/"+s.Name+"/"+lang, func(t *testing.T) {
					target := (&url.URL{Path: "/storybook/" + s.Page + "/" + s.Name, RawQuery: "lang=" + lang}).String()
					w := httptest.NewRecorder()
					book.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
					if w.Code != http.StatusOK {
						t.Fatalf("status %d", w.Code)
					}
					check(t, w.Body.String(), lang, sandbox)
				})
			}
		}
	}
}

func check(t *testing.T, page, lang string, sandbox bool) {
	t.Helper()
	if !strings.HasPrefix(page, "<!doctype html>") || !strings.HasSuffix(page, "</html>") {
		t.Error("not one whole document")
	}
	if !strings.Contains(page, `<html lang="`+lang) {
		t.Error("the document does not name its language")
	}
	if strings.Contains(page, `class="banner"`) != sandbox {
		t.Errorf("banner shown: %v, sandbox: %v", !sandbox, sandbox)
	}
	for _, bad := range []string{"<no value>", "ZgotmplZ", "%!", "<title> ·", "<h1></h1>"} {
		if strings.Contains(page, bad) {
			t.Errorf("page holds %q", bad)
		}
	}
	if m := inline.FindString(page); m != "" {
		t.Errorf("inline style or script: %q", m)
	}
	for _, form := range formTag.FindAllStringSubmatch(page, -1) {
		if strings.Contains(form[1], `method="get"`) {
			// A search changes nothing; what it sends stands in the address.
			if strings.Contains(form[2], `name="csrf"`) {
				t.Errorf("a search that puts csrf into the address: %s", form[1])
			}
			continue
		}
		if !strings.Contains(form[1], `method="post"`) {
			t.Errorf("a form that says neither post nor get: %s", form[1])
		}
		if !regexp.MustCompile(`<input type="hidden" name="csrf" value="[^"]+">`).MatchString(form[2]) {
			t.Errorf("a form without csrf: %s", form[1])
		}
	}
	ids := []string{}
	for _, m := range idTag.FindAllStringSubmatch(page, -1) {
		if slices.Contains(ids, m[1]) {
			t.Errorf("two elements have the id %q", m[1])
		}
		ids = append(ids, m[1])
	}
	for _, m := range refersTag.FindAllStringSubmatch(page, -1) {
		for _, id := range strings.Fields(m[1]) {
			if !slices.Contains(ids, id) {
				t.Errorf("nothing has the id %q", id)
			}
		}
	}
	for _, input := range bareInput.FindAllString(page, -1) {
		id := hasID.FindStringSubmatch(input)
		if id == nil || !strings.Contains(page, `<label for="`+id[1]+`"`) {
			t.Errorf("a field without a label: %s", input)
		}
	}
}
