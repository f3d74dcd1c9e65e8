package window

import (
	"errors"
	"mime"
	"net/http"

	"github.com/hufu-sso/hufu/client/desktop/peer"
)

// The errors of a handler.
var (
	errForbidden = errors.New("not from a page of this window")
	errGone      = errors.New("no such window, or no more")
)

// maxForm limits a form, in bytes.
const maxForm = 8 << 10

// policy is the Content-Security-Policy of every page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// page lets through what comes from this user's browser and from our own pages.
func (s *Server) page(next func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		// With no-referrer our own forms would come with the Origin null.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		err := s.admit(r)
		if err == nil {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			err = next(w, r)
		}
		switch {
		case errors.Is(err, errForbidden):
			s.Log.WarnContext(r.Context(), "refused a request to the window", "path", r.URL.Path, "why", err)
			http.Error(w, "forbidden", http.StatusForbidden)
		case errors.Is(err, errGone):
			s.render(w, r, http.StatusGone, "gone", nil)
		case err != nil:
			s.Log.ErrorContext(r.Context(), "the window could not answer", "path", r.URL.Path, "error", err)
			http.Error(w, "internal error", http.StatusInternalServerError)
		}
	}
}

// admit checks where a request comes from.
func (s *Server) admit(r *http.Request) error {
	if err := peer.Of(r.Context()); err != nil {
		return errors.Join(errForbidden, err)
	}
	if "http://"+r.Host != s.origin {
		return errors.Join(errForbidden, errors.New("another Host than ours"))
	}
	if dest := r.Header.Get("Sec-Fetch-Dest"); dest == "iframe" || dest == "frame" || dest == "embed" || dest == "object" {
		return errors.Join(errForbidden, errors.New("framed"))
	}
	if r.Method == http.MethodGet {
		return nil // nothing but static files
	}
	origin := r.Header.Get("Origin")
	fromFile := r.URL.Path == "/open" && (origin == "" || origin == "null")
	if origin != s.origin && !fromFile || len(r.Header.Values("Origin")) > 1 {
		return errors.Join(errForbidden, errors.New("another Origin than ours"))
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return errors.Join(errForbidden, errors.New("not a form"))
	}
	return nil
}
