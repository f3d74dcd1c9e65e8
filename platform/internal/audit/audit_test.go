package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

func open(t *testing.T) *audit.Log {
	t.Helper()
	db, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &audit.Log{DB: db, Now: time.Now}
}

// An entry of a change that is taken back is taken back with it.
func TestRecordIn(t *testing.T) {
	t.Parallel()
	l, ctx := open(t), context.Background()
	broken := errors.New("broken")
	for _, end := range []error{broken, nil} {
		err := l.DB.Update(ctx, func(tx *sql.Tx) error {
			return errors.Join(l.RecordIn(ctx, tx, audit.Entry{Corp: 7, Action: audit.AdminAdded}), end)
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}
	if list, more, err := l.Entries(ctx, audit.Query{Corp: 7, Limit: 5}); err != nil || len(list) != 1 || more {
		t.Errorf("%+v %v %v", list, more, err)
	}
}

// What nobody waits for is there once a later write is.
func TestSoon(t *testing.T) {
	t.Parallel()
	l, ctx := open(t), context.Background()
	l.Soon(audit.Entry{Corp: 7, Action: audit.SignedIn, Target: "zhangwei", Detail: "Chrome 142 · Windows"})
	if err := l.Record(ctx, audit.Entry{Corp: 8, Action: audit.AdminAdded}); err != nil {
		t.Fatal(err)
	}
	list, _, err := l.Entries(ctx, audit.Query{Corp: 7, Actions: []audit.Action{audit.SignedIn}, Limit: 5})
	if err != nil || len(list) != 1 || list[0].Target != "zhangwei" || list[0].Detail != "Chrome 142 · Windows" || list[0].Address != "" {
		t.Errorf("%+v %v", list, err)
	}
	if list, _, err := l.Entries(ctx, audit.Query{Corp: 7, Limit: 5}); err != nil || len(list) != 0 {
		t.Errorf("sign-ins are among the changes: %+v %v", list, err)
	}
}

// Long texts are cut between characters; an unknown action finds nothing.
func TestBounds(t *testing.T) {
	t.Parallel()
	l, ctx := open(t), context.Background()
	if err := l.Record(ctx, audit.Entry{Corp: 7, Action: audit.AdminAdded, Target: strings.Repeat("长", 500), Detail: strings.Repeat("长", 5000)}); err != nil {
		t.Fatal(err)
	}
	list, _, err := l.Entries(ctx, audit.Query{Corp: 7, Limit: 5})
	if err != nil || len(list) != 1 || len(list[0].Target) > 200 || len(list[0].Detail) > 1000 ||
		!utf8.ValidString(list[0].Target) || !utf8.ValidString(list[0].Detail) || list[0].Target == "" {
		t.Errorf("%+v %v", list, err)
	}
	if list, _, err := l.Entries(ctx, audit.Query{Corp: 7, Actions: []audit.Action{"' OR 1=1 --"}, Limit: 5}); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}
