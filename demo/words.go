package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

//go:embed locales/*.json
var localeFiles embed.FS

const (
	langZH = "zh"
	langEN = "en"

	langCookie = "qinghe_lang"
)

// loadWords reads the site's words: language, key, text.
func loadWords() (map[string]map[string]string, error) {
	words := map[string]map[string]string{}
	for _, lang := range []string{langZH, langEN} {
		b, err := localeFiles.ReadFile("locales/" + lang + ".json")
		if err != nil {
			return nil, err
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			return nil, fmt.Errorf("demo: locales/%s.json: %w", lang, err)
		}
		words[lang] = m
	}
	return words, nil
}

// langOf is the language for r: what its query asks for (and is then kept in a
// cookie), what the cookie says, the first known of Accept-Language, Chinese.
func langOf(w http.ResponseWriter, r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang == langZH || lang == langEN {
		http.SetCookie(w, &http.Cookie{
			Name: langCookie, Value: lang, Path: "/", MaxAge: 180 * 24 * 3600,
			HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
		return lang
	}
	if c, err := r.Cookie(langCookie); err == nil && (c.Value == langZH || c.Value == langEN) {
		return c.Value
	}
	for part := range strings.SplitSeq(strings.ToLower(r.Header.Get("Accept-Language")), ",") {
		switch part = strings.TrimSpace(part); {
		case strings.HasPrefix(part, "zh"):
			return langZH
		case strings.HasPrefix(part, "en"):
			return langEN
		}
	}
	return langZH
}

// otherLangURL is the page of r in the other language. It keeps only the query
// names of this site's own pages: a code must not end in a link.
func otherLangURL(r *http.Request, lang string) string {
	switch r.URL.Path {
	case PathServiceFinish, PathCorpFinish, PathInstallFinish, pathServiceDetailsFinish, pathCorpDetailsFinish:
		return "/?lang=" + otherLang(lang)
	}
	query := url.Values{"lang": {otherLang(lang)}}
	for _, name := range []string{"app", "type", "return", "window"} {
		if v := r.URL.Query().Get(name); v != "" {
			query.Set(name, v)
		}
	}
	return (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String()
}

func otherLang(lang string) string {
	if lang == langEN {
		return langZH
	}
	return langEN
}
