package siteapi_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
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
	suiteA           holder   // an ordinary suite of A, with a business-settings URL
	suiteA2, suiteB  holder   // more of A and B, likewise
	own1, own2, own3 holder   // apps of corps 1, 1 and 2
	corps            []holder // 1, 2
	member           directory.Member
	codes            int

	// Installations of corp 1: of suite A with departments 2 and 3 and member Cui, of suite A2
	// with nobody, of suite B, whose provider sees plain ids, with everybody.
	instA, instA2, instB int64
	ext                  int64 // person row of the external admin of corp 1
	log                  *calls.Log
	consents             *consent.Service
	api                  *siteapi.Handler
}

// business is where the suites' business settings are.
const business = "https://biz.example.com"

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
	for _, a := range []holder{e.loginA, e.loginA2, e.loginB, e.suiteA, e.suiteA2, e.suiteB, e.own1, e.own2, e.own3} {
		if err := e.apps.SetAddresses(ctx, a.row, apps.Addresses{Trusted: []string{"app.example.com"}}); err != nil {
			t.Fatal(err)
		}
	}
	if e.member, err = e.directory.MemberByUserID(ctx, e.corps[0].row, "wei"); err != nil {
		t.Fatal(err)
	}
	e.furnish(ctx)
	flights, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { flights.Close() })
	e.consents = &consent.Service{DB: e.db, Now: now}
	e.log = &calls.Log{DB: e.db, Now: now}
	r, err := respond.New(respond.Config{Assets: web.Files, PublicURL: "https://hufu.example.com", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	e.api = &siteapi.Handler{Respond: r, Apps: e.apps, Directory: e.directory, Tokens: e.tokens, Consents: e.consents, Bans: siteapi.NewBans(now),
		Sessions: flights, Calls: e.log, Now: now, PublicURL: "https://hufu.example.com"}
	e.api.Mount(mux)
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
		func() error { return app(&e.suiteA2, apps.Suite, e.providers[0], "suite a2", 0) },
		func() error { return app(&e.suiteB, apps.Suite, e.providers[1], "suite b", 0) },
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

// furnish gives corp 1 departments, members, admins and installations:
//
//	1 Wei, creator
//	├ 2 An, sub-admin who manages suite A and uses suite A2
//	│ └ 3 Bo, leader; sub-admin who uses suite A
//	└ 4 An, Cui, Dan
func (e *env) furnish(ctx context.Context) {
	e.t.Helper()
	must := func(err error) {
		e.t.Helper()
		if err != nil {
			e.t.Fatal(err)
		}
	}
	corp, rows := e.corps[0].row, map[string]int64{"Wei": e.member.Row}
	must(e.apps.Update(ctx, func(tx *sql.Tx) (err error) {
		for _, d := range []directory.Department{{Number: 2, Parent: 1, Name: "研发", Position: 20}, {Number: 3, Parent: 2, Name: "平台"}, {Number: 4, Parent: 1, Name: "销售"}} {
			must(e.directory.CreateDepartment(ctx, tx, corp, d))
		}
		for _, m := range []struct {
			id          string
			departments []int64
		}{{"An", []int64{2, 4}}, {"Bo", []int64{3}}, {"Cui", []int64{4}}, {"Dan", []int64{4}}} {
			person, err := e.directory.CreatePerson(ctx, tx, directory.Person{Name: m.id, Account: m.id}, "")
			must(err)
			rows[m.id], err = e.directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: corp}, Person: person,
				UserID: m.id, Name: m.id + " 本名", Position: "工程师", Mobile: "138" + m.id, Gender: 1}, m.departments...)
			must(err)
		}
		_, err = tx.ExecContext(ctx, `UPDATE member_departments SET leader = TRUE WHERE member_id = $1`, rows["Bo"])
		must(err)
		e.ext, err = e.directory.CreatePerson(ctx, tx, directory.Person{Name: "Ext", Account: "ext@example.com"}, "")
		must(err)
		for _, i := range []struct {
			to                   *int64
			suite                holder
			departments, members []int64
			plain                bool
		}{{&e.instA, e.suiteA, []int64{2}, []int64{rows["Cui"]}, false}, {&e.instA2, e.suiteA2, nil, nil, false}, {&e.instB, e.suiteB, []int64{1}, nil, true}} {
			*i.to, err = e.apps.Install(ctx, tx, apps.NewInstallation{App: i.suite.row, Corp: corp, Departments: i.departments,
				Members: i.members, InstalledBy: e.member.Person, PlainIDs: i.plain, State: "state1"})
			must(err)
		}
		return nil
	}))
	for _, s := range []holder{e.suiteA, e.suiteA2, e.suiteB} {
		must(e.apps.SetURLs(ctx, s.row, apps.URLs{Business: business + "/in?x=1", Home: business}))
	}
	for _, p := range e.providers {
		must(e.apps.SetDomainProved(ctx, p.row, "biz.example.com"))
		must(e.apps.SetDomainProved(ctx, p.row, "other.example.com"))
	}
	for _, a := range []directory.NewAdmin{
		{Corp: corp, Member: rows["Wei"], Kind: directory.Creator},
		{Corp: corp, Member: rows["An"], Kind: directory.Sub, Departments: []directory.AdminDepartment{{Number: 2, Writable: true}, {Number: 4}}, Apps: map[int64]bool{e.instA: true, e.instA2: false}},
		{Corp: corp, Member: rows["Bo"], Kind: directory.Sub, Departments: []directory.AdminDepartment{{Number: 3}}, Apps: map[int64]bool{e.instA: false}},
		{Corp: corp, Person: e.ext, Kind: directory.External},
	} {
		_, err := e.directory.AddAdmin(ctx, a)
		must(err)
	}
}

// who reads a member of corp 1.
func (e *env) who(userid string) directory.Member {
	e.t.Helper()
	m, err := e.directory.MemberByUserID(e.t.Context(), e.corps[0].row, userid)
	if err != nil {
		e.t.Fatal(err)
	}
	return m
}

// open is what provider A, or B, sees of a member of corp 1; empty userid: of the corp.
func (e *env) open(provider int, userid string) string {
	e.t.Helper()
	p, err := e.apps.Provider(e.t.Context(), e.providers[provider].row)
	if err != nil {
		e.t.Fatal(err)
	}
	if userid == "" {
		return p.CorpIDFor(e.corps[0].row)
	}
	return p.OpenUserID(e.corps[0].row, e.who(userid).Row)
}

// installed reads an installation and answers a corp token of it.
func (e *env) installed(row int64) string {
	e.t.Helper()
	i, err := e.apps.InstallationByRow(e.t.Context(), row)
	if err != nil {
		e.t.Fatal(err)
	}
	text, _, err := e.tokens.Issue(e.t.Context(), tokens.InstalledToken, row, i.Generation)
	if err != nil {
		e.t.Fatal(err)
	}
	return text
}

// jump is the code of an admin's jump from corp 1; empty userid: the external admin's.
func (e *env) jump(suite holder, userid string) string {
	e.t.Helper()
	c := tokens.Code{App: suite.row, Corp: e.corps[0].row, Person: e.ext, Origin: business, At: e.clock.Now()}
	if userid != "" {
		m := e.who(userid)
		c.Member, c.Person = m.Row, m.Person
	}
	e.codes++
	return e.tokens.MintCode(tokens.AdminCode, fmt.Sprint("jump ", e.codes), c)
}

// install is the code of an install in corp 1.
func (e *env) install(suite holder, inst int64) string {
	e.codes++
	return e.tokens.MintCode(tokens.InstallCode, fmt.Sprint("install ", e.codes), tokens.Code{App: suite.row, Corp: e.corps[0].row,
		Member: e.member.Row, Person: e.member.Person, Installation: inst, At: e.clock.Now()})
}

// post calls the API with a body.
func (e *env) post(path string, query url.Values, body string) (protocol.Code, map[string]any) {
	e.t.Helper()
	return e.do("POST", path+"?"+query.Encode(), body)
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

// code is a fresh code of a kind for an app, of Wei. It says as much as any code can, so that
// its kind alone decides what it is good for.
func (e *env) code(kind tokens.Kind, app int64) string {
	e.codes++
	inst := map[int64]int64{e.suiteA.row: e.instA, e.suiteA2.row: e.instA2, e.suiteB.row: e.instB}[app]
	return e.tokens.MintCode(kind, fmt.Sprint("attempt ", e.codes), tokens.Code{App: app, Corp: e.member.Corp.Row,
		Member: e.member.Row, Person: e.member.Person, Installation: inst, Origin: trusted, At: e.clock.Now()})
}

// get calls the API and answers its errcode and its fields.
func (e *env) get(path string, query url.Values) (protocol.Code, map[string]any) {
	e.t.Helper()
	return e.do("GET", path+"?"+query.Encode(), "")
}

func (e *env) do(method, path, body string) (protocol.Code, map[string]any) {
	e.t.Helper()
	// Without a connection: tables of tests make thousands of calls.
	r, w := httptest.NewRequest(method, path, strings.NewReader(body)), httptest.NewRecorder()
	r.RemoteAddr = "127.0.0.1:1"
	e.server.Config.Handler.ServeHTTP(w, r)
	resp, raw := w.Result(), w.Body.Bytes()
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
