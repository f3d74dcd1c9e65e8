package announce_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/announce"
	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

const (
	token  = "QDG6eK"
	aesKey = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	corpID = "ww00000000000000c0"

	// limit is how long a test waits for what must happen soon.
	limit = 30 * time.Second
)

// bench is a corp with an address book and the real store, queue and services.
type bench struct {
	t         testing.TB
	dir       string
	db        *store.DB
	clock     *clock.Clock
	directory *directory.Service
	apps      *apps.Service
	push      *push.Queue
	corp      int64
	providers []int64 // corp rows of two providers

	suites map[string]*suite
	begun  int64 // unix seconds
}

// suite is one that the corp has installed, and its receiver.
type suite struct {
	id       string
	row      int64
	holder   int64 // installation row
	provider int64
	plain    bool
	got      chan protocol.Event
}

// open opens the services over a folder, as a platform would.
func (b *bench) open(ctx context.Context) error {
	db, err := store.Open(ctx, filepath.Join(b.dir, "hufu.db"))
	if err != nil {
		return err
	}
	ring, err := keys.Open(ctx, db, filepath.Join(b.dir, "wrap.key"))
	if err != nil {
		return err
	}
	now := b.clock.Now
	b.db, b.directory, b.apps = db, &directory.Service{DB: db, Now: now}, apps.New(db, ring, now)
	b.push = push.New(push.Config{DB: db, Clock: b.clock, Keys: ring, Client: outbound.New(outbound.Config{AllowLoopback: true}),
		Log: slog.New(slog.DiscardHandler),
		Target: func(ctx context.Context, row int64) (push.Target, error) {
			app, err := b.apps.App(ctx, row)
			if err != nil {
				return push.Target{}, err
			}
			c, err := b.apps.SuiteCallback(ctx, row)
			return push.Target{URL: c.URL, Token: c.Token, EncodingAESKey: c.EncodingAESKey, SuiteID: app.SuiteID}, err
		}})
	told := &announce.Service{Apps: b.apps, Directory: b.directory, Push: b.push, Now: now}
	b.directory.Changed = told.Contact
	b.apps.Told = apps.Told{Created: told.Created, Changed: told.Changed, Cancelled: told.Cancelled}
	return nil
}

// newBench makes a corp whose departments are 1 ─ 2 ─ 3 ─ 4 ─ 5 and 1 ─ 6 ─ 7.
func newBench(t testing.TB) *bench {
	b := &bench{t: t, dir: t.TempDir(), clock: clock.New(), suites: map[string]*suite{}}
	b.begun = b.clock.Now().Unix()
	t.Cleanup(b.clock.Stop)
	b.must(b.open(t.Context()))
	t.Cleanup(func() { b.db.Close() })
	b.must(b.db.Update(t.Context(), func(tx *sql.Tx) (err error) {
		if b.corp, err = b.directory.CreateCorp(t.Context(), tx, directory.Corp{CorpID: corpID, Name: "公司"}); err != nil {
			return err
		}
		for _, d := range [][2]int64{{2, 1}, {3, 2}, {4, 3}, {5, 4}, {6, 1}, {7, 6}} {
			if err := b.directory.CreateDepartment(t.Context(), tx, b.corp, directory.Department{Number: d[0], Parent: d[1], Name: fmt.Sprint("部", d[0])}); err != nil {
				return err
			}
		}
		for i := range 2 {
			row, err := b.directory.CreateCorp(t.Context(), tx, directory.Corp{CorpID: fmt.Sprintf("ww00000000000000f%d", i), Name: "服务商"})
			if err != nil {
				return err
			}
			b.providers = append(b.providers, row)
			if err := b.apps.CreateProvider(t.Context(), tx, apps.NewProvider{CorpRow: row, Brand: "牌", Secret: fmt.Sprint("secret", i)}); err != nil {
				return err
			}
		}
		return nil
	}))
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// update runs one transaction.
func (b *bench) update(fn func(tx *sql.Tx) error) {
	b.t.Helper()
	b.must(b.db.Update(b.t.Context(), fn))
}

// suite makes a suite with a receiver and installs it for a range.
func (b *bench) suite(name string, provider int, plain bool, departments, members []int64) *suite {
	b.t.Helper()
	ctx := b.t.Context()
	s := &suite{id: "wwsuite" + name, provider: b.providers[provider], plain: plain, got: make(chan protocol.Event, 20000)}
	b.update(func(tx *sql.Tx) (err error) {
		s.row, err = b.apps.CreateApp(ctx, tx, apps.NewApp{Kind: apps.Suite, CorpRow: s.provider, SuiteID: s.id, Name: name, Secret: name,
			Callback: apps.Callback{URL: b.listen(s.id, s.got), Token: token, EncodingAESKey: aesKey}})
		if err != nil {
			return err
		}
		s.holder, err = b.apps.Install(ctx, tx, apps.NewInstallation{App: s.row, Corp: b.corp, Departments: departments, Members: members,
			PlainIDs: plain, State: "state-" + name})
		return err
	})
	b.suites[name] = s
	return s
}

// listen is a receiver that opens what comes as a site would.
func (b *bench) listen(suiteID string, got chan protocol.Event) string {
	key, err := sealed.ParseKey(aesKey)
	b.must(err)
	codec := sealed.New(token, key)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		envelope, err := protocol.ParseEnvelope(body)
		if err != nil || envelope.ToUserName != suiteID || envelope.AgentID != "" {
			b.t.Errorf("packet %q: %v", body, err)
		}
		plain, err := codec.OpenMessage(r.URL.Query(), envelope, suiteID) // the receiveid of suite events
		if err != nil {
			b.t.Errorf("open: %v", err)
		}
		event, err := protocol.ParseEvent(plain)
		if err != nil {
			b.t.Errorf("event %q: %v", plain, err)
		}
		got <- event
		io.WriteString(w, protocol.EventAnswer)
	}))
	b.t.Cleanup(server.Close)
	return server.URL
}

// run delivers until the test ends.
func (b *bench) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.push.Run(ctx) }()
	b.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("Run: %v", err)
		}
	})
}

func (b *bench) member(userid string, departments ...int64) directory.Member {
	b.t.Helper()
	m, err := b.directory.AddMember(b.t.Context(), b.corp, directory.NewMember{MemberEdit: edit(userid, departments...)})
	b.must(err)
	return m
}

func edit(userid string, departments ...int64) directory.MemberEdit {
	return directory.MemberEdit{UserID: userid, Name: "姓名 " + userid, Mobile: mobile(userid), Email: userid + "@secret.example",
		Position: "职务", Departments: departments}
}

// mobile makes a number of a userid that is nobody else's.
func mobile(userid string) string {
	n := 0
	for _, c := range userid {
		n = (n*31 + int(c)) % 1_000_000_007
	}
	return fmt.Sprintf("1%010d", n)
}

// ids are a member's and the corp's ids as a suite sees them.
func (b *bench) ids(s *suite, m directory.Member) (corp, userid, open string) {
	b.t.Helper()
	p, err := b.apps.Provider(b.t.Context(), s.provider)
	b.must(err)
	corp, open = p.CorpIDFor(b.corp), p.OpenUserID(b.corp, m.Row)
	if s.plain {
		return corpID, m.UserID, open
	}
	return corp, open, open
}

// next waits for an event and checks what all of them have.
func (b *bench) next(s *suite) protocol.Event {
	b.t.Helper()
	select {
	case e := <-s.got:
		if e.TimeStamp < b.begun || e.TimeStamp > b.clock.Now().Unix() || e.SuiteID != s.id {
			b.t.Errorf("%+v", e)
		}
		for _, secret := range []string{"@secret.example", "姓名", "职务", "<Mobile>", "<Email>"} {
			if strings.Contains(string(e.Body), secret) {
				b.t.Errorf("%s is in %s", secret, e.Body)
			}
		}
		return e
	case <-time.After(limit):
		b.t.Fatal("no event came")
		panic("unreachable")
	}
}

// quiet makes sure that a suite was told nothing more: a marker sent now is the next.
func (b *bench) quiet(s *suite) {
	b.t.Helper()
	marker := protocol.Event{SuiteID: s.id, InfoType: "marker", TimeStamp: b.clock.Now().Unix()}
	b.must(b.push.Enqueue(b.t.Context(), push.Event{Suite: s.row, InfoType: marker.InfoType, Body: marker.XML()}))
	if e := b.next(s); e.InfoType != "marker" {
		b.t.Errorf("%s was told %s %s: %s", s.id, e.InfoType, e.ChangeType, e.Body)
		b.quiet(s)
	}
}

// told waits for what a suite is told, as "change id" in a row, up to a marker.
func (b *bench) told(s *suite, name func(protocol.Event) string) []string {
	b.t.Helper()
	marker := protocol.Event{SuiteID: s.id, InfoType: "marker", TimeStamp: b.clock.Now().Unix()}
	b.must(b.push.Enqueue(b.t.Context(), push.Event{Suite: s.row, InfoType: marker.InfoType, Body: marker.XML()}))
	var list []string
	for {
		e := b.next(s)
		if e.InfoType == "marker" {
			return list
		}
		list = append(list, e.ChangeType+" "+name(e))
	}
}
