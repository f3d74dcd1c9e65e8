package respond

import (
	"net/http"
	"slices"
	"strings"
)

const (
	// policy is the Content-Security-Policy of every page, without its last
	// directive (login-component.md 10).
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
	unframed = policy + "'none'"
)

// FrameAncestors lets a page be framed by these sources only: origins with
// their scheme ("https://a.example:8443"), "'self'", or "*" for an error page
// that holds no secret. Sources that could end the directive are left out. A
// page that may be framed may also be opened as a popup by its site, and by
// hosts that use COEP. To be called before Render.
func FrameAncestors(w http.ResponseWriter, sources []string) {
	good := make([]string, 0, len(sources))
	for _, s := range sources {
		if s != "" && !strings.ContainsFunc(s, breaksPolicy) {
			good = append(good, s)
		}
	}
	ancestors := "'none'"
	if len(good) > 0 {
		ancestors = strings.Join(good, " ")
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy+ancestors)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
}

// FormsTo lets the forms of a page lead, by a redirect, to these origins beside its own:
// browsers hold a form's redirects to the page's policy too. To be called before Render, on
// a page that nobody frames.
func FormsTo(w http.ResponseWriter, origins ...string) {
	allowed := "form-action 'self'"
	for _, o := range origins {
		if o != "" && !strings.ContainsFunc(o, breaksPolicy) {
			allowed += " " + o
		}
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(unframed, "form-action 'self'", allowed, 1))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// ConnectTo lets the script of a page call these origins beside its own, all of them or, where
// one could end the directive, none. To be called after FrameAncestors.
func ConnectTo(w http.ResponseWriter, origins ...string) {
	const own = "connect-src 'self'"
	h := w.Header()
	before, after, found := strings.Cut(h.Get("Content-Security-Policy"), own)
	if !found || len(origins) == 0 || slices.ContainsFunc(origins, func(o string) bool { return strings.ContainsFunc(o, breaksPolicy) }) {
		return
	}
	h.Set("Content-Security-Policy", before+own+" "+strings.Join(origins, " ")+after)
}

func breaksPolicy(r rune) bool {
	return r <= ' ' || r == ';' || r == ',' || r > '~'
}

// pageHeaders sets what FrameAncestors has not set.
func pageHeaders(h http.Header) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Content-Security-Policy") != "" {
		return
	}
	h.Set("Content-Security-Policy", unframed)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// dynamicHeaders are on every answer; Static replaces Cache-Control.
func (p *Responder) dynamicHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	if p.https {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
