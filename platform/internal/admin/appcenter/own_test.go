package appcenter

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

var shownSecret = regexp.MustCompile(`<code>([A-Za-z0-9_-]{43})</code>`)

func TestOwnApp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := "/admin/" + ours + "/own-apps"
	b.want("asked", b.get("creator", list+"/new"), 200)
	b.want("without a proof", b.post("creator", list, "name", "门户"), 403, "proof_asked", "门户")
	for name, c := range map[string]string{"": "请填写", " ": "请填写", strings.Repeat("名", 31): "最多 30", "a\x00b": "不能显示"} {
		b.want(name, b.post("creator+", list, "name", name), 422, c)
	}
	for _, who := range []string{"external+", "sub+", "member+", "foreign+"} {
		b.want(who, b.post(who, list, "name", "门户"), 403)
	}
	if own, err := b.Apps.CorpApps(t.Context(), b.corps[ours]); err != nil || len(own) != 0 {
		t.Fatal(own, err)
	}

	made := b.post("system+", list, "name", "门户", "agentid", "1", "kind", "suite")
	b.want("made", made, 200, "1000002", "只显示这一次")
	a, err := b.Apps.CorpApp(t.Context(), b.corps[ours], 1000002)
	must(t, err)
	secret := shownSecret.FindStringSubmatch(made.body)
	if secret == nil || !a.SecretIs(secret[1]) || a.Name != "门户" || made.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%v %+v", secret, a)
	}
	path := list + "/1000002"
	page := b.get("creator", path)
	b.want("its page", page, 200, "门户", "保存域名")
	if strings.Contains(page.body, secret[1]) {
		t.Error("the secret is shown twice")
	}

	b.want("reset without a proof", b.post("creator", path+"/secret"), 403)
	reset := b.post("creator+", path+"/secret")
	b.want("reset", reset, 200, "只显示这一次")
	a, err = b.Apps.App(t.Context(), a.Row)
	must(t, err)
	second := shownSecret.FindStringSubmatch(reset.body)
	if second == nil || a.SecretIs(secret[1]) || !a.SecretIs(second[1]) || a.SecretGeneration != 2 {
		t.Errorf("%v %+v", second, a)
	}

	b.want("renamed", b.post("creator", path+"/name", "name", " 新门户 "), 303)
	b.want("no name", b.post("creator", path+"/name", "name", ""), 422, "请填写应用名称")
	b.want("stopped", b.post("creator", path+"/state", "on", "0"), 303)
	b.want("stopped", b.get("creator", path), 200, "已停用")
	if a, err = b.Apps.App(t.Context(), a.Row); err != nil || a.Enabled || a.Name != "新门户" {
		t.Errorf("%+v %v", a, err)
	}
	b.want("started", b.post("creator", path+"/state", "on", "1"), 303)
	b.want("range", b.post("creator", path+"/range", "do", "save", "department", "2"), 303)
	b.covers(a.Row, []int64{2}, nil)
	b.want("nobody", b.post("creator", path+"/range", "do", "save"), 303)
	b.covers(a.Row, nil, nil)
	b.want("asks", b.get("creator", path+"/remove"), 200, "确认删除")
	b.want("removed", b.post("creator", path+"/remove"), 303)
	b.want("gone", b.get("creator", path), 404)
	if _, err := b.Apps.App(t.Context(), a.Row); !errors.Is(err, apps.ErrNotFound) {
		t.Error(err)
	}
	if len(b.told) != 0 {
		t.Errorf("told %v", b.told)
	}
	want := []string{"corp_app_created 门户", "corp_app_secret_reset 门户", "corp_app_changed 门户 新门户", "corp_app_stopped 新门户", "corp_app_started 新门户",
		"app_range_changed 新门户", "app_range_changed 新门户", "corp_app_removed 新门户"}
	if got := b.audited(); !slices.Equal(got, want) {
		t.Errorf("audited %q", got)
	}
}

func TestOwnAppDomains(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, _, err := b.Apps.NewCorpApp(t.Context(), b.corps[ours], "门户")
	must(t, err)
	must(t, b.Apps.SetAddresses(t.Context(), a.Row, apps.Addresses{Exact: []string{"https://a.example/cb"}}))
	path := "/admin/" + ours + "/own-apps/" + strconv.FormatInt(a.AgentID, 10) + "/domains"
	b.want("without a proof", b.post("creator", path, "trusted", "a.example"), 403)
	for text, says := range map[string]string{
		"https://a.example": "不要带 http", "*.example": "通配符", "10.0.0.1": "IP 地址", "a.example/x": "路径", "a.example:x": "端口",
		"a.example\nb.example\nlocalhost": "完整的域名", "a.example b.example": "每行只写一个", strings.Repeat("x", 200) + ".example": "太长",
		many("%d.a.example", 21): "最多填写 20 个",
	} {
		page := b.post("creator+", path, "trusted", text, "callback", "kept.example")
		b.want(text, page, 422, says, "kept.example", `aria-invalid="true"`)
	}
	if a, err = b.Apps.App(t.Context(), a.Row); err != nil || len(a.Addresses.Trusted)+len(a.Addresses.Callback) != 0 {
		t.Errorf("%+v %v", a.Addresses, err)
	}
	b.want("saved", b.post("creator+", path, "trusted", "A.example\r\n\r\na.example\r\nb.example:8443", "callback", "c.example", "development", "http://localhost:3000"), 303)
	a, err = b.Apps.App(t.Context(), a.Row)
	must(t, err)
	if !slices.Equal(a.Addresses.Trusted, []string{"a.example", "b.example:8443"}) || !slices.Equal(a.Addresses.Callback, []string{"c.example"}) ||
		len(a.Addresses.Development) != 0 || len(a.Addresses.Exact) != 1 {
		t.Errorf("%+v", a.Addresses)
	}
	b.Sandbox = true
	b.want("refused", b.post("creator+", path, "trusted", "a.example", "development", "http://evil.example:3000"), 422, "本机地址")
	b.want("saved", b.post("creator+", path, "trusted", "a.example", "development", "http://localhost:3000"), 303)
	if a, err = b.Apps.App(t.Context(), a.Row); err != nil || !slices.Equal(a.Addresses.Development, []string{"http://localhost:3000"}) {
		t.Errorf("%+v %v", a.Addresses, err)
	}
}

func many(format string, n int) string {
	var list []string
	for i := range n {
		list = append(list, strings.ReplaceAll(format, "%d", "x"+strconv.Itoa(i)))
	}
	return strings.Join(list, "\n")
}

func TestOwnAppHome(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, _, err := b.Apps.NewCorpApp(t.Context(), b.corps[ours], "门户")
	must(t, err)
	page := "/admin/" + ours + "/own-apps/" + strconv.FormatInt(a.AgentID, 10)
	home := func(want string) {
		t.Helper()
		if a, err = b.Apps.App(t.Context(), a.Row); err != nil || a.HomeURL != want {
			t.Errorf("%q %v, want %q", a.HomeURL, err, want)
		}
	}
	const address = "https://portal.example/work?c=$CORPID$#/x"
	b.want("saved", b.post("creator", page+"/home", "home", " "+address+" "), 303)
	home(address)
	b.want("shown", b.get("creator", page), 200, "应用主页", address)
	for text, says := range map[string]string{
		"http://portal.example/": "https", "portal.example": "https", "https://10.0.0.1/": "IP 地址", "https://portal/": "完整的域名",
		"https://$CORPID$.example/": "$CORPID$", "javascript:alert(1)": "https", "https://a@portal.example/": "@",
		"http://localhost:3000/": "https", "https://portal.example/" + strings.Repeat("x", 3000): "太长",
	} {
		b.want(text, b.post("creator", page+"/home", "home", text), 422, says, `aria-invalid="true"`, `aria-describedby="f-home-error`)
		home(address)
	}
	b.Sandbox = true
	b.want("of this machine", b.post("creator", page+"/home", "home", "http://localhost:3000/"), 303)
	home("http://localhost:3000/")
	b.want("taken away", b.post("creator", page+"/home", "home", ""), 303)
	home("")

	b.give(a.Row, false)
	b.want("a reader", b.post("sub", page+"/home", "home", address), 403)
	b.want("a reader sees", b.get("sub", page), 200, "应用主页", "没有填写")
	home("")
	if got, want := b.audited(), []string{"corp_app_changed 门户 https://portal.example/work", "corp_app_changed 门户 http://localhost:3000/", "corp_app_changed 门户"}; !slices.Equal(got, want) {
		t.Errorf("audited %q", got)
	}
}

// A sub-admin manages the apps that are theirs to manage, and no others.
func TestOwnAppRights(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, _, err := b.Apps.NewCorpApp(t.Context(), b.corps[ours], "门户")
	must(t, err)
	foreign, _, err := b.Apps.NewCorpApp(t.Context(), b.corps[theirs], "别家")
	must(t, err)
	path := "/admin/" + ours + "/own-apps/" + strconv.FormatInt(a.AgentID, 10)
	all := func(who string, status int) {
		t.Helper()
		for _, action := range []string{"/name", "/home", "/domains", "/secret", "/state"} {
			b.want(who+" "+action, b.post(who, path+action, "name", "x", "on", "1"), status)
		}
	}
	all("stranger+", 404)
	b.give(a.Row, false)
	all("sub+", 403)
	b.want("sees", b.get("sub", path), 200, "门户")
	b.give(a.Row, true)
	b.want("renames", b.post("sub", path+"/name", "name", "x"), 303)
	b.want("resets", b.post("sub+", path+"/secret"), 200)
	for _, action := range []string{"/range", "/remove"} {
		b.want(action, b.post("sub+", path+action, "department", "1"), 403)
		b.want(action, b.get("sub", path+action), 403)
	}
	b.want("external removes", b.post("external", path+"/remove"), 403)
	b.want("external creates", b.get("external", "/admin/"+ours+"/own-apps/new"), 403)
	all("foreign+", 403)
	// The same agentid, in another company.
	if foreign.AgentID != a.AgentID {
		t.Fatal("agentids differ")
	}
	b.want("of one's own", b.post("foreign", "/admin/"+theirs+"/own-apps/"+strconv.FormatInt(foreign.AgentID, 10)+"/name", "name", "y"), 303)
	if a, err = b.Apps.App(t.Context(), a.Row); err != nil || a.Name != "x" {
		t.Errorf("%+v %v", a, err)
	}
}
