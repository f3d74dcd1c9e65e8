package siteapi_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/siteapi"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/platform/web"
	"github.com/hufu-sso/hufu/protocol"
)

// trusted is the domain that every app here trusts.
const trusted = "https://app.example.com"

// holder is an app, or a provider, with its secret.
type holder struct {
	name    string
	row     int64 // app row; corp row of a provider
	corp    int64
	id      string // suite id, or the provider's corpid
	secret  string
	agentid int64
}

// env is the API over two providers with suites of their own, and two corps with apps of
// their own.
type env struct {
	t         *testing.T
	clock     *clock.Clock
	db        *store.DB
	apps      *apps.Service
	directory *directory.Service
	tokens    *tokens.Keeper
	server    *httptest.Server

	providers        []holder // A, B
	loginA, loginA2  holder   // login suites of A
	loginB           holder
	suiteA           holder   // an ordinary suite of A
	own1, own2, own3 holder   // apps of corps 1, 1 and 2
	corps            []holder // 1, 2
	member           directory.Member
	codes            int
}

func newEnv(t *testing.T) *env {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	e := &env{t: t, clock: clock.New()}
	t.Cleanup(e.clock.Stop)
	var err error
	if e.db, err = store.Open(ctx, filepath.Join(dir, "hufu.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.db.Close() })
	ring, err := keys.Open(ctx, e.db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	now := e.clock.Now
	e.apps, e.directory = apps.New(e.db, ring, now), &directory.Service{DB: e.db, Now: now}
	if e.tokens, err = tokens.New(e.db, ring, now); err != nil {
		t.Fatal(err)
	}
	if err := e.db.Update(ctx, func(tx *sql.Tx) error { return e.fill(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	for _, a := range []holder{e.loginA, e.loginA2, e.loginB, e.suiteA, e.own1, e.own2, e.own3} {
		if err := e.apps.SetAddresses(ctx, a.row, apps.Addresses{Trusted: []string{"app.example.com"}}); err != nil {
			t.Fatal(err)
		}
	}
	if e.member, err = e.directory.MemberByUserID(ctx, e.corps[0].row, "wei"); err != nil {
		t.Fatal(err)
	}
	r, err := respond.New(respond.Config{Assets: web.Files, PublicURL: "https://hufu.example.com", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	(&siteapi.Handler{Respond: r, Apps: e.apps, Directory: e.directory, Tokens: e.tokens, Bans: siteapi.NewBans(now)}).Mount(mux)
	e.server = httptest.NewServer(r.Wrap(mux))
	t.Cleanup(e.server.Close)
	return e
}

func (e *env) fill(ctx context.Context, tx *sql.Tx) error {
	corp := func(name string) (holder, error) {
		h := holder{name: name, id: "ww" + strings.Repeat(name[len(name)-1:], 16), secret: "secret of " + name}
		var err error
		h.row, err = e.directory.CreateCorp(ctx, tx, directory.Corp{CorpID: h.id, Name: name})
		h.corp = h.row
		return h, err
	}
	app := func(to *holder, kind apps.Kind, of holder, name string, agent int64) error {
		*to = holder{name: name, corp: of.row, secret: "secret of " + name, agentid: agent}
		if kind != apps.CorpApp {
			to.id = "ww" + fmt.Sprintf("%x", name)
		}
		var err error
		to.row, err = e.apps.CreateApp(ctx, tx, apps.NewApp{Kind: kind, CorpRow: of.row, SuiteID: to.id, AgentID: agent,
			Name: name, Secret: to.secret})
		return err
	}
	for _, name := range []string{"provider a", "provider b"} {
		p, err := corp(name)
		if err != nil {
			return err
		}
		if err := e.apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: p.row, Brand: name, Secret: p.secret}); err != nil {
			return err
		}
		e.providers = append(e.providers, p)
	}
	for _, name := range []string{"corp 1", "corp 2"} {
		c, err := corp(name)
		if err != nil {
			return err
		}
		e.corps = append(e.corps, c)
	}
	person, err := e.directory.CreatePerson(ctx, tx, directory.Person{Name: "Wei", Account: "wei"}, "")
	if err != nil {
		return err
	}
	if _, err := e.directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: e.corps[0].row},
		Person: person, UserID: "Wei", Name: "Wei"}, 1); err != nil {
		return err
	}
	for _, make := range []func() error{
		func() error { return app(&e.loginA, apps.LoginSuite, e.providers[0], "login a", 0) },
		func() error { return app(&e.loginA2, apps.LoginSuite, e.providers[0], "login a2", 0) },
		func() error { return app(&e.loginB, apps.LoginSuite, e.providers[1], "login b", 0) },
		func() error { return app(&e.suiteA, apps.Suite, e.providers[0], "suite a", 0) },
		func() error { return app(&e.own1, apps.CorpApp, e.corps[0], "own 1", 1000002) },
		func() error { return app(&e.own2, apps.CorpApp, e.corps[0], "own 2", 1000003) },
		func() error { return app(&e.own3, apps.CorpApp, e.corps[1], "own 3", 1000002) },
		func() error { return e.apps.Cover(ctx, tx, e.own1.row, 1) },
	} {
		if err := make(); err != nil {
			return err
		}
	}
	return nil
}

// issue is an access token as the platform would give it out.
func (e *env) issue(kind tokens.Kind, row int64) string {
	e.t.Helper()
	text, _, err := e.tokens.Issue(e.t.Context(), kind, row, 1)
	if err != nil {
		e.t.Fatal(err)
	}
	return text
}

// code is a fresh code of a kind for an app, of the one member there is.
func (e *env) code(kind tokens.Kind, app int64) string {
	e.codes++
	return e.tokens.MintCode(kind, fmt.Sprint("attempt ", e.codes), tokens.Code{App: app, Corp: e.member.Corp.Row,
		Member: e.member.Row, Person: e.member.Person, Origin: trusted, At: e.clock.Now()})
}

// get calls the API and answers its errcode and its fields.
func (e *env) get(path string, query url.Values) (protocol.Code, map[string]any) {
	e.t.Helper()
	return e.do("GET", path+"?"+query.Encode(), "")
}

func (e *env) do(method, path, body string) (protocol.Code, map[string]any) {
	e.t.Helper()
	r, err := http.NewRequest(method, e.server.URL+path, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil || resp.StatusCode != http.StatusOK {
		e.t.Fatalf("%s: %d %s", path, resp.StatusCode, raw)
	}
	n, ok := fields["errcode"].(float64)
	if !ok {
		e.t.Fatalf("%s: no errcode: %s", path, raw)
	}
	return protocol.Code(n), fields
}
