package browser

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

func TestMain(m *testing.M) { sandbox.Main(m) }

// world is a sandbox, the sites around it and a browser that finds them.
type world struct {
	*sandbox.Demo
	*sites
	browser context.Context
}

// newWorld starts one for a test.
func newWorld(t *testing.T) *world {
	t.Helper()
	sandbox.Needs(t, sdkFile, "chromium")
	sites := startSites(t)
	ports := sandbox.FreePorts(t, 2)
	demo := sandbox.Start(t, sandbox.Options{Args: []string{
		"--site", sites.home, "--trust", strings.TrimPrefix(otherSite, "https://"),
		"--wecom-hosts", "--tls-addr", "127.0.0.1:" + ports[0], "--proxy-addr", "127.0.0.1:" + ports[1],
	}})
	sites.setLogin(t, demo.Env["HUFU_LOGIN"])
	return &world{Demo: demo, sites: sites, browser: startChromium(t, "127.0.0.1:"+ports[0], sites.tls)}
}

// decide lets the sample member scan, confirm or refuse what a QR code asks.
func (w *world) decide(t *testing.T, how, qr string) {
	t.Helper()
	a := w.Control("POST", "/"+how, map[string]string{"qr": qr, "member": w.Member()})
	if a.Status != http.StatusOK {
		t.Fatalf("the member could not %s: %d %s", how, a.Status, a.Body)
	}
}

// isMember exchanges a code as the site would and expects the sample member.
func (w *world) isMember(t *testing.T, code string) {
	t.Helper()
	who := sandbox.Send(t, "GET", w.API("/cgi-bin/service/auth/getuserinfo3rd",
		url.Values{"suite_access_token": {w.SuiteToken()}, "code": {code}}), nil).Fields(t)
	if who["errcode"] != 0.0 || who["open_userid"] != w.Env["HUFU_OPEN_USERID"] || who["open_userid"] == "" {
		t.Errorf("the code names %v, not the sample member %s", who, w.Env["HUFU_OPEN_USERID"])
	}
}

// panelParams are the params of a panel of the sample provider's login suite. A
// redirect type of "absent" is left out.
func (w *world) panelParams(redirectType, state string) map[string]any {
	params := map[string]any{
		"login_type":   "ServiceApp",
		"appid":        w.Env["HUFU_LOGIN_SUITE_ID"],
		"redirect_uri": w.home + "/landed?kept=1#/route",
		"state":        state,
		"lang":         "en",
	}
	if redirectType != "absent" {
		params["redirect_type"] = redirectType
	}
	return params
}

// hostAddress is the host page at an origin with a panel of these params, made by
// the script at that address.
func hostAddress(origin, script string, params map[string]any) string {
	raw, err := json.Marshal(params)
	if err != nil {
		panic(err)
	}
	return origin + "/host?" + url.Values{"script": {script}, "params": {string(raw)}}.Encode()
}

// loginAddress is a login link at a login origin.
func loginAddress(origin string, params map[string]any) string {
	q := url.Values{}
	for name, value := range params {
		q.Set(name, fmt.Sprint(value))
	}
	return origin + "/wwlogin/sso/login?" + q.Encode()
}

// panel opens the site's own page with a panel and answers both.
func (w *world) panel(t *testing.T, redirectType, state string) (page, panel context.Context) {
	t.Helper()
	page = tab(t, w.browser, hostAddress(w.home, published, w.panelParams(redirectType, state)))
	return page, frame(t, page, state)
}

// newState is a state that names one sign-in.
func newState() string { return rand.Text() }
