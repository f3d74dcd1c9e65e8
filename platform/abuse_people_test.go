package platform_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// memberRow is the row of a member of a company.
func (w *world) memberRow(corp, userid string) string {
	w.t.Helper()
	return w.text(`SELECT m.id FROM members m JOIN corps c ON c.id = m.corp_id WHERE c.corpid = '` + corp + `' AND m.userid = '` + userid + `'`)
}

// credentialsOf are all that somebody could sign in with as a person.
func (w *world) credentialsOf(account string) string {
	w.t.Helper()
	return strings.Join(append(w.rowsOf("persons", `WHERE account = '`+account+`'`),
		w.rowsOf("passkeys", `WHERE person_id = (SELECT id FROM persons WHERE account = '`+account+`')`)...), "\n")
}

// Abuse case 16: no one company sets the credentials of a person who is anything elsewhere,
// whichever way it tries.
func TestAbuse16(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	base := "/admin/" + s.CorpID
	// Who is a member of two companies; who is an admin of another; who runs the platform.
	w.SetSite(w.site)
	before := w.credentialsOf("lixi")
	for who, c := range map[string]struct {
		*platformtest.Console
		path string
	}{
		"a member of both, by this company":  {w.creator, base + "/contacts/members/" + w.memberRow(s.CorpID, "lixi") + "/link"},
		"a member of both, by the other one": {w.hills, "/admin/" + w.hillsCorp + "/contacts/members/" + w.memberRow(w.hillsCorp, "linxi") + "/link"},
		"another company's member":           {w.creator, base + "/contacts/members/" + w.memberRow(w.hillsCorp, "tangmin") + "/link"},
		"another company's, in its own path": {w.creator, "/admin/" + w.hillsCorp + "/contacts/members/" + w.memberRow(w.hillsCorp, "tangmin") + "/link"},
	} {
		if a := c.Post(c.path, nil); a.Status < 400 || strings.Contains(a.Body, "/phone/enrol/") {
			t.Errorf("%s: %d %.200s", who, a.Status, a.Body)
		}
	}
	if n := w.number(`SELECT COUNT(*) FROM enrolments`); n != 0 {
		t.Errorf("%d links were made", n)
	}

	// A link that was made before the person joined another company does nothing after.
	member := w.memberRow(s.CorpID, "zhaolei")
	reset := w.linkFor(w.creator, base+"/contacts/members/"+member+"/link")
	a := w.hills.Post("/admin/"+w.hillsCorp+"/contacts/members", url.Values{"userid": {"zhao"}, "name": {"赵"}, "main": {"2"}})
	w.see(a)
	invited := w.linkFor(w.hills, a.To()+"/link")
	zhaolei := w.phone(w.number(`SELECT id FROM persons WHERE account = 'zhaolei'`))
	second := w.phone(w.number(`SELECT id FROM persons WHERE account = 'zhaolei'`))
	a = zhaolei.Post("/phone/enrol/"+invited+"/join", nil)
	w.see(a)
	if a := second.Get("/phone/account"); a.Status != http.StatusSeeOther {
		t.Errorf("another session of who joined: %d", a.Status)
	}
	old := w.credentialsOf("zhaolei")
	fields := url.Values{"account": {"taken-over"}, "password": {"correct horse"}, "confirm": {"correct horse"}}
	if a := w.Browser().Send("POST", "/phone/enrol/"+reset, fields); a.Status != http.StatusGone {
		t.Errorf("the older link: %d %.200s", a.Status, a.Body)
	}
	if got := w.credentialsOf("zhaolei"); got != old {
		t.Errorf("credentials were set:\n%s\n%s", old, got)
	}
	if a := w.creator.Post(base+"/contacts/members/"+member+"/link", nil); a.Status < 400 || strings.Contains(a.Body, "/phone/enrol/") {
		t.Errorf("a new link: %d %.200s", a.Status, a.Body)
	}
	if got := w.credentialsOf("lixi"); got != before {
		t.Errorf("credentials were set:\n%s\n%s", before, got)
	}

	// Mobile, email, name and userid join nobody: the same ones are two persons.
	a = w.hills.Post("/admin/"+w.hillsCorp+"/contacts/members", url.Values{"userid": {"zhangwei"}, "name": {"张伟"}, "main": {"2"},
		"mobile": {"13900000001"}, "email": {"zhangwei@example.com"}})
	w.see(a)
	if n := w.number(`SELECT COUNT(DISTINCT person_id) FROM members WHERE userid = 'zhangwei'`); n != 2 {
		t.Errorf("zhangwei of two companies: %d persons", n)
	}
	stolen := w.linkFor(w.hills, a.To()+"/link")
	fields = url.Values{"account": {"zhangwei"}, "password": {"correct horse"}, "confirm": {"correct horse"}}
	old = w.credentialsOf("zhangwei")
	if a := w.Browser().Send("POST", "/phone/enrol/"+stolen, fields); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("somebody else's sign-in name: %d %.200s", a.Status, a.Body)
	}
	if got := w.credentialsOf("zhangwei"); got != old {
		t.Errorf("credentials were set:\n%s\n%s", old, got)
	}
}

// A link outlives nothing of what it was made for: not the membership, not the rights.
func TestLinksEndWithTheirReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/admin/" + w.Sample.CorpID
	fields := func(account string) url.Values {
		return url.Values{"account": {account}, "password": {"correct horse"}, "confirm": {"correct horse"}}
	}
	dead := func(what, secret string) {
		t.Helper()
		old := w.state()
		for path, a := range map[string]platformtest.Page{
			"":      w.Browser().Send("POST", "/phone/enrol/"+secret, fields("whoever")),
			"/join": w.joiner.Post("/phone/enrol/"+secret+"/join", nil),
		} {
			if a.Status != http.StatusGone {
				t.Errorf("%s: POST %s: %d %.200s", what, path, a.Status, a.Body)
			}
		}
		if now := w.state(); len(differ(old, now)) > 0 {
			t.Errorf("%s: changed %q", what, differ(old, now))
		}
	}
	removed := newMember("gone1")(w)
	link := w.linkFor(w.creator, base+"/contacts/members/"+removed+"/link")
	w.see(w.creator.Post(base+"/contacts/members/"+removed+"/remove", nil))
	dead("a removed member's", link)

	// An external admin who has an account, and is then dismissed: the company has no hold on
	// them any more.
	row := w.own["external"]
	link = w.linkFor(w.creator, base+"/admins/"+row+"/link")
	w.see(w.creator.Post(base+"/admins/"+row+"/remove", nil))
	dead("a dismissed external admin's", link)

	// One who never came.
	a := w.creator.Post(base+"/admins", url.Values{"kind": {"3"}, "name": {"外部"}})
	_, rest, _ := strings.Cut(a.Body, "/phone/enrol/")
	link, _, _ = strings.Cut(rest, `"`)
	row = w.text(`SELECT a.id FROM admins a JOIN persons p ON p.id = a.person_id WHERE p.name = '外部'`)
	w.see(w.creator.Post(base+"/admins/"+row+"/remove", nil))
	dead("an external admin's who never came", link)

	older := w.linkFor(w.creator, base+"/contacts/members/"+w.own["member"]+"/link")
	w.linkFor(w.creator, base+"/contacts/members/"+w.own["member"]+"/link")
	dead("the older of two", older)
	late := w.linkFor(w.creator, base+"/contacts/members/"+w.own["member"]+"/link")
	w.Advance(72*time.Hour + time.Minute)
	for _, path := range []string{"", "/passkey"} {
		if a := w.Browser().Send("POST", "/phone/enrol/"+late+path, fields("whoever")); a.Status != http.StatusGone {
			t.Errorf("after 72 hours: %d", a.Status)
		}
	}
}

// importRun is what an import's page says.
type importRun struct {
	State                    string
	Created, Updated, Failed int
	Total                    int
	AdminColumns             []string `json:"admin_columns"`
	Problems                 []struct {
		Line    int
		UserID  string
		Problem string
	}
	WillCreate int `json:"will_create"`
	WillUpdate int `json:"will_update"`
}

// importCSV uploads a file, starts it and waits for its end.
func (w *world) importCSV(c *platformtest.Console, corp, text string) (run importRun) {
	w.t.Helper()
	a := c.SendFile("/admin/"+corp+"/contacts/import", url.Values{"csrf": {c.CSRF}}, "file", "x.csv", text)
	if a.Status != http.StatusSeeOther {
		w.t.Fatalf("upload: %d %.300s", a.Status, a.Body)
	}
	path := a.To()
	c.Get(path).Decode(w.t, &run)
	preview := run.Problems
	if a := c.Post(path+"/start", nil); a.Status != http.StatusSeeOther && a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusConflict {
		w.t.Fatalf("start: %d %.300s", a.Status, a.Body)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		run = importRun{}
		if c.Get(path).Decode(w.t, &run); run.State != "running" {
			break
		}
	}
	if len(run.Problems) == 0 {
		run.Problems = preview
	}
	return run
}

// Abuse cases 16 and 17: a file changes the members of its company and nothing else; what is
// wrong with a line is said of that line.
func TestAbuse17(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	w.see(w.hills.Post("/admin/"+w.hillsCorp+"/contacts/members/"+w.memberRow(w.hillsCorp, "tangmin"), url.Values{"userid": {"tangmin"}, "name": {"唐敏"},
		"main": {"2"}, "mobile": {"13900000002"}, "email": {"tangmin@example.com"}}))
	w.see(w.creator.Post("/admin/"+s.CorpID+"/contacts/members/"+w.own["member"], url.Values{"userid": {"zhangwei"}, "name": {"张伟"}, "main": {"2"},
		"mobile": {"13900000001"}}))
	admins, strangers := w.rowsOf("admins", ""), w.others()
	persons := w.number(`SELECT COUNT(*) FROM persons`)
	lines := []struct{ line, problem string }{
		{`好人,good1,生产部,13900000003,creator,1,1`, ""},
		{`乙的手机,good2,生产部,13900000002,creator,1,1`, ""}, // another company's member: another person
		{`甲的手机,bad1,生产部,13900000001,,,`, "mobile.taken"},
		{`=1+1,bad2,生产部,,,,`, "formula"},
		{`@SUM(A1),bad3,生产部,,,,`, "formula"},
		{`＝1+1,bad4,生产部,,,,`, "formula"},
		{`"	=1",bad5,生产部,,,,`, "formula"},
		{`好人,"=cmd|'/c calc'!A1",生产部,,,,`, "formula"},
		{`大写,GOOD1,生产部,,,,`, "twice"},
		{`他们的部门,bad6,编辑部,,,,`, "department"},
		{`没有的部门,bad7,不存在,,,,`, "department"},
		{`部门号,bad8,77,,,,`, "department"},
		{strings.Repeat("长", 3000) + `,bad9,生产部,,,,`, "huge"},
		{`"引号,bad10,生产部,,,,`, "quotes"},
		{`空账号,,生产部,,,,`, "userid.missing"},
		{`路径,../../x,生产部,,,,`, "userid.form"},
		{`号码,id 5,生产部,,,,`, "userid.form"},
	}
	text := "姓名,账号,部门,手机,管理员,person_id,id\n"
	for _, l := range lines {
		text += l.line + "\n"
	}
	run := w.importCSV(w.creator, s.CorpID, text)
	if run.State != "done" || run.Created != 2 || run.Updated != 0 || !slices.Contains(run.AdminColumns, "管理员") {
		t.Errorf("%+v", run)
	}
	said := map[int]string{}
	for _, p := range run.Problems {
		said[p.Line] = p.Problem
	}
	for i, l := range lines {
		if got := said[i+2]; (got == "") != (l.problem == "") || l.problem != "" && !strings.Contains(got, strings.Split(l.problem, ".")[0]) {
			t.Errorf("line %d %.30s: %q, want %q", i+2, l.line, got, l.problem)
		}
	}
	if got := w.rowsOf("admins", ""); !slices.Equal(got, admins) {
		t.Errorf("admins changed:\n%s", strings.Join(difference(admins, got), "\n"))
	}
	if got := w.others(); !slices.Equal(got, strangers) {
		t.Errorf("others changed:\n%s", strings.Join(difference(strangers, got), "\n"))
	}
	if n := w.number(`SELECT COUNT(*) FROM persons`); n != persons+2 {
		t.Errorf("%d persons more, want 2: each new member is somebody new", n-persons)
	}

	// A sub-admin's file changes nobody beyond their department, and no admin.
	sub := w.Console(s.SubAdminPerson)
	before := w.rowsOf("members", `WHERE userid IN ('zhoujie', 'wangfang', 'luojianguo', 'sunyue')`)
	run = w.importCSV(sub, s.CorpID, "姓名,账号,部门\n周杰改,zhoujie,生产部\n王芳改,wangfang,生产部\n罗改,luojianguo,生产部\n自己改,sunyue,生产部\n新人,subnew,市场部\n新人,subnew2,星河制造\n")
	if run.Created != 0 || run.Updated != 0 || len(run.Problems) != 6 {
		t.Errorf("a sub-admin's file: %+v", run)
	}
	if got := w.rowsOf("members", `WHERE userid IN ('zhoujie', 'wangfang', 'luojianguo', 'sunyue')`); !slices.Equal(got, before) {
		t.Errorf("changed by a sub-admin:\n%s", strings.Join(difference(before, got), "\n"))
	}
}

// Abuse case 17, the other way: no cell of an export is a formula, and what was exported can
// be imported again.
func TestAbuse17Export(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	path := "/admin/" + s.CorpID + "/contacts"
	evil := []string{"=1+1", "+1", "-1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠x", "=HYPERLINK(\"http://evil.example\",\"x\")"}
	for i, name := range evil {
		a := w.creator.Post(path+"/members", url.Values{"userid": {fmt.Sprint("evil", i)}, "name": {name}, "position": {name}, "alias": {name}, "main": {"3"}})
		w.see(a)
	}
	w.see(w.creator.Post(path+"/departments", url.Values{"name": {"=1+1"}, "parent": {"1"}}))
	audit := "/admin/" + s.CorpID + "/audit/export"
	for _, export := range []string{path + "/export", audit} {
		a := w.creator.Post(export, nil)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\xef\xbb\xbf"))).ReadAll()
		if err != nil || len(rows) < len(evil) || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Fatalf("%s: %v, %d rows, %s", export, err, len(rows), a.Header.Get("Content-Type"))
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
					t.Errorf("%s: a formula: %q", export, cell)
				}
			}
		}
	}
	before := w.rowsOf("members", "")
	run := w.importCSV(w.creator, s.CorpID, w.creator.Post(path+"/export", nil).Body)
	if run.Created != 0 || len(run.Problems) != 0 {
		t.Errorf("an export, imported: %+v", run)
	}
	if got := w.rowsOf("members", ""); !slices.Equal(got, before) {
		t.Errorf("changed:\n%s", strings.Join(difference(before, got), "\n"))
	}
}

// What a provider sees of a member stays through a rename, and is another one's once somebody
// else has the userid.
func TestIDsFollowTheMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, base := w.SuiteToken(), "/admin/"+w.Sample.CorpID+"/contacts/members"
	seen := func(userid string) string {
		t.Helper()
		a := exchange(t, w.Platform, token, codeFor(t, w.Platform, "login", w.Sample.LoginSuiteID, w.Sample.CorpID+"/"+userid))
		if a.code(t) != 0 || a.text("open_userid") == "" {
			t.Fatalf("%s: %s", userid, a.body)
		}
		return a.text("open_userid") + " " + a.text("userid")
	}
	before := seen("zhangwei")
	row := w.own["member"]
	w.see(w.creator.Post(base+"/"+row, url.Values{"userid": {"renamed"}, "name": {"张伟"}, "main": {"2"}}))
	if got := seen("renamed"); got != before {
		t.Errorf("after a rename: %s, before: %s", got, before)
	}
	w.see(w.creator.Post(base+"/"+row+"/remove", nil))
	a := w.creator.Post(base, url.Values{"userid": {"zhangwei"}, "name": {"张伟"}, "main": {"2"}})
	w.see(a)
	w.see(w.joiner.Post("/phone/enrol/"+w.linkFor(w.creator, a.To()+"/link")+"/join", nil))
	after := seen("zhangwei")
	for _, id := range strings.Fields(before) {
		if strings.Contains(after, id) {
			t.Errorf("somebody else is seen as %s, like the member before: %s", after, before)
		}
	}
}
