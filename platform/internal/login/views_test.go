package login

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/web"
	"github.com/hufu-sso/hufu/protocol"
)

func render(t *testing.T, page, lang string, view any) string {
	t.Helper()
	p, err := respond.New(respond.Config{Assets: web.Files, Sandbox: true})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/?lang="+lang, nil)
	if err := p.Render(w, r, page, view); err != nil {
		t.Fatalf("%s in %s: %v", page, lang, err)
	}
	return w.Body.String()
}

func TestStoriesRender(t *testing.T) {
	t.Parallel()
	p, err := respond.New(respond.Config{Assets: web.Files, Sandbox: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range Stories() {
		if name := s.Page + "/" + s.Name; seen[name] {
			t.Errorf("two stories are named %s", name)
		} else {
			seen[name] = true
		}
		for _, lang := range respond.Languages {
			w := httptest.NewRecorder()
			if err := p.Render(w, httptest.NewRequest(http.MethodGet, "/?lang="+lang, nil), s.Page, s.View); err != nil {
				t.Errorf("%s %s in %s: %v", s.Page, s.Name, lang, err)
			}
		}
	}
}

// Every refusal that a login link can meet has words and a story of its own.
func TestEveryErrorIsExplained(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, e := range sampleErrors() {
		told[e.Key()] = true
	}
	for _, rule := range []apps.Rule{
		apps.RuleEmpty, apps.RuleTooLong, apps.RuleMalformed, apps.RuleDoubleEncoded, apps.RuleScheme,
		apps.RuleUserInfo, apps.RuleHost, apps.RulePort, apps.RuleHTTP, apps.RulePortDiffers,
		apps.RuleSubdomain, apps.RuleNotListed, apps.RuleNoneTrusted, apps.RuleNotExact,
	} {
		if !told[string(rule)] {
			t.Errorf("rule %s has no story", rule)
		}
	}
	for _, code := range protocol.PageCodes() {
		if code == protocol.PageRefused || code == protocol.PageExpired {
			continue // states of the page, not errors of the link
		}
		if e := (Error{Code: code}); !told[e.Key()] {
			t.Errorf("page code %d has no story", code)
		}
	}
}

func TestErrorShowsValues(t *testing.T) {
	t.Parallel()
	fail := Fail(protocol.PageRedirectNotTrustedDomain)
	view := Error{
		Frame: Frame{RequestID: "r-1234", Settings: Settings{Error: &fail}},
		Code:  protocol.PageRedirectNotTrustedDomain, Rule: "port", LoginType: protocol.LoginTypeCorpApp,
		Received:   `https://a.example:1/"><script>x`,
		Configured: []string{"a.example:2", "b.example", "c.example", "d.example", "e.example"},
	}
	page := render(t, "login/error", "en", view)
	for _, want := range []string{
		"-31039", "r-1234", "https://a.example:1/&#34;&gt;&lt;script&gt;x", "a.example:2", "c.example", "and 2 more",
		"callback domain", `"error":{"errCode":-31039,"errMsg":"redirect_uri is not on a trusted domain"}`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the error page lacks %q", want)
		}
	}
	if strings.Contains(page, "d.example") {
		t.Error("the error page lists more values than it has room for")
	}
}

// Other people's clients find these in the text of the page (protocol.md 1.6).
func TestSettingsAsClientsReadThem(t *testing.T) {
	t.Parallel()
	view := samplePage(StateWaiting, false)
	view.Settings = Settings{
		WebKey: "0123456789abcdef", State: "s", RedirectURI: "https://a.example/b?c=d&e=f",
		SessionSignature: "Bearer x-y_z", QRCode: protocol.PathLoginQRCode + "?key=0123456789abcdef",
	}
	page := render(t, "login/page", "zh", view)
	for _, want := range []string{
		`"web_key":"0123456789abcdef"`, `"state":"s"`, `"redirect_uri":"https://a.example/b?c=d\u0026e=f"`,
		`"sessionSignature":"Bearer x-y_z"`, `wwlogin/sso/qrcode?key=0123456789abcdef`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestPhoneLinkOnlyInTheSandbox(t *testing.T) {
	t.Parallel()
	view := samplePage(StateWaiting, true)
	address := view.QR.URL
	if !strings.Contains(render(t, "login/page", "zh", view), address) {
		t.Error("the sandbox's QR is no link")
	}
	view.QR.URL = ""
	if strings.Contains(render(t, "login/page", "zh", view), address) {
		t.Error("the QR's address stands in clear where it is not given")
	}
}

func TestColorScheme(t *testing.T) {
	t.Parallel()
	for scheme, meta := range map[string]string{"": "light", "light": "light", "dark": "dark", "auto": "light dark"} {
		view := samplePage(StateWaiting, true)
		view.Scheme = scheme
		if want := `<meta name="color-scheme" content="` + meta + `">`; !strings.Contains(render(t, "login/page", "zh", view), want) {
			t.Errorf("color_scheme %q: the page lacks %s", scheme, want)
		}
	}
}
