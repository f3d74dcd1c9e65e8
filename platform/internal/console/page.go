package console

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// Page adapts the handler of a console's page: somebody is signed in, may enter this console
// of the corp in the path (read from the store again, at every request), and a form was sent
// from our page of this session. Nobody signed in: to the sign-in, and back. Who may not is
// told no more than that.
func (s *Service) Page(k Kind, act func(w http.ResponseWriter, r *http.Request, v *Visit) error) http.Handler {
	return s.Respond.Page(func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.visit(w, r, k)
		if v == nil {
			return err
		}
		return act(w, r, v)
	})
}

// visit is who visits; nil where the answer has been given or is the error.
func (s *Service) visit(w http.ResponseWriter, r *http.Request, k Kind) (*Visit, error) {
	v, err := s.signedIn(w, r)
	if v == nil {
		return nil, err
	}
	v.Kind = k
	if err := s.enter(r.Context(), v, r.PathValue("corp")); err != nil {
		return nil, err
	}
	v.flash = s.takeFlash(w, r)
	return v, nil
}

// signedIn is visit without a console: who is signed in, and the form's csrf.
func (s *Service) signedIn(w http.ResponseWriter, r *http.Request) (*Visit, error) {
	sess, err := s.Sessions.Read(r.Context(), r)
	if errors.Is(err, session.ErrNone) {
		return nil, toSignIn(w, r)
	}
	if err != nil {
		return nil, err
	}
	if changes(r) && !sess.CheckCSRF(r.PostFormValue("csrf")) {
		return nil, respond.BadForm()
	}
	person, err := s.Directory.Person(r.Context(), sess.Person)
	if errors.Is(err, directory.ErrNotFound) {
		return nil, toSignIn(w, r)
	}
	if err != nil {
		return nil, err
	}
	age := s.Now().Sub(sess.Proved)
	return &Visit{Session: sess, Person: person, Fresh: !sess.Proved.IsZero() && age >= 0 && age < ProofLife, r: r}, nil
}

func changes(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// enter reads the rights anew. A corp that does not exist and one that is not the person's
// are answered alike.
func (s *Service) enter(ctx context.Context, v *Visit, corpid string) error {
	if v.Kind == Operator {
		ok, err := s.Directory.IsOperator(ctx, v.Person.Row)
		if err == nil && !ok {
			return respond.Forbidden(nil)
		}
		return err
	}
	corp, err := s.Directory.CorpByCorpID(ctx, corpid)
	if err == nil {
		v.Corp = corp
		v.Admin, err = s.Directory.AdminOf(ctx, corp.Row, v.Person.Row)
	}
	if errors.Is(err, directory.ErrNotFound) {
		return respond.Forbidden(nil)
	}
	if err != nil || v.Kind == Admin {
		return err
	}
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	if _, err = s.Apps.Provider(ctx, corp.Row); errors.Is(err, apps.ErrNotFound) {
		return respond.Forbidden(nil)
	}
	return err
}
