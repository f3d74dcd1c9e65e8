package provider

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/web"
	"github.com/hufu-sso/hufu/protocol"
)

const (
	ours   = "ww1111111111111111" // the provider
	theirs = "ww2222222222222222" // another provider
	client = "ww3333333333333333" // a company that is no provider
)

// bench is the console over a real store, with two providers and a company.
type bench struct {
	*Handler
	t       *testing.T
	db      *store.DB
	serve   http.Handler
	session *session.Keeper
	corps   map[string]int64
	people  map[string]int64 // creator, system, sub, member, external of ours; other: creator of theirs; company: of client
	cookies map[string]*http.Cookie
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.New()
	t.Cleanup(c.Stop)
	short, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { short.Close() })
	pages, err := respond.New(respond.Config{Assets: web.Files, PublicURL: "http://console.localhost", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, db: db, corps: map[string]int64{}, people: map[string]int64{}, cookies: map[string]*http.Cookie{},
		session: &session.Keeper{Store: short, DB: db, Now: c.Now, Part: "console"}}
	d, a := &directory.Service{DB: db, Now: c.Now}, apps.New(db, ring, c.Now)
	out := outbound.New(outbound.Config{AllowLoopback: true})
	log := &audit.Log{DB: db, Now: c.Now}
	queue := push.New(push.Config{DB: db, Clock: c, Client: out, Keys: ring, Log: slog.New(slog.DiscardHandler),
		Target: func(ctx context.Context, row int64) (push.Target, error) {
			app, err := a.App(ctx, row)
			if err != nil {
				return push.Target{}, err
			}
			cb, err := a.SuiteCallback(ctx, row)
			return push.Target{URL: cb.URL, Token: cb.Token, EncodingAESKey: cb.EncodingAESKey, SuiteID: app.SuiteID, ProviderCorpID: app.CorpID}, err
		},
		Mint: func(ctx context.Context, row int64, infoType string) ([]byte, error) {
			return protocol.Event{SuiteID: "x", InfoType: infoType, TimeStamp: c.Now().Unix(), SuiteTicket: "ticket"}.XML(), nil
		}})
	b.Handler = &Handler{Console: &console.Service{Respond: pages, Directory: d, Apps: a, Audit: log, Sessions: b.session, Now: c.Now},
		Apps: a, Directory: d, Push: queue, Calls: &calls.Log{DB: db, Now: c.Now}, Audit: log, Client: out, Now: c.Now,
		DomainCheck: true, Development: true}
	b.fill()
	mux := http.NewServeMux()
	b.Mount(mux)
	b.serve = pages.Wrap(mux)
	return b
}

// fill makes the corps, their people and administrators.
func (b *bench) fill() {
	b.t.Helper()
	ctx := b.t.Context()
	members := map[string]int64{}
	if err := b.Apps.Update(ctx, func(tx *sql.Tx) error {
		for _, id := range []string{ours, theirs, client} {
			row, err := b.Directory.CreateCorp(ctx, tx, directory.Corp{CorpID: id, Name: "corp " + id})
			if err != nil {
				return err
			}
			b.corps[id] = row
		}
		for _, id := range []string{ours, theirs} {
			if err := b.Apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: b.corps[id], Brand: "brand " + id, Secret: "secret " + id}); err != nil {
				return err
			}
		}
		for who, id := range map[string]string{"creator": ours, "system": ours, "sub": ours, "member": ours, "other": theirs, "company": client, "external": ""} {
			person, err := b.Directory.CreatePerson(ctx, tx, directory.Person{Name: who, Account: who}, "")
			if err != nil {
				return err
			}
			b.people[who] = person
			if id == "" {
				continue
			}
			if members[who], err = b.Directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: b.corps[id]}, Person: person,
				UserID: who, Name: who, Status: directory.Active}, 1); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.t.Fatal(err)
	}
	for _, a := range []directory.NewAdmin{
		{Corp: b.corps[ours], Member: members["creator"], Kind: directory.Creator},
		{Corp: b.corps[ours], Member: members["system"], Kind: directory.System},
		{Corp: b.corps[ours], Member: members["sub"], Kind: directory.Sub, Departments: []directory.AdminDepartment{{Number: 1, Writable: true}}},
		{Corp: b.corps[ours], Person: b.people["external"], Kind: directory.External},
		{Corp: b.corps[theirs], Member: members["other"], Kind: directory.Creator},
		{Corp: b.corps[client], Member: members["company"], Kind: directory.Creator},
	} {
		if _, err := b.Directory.AddAdmin(ctx, a); err != nil {
			b.t.Fatal(err)
		}
	}
}

// as is a session's cookie of a person; with "+" behind the name, of one who has just proved
// who they are.
func (b *bench) as(who string) *http.Cookie {
	b.t.Helper()
	if c := b.cookies[who]; c != nil {
		return c
	}
	name, proved := strings.CutSuffix(who, "+")
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	start := b.session.Start
	if proved {
		start = b.session.StartProved
	}
	if _, err := start(b.t.Context(), w, r, b.people[name], name); err != nil {
		b.t.Fatal(err)
	}
	b.cookies[who] = w.Result().Cookies()[0]
	return b.cookies[who]
}

// answer is what came back.
type answer struct {
	status int
	body   string
	to     string // where a redirect leads
}

func (b *bench) do(who string, r *http.Request) answer {
	b.t.Helper()
	if who != "" {
		r.AddCookie(b.as(who))
	}
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{w.Code, string(body), w.Header().Get("Location")}
}

// get asks for a page of our provider's console, or of another's: "other:/path".
func (b *bench) get(who, path string) answer {
	b.t.Helper()
	return b.do(who, httptest.NewRequest(http.MethodGet, address(path), nil))
}

// post sends a form with the session's own csrf.
func (b *bench) post(who, path string, fields ...string) answer {
	b.t.Helper()
	return b.postWith(who, path, b.csrf(who), fields...)
}

func (b *bench) postWith(who, path, csrf string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{"csrf": {csrf}}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, address(path), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(who, r)
}

func address(path string) string {
	if rest, ok := strings.CutPrefix(path, "other:"); ok {
		return "/provider/" + theirs + rest
	}
	return "/provider/" + ours + path
}

// csrf is the token of a session's forms.
func (b *bench) csrf(who string) string {
	b.t.Helper()
	if who == "" {
		return ""
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(b.as(who))
	s, err := b.session.Read(b.t.Context(), r)
	if err != nil {
		b.t.Fatal(err)
	}
	return s.CSRF()
}

// ok fails unless a form was accepted: it redirects to where it says.
func (b *bench) ok(a answer, to string) {
	b.t.Helper()
	if a.status != http.StatusSeeOther || a.to != address(to) {
		b.t.Fatalf("status %d to %q, want 303 to %q\n%s", a.status, a.to, address(to), problems(a.body))
	}
}

var errorWords = regexp.MustCompile(`(?s)<p class="error"[^>]*>(.*?)</p>`)

func problems(body string) string {
	var list []string
	for _, m := range errorWords.FindAllStringSubmatch(body, -1) {
		list = append(list, m[1])
	}
	return strings.Join(list, "\n")
}

// refused fails unless a form came back with a problem in whose words is want.
func (b *bench) refused(a answer, want string) {
	b.t.Helper()
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) {
		b.t.Errorf("status %d, problems %q; want 422 with %q", a.status, problems(a.body), want)
	}
}

// suite makes a suite of a provider.
func (b *bench) suite(corpid string, kind apps.Kind, name string) *apps.App {
	b.t.Helper()
	app, _, err := b.Apps.NewSuite(b.t.Context(), b.corps[corpid], kind, name)
	if err != nil {
		b.t.Fatal(err)
	}
	return app
}

// app reads a suite anew.
func (b *bench) app(row int64) *apps.App {
	b.t.Helper()
	app, err := b.Apps.App(b.t.Context(), row)
	if err != nil {
		b.t.Fatal(err)
	}
	return app
}

// audited lists the audit log, as "action target detail", oldest first.
func (b *bench) audited() []string {
	b.t.Helper()
	rows, err := b.db.Query(`SELECT action, target, detail FROM audit_entries WHERE corp_id = $1 AND actor <> 0 ORDER BY id`).Rows(b.t.Context(), b.corps[ours])
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var action, target, detail string
		if err := rows.Scan(&action, &target, &detail); err != nil {
			b.t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s %s %s", action, target, detail))
	}
	return list
}
