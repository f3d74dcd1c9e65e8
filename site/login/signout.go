package login

import "net/http"

// SignOut ends the session of the browser that posts here and sends it to
// Config.Home. Only the site's own pages may.
func (h *Handler) SignOut(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodPost) {
		return
	}
	if !h.sameOrigin(r) {
		h.fail(w, r, &Failure{Reason: CrossOrigin})
		return
	}
	h.sessions.clear(w)
	http.Redirect(w, r, h.config.Home, http.StatusSeeOther)
}
