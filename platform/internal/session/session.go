// Package session keeps the browser sessions of the platform's own pages, and the CSRF
// tokens of their forms.
//
// Each part of the platform (the phone first) has a cookie of its own name. The cookie
// holds a random secret; the store holds only its hash, and what the session is: whose it
// is, since when, and when the person last proved themselves. The table devices lists the
// sessions of a person, so that they can be seen and ended from elsewhere.
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
	"github.com/hufu-sso/hufu/platform/internal/store"
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
	Proved time.Time // when the person last proved themselves freshly; zero: never
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
	DB     *store.DB // for the list of devices
	Now    func() time.Time
	Part   string // "phone": part of the cookie's name and of the record's key
	Secure bool   // the part is served over https
}

// The stored form of a session is "v2 person since proved name", before there were proofs
// "person since name", or nothing once it has ended.
func encode(s Session) []byte {
	var proved int64
	if !s.Proved.IsZero() {
		proved = s.Proved.UnixMilli()
	}
	return fmt.Appendf(nil, "v2 %d %d %d %s", s.Person, s.Since.UnixMilli(), proved, s.Name)
}

func decode(value []byte) (s Session, ended bool, err error) {
	if len(value) == 0 {
		return s, true, nil
	}
	text, second := strings.CutPrefix(string(value), "v2 ")
	numbers := []int64{0, 0, 0} // person, since, proved
	if !second {
		numbers = numbers[:2]
	}
	for i := range numbers {
		number, rest, ok := strings.Cut(text, " ")
		if numbers[i], err = strconv.ParseInt(number, 10, 64); err != nil || !ok {
			return s, false, errors.New("session: stored record is damaged")
		}
		text = rest
	}
	s.Person, s.Since, s.Name = numbers[0], time.UnixMilli(numbers[1]), text
	if second && numbers[2] != 0 {
		s.Proved = time.UnixMilli(numbers[2])
	}
	return s, false, nil
}

// Start signs a person in: always a new session, never one the browser brought. The request
// is where: its browser and address are listed among the person's devices.
func (k *Keeper) Start(ctx context.Context, w http.ResponseWriter, r *http.Request, person int64, name string) (Session, error) {
	return k.start(ctx, w, r, Session{Person: person, Name: name})
}

// StartProved is Start for a person who has proved themselves this moment.
func (k *Keeper) StartProved(ctx context.Context, w http.ResponseWriter, r *http.Request, person int64, name string) (Session, error) {
	return k.start(ctx, w, r, Session{Person: person, Name: name, Proved: k.Now()})
}

func (k *Keeper) start(ctx context.Context, w http.ResponseWriter, r *http.Request, s Session) (Session, error) {
	b := make([]byte, 32)
	rand.Read(b)
	s.secret, s.Since = base64.RawURLEncoding.EncodeToString(b), k.Now()
	s.ID = k.id(s.secret)
	// Listed first: there is never a session that its person could not find and end.
	if err := k.list(ctx, r, s); err != nil {
		return Session{}, err
	}
	if err := k.Store.Create(ctx, k.key(s.ID), encode(s), s.Since.Add(Life)); err != nil {
		return Session{}, err
	}
	http.SetCookie(w, k.cookie(s.secret, int(Life.Seconds())))
	return s, nil
}

// MarkProved notes that the person of a session has proved themselves this moment; ErrNone
// where the session is over.
func (k *Keeper) MarkProved(ctx context.Context, id string) error {
	for {
		rec, err := k.Store.Get(ctx, k.key(id))
		if errors.Is(err, shortlived.ErrNotFound) {
			return ErrNone
		}
		if err != nil {
			return err
		}
		s, ended, err := decode(rec.Value)
		if err != nil {
			return err
		}
		if ended {
			return ErrNone
		}
		s.Proved = k.Now()
		err = k.Store.Swap(ctx, k.key(id), rec.Version, encode(s), rec.Expires)
		if !errors.Is(err, shortlived.ErrConflict) {
			return err
		}
	}
}

// Read answers the session a request bears, or ErrNone.
func (k *Keeper) Read(ctx context.Context, r *http.Request) (Session, error) {
	c, err := r.Cookie(k.cookieName())
	if err != nil || len(c.Value) != 43 {
		return Session{}, ErrNone
	}
	id := k.id(c.Value)
	rec, err := k.Store.Get(ctx, k.key(id))
	if errors.Is(err, shortlived.ErrNotFound) || err == nil && !k.Now().Before(rec.Expires) {
		return Session{}, ErrNone
	}
	if err != nil {
		return Session{}, err
	}
	s, ended, err := decode(rec.Value)
	if err != nil {
		return Session{}, err
	}
	if ended {
		return Session{}, ErrNone
	}
	s.ID, s.secret = id, c.Value
	return s, nil
}

// End signs out: the session is over on the server too, and the cookie goes.
func (k *Keeper) End(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, k.cookie("", -1))
	s, err := k.Read(ctx, r)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	return k.end(ctx, k.Part, s.ID)
}

func (k *Keeper) id(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:16])
}

func (k *Keeper) key(id string) string { return recordKey(k.Part, id) }

func recordKey(part, id string) string { return "session/" + part + "/" + id }

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
