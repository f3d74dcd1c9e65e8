package session_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	lasting "github.com/hufu-sso/hufu/platform/internal/store"
)

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

func newKeeper(t *testing.T, part string, secure bool) (*session.Keeper, *movable) {
	t.Helper()
	clock := &movable{t: time.UnixMilli(1_790_000_000_000)}
	store, err := shortlived.Embedded(filepath.Join(t.TempDir(), "shortlived.db"), clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	db, err := lasting.Open(t.Context(), filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for person := range 8 {
		if _, err := db.Exec(t.Context(), `INSERT INTO persons (id, name, account, account_key, password_hash, created_at)
			VALUES ($1, '', '', $2, '', 0)`, person, strconv.Itoa(person)); err != nil {
			t.Fatal(err)
		}
	}
	return &session.Keeper{Store: store, DB: db, Now: clock.now, Part: part, Secure: secure}, clock
}

func start(t *testing.T, k *session.Keeper, person int64) (session.Session, *http.Cookie) {
	t.Helper()
	w := httptest.NewRecorder()
	s, err := k.Start(t.Context(), w, httptest.NewRequest("POST", "/", nil), person, "张 伟")
	if err != nil {
		t.Fatal(err)
	}
	return s, w.Result().Cookies()[0]
}

func read(k *session.Keeper, cookies ...*http.Cookie) (session.Session, error) {
	r := httptest.NewRequest("GET", "/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return k.Read(r.Context(), r)
}

func TestSession(t *testing.T) {
	t.Parallel()
	k, clock := newKeeper(t, "phone", false)
	s, cookie := start(t, k, 7)
	other, _ := start(t, k, 7)
	if s.ID == other.ID || s.CSRF() == other.CSRF() {
		t.Error("two sessions of a person are one")
	}
	got, err := read(k, cookie)
	if err != nil || got.Person != 7 || got.Name != "张 伟" || got.ID != s.ID || !got.Since.Equal(clock.now()) || got.CSRF() != s.CSRF() {
		t.Fatalf("%+v, %v", got, err)
	}
	// The name of a session, which is written into records, opens nothing.
	if strings.Contains(cookie.Value, s.ID) || strings.Contains(s.CSRF(), s.ID) {
		t.Error("the session's name is in its secret")
	}
	for _, value := range []string{"", s.ID, s.CSRF(), cookie.Value[:42], cookie.Value + "A", "A" + cookie.Value[1:], strings.Repeat("A", 43)} {
		if value == cookie.Value {
			continue
		}
		if _, err := read(k, &http.Cookie{Name: cookie.Name, Value: value}); !errors.Is(err, session.ErrNone) {
			t.Errorf("cookie %q: %v", value, err)
		}
	}
	if !got.CheckCSRF(s.CSRF()) || got.CheckCSRF("") || got.CheckCSRF(other.CSRF()) || got.CheckCSRF(s.CSRF()+"A") {
		t.Error("CSRF tokens are not told apart")
	}

	clock.move(session.Life - time.Second)
	if _, err := read(k, cookie); err != nil {
		t.Errorf("within its life: %v", err)
	}
	clock.move(time.Second)
	if _, err := read(k, cookie); !errors.Is(err, session.ErrNone) {
		t.Errorf("after its life: %v", err)
	}
}

// Signing out ends the session on the server, for every copy of the cookie.
func TestEnd(t *testing.T) {
	t.Parallel()
	k, _ := newKeeper(t, "phone", false)
	_, cookie := start(t, k, 7)
	_, kept := start(t, k, 7)
	r := httptest.NewRequest("POST", "/", nil)
	r.AddCookie(cookie)
	w := httptest.NewRecorder()
	if err := k.End(r.Context(), w, r); err != nil {
		t.Fatal(err)
	}
	if c := w.Result().Cookies()[0]; c.Name != cookie.Name || c.MaxAge >= 0 || c.Value != "" {
		t.Errorf("the cookie stays: %v", c)
	}
	if _, err := read(k, cookie); !errors.Is(err, session.ErrNone) {
		t.Errorf("a copy of the cookie: %v", err)
	}
	if _, err := read(k, kept); err != nil {
		t.Errorf("another session of the person: %v", err)
	}
	if err := k.End(r.Context(), httptest.NewRecorder(), r); err != nil {
		t.Errorf("ended twice: %v", err)
	}
}

// Cookies are host-only, out of scripts' reach, and under a name of their part; over https
// with the prefix that a browser keeps others from setting.
func TestCookie(t *testing.T) {
	t.Parallel()
	for secure, name := range map[bool]string{false: "hufu_phone", true: "__Host-hufu_phone"} {
		k, _ := newKeeper(t, "phone", secure)
		_, c := start(t, k, 7)
		if c.Name != name || !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Domain != "" || c.Path != "/" {
			t.Errorf("%v", c)
		}
	}
	// A session of one part is none in another, though they share a store.
	phone, _ := newKeeper(t, "phone", false)
	admin := *phone
	admin.Part = "admin"
	_, c := start(t, phone, 7)
	if _, err := read(&admin, c); !errors.Is(err, session.ErrNone) {
		t.Errorf("under the phone's name: %v", err)
	}
	c.Name = "hufu_admin"
	if _, err := read(&admin, c); !errors.Is(err, session.ErrNone) {
		t.Errorf("the phone's secret in the other part's cookie: %v", err)
	}
}
