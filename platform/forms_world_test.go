package platform_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// world is a filled sandbox with browsers of its people.
type world struct {
	*platformtest.Platform
	t  *testing.T
	db *store.DB
	// creator is of the sample company, provider of the sample provider.
	creator, operator, provider *platformtest.Console
	hills                       *platformtest.Console // creator of another company
	// member is the phone of a member of two companies, staff that of the provider's creator,
	// joiner that of a member of another company, who joins the sample company.
	member, staff, joiner *platformtest.Console
	// hillsCorp is the corpid of another company than the sample's.
	hillsCorp string
	site      platform.SampleSite
	// own and foreign fill the places in a path: what is the visitor's, and what is not.
	own     map[string]string
	foreign map[string][]string
}

func newWorld(t *testing.T) *world { t.Helper(); return newWorldWith(t, platformtest.Options{}) }

func newWorldWith(t *testing.T, o platformtest.Options) *world {
	t.Helper()
	p := platformtest.Start(t, o)
	db, err := store.Open(t.Context(), filepath.Join(p.Dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{Platform: p, t: t, db: db, site: platform.SampleSite{Origin: platformtest.Origin}, hillsCorp: db2text(t, db, `SELECT corpid FROM corps WHERE name = '远山文化'`)}
	s := p.Sample
	w.creator, w.operator, w.provider = p.Console(s.CreatorPerson), p.Console(s.OperatorPerson), p.Console(s.ProviderPerson)
	w.hills = p.Console(w.number(`SELECT id FROM persons WHERE account = 'heqing'`))
	for _, c := range []*platformtest.Console{w.creator, w.operator, w.provider, w.hills} {
		c.Prove("")
	}
	w.member = w.phone(w.number(`SELECT id FROM persons WHERE account = 'lixi'`))
	w.staff = w.phone(s.ProviderPerson)
	w.joiner = w.phone(w.number(`SELECT id FROM persons WHERE account = 'tangmin'`))
	w.fill()
	return w
}

// phone signs a person in on a phone, freshly proved.
func (w *world) phone(person int64) *platformtest.Console {
	w.t.Helper()
	b := w.Browser()
	row := strconv.FormatInt(person, 10)
	b.Send("POST", "/phone/sign-in", url.Values{"person": {row}})
	var home struct {
		CSRF string `json:"csrf"`
	}
	b.Get("/phone").Decode(w.t, &home)
	b.CSRF = home.CSRF
	if a := b.Post("/phone/prove", url.Values{"person": {row}, "next": {"/phone"}}); a.Status != http.StatusSeeOther {
		w.t.Fatalf("prove on the phone: %d %.200s", a.Status, a.Body)
	}
	return b
}

// fill makes what the forms are about: of ours and of others one of each.
func (w *world) fill() {
	w.t.Helper()
	s := w.Sample
	csv := "姓名,账号,部门\n甲,jia,\n"
	for _, c := range []struct {
		*platformtest.Console
		corp string
	}{{w.creator, s.CorpID}, {w.hills, w.hillsCorp}} {
		w.see(c.SendFile("/admin/"+c.corp+"/contacts/import", url.Values{"csrf": {c.CSRF}}, "file", "x.csv", csv))
		for range 2 {
			if a := c.Post("/admin/"+c.corp+"/own-apps", url.Values{"name": {"自建"}}); a.Status != http.StatusOK {
				w.t.Fatalf("own app: %d %.300s", a.Status, a.Body)
			}
		}
	}
	// More there than there will be here, so that an agentid is another company's alone.
	for range 5 {
		w.hills.Post("/admin/"+w.hillsCorp+"/own-apps", url.Values{"name": {"自建"}})
	}
	galaxy := strconv.FormatInt(s.CorpRow, 10)
	hills := w.text(`SELECT id FROM corps WHERE corpid = '` + w.hillsCorp + `'`)
	id := func(format string, args ...any) string { return w.text(fmt.Sprintf(format, args...)) }
	now := strconv.FormatInt(w.Now().UnixMilli(), 10)
	if err := w.db.Update(w.t.Context(), func(tx *sql.Tx) error {
		for i, suite := range []int64{s.SuiteRow, s.Second.SuiteRow} {
			if _, err := tx.ExecContext(w.t.Context(), fmt.Sprintf(`INSERT INTO push_events (id, suite_row, seq, info_type, body, state, created_at)
				VALUES (%d, %d, 900000, 'suite_ticket', '', 'delivered', %s)`, i+1, suite, now)); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(w.t.Context(), fmt.Sprintf(`INSERT INTO departments (id, corp_id, number, parent, name, position)
			VALUES (1, %s, 77, 1, '他们的', 0)`, hills)); err != nil {
			return err
		}
		for i, account := range []string{"lixi", "zhangwei"} {
			if _, err := tx.ExecContext(w.t.Context(), fmt.Sprintf(`INSERT INTO passkeys (id, person_id, credential_id, credential, name, created_at, used_at)
				VALUES (%d, (SELECT id FROM persons WHERE account = '%s'), 'credential %d', '{}', 'key', %s, 0)`, i+1, account, i, now)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	w.own = map[string]string{
		"corp": s.CorpID, "agent": strconv.FormatInt(s.InstalledAgent, 10), "suite": s.SuiteID, "event": "1", "id": "1",
		"member": id(`SELECT id FROM members WHERE corp_id = %s AND userid = 'zhangwei'`, galaxy),
		"admin":  id(`SELECT id FROM admins WHERE corp_id = %s AND person_id = %d`, galaxy, s.AdminPerson),
		"number": "4", "import": id(`SELECT MAX(id) FROM imports WHERE corp_id = %s`, galaxy),
		"own": id(`SELECT agentid FROM apps WHERE id = %d`, s.AgentRow), "external": id(`SELECT id FROM admins WHERE corp_id = %s AND kind = 3`, galaxy),
	}
	w.foreign = map[string][]string{
		"agent":  {id(`SELECT MAX(agentid) FROM apps WHERE corp_id = %s`, hills), "1", "x", "-1"},
		"suite":  {s.Second.SuiteID, s.LoginSuiteID, "ww0", "%2e%2e"},
		"event":  {"2", "3", "x"},
		"id":     {id(`SELECT MAX(id) FROM devices WHERE part = 'phone' AND person_id = (SELECT id FROM persons WHERE account = 'tangmin')`), "2", "3", "x"},
		"member": {id(`SELECT MAX(id) FROM members WHERE corp_id = %s`, hills), "1", "x"},
		"admin":  {id(`SELECT MAX(id) FROM admins WHERE corp_id = %s`, hills), "1", "x"},
		"number": {"77", "-1", "x"},
		"import": {id(`SELECT MAX(id) FROM imports WHERE corp_id = %s`, hills), "1", "x"},
		"person": {id(`SELECT id FROM persons WHERE account = 'tangmin'`), "1", "x"},
		"corp":   {w.hillsCorp, s.Second.CorpID, "ww0", "x"},
	}
}

func (w *world) see(a platformtest.Page) {
	w.t.Helper()
	if a.Status != http.StatusSeeOther || strings.Contains(a.To(), "/sign-in") {
		w.t.Fatalf("%d to %q: %.400s", a.Status, a.To(), a.Body)
	}
}

func db2text(t testing.TB, db *store.DB, query string) (text string) {
	t.Helper()
	if err := db.Query(query).Row(t.Context()).Scan(&text); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}

func (w *world) text(query string) string { w.t.Helper(); return db2text(w.t, w.db, query) }

func (w *world) number(query string) int64 {
	w.t.Helper()
	n, err := strconv.ParseInt(w.text(query), 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// rowsOf writes a table out, its rows in order; where may narrow it.
func (w *world) rowsOf(table, where string) []string {
	w.t.Helper()
	rows, err := w.db.Query(`SELECT * FROM ` + table + ` ` + where).Rows(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		var line strings.Builder
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = hex.EncodeToString(b)
			}
			fmt.Fprintf(&line, "%s=%v ", columns[i], v)
		}
		list = append(list, line.String())
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// notDone are the tables of sessions, logs and what goes on by itself.
var notDone = []string{"audit_entries", "api_calls", "devices", "push_attempts", "push_events", "goose_db_version", "sqlite_sequence", "sqlite_stat1"}

func (w *world) tables() []string {
	w.t.Helper()
	rows, err := w.db.Query(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).Rows(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			w.t.Fatal(err)
		}
		if !slices.Contains(notDone, name) {
			list = append(list, name)
		}
	}
	if len(list) < 20 {
		w.t.Fatalf("only %d tables: %q", len(list), list)
	}
	return list
}

// state is a digest of each table but those of sessions and logs.
func (w *world) state() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for _, table := range w.tables() {
		sum := sha256.Sum256([]byte(strings.Join(w.rowsOf(table, ""), "\n")))
		all[table] = hex.EncodeToString(sum[:8])
	}
	return all
}

// differ lists the tables in which two states differ.
func differ(a, b map[string]string) (list []string) {
	for table := range b {
		if a[table] != b[table] {
			list = append(list, table)
		}
	}
	slices.Sort(list)
	return list
}

// installLink is what a provider's site sends an administrator with, for the sample suite.
func (w *world) installLink() url.Values {
	w.t.Helper()
	s := w.Sample
	var token protocol.SuiteToken
	w.Post(protocol.PathGetSuiteToken, protocol.GetSuiteToken{SuiteID: s.SuiteID, SuiteSecret: s.SuiteSecret,
		SuiteTicket: ticket(w.t, w.Platform, s.SuiteID)}, &token)
	a := api(w.t, w.Platform, protocol.PathGetPreAuthCode, protocol.QuerySuiteAccessToken, token.SuiteAccessToken)
	code := a.text("pre_auth_code")
	if code == "" {
		w.t.Fatalf("pre_auth_code: %.300s", a.body)
	}
	return url.Values{"suite_id": {s.SuiteID}, "pre_auth_code": {code}, "redirect_uri": {platformtest.Origin + "/installed"}, "state": {"s"}}
}

// scanned is the key of a login page's QR code that this phone has scanned.
func (w *world) scanned(phone *platformtest.Console) string {
	w.t.Helper()
	w.see(w.provider.Post("/provider/"+w.Sample.ProviderCorpID+"/login/switch", url.Values{"on": {"1"}}))
	w.SetSite(w.site)
	key := openPage(w.t, w.Platform).QRKey
	if phone != nil {
		w.see(phone.Post("/q/"+key+"/scan", nil))
	}
	return key
}

// enrolment is the secret of a link for a new member of the sample company.
func (w *world) enrolment(userid string) string {
	w.t.Helper()
	base := "/admin/" + w.Sample.CorpID + "/contacts/members"
	a := w.creator.Post(base, url.Values{"userid": {userid}, "name": {"新人"}, "main": {"3"}})
	w.see(a)
	return w.linkFor(w.creator, a.To()+"/link")
}

// linkFor is the secret of the link that a form makes.
func (w *world) linkFor(c *platformtest.Console, path string) string {
	w.t.Helper()
	a := c.Post(path, nil)
	_, rest, ok := strings.Cut(a.Body, "/phone/enrol/")
	if !ok || a.Status != http.StatusOK {
		w.t.Fatalf("no link: %d %.400s", a.Status, a.Body)
	}
	secret, _, _ := strings.Cut(rest, `"`)
	return secret
}

// pick signs a person of the sandbox in to the consoles, also who has none to enter.
func (w *world) pick(c *platformtest.Console, account string) {
	w.t.Helper()
	var page struct {
		CSRF string `json:"csrf"`
	}
	c.Get("/console/sign-in").Decode(w.t, &page)
	w.see(c.Send("POST", "/console/sign-in/pick", url.Values{"csrf": {page.CSRF}, "next": {"/console"},
		"person": {w.text(`SELECT id FROM persons WHERE account = '` + account + `'`)}}))
}
