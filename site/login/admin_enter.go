package login

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
)

// Names of the form of an arrival's page.
const (
	fieldArrival = "arrival"
	fieldCurrent = "current"
	fieldChoice  = "choice"
	choiceEnter  = "enter"
	choiceLeave  = "leave"
)

// Arrival is an administrator on the way in, for the page that asks him. The page
// is one form that posts Fields to Action, and has two buttons named "choice": one
// with the value "enter", one with "leave".
type Arrival struct {
	// Company and Member are the names to show; CorpID and UserID are the ids.
	Company, Member string
	CorpID, UserID  string
	// UserType as in Session; 0 where the platform did not say.
	UserType int

	// Current is the session this browser has; nil without one. CurrentCompany and
	// CurrentMember are the names to show for it.
	Current                       *Session
	CurrentCompany, CurrentMember string
	// Same says that the session is this person's; Foreign that it is of another
	// company (or of none), which is worth a warning: to enter ends it.
	Same, Foreign bool

	Action string
	Fields []Field
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// show shows who has arrived.
func (e *AdminEntry) show(w http.ResponseWriter, r *http.Request) {
	p, ok := e.pending(r)
	if !ok || e.config.Mode == AdminRestart {
		e.web.fail(w, r, &Failure{Reason: NoArrival})
		return
	}
	// Under no-referrer a browser would send the form with the Origin "null"; the
	// address of this page has nothing to hide.
	w.Header().Set("Referrer-Policy", "same-origin")
	a := e.arrival(r, p)
	if e.config.ArrivalPage != nil {
		e.config.ArrivalPage(w, withoutSecrets(r), a)
		return
	}
	lang := e.web.lang(r)
	words := texts[lang]
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, "arrival.html", struct {
		*Arrival
		Lang  string
		Words map[string]string
		Style template.CSS
	}{a, lang, words, style})
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=UTF-8")
	header.Set("Content-Security-Policy", "default-src 'none'; "+stylePolicy+"; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	header.Set("X-Frame-Options", "DENY")
	w.Write(b.Bytes())
}

func (e *AdminEntry) arrival(r *http.Request, p pending) *Arrival {
	who := Session{AppID: e.config.SuiteID, CorpID: p.Who.CorpID, UserID: p.Who.UserID, OpenUserID: p.Who.OpenUserID,
		Admin: true, UserType: int(p.UserType)}
	a := &Arrival{
		CorpID: who.CorpID, UserID: who.UserID, UserType: who.UserType, Action: pathOf(e.web.redirect),
		Fields: []Field{{fieldArrival, p.ID}, {fieldCurrent, e.current(r)}},
	}
	a.Company, a.Member = e.names(r.Context(), who)
	if s, ok := e.config.Sessions.Session(r); ok {
		a.Current = &s
		a.CurrentCompany, a.CurrentMember = e.names(r.Context(), s)
		a.Foreign = s.CorpID != who.CorpID
		a.Same = !a.Foreign && s.UserID == who.UserID
	}
	return a
}

func (e *AdminEntry) names(ctx context.Context, s Session) (company, member string) {
	if e.config.Describe != nil {
		company, member = e.config.Describe(ctx, s)
	}
	if company == "" {
		company = s.CorpID
	}
	if member == "" {
		if member = s.UserID; member == "" {
			member = s.OpenID
		}
	}
	return company, member
}

// current names the session of the browser that sent r, without giving it away;
// empty without one.
func (e *AdminEntry) current(r *http.Request) string {
	s, ok := e.config.Sessions.Session(r)
	if !ok {
		return ""
	}
	sum := sha256.Sum256([]byte(e.context + "\n" + s.ID))
	return hex.EncodeToString(sum[:16])
}

// Enter takes the person's choice. Only the site's own page may post it, only for
// the arrival that it showed, and only while the session that it showed stands. A
// session begins with a new id, in the place of any other; each arrival is good for
// one.
func (e *AdminEntry) Enter(w http.ResponseWriter, r *http.Request) {
	if e.web == nil {
		http.Error(w, "sign-in is not configured", http.StatusServiceUnavailable)
		return
	}
	if !e.web.ready(w, r, http.MethodPost) {
		return
	}
	if !e.web.sameOrigin(r) {
		e.web.fail(w, r, &Failure{Reason: CrossOrigin})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	if err := r.ParseForm(); err != nil {
		e.web.fail(w, r, &Failure{Reason: BadRequest})
		return
	}
	p, ok := e.pending(r)
	if !ok || e.config.Mode == AdminRestart || !equal(r.PostForm.Get(fieldArrival), p.ID) {
		e.web.fail(w, r, &Failure{Reason: NoArrival})
		return
	}
	switch r.PostForm.Get(fieldChoice) {
	case choiceLeave:
		e.cookies.Clear(w, e.name)
		http.Redirect(w, r, e.config.Home, http.StatusSeeOther)
	case choiceEnter:
		e.enter(w, r, p)
	default:
		e.web.fail(w, r, &Failure{Reason: BadRequest})
	}
}

func (e *AdminEntry) enter(w http.ResponseWriter, r *http.Request, p pending) {
	if !equal(r.PostForm.Get(fieldCurrent), e.current(r)) {
		// Somebody signed in or out since the page was made: it has to be read again.
		http.Redirect(w, r, pathOf(e.web.redirect), http.StatusSeeOther)
		return
	}
	first := false
	out, err := e.entered.Do(r.Context(), sha256.Sum256([]byte(p.ID)), func() (outcome, bool) {
		first = true
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exchangeTime)
		defer cancel()
		out := e.begin(ctx, p)
		return out, out.failure == nil
	})
	switch {
	case err != nil:
		e.web.fail(w, r, &Failure{Reason: Unavailable, Err: err})
		return
	case out.failure != nil:
		e.web.fail(w, r, out.failure)
		return
	case !first:
		e.web.fail(w, r, &Failure{Reason: NoArrival})
		return
	}
	e.cookies.Clear(w, e.name)
	e.config.Sessions.keep(w, out.session)
	http.Redirect(w, r, e.config.Home, http.StatusSeeOther)
}

// begin makes the session of an arrival.
func (e *AdminEntry) begin(ctx context.Context, p pending) outcome {
	session, err := e.config.Sessions.issue(ctx, Session{
		AppID: e.config.SuiteID, CorpID: p.Who.CorpID, UserID: p.Who.UserID, OpenUserID: p.Who.OpenUserID,
		Admin: true, UserType: int(p.UserType),
	})
	if err == nil && e.config.OnSignIn != nil {
		err = e.config.OnSignIn(ctx, session)
	}
	switch {
	case errors.Is(err, ErrNotAllowed):
		return outcome{failure: &Failure{Reason: NotAllowed, Err: err}}
	case err != nil:
		return outcome{failure: &Failure{Reason: Unavailable, Err: fmt.Errorf("after the exchange: %w", err)}}
	}
	return outcome{session: session}
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
