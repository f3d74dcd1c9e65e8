package scripts

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

const (
	oldProviderPage = "/wwopen/sso/3rd_qrConnect"
	oldCorpPage     = "/wwopen/sso/qrConnect"
)

// oldClient is a client of the old login: the link it makes, to the letter and in its order, and
// the calls by which it learns who came in.
type oldClient struct {
	name, path, link string
	exchange         func(code string) // fails the test unless the sample member came in
}

// oldPage is an old login page as programs read it.
type oldPage struct {
	d              *sandbox.Demo
	key, signature string
	confirm        string // address in the QR code
}

var (
	oldKey     = regexp.MustCompile(`\bkey"?\s*:\s*"([^"]+)"`)
	oldConfirm = regexp.MustCompile(`/wwopen/sso/confirm2\?k=[A-Za-z0-9_-]{22}`)
)

// openOld follows a link as a browser does from a page of the site.
func openOld(t *testing.T, d *sandbox.Demo, link string) oldPage {
	t.Helper()
	a := sandbox.Send(t, "GET", link, nil, "Referer", d.Env["HUFU_SITE"]+"/", "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate",
		"Sec-Fetch-Site", "cross-site")
	key, confirm, signed := oldKey.FindStringSubmatch(a.Body), oldConfirm.FindString(a.Body), regexp.MustCompile(`"sessionSignature":"([^"]+)"`).FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || key == nil || confirm == "" || signed == nil {
		t.Fatalf("%s: no old login page: %d %.2000s", link, a.Status, a.Body)
	}
	if strings.Contains(confirm, key[1]) {
		t.Errorf("%s: the key in the QR code is the page's key", link)
	}
	return oldPage{d, key[1], signed[1], d.Env["HUFU_OPEN"] + confirm}
}

// poll asks for the next state as the page's script of old did.
func (p oldPage) poll(t *testing.T, last string, header ...string) (status, code string) {
	t.Helper()
	a := sandbox.Send(t, "GET", p.d.Env["HUFU_OPEN"]+"/wwopen/sso/l/qrConnect?callback=jsonpCallback&key="+p.key+
		"&redirect_uri="+url.QueryEscape(p.d.Env["HUFU_REDIRECT_URI"])+"&appid=x&lastStatus="+last+"&_=1700000000000", nil, header...)
	text, ok := strings.CutPrefix(a.Body, "jsonpCallback(")
	text, closed := strings.CutSuffix(text, ")")
	var state struct {
		Status   string
		AuthCode *string `json:"auth_code"`
	}
	if err := json.Unmarshal([]byte(text), &state); !ok || !closed || err != nil || state.AuthCode == nil {
		t.Fatalf("the poll is answered %q: %v", a.Body, err)
	}
	return state.Status, *state.AuthCode
}

// TestOldLoginShapes signs the sample member in through the old pages with the links and the
// exchanges of the clients of the field.
func TestOldLoginShapes(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	p := newProvided(t, d)
	for _, c := range oldClients(t, d, p) {
		t.Run(c.name, func(t *testing.T) {
			page := openOld(t, d, d.Env["HUFU_OPEN"]+c.path+"?"+c.link)
			if image := sandbox.Send(t, "GET", d.Env["HUFU_OPEN"]+"/wwopen/sso/qrImg?key="+page.key, nil); image.Status != http.StatusOK ||
				image.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(image.Body, "\x89PNG") {
				t.Errorf("the QR code: %d %s", image.Status, image.Header)
			}
			if a := d.Control("POST", "/scan", map[string]string{"qr": page.confirm, "member": d.Member()}); a.Status != http.StatusOK {
				t.Fatalf("scan: %d %s", a.Status, a.Body)
			}
			if status, code := page.poll(t, "QRCODE_SCAN_NEVER"); status != "QRCODE_SCAN_ING" || code != "" {
				t.Errorf("scanned: %s %q", status, code)
			}
			if a := d.Control("POST", "/confirm", map[string]string{"qr": page.confirm, "member": d.Member()}); a.Status != http.StatusOK {
				t.Fatalf("confirm: %d %s", a.Status, a.Body)
			}
			// Who knows the page's key and not its signature learns that it is over, and no code.
			if status, code := page.poll(t, "QRCODE_SCAN_ING"); status != "QRCODE_SCAN_SUCC" || code != "" {
				t.Errorf("confirmed, to a poll without the signature: %s %q", status, code)
			}
			status, code := page.poll(t, "QRCODE_SCAN_ING", "Authorization", page.signature)
			if status != "QRCODE_SCAN_SUCC" || code == "" || len(code) > 512 || strings.Trim(code, alphabet) != "" {
				t.Fatalf("confirmed: %s %q", status, code)
			}
			c.exchange(code)
		})
	}
}

// oldClients are the clients, each with the exchange that it makes.
func oldClients(t *testing.T, d *sandbox.Demo, p provided) []oldClient {
	to := d.Env["HUFU_REDIRECT_URI"]
	escaped := url.QueryEscape(to)
	loginInfo := func(query string) func(string) {
		return func(code string) {
			t.Helper()
			fields := hold(t, "get_login_info", sandbox.Send(t, "POST", d.Env["HUFU_API"]+service+"get_login_info?"+query, `{"auth_code":"`+code+`"}`))
			read(t, "get_login_info", fields, map[string]string{"usertype": "=5", "user_info.userid": "=" + d.Env["HUFU_OPEN_USERID"],
				"user_info.open_userid": "text", "user_info.name": "text", "corp_info.corpid": "=" + d.Env["HUFU_OPEN_CORPID"]})
		}
	}
	user := func(path, name string) func(string) {
		return func(code string) {
			t.Helper()
			fields := hold(t, path, sandbox.Send(t, "GET", d.Env["HUFU_API"]+path+"?access_token="+p.own+"&code="+code, nil))
			read(t, path, fields, map[string]string{name: "=" + d.Env["HUFU_MEMBER"]})
			id, _ := fields[name].(string)
			read(t, userGet, hold(t, userGet, sandbox.Send(t, "GET", d.Env["HUFU_API"]+userGet+"?access_token="+p.own+"&userid="+id, nil)),
				map[string]string{"userid": "=" + d.Env["HUFU_MEMBER"], "name": "text"})
		}
	}
	provider, corp, agent := d.Env["HUFU_PROVIDER_CORPID"], d.Env["HUFU_CORPID"], d.Env["HUFU_AGENTID"]
	return []oldClient{
		{name: "node-socialite OpenWeWork, overtrue/socialite", path: oldProviderPage,
			link:     "appid=" + provider + "&redirect_uri=" + escaped + "&usertype=member&lang=zh&state=s1",
			exchange: loginInfo("access_token=" + p.provider)},
		{name: "state before usertype", path: oldProviderPage,
			link:     "appid=" + provider + "&redirect_uri=" + escaped + "&state=s1&usertype=member",
			exchange: loginInfo("provider_access_token=" + p.provider)},
		{name: "redirect_uri not encoded, no state", path: oldProviderPage,
			link:     "appid=" + provider + "&redirect_uri=" + to + "&usertype=member",
			exchange: loginInfo("access_token=" + p.provider)},
		{name: "node-socialite WeWork", path: oldCorpPage,
			link:     "appid=" + corp + "&redirect_uri=" + escaped + "&response_type=code&agentid=" + agent + "&state=s1",
			exchange: user(oldUserInfo, "UserId")},
		{name: "passport-wechat-work", path: oldCorpPage,
			link:     "appid=" + corp + "&agentid=" + agent + "&redirect_uri=" + escaped + "&response_type=code&href=&scope=snsapi_login&state=state",
			exchange: user(oldUserInfo, "UserId")},
		{name: "silenceper/wechat", path: oldCorpPage,
			link:     "appid=" + corp + "&agentid=" + agent + "&redirect_uri=" + escaped + "&state=0123456789abcdef",
			exchange: user(userInfo, "userid")},
	}
}

// TestOldLoginRedirects holds what the old pages send the browser back with, name by name, and
// what they do not serve.
func TestOldLoginRedirects(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	to := url.QueryEscape(d.Env["HUFU_REDIRECT_URI"])
	provider := d.Env["HUFU_OPEN"] + oldProviderPage + "?appid=" + d.Env["HUFU_PROVIDER_CORPID"] + "&redirect_uri=" + to + "&state=a%20b&usertype=member"
	corp := d.Env["HUFU_OPEN"] + oldCorpPage + "?appid=" + d.Env["HUFU_CORPID"] + "&agentid=" + d.Env["HUFU_AGENTID"] + "&redirect_uri=" + to + "&state=a%20b"
	for _, c := range []struct {
		name, link, how string
		want            []string // names of the query that is added, in order
	}{
		{"provider", provider, "confirm", []string{"auth_code", "expires_in", "state", "appid"}},
		{"provider, refused", provider, "refuse", []string{"state"}},
		{"corp app", corp, "confirm", []string{"code", "state", "appid"}},
		{"corp app, refused", corp, "refuse", []string{"state"}},
	} {
		page := openOld(t, d, c.link)
		if a := d.Control("POST", "/"+c.how, map[string]string{"qr": page.confirm, "member": d.Member()}); a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", c.name, a.Status, a.Body)
		}
		a := sandbox.Send(t, "POST", d.Env["HUFU_LOGIN"]+"/wwlogin/monoApi/sso/login/getWebQrCodeStatus",
			map[string]any{"webKey": page.key, "lastStatus": "QRCODE_SCAN_NEVER"}, "Authorization", page.signature)
		var answer struct {
			Data sandbox.State `json:"data"`
		}
		a.JSON(t, &answer)
		added, ok := strings.CutPrefix(answer.Data.RedirectURL, d.Env["HUFU_REDIRECT_URI"])
		var names []string
		for pair := range strings.SplitSeq(strings.TrimLeft(added, "?&"), "&") {
			name, value, _ := strings.Cut(pair, "=")
			names = append(names, name)
			if name == "state" && value != "a%20b" || value == "" {
				t.Errorf("%s: %s is %q", c.name, name, value)
			}
		}
		if !ok || strings.Join(names, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: the browser is sent to %s", c.name, answer.Data.RedirectURL)
		}
	}

	for name, c := range map[string]struct{ link, referer, code string }{
		"no Referer":              {provider, "", "-31033"},
		"a foreign Referer":       {provider, "https://evil.example/", "-31033"},
		"a SuiteID":               {strings.Replace(provider, d.Env["HUFU_PROVIDER_CORPID"], d.Env["HUFU_LOGIN_SUITE_ID"], 1), d.Env["HUFU_SITE"] + "/", "-31027"},
		"a company, no provider":  {strings.Replace(provider, d.Env["HUFU_PROVIDER_CORPID"], d.Env["HUFU_CORPID"], 1), d.Env["HUFU_SITE"] + "/", "-31034"},
		"a foreign redirect_uri":  {strings.Replace(provider, to, "https%3A%2F%2Fevil.example%2F", 1), d.Env["HUFU_SITE"] + "/", "-31020"},
		"corp app, foreign":       {strings.Replace(corp, to, "https%3A%2F%2Fevil.example%2F", 1), d.Env["HUFU_SITE"] + "/", "-31039"},
		"corp app, wrong agentid": {strings.Replace(corp, "agentid="+d.Env["HUFU_AGENTID"], "agentid=99", 1), d.Env["HUFU_SITE"] + "/", "-31028"},
	} {
		a := sandbox.Send(t, "GET", c.link, nil, "Referer", c.referer)
		if shown := strings.ReplaceAll(a.Body, "−", "-"); !strings.Contains(shown, c.code) || strings.Contains(shown, "confirm2") {
			t.Errorf("%s: %d %.1500s", name, a.Status, a.Body)
		}
	}
}
