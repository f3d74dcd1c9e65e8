// Package session keeps the browser sessions of the platform's own pages, and the CSRF
// tokens of their forms.
//
// Each part of the platform (the phone first) has a cookie of its own name. The cookie
// holds a random secret; the store holds only its hash, and what the session is: whose it
// is and since when.
package session

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// Life is how long a session lasts from sign-in.
const Life = 30 * 24 * time.Hour

// ErrNone says that the request bears no session that is still good.
var ErrNone = errors.New("session: none")

// Session is a signed-in browser.
type Session struct {
	ID     string // names the session in records; it is a hash and opens nothing
	Person int64  // person row
	Name   string // of the person, as at sign-in
	Since  time.Time
	secret string
}

// CSRF is the token that this session's forms carry.
func (s Session) CSRF() string {
	h := hmac.New(sha256.New, []byte(s.secret))
	h.Write([]byte("csrf"))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// CheckCSRF tells whether a form's token is this session's.
func (s Session) CheckCSRF(token string) bool { return hmac.Equal([]byte(token), []byte(s.CSRF())) }

// Keeper starts, reads and ends the sessions of one part of the platform.
type Keeper struct {
	Store  shortlived.Store
	Now    func() time.Time
	Part   string // "phone": part of the cookie's name and of the record's key
	Secure bool   // the part is served over https
}

// The stored form of a session is "person since name", or nothing once it has ended.
func encode(person int64, since time.Time, name string) []byte {
	return fmt.Appendf(nil, "%d %d %s", person, since.UnixMilli(), name)
}

func decode(value []byte) (s Session, ended bool, err error) {
	if len(value) == 0 {
		return s, true, nil
	}
	person, rest, ok1 := strings.Cut(string(value), " ")
	since, name, ok2 := strings.Cut(rest, " ")
	var ms int64
	if s.Person, err = strconv.ParseInt(person, 10, 64); err == nil {
		ms, err = strconv.ParseInt(since, 10, 64)
	}
	if err != nil || !ok1 || !ok2 {
		return s, false, errors.New("session: stored record is damaged")
	}
	s.Name, s.Since = name, time.UnixMilli(ms)
	return s, false, nil
}

// Start signs a person in: always a new session, never one the browser brought.
func (k *Keeper) Start(ctx context.Context, w http.ResponseWriter, person int64, name string) (Session, error) {
	b := make([]byte, 32)
	rand.Read(b)
	secret, now := base64.RawURLEncoding.EncodeToString(b), k.Now()
	id := k.id(secret)
	if err := k.Store.Create(ctx, k.key(id), encode(person, now, name), now.Add(Life)); err != nil {
		return Session{}, err
	}
	http.SetCookie(w, k.cookie(secret, int(Life.Seconds())))
	return Session{ID: id, Person: person, Name: name, Since: now, secret: secret}, nil
}

// Read answers the session a request bears, or ErrNone.
func (k *Keeper) Read(ctx context.Context, r *http.Request) (Session, error) {
	s, _, err := k.read(ctx, r)
	return s, err
}

func (k *Keeper) read(ctx context.Context, r *http.Request) (Session, shortlived.Record, error) {
	c, err := r.Cookie(k.cookieName())
	if err != nil || len(c.Value) != 43 {
		return Session{}, shortlived.Record{}, ErrNone
	}
	id := k.id(c.Value)
	rec, err := k.Store.Get(ctx, k.key(id))
	if errors.Is(err, shortlived.ErrNotFound) || err == nil && !k.Now().Before(rec.Expires) {
		return Session{}, rec, ErrNone
	}
	if err != nil {
		return Session{}, rec, err
	}
	s, ended, err := decode(rec.Value)
	if err != nil {
		return Session{}, rec, err
	}
	if ended {
		return Session{}, rec, ErrNone
	}
	s.ID, s.secret = id, c.Value
	return s, rec, nil
}

// End signs out: the session is over on the server too, and the cookie goes.
func (k *Keeper) End(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, k.cookie("", -1))
	for {
		s, rec, err := k.read(ctx, r)
		if errors.Is(err, ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		err = k.Store.Swap(ctx, k.key(s.ID), rec.Version, nil, rec.Expires)
		if !errors.Is(err, shortlived.ErrConflict) {
			return err
		}
	}
}

func (k *Keeper) id(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:16])
}

func (k *Keeper) key(id string) string { return "session/" + k.Part + "/" + id }

func (k *Keeper) cookieName() string {
	if k.Secure {
		return "__Host-hufu_" + k.Part
	}
	return "hufu_" + k.Part
}

func (k *Keeper) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: k.cookieName(), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: k.Secure, SameSite: http.SameSiteLaxMode}
}
