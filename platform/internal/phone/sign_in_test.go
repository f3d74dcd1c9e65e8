package phone

import (
	"database/sql"
	"maps"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Of many guesses at once for one account no more are checked than of guesses in turn: the
// right password opens nothing once the ban has come, however early it was sent.
func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := &Handler{Directory: &directory.Service{DB: db, Now: time.Now}, Audit: &audit.Log{DB: db, Now: time.Now},
		WrongPasswords: NewWrongPasswords(time.Now)}
	if err := db.Update(ctx, func(tx *sql.Tx) error {
		_, err := h.Directory.CreatePerson(ctx, tx, directory.Person{Name: "n", Account: "a"}, directory.HashPassword("right"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	try := func(password string) string {
		r := httptest.NewRequest("POST", "/phone/sign-in", nil)
		r.RemoteAddr = "192.0.2.1:1000"
		person, problem, err := h.byPassword(r.WithContext(ctx), "a", password)
		if err != nil || (problem == "") != (person.Row != 0) {
			t.Errorf("%s: %+v %q %v", password, person, problem, err)
		}
		return problem
	}
	if problem := try("right"); problem != "" {
		t.Fatalf("the account: %s", problem)
	}

	network := netip.MustParsePrefix("192.0.2.1/32")
	done, err := h.passwords.take(ctx, network)
	if err != nil {
		t.Fatal(err)
	}
	callers := func() int {
		h.passwords.mu.Lock()
		defer h.passwords.mu.Unlock()
		return h.passwords.waiting[network].callers
	}
	for range wrongPasswords - 2 {
		h.WrongPasswords.Fail(network.String() + " a")
	}
	var mu sync.Mutex // guards said
	said := map[string]int{}
	var wg sync.WaitGroup
	for i, password := range []string{"wrong", "wrong", "wrong", "wrong", "right"} {
		wg.Go(func() {
			problem := try(password)
			mu.Lock()
			defer mu.Unlock()
			said[password+" "+problem]++
		})
		for deadline := time.Now().Add(10 * time.Second); callers() != i+2; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("nobody waits")
			}
		}
	}
	done()
	wg.Wait()
	if want := map[string]int{"wrong wrong": 1, "wrong blocked": 3, "right blocked": 1}; !maps.Equal(said, want) {
		t.Errorf("%v, want %v", said, want)
	}
}
