package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

const (
	token = "QDG6eK"
	key   = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
)

// receiver is a site's callback as WeCom wants it, whose answers a test may spoil.
func receiver(t *testing.T, spoil func(w http.ResponseWriter, plain string) bool) *httptest.Server {
	t.Helper()
	parsed, err := sealed.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	codec := sealed.New(token, parsed)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plain := []byte(protocol.EventAnswer)
		if r.Method == http.MethodGet {
			var err error
			if plain, err = codec.OpenCheck(r.URL.Query(), ours); err != nil {
				http.Error(w, "refused", http.StatusForbidden)
				return
			}
		}
		if spoil == nil || !spoil(w, string(plain)) {
			w.Write(plain)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// The check of a callback names the step that failed, its status and what came; what fails is
// not stored, unless it is asked for.
func TestCallbackCheck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.suite(ours, apps.LoginSuite, "login")
	good := receiver(t, nil)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, c := range map[string]struct {
		url, token, key string
		want            []string
	}{
		"no receiver": {gone.URL, token, key, []string{"连接：", "没有回应"}},
		"status":      {receiver(t, func(w http.ResponseWriter, _ string) bool { w.WriteHeader(502); return true }).URL, token, key, []string{"状态不是 200", "502"}},
		"quoted":      {receiver(t, func(w http.ResponseWriter, p string) bool { fmt.Fprintf(w, "%q", p); return true }).URL, token, key, []string{"返回的内容不对", "not bare"}},
		"page":        {receiver(t, func(w http.ResponseWriter, p string) bool { fmt.Fprint(w, "<html>hello"); return true }).URL, token, key, []string{"返回的内容不对", "&lt;html&gt;hello"}},
		"redirect": {receiver(t, func(w http.ResponseWriter, p string) bool {
			w.Header().Set("Location", "/")
			w.WriteHeader(302)
			return true
		}).URL, token, key, []string{"跳转", "302"}},
		"other token":  {good.URL, "other", key, []string{"状态不是 200", "403", "refused"}},
		"private":      {"http://10.0.0.1/cb", token, key, []string{"aria-invalid"}},
		"metadata":     {"http://169.254.169.254/", token, key, []string{"aria-invalid"}},
		"no token":     {good.URL, "", key, []string{"请填写 Token"}},
		"bad token":    {good.URL, "a b", key, []string{"Token 只能是"}},
		"no key":       {good.URL, token, "", []string{"请填写 EncodingAESKey"}},
		"short key":    {good.URL, token, key[1:], []string{"43 个字符"}},
		"not a URL":    {"callback", token, key, []string{"aria-invalid"}},
		"other scheme": {"ftp://www.example.com/", token, key, []string{"aria-invalid"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := *b
			b.t = t
			a := b.post("creator+", "/login/callback", "url", c.url, "token", c.token, "key", c.key)
			for _, want := range c.want {
				b.refused(a, want)
			}
			if !strings.Contains(a.body, c.url) {
				t.Error("what was typed is lost")
			}
		})
	}
	if stored, err := b.Apps.SuiteCallback(t.Context(), login.Row); err != nil || stored != (apps.Callback{}) {
		t.Errorf("stored %+v, %v", stored, err)
	}

	b.ok(b.post("creator+", "/login/callback", "url", good.URL+"/cb?secret=canary", "token", token, "key", key, "data_url", "https://evil.example/"), "/login")
	stored, err := b.Apps.SuiteCallback(t.Context(), login.Row)
	if err != nil || stored != (apps.Callback{URL: good.URL + "/cb?secret=canary", Token: token, EncodingAESKey: key}) || b.app(login.Row).DataURL != "" {
		t.Errorf("stored %+v, %v", stored, err)
	}
	// A ticket is on its way, and an empty key keeps what is stored.
	events, err := b.Push.EventsOf(t.Context(), []int64{login.Row}, push.Query{})
	if err != nil || len(events.Events) != 1 || events.Events[0].InfoType != protocol.EventSuiteTicket {
		t.Errorf("%+v, %v", events, err)
	}
	b.ok(b.post("creator+", "/login/callback", "url", good.URL, "token", token, "key", ""), "/login")
	if stored, err = b.Apps.SuiteCallback(t.Context(), login.Row); err != nil || stored.EncodingAESKey != key {
		t.Errorf("stored %+v, %v", stored, err)
	}
	b.ok(b.post("creator+", "/login/callback", "url", gone.URL, "token", token, "key", "", "anyway", "1"), "/login")
	if stored, err = b.Apps.SuiteCallback(t.Context(), login.Row); err != nil || stored.URL != gone.URL {
		t.Errorf("stored %+v, %v", stored, err)
	}
	// What cannot work at all is not stored anyway.
	b.refused(b.post("creator+", "/login/callback", "url", "nonsense", "token", token, "anyway", "1"), "aria-invalid")
	if a := b.post("creator", "/login/check"); a.status != http.StatusOK || !strings.Contains(a.body, "连接：") {
		t.Errorf("check of what is stored: %d", a.status)
	}
	for _, line := range b.audited() {
		if strings.Contains(line, "canary") || strings.Contains(line, key) {
			t.Errorf("audited: %q", line)
		}
	}
	b.ok(b.post("creator+", "/login/callback", "url", "", "token", token), "/login")
	if stored, err = b.Apps.SuiteCallback(t.Context(), login.Row); err != nil || stored.URL != "" {
		t.Errorf("stored %+v, %v", stored, err)
	}
}

// A suite's two callbacks are both checked; $CORPID$ is the provider's in the check.
func TestDataCallback(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite := b.suite(ours, apps.Suite, "suite")
	own := "/suites/" + suite.SuiteID
	good := receiver(t, nil)
	a := b.post("creator+", own+"/callback", "url", good.URL+"/i", "data_url", "http://127.0.0.1:1/$CORPID$", "token", token, "key", key)
	b.refused(a, "127.0.0.1:1/"+ours)
	b.refused(b.post("creator+", own+"/callback", "url", good.URL+"/$CORPID$", "token", token, "key", key), "aria-invalid")
	b.ok(b.post("creator+", own+"/callback", "url", good.URL+"/i", "data_url", good.URL+"/$CORPID$", "token", token, "key", key), own+"/callbacks")
	if now := b.app(suite.Row); now.CallbackURL != good.URL+"/i" || now.DataURL != good.URL+"/$CORPID$" {
		t.Errorf("%+v", now)
	}
	if a := b.post("creator", own+"/check"); a.status != http.StatusOK || strings.Count(a.body, "check-result ok") != 2 {
		t.Errorf("%d\n%s", a.status, a.body)
	}
	b.ok(b.post("creator+", "/general/callback", "url", good.URL, "token", token, "key", key), "/general")
	if c, err := b.Apps.ProviderCallback(t.Context(), b.corps[ours]); err != nil || c.URL != good.URL || c.EncodingAESKey != key {
		t.Errorf("%+v, %v", c, err)
	}
	if a := b.post("creator", "/general/check"); a.status != http.StatusOK || !strings.Contains(a.body, "check-result ok") {
		t.Errorf("%d", a.status)
	}
	b.refused(b.post("creator+", "/general/callback", "url", "http://127.0.0.1:1/", "token", token), "连接：")
}

// A ticket pushed now shows what the receiver said; the event is on record, may be sent again,
// and is nobody else's.
func TestTicketAndPushes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.suite(ours, apps.LoginSuite, "login")
	good := receiver(t, nil)
	set := func(url string) {
		if err := b.Apps.SetCallback(t.Context(), login.Row, apps.Callback{URL: url, Token: token, EncodingAESKey: key}); err != nil {
			t.Fatal(err)
		}
	}
	set("http://127.0.0.1:1/")
	if a := b.post("creator", "/login/ticket"); a.status != http.StatusOK || !strings.Contains(a.body, "连接：") {
		t.Errorf("%d", a.status)
	}
	if a := b.get("creator", ""); strings.Contains(a.body, "2 / 6") == false && !strings.Contains(a.body, "3 / 6") {
		t.Error("home does not count what is set up")
	}
	set(good.URL)
	if a := b.post("creator", "/login/ticket"); a.status != http.StatusOK || !strings.Contains(a.body, "check-result ok") {
		t.Errorf("%d", a.status)
	}
	if a := b.get("creator", "/login"); !strings.Contains(a.body, `<span class="badge ok">正常</span>`) {
		t.Error("the page does not tell that a ticket arrived")
	}
	page, err := b.Push.EventsOf(t.Context(), []int64{login.Row}, push.Query{})
	if err != nil || len(page.Events) != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	id := fmt.Sprint(page.Events[1].Row)
	if a := b.get("creator", "/pushes?q=ticket&state=given_up"); !strings.Contains(a.body, id) || strings.Contains(a.body, fmt.Sprint(page.Events[0].Row)) {
		t.Error("search and filter")
	}
	if a := b.get("creator", "/pushes/"+id); a.status != http.StatusOK || !strings.Contains(a.body, "连接：") {
		t.Errorf("%d", a.status)
	}
	if a := b.get("other", "other:/pushes/"+id); a.status != http.StatusNotFound {
		t.Errorf("another provider's event: %d", a.status)
	}
	if a := b.post("other", "other:/pushes/"+id+"/again"); a.status != http.StatusNotFound {
		t.Errorf("another provider's event again: %d", a.status)
	}
	if a := b.get("other", "other:/pushes"); a.status != http.StatusOK || strings.Contains(a.body, id) {
		t.Errorf("the other provider sees it: %d", a.status)
	}
	a := b.post("creator", "/pushes/"+id+"/again")
	if a.status != http.StatusSeeOther || a.to == address("/pushes/"+id) {
		t.Fatalf("%d to %s", a.status, a.to)
	}
	if a := b.do("creator", httptest.NewRequest(http.MethodGet, a.to, nil)); a.status != http.StatusOK || !strings.Contains(a.body, "重发自") {
		t.Errorf("%d", a.status)
	}
	for _, odd := range []string{"0", "-1", "x", "9999999999999999999"} {
		if a := b.get("creator", "/pushes/"+odd); a.status != http.StatusNotFound {
			t.Errorf("event %s: %d", odd, a.status)
		}
	}
}
