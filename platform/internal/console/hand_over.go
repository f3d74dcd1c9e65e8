package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// handoffCookie begins the name of the cookie that holds a handoff's secret; its id follows,
// so that two tabs do not take each other's.
const handoffCookie = "hufu_handoff_"

// enterByPhone sends the browser to the phone's pages, to sign in there.
func (s *Service) enterByPhone(w http.ResponseWriter, r *http.Request) error {
	if err := s.checkEntry(r); err != nil {
		return err
	}
	// Whoever asks is a stranger still, and what is kept of it lives for minutes.
	if s.Begun.Add(respond.Network(respond.ClientAddr(r)).String()) {
		return respond.TooMany(time.Minute)
	}
	return s.handOver(w, r, handoff.Request{Purpose: handoff.Enter, Return: cleanNext(r.PostFormValue("next")),
		Label: "console.label.enter"})
}

// prove sends the browser to the phone's pages, to prove once more who the person is.
func (s *Service) prove(w http.ResponseWriter, r *http.Request) error {
	v, err := s.signedIn(w, r)
	if v == nil {
		return err
	}
	if s.Begun.Add("person/" + strconv.FormatInt(v.Person.Row, 10)) {
		return respond.TooMany(time.Minute)
	}
	return s.handOver(w, r, handoff.Request{Purpose: handoff.Prove, Person: v.Person.Row, Return: "/console",
		Label: "console.label.prove"})
}

func (s *Service) handOver(w http.ResponseWriter, r *http.Request, asked handoff.Request) error {
	id, secret, err := s.Handoffs.Begin(r.Context(), asked)
	if err != nil {
		return err
	}
	s.setCookie(w, handoffCookie+id, secret, int(handoff.Life.Seconds()))
	http.Redirect(w, r, s.PhoneURL+respond.Link(r, "/phone/enter/"+url.PathEscape(id)), http.StatusSeeOther)
	return nil
}

// ProvedView is the page console/proved.
type ProvedView struct {
	ContinueURL string `json:"continue_url"`
}

// comeBack takes the ticket that the phone's pages sent along. It begins a session, or notes
// a proof, only in the browser that holds the handoff's secret: a link with somebody's ticket
// does nothing anywhere else. Both are used up by it.
func (s *Service) comeBack(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodHead {
		return nil
	}
	ctx, id := r.Context(), r.PathValue("id")
	secret := s.cookie(r, handoffCookie+id)
	if secret == "" {
		return respond.Expired()
	}
	s.setCookie(w, handoffCookie+id, "", -1)
	result, err := s.Handoffs.Collect(ctx, id, secret, r.URL.Query().Get("ticket"))
	if errors.Is(err, handoff.ErrGone) {
		return respond.Expired()
	}
	if err != nil {
		return err
	}
	person, err := s.Directory.Person(ctx, result.Person)
	if errors.Is(err, directory.ErrNotFound) {
		return respond.Forbidden(nil)
	}
	if err != nil {
		return err
	}
	if result.Purpose == handoff.Enter {
		return s.begin(w, r, person, result.How, result.How != handoff.ByPick, result.Return)
	}
	return s.noteProof(w, r, result)
}

// noteProof marks this browser's session, if it still is the person's who proved.
func (s *Service) noteProof(w http.ResponseWriter, r *http.Request, result handoff.Result) error {
	sess, err := s.Sessions.Read(r.Context(), r)
	if err == nil && sess.Person != result.Person {
		return respond.Forbidden(nil)
	}
	if err == nil {
		err = s.Sessions.MarkProved(r.Context(), sess.ID)
	}
	if errors.Is(err, session.ErrNone) {
		return respond.Expired()
	}
	if err != nil {
		return err
	}
	// The ticket, used up, leaves the address too.
	http.Redirect(w, r, respond.Link(r, "/console/proved"), http.StatusSeeOther)
	return nil
}

// showProved says that the proof is noted; its script tells the tab that waits.
func (s *Service) showProved(w http.ResponseWriter, r *http.Request) error {
	v, err := s.signedIn(w, r)
	if v == nil {
		return err
	}
	if !v.Fresh {
		return respond.Expired()
	}
	return s.Respond.Render(w, r, "console/proved", ProvedView{ContinueURL: v.Link("/console")})
}

// showProof tells the page that waits whether there is a fresh proof now.
func (s *Service) showProof(w http.ResponseWriter, r *http.Request) error {
	v, err := s.signedIn(w, r)
	if v == nil {
		return err
	}
	return respond.WriteJSON(w, struct {
		Fresh bool `json:"fresh"`
	}{v.Fresh})
}
