// Package handoff lets a console learn from the phone's origin who sits at this very
// browser. Passkeys live on the phone's origin alone, and consoles are another.
//
// The console begins a handoff and keeps its secret in a cookie; the phone's origin proves
// the person and sends the browser back with a ticket. Both are needed to collect: who began
// it and who was proved are then the same browser, so a link to a handoff, sent to somebody
// else, brings its sender nothing.
//
// It has no URLs: /phone/enter/{id} is package phone's, /console/return/{id} the consoles'.
package handoff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// Life is how long a handoff lasts, from its beginning to its collection.
const Life = 5 * time.Minute

// ErrGone says that there is no such handoff: unknown, expired, used, or secret or ticket are
// another's. It never says which.
var ErrGone = errors.New("handoff: gone")

// Purpose is what a handoff is for.
type Purpose string

const (
	// Enter asks who comes: any person may prove.
	Enter Purpose = "enter"
	// Prove asks for a fresh proof of a person who is signed in to the console.
	Prove Purpose = "prove"
)

// How a person was proved.
const (
	ByPasskey  = "passkey"
	ByPassword = "password"
	ByPick     = "pick" // the sandbox's list: no proof at all
)

// Request is what a console asks.
type Request struct {
	Purpose Purpose `json:"purpose"`
	Person  int64   `json:"person"` // Prove: the person who must prove
	Return  string  `json:"return"` // console path to go on to
	Label   string  `json:"label"`  // what is entered: a locale key
}

// Result is what a console learns.
type Result struct {
	Person int64
	How    string // ByPasskey, ByPassword or ByPick
	Request
}

// Service keeps handoffs. Its fields are set once, before first use.
type Service struct {
	Store shortlived.Store
	Now   func() time.Time
}

// record is a handoff as it is stored; secrets only as digests.
type record struct {
	Request
	Secret []byte `json:"secret"`           // SHA-256
	Ticket []byte `json:"ticket,omitempty"` // SHA-256; empty: not proved yet
	Proved int64  `json:"proved,omitempty"` // person row
	How    string `json:"how,omitempty"`
	Over   bool   `json:"over,omitempty"` // collected
}

// Begin starts a handoff. The browser goes to /phone/enter/{id} on the phone's origin; the
// secret stays with the console's cookie.
func (s *Service) Begin(ctx context.Context, r Request) (id, secret string, err error) {
	if r.Purpose != Enter && r.Purpose != Prove || r.Purpose == Prove && r.Person == 0 {
		return "", "", errors.New("handoff: a request without purpose or person")
	}
	id, secret = newSecret(16), newSecret(32)
	value, err := json.Marshal(record{Request: r, Secret: digest(secret)})
	if err != nil {
		return "", "", err
	}
	return id, secret, s.Store.Create(ctx, key(id), value, s.Now().Add(Life))
}

// Look answers what a handoff asks, while nobody has been proved for it; else ErrGone.
func (s *Service) Look(ctx context.Context, id string) (Request, error) {
	r, _, err := s.read(ctx, id)
	if err == nil && r.Ticket != nil {
		err = ErrGone
	}
	return r.Request, err
}

// Done records who was proved, once, and answers the ticket for /console/return/{id}. For
// Prove it must be the person the console asked for.
func (s *Service) Done(ctx context.Context, id string, person int64, how string) (ticket string, err error) {
	r, rec, err := s.read(ctx, id)
	if err != nil {
		return "", err
	}
	if r.Ticket != nil || person == 0 || r.Purpose == Prove && r.Person != person {
		return "", ErrGone
	}
	ticket = newSecret(32)
	r.Ticket, r.Proved, r.How = digest(ticket), person, how
	return ticket, s.write(ctx, id, r, rec)
}

// Collect answers who was proved: once, to who holds both the secret and the ticket.
func (s *Service) Collect(ctx context.Context, id, secret, ticket string) (Result, error) {
	r, rec, err := s.read(ctx, id)
	if err != nil {
		return Result{}, err
	}
	good := subtle.ConstantTimeCompare(r.Secret, digest(secret)) & subtle.ConstantTimeCompare(r.Ticket, digest(ticket))
	if good != 1 {
		return Result{}, ErrGone
	}
	r.Over = true
	if err := s.write(ctx, id, r, rec); err != nil {
		return Result{}, err
	}
	return Result{Person: r.Proved, How: r.How, Request: r.Request}, nil
}

func (s *Service) read(ctx context.Context, id string) (record, shortlived.Record, error) {
	var r record
	if len(id) != 22 {
		return r, shortlived.Record{}, ErrGone
	}
	rec, err := s.Store.Get(ctx, key(id))
	switch {
	case errors.Is(err, shortlived.ErrNotFound):
		return r, rec, ErrGone
	case err != nil:
		return r, rec, err
	}
	if err := json.Unmarshal(rec.Value, &r); err != nil {
		return r, rec, err
	}
	if r.Over || !s.Now().Before(rec.Expires) {
		return r, rec, ErrGone
	}
	return r, rec, nil
}

// write replaces a handoff that nobody has changed meanwhile. A nonce tells two writers
// apart: of two who collect at once, the same change would otherwise succeed for both.
func (s *Service) write(ctx context.Context, id string, r record, old shortlived.Record) error {
	value, err := json.Marshal(struct {
		record
		Nonce string `json:"nonce"`
	}{r, newSecret(16)})
	if err != nil {
		return err
	}
	err = s.Store.Swap(ctx, key(id), old.Version, value, old.Expires)
	if errors.Is(err, shortlived.ErrConflict) || errors.Is(err, shortlived.ErrNotFound) {
		return ErrGone
	}
	return err
}

func key(id string) string { return "handoff/" + id }

func newSecret(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
