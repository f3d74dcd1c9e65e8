package login

import (
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/site/internal/once"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

// Handler signs people in to one site, in each of the ways that Config has. Make it
// with New; the zero Handler
// answers 503 and signs nobody in. It is safe for concurrent use.
type Handler struct {
	config   Config
	redirect *url.URL
	origin   string
	attempts *attempts
	flights  *once.Flights[outcome]
	sessions *Sessions
	guard    *http.CrossOriginProtection
}

// New checks c and returns its Handler.
func New(c Config) (*Handler, error) {
	redirect, err := c.complete()
	if err != nil {
		return nil, err
	}
	origin := originOf(redirect)
	if c.Sessions == nil {
		c.Sessions, err = NewSessions(SessionConfig{
			Origin: origin, Keys: c.Keys, Lifetime: c.SessionLifetime,
			InsecureHTTP: c.InsecureHTTP, Now: c.Now,
		})
		if err != nil {
			return nil, err
		}
	}
	attempts, err := newAttempts(&c, seal.CookiesFor(redirect))
	if err != nil {
		return nil, err
	}
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(origin); err != nil {
		return nil, err
	}
	return &Handler{
		config: c, redirect: redirect, origin: origin, attempts: attempts,
		flights: once.New[outcome](c.Now), sessions: c.Sessions, guard: guard,
	}, nil
}

// Mount puts the handler's URLs on mux; the package comment lists them.
func (h *Handler) Mount(mux *http.ServeMux) {
	if h.redirect == nil {
		return
	}
	finish := pathOf(h.redirect)
	if finish[len(finish)-1] == '/' {
		finish += "{$}"
	}
	path := h.config.Path
	mux.HandleFunc("GET "+path, h.Begin)
	mux.HandleFunc("GET "+path+"/panel", h.BeginPanel)
	mux.HandleFunc("GET "+path+"/app", h.ShowApp)
	mux.HandleFunc("GET "+path+"/login.js", h.Script)
	mux.HandleFunc("POST "+path+"/sign-out", h.SignOut)
	mux.HandleFunc("GET "+finish, h.Finish)
	mux.HandleFunc("POST "+finish, h.FinishPanel)
	if h.config.WindowPath == path+"/window" {
		mux.HandleFunc("GET "+path+"/window", h.Window)
	}
}

// Session returns the session of the browser that sent r, if it has a valid one.
func (h *Handler) Session(r *http.Request) (Session, bool) {
	if h.sessions == nil {
		return Session{}, false
	}
	return h.sessions.Session(r)
}

// Sessions are the sessions that this handler begins, for what shares them, such as
// an AdminEntry. They are nil for the zero Handler.
func (h *Handler) Sessions() *Sessions { return h.sessions }

// ready answers 503 for a Handler that was not made by New, and 405 for HEAD: a
// link checker must neither begin nor spend a sign-in. What it lets through is
// not to be cached.
func (h *Handler) ready(w http.ResponseWriter, r *http.Request, method string) bool {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	if h.redirect == nil {
		http.Error(w, "sign-in is not configured", http.StatusServiceUnavailable)
		return false
	}
	if r.Method != method {
		header.Set("Allow", method)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return false
	}
	return true
}

// sameOrigin tells whether a POST came from the site's own pages, by
// Sec-Fetch-Site where the browser sends it and by Origin.
func (h *Handler) sameOrigin(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != h.origin {
		return false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	return h.guard.Check(r) == nil
}
