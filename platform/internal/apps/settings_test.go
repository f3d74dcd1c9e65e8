package apps_test

import (
	"database/sql"
	"errors"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

func TestSecretsAndGenerations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, err := w.ResetSecret(t.Context(), w.suite.Row)
	a, err2 := w.App(t.Context(), w.suite.Row)
	if err := errors.Join(err, err2); err != nil || !a.SecretIs(secret) || a.SecretGeneration != 2 || len(secret) != 43 {
		t.Errorf("%q %+v %v", secret, a, err)
	}
	p := provider(t, w.Service, "wwaa")
	secret, err = w.ResetProviderSecret(t.Context(), p.CorpRow)
	p2 := provider(t, w.Service, "wwaa")
	if err != nil || !p2.SecretIs(secret) || p2.SecretIs("secret wwaa") || p2.SecretGeneration != 2 {
		t.Errorf("%+v %v", p2, err)
	}
	if p2.CorpIDFor(1) != p.CorpIDFor(1) {
		t.Error("ids changed with the secret")
	}
	for _, err := range []error{w.SetEnabled(t.Context(), w.suite.Row, false), w.SetOnline(t.Context(), 4711, true), w.SetOldLogin(t.Context(), 4711, true)} {
		if !errors.Is(err, apps.ErrNotFound) {
			t.Error(err)
		}
	}
}

func TestSuites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := provider(t, w.Service, "wwaa")
	if _, err := w.LoginSuiteOf(t.Context(), p.CorpRow); !errors.Is(err, apps.ErrNotFound) {
		t.Errorf("before it is set up: %v", err)
	}
	login, _, err := w.NewSuite(t.Context(), p.CorpRow, apps.LoginSuite, "登录授权")
	if err != nil || !login.Enabled {
		t.Fatal(login, err)
	}
	if got, err := w.LoginSuiteOf(t.Context(), p.CorpRow); err != nil || got.Row != login.Row {
		t.Error(got, err)
	}
	if again, secret, err := w.NewSuite(t.Context(), p.CorpRow, apps.LoginSuite, "登录授权"); !errors.Is(err, apps.ErrHasLogin) || secret != "" {
		t.Errorf("a second login suite: %+v %v", again, err)
	}
	for _, c := range []struct {
		provider int64
		kind     apps.Kind
	}{{w.corp[0], apps.Suite}, {p.CorpRow, apps.CorpApp}} {
		if _, _, err := w.NewSuite(t.Context(), c.provider, c.kind, "x"); !errors.Is(err, apps.ErrNotFound) {
			t.Errorf("%v: %v", c, err)
		}
	}
	suites, err := w.SuitesOf(t.Context(), p.CorpRow)
	if err != nil || len(suites) != 1 || suites[0].Row != w.suite.Row {
		t.Error(suites, err)
	}
	market := func(search string, offset, limit int) (names []string, more bool) {
		page, err := w.Market(t.Context(), search, offset, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Suites {
			names = append(names, a.Name)
		}
		return names, page.More
	}
	if names, _ := market("", 0, 10); names != nil {
		t.Errorf("offline in the market: %v", names)
	}
	if err := errors.Join(w.SetSubmitted(t.Context(), w.suite.Row, true)); err != nil {
		t.Fatal(err)
	}
	if list, err := w.Submitted(t.Context()); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
	if err := errors.Join(w.SetOnline(t.Context(), w.suite.Row, true), w.SetAbout(t.Context(), w.suite.Row, "100% Travel_cost")); err != nil {
		t.Fatal(err)
	}
	if list, err := w.Submitted(t.Context()); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	second, _, err := w.NewSuite(t.Context(), p.CorpRow, apps.Suite, "考勤")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.SetOnline(t.Context(), second.Row, true); err != nil {
		t.Fatal(err)
	}
	for search, want := range map[string]int{"": 2, "报": 1, "TRAVEL": 1, "100%": 1, "l_c": 1, "l%c": 0, "WWAA": 2, "login": 0, "登录": 0} {
		if names, _ := market(search, 0, 10); len(names) != want {
			t.Errorf("%q: %v", search, names)
		}
	}
	first, more := market("", 0, 1)
	rest, none := market("", 1, 1)
	if !more || none || len(first) != 1 || len(rest) != 1 || first[0] == rest[0] {
		t.Error(first, more, rest, none)
	}
}

func TestCorpApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, secret, err := w.NewCorpApp(t.Context(), w.corp[0], "门户")
	if err != nil || !a.SecretIs(secret) || !a.Enabled || a.AgentID != 1000002 {
		t.Fatalf("%+v %v", a, err)
	}
	if err := w.SetAddresses(t.Context(), a.Row, apps.Addresses{Trusted: []string{"a.example"}, Callback: []string{"b.example:8080"}, Install: []string{"c.example"}}); err != nil {
		t.Fatal(err)
	}
	w.update(t, func(tx *sql.Tx) error { return w.SetRange(t.Context(), tx, a.Row, []int64{1}, nil) })
	if err := errors.Join(w.SetEnabled(t.Context(), a.Row, false), w.SetName(t.Context(), a.Row, "新门户")); err != nil {
		t.Fatal(err)
	}
	a, err = w.CorpApp(t.Context(), w.corp[0], 1000002)
	if err != nil || a.Enabled || a.Name != "新门户" || len(a.Addresses.Install) != 1 || !a.Trusts("b.example:8080") || a.Trusts("c.example") {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := w.db.Exec(t.Context(), `INSERT INTO consents (person_id, member_id, app_id, agreed_at) SELECT id, 0, $1, 1 FROM persons`, a.Row); err != nil {
		t.Fatal(err)
	}
	w.update(t, func(tx *sql.Tx) error { return w.RemoveCorpApp(t.Context(), tx, a.Row) })
	if _, err := w.App(t.Context(), a.Row); !errors.Is(err, apps.ErrNotFound) {
		t.Error(err)
	}
	if list, err := w.CorpApps(t.Context(), w.corp[0]); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if err := w.db.Update(t.Context(), func(tx *sql.Tx) error { return w.RemoveCorpApp(t.Context(), tx, w.suite.Row) }); !errors.Is(err, apps.ErrNotFound) {
		t.Errorf("a suite removed as an own app: %v", err)
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := provider(t, w.Service, "wwaa")
	far, near := netip.MustParseAddr("198.51.100.7"), netip.MustParseAddr("::ffff:203.0.113.9")
	if !p.Admits(far) || !p.Admits(near) {
		t.Error("an empty list keeps somebody out")
	}
	var list []netip.Prefix
	for _, text := range []string{"203.0.113.200/24", " 2001:db8::1 ", "::ffff:192.0.2.1"} {
		n, err := apps.ParseNetwork(text)
		if err != nil {
			t.Fatal(text, err)
		}
		list = append(list, n)
	}
	for _, text := range []string{"", "x", "203.0.113.0/33", "203.0.113", "fe80::1%eth0", "::ffff:10.0.0.0/104", "203.0.113.1-9"} {
		if n, err := apps.ParseNetwork(text); err == nil {
			t.Errorf("%q is %v", text, n)
		}
	}
	if err := w.SetNetworks(t.Context(), p.CorpRow, list); err != nil {
		t.Fatal(err)
	}
	p = provider(t, w.Service, "wwaa")
	for addr, want := range map[string]bool{"198.51.100.7": false, "::ffff:203.0.113.9": true, "203.0.113.9": true, "203.0.114.1": false,
		"2001:db8::1": true, "2001:db8::2": false, "192.0.2.1": true} {
		if got := p.Admits(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
	if p.Admits(netip.Addr{}) {
		t.Error("an unknown address is admitted")
	}
}

func TestEventCallback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := provider(t, w.Service, "wwaa")
	c := apps.Callback{URL: "https://a.example/cb", Token: "token", EncodingAESKey: "key key key"}
	if err := w.SetEventCallback(t.Context(), p.CorpRow, c); err != nil {
		t.Fatal(err)
	}
	if got, err := w.ProviderCallback(t.Context(), p.CorpRow); err != nil || got != c {
		t.Error(got, err)
	}
	var raw []byte
	if err := w.db.Query(`SELECT event_key FROM providers WHERE corp_id = $1`).Row(t.Context(), p.CorpRow).Scan(&raw); err != nil || strings.Contains(string(raw), "key key") {
		t.Errorf("the key is kept as it is: %v", err)
	}
	other := provider(t, w.Service, "wwbb")
	if got, err := w.ProviderCallback(t.Context(), other.CorpRow); err != nil || got != (apps.Callback{}) {
		t.Error(got, err)
	}
}

func TestDomainProof(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name, content := w.ProofFile(1, "App.example")
	same, _ := w.ProofFile(1, "app.example")
	corp, _ := w.ProofFile(2, "app.example")
	domain, _ := w.ProofFile(1, "app.example:8080")
	if len(content) != 16 || name != "WW_verify_"+content+".txt" || strings.Trim(content, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		t.Error(name, content)
	}
	if same != name || corp == name || domain == name {
		t.Error(name, same, corp, domain)
	}
	for range 2 {
		if err := w.SetDomainProved(t.Context(), w.corp[0], "App.example"); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		corp   int64
		domain string
		want   bool
	}{{w.corp[0], "app.example", true}, {w.corp[1], "app.example", false}, {w.corp[0], "app.example:8080", false}, {w.corp[0], "www.app.example", false}} {
		if got, err := w.DomainProved(t.Context(), c.corp, c.domain); err != nil || got != c.want {
			t.Errorf("%+v: %v %v", c, got, err)
		}
	}
}

func TestInstallSession(t *testing.T) {
	t.Parallel()
	store, err := shortlived.Embedded(filepath.Join(t.TempDir(), "s.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	expires := time.Now().Add(time.Hour)
	if got, err := apps.Session(t.Context(), store, "code"); err != nil || got.Test {
		t.Error(got, err)
	}
	for _, test := range []bool{true, false, true} {
		if err := apps.SetSession(t.Context(), store, "code", apps.InstallSession{Test: test}, expires); err != nil {
			t.Fatal(err)
		}
		if got, err := apps.Session(t.Context(), store, "code"); err != nil || got.Test != test {
			t.Error(got, err)
		}
	}
	if got, err := apps.Session(t.Context(), store, "other"); err != nil || got.Test {
		t.Error(got, err)
	}
}

// A suite asks for details only once it may; a corp's own app always may, a login suite never.
func TestSensitive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := provider(t, w.Service, "wwaa")
	login, _, err := w.NewSuite(t.Context(), p.CorpRow, apps.LoginSuite, "登录授权")
	own, _, err2 := w.NewCorpApp(t.Context(), w.corp[0], "own")
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if w.suite.Sensitive || login.Sensitive || !own.Sensitive {
		t.Errorf("at first: suite %v, login suite %v, own app %v", w.suite.Sensitive, login.Sensitive, own.Sensitive)
	}
	for _, on := range []bool{true, false} {
		err := w.SetSensitive(t.Context(), w.suite.Row, on)
		a, err2 := w.App(t.Context(), w.suite.Row)
		if err := errors.Join(err, err2); err != nil || a.Sensitive != on {
			t.Errorf("set to %v: %+v, %v", on, a, err)
		}
	}
	for _, row := range []int64{login.Row, own.Row, 4711} {
		if err := w.SetSensitive(t.Context(), row, true); !errors.Is(err, apps.ErrNotFound) {
			t.Errorf("set for %d: %v", row, err)
		}
	}
}

// TestHomeURL: a corp app's home page is set by itself, a suite's beside its other addresses.
func TestHomeURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own, _, err := w.NewCorpApp(t.Context(), w.corp[0], "own")
	if err != nil {
		t.Fatal(err)
	}
	const home = "https://a.example/home"
	if err := w.SetHomeURL(t.Context(), own.Row, home); err != nil {
		t.Fatal(err)
	}
	if a, err := w.App(t.Context(), own.Row); err != nil || a.HomeURL != home {
		t.Errorf("%+v, %v", a, err)
	}
	if err := w.SetHomeURL(t.Context(), w.suite.Row, home); !errors.Is(err, apps.ErrNotFound) {
		t.Errorf("a suite's: %v", err)
	}
}
