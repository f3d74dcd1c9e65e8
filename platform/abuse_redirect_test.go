package platform_test

import (
	"net/http"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// Abuse case 11, with development origins off: each is refused and named, nothing begins,
// and no code can be had through the control port either.
func TestAbuse11(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{
		Site:   platform.SampleSite{Origin: "http://localhost:3000", Trust: []string{"app.example.com", "mail.example.com:8443"}},
		Config: func(c *platform.Config) { c.NoDevelopment = true },
	})
	for _, c := range []struct{ uri, rule string }{
		{"http://app.example.com/cb", "http"},
		{"http://localhost:3000/cb", "http"},
		{"http://127.0.0.1/cb", "http"},
		{`https://app.example.com\@evil.example/`, "malformed"},
		{`https://evil.example\.app.example.com/`, "malformed"},
		{"https://app.example.com\t/cb", "malformed"},
		{"https://app.exa\nmple.com/cb", "malformed"},
		{" https://app.example.com/cb", "malformed"},
		{"https://app%2eexample.com/cb", "host"},
		{"https://app.example.com%2fevil.example/", "host"},
		{"https://app.example.com./cb", "host"},
		{"https://app.example.com:0443/cb", "port_form"},
		{"https://app.example.com:/cb", "port_form"},
		{"https://ａｐｐ.example.com/cb", "host"},
		{"https://app。example.com/cb", "host"},
		{"javascript:alert(1)", "scheme"},
		{"JavaScript://app.example.com/%0aalert(1)", "scheme"},
		{"data:text/html,x", "scheme"},
		{"https:app.example.com/cb", "malformed"},
		{"//app.example.com/cb", "malformed"},
		{"https://app.example.com@evil.example/", "user_info"},
		{"https%3A%2F%2Fapp.example.com%2Fcb", "double_encoded"},
		{"https://app.example.com:8443/cb", "port"},
		{"https://sub.app.example.com/cb", "subdomain"},
		{"https://evil.example/https://app.example.com", "not_listed"},
	} {
		link := p.ServiceLink(c.uri, "s")
		a := send(t, "GET", p.URL()+protocol.PathLogin+"?"+link.Encode(), "", "Accept", "application/json")
		if a.status != http.StatusOK || a.text("rule") != c.rule || a.fields["errCode"] != float64(protocol.PageRedirectNotCallbackDomain) {
			t.Errorf("%q: %d %.200s; want rule %s", c.uri, a.status, a.body, c.rule)
		}
		if page := p.OpenLogin(link); page.WebKey != "" || page.Signature != "" || page.QRKey != "" {
			t.Errorf("%q: the error page holds keys", c.uri)
		}
		if status := p.Control("POST", "/codes", map[string]string{"kind": "login", "app": p.Sample.LoginSuiteID,
			"member": p.Sample.CorpID + "/" + p.Sample.Member, "redirect_uri": c.uri}, nil); status != http.StatusBadRequest {
			t.Errorf("%q: control answers %d", c.uri, status)
		}
	}
	if list := attempts(t, p); len(list) != 0 {
		t.Errorf("%d attempts began", len(list))
	}
	for _, uri := range []string{"https://app.example.com/cb", "HTTPS://APP.EXAMPLE.COM:443/cb", "https://mail.example.com:8443"} {
		if page := p.OpenLogin(p.ServiceLink(uri, "s")); page.WebKey == "" {
			t.Errorf("%q is refused", uri)
		}
	}
}
