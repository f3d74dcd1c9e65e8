package apps_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// open is a service on the store in dir, with two providers in it the first time.
func open(t *testing.T, dir string, fill bool) (*apps.Service, *store.DB) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	s, d := apps.New(db, ring, time.Now), &directory.Service{DB: db, Now: time.Now}
	if !fill {
		return s, db
	}
	if err := db.Update(ctx, func(tx *sql.Tx) error {
		for _, id := range []string{"wwaa", "wwbb"} {
			row, err := d.CreateCorp(ctx, tx, directory.Corp{CorpID: id, Name: id})
			if err != nil {
				return err
			}
			if err := s.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: row, Brand: id, Secret: "secret " + id}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return s, db
}

func provider(t *testing.T, s *apps.Service, id string) *apps.Provider {
	t.Helper()
	p, err := s.ProviderByCorpID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Ids are the same for one provider for ever, different for every provider, corp, member
// and kind, and of the form that clients know.
func TestIDs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, db := open(t, dir, true)
	a, b := provider(t, s, "wwaa"), provider(t, s, "WWBB")
	form := regexp.MustCompile(`^(wp|wo|oh)[A-Za-z0-9_-]{30}$`)
	seen := map[string]bool{}
	for _, p := range []*apps.Provider{a, b} {
		for corp := int64(1); corp < 40; corp++ {
			for _, id := range []string{p.CorpIDFor(corp), p.OpenUserID(corp, 1), p.OpenUserID(corp, 2), p.OpenUserID(1<<55, corp), p.OpenID(corp)} {
				if !form.MatchString(id) || seen[id] {
					t.Errorf("id %q, seen before %v", id, seen[id])
				}
				seen[id] = true
			}
		}
		// Nor without the two letters in front, where kinds have the same rows.
		for _, id := range []string{p.CorpIDFor(0), p.OpenUserID(0, 0), p.OpenID(0)} {
			if seen[id[2:]] {
				t.Errorf("two kinds share %q", id[2:])
			}
			seen[id[2:]] = true
		}
	}
	for corp := int64(1); corp < 40; corp++ {
		id, err := s.OpenIDInCorp(corp, 7)
		if err != nil || !form.MatchString(id) || seen[id] {
			t.Errorf("openid in a corp %q, seen before %v, %v", id, seen[id], err)
		}
		seen[id] = true
	}
	corpID, userID := a.CorpIDFor(3), a.OpenUserID(3, 4)
	openID, err := s.OpenIDInCorp(3, 4)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, _ = open(t, dir, false)
	a = provider(t, s, "wwaa")
	if again, err := s.OpenIDInCorp(3, 4); err != nil || a.CorpIDFor(3) != corpID || a.OpenUserID(3, 4) != userID || again != openID {
		t.Errorf("other ids after a restart: %v", err)
	}
}

// A secret is compared whole, and the hash of one is no secret.
func TestSecretIs(t *testing.T) {
	t.Parallel()
	s, _ := open(t, t.TempDir(), true)
	p := provider(t, s, "wwaa")
	for secret, want := range map[string]bool{"secret wwaa": true, "secret wwa": false, "secret wwaa ": false, "Secret wwaa": false, "": false, "secret wwbb": false} {
		if p.SecretIs(secret) != want {
			t.Errorf("%q: %v", secret, !want)
		}
	}
}
