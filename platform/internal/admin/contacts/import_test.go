package contacts

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func lines(list ...string) []byte { return []byte(strings.Join(list, "\r\n") + "\r\n") }

// settle waits until an import rests.
func (b *bench) settle(who, path string) (view RunView) {
	b.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		b.view(who, path, &view)
		if view.State != stateRunning || time.Now().After(deadline) {
			return view
		}
		b.Wait()
	}
}

// One bad line takes no other with it, and says what is wrong (abuse cases 16 and 17).
func TestBadLines(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	file := lines("姓名,账号,部门,手机,邮箱,管理员,工龄",
		"王芳,wangfang,生产部/一车间;市场部,13812345678,w@example.com,系统管理员,3",
		"=1+1,evil1,市场部", "赵一,+evil2,市场部", "赵一,@evil3,市场部",
		"赵一,WangFang,市场部", "赵一,WORKER,市场部", "赵一,zhaoyi,编辑部", "赵一,zhaoyi,12", "赵一,zhaoyi,",
		`赵一,zhaoyi,"市场部`, "赵一,zhaoyi,市场部,"+strings.Repeat("1", 5000), ",zhaoyi,市场部", "赵一,,市场部", "赵一,zh aoyi,市场部",
		"赵一,zhaoyi,市场部,13800001", "赵一,zhaoyi,市场部,12", "赵一,zhaoyi,市场部,13812345678", "赵一,zhaoyi,市场部",
		"另一家的手机,copied,市场部,13911111111", "'=x,escaped,市场部", ",,,", "孙悦,sunyue,2")
	path, a := b.sendFile("creator", file)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var view RunView
	b.view("creator", path, &view)
	want := map[int]string{3: "formula", 4: "formula", 5: "formula", 6: "twice", 8: "department", 9: "department", 10: "departments.missing",
		11: "quotes", 12: "huge", 13: "name.missing", 14: "userid.missing", 15: "userid.form", 16: "mobile.taken", 17: "mobile.form", 18: "mobile_twice"}
	for _, p := range view.Problems {
		if want[p.Line] != p.Problem {
			t.Errorf("line %d: %q, want %q", p.Line, p.Problem, want[p.Line])
		}
		delete(want, p.Line)
	}
	if len(want) > 0 {
		t.Errorf("not refused: %v", want)
	}
	if view.Creates != 5 || view.Updates != 1 || len(view.AdminColumns) != 1 || len(view.Ignored) != 1 || view.State != stateReady {
		t.Errorf("%+v", view)
	}
	if n := b.count(`SELECT COUNT(*) FROM members WHERE corp_id = $1`, b.corps[ours]); n != 6 {
		t.Errorf("the preview wrote: %d members", n)
	}
	b.post("creator", path+"/start")
	if view = b.settle("creator", path); view.State != stateDone || view.Created != 5 || view.Updated != 1 || view.Failed != 15 || view.Tried != view.Total {
		t.Errorf("%+v", view)
	}
	ctx := t.Context()
	m, err := b.Directory.MemberByUserID(ctx, b.corps[ours], "wangfang")
	must(t, err)
	if in, err := b.Directory.DepartmentsOf(ctx, m.Row); err != nil || fmt.Sprint(in) != "[4 3]" {
		t.Errorf("%v, %v", in, err)
	}
	if kind, err := b.Directory.KindOf(ctx, m.Row); err != nil || kind != 0 {
		t.Errorf("an import made an admin: %d, %v", kind, err)
	}
	if m, err := b.Directory.MemberByUserID(ctx, b.corps[ours], "copied"); err != nil || m.Person == b.people["both"] {
		t.Errorf("a mobile joined two persons: %v", err)
	}
	if m, err := b.Directory.MemberByUserID(ctx, b.corps[ours], "worker"); err != nil || m.Name != "赵一" || m.Mobile == "" || m.Person != b.people["worker"] {
		t.Errorf("%+v, %v", m, err)
	}
	got, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.get("creator", path+"/failed").body, "\ufeff"))).ReadAll()
	if err == nil || len(got) == 0 { // lines differ in length by nothing: all have every column
		if len(got) != 16 || got[1][0] != "'=1+1" || got[2][1] != "'+evil2" || !strings.Contains(got[1][7], "公式") {
			t.Errorf("%d lines: %q", len(got), got)
		}
	} else {
		t.Error(err)
	}
	// What was exported can be imported again, and is no formula on the way.
	out := b.post("creator+", base+"/contacts/export").body
	if !strings.Contains(out, "'=x,escaped,") {
		t.Errorf("%s", out)
	}
	path, _ = b.sendFile("creator", []byte(out))
	if b.view("creator", path, &view); view.Failed != 0 || view.Creates != 0 || view.Updates != 11 {
		t.Errorf("%+v", view)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(lines("姓名,帐号,所在部门", "龍𠮷,long,市场部"))
	must(t, err)
	long := []string{"name,userid,department"}
	for i := range 20_001 {
		long = append(long, fmt.Sprintf("a,u%d,3", i))
	}
	for name, c := range map[string]struct {
		file   []byte
		status int
		says   string
	}{
		"GB18030":           {gb, http.StatusSeeOther, ""},
		"UTF-8 with mark":   {append([]byte("\xef\xbb\xbf"), lines("Name*,User ID,Department", "a,a,星河制造/市场部")...), http.StatusSeeOther, ""},
		"nothing":           {nil, http.StatusUnprocessableEntity, "至少有一行"},
		"heading only":      {lines("name,userid,department"), http.StatusUnprocessableEntity, "至少有一行"},
		"other headings":    {lines("a,b,c", "1,2,3"), http.StatusUnprocessableEntity, "标题"},
		"not text":          {[]byte("name,userid,department\n\x00\xff\xfe\x81"), http.StatusUnprocessableEntity, "GB18030"},
		"20,001 lines":      {lines(long...), http.StatusUnprocessableEntity, "20,000"},
		"larger than 4 MiB": {append(lines("name,userid,department"), make([]byte, 5<<20)...), http.StatusRequestEntityTooLarge, "4 MiB"},
		"larger than a file may be": {append(lines("name,userid,department"), []byte(strings.Repeat("x", maxFile))...),
			http.StatusUnprocessableEntity, "3.9 MB"},
	} {
		if _, a := b.sendFile("creator", c.file); a.status != c.status || !strings.Contains(a.body, c.says) {
			t.Errorf("%s: %d %.500s", name, a.status, a.body)
		}
	}
}

// A sub-admin's file changes nobody that its form could not.
func TestSubAdminImports(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, _ := b.sendFile("sub", lines("name,userid,department", "a,a1,生产部", "a,a2,市场部", "a,seller,生产部", "a,creator,生产部", "a,sub,生产部", "a,worker,生产部/一车间", "a,worker2,星河制造"))
	var view RunView
	b.view("sub", path, &view)
	got := fmt.Sprint(view.Creates, view.Updates)
	for _, p := range view.Problems {
		got += " " + p.UserID + ":" + p.Problem
	}
	if got != "1 1 a2:scope seller:scope creator:userid.taken sub:admin worker2:department" {
		t.Error(got)
	}
	if a := b.get("foreign", strings.Replace(path, ours, theirs, 1)); a.status != http.StatusNotFound {
		t.Errorf("seen by another company: %d", a.status)
	}
	creators, _ := b.sendFile("creator", lines("name,userid,department", "a,a9,3"))
	for _, p := range []string{"", "/failed"} {
		if a := b.get("sub", creators+p); a.status != http.StatusNotFound {
			t.Errorf("another admin's import%s: %d", p, a.status)
		}
	}
	// Rights are those of the moment in which a line is written.
	if _, err := b.DB.Exec(t.Context(), `DELETE FROM admin_departments`); err != nil {
		t.Fatal(err)
	}
	b.post("creator", path+"/start")
	if view = b.settle("creator", path); view.Created != 0 || view.Updated != 0 || view.Failed != 7 {
		t.Errorf("%+v", view)
	}
}

// Ten thousand lines: progress, cancelling, a restart in between, the 10,001st line.
func TestLargeImport(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := []string{"姓名,账号,部门,手机"}
	for i := range maxRecords + 1 {
		where := "生产部/一车间"
		if i%100 == 7 {
			where = "没有的部门"
		}
		list = append(list, fmt.Sprintf("成员%d,member%05d,%s,138%08d", i, i, where, i))
	}
	path, a := b.sendFile("creator", lines(list...))
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	row := b.count(`SELECT MAX(id) FROM imports`)
	var view RunView
	if b.view("creator", path, &view); view.Creates != 9900 || view.Failed != 101 || view.Total != 10_001 || len(view.Problems) != shownProblems {
		t.Errorf("%+v", view)
	}
	// One step, as if the program had ended after it.
	if _, err := b.DB.Exec(t.Context(), `UPDATE imports SET state = 'running' WHERE id = $1`, int64(row)); err != nil {
		t.Fatal(err)
	}
	if more, err := b.writeSome(t.Context(), int64(row)); err != nil || !more {
		t.Fatal(more, err)
	}
	if b.view("creator", path, &view); view.State != stateStopped || view.Tried != writeAtOnce || view.Created != 198 {
		t.Errorf("%+v", view)
	}
	if err := b.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	for view.Tried < 3*writeAtOnce {
		b.view("creator", path, &view)
	}
	b.post("creator", path+"/cancel")
	b.Wait()
	b.view("creator", path, &view)
	n := b.count(`SELECT COUNT(*) FROM members WHERE corp_id = $1`, b.corps[ours]) - 6
	if view.State != stateCancelled || view.Tried >= view.Total || n != view.Created || n == 0 {
		t.Errorf("%d members, %+v", n, view)
	}
	if a := b.post("creator", path+"/start"); a.status != http.StatusSeeOther {
		t.Errorf("%d", a.status)
	}
	if b.view("creator", path, &view); view.State != stateCancelled {
		t.Errorf("what was cancelled went on: %+v", view)
	}
	// The same file again: what is there is updated, the rest made.
	path, _ = b.sendFile("creator", lines(list...))
	b.post("creator", path+"/start")
	if view = b.settle("creator", path); view.State != stateDone || view.Created != 9900-n || view.Updated != n || view.Failed != 101 {
		t.Errorf("%+v", view)
	}
	if got := strings.Count(b.get("creator", path+"/failed").body, "\r\n"); got != 102 {
		t.Errorf("%d refused lines", got)
	}
	if n := b.count(`SELECT members FROM departments WHERE corp_id = $1 AND number = 2`, b.corps[ours]); n != 9900+3 {
		t.Errorf("counted %d", n)
	}
	if n := b.count(`SELECT COUNT(*) FROM audit_entries WHERE action = 'members_imported'`); n != 2 { // the cancelled one too
		t.Errorf("audited %d times", n)
	}
}
