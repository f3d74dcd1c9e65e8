package consent

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

func newStore(t *testing.T) *store.DB {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, insert := range []string{
		`INSERT INTO persons (id, name, account, account_key, password_hash, created_at) VALUES (1, 'a', 'a', 'a', '', 0)`,
		`INSERT INTO corps (id, corpid, corpid_key, name, number_match, created_at) VALUES (2, 'c', 'c', 'c', TRUE, 0)`,
		`INSERT INTO apps (id, kind, corp_id, suite_id, suite_key, agentid, name, secret_hash, secret_generation, callback_url,
			callback_token, callback_key, expires_in_url, created_at) VALUES (3, 'login_suite', 2, 's', 's', 0, 'n', '', 1, '', '', '', FALSE, 0)`,
	} {
		if _, err := db.Exec(ctx, insert); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestGiveKeepsTheFirstDate(t *testing.T) {
	ctx, db := context.Background(), newStore(t)
	now := time.UnixMilli(1000)
	for range 2 { // a service of its own each time, as after a restart
		s := &Service{DB: db, Now: func() time.Time { return now }}
		for range 2 {
			if err := s.Give(ctx, 1, 7, 3); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Second)
		}
	}
	if err := (&Service{DB: db, Now: time.Now}).Give(ctx, 1, 0, 3); err != nil {
		t.Fatal(err)
	}
	var rows, first int64
	if err := db.Query(`SELECT COUNT(*), MIN(agreed_at) FROM consents`).Row(ctx).Scan(&rows, &first); err != nil {
		t.Fatal(err)
	}
	if rows != 2 || first != 1000 {
		t.Errorf("%d rows, first at %d; want 2 rows, first at 1000", rows, first)
	}
}

// A consent that was withdrawn is asked for and written anew, though the same service has
// just known it.
func TestWithdraw(t *testing.T) {
	ctx, db := t.Context(), newStore(t)
	now := time.UnixMilli(1000)
	s := &Service{DB: db, Now: func() time.Time { return now }}
	give := func(member int64) {
		t.Helper()
		if err := s.Give(ctx, 1, member, 3); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(want bool) {
		t.Helper()
		if got, err := s.Stands(ctx, 1, 7, 3); err != nil || got != want {
			t.Errorf("stands: %v, %v; want %v", got, err, want)
		}
	}
	stands(false)
	give(7)
	give(0)
	stands(true)
	for _, other := range [][3]int64{{2, 7, 3}, {1, 8, 3}, {1, 7, 4}} {
		if err := s.Withdraw(ctx, other[0], other[1], other[2]); !errors.Is(err, ErrNone) {
			t.Errorf("withdraw %v: %v", other, err)
		}
	}
	if err := s.Withdraw(ctx, 1, 7, 3); err != nil {
		t.Fatal(err)
	}
	if list, err := s.List(ctx, 1); err != nil || !slices.Equal(list, []Consent{{Member: 0, App: 3, Since: now}}) {
		t.Errorf("left: %v, %v", list, err)
	}
	stands(false)
	now = time.UnixMilli(2000)
	give(7)
	stands(true)
	for at, want := range map[int64]bool{1999: false, 2000: true, 3000: true} {
		if got, err := s.StoodAt(ctx, 1, 7, 3, time.UnixMilli(at)); err != nil || got != want {
			t.Errorf("stood at %d: %v, %v; want %v", at, got, err, want)
		}
	}
	want := []Consent{{Member: 7, App: 3, Since: now}, {Member: 0, App: 3, Since: time.UnixMilli(1000)}}
	if list, err := s.List(ctx, 1); err != nil || !slices.Equal(list, want) {
		t.Errorf("given again: %v, %v", list, err)
	}
	if list, err := s.List(ctx, 2); err != nil || len(list) > 0 {
		t.Errorf("another person's: %v, %v", list, err)
	}
}
