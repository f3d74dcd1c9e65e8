package announce_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// TestAuth follows an installation from its beginning to its end, with plain ids and without.
func TestAuth(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	b.run()
	for _, row := range []struct {
		name     string
		provider int
		plain    bool
	}{{"encrypted", 0, false}, {"plain", 1, true}} {
		s := b.suite(row.name, row.provider, row.plain, []int64{2}, nil)
		corp, _, _ := b.ids(s, b.member("m"+row.name, 6))
		b.update(func(tx *sql.Tx) error { return b.apps.TellCreated(ctx, tx, s.holder, "auth-code") })
		if e := b.next(s); e.InfoType != protocol.EventCreateAuth || e.AuthCode != "auth-code" || e.State != "state-"+row.name || e.AuthCorpID != "" {
			t.Errorf("%s: %+v", row.name, e)
		}
		b.update(func(tx *sql.Tx) error { return b.apps.SetRange(ctx, tx, s.holder, []int64{6}, nil) })
		if e := b.next(s); e.InfoType != protocol.EventChangeAuth || e.AuthCorpID != corp || e.State != "state-"+row.name || e.AuthCode != "" {
			t.Errorf("%s: %+v", row.name, e)
		}
		b.quiet(s) // the members of the new range are not told one by one
	}
}

// TestCancel removes an installation while its suite's receiver is not asked: what is told
// arrives later, after what happened before, and nothing follows it.
func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	s := b.suite("a", 0, false, []int64{1}, nil)
	m := b.member("before", 5)
	corp, userid, _ := b.ids(s, m)
	b.update(func(tx *sql.Tx) error { return b.apps.Uninstall(ctx, tx, s.holder) })
	if _, err := b.apps.InstallationByRow(ctx, s.holder); !errors.Is(err, apps.ErrNotFound) {
		t.Fatalf("still installed: %v", err)
	}
	b.member("after", 5)
	b.run()
	if e := b.next(s); e.ChangeType != protocol.ChangeCreateUser || e.Contact.UserID != userid {
		t.Errorf("%+v", e)
	}
	if e := b.next(s); e.InfoType != protocol.EventCancelAuth || e.AuthCorpID != corp || e.State != "" {
		t.Errorf("%+v", e)
	}
	b.quiet(s)
	page, err := b.push.EventsOf(ctx, []int64{s.row}, push.Query{Search: protocol.EventCancelAuth})
	if err != nil || len(page.Events) != 1 || page.Events[0].Corp != b.corp {
		t.Errorf("on record: %+v, %v", page, err)
	}
}

// TestFromSite: an install that began on the provider's site is not told, its code goes back
// with the redirect.
func TestFromSite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	s := b.suite("a", 0, false, []int64{1}, nil)
	b.run()
	b.update(func(tx *sql.Tx) error {
		if err := b.apps.Uninstall(ctx, tx, s.holder); err != nil {
			return err
		}
		row, err := b.apps.Install(ctx, tx, apps.NewInstallation{App: s.row, Corp: b.corp, FromSite: true})
		if err != nil {
			return err
		}
		return b.apps.TellCreated(ctx, tx, row, "code")
	})
	if e := b.next(s); e.InfoType != protocol.EventCancelAuth {
		t.Errorf("%+v", e)
	}
	b.quiet(s)
}

// TestUnknownInstallation takes the change back: who is told must be known.
func TestUnknownInstallation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, tell := range map[string]func(tx *sql.Tx) error{
		"created":   func(tx *sql.Tx) error { return b.apps.Told.Created(t.Context(), tx, 1, "code") },
		"changed":   func(tx *sql.Tx) error { return b.apps.Told.Changed(t.Context(), tx, 1) },
		"cancelled": func(tx *sql.Tx) error { return b.apps.Told.Cancelled(t.Context(), tx, 1) },
	} {
		if err := b.db.Update(t.Context(), tell); !errors.Is(err, apps.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
