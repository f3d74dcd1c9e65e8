package login

import (
	"context"
	"net/http"
	"net/url"
)

type sessionKey struct{}

// RequireLogin lets signed-in browsers through to next, which finds the session
// with FromContext. Others are sent to begin and come back to the same page;
// what is not a page view (a script's call, a POST) is answered 401.
func (h *Handler) RequireLogin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if session, ok := h.Session(r); ok {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, session)))
			return
		}
		if !pageView(r) {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		if !h.ready(w, r, r.Method) {
			return
		}
		back := url.Values{"return": {returnPath(r.URL.RequestURI(), h.config.Home)}}
		http.Redirect(w, r, h.config.Path+"?"+back.Encode(), http.StatusSeeOther)
	})
}

// FromContext returns the session that RequireLogin found.
func FromContext(ctx context.Context) (Session, bool) {
	session, ok := ctx.Value(sessionKey{}).(Session)
	return session, ok
}

// pageView tells whether r asks for a page to look at.
func pageView(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode == "" || mode == "navigate"
}
