package directory_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

func newDirectory(t *testing.T) *directory.Service {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &directory.Service{DB: db, Now: time.Now}
}

// The account is matched without case, the password to the letter, and who has none is let
// in by none.
func TestCheckPassword(t *testing.T) {
	t.Parallel()
	s, ctx := newDirectory(t), t.Context()
	var zhang int64
	if err := s.DB.Update(ctx, func(tx *sql.Tx) error {
		var err error
		if zhang, err = s.CreatePerson(ctx, tx, directory.Person{Name: "张伟", Account: "ZhangWei"}, directory.HashPassword("正确 Horse")); err != nil {
			return err
		}
		if _, err = s.CreatePerson(ctx, tx, directory.Person{Name: "None", Account: "none"}, ""); err != nil {
			return err
		}
		_, err = s.CreatePerson(ctx, tx, directory.Person{Name: "Broken", Account: "broken"}, "$argon2id$nonsense")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		account, password string
		want              bool
	}{
		{"zhangwei", "正确 Horse", true}, {"ZHANGWEI", "正确 Horse", true},
		{"zhangwei", "正确 horse", false}, {"zhangwei", "正确 Horse ", false}, {"zhangwei", "", false},
		{"zhangwei ", "正确 Horse", false}, {"nobody", "正确 Horse", false}, {"", "", false},
		{"none", "", false}, {"none", "x", false}, {"broken", "", false},
		{"zhangwei", strings.Repeat("x", directory.MaxPassword+1), false},
	} {
		p, err := s.CheckPassword(ctx, c.account, c.password)
		if c.want && (err != nil || p.Row != zhang) || !c.want && !errors.Is(err, directory.ErrWrongPassword) {
			t.Errorf("%q, %.20q: %+v, %v", c.account, c.password, p, err)
		}
		if !c.want && p != (directory.Person{}) {
			t.Errorf("%q, %.20q: tells %+v", c.account, c.password, p)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.CheckPassword(ended, "zhangwei", "正确 Horse"); err == nil {
		t.Error("checked for a caller that had left")
	}
}

// Each hash has its own salt and names its cost, so that the cost can be raised.
func TestHashPassword(t *testing.T) {
	t.Parallel()
	a, b := directory.HashPassword("x"), directory.HashPassword("x")
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(a, "x$") {
		t.Errorf("%q, %q", a, b)
	}
}

// A password longer than can be taken is refused though its hash would fit.
func TestPasswordTooLong(t *testing.T) {
	t.Parallel()
	s, ctx, long := newDirectory(t), t.Context(), strings.Repeat("x", directory.MaxPassword+1)
	if err := s.DB.Update(ctx, func(tx *sql.Tx) error {
		_, err := s.CreatePerson(ctx, tx, directory.Person{Name: "L", Account: "l"}, directory.HashPassword(long))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CheckPassword(ctx, "l", long); !errors.Is(err, directory.ErrWrongPassword) {
		t.Errorf("%v", err)
	}
}
