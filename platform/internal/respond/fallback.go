package respond

import "net/http"

// Fallback answers what mux has no route for, to be mounted at "/" of the same
// mux: 405 with the methods that the address takes, or 404.
func (p *Responder) Fallback(mux *http.ServeMux) http.Handler {
	return p.Page(func(_ http.ResponseWriter, r *http.Request) error {
		allow := ""
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			other := *r
			other.Method = method
			if _, pattern := mux.Handler(&other); pattern == "" || pattern == "/" {
				continue
			}
			if allow != "" {
				allow += ", "
			}
			allow += method
		}
		if allow != "" {
			return MethodNotAllowed(allow)
		}
		return NotFound()
	})
}
