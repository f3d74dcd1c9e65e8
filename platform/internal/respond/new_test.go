package respond_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

func TestNewFindsMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, text, want string
	}{
		{"good", "templates/a/p.html", `{{define "title"}}x{{end}}{{template "l" .}}`, ""},
		{"unknown key", "templates/a/p.html", `{{t "a.none"}}`, `no message "a.none"`},
		{"unknown key in a branch", "templates/a/p.html", `{{if .X}}{{range .Y}}{{t "a.none" .}}{{end}}{{end}}`, `no message "a.none"`},
		{"too few values", "templates/a/p.html", `{{t "a.two" .X}}`, `takes 2 values, not 1`},
		{"unknown file", "templates/a/p.html", `{{asset "none.css"}}`, `no static file "none.css"`},
		{"syntax", "templates/a/p.html", `{{if}}`, `missing value for if`},
		{"words in a script", "templates/a/p.html", `<script type="application/json">{"a":{{t "a.one"}}}</script>`, `words inside a script`},
		{"only in Chinese", "locales/zh/b.json", `{"b.x":"x"}`, `locales/en lacks "b.x"`},
		{"only in English", "locales/en/b.json", `{"b.x":"x"}`, `locales/zh lacks "b.x"`},
		{"other values", "locales/en/a.json", `{"a.one":"{1}","a.two":"{2}{1}"}`, `"a.one" takes`},
		{"foreign key", "locales/en/b.json", `{"c.x":"x"}`, `does not begin with "b."`},
		{"broken placeholder", "locales/en/b.json", `{"b.x":"{name}"}`, `a placeholder is`},
		{"empty text", "locales/en/b.json", `{"b.x":""}`, `empty text`},
	} {
		files := fstest.MapFS{
			"templates/layout.html": {Data: []byte(`{{define "l"}}{{t "a.one"}}{{asset "s.css"}}{{template "title" .View}}{{end}}`)},
			"static/s.css":          {Data: []byte("a{}")},
			"locales/zh/a.json":     {Data: []byte(`{"a.one":"一","a.two":"{2} 和 {1}"}`)},
			"locales/en/a.json":     {Data: []byte(`{"a.one":"one","a.two":"{1} and {2}"}`)},
		}
		files[c.file] = &fstest.MapFile{Data: []byte(c.text)}
		_, err := respond.New(respond.Config{Assets: files})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := respond.New(respond.Config{PublicURL: "localhost:8790"}); err == nil {
		t.Error("a public URL without a scheme passes")
	}
}

func TestWordsAndValuesAreEscaped(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"templates/p.html":  {Data: []byte(`{{with .View}}<p title="{{t "a.two" .A (printf "%s!" .B)}}">{{t "a.two" .A .B}} {{t .Key .B}} {{t "a.one"}} {{if sandbox}}box{{else}}real{{end}}{{end}}`)},
		"static/s.css":      {Data: []byte("a{}")},
		"locales/zh/a.json": {Data: []byte(`{"a.one":"<&\">","a.two":"“{2}” & <{1}>","a.dyn":"<{1}>"}`)},
		"locales/en/a.json": {Data: []byte(`{"a.one":"1","a.two":"{1}{2}","a.dyn":"{1}"}`)},
	}
	for _, c := range []struct {
		lang string
		box  bool
		want string
	}{
		{"zh", true, `<p title="“&lt;b&gt;!” &amp; &lt;&#34;a&gt;">“&lt;b&gt;” &amp; &lt;&#34;a&gt; &lt;&lt;b&gt;&gt; &lt;&amp;&#34;&gt; box`},
		{"en", false, `<p title="&#34;a&lt;b&gt;!">&#34;a&lt;b&gt; &lt;b&gt; 1 real`},
	} {
		p, err := respond.New(respond.Config{Assets: files, Sandbox: c.box})
		if err != nil {
			t.Fatal(err)
		}
		view := struct{ A, B, Key string }{`"a`, "<b>", "a.dyn"}
		got := get(p.Page(func(w http.ResponseWriter, r *http.Request) error { return p.Render(w, r, "p", view) }), "/?lang="+c.lang).Body.String()
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.lang, got, c.want)
		}
	}
}
