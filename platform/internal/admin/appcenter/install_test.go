package appcenter

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

func (b *bench) installation(corp string) *apps.Installation {
	b.t.Helper()
	i, err := b.Apps.Installation(b.t.Context(), b.online.Row, b.corps[corp])
	must(b.t, err)
	return i
}

func (b *bench) covers(holder int64, departments, members []int64) {
	b.t.Helper()
	d, m, err := b.Apps.Range(b.t.Context(), holder)
	if err != nil || !slices.Equal(d, departments) || !slices.Equal(m, members) {
		b.t.Errorf("range %v %v, %v, want %v %v", d, m, err, departments, members)
	}
}

func TestMarket(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	page := b.get("creator", "/admin/"+ours+"/market")
	b.want("market", page, 200, "报销")
	if strings.Contains(page.body, "考勤") {
		t.Error("a suite that is not online is in the market")
	}
	b.want("searched", b.get("creator", "/admin/"+ours+"/market?q=BRAND"), 200, "报销")
	b.want("nothing", b.get("creator", "/admin/"+ours+"/market?q=%3Cscript%3E"), 200, "没有找到", "&lt;script&gt;")
	suite, offline := "/admin/"+ours+"/market/"+b.online.SuiteID, "/admin/"+ours+"/market/"+b.offline.SuiteID
	b.want("suite", b.get("system", suite), 200, suite+"/install")
	if external := b.get("external", suite); external.status != 200 || strings.Contains(external.body, suite+"/install") {
		t.Errorf("external: %d", external.status)
	}
	for _, path := range []string{offline, offline + "/install", "/admin/" + ours + "/market/nothing", "/admin/" + ours + "/market/" + ours} {
		b.want(path, b.get("creator", path), 404)
	}
	b.want("sub-admin", b.get("sub", "/admin/"+ours+"/market"), 403)
	b.want("sub-admin", b.get("sub", suite), 404)
	b.want("external", b.get("external", suite+"/install"), 403)
}

// An install is one transaction with its create_auth; the code in it names the installation.
func TestInstall(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := "/admin/" + ours + "/market/" + b.online.SuiteID + "/install"
	b.want("asked", b.get("creator", path), 200, `name="department" value="3"`)
	b.want("nobody chosen", b.post("creator", path, "do", "save"), 422, "至少选择一个部门")

	search := b.post("creator", path, "do", "search", "q", "mem", "department", "3", "member", "sub")
	b.want("searched", search, 200, `value="member"`, `name="department" value="3" checked`, `value="sub" checked`)
	if _, err := b.Apps.Installation(t.Context(), b.online.Row, b.corps[ours]); !errors.Is(err, apps.ErrNotFound) {
		t.Fatal("a search installs")
	}

	for name, c := range map[string]struct {
		who    string
		pairs  []string
		status int
	}{
		"foreign department": {"creator", []string{"department", "12"}, 404},
		"no department":      {"creator", []string{"department", "x"}, 404},
		"foreign member":     {"creator", []string{"department", "1", "member", "foreign"}, 404},
		"no csrf":            {"creator", []string{"department", "1", "csrf", "wrong"}, 403},
		"external":           {"external", []string{"department", "1"}, 403},
		"sub-admin":          {"sub", []string{"department", "1"}, 404},
		"member":             {"member", []string{"department", "1"}, 403},
		"stranger":           {"foreign", []string{"department", "1"}, 403},
	} {
		b.want(name, b.post(c.who, path, c.pairs...), c.status)
	}
	offline := "/admin/" + ours + "/market/" + b.offline.SuiteID + "/install"
	b.want("offline", b.post("creator", offline, "department", "1"), 404)
	if len(b.told) != 0 || len(b.audited()) != 0 {
		t.Fatalf("told %v, audited %v", b.told, b.audited())
	}

	a := b.post("creator", path, "do", "save", "department", "3", "department", "4", "member", "SUB", "agentid", "7", "plain_ids", "1", "corp", theirs)
	i := b.installation(ours)
	b.want("installed", a, 303)
	if a.to != "/admin/"+ours+"/apps/"+strconv.FormatInt(i.AgentID, 10) {
		t.Errorf("to %q", a.to)
	}
	if i.PlainIDs || i.FromSite || i.Test || i.InstalledBy != b.people["creator"] || i.AgentID != 1000002 || i.HasPermanentCode {
		t.Errorf("%+v", i)
	}
	b.covers(i.Row, []int64{3, 4}, []int64{b.members["sub"]})
	if len(b.told) != 2 || b.told[0] != "created" {
		t.Fatalf("told %v", b.told)
	}
	code, err := b.Tokens.OpenCode(tokens.InstallCode, b.told[1])
	if err != nil || code.App != b.online.Row || code.Corp != b.corps[ours] || code.Installation != i.Row || code.Member != b.members["creator"] || code.Person != b.people["creator"] {
		t.Errorf("%+v, %v", code, err)
	}
	if n := len(b.told[1]); n < 64 || n > 512 {
		t.Errorf("a code of %d bytes", n)
	}
	b.want("its page", b.get("creator", a.to), 200, "等待服务商", "2 个部门，1 名成员", "creator 安装")
	b.want("again", b.post("creator", path, "do", "save", "department", "1"), 303)
	b.covers(i.Row, []int64{3, 4}, []int64{b.members["sub"]})
	if lines := b.audited(); !slices.Equal(lines, []string{"suite_installed 报销"}) {
		t.Errorf("audited %q", lines)
	}
	_, err = b.Apps.GrantPermanentCode(t.Context(), i.Row)
	must(t, err)
	if page := b.get("creator", a.to); !strings.Contains(page.body, "服务商已获取") {
		t.Error("the page does not say that the permanent code was fetched")
	}
}

func TestChangeRangeAndUninstall(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	i := b.install(ours)
	b.install(theirs)
	b.give(i.Row, true)
	path := "/admin/" + ours + "/apps/" + strconv.FormatInt(i.AgentID, 10)
	b.want("range", b.get("external", path+"/range"), 200, `name="department" value="1" checked`)
	for name, a := range map[string]answer{
		"sub-admin's range":       b.post("sub", path+"/range", "department", "1"),
		"sub-admin's range page":  b.get("sub", path+"/range"),
		"sub-admin uninstalls":    b.post("sub", path+"/uninstall"),
		"sub-admin asks to":       b.get("sub", path+"/uninstall"),
		"external uninstalls":     b.post("external", path+"/uninstall"),
		"sub-admin's ids":         b.post("sub", path+"/plain-ids", "on", "1"),
		"external's ids":          b.post("external", path+"/plain-ids", "on", "1"),
		"no csrf":                 b.post("creator", path+"/uninstall", "csrf", "x"),
		"no csrf for the range":   b.post("creator", path+"/range", "department", "2", "csrf", ""),
		"a stranger's company":    b.post("foreign", path+"/uninstall"),
		"a member's":              b.get("member", path),
		"another's, of one's own": b.get("foreign", path),
	} {
		b.want(name, a, 403)
	}
	b.want("not given", b.post("stranger", path+"/uninstall"), 404)
	b.want("foreign department", b.post("creator", path+"/range", "department", "12"), 404)
	b.want("nobody", b.post("creator", path+"/range", "do", "save"), 422)
	b.covers(i.Row, []int64{1}, nil)
	if len(b.told)+len(b.audited()) != 0 {
		t.Fatal(b.told, b.audited())
	}

	b.want("range", b.post("external", path+"/range", "do", "save", "department", "2", "member", "creator"), 303)
	b.covers(i.Row, []int64{2}, []int64{b.members["creator"]})
	b.want("ids", b.post("system", path+"/plain-ids", "on", "1"), 303)
	if !b.installation(ours).PlainIDs || b.installation(theirs).PlainIDs {
		t.Error("plain ids")
	}
	b.want("ids back", b.post("system", path+"/plain-ids", "on", "0"), 303)
	b.want("asks", b.get("creator", path+"/uninstall"), 200, "确认卸载")
	b.want("uninstalled", b.post("creator", path+"/uninstall"), 303)
	b.want("gone", b.get("creator", path), 404)
	b.want("twice", b.post("creator", path+"/uninstall"), 404)
	if _, err := b.Apps.InstallationByRow(t.Context(), i.Row); !errors.Is(err, apps.ErrNotFound) {
		t.Errorf("its tokens live: %v", err)
	}
	b.installation(theirs)
	if want := []string{"changed", "cancelled"}; !slices.Equal(b.told, want) {
		t.Errorf("told %v", b.told)
	}
	if want := []string{"app_range_changed 报销", "plain_ids_on 报销", "plain_ids_off 报销", "suite_uninstalled 报销"}; !slices.Equal(b.audited(), want) {
		t.Errorf("audited %q", b.audited())
	}
}

// Lists show what is the visitor's.
func TestLists(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.want("empty", b.get("creator", "/admin/"+ours+"/apps"), 200, "还没有第三方应用", "去应用市场")
	i := b.install(ours)
	own, _, err := b.Apps.NewCorpApp(t.Context(), b.corps[ours], "门户")
	must(t, err)
	b.want("creator", b.get("creator", "/admin/"+ours+"/apps"), 200, "报销", "整个企业")
	b.want("creator", b.get("creator", "/admin/"+ours+"/own-apps"), 200, "门户", "还没有人")
	for _, path := range []string{"/apps", "/own-apps"} {
		if a := b.get("sub", "/admin/"+ours+path); a.status != 200 || strings.Contains(a.body, "报销") || strings.Contains(a.body, "门户") || strings.Contains(a.body, "/market") {
			t.Errorf("%s: %d, a sub-admin without apps", path, a.status)
		}
	}
	b.give(own.Row, false)
	b.want("given", b.get("sub", "/admin/"+ours+"/own-apps"), 200, "门户")
	b.give(i.Row, false)
	b.want("given", b.get("sub", "/admin/"+ours+"/apps"), 200, "报销")
	for _, path := range []string{"/apps/x", "/apps/9999999", "/own-apps/" + strconv.FormatInt(i.AgentID, 10), "/apps/" + strconv.FormatInt(own.AgentID, 10)} {
		b.want(path, b.get("creator", "/admin/"+ours+path), http.StatusNotFound)
	}
}
