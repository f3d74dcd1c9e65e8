package demo_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

const (
	aPhone    = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
	theClient = aPhone + " wxwork/4.1.30"
)

// The home page has every way, and each leads where it says.
func TestHomeShowsEveryWay(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	leads := map[string]string{
		"/login":   protocol.PathLogin,
		"/details": protocol.PathAuthorize,
		"client":   protocol.PathAuthorize,
		"old":      protocol.PathOldProviderLogin,
	}
	for app, want := range map[string]int{"service": 6, "corp": 7} {
		b := s.browser()
		page := b.get("/?app=" + app)
		list := page.body[strings.Index(page.body, `class="card sign"`):]
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`<a (?:class="[^"]*" )?href="([^"]+)"`).FindAllStringSubmatch(list[:strings.Index(list, "</section>")], -1) {
			href := html.UnescapeString(m[1])
			u, err := url.Parse(href)
			if err != nil || strings.HasPrefix(href, "/?") {
				continue
			}
			seen[href+m[0][:12]] = true
			a := b.get(href, "Referer", s.origin+"/", "Sec-Fetch-Site", "same-origin")
			to, _ := url.Parse(a.location)
			wantPath := leads[u.Query().Get("via")]
			if wantPath == "" {
				wantPath = leads[strings.TrimPrefix(u.Path, "/corp")]
			}
			if strings.HasPrefix(u.Path, "/corp/") && u.Query().Get("via") == "old" {
				wantPath = protocol.PathOldCorpLogin
			}
			if strings.HasSuffix(u.Path, "panel") {
				if a.status != http.StatusOK {
					t.Errorf("%s: %d", href, a.status)
				}
				continue
			}
			if a.status != http.StatusSeeOther || to.Path != wantPath {
				t.Errorf("%s: %d to %q, want %s", href, a.status, to.Path, wantPath)
			}
		}
		if len(seen)+1 != want { // the window's button has the link's address
			t.Errorf("%s: %d ways, want %d: %v", app, len(seen)+1, want, seen)
		}
	}
}

// From the workbench the app opens signed in: one tap, no page between.
func TestWorkbenchOpensSignedIn(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	phone := s.Browser()
	phone.Send("POST", s.PublicURL()+"/phone/sign-in", url.Values{"person": {s.member()}, "next": {"/phone"}})
	var bench struct {
		CSRF      string `json:"csrf"`
		OpenURL   string `json:"open_url"`
		Companies []struct {
			Apps []struct {
				Name string `json:"name"`
				App  string `json:"app"`
				As   string `json:"as"`
			} `json:"apps"`
		} `json:"companies"`
	}
	page := phone.Send("GET", s.PublicURL()+"/phone/workbench", nil)
	page.Decode(t, &bench)
	opened := false
	for _, company := range bench.Companies {
		for _, app := range company.Apps {
			a := phone.Send("POST", s.PublicURL()+bench.OpenURL, url.Values{"csrf": {bench.CSRF}, "app": {app.App}, "as": {app.As}})
			if a.To() != s.origin+"/app-home" {
				continue
			}
			opened = true
			b := s.browser()
			link := b.get("/app-home", "Sec-Fetch-Site", "cross-site").location
			silent := openLink(phone, link, "")
			if silent.Status != http.StatusFound {
				t.Fatalf("%s: the platform did not answer at once: %d %.300s", app.Name, silent.Status, silent.Body)
			}
			if a := b.get(strings.TrimSuffix(silent.To(), "#")); a.location != "/me" {
				t.Errorf("ends on %q with %d", a.location, a.status)
			}
			if me := b.me(); me["way"] != "client" || me["app_id"] != s.Sample.SuiteID || me["userid"] != s.Sample.OpenUserID {
				t.Errorf("signed in as %v", me)
			}
			if a := b.get("/me"); !strings.Contains(a.body, "在手机端内") {
				t.Error("the page does not say how")
			}
		}
	}
	if !opened {
		t.Fatalf("no tile opens the sample site: %d %.600s", page.Status, page.Body)
	}
}

// openLink opens an in-client link as a browser does that follows one at referer.
func openLink(phone *platformtest.Console, link, referer string) platformtest.Page {
	link, _, _ = strings.Cut(link, "#")
	return phone.Send("GET", link, nil, "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "cross-site", "Referer", referer)
}

// Details that a member ticked are shown, those that were not are missing.
func TestDetails(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	phone := s.Browser()
	phone.Send("POST", s.PublicURL()+"/phone/sign-in", url.Values{"person": {s.member()}, "next": {"/phone"}})
	for begin, c := range map[string]struct {
		tick []string
		want map[string]string
		says string
	}{
		"/details?return=/me&via=client":      {[]string{"gender"}, map[string]string{"detail_gender": "2"}, "成员同意提供的信息"},
		"/corp/details?return=/me&via=client": {[]string{"mobile"}, map[string]string{"detail_gender": "0", "detail_email": ""}, "手机号"},
	} {
		b := s.browser()
		page := openLink(phone, b.get(begin).location, s.origin+"/")
		var ask struct {
			CSRF      string `json:"csrf"`
			DecideURL string `json:"decide_url"`
		}
		page.Decode(t, &ask)
		a := phone.Send("POST", s.PublicURL()+ask.DecideURL, url.Values{"csrf": {ask.CSRF}, "decision": {"confirm"}, "detail": c.tick})
		if got := b.get(strings.TrimSuffix(a.To(), "#")); got.location != "/me" {
			t.Fatalf("%s: %d to %q", begin, got.status, got.location)
		}
		me := b.me()
		for name, want := range c.want {
			if name == "detail_gender" && want == "2" && (me[name] == "1" || me[name] == "2") {
				continue // as the sample has it
			}
			if me[name] != want {
				t.Errorf("%s: %s = %q, want %q", begin, name, me[name], want)
			}
		}
		if strings.HasPrefix(begin, "/corp") != (me["detail_mobile"] != "") {
			t.Errorf("%s: mobile %q", begin, me["detail_mobile"])
		}
		if page := b.get("/me"); !strings.Contains(page.body, c.says) || strings.Contains(page.body, "user_ticket=") {
			t.Errorf("%s: the page does not say %q", begin, c.says)
		}
	}
}

// The old login of both apps, and what the page says of it.
func TestOldLogin(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	for begin, appID := range map[string]string{
		"/login?return=/me&via=old": s.Sample.ProviderCorpID, "/corp/login?return=/me&via=old": s.Sample.CorpID,
	} {
		b := s.browser()
		link, err := url.Parse(b.get(begin, "Referer", s.origin+"/").location)
		if err != nil {
			t.Fatal(err)
		}
		page := s.OpenOld(link.Path, link.Query())
		if status := s.Control("POST", "/confirm", map[string]string{"qr": page.OldQR(), "member": s.member()}, nil); status != http.StatusOK {
			t.Fatalf("%s: %d %.300s", begin, status, page.Body)
		}
		if a := b.get(page.Wait(protocol.QRScanning).RedirectURL); a.location != "/me" {
			t.Errorf("%s: %d to %q", begin, a.status, a.location)
		}
		if me := b.me(); me["way"] != "old" || me["app_id"] != appID || me["userid"] == "" {
			t.Errorf("%s: %v", begin, me)
		}
	}
	b := s.browser()
	page := b.get("/old-panel")
	for _, text := range []string{s.PublicURL() + protocol.PathWwLogin, "data-old-panel", s.Sample.CorpID, url.QueryEscape(s.origin + "/corp/login/finish")} {
		if !strings.Contains(html.UnescapeString(page.body), text) {
			t.Errorf("the old panel's page lacks %q", text)
		}
	}
}

// Phones get a page, the client goes straight on, and the panel page sends both away.
func TestPhones(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	b := s.browser()
	if a := b.get("/login?return=/me", "User-Agent", aPhone); a.location != "/login/app?return=%2Fme" {
		t.Errorf("a phone: %d to %q", a.status, a.location)
	}
	a := b.get("/login/app?return=/me", "User-Agent", aPhone)
	for _, text := range []string{"在企业微信中打开", s.origin + "/login?return=%2Fme", "via=client", "via=link", "复制地址"} {
		if a.status != http.StatusOK || !strings.Contains(html.UnescapeString(a.body), text) {
			t.Errorf("%d, the page lacks %q", a.status, text)
		}
	}
	if to, _ := url.Parse(b.get("/login?return=/me", "User-Agent", theClient).location); to.Path != protocol.PathAuthorize {
		t.Errorf("the client: %q", to.Path)
	}
	if a := b.get("/login/panel?return=/me", "User-Agent", aPhone); !strings.Contains(a.body, `"location":"/login/app?`) {
		t.Errorf("the panel on a phone: %s", a.body)
	}
}
