package push

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// withQuery adds values to the query of rawURL, whose own query stays as it
// is written but for names that values brings: those stand once.
func withQuery(rawURL string, values url.Values) string {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	base, query, _ := strings.Cut(rawURL, "?")
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if pair != "" && !values.Has(name) {
			kept = append(kept, pair)
		}
	}
	return base + "?" + strings.Join(append(kept, values.Encode()), "&")
}

// withoutQuery is rawURL as it may be shown.
func withoutQuery(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// secretLike is what a token, code or ticket looks like. A receiver that
// echoes what it was sent would otherwise put one on record.
var secretLike = regexp.MustCompile(`[A-Za-z0-9_-]{32,}`)

// maxAnswer is how many bytes of an answer are kept.
const maxAnswer = 200

// printable is the beginning of an answer, fit to be stored and shown.
func printable(body []byte) string {
	text := strings.ToValidUTF8(string(body), "?")
	text = secretLike.ReplaceAllString(text, "***")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return '?'
		}
		return r
	}, text)
	if len(text) > maxAnswer {
		text = strings.ToValidUTF8(text[:maxAnswer], "")
	}
	return text
}

// checkDetail says what is wrong with the answer to a URL check.
func checkDetail(answer, echo string) string {
	switch {
	case answer == "":
		return "the body is empty"
	case strings.Trim(answer, " \t\r\n\"'\ufeff") == echo:
		return "the right text, but not bare: no quotes, BOM, space or newline around it"
	default:
		return "the body must be the decrypted echostr"
	}
}
