package inclient

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// silently answers as whom a code may be given without a question, and why. ok is false
// where the member must be asked.
func (h *Handler) silently(r *http.Request, s session.Session, a *asked, list []candidate) (c candidate, how string, ok bool, err error) {
	if a.private() || !wholeWindow(r) {
		return c, "", false, nil
	}
	member, launched, err := h.Launches.Look(r.Context(), s.ID, a.app.Row)
	if err != nil {
		return c, "", false, err
	}
	if i := slices.IndexFunc(list, func(c candidate) bool { return c.Member == member }); launched && i >= 0 {
		return list[i], audit.FromWorkbench, true, nil
	}
	if len(list) != 1 || !h.fromApp(r, a) {
		return c, "", false, nil
	}
	ok, err = h.Ask.Consents.Stands(r.Context(), s.Person, list[0].Member, a.app.Row)
	return list[0], audit.AgreedBefore, ok, err
}

// wholeWindow tells whether the browser says that a request navigates the whole window. One
// that says nothing (it is old, or the address is plain http) is asked.
func wholeWindow(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Dest") == "document" && r.Header.Get("Sec-Fetch-Mode") == "navigate" && !prefetched(r)
}

// prefetched tells whether a browser fetches the page before anybody wants it.
func prefetched(r *http.Request) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(r.Header.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") || strings.Contains(v, "preview") {
			return true
		}
	}
	return false
}

// fromApp tells whether a navigation begins on a page that the app trusts, on one of the
// phone's, or with an address that the person typed or scanned. Nobody can write another
// page's origin into the Referer; where there is none, nothing is known.
func (h *Handler) fromApp(r *http.Request, a *asked) bool {
	if r.Header.Get("Sec-Fetch-Site") == "none" {
		return true
	}
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host == "" {
		return false
	}
	origin := u.Scheme + "://" + strings.ToLower(u.Host)
	return origin == h.PublicURL || slices.Contains(a.app.Origins(h.Development), origin)
}

// framed tells whether a browser wants the page for a part of another.
func framed(r *http.Request) bool {
	return slices.Contains([]string{"iframe", "frame", "embed", "object", "fencedframe"}, r.Header.Get("Sec-Fetch-Dest"))
}

// navigates tells whether a browser asks for a document to show. Clients that do not say are
// no browsers.
func navigates(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return (dest == "" || dest == "document") && !prefetched(r)
}
