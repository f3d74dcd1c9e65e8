package contacts

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/web"
)

const (
	ours   = "ww1111111111111111"
	theirs = "ww2222222222222222"
	origin = "http://localhost"
	base   = "/admin/" + ours
)

// bench is the pages over a real store. Ours has departments 2 生产部 (beneath it 4 一车间) and
// 3 市场部; members creator and system in 1, sub in 4 (sees 2 and 3, changes 2), worker in 4,
// seller in 3, both (who is in theirs too) in 4. Theirs has department 12 and member foreign.
type bench struct {
	*Handler
	t       *testing.T
	serve   http.Handler
	keeper  *session.Keeper
	corps   map[string]int64
	members map[string]int64
	people  map[string]int64
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	must(t, err)
	short, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), time.Now)
	must(t, err)
	t.Cleanup(func() { short.Close() })
	pages, err := respond.New(respond.Config{Assets: web.Files, PublicURL: origin, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	d, a, log := &directory.Service{DB: db, Now: time.Now}, apps.New(db, ring, time.Now), &audit.Log{DB: db, Now: time.Now}
	b := &bench{t: t, keeper: &session.Keeper{Store: short, DB: db, Now: time.Now, Part: "console"},
		corps: map[string]int64{}, members: map[string]int64{}, people: map[string]int64{}}
	cred, err := credentials.New(db, short, origin, time.Now)
	must(t, err)
	cred.Directory, cred.Sessions = d, b.keeper
	b.Handler = &Handler{Console: &console.Service{Respond: pages, Directory: d, Apps: a, Audit: log, Sessions: b.keeper, Now: time.Now, ConsoleURL: origin},
		DB: db, Directory: d, Apps: a, Credentials: cred, Audit: log, Now: time.Now, PhoneURL: origin}
	t.Cleanup(b.Wait)
	b.fill()
	mux := http.NewServeMux()
	b.Mount(mux)
	b.serve = pages.Wrap(mux)
	return b
}

func (b *bench) fill() {
	ctx := b.t.Context()
	must(b.t, b.DB.Update(ctx, func(tx *sql.Tx) error {
		for _, id := range []string{ours, theirs} {
			row, err := b.Directory.CreateCorp(ctx, tx, directory.Corp{CorpID: id, Name: map[string]string{ours: "星河制造", theirs: "远山文化"}[id]})
			if err != nil {
				return err
			}
			b.corps[id] = row
		}
		for _, c := range []struct {
			corp string
			d    directory.Department
		}{{ours, directory.Department{Number: 2, Parent: 1, Name: "生产部"}}, {ours, directory.Department{Number: 3, Parent: 1, Name: "市场部"}},
			{ours, directory.Department{Number: 4, Parent: 2, Name: "一车间"}}, {theirs, directory.Department{Number: 12, Parent: 1, Name: "编辑部"}}} {
			if err := b.Directory.CreateDepartment(ctx, tx, b.corps[c.corp], c.d); err != nil {
				return err
			}
		}
		for _, m := range []struct {
			who, corp  string
			department int64
		}{{"creator", ours, 1}, {"system", ours, 1}, {"sub", ours, 4}, {"worker", ours, 4}, {"seller", ours, 3}, {"both", ours, 4}, {"foreign", theirs, 12}} {
			person, err := b.Directory.CreatePerson(ctx, tx, directory.Person{Name: m.who, Account: m.who}, "")
			if err != nil {
				return err
			}
			b.people[m.who] = person
			if b.members[m.who], err = b.Directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: b.corps[m.corp]}, Person: person,
				UserID: m.who, Name: m.who, Mobile: "1380000" + strconv.Itoa(len(b.people))}, m.department); err != nil {
				return err
			}
		}
		external, err := b.Directory.CreatePerson(ctx, tx, directory.Person{Name: "external", Account: "external"}, "")
		if err != nil {
			return err
		}
		b.people["external"] = external
		_, err = b.Directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: b.corps[theirs]}, Person: b.people["both"], UserID: "both", Name: "both", Mobile: "13911111111"}, 12)
		return err
	}))
	for _, a := range []directory.NewAdmin{
		{Corp: b.corps[ours], Member: b.members["creator"], Kind: directory.Creator},
		{Corp: b.corps[ours], Member: b.members["system"], Kind: directory.System},
		{Corp: b.corps[ours], Member: b.members["sub"], Kind: directory.Sub, Departments: []directory.AdminDepartment{{Number: 2, Writable: true}, {Number: 3}}},
		{Corp: b.corps[ours], Person: b.people["external"], Kind: directory.External},
		{Corp: b.corps[theirs], Member: b.members["foreign"], Kind: directory.Creator},
	} {
		_, err := b.Directory.AddAdmin(ctx, a)
		must(b.t, err)
	}
}

type answer struct {
	status int
	body   string
	to     string
}

func (b *bench) send(r *http.Request) answer {
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, r)
	return answer{w.Code, w.Body.String(), w.Header().Get("Location")}
}

// as is the cookie and csrf of somebody; "creator+" has just proved who they are.
func (b *bench) as(who string) (*http.Cookie, string) {
	b.t.Helper()
	name, proved := strings.CutSuffix(who, "+")
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, origin, nil)
	start := b.keeper.Start
	if proved {
		start = b.keeper.StartProved
	}
	s, err := start(b.t.Context(), w, r, b.people[name], name)
	must(b.t, err)
	return w.Result().Cookies()[0], s.CSRF()
}

func (b *bench) get(who, path string) answer {
	b.t.Helper()
	cookie, _ := b.as(who)
	r := httptest.NewRequest(http.MethodGet, origin+path, nil)
	r.AddCookie(cookie)
	return b.send(r)
}

// view reads a page as JSON.
func (b *bench) view(who, path string, into any) {
	b.t.Helper()
	cookie, _ := b.as(who)
	r := httptest.NewRequest(http.MethodGet, origin+path, nil)
	r.Header.Set("Accept", "application/json")
	r.AddCookie(cookie)
	if a := b.send(r); a.status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", path, a.status, a.body)
	} else {
		must(b.t, json.Unmarshal([]byte(a.body), into))
	}
}

func (b *bench) post(who, path string, pairs ...string) answer {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	cookie, csrf := b.as(who)
	if !values.Has("csrf") {
		values.Set("csrf", csrf)
	}
	r := httptest.NewRequest(http.MethodPost, origin+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookie)
	return b.send(r)
}

// sendFile uploads a file and answers the path of its import.
func (b *bench) sendFile(who string, content []byte) (string, answer) {
	b.t.Helper()
	cookie, csrf := b.as(who)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must(b.t, form.WriteField("csrf", csrf))
	part, err := form.CreateFormFile("file", "members.csv")
	must(b.t, err)
	_, err = part.Write(content)
	must(b.t, err)
	must(b.t, form.Close())
	r := httptest.NewRequest(http.MethodPost, origin+base+"/contacts/import", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.AddCookie(cookie)
	a := b.send(r)
	return a.to, a
}

func (b *bench) count(query string, args ...any) int {
	b.t.Helper()
	var n int
	must(b.t, b.DB.Query(query).Row(b.t.Context(), args...).Scan(&n))
	return n
}
