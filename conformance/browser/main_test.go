package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"crypto/rand"
)

// world is what all tests share.
var world struct {
	*hufu
	*sites
	browser context.Context
}

func TestMain(m *testing.M) {
	code, err := inWorld(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func inWorld(run func() int) (int, error) {
	dir, err := os.MkdirTemp("", "hufu-browser-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(context.Background())
	sites, setLogin, err := startSites()
	if err != nil {
		cancel()
		return 0, err
	}
	world.sites = sites
	world.hufu, err = startHufu(ctx, dir, sites.home, strings.TrimPrefix(otherSite, "https://"))
	if err != nil {
		cancel()
		return 0, err
	}
	defer world.hufu.wait()
	defer cancel()
	setLogin(world.env["HUFU_LOGIN"])
	browser, stop := startChromium(ctx, world.env["HUFU_TLS"], sites.tls)
	defer stop()
	world.browser = browser
	return run(), nil
}

// panelParams are the params of a panel of the sample provider's login suite. A
// redirect type of "absent" is left out.
func panelParams(redirectType, state string) map[string]any {
	params := map[string]any{
		"login_type":   "ServiceApp",
		"appid":        world.env["HUFU_LOGIN_SUITE_ID"],
		"redirect_uri": world.home + "/landed?kept=1#/route",
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

// newState is a state that names one test.
func newState() string { return rand.Text() }
