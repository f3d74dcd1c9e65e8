package logs_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/admin/logs"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
)

func platform(t *testing.T) *Platform {
	t.Helper()
	p := New(t, false)
	(&logs.Handler{Console: p.Console, Respond: p.Respond, Audit: p.Audit}).Mount(p.Mux)
	return p
}

func record(t *testing.T, p *Platform, e audit.Entry) {
	t.Helper()
	if err := p.Audit.Record(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	p := platform(t)
	whole, own := []string{Creator, System, External}, []string{Operator}
	var paths []Path
	for base, may := range map[string][]string{"/admin/" + p.Galaxy.CorpID + "/sign-ins": whole, "/admin/" + p.Galaxy.CorpID + "/audit": whole,
		"/admin/" + p.Hills.CorpID + "/audit": {ForeignAdmin}, "/operator/audit": own} {
		paths = append(paths, Path{Method: "GET", Path: base, May: may}, Path{Method: "POST", Path: base + "/export", May: may})
	}
	Rights(t, p, paths)
}

// Each log shows its own entries of its own company, and what is in them is only text.
func TestLogs(t *testing.T) {
	t.Parallel()
	p := platform(t)
	address := netip.MustParseAddr("203.0.113.7")
	signed := audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[Member], Action: audit.SignedIn, Address: address, Detail: "<script>Chrome 142"}
	record(t, p, signed)
	record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[System], Action: audit.MemberChanged, Target: "target-of-galaxy", Address: address})
	record(t, p, audit.Entry{Corp: p.Hills.Row, Person: p.Person[ForeignAdmin], Action: audit.MemberChanged, Target: "target-of-hills"})
	record(t, p, audit.Entry{Person: p.Person[Operator], Action: audit.CorpCreated, Target: "target-of-platform"})
	b := p.As(System, false)
	get := func(b *Browser, path string) string {
		t.Helper()
		got := b.Get(path)
		if got.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, got.Code)
		}
		return got.Body.String()
	}
	signIns, changes := get(b, "/admin/"+p.Galaxy.CorpID+"/sign-ins"), get(b, "/admin/"+p.Galaxy.CorpID+"/audit")
	if !strings.Contains(signIns, "&lt;script&gt;Chrome 142") || strings.Contains(signIns, "target-of") {
		t.Error("the sign-ins are not the sign-ins")
	}
	if !strings.Contains(changes, "target-of-galaxy") || strings.Contains(changes, "Chrome 142") || strings.Contains(changes, "target-of-hills") || strings.Contains(changes, "target-of-platform") {
		t.Error("the changes are not the company's changes")
	}
	own := get(p.As(Operator, false), "/operator/audit")
	if !strings.Contains(own, "target-of-platform") || strings.Contains(own, "target-of-galaxy") {
		t.Error("the platform's log is not the platform's")
	}
}

var nextPage = regexp.MustCompile(`href="([^"]+)" rel="next"`)

// A sign-in that a desktop client confirmed says so in the reader's words, on the page and in
// the file; no other entry does.
func TestDesktop(t *testing.T) {
	t.Parallel()
	p := platform(t)
	for _, detail := range []string{audit.ByDesktop + "Chrome 142 · Windows", audit.ByDesktop} {
		record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[Member], Action: audit.SignedIn, Detail: detail})
	}
	record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[Member], Action: audit.ConsoleEntered, Detail: audit.ByDesktop + "x"})
	b := p.As(System, false)
	base := "/admin/" + p.Galaxy.CorpID + "/sign-ins"
	page := b.Get(base).Body.String()
	if strings.Count(page, "桌面客户端") != 2 || strings.Count(page, audit.ByDesktop) != 1 || !strings.Contains(page, "Chrome 142 · Windows") {
		t.Errorf("the page: %.3000s", page)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.As(System, true).Post(base+"/export", url.Values{}).Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range []string{audit.ByDesktop + "x", "桌面客户端", "桌面客户端 · Chrome 142 · Windows"} {
		if got := rows[i+1][6]; got != want {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
}

// So does one inside the client: why the code was given, with scope and browser beneath.
func TestInClient(t *testing.T) {
	t.Parallel()
	p := platform(t)
	for _, detail := range []string{"snsapi_base, " + audit.FromWorkbench + ", Safari 26 · iPhone", "snsapi_userinfo, " + audit.AgreedBefore,
		"snsapi_privateinfo, " + audit.Agreed + ", Chrome 142 · Windows", "else"} {
		record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[Member], Action: audit.SignedIn, Detail: audit.InClient + detail})
	}
	base := "/admin/" + p.Galaxy.CorpID + "/sign-ins"
	page := p.As(System, false).Get(base).Body.String()
	for _, text := range []string{"在工作台打开", "snsapi_base · Safari 26 · iPhone", "此前已同意", "本人同意", audit.InClient + "else"} {
		if strings.Count(page, text) != 1 {
			t.Errorf("%q: %.3000s", text, page)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.As(System, true).Post(base+"/export", url.Values{}).Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range []string{audit.InClient + "else", "在手机端内登录，本人同意 · snsapi_privateinfo · Chrome 142 · Windows",
		"在手机端内登录，此前已同意 · snsapi_userinfo", "在工作台打开 · snsapi_base · Safari 26 · iPhone"} {
		if got := rows[i+1][6]; got != want {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
}

func TestFilterAndPages(t *testing.T) {
	t.Parallel()
	p := platform(t)
	base := "/admin/" + p.Galaxy.CorpID + "/audit"
	for range 60 {
		record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[System], Action: audit.MemberChanged, Target: "older"})
	}
	p.Clock.Advance(48 * time.Hour)
	record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[Creator], Action: audit.AdminAdded, Target: "100%_newer"})
	b := p.As(System, false)
	rows := func(path string) (n int, next string) {
		t.Helper()
		got := b.Get(path)
		if got.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, got.Code)
		}
		page := got.Body.String()
		if m := nextPage.FindStringSubmatch(page); m != nil {
			next = strings.ReplaceAll(m[1], "&amp;", "&")
		}
		if i := strings.Index(page, "<tbody>"); i >= 0 {
			n = strings.Count(page[i:], "<tr>")
		}
		return n, next
	}
	n, next := rows(base + "?kind=contacts")
	if n != 50 || next == "" {
		t.Fatalf("first page: %d, next %q", n, next)
	}
	if n, next = rows(next); n != 10 || next != "" {
		t.Errorf("second page: %d, next %q", n, next)
	}
	today := p.Clock.Now().In(time.FixedZone("", 8*3600)).Format("2006-01-02")
	for query, want := range map[string]int{"kind=admins": 1, "q=CREATOR": 1, "q=%25_": 1, "q=%25x": 0, "q=nobody": 0, "kind=sign_ins&q=100": 1,
		"from=" + today: 1, "to=2020-01-01": 0, "from=" + today + "&to=" + today: 1, "from=x&to=2026-99-99&kind=nonsense&before=-1&q=newer": 1,
		"q=%27%29%3B--": 0} {
		if got, _ := rows(base + "?" + query); got != want {
			t.Errorf("%s: %d rows, want %d", query, got, want)
		}
	}
}

// An export needs a fresh proof, is in the log itself, keeps to the filter, and no cell of it
// is a formula (abuse case 17).
func TestExport(t *testing.T) {
	t.Parallel()
	p := platform(t)
	for _, target := range []string{"=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\tx", "＝1+1", "plain, \"quoted\"\nline"} {
		record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[System], Action: audit.MemberChanged, Target: target})
	}
	record(t, p, audit.Entry{Corp: p.Galaxy.Row, Person: p.Person[System], Action: audit.AdminAdded, Target: "left out"})
	path, form := "/admin/"+p.Galaxy.CorpID+"/audit/export", url.Values{"kind": {"contacts"}}
	if got := p.As(System, false).Post(path, form); got.Code != http.StatusForbidden || strings.Contains(got.Body.String(), "calc") {
		t.Errorf("without a proof: %d", got.Code)
	}
	got := p.As(System, true).Post(path+"?lang=en", form)
	if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/csv") ||
		!strings.HasPrefix(got.Header().Get("Content-Disposition"), `attachment; filename="audit-`) {
		t.Fatalf("%d %v", got.Code, got.Header())
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 8 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[0][0] != "Time" || rows[1][1] != "Member changed" || rows[1][3] != System {
		t.Errorf("rows %q", rows[:2])
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.HasPrefix(cell, "＝") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	list, _, err := p.Audit.Entries(context.Background(), audit.Query{Corp: p.Galaxy.Row, Actions: []audit.Action{audit.LogExported}, Limit: 5})
	if err != nil || len(list) != 1 || list[0].Name != System {
		t.Errorf("log of the export %+v %v", list, err)
	}
}

// What the program writes in its own words is read in the reader's.
func TestWords(t *testing.T) {
	t.Parallel()
	p := platform(t)
	for _, e := range []audit.Entry{
		{Action: audit.MembersImported, Target: "members.csv", Detail: "200/210: +193 ~1 !6"},
		{Action: audit.AdminAdded, Target: "zhaoyi", Detail: "sub"},
		{Action: audit.LogExported, Target: "sign-ins"},
	} {
		e.Corp, e.Person = p.Galaxy.Row, p.Person[System]
		record(t, p, e)
	}
	page := p.As(System, false).Get("/admin/" + p.Galaxy.CorpID + "/audit?lang=zh").Body.String()
	for _, want := range []string{"已处理 200/210 行：新增 193，更新 1，未导入 6", ">分级管理员<", "<span>登录记录</span>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on\n%s", want, page)
		}
	}
}
