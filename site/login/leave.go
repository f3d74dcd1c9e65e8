package login

import "net/http"

// leave sends the browser to link from a page of this site: whoever typed the
// address of begin, or came to it from elsewhere, would bring the provider's old
// page no Referer of this site, and that page turns such visitors away.
func (h *Handler) leave(w http.ResponseWriter, r *http.Request, link string) {
	lang := h.lang(r)
	render(w, http.StatusOK, "leave.html", view{
		Lang: lang, Title: texts[lang]["leave.title"], Text: texts[lang]["leave.text"],
		Link: link, LinkText: texts[lang]["leave.go"], Script: h.config.Path + "/login.js",
	})
}
