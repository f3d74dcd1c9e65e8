package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/protocol"
)

// SignInView is the page console/sign-in.
type SignInView struct {
	CSRF  string      `json:"csrf"`
	Next  string      `json:"next"`
	Other string      `json:"other"` // the page in the other language
	QR    protocol.QR `json:"qr"`
	// WebKey names the QR code's sign-in, Signature proves that this page began it.
	WebKey     string `json:"web_key"`
	Signature  string `json:"signature"`
	ExpiresIn  int    `json:"expires_in"` // seconds that the QR code works
	WaitURL    string `json:"wait_url"`
	RenewURL   string `json:"renew_url"`
	CollectURL string `json:"collect_url"`
	EnterURL   string `json:"enter_url"`
	PickURL    string `json:"pick_url,omitempty"`
	// People is the sandbox's list; empty elsewhere.
	People []Picked `json:"people,omitempty"`
	State  string   `json:"-"` // of a story; "waiting" when empty
	Number string   `json:"-"` // of a story
}

// Stage is the state that the page arrives with.
func (v SignInView) Stage() string {
	if v.State == "" {
		return "waiting"
	}
	return v.State
}

// Picked is one line of the sandbox's list of persons.
type Picked struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Operator bool     `json:"operator,omitempty"`
	Corps    []string `json:"corps"` // that the person administers
	// Roles are what they are there, each once: provider, or a kind of admin.
	Roles []string `json:"roles,omitempty"`
}

// showSignIn shows the ways in; who is signed in goes on at once.
func (s *Service) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := cleanNext(r.URL.Query().Get("next"))
	if r.Method == http.MethodHead {
		return nil // a link preview begins nothing
	}
	if _, err := s.Sessions.Read(r.Context(), r); err == nil {
		http.Redirect(w, r, respond.Link(r, next), http.StatusSeeOther)
		return nil
	} else if !errors.Is(err, session.ErrNone) {
		return err
	}
	if dest := r.Header.Get("Sec-Fetch-Dest"); dest != "" && dest != "document" {
		return respond.Forbidden(nil)
	}
	if s.Begun.Add(respond.Network(respond.ClientAddr(r)).String()) {
		return respond.TooMany(time.Minute)
	}
	page, err := s.Attempts.Begin(r.Context(), attempt.Request{Console: true, Address: respond.ClientAddr(r), Browser: r.UserAgent()})
	if err != nil {
		return err
	}
	v := SignInView{CSRF: s.entry(w, r), Next: next, Other: otherLanguage(r), QR: s.qr(page.QRKey),
		WebKey: page.WebKey, Signature: page.Signature, ExpiresIn: int(attempt.QRLife.Seconds()),
		WaitURL: "/console/sign-in/wait", RenewURL: "/console/sign-in/renew",
		CollectURL: respond.Link(r, "/console/sign-in/collect"), EnterURL: respond.Link(r, "/console/enter")}
	if s.Sandbox {
		v.PickURL = respond.Link(r, "/console/sign-in/pick")
		if v.People, err = s.people(r.Context()); err != nil {
			return err
		}
	}
	respond.FormsTo(w, s.PhoneURL)
	return s.Respond.Render(w, r, "console/sign-in", v)
}

func (s *Service) qr(key string) protocol.QR {
	content := s.PhoneURL + "/q/" + key
	qr := s.codes.Draw(content)
	if s.Sandbox {
		qr.URL = content
	}
	return qr
}

// listed bounds the persons that the sandbox's list looks through.
const listed = 200

// people lists who may enter a console.
func (s *Service) people(ctx context.Context) ([]Picked, error) {
	persons, err := s.Directory.Persons(ctx, listed)
	if err != nil {
		return nil, err
	}
	var list []Picked
	for _, p := range persons {
		line := Picked{ID: strconv.FormatInt(p.Row, 10), Name: p.Name, Corps: []string{}}
		if line.Operator, err = s.Directory.IsOperator(ctx, p.Row); err != nil {
			return nil, err
		}
		admins, err := s.Directory.AdminCorps(ctx, p.Row)
		if err != nil {
			return nil, err
		}
		for _, a := range admins {
			line.Corps = append(line.Corps, a.Corp.Name)
			if role := a.Kind.String(); !slices.Contains(line.Roles, role) {
				line.Roles = append(line.Roles, role)
			}
			switch _, err := s.Apps.Provider(ctx, a.Corp.Row); {
			case err == nil && a.Leads() && !slices.Contains(line.Roles, string(Provider)):
				line.Roles = append(line.Roles, string(Provider))
			case err != nil && !errors.Is(err, apps.ErrNotFound):
				return nil, err
			}
		}
		if line.Operator || len(line.Corps) > 0 {
			list = append(list, line)
		}
	}
	return list, nil
}

// pick signs in as a person of the sandbox's list, without any proof.
func (s *Service) pick(w http.ResponseWriter, r *http.Request) error {
	if err := s.checkEntry(r); err != nil {
		return err
	}
	row, err := strconv.ParseInt(r.PostFormValue("person"), 10, 64)
	if err != nil {
		return respond.NotFound()
	}
	person, err := s.Directory.Person(r.Context(), row)
	if errors.Is(err, directory.ErrNotFound) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	return s.begin(w, r, person, howPick, false, r.PostFormValue("next"))
}
