package phone_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/phone"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/web"
)

const (
	phoneURL   = "https://id.example.com"
	consoleURL = "https://console.example.com"
	password   = "correct horse"
)

// world is the phone's pages over real stores, with two companies.
type world struct {
	*phone.Handler
	t     *testing.T
	db    *store.DB
	clock *movable
	serve http.Handler
	corps []directory.Corp
}

func newWorld(t *testing.T, change func(*phone.Handler)) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{t: t, clock: &movable{t: time.UnixMilli(1_790_000_000_000)}}
	clock := w.clock.now
	var err error
	if w.db, err = store.Open(ctx, filepath.Join(t.TempDir(), "hufu.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.db.Close() })
	short, err := shortlived.Embedded(filepath.Join(t.TempDir(), "shortlived.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { short.Close() })
	ring, err := keys.Open(ctx, w.db, filepath.Join(t.TempDir(), "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	dir := &directory.Service{DB: w.db, Now: clock}
	sessions := &session.Keeper{Store: short, DB: w.db, Now: clock, Part: "phone"}
	w.Handler = &phone.Handler{Directory: dir, Sessions: sessions, Apps: apps.New(w.db, ring, clock), Now: clock,
		Consents: &consent.Service{DB: w.db, Now: clock}, Audit: &audit.Log{DB: w.db, Now: clock},
		WrongPasswords: phone.NewWrongPasswords(clock), Handoffs: &handoff.Service{Store: short, Now: clock},
		PublicURL: phoneURL, ConsoleURL: consoleURL}
	if change != nil {
		change(w.Handler)
	}
	if w.Credentials, err = credentials.New(w.db, short, w.PublicURL, clock); err != nil {
		t.Fatal(err)
	}
	w.Credentials.Directory, w.Credentials.Sessions = dir, sessions
	if w.Respond, err = respond.New(respond.Config{Assets: web.Files, PublicURL: w.PublicURL, Sandbox: w.Sandbox, Now: clock}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	w.Mount(mux)
	w.serve = w.Respond.Wrap(mux)
	for _, id := range []string{"wwa", "wwb"} {
		w.tx(func(tx *sql.Tx) error {
			row, err := dir.CreateCorp(ctx, tx, directory.Corp{CorpID: id, Name: "Company " + id})
			w.corps = append(w.corps, directory.Corp{Row: row, CorpID: id, Name: "Company " + id})
			return err
		})
	}
	return w
}

func (w *world) tx(fn func(*sql.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// invited adds a member to a company, and answers the path of the link for it.
func (w *world) invited(corp int, userid string) (directory.Member, string) {
	w.t.Helper()
	m, err := w.Directory.AddMember(w.t.Context(), w.corps[corp].Row,
		directory.NewMember{MemberEdit: directory.MemberEdit{UserID: userid, Name: "Name of " + userid, Departments: []int64{1}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return m, w.link(credentials.Link{Kind: credentials.LinkMember, Member: m.Row})
}

func (w *world) link(l credentials.Link) string {
	w.t.Helper()
	var secret string
	w.tx(func(tx *sql.Tx) (err error) {
		secret, err = w.Credentials.NewLink(w.t.Context(), tx, l)
		return err
	})
	return "/phone/enrol/" + secret
}

// enrolled is a member with a password, and the browser that set it.
func (w *world) enrolled(corp int, userid string) (directory.Member, *browser) {
	w.t.Helper()
	m, link := w.invited(corp, userid)
	b := w.browser()
	if got := b.post(link, form("account", userid, "password", password, "confirm", password)); got.to != "/phone/welcome?as=member" {
		w.t.Fatalf("enrol %s: %d %s %s", userid, got.status, got.to, got.body)
	}
	b.home()
	return m, b
}

// browser keeps cookies and the session's CSRF token.
type browser struct {
	w       *world
	cookies map[string]string
	csrf    string
	header  http.Header
}

func (w *world) browser() *browser {
	return &browser{w: w, cookies: map[string]string{}, header: http.Header{}}
}

type answer struct {
	status int
	to     string // Location
	body   string
	header http.Header
}

func (a answer) view(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%d: %v: %.200s", a.status, err, a.body)
	}
	return v
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (b *browser) get(path string) answer { b.w.t.Helper(); return b.send("GET", path, nil) }

// post adds the CSRF token unless the form has one.
func (b *browser) post(path string, fields url.Values) answer {
	b.w.t.Helper()
	if fields == nil {
		fields = url.Values{}
	}
	if !fields.Has("csrf") {
		fields.Set("csrf", b.csrf)
	}
	return b.send("POST", path, fields)
}

func (b *browser) send(method, path string, fields url.Values) answer {
	b.w.t.Helper()
	r := httptest.NewRequest(method, phoneURL+path, strings.NewReader(fields.Encode()))
	r.RemoteAddr = "203.0.113.7:1000"
	r.Header.Set("Accept", "application/json")
	for k, v := range b.header {
		r.Header[k] = v
	}
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.w.serve.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return answer{rec.Code, rec.Header().Get("Location"), rec.Body.String(), rec.Header()}
}

// home reads the session's CSRF token.
func (b *browser) home() {
	b.w.t.Helper()
	got := b.get("/phone")
	if got.status != http.StatusOK {
		b.w.t.Fatalf("home: %d %s", got.status, got.to)
	}
	b.csrf, _ = got.view(b.w.t)["csrf"].(string)
}

// signedIn tells whether the browser is.
func (b *browser) signedIn() bool { b.w.t.Helper(); return b.get("/phone").status == http.StatusOK }

// in is a browser that signs in with the password.
func (w *world) in(account string) *browser {
	w.t.Helper()
	b := w.browser()
	if got := b.post("/phone/sign-in", form("account", account, "password", password)); got.to != "/phone" {
		w.t.Fatalf("sign in: %d %s", got.status, got.body)
	}
	b.home()
	return b
}

// device is an authenticator in software.
type device struct {
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
	rp  virtualwebauthn.RelyingParty
}

func newDevice() *device {
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	for len(key.Key.AttestationData()) != 77 { // the library drops leading zeros of a coordinate
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return &device{virtualwebauthn.NewAuthenticator(), key, virtualwebauthn.RelyingParty{ID: "id.example.com", Name: "Hufu", Origin: phoneURL}}
}

// ask posts a form to where a page's challenges come from, and answers it.
func (b *browser) ask(path string, fields url.Values, d *device) url.Values {
	b.w.t.Helper()
	got := b.post(path, fields)
	if got.status != http.StatusOK {
		b.w.t.Fatalf("%s: %d %s %s", path, got.status, got.to, got.body)
	}
	var c struct {
		Ceremony string
		Options  json.RawMessage
	}
	if err := json.Unmarshal([]byte(got.body), &c); err != nil {
		b.w.t.Fatal(err)
	}
	if made, err := virtualwebauthn.ParseAttestationOptions(string(c.Options)); err == nil && made.UserID != "" {
		d.Options.UserHandle = []byte(made.UserID)
		return form("ceremony", c.Ceremony, "passkey", virtualwebauthn.CreateAttestationResponse(d.rp, d.Authenticator, d.key, *made))
	}
	asked, err := virtualwebauthn.ParseAssertionOptions(string(c.Options))
	if err != nil {
		b.w.t.Fatal(err)
	}
	d.key.Counter++
	return form("ceremony", c.Ceremony, "passkey", virtualwebauthn.CreateAssertionResponse(d.rp, d.Authenticator, d.key, *asked))
}

// withKey gives the person of a browser, who has just proved themselves, a passkey.
func (b *browser) withKey() *device {
	b.w.t.Helper()
	d := newDevice()
	fields := b.ask("/phone/account/passkey/begin", nil, d)
	fields.Set("name", "key")
	if got := b.post("/phone/account/passkey", fields); got.to != "/phone/account" {
		b.w.t.Fatalf("add a passkey: %d %s %s", got.status, got.to, got.body)
	}
	return d
}

// corpApp adds an app of a company's own, and answers its row.
func (w *world) corpApp(corp int, name string) int64 {
	w.t.Helper()
	row := w.db.NewID()
	sum := sha256.Sum256(nil)
	if _, err := w.db.Exec(w.t.Context(), `INSERT INTO apps (id, kind, corp_id, suite_id, suite_key, agentid, name, secret_hash, secret_generation,
		callback_url, callback_token, callback_key, expires_in_url, created_at) VALUES ($1, 'corp_app', $2, '', '', 1000002, $3, $4, 1, '', '', '', FALSE, 0)`,
		row, w.corps[corp].Row, name, sum[:]); err != nil {
		w.t.Fatal(err)
	}
	return row
}

func itoa(row int64) string { return strconv.FormatInt(row, 10) }

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
