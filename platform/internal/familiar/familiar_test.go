package familiar

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

func open(t *testing.T) *store.DB {
	db, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for id, account := range map[int64]string{1: "a", 2: "b"} {
		if _, err := db.Exec(context.Background(), `INSERT INTO persons (id, name, account, account_key, password_hash, created_at)
			VALUES ($1, $2, $2, $2, '', 0)`, id, account); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestFamiliar(t *testing.T) {
	db, ctx := open(t), context.Background()
	s := &Service{DB: db, Now: time.Now}
	look := func(person int64, browser, network string, want Seen) {
		t.Helper()
		got, err := s.Look(ctx, person, browser, network)
		if err != nil || got != want {
			t.Errorf("person %d, %s, %s: %+v, want %+v (%v)", person, browser, network, got, want, err)
		}
	}
	look(1, "Chrome", "192.0.2.1/32", Seen{})
	for range 2 { // the second time from memory
		if err := s.Remember(ctx, 1, "Chrome", "192.0.2.1/32"); err != nil {
			t.Fatal(err)
		}
	}
	look(1, "Chrome", "192.0.2.1/32", Seen{Browser: true, Network: true, Any: true})
	look(1, "Firefox", "192.0.2.1/32", Seen{Network: true, Any: true})
	look(1, "192.0.2.1/32", "Chrome", Seen{Any: true})
	look(2, "Chrome", "192.0.2.1/32", Seen{})
	if err := s.Remember(ctx, 1, "Firefox", "192.0.2.1/32"); err != nil {
		t.Fatal(err)
	}
	s = &Service{DB: db, Now: time.Now} // as after a restart
	look(1, "Firefox", "198.51.100.7/32", Seen{Browser: true, Any: true})
}
