package provider

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/protocol"
)

// A domain is proved by the file at its root, and by nothing else.
func TestDomainProof(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.suite(ours, apps.LoginSuite, "login")
	var name, content string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/"+name {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(content))
	}))
	t.Cleanup(site.Close)
	_, domain, _ := strings.Cut(site.URL, "://")
	// A form takes no address; the sandbox's own data may.
	if err := b.Apps.SetAddresses(t.Context(), login.Row, apps.Addresses{Trusted: []string{domain}}); err != nil {
		t.Fatal(err)
	}
	page := "/domain?" + url.Values{"domain": {domain}}.Encode()
	proved := func() bool {
		ok, err := b.Apps.DomainProved(t.Context(), b.corps[ours], domain)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	check := func(want string) {
		t.Helper()
		if a := b.post("creator", "/domain/check", "domain", domain); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%d, without %q", a.status, want)
		}
	}
	fileName, fileContent := b.Apps.ProofFile(b.corps[ours], domain)
	if a := b.get("creator", page); a.status != http.StatusOK || !strings.Contains(a.body, fileName) || !strings.Contains(a.body, fileContent) {
		t.Errorf("%d", a.status)
	}
	if a := b.get("creator", strings.Replace(page, "/domain?", "/domain/file?", 1)); a.status != http.StatusOK || a.body != fileContent {
		t.Errorf("%d %q", a.status, a.body)
	}
	if a := b.get("creator", "/login"); !strings.Contains(a.body, "归属未验证") {
		t.Error("not shown beside the domain")
	}
	check("状态不是 200")
	name, content = fileName, "something else"
	check("文件内容与下载的不同")
	if proved() {
		t.Fatal("proved by the wrong file")
	}
	content = "\ufeff" + fileContent + "\r\n"
	check("check-result ok")
	if !proved() {
		t.Fatal("not proved")
	}
	if a := b.get("creator", "/login"); !strings.Contains(a.body, "归属已验证") {
		t.Error("not shown beside the domain")
	}
	for _, foreign := range []string{"www.example.com", "", "127.0.0.1:1"} {
		if a := b.post("creator", "/domain/check", "domain", foreign); a.status != http.StatusNotFound {
			t.Errorf("a domain of nobody's suite, %q: %d", foreign, a.status)
		}
		if a := b.get("creator", "/domain?domain="+foreign); a.status != http.StatusNotFound {
			t.Errorf("a domain of nobody's suite, %q: %d", foreign, a.status)
		}
	}
	if a := b.post("other", "other:/domain/check", "domain", domain); a.status != http.StatusNotFound {
		t.Errorf("another provider: %d", a.status)
	}
	b.DomainCheck = false
	if a := b.post("creator", "/domain/check", "domain", domain); a.status != http.StatusNotFound {
		t.Errorf("switched off: %d", a.status)
	}
	if a := b.get("creator", "/login"); strings.Contains(a.body, "归属") {
		t.Error("switched off, and shown")
	}
}

// Installs show what this provider may know, and nothing of another's.
func TestInstalls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite, old, foreign := b.suite(ours, apps.Suite, "suite"), b.suite(ours, apps.Suite, "old"), b.suite(theirs, apps.Suite, "foreign")
	if err := b.Apps.Update(t.Context(), func(tx *sql.Tx) error {
		row, err := b.Apps.Install(t.Context(), tx, apps.NewInstallation{App: suite.Row, Corp: b.corps[client]})
		if err != nil {
			return err
		}
		if err := b.Apps.SetRange(t.Context(), tx, row, []int64{1}, nil); err != nil {
			return err
		}
		_, err = b.Apps.Install(t.Context(), tx, apps.NewInstallation{App: foreign.Row, Corp: b.corps[ours]})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p, err := b.Apps.Provider(t.Context(), b.corps[ours])
	if err != nil {
		t.Fatal(err)
	}
	encrypted := p.CorpIDFor(b.corps[client])
	a := b.get("creator", "/installs")
	if !strings.Contains(a.body, encrypted) || strings.Contains(a.body, "<code>"+client) || !strings.Contains(a.body, "整个企业") ||
		!strings.Contains(a.body, "未获取") || strings.Contains(a.body, "foreign") {
		t.Error("what the provider may know of an install is not what the page shows")
	}
	if a := b.get("creator", "/installs?q=nobody"); strings.Contains(a.body, encrypted) || !strings.Contains(a.body, "没有符合条件的记录") {
		t.Error("search")
	}
	if a := b.get("creator", "/installs?suite="+old.SuiteID); strings.Contains(a.body, encrypted) {
		t.Error("filter")
	}
	if a := b.get("creator", "/suites/"+suite.SuiteID+"/installs"); !strings.Contains(a.body, encrypted) {
		t.Error("installs of the suite")
	}
	i, err := b.Apps.Installation(t.Context(), suite.Row, b.corps[client])
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Apps.SetPlainIDs(t.Context(), i.Row, true); err != nil {
		t.Fatal(err)
	}
	if a := b.get("creator", "/installs?from=77"); strings.Contains(a.body, encrypted) || !strings.Contains(a.body, "<code>"+client) {
		t.Error("plain ids are not shown plainly")
	}
}

// Calls are searched and paged, the setting behind a refusal is linked, and another
// provider's calls are not there.
func TestCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login, suite := b.suite(ours, apps.LoginSuite, "login"), b.suite(ours, apps.Suite, "suite")
	record := func(owner, app int64, path string, code protocol.Code, reason string) {
		b.Calls.Record(calls.Call{Owner: owner, App: app, Corp: b.corps[client], Path: path, ErrCode: code, Reason: reason,
			Address: netip.MustParseAddr("203.0.113.7"), Took: time.Millisecond, Request: "r" + strconv.Itoa(int(code))})
	}
	for range pageLength + 5 {
		record(b.corps[ours], suite.Row, "/cgi-bin/plain", 0, "")
	}
	record(b.corps[ours], login.Row, "/cgi-bin/a", 50001, "redirect origin is no longer trusted")
	record(b.corps[ours], suite.Row, "/cgi-bin/b", 40085, "suite_ticket expired")
	record(b.corps[ours], suite.Row, "/cgi-bin/c", 50001, "<script>")
	record(b.corps[ours], 0, "/cgi-bin/d", 60020, "")
	record(b.corps[theirs], 0, "/cgi-bin/foreign", 60020, "")
	if err := b.Calls.Prune(t.Context()); err != nil { // after it, what nobody waits for is on disk
		t.Fatal(err)
	}
	a := b.get("creator", "/calls")
	for _, want := range []string{address("/login") + "#domains", address("/suites/"+suite.SuiteID) + "/callbacks", address("/suites/"+suite.SuiteID) + "#domains",
		address("/brand") + "#networks", "suite_ticket expired", "&lt;script&gt;", "203.0.113.7", "after="} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(a.body, "foreign") {
		t.Error("another provider's call")
	}
	if a := b.get("creator", "/calls?failed=1&q=ticket"); strings.Count(a.body, "<tr>") != 2 || !strings.Contains(a.body, "40085") {
		t.Errorf("search: %d rows", strings.Count(a.body, "<tr>"))
	}
	_, rest, _ := strings.Cut(a.body, "after=")
	after, _, _ := strings.Cut(rest, `"`)
	if a := b.get("creator", "/calls?after="+after); strings.Count(a.body, "<tr>") != 1+9 || strings.Contains(a.body, "50001") {
		t.Errorf("second page: %d rows", strings.Count(a.body, "<tr>"))
	}
}

// Of a company that has installed nothing of a provider, its calls do not tell the name: it
// signs in under an encrypted id, and a corpid can be guessed.
func TestCallsNameNoStranger(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	name := func() string {
		corp, err := b.Directory.Corp(t.Context(), b.corps[client])
		if err != nil {
			t.Fatal(err)
		}
		return corp.Name
	}()
	b.Calls.Record(calls.Call{Owner: b.corps[ours], Corp: b.corps[client], Path: "/cgi-bin/a"})
	b.Calls.Record(calls.Call{Owner: b.corps[ours], Corp: b.corps[ours], Path: "/cgi-bin/b"})
	under := func(name string) string { return `<span class="under">` + name + `</span>` }
	if a := b.get("creator", "/calls"); strings.Contains(a.body, under(name)) || !strings.Contains(a.body, under("corp "+ours)) {
		t.Error("a stranger is named, or the provider's own corp is not")
	}
	for _, c := range []struct {
		provider string
		shown    bool
	}{{theirs, false}, {ours, true}} {
		suite := b.suite(c.provider, apps.Suite, "suite")
		if err := b.Apps.Update(t.Context(), func(tx *sql.Tx) error {
			_, err := b.Apps.Install(t.Context(), tx, apps.NewInstallation{App: suite.Row, Corp: b.corps[client]})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if a := b.get("creator", "/calls"); strings.Contains(a.body, under(name)) != c.shown {
			t.Errorf("installed from %s: shown %v", c.provider, !c.shown)
		}
	}
}

// Every error code that a setting can cause is listed with its setting, in words.
func TestCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.get("creator", "/codes")
	for _, code := range []string{"50001", "40029", "40078", "40080", "40082", "40083", "40084", "40085", "40086", "60020", "48004",
		"-31020", "-31027", "-31028", "-31033", "-31034", "-31035", "-31037", "-31039", "-31040"} {
		if !strings.Contains(a.body, "<code>"+code+"</code>") {
			t.Errorf("%s is not listed", code)
		}
	}
	seen := map[int]bool{}
	for _, c := range codes {
		if seen[c.number] {
			t.Errorf("%d is listed twice", c.number)
		}
		seen[c.number] = true
	}
}
