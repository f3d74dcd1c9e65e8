package credentials_test

import (
	"database/sql"
	"encoding/json"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

const origin = "https://id.example.com"

// env is a platform's people without its pages: two companies, a clock that is moved.
type env struct {
	*credentials.Service
	t     *testing.T
	clock *movable
	corp  map[string]directory.Corp
}

func newEnv(t *testing.T) *env {
	t.Helper()
	return newEnvAt(t, origin)
}

func newEnvAt(t *testing.T, phoneURL string) *env {
	t.Helper()
	e := &env{t: t, clock: &movable{t: time.UnixMilli(1_790_000_000_000)}, corp: map[string]directory.Corp{}}
	clock := e.clock.now
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	short, err := shortlived.Embedded(filepath.Join(t.TempDir(), "shortlived.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { short.Close() })
	if e.Service, err = credentials.New(db, short, phoneURL, clock); err != nil {
		t.Fatal(err)
	}
	e.Directory = &directory.Service{DB: db, Now: clock}
	e.Sessions = &session.Keeper{Store: short, DB: db, Now: clock, Part: "phone"}
	for _, id := range []string{"wwa", "wwb"} {
		e.tx(func(tx *sql.Tx) error {
			row, err := e.Directory.CreateCorp(t.Context(), tx, directory.Corp{CorpID: id, Name: "Company " + id})
			e.corp[id] = directory.Corp{Row: row, CorpID: id, Name: "Company " + id}
			return err
		})
	}
	return e
}

func (e *env) tx(fn func(*sql.Tx) error) {
	e.t.Helper()
	if err := e.DB.Update(e.t.Context(), fn); err != nil {
		e.t.Fatal(err)
	}
}

// member adds a member that has not enrolled.
func (e *env) member(corp, userid string) directory.Member {
	e.t.Helper()
	m, err := e.Directory.AddMember(e.t.Context(), e.corp[corp].Row,
		directory.NewMember{MemberEdit: directory.MemberEdit{UserID: userid, Name: "Name of " + userid, Departments: []int64{1}}})
	if err != nil {
		e.t.Fatal(err)
	}
	return m
}

// again reads a member anew.
func (e *env) again(row int64) directory.Member {
	e.t.Helper()
	m, err := e.Directory.Member(e.t.Context(), row)
	if err != nil {
		e.t.Fatal(err)
	}
	return m
}

func (e *env) link(l credentials.Link) string {
	e.t.Helper()
	var secret string
	e.tx(func(tx *sql.Tx) (err error) {
		secret, err = e.NewLink(e.t.Context(), tx, l)
		return err
	})
	return secret
}

func (e *env) memberLink(m directory.Member) string {
	e.t.Helper()
	return e.link(credentials.Link{Kind: credentials.LinkMember, Member: m.Row})
}

const password = "correct horse"

// enrolled is a member who has set a password with a link.
func (e *env) enrolled(corp, userid string) directory.Member {
	e.t.Helper()
	m := e.member(corp, userid)
	if _, err := e.SetUp(e.t.Context(), e.memberLink(m), credentials.Choice{Account: userid, Password: password}); err != nil {
		e.t.Fatal(err)
	}
	return e.again(m.Row)
}

// signIn starts a session and answers its id.
func (e *env) signIn(person int64) string {
	e.t.Helper()
	s, err := e.Sessions.Start(e.t.Context(), httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), person, "n")
	if err != nil {
		e.t.Fatal(err)
	}
	return s.ID
}

func (e *env) sessions(person int64) []string {
	e.t.Helper()
	list, err := e.Sessions.Devices(e.t.Context(), person)
	if err != nil {
		e.t.Fatal(err)
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, d.Session)
	}
	return ids
}

// wholeKey is the length of a COSE key of P-256 with both coordinates in 32 bytes.
const wholeKey = 77

// device is a person's authenticator, in software.
type device struct {
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
	rp  virtualwebauthn.RelyingParty
}

func newDevice() *device {
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	// The library drops leading zeros of a coordinate, which is no valid key.
	for len(key.Key.AttestationData()) != wholeKey {
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return &device{virtualwebauthn.NewAuthenticator(), key,
		virtualwebauthn.RelyingParty{ID: "id.example.com", Name: "Hufu", Origin: origin}}
}

func optionsOf(t *testing.T, c credentials.Ceremony) string {
	t.Helper()
	raw, err := json.Marshal(c.Options)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// make answers a challenge for a new passkey.
func (d *device) make(t *testing.T, c credentials.Ceremony) string {
	t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(optionsOf(t, c))
	if err != nil {
		t.Fatal(err)
	}
	d.Options.UserHandle = []byte(options.UserID)
	return virtualwebauthn.CreateAttestationResponse(d.rp, d.Authenticator, d.key, *options)
}

// answer answers a challenge with the passkey; its counter goes up.
func (d *device) answer(t *testing.T, c credentials.Ceremony) string {
	t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(optionsOf(t, c))
	if err != nil {
		t.Fatal(err)
	}
	d.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(d.rp, d.Authenticator, d.key, *options)
}

// register gives a person the device's passkey.
func (e *env) register(person int64, d *device) {
	e.t.Helper()
	ctx := e.t.Context()
	c, err := e.BeginRegistration(ctx, "p", person, "a", "n")
	if err != nil {
		e.t.Fatal(err)
	}
	key, err := e.FinishRegistration(ctx, "p", person, c.ID, d.make(e.t, c))
	if err != nil {
		e.t.Fatal(err)
	}
	if err := e.AddPasskey(ctx, person, "key", key); err != nil {
		e.t.Fatal(err)
	}
}

// movable is a clock that stands still until it is moved.
type movable struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func (m *movable) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t
}

func (m *movable) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = m.t.Add(d)
}
