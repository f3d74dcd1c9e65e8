package login

import (
	"net/http"
	"net/url"
)

// AppPage is what the page {Path}/app has to offer a browser that cannot sign in by
// itself. Here and Scan are paths of this site, empty where they are not on offer.
type AppPage struct {
	// Address is the whole address to open inside the client: it begins the sign-in
	// there. It holds nothing secret and may be copied, sent and kept.
	Address string

	// Here signs in inside the client on this very device: where the platform is not
	// WeCom itself, its client is a page in any browser.
	Here string

	// Scan goes to the page with the QR code, which another device can scan.
	Scan string
}

// ShowApp is the page that says how to open the site inside the client. Its query is
// that of Begin. Whoever opens it inside the client begins.
func (h *Handler) ShowApp(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	w.Header().Set("Vary", "User-Agent")
	query := r.URL.Query()
	if way := h.Way(r); h.config.InClient == nil || way == ViaClient {
		http.Redirect(w, r, h.beginURL(query, ""), http.StatusSeeOther)
		return
	}
	// The links of this page are the person's own: the in-client page is to see that
	// this site leads there.
	w.Header().Set("Referrer-Policy", "strict-origin")
	p := h.appPage(query)
	if h.config.AppPage != nil {
		h.config.AppPage(w, withoutSecrets(r), p)
		return
	}
	lang := h.lang(r)
	render(w, http.StatusOK, "app.html", view{
		Lang: lang, Title: texts[lang]["app.title"], Script: h.config.Path + "/login.js", App: p, Words: texts[lang],
	})
}

func (h *Handler) appPage(query url.Values) *AppPage {
	// In the client there is no window that waits, and the language is the client's.
	address := url.Values{"return": query["return"]}
	p := &AppPage{Address: h.origin + h.beginURL(address, "")}
	if h.config.InClient.onHufu() {
		p.Here = h.beginURL(query, ViaClient)
	}
	switch {
	case h.config.Suite != nil:
		p.Scan = h.beginURL(query, ViaLink)
	case h.config.Old != nil:
		p.Scan = h.beginURL(query, ViaOld)
	}
	return p
}
