package platform_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// The way from a page to a desktop client is open on the login page alone, and there only
// where quick login is offered.
func TestWayToTheDesktopClient(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	const open = "; connect-src 'self' http://127.0.0.1:50000 http://127.0.0.1:50001 http://127.0.0.1:50002; "
	service := p.ServiceLink(platformtest.Origin+"/cb", "s")
	corp := with(service, protocol.ParamLoginType, protocol.LoginTypeCorpApp, protocol.ParamAppID, p.Sample.CorpID, protocol.ParamAgentID, "1000002")
	const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"
	for _, c := range []struct {
		name    string
		path    string
		header  []string
		offered bool
	}{
		{"a provider's site", protocol.PathLogin + "?" + service.Encode(), nil, true},
		{"a corp app", protocol.PathLogin + "?" + corp.Encode(), nil, true},
		{"asked for", protocol.PathLogin + "?" + service.Encode() + "&fast_login=1", nil, true},
		{"nothing said by a script", protocol.PathLogin + "?" + service.Encode() + "&fast_login=undefined", nil, true},
		{"switched off", protocol.PathLogin + "?" + service.Encode() + "&fast_login=0", nil, false},
		{"switched off, spelt otherwise", protocol.PathLogin + "?" + service.Encode() + "&fast%5Flogin=%30", nil, false},
		{"switched off by a script", protocol.PathLogin + "?" + service.Encode() + "&fast_login=false", nil, false},
		{"a corp app, switched off", protocol.PathLogin + "?" + corp.Encode() + "&fast_login=0", nil, false},
		{"a panel, switched off", protocol.PathLogin + "?" + service.Encode() + "&redirect_type=callback&version=2.4.4&fast_login=0", []string{"Sec-Fetch-Dest", "iframe"}, false},
		{"a phone", protocol.PathLogin + "?" + service.Encode(), []string{"User-Agent", phone}, false},
		{"a tablet", protocol.PathLogin + "?" + service.Encode(), []string{"Sec-CH-UA-Mobile", "?1"}, false},
		{"an error of the link", protocol.PathLogin + "?" + url.Values{"appid": {"x"}}.Encode(), nil, false},
		{"the phone's pages", "/phone/sign-in", nil, false},
		{"a console", "/console", nil, false},
	} {
		a := send(t, "GET", p.URL()+c.path, "", append([]string{"Accept", "text/html"}, c.header...)...)
		policy := a.header.Get("Content-Security-Policy")
		if strings.Contains(policy, open) != c.offered || strings.Contains(policy, "127.0.0.1:5000") != c.offered {
			t.Errorf("%s: %d, %s", c.name, a.status, policy)
		}
		if strings.Contains(a.body, `"desktop":{"ports":[50000,50001,50002]}`) != c.offered || strings.Contains(a.body, `data-press="desktop"`) != c.offered {
			t.Errorf("%s: page and policy differ", c.name)
		}
	}
}
