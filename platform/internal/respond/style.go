package respond

import (
	"net/http"
	"strings"
)

// StyleFrom lets a page load a style sheet of somebody else: the one that source names in the
// policy. Whatever the sheet says, nothing of the page leaves it: pictures and fonts come from
// us or from the sheet itself. The sheet is fetched without cookies, from hosts that know
// nothing of COEP too. A source that could end the directive is left out. To be called after
// FrameAncestors.
func StyleFrom(w http.ResponseWriter, source string) {
	if source == "" || strings.ContainsFunc(source, breaksPolicy) {
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"),
		"style-src 'self'", "style-src 'self' "+source+"; font-src 'self' data:", 1))
	h.Set("Cross-Origin-Embedder-Policy", "credentialless")
}
