package respond

import (
	"net/http"
	"strconv"
	"strings"
)

// Languages are the languages pages exist in, the default first.
var Languages = []string{"zh", "en"}

// Lang is the language of the answer: the lang parameter of the URL, then
// Accept-Language, then "zh". Unknown languages are skipped.
func Lang(r *http.Request) string {
	if lang := langParam(r.URL.RawQuery); lang != "" {
		return lang
	}
	return acceptLanguage(r.Header.Get("Accept-Language"))
}

// Link is path with the lang parameter of the request, when it bears one, so
// that a language chosen by hand stays chosen along links, form actions and
// redirects. path has no fragment.
func Link(r *http.Request, path string) string {
	lang := langParam(r.URL.RawQuery)
	if lang == "" {
		return path
	}
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// langParam finds lang without parsing the whole query: it is asked for on
// every page and the query may be long.
func langParam(query string) string {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if value, ok := strings.CutPrefix(pair, "lang="); ok {
			return known(value)
		}
	}
	return ""
}

// known maps a language tag (zh, zh_CN, en-US) to a language that pages exist
// in, or "".
func known(tag string) string {
	if len(tag) > 2 && tag[2] != '-' && tag[2] != '_' || len(tag) < 2 {
		return ""
	}
	switch strings.ToLower(tag[:2]) {
	case "zh":
		return "zh"
	case "en":
		return "en"
	}
	return ""
}

func acceptLanguage(header string) string {
	best, weight := Languages[0], 0.0
	if len(header) > 512 {
		header = header[:512]
	}
	for header != "" {
		var entry string
		entry, header, _ = strings.Cut(header, ",")
		tag, params, _ := strings.Cut(strings.TrimSpace(entry), ";")
		lang := known(strings.TrimSpace(tag))
		if lang == "" {
			continue
		}
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(v, 64)
			if err != nil {
				continue
			}
			q = min(parsed, 1)
		}
		if q > weight {
			best, weight = lang, q
		}
	}
	return best
}
