package login

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// What a site may give as its style sheet, and what of it stands in the policy.
func TestStyle(t *testing.T) {
	t.Parallel()
	const sheet = "data:text/css;base64,LmltcG93ZXJCb3g+/A=="
	for href, want := range map[string]style{
		"https://app.example.com/login.css":          {"https://app.example.com/login.css", "https://app.example.com/login.css"},
		"https://App.example.com:8443/a/b.css?v=1#x": {"https://App.example.com:8443/a/b.css?v=1", "https://app.example.com:8443/a/b.css"},
		"https://app.example.com/a;b,c.css":          {},
		"https://app.example.com/a%3Bb.css":          {},
		"https://app.example.com/a b.css":            {},
		"https://app.example.com/*":                  {},
		"https://app.example.com/样式.css":             {"https://app.example.com/%E6%A0%B7%E5%BC%8F.css", "https://app.example.com/%E6%A0%B7%E5%BC%8F.css"},
		sheet:                                        {sheet, "data:"},
		strings.ReplaceAll(sheet, "+", " "):          {sheet, "data:"}, // a plus that came through a query
		"data:text/css;charset=utf-8;base64,YQ==":    {"data:text/css;charset=utf-8;base64,YQ==", "data:"},
		"":                                                      {},
		"http://app.example.com/login.css":                      {},
		"//app.example.com/login.css":                           {},
		"/login.css":                                            {},
		"https://app.example.com":                               {}, // would name every sheet of the host
		"https://app.example.com/":                              {},
		"https://app.example.com/styles/":                       {},
		"https://user@app.example.com/a.css":                    {},
		"https://*/a.css":                                       {},
		"https://*.example.com/a.css":                           {},
		"https://app.example.com;script-src *;/a.css":           {},
		"https://[::1]/a.css":                                   {},
		"javascript:alert(1)":                                   {},
		"data:text/html;base64,YQ==":                            {},
		"data:text/css,.a{}":                                    {},
		`data:text/css;base64,YQ=="><script>`:                   {},
		"data:text/css;base64," + strings.Repeat("a", maxStyle): {},
	} {
		if got := readStyle(href); got != want {
			t.Errorf("%.60s: %+v, want %+v", href, got, want)
		}
	}
	for _, s := range []style{readStyle("https://app.example.com/a.css"), readStyle(sheet)} {
		w := httptest.NewRecorder()
		respond.FrameAncestors(w, []string{"https://app.example.com"})
		respond.StyleFrom(w, s.source)
		want := "default-src 'none'; script-src 'self'; style-src 'self' " + s.source + "; font-src 'self' data:; " +
			"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors https://app.example.com"
		if got := w.Header().Get("Content-Security-Policy"); got != want || strings.Count(got, ";") != 8 {
			t.Errorf("policy %q", got)
		}
		if got := w.Header().Get("Cross-Origin-Embedder-Policy"); got != "credentialless" {
			t.Errorf("a sheet whose host knows nothing of COEP does not load: %s", got)
		}
	}
}

func TestCallbackName(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"jsonpCallback": true, "cb": true, "jQuery1113_1700000000000": true, "window.a.b": true, "$": true, "_a1": true,
		"": false, "1a": false, "a()": false, "a;b": false, "alert(1)//": false, "a b": false, "a\n": false, "a..b": false, ".a": false,
		"a.b.c.d.e": false, "a[0]": false, "<script>": false, "回调": false, strings.Repeat("a", 65): false,
	} {
		if callbackName.MatchString(name) != good {
			t.Errorf("%q: %v", name, !good)
		}
	}
}

// Where the browser goes with a result and after a refusal, from each page. What a stranger
// put into the redirect_uri never comes back as a result.
func TestResult(t *testing.T) {
	t.Parallel()
	app := &apps.App{CorpID: "wwcorp", Kind: apps.LoginSuite, Addresses: apps.Addresses{Trusted: []string{"app.example.com"}}}
	const uri = "https://app.example.com/cb?a=1&code=theirs&auth_code=theirs&state=theirs&expires_in=9#/r?x"
	for _, c := range []struct {
		page       attempt.Page
		code, want string
	}{
		{attempt.OldProviderPage, "C", "https://app.example.com/cb?a=1&auth_code=C&expires_in=290&state=s%20t&appid=wwcorp#/r?x"},
		{attempt.OldProviderPage, "", "https://app.example.com/cb?a=1&state=s%20t#/r?x"},
		{attempt.OldCorpPage, "C", "https://app.example.com/cb?a=1&auth_code=theirs&expires_in=9&code=C&state=s%20t&appid=wwcorp#/r?x"},
		{attempt.OldCorpPage, "", "https://app.example.com/cb?a=1&auth_code=theirs&expires_in=9&state=s%20t#/r?x"},
		{attempt.NewPage, "C", "https://app.example.com/cb?a=1&auth_code=theirs&expires_in=9&code=C&state=s%20t#/r?x"},
	} {
		r, rule := app.CheckRedirect(uri, false)
		if rule != "" {
			t.Fatal(rule)
		}
		a := &attempt.Attempt{Request: attempt.Request{Page: c.page, State: "s t"}}
		if got := result(r, app, a, c.code, 290*time.Second); got != c.want {
			t.Errorf("page %d, code %q:\n%s\n%s", c.page, c.code, got, c.want)
		}
	}
}

// How programs that drive the old pages were seen to find what they need in the text.
func TestReadable(t *testing.T) {
	t.Parallel()
	const key = "0123456789abcdef"
	page := func(kind attempt.Page) string {
		view := sampleOldPage(StateWaiting, false)
		view.Read = readable("open.work.weixin.qq.com", kind, key, oldAsked{asked: asked{appID: "wwcorp",
			redirectURI: "https://app.example.com/cb?a=1&b=</script>", state: `s"t</script>`}})
		return render(t, "login/old", "zh", view)
	}
	both := []string{
		`<img class="qrcode lightBorder" src="(.*?)">`, `qrImg\?key=([0-9a-f]+)`, `key\s*:\s*"([A-Za-z0-9_-]+)"`,
		`open\.work\.weixin\.qq\.com/wwopen/sso/qrImg\?key=([^"]*)"`,
	}
	for kind, patterns := range map[attempt.Page][]string{
		attempt.OldProviderPage: append([]string{`"key":"(.*?)"`}, both...),
		attempt.OldCorpPage:     append([]string{`(?m)^key : "([^"]*)",$`}, both...),
	} {
		body := page(kind)
		for _, p := range patterns {
			m := regexp.MustCompile(p).FindStringSubmatch(body)
			if m == nil || m[1] != key && !strings.HasSuffix(m[1], "/wwopen/sso/qrImg?key="+key) {
				t.Errorf("page %d: %s finds %q", kind, p, m)
			}
		}
		if strings.Count(body, "<script") != 3 || strings.Count(body, "</script>") != 3 {
			t.Errorf("page %d: a value ends an element", kind)
		}
	}
	// The assignment of the provider's page is JSON.
	m := regexp.MustCompile(`window\.settings\s*=\s*({[\s\S]+?});`).FindStringSubmatch(page(attempt.OldProviderPage))
	var got map[string]any
	if m == nil || json.Unmarshal([]byte(m[1]), &got) != nil {
		t.Fatalf("no settings: %q", m)
	}
	for name, want := range map[string]any{"key": key, "appid": "wwcorp", "redirect_uri": "https://app.example.com/cb?a=1&b=</script>", "state": `s"t</script>`,
		"errCode": 0.0, "errMsg": "", "longPollGetUrl": "/wwopen/sso/l/qrConnect", "qrUrl": "//open.work.weixin.qq.com/wwopen/sso/qrImg?key=" + key} {
		if got[name] != want {
			t.Errorf("%s: %v", name, got[name])
		}
	}
	fail := Fail(protocol.PageOriginRefused)
	broken := render(t, "login/olderror", "zh", OldError{Error: Error{Frame: sampleFrame(false), Code: fail.ErrCode, Rule: "referer"}, Read: readableError(fail)})
	if !strings.Contains(broken, `window.settings = {"errCode":-31033,"errMsg":"request origin refused"};`) || strings.Contains(broken, "qrImg") {
		t.Error("the error page does not say its code to programs")
	}
}

// Every refusal of the old pages has words and a story, and leads to no page that would take
// the reader past it.
func TestOldErrorsAreExplained(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, e := range sampleOldErrors() {
		told[e.Key()] = true
	}
	for _, key := range oldErrors {
		if !told[key] {
			t.Errorf("%s has no story", key)
		}
	}
	for _, lang := range respond.Languages {
		for _, e := range sampleOldErrors() {
			e.Frame = sampleFrame(true)
			if body := render(t, "login/olderror", lang, e); strings.Contains(body, "login.js") || strings.Contains(body, "login/host.js") {
				t.Errorf("%s posts messages that the old script would take for addresses", e.Key())
			}
		}
	}
}

// Where login page and phone are two origins, the QR code of an old page begins with the first
// and leads to the second.
func TestOldQRLeadsToThePhone(t *testing.T) {
	t.Parallel()
	const key = "3qTz8vKfLw2ZpXaY7mNbRc"
	h := &Handler{PublicURL: "https://hufu.example", LoginURL: "https://login.hufu.example"}
	for _, page := range []attempt.Page{attempt.OldProviderPage, attempt.OldCorpPage} {
		if got := h.contentOf(page, key); got != "https://login.hufu.example/wwopen/sso/confirm2?k="+key+"&notretry=yes" {
			t.Errorf("page %d: %s", page, got)
		}
		if qr := h.qrOf(page, key); qr.URL != "" || qr.Path == "" {
			t.Errorf("page %d: outside the sandbox the QR code is a link: %q", page, qr.URL)
		}
	}
	if got := h.contentOf(attempt.NewPage, key); got != "https://hufu.example/q/"+key {
		t.Errorf("the new page: %s", got)
	}
	w := httptest.NewRecorder()
	if err := h.confirmOld(w, httptest.NewRequest("GET", "/wwopen/sso/confirm2?k="+key+"&notretry=yes", nil)); err != nil ||
		w.Code != 303 || w.Header().Get("Location") != "https://hufu.example/q/"+key {
		t.Errorf("%v %d %s", err, w.Code, w.Header().Get("Location"))
	}
}
