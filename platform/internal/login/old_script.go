package login

import "net/http"

// serveWwLogin answers the script that puts the old page of a corp's app into a site's page.
func (h *Handler) serveWwLogin(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Cache-Control", "public, max-age=300")
	http.ServeFileFS(w, r, h.Assets, "static/wwlogin.js")
}
