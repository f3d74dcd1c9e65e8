package login

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/site/internal/seal"
)

// Session is one signed-in browser.
type Session struct {
	// ID is made anew at each sign-in.
	ID string `json:"id"`

	// AppID is the app the person signed in through: SuiteID or CorpID. For Admin it
	// is the suite whose business settings (业务设置) were opened; inside the client the
	// installed suite, not the login suite; for a provider's old login the provider's
	// own CorpID.
	AppID string `json:"app"`

	// Way is how the sign-in ran; empty for Admin. One inside the client may have
	// taken nobody's hand: ask for another before what is dangerous.
	Way Way `json:"way,omitempty"`

	// CorpID and UserID name the member; both are set, or neither. Whether they
	// are plain (明文) or encrypted (密文) depends on the app (96516): store them
	// as they are, compare them exactly, with case.
	CorpID string `json:"corpid,omitempty"`
	UserID string `json:"userid,omitempty"`

	// OpenUserID names the member for all apps of one provider (98179). Empty for
	// corp apps.
	OpenUserID string `json:"open_userid,omitempty"`

	// OpenID names a person who belongs to no company; only with
	// Config.AllowOpenID.
	OpenID string `json:"openid,omitempty"`

	// Admin says that the person came from the admin console as an administrator of
	// the suite AppID; see AdminEntry. A right that is withdrawn later ends no session:
	// ask again before what is dangerous.
	Admin bool `json:"admin,omitempty"`

	// UserType is the kind of administrator, one of the UserType constants of package
	// protocol; 0 where the platform did not say. The old login of a provider says it
	// of members too.
	UserType int `json:"usertype,omitempty"`

	// IssuedAt and Expires bound the session; it is not prolonged by use.
	IssuedAt time.Time `json:"iat"`
	Expires  time.Time `json:"exp"`

	// Generation is what SessionConfig.Generation said at sign-in.
	Generation int64 `json:"gen,omitempty"`
}

// SessionConfig is what NewSessions needs. Only Origin is required.
type SessionConfig struct {
	// Origin of the site, such as https://app.example.com. A session of one
	// origin is none at another, also under the same keys.
	Origin string

	// Name is the cookie's name without its prefix; default "hufu_session".
	Name string

	// Keys as in Config.Keys.
	Keys [][]byte

	// Lifetime of a session; default 12 hours.
	Lifetime time.Duration

	// Generation revokes sessions: it answers a number for the person of s, and a
	// session stands only while the number is what it was at sign-in. Raise it to
	// end every session of that person. It is asked on each request, so it should
	// answer from memory; an error means not signed in. Nil means sessions end by
	// sign-out and expiry only.
	Generation func(ctx context.Context, s Session) (int64, error)

	// InsecureHTTP as in Config.InsecureHTTP.
	InsecureHTTP bool

	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Sessions keeps sessions in a sealed cookie: nothing is stored at the site.
type Sessions struct {
	config  SessionConfig
	sealer  seal.Sealer
	cookies seal.Cookies
	origin  string
	name    string
	context string
}

// NewSessions checks c and returns its Sessions.
func NewSessions(c SessionConfig) (*Sessions, error) {
	origin, err := parseOrigin("Origin", c.Origin, c.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	if c.Name == "" {
		c.Name = "hufu_session"
	}
	if c.Lifetime == 0 {
		c.Lifetime = 12 * time.Hour
	}
	if c.Lifetime < 0 {
		return nil, errors.New("login: a session's Lifetime must be positive")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	sealer, err := seal.New(c.Keys, "hufu site login session v1")
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	s := &Sessions{config: c, sealer: sealer, cookies: seal.CookiesFor(origin), origin: originOf(origin)}
	s.name = s.cookies.Name(c.Name)
	s.context = s.name + "\n" + s.origin
	return s, nil
}

// issue makes session a new one: id, times and generation.
func (s *Sessions) issue(ctx context.Context, session Session) (Session, error) {
	now := s.config.Now().UTC().Truncate(time.Second)
	session.ID, session.IssuedAt, session.Expires = rand.Text(), now, now.Add(s.config.Lifetime)
	if s.config.Generation != nil {
		generation, err := s.config.Generation(ctx, session)
		if err != nil {
			return Session{}, err
		}
		session.Generation = generation
	}
	return session, nil
}

// keep gives session to the browser, in the place of any other.
func (s *Sessions) keep(w http.ResponseWriter, session Session) {
	plain, err := json.Marshal(session)
	if err != nil {
		return // cannot happen: strings, times and numbers only
	}
	s.cookies.Set(w, s.name, s.sealer.Seal(plain, s.context), session.Expires.Sub(s.config.Now()))
}

// Session returns the session of the browser that sent r, if it has a valid one.
func (s *Sessions) Session(r *http.Request) (Session, bool) {
	c, err := r.Cookie(s.name)
	if err != nil {
		return Session{}, false
	}
	plain, ok := s.sealer.Open(c.Value, s.context)
	if !ok {
		return Session{}, false
	}
	var session Session
	if json.Unmarshal(plain, &session) != nil || !s.config.Now().Before(session.Expires) {
		return Session{}, false
	}
	if s.config.Generation != nil {
		generation, err := s.config.Generation(r.Context(), session)
		if err != nil || generation != session.Generation {
			return Session{}, false
		}
	}
	return session, true
}

// clear ends the session of the browser that gets w.
func (s *Sessions) clear(w http.ResponseWriter) { s.cookies.Clear(w, s.name) }
