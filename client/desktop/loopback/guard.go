package loopback

import (
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/peer"
)

// refusal is why a request is not answered. The asker learns the status alone, the log the word.
type refusal struct {
	status int
	why    string
}

func (e *refusal) Error() string { return e.why }

func forbidden(why string) error { return &refusal{http.StatusForbidden, why} }
func malformed(why string) error { return &refusal{http.StatusBadRequest, why} }

// guard lets through what comes from a login page in this user's browser.
func (s *Server) guard(next func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Vary", "Origin")
		err := s.admit(r)
		if err == nil {
			allow(w, r)
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			err = next(w, r)
		}
		if refused, ok := errors.AsType[*refusal](err); ok {
			s.Log.Log(r.Context(), s.level(refused.why), "refused a request on loopback", "path", r.URL.Path, "why", refused.why)
			write(w, refused.status, struct{}{})
		}
	}
}

// level is how loudly a refusal is said: any web page can cause them, so each kind is a warning
// once a minute.
func (s *Server) level(why string) slog.Level {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, said := s.warned[why]; said && s.Now().Sub(last) < time.Minute {
		return slog.LevelDebug
	}
	s.warned[why] = s.Now()
	return slog.LevelWarn
}

// admit checks everything but the body's content.
func (s *Server) admit(r *http.Request) error {
	if err := peer.Of(r.Context()); err != nil {
		return forbidden(err.Error())
	}
	s.mu.Lock()
	host := s.host
	s.mu.Unlock()
	if r.Host != host {
		return forbidden("another Host than ours")
	}
	origins := r.Header.Values("Origin")
	if len(origins) != 1 || origins[0] == "null" || !slices.Contains(s.Origins(), origins[0]) {
		return forbidden("an Origin that is no login page of the platform")
	}
	switch r.Method {
	case http.MethodOptions:
		return nil
	case http.MethodPost:
	default:
		return &refusal{http.StatusMethodNotAllowed, "another method than POST"}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return malformed("another Content-Type than application/json")
	}
	return nil
}

// allow lets the asking page, and no other, read the answer.
func allow(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", http.MethodPost)
		h.Set("Access-Control-Allow-Headers", "content-type")
		// Browsers asked for this before they asked the person; today it says nothing.
		h.Set("Access-Control-Allow-Private-Network", "true")
	}
}

func write(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An asker that is gone needs no answer.
	_, _ = w.Write(body)
}
