package console

import (
	"context"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// How a person came in, as the audit's detail says it.
const (
	howQR   = "qr"
	howPick = handoff.ByPick
)

// begin starts a session, always a new one, and goes on to where the person wanted. A session
// that the browser brought along is ended: it might be another person's.
func (s *Service) begin(w http.ResponseWriter, r *http.Request, person directory.Person, how string, proved bool, next string) error {
	ctx := r.Context()
	if err := s.Sessions.End(ctx, w, r); err != nil {
		return err
	}
	start := s.Sessions.Start
	if proved {
		start = s.Sessions.StartProved
	}
	if _, err := start(ctx, w, r, person.Row, person.Name); err != nil {
		return err
	}
	if err := s.noteEntered(ctx, r, person, how); err != nil {
		return err
	}
	http.Redirect(w, r, respond.Link(r, cleanNext(next)), http.StatusSeeOther)
	return nil
}

// noteEntered tells every company that the person administers, and the platform's own log
// where the person runs it.
func (s *Service) noteEntered(ctx context.Context, r *http.Request, person directory.Person, how string) error {
	admins, err := s.Directory.AdminCorps(ctx, person.Row)
	if err != nil {
		return err
	}
	entry := audit.Entry{Person: person.Row, Action: audit.ConsoleEntered, Detail: how, Address: respond.ClientAddr(r)}
	for _, a := range admins {
		entry.Corp, entry.Target = a.Corp.Row, a.UserID
		s.Audit.Soon(entry)
	}
	operator, err := s.Directory.IsOperator(ctx, person.Row)
	if operator {
		entry.Corp, entry.Target = 0, person.Account
		s.Audit.Soon(entry)
	}
	return err
}

// signOut ends this browser's session.
func (s *Service) signOut(w http.ResponseWriter, r *http.Request) error {
	v, err := s.signedIn(w, r)
	if v == nil {
		return err
	}
	if err := s.Sessions.End(r.Context(), w, r); err != nil {
		return err
	}
	http.Redirect(w, r, respond.Link(r, "/console/sign-in"), http.StatusSeeOther)
	return nil
}
