package login

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

const (
	// attemptLife is how long after begin a callback is taken. A login page lives
	// 30 minutes and can be begun again with the same link.
	attemptLife = 2 * time.Hour

	// maxAttempts of one handler wait in one browser; a further begin drops the
	// oldest. Each is a cookie of about 300 bytes.
	maxAttempts = 8

	// A sign-in inside the client needs nobody's hand: where a site does not keep
	// its sessions, it would begin again for ever. maxRepeats within repeatTime is
	// the end of it.
	maxRepeats = 5
	repeatTime = 15 * time.Second
)

// attempt is one sign-in as its browser remembers it. Each has a cookie of its
// own, so that tabs that begin or finish at the same time do not overwrite each
// other.
type attempt struct {
	State    []byte `json:"s"`           // SHA-256 of the state
	Return   string `json:"r"`           // path on this site
	Verifier string `json:"v,omitempty"` // PKCE
	Window   bool   `json:"w,omitempty"` // in a window of its own
	Way      Way    `json:"a,omitempty"` // empty: ViaLink
	App      string `json:"p,omitempty"` // appid of its link; empty for ViaLink, whose app is in the context
	Began    int64  `json:"t"`           // Unix milliseconds
	Done     bool   `json:"d,omitempty"` // finished with a session, in this browser
}

func (a attempt) began() time.Time { return time.UnixMilli(a.Began) }

func (a attempt) way() Way {
	if a.Way == "" {
		return ViaLink
	}
	return a.Way
}

// attempts keeps the attempts of one handler in cookies.
type attempts struct {
	sealer  seal.Sealer
	cookies seal.Cookies
	prefix  string // of the cookie names; differs per app, so that handlers share an origin
	context string // bound into each cookie: app and redirect URI
	now     func() time.Time
}

// newAttempts names the cookies after what identifies the app: a state of app A
// has no cookie that app B could open.
func newAttempts(c *Config, jar seal.Cookies) (*attempts, error) {
	s, err := seal.New(c.Keys, "hufu site login attempt v1")
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	context := strings.Join([]string{c.LoginType, c.AppID, c.AgentID, c.RedirectURI}, "\n")
	app := sha256.Sum256([]byte(context))
	return &attempts{
		sealer: s, cookies: jar, now: c.Now, context: context,
		prefix: jar.Name("hufu_login_" + hex.EncodeToString(app[:4]) + "_"),
	}, nil
}

// newState returns a state with 130 random bits, letters and digits only.
func newState() string { return rand.Text() }

// validState tells whether s can be a state of ours: 1 to 128 of [a-zA-Z0-9].
func validState(s string) bool {
	return s != "" && len(s) <= protocol.StateMaxBytes && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	})
}

func digest(state string) [sha256.Size]byte { return sha256.Sum256([]byte(state)) }

func (a *attempts) cookieName(state [sha256.Size]byte) string {
	return a.prefix + hex.EncodeToString(state[:8])
}

// keep writes at into the browser under its state.
func (a *attempts) keep(w http.ResponseWriter, state [sha256.Size]byte, at attempt) {
	at.State = state[:]
	plain, err := json.Marshal(at)
	if err != nil {
		return // cannot happen: strings, bytes and numbers only
	}
	name := a.cookieName(state)
	a.cookies.Set(w, name, a.sealer.Seal(plain, a.context+"\n"+name), attemptLife)
}

// find returns this browser's attempt with that state, however old it is.
func (a *attempts) find(r *http.Request, state [sha256.Size]byte) (attempt, bool) {
	c, err := r.Cookie(a.cookieName(state))
	if err != nil {
		return attempt{}, false
	}
	at, ok := a.open(c)
	if !ok || subtle.ConstantTimeCompare(at.State, state[:]) != 1 {
		return attempt{}, false
	}
	return at, true
}

func (a *attempts) open(c *http.Cookie) (attempt, bool) {
	plain, ok := a.sealer.Open(c.Value, a.context+"\n"+c.Name)
	if !ok {
		return attempt{}, false
	}
	var at attempt
	if json.Unmarshal(plain, &at) != nil {
		return attempt{}, false
	}
	return at, true
}

// prune drops what is past its time or cannot be opened any more, and the oldest
// of the rest until one more fits.
func (a *attempts) prune(w http.ResponseWriter, r *http.Request) {
	type kept struct {
		name  string
		began int64
	}
	var waiting []kept
	for _, c := range r.Cookies() {
		if !strings.HasPrefix(c.Name, a.prefix) {
			continue
		}
		at, ok := a.open(c)
		if !ok || a.expired(at) {
			a.cookies.Clear(w, c.Name)
			continue
		}
		waiting = append(waiting, kept{c.Name, at.Began})
	}
	slices.SortFunc(waiting, func(x, y kept) int { return int(x.began - y.began) })
	for len(waiting) >= maxAttempts {
		a.cookies.Clear(w, waiting[0].name)
		waiting = waiting[1:]
	}
}

// repeats tells whether this browser has just begun so many sign-ins inside the
// client that no person can have meant them.
func (a *attempts) repeats(r *http.Request) bool {
	begun := 0
	for _, c := range r.Cookies() {
		if !strings.HasPrefix(c.Name, a.prefix) {
			continue
		}
		if at, ok := a.open(c); ok && at.Way == ViaClient && a.now().Sub(at.began()) < repeatTime {
			begun++
		}
	}
	return begun >= maxRepeats
}

func (a *attempts) expired(at attempt) bool {
	return a.now().Sub(at.began()) > attemptLife
}
