package appcenter

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/platform/web"
)

const (
	ours   = "ww1111111111111111" // the company
	theirs = "ww2222222222222222" // another company
	maker  = "ww3333333333333333" // the provider
	origin = "http://console.test"
)

// bench is the pages over a real store: two companies with administrators of every kind, a
// provider with one suite online and one not, an installation in either company.
type bench struct {
	*Handler
	t       *testing.T
	serve   http.Handler
	keeper  *session.Keeper
	ahead   *atomic.Int64 // how far the clock was moved
	corps   map[string]int64
	members map[string]int64
	people  map[string]int64
	online  *apps.App
	offline *apps.App
	told    []string // what a provider was told, install codes among it
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	must(t, err)
	b := &bench{t: t, ahead: &atomic.Int64{}, corps: map[string]int64{}, members: map[string]int64{}, people: map[string]int64{}}
	now := func() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) }
	short, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), now)
	must(t, err)
	t.Cleanup(func() { short.Close() })
	pages, err := pages()
	must(t, err)
	d, a, log := &directory.Service{DB: db, Now: now}, apps.New(db, ring, now), &audit.Log{DB: db, Now: now}
	tell := func(what string) func(context.Context, *sql.Tx, int64) error {
		return func(context.Context, *sql.Tx, int64) error { b.told = append(b.told, what); return nil }
	}
	a.Told = apps.Told{Changed: tell("changed"), Cancelled: tell("cancelled"),
		Created: func(_ context.Context, _ *sql.Tx, _ int64, code string) error {
			b.told = append(b.told, "created", code)
			return nil
		}}
	keeper, err := tokens.New(db, ring, now)
	must(t, err)
	b.keeper = &session.Keeper{Store: short, DB: db, Now: now, Part: "console"}
	b.Handler = &Handler{Console: &console.Service{Respond: pages, Directory: d, Apps: a, Audit: log, Sessions: b.keeper, Now: now, ConsoleURL: origin},
		Apps: a, Directory: d, Tokens: keeper, Audit: log, DB: db, Sessions: short, Now: now}
	b.fill()
	mux := http.NewServeMux()
	b.Mount(mux)
	b.serve = pages.Wrap(mux)
	return b
}

// pages are parsed once for all tests.
var pages = sync.OnceValues(func() (*respond.Responder, error) {
	return respond.New(respond.Config{Assets: web.Files, PublicURL: origin, Log: slog.New(slog.DiscardHandler)})
})

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill makes the companies, their people and administrators: 1 ─ 2 ─ 3 and 1 ─ 4.
func (b *bench) fill() {
	b.t.Helper()
	ctx := b.t.Context()
	must(b.t, b.DB.Update(ctx, func(tx *sql.Tx) error {
		for _, id := range []string{ours, theirs, maker} {
			row, err := b.Directory.CreateCorp(ctx, tx, directory.Corp{CorpID: id, Name: "corp " + id})
			if err != nil {
				return err
			}
			b.corps[id] = row
		}
		for _, id := range []string{ours, theirs} {
			for n, parent := range map[int64]int64{2: 1, 3: 2, 4: 1} {
				if id == theirs {
					n += 10
					parent = 1
				}
				if err := b.Directory.CreateDepartment(ctx, tx, b.corps[id], directory.Department{Number: n, Parent: parent, Name: fmt.Sprint("department ", n)}); err != nil {
					return err
				}
			}
		}
		if err := b.Apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: b.corps[maker], Brand: "brand", Secret: "secret"}); err != nil {
			return err
		}
		for who, id := range map[string]string{"creator": ours, "system": ours, "sub": ours, "stranger": ours, "member": ours, "foreign": theirs, "external": ""} {
			person, err := b.Directory.CreatePerson(ctx, tx, directory.Person{Name: who, Account: who}, "")
			if err != nil {
				return err
			}
			b.people[who] = person
			if id == "" {
				continue
			}
			department := int64(1)
			if b.members[who], err = b.Directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: b.corps[id]}, Person: person,
				UserID: who, Name: who, Status: directory.Active}, department); err != nil {
				return err
			}
		}
		return nil
	}))
	b.online, b.offline = b.suite("报销"), b.suite("考勤")
	must(b.t, b.Apps.SetOnline(ctx, b.online.Row, true))
	for _, a := range []directory.NewAdmin{
		{Corp: b.corps[ours], Member: b.members["creator"], Kind: directory.Creator},
		{Corp: b.corps[ours], Member: b.members["system"], Kind: directory.System},
		{Corp: b.corps[ours], Member: b.members["sub"], Kind: directory.Sub},
		{Corp: b.corps[ours], Member: b.members["stranger"], Kind: directory.Sub},
		{Corp: b.corps[ours], Person: b.people["external"], Kind: directory.External},
		{Corp: b.corps[theirs], Member: b.members["foreign"], Kind: directory.Creator},
	} {
		_, err := b.Directory.AddAdmin(ctx, a)
		must(b.t, err)
	}
}

func (b *bench) suite(name string) *apps.App {
	b.t.Helper()
	a, _, err := b.Apps.NewSuite(b.t.Context(), b.corps[maker], apps.Suite, name)
	must(b.t, err)
	must(b.t, b.Apps.SetAddresses(b.t.Context(), a.Row, apps.Addresses{Install: []string{"app.example", "app.example:8443"}, Development: []string{"http://127.0.0.1:8791"}}))
	must(b.t, b.Apps.SetURLs(b.t.Context(), a.Row, apps.URLs{Business: "https://app.example/settings?a=1&state=x#b"}))
	a, err = b.Apps.App(b.t.Context(), a.Row)
	must(b.t, err)
	return a
}

// install installs the suite that is online in a company, and forgets what was told.
func (b *bench) install(corp string) *apps.Installation {
	b.t.Helper()
	var row int64
	must(b.t, b.DB.Update(b.t.Context(), func(tx *sql.Tx) (err error) {
		row, err = b.Apps.Install(b.t.Context(), tx, apps.NewInstallation{App: b.online.Row, Corp: b.corps[corp], Departments: []int64{1}, InstalledBy: b.people["creator"]})
		return err
	}))
	i, err := b.Apps.InstallationByRow(b.t.Context(), row)
	must(b.t, err)
	return i
}

// give lets the sub-admin "sub" use or manage an app.
func (b *bench) give(holder int64, manage bool) {
	b.t.Helper()
	list, err := b.Directory.Admins(b.t.Context(), b.corps[ours])
	must(b.t, err)
	n := slices.IndexFunc(list, func(a directory.Admin) bool { return a.Member == b.members["sub"] })
	must(b.t, b.Directory.UpdateAdmin(b.t.Context(), b.corps[ours], list[n].Row, directory.NewAdmin{Corp: b.corps[ours],
		Member: b.members["sub"], Kind: directory.Sub, Apps: map[int64]bool{holder: manage}}))
}

// answer is what came back.
type answer struct {
	status int
	body   string
	to     string // where a redirect leads
	header http.Header
}

// do sends a request as somebody ("" as nobody; "creator+" has just proved who they are).
func (b *bench) do(who string, r *http.Request) answer {
	b.t.Helper()
	if who != "" {
		r.AddCookie(b.as(who))
	}
	return b.send(r)
}

func (b *bench) send(r *http.Request) answer {
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, r)
	return answer{w.Code, w.Body.String(), w.Header().Get("Location"), w.Header()}
}

func (b *bench) as(who string) *http.Cookie {
	b.t.Helper()
	name, proved := strings.CutSuffix(who, "+")
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, origin, nil)
	start := b.keeper.Start
	if proved {
		start = b.keeper.StartProved
	}
	_, err := start(b.t.Context(), w, r, b.people[name], name)
	must(b.t, err)
	return w.Result().Cookies()[0]
}

func (b *bench) get(who, path string) answer {
	b.t.Helper()
	return b.do(who, httptest.NewRequest(http.MethodGet, origin+path, nil))
}

// form is a POST of a page of ours, with the csrf of the person's session.
func (b *bench) form(who, path string, pairs ...string) *http.Request {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	cookie := b.as(who)
	probe := httptest.NewRequest(http.MethodGet, origin, nil)
	probe.AddCookie(cookie)
	s, err := b.keeper.Read(b.t.Context(), probe)
	must(b.t, err)
	if !values.Has("csrf") {
		values.Set("csrf", s.CSRF())
	}
	r := httptest.NewRequest(http.MethodPost, origin+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(cookie)
	return r
}

func (b *bench) post(who, path string, pairs ...string) answer {
	b.t.Helper()
	return b.send(b.form(who, path, pairs...))
}

// audited lists what was done, oldest first.
func (b *bench) audited() []string {
	b.t.Helper()
	rows, err := b.DB.Query(`SELECT action, target, detail, corp_id FROM audit_entries ORDER BY id`).Rows(b.t.Context())
	must(b.t, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var action, target, detail string
		var corp int64
		must(b.t, rows.Scan(&action, &target, &detail, &corp))
		if corp != b.corps[ours] {
			b.t.Errorf("audited in corp %d: %s", corp, action)
		}
		list = append(list, strings.TrimSpace(action+" "+target+" "+detail))
	}
	return list
}

func (b *bench) want(what string, a answer, status int, words ...string) {
	b.t.Helper()
	if a.status != status {
		b.t.Errorf("%s: %d to %q, want %d\n%.600s", what, a.status, a.to, status, a.body)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			b.t.Errorf("%s: the page does not say %q\n%.2000s", what, w, a.body)
		}
	}
}
