package demo

import (
	"encoding/json"
	"net/http"
)

// hasTicket tells whether the login suite has a suite_ticket: without one no code
// can be exchanged.
func (s *Site) hasTicket(r *http.Request) bool {
	_, err := s.tickets.SuiteTicket(r.Context(), s.config.LoginSuite.ID)
	return err == nil
}

// tellTicket answers hasTicket to the page that waits for it.
func (s *Site) tellTicket(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	json.NewEncoder(w).Encode(map[string]bool{"received": s.hasTicket(r)}) // a browser that has gone away is no news
}
