package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// hold is how long a wait is kept open: under the timeouts of common proxies.
const hold = 18 * time.Second

// maxCall is the largest body of the page's own calls in bytes.
const maxCall = 4 << 10

// call is what the sign-in's page sends; its signature is the Authorization header.
type call struct {
	WebKey string        `json:"web_key"`
	Last   attempt.State `json:"last"` // the state it knows
}

// waited is what it is answered. The session is not in it: for that the page sends a form.
type waited struct {
	State  attempt.State `json:"state"`
	Name   string        `json:"name,omitempty"`   // masked, once scanned
	Number string        `json:"number,omitempty"` // to be typed on the phone
}

// read reads a call and checks its signature; ErrGone alike for what does not exist and for
// what is another page's.
func (s *Service) read(w http.ResponseWriter, r *http.Request) (call, error) {
	var c call
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, respond.BadRequest()
	}
	if !s.Attempts.SignedConsole(c.WebKey, r.Header.Get("Authorization")) {
		return c, attempt.ErrGone
	}
	return c, nil
}

// wait answers the state of the QR code's sign-in once it is not the one the page knows.
func (s *Service) wait(w http.ResponseWriter, r *http.Request) error {
	c, err := s.read(w, r)
	var a *attempt.Attempt
	if err == nil {
		a, err = s.Attempts.Wait(r.Context(), c.WebKey, c.Last, hold)
	}
	if errors.Is(err, attempt.ErrGone) {
		return respond.WriteJSON(w, waited{State: attempt.Expired})
	}
	if err != nil {
		return err
	}
	out := waited{State: a.State(s.Now())}
	if out.State == attempt.Scanned {
		out.Name = a.Name
		if a.Number != 0 {
			out.Number = strconv.FormatInt(a.Number, 10)
		}
	}
	return respond.WriteJSON(w, out)
}

// renewed is the next QR code of the page; without one its sign-in is over.
type renewed struct {
	QR        *protocol.QR `json:"qr,omitempty"`
	ExpiresIn int          `json:"expires_in,omitempty"`
}

func (s *Service) renew(w http.ResponseWriter, r *http.Request) error {
	c, err := s.read(w, r)
	var key string
	if err == nil {
		key, err = s.Attempts.Renew(r.Context(), c.WebKey)
	}
	if errors.Is(err, attempt.ErrGone) || errors.Is(err, attempt.ErrOver) {
		return respond.WriteJSON(w, renewed{})
	}
	if err != nil {
		return err
	}
	qr := s.qr(key)
	return respond.WriteJSON(w, renewed{QR: &qr, ExpiresIn: int(attempt.QRLife.Seconds())})
}

// collect begins the session of who confirmed on the phone: once, for the browser whose page
// holds the signature and whose cookie holds the page.
func (s *Service) collect(w http.ResponseWriter, r *http.Request) error {
	if err := s.checkEntry(r); err != nil {
		return err
	}
	webKey := r.PostFormValue("web_key")
	if !s.Attempts.SignedConsole(webKey, r.PostFormValue("signature")) {
		return respond.Expired()
	}
	a, err := s.Attempts.Collect(r.Context(), webKey)
	if errors.Is(err, attempt.ErrGone) || errors.Is(err, attempt.ErrOver) {
		return respond.Expired()
	}
	if err != nil {
		return err
	}
	person, err := s.Directory.Person(r.Context(), a.Person)
	if errors.Is(err, directory.ErrNotFound) {
		return respond.Expired()
	}
	if err != nil {
		return err
	}
	return s.begin(w, r, person, howQR, false, r.PostFormValue("next"))
}
