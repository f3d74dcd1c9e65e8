package demo

import (
	"net/http"

	"github.com/hufu-sso/hufu/site/installs"
	"github.com/hufu-sso/hufu/site/login"
)

type outcomeView struct {
	Title, Text string
	Reason      string // login.Reason; empty: not about a sign-in
	Calm        bool   // no fault: the person refused
	Mark        string // key of the line above the title
	Again       string // where to begin anew; empty: not on offer
}

// outcomePage shows sign-ins through app that ended without a session.
func (s *Site) outcomePage(app string) func(http.ResponseWriter, *http.Request, *login.Failure) {
	return func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
		lang := langOf(w, r)
		title, text := f.Text(lang)
		again := beginURL(app, lang)
		if f.Way == login.ViaClient || f.Way == login.ViaOld {
			again = viaURL(app, lang, f.Way)
		}
		if f.Window {
			again += "&window=1"
		}
		if f.Reason == login.NoTicket {
			again = "" // would end here once more; the home page says what to wait for
		}
		mark := "outcome.failed"
		if f.Reason == login.Refused {
			mark = "outcome.refused"
		}
		s.show(w, r, f.Status(), "outcome", frame{View: outcomeView{
			Title: title, Text: text, Reason: string(f.Reason), Calm: f.Reason == login.Refused, Mark: mark, Again: again,
		}})
	}
}

// adminOutcome shows arrivals from the admin console that ended without a session.
func (s *Site) adminOutcome(w http.ResponseWriter, r *http.Request, f *login.Failure) {
	title, text := f.Text(langOf(w, r))
	s.show(w, r, f.Status(), "outcome", frame{View: outcomeView{Title: title, Text: text, Reason: string(f.Reason), Mark: "outcome.failed"}})
}

// installOutcome shows installs that did not end well.
func (s *Site) installOutcome(w http.ResponseWriter, r *http.Request, f *installs.Failure) {
	title, text := f.Text(langOf(w, r))
	mark := "outcome.not_installed"
	if f.Reason == installs.Cancelled {
		mark = "outcome.cancelled"
	}
	s.show(w, r, f.Status(), "outcome", frame{View: outcomeView{
		Title: title, Text: text, Reason: string(f.Reason), Calm: f.Reason == installs.Cancelled, Mark: mark,
	}})
}
