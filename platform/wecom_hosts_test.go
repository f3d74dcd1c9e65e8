package platform_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// underWeComNames are two clients of a sandbox with WeCom's host names: one whose names lead to
// its TLS listener, as in 'hufu browser', and one behind its proxy. They follow no redirect.
func underWeComNames(t *testing.T) (*platformtest.Platform, map[string]*http.Client) {
	t.Helper()
	p := platformtest.Start(t, platformtest.Options{Config: func(c *platform.Config) {
		c.WeComHosts = &platform.WeComHosts{TLSAddr: "127.0.0.1:0", ProxyAddr: "127.0.0.1:0"}
	}})
	hosts := p.WeComHosts()
	ca, err := os.ReadFile(hosts.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("no certificate in ca.pem")
	}
	clients := map[string]*http.Client{}
	for name, transport := range map[string]*http.Transport{
		"mapped": {DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, hosts.TLS)
		}},
		"proxied": {Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: hosts.Proxy})},
	} {
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
		t.Cleanup(transport.CloseIdleConnections)
		clients[name] = &http.Client{Transport: transport, Timeout: 30 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return p, clients
}

// TestWeComNames: what clients find under WeCom's names, found under ours. Sign-in inside the
// client ends on the phone's own origin, with its query and where it came from.
func TestWeComNames(t *testing.T) {
	t.Parallel()
	p, clients := underWeComNames(t)
	authorize := protocol.PathAuthorize + "?" + url.Values{protocol.ParamAppID: {p.Sample.SuiteID}, protocol.ParamResponseType: {"code"},
		protocol.ParamScope: {protocol.ScopeBase}, protocol.ParamRedirectURI: {platformtest.Origin + "/in?x=1"}, protocol.ParamState: {"a+b"}}.Encode()
	old := func(path string) string { return path + "?" + p.OldLink(path, platformtest.Origin+"/cb", "s").Encode() }
	for name, client := range clients {
		for _, row := range []struct {
			host, path string
			status     int
			holds      string // in the body, or all of Location
		}{
			{protocol.HostLogin, protocol.PathLogin + "?" + p.ServiceLink(platformtest.Origin+"/cb", "s").Encode(), 200, `id="qr"`},
			{protocol.HostOpen, old(protocol.PathOldProviderLogin), 200, `id="qr"`},
			{protocol.HostOpen, old(protocol.PathOldCorpLogin), 200, `id="qr"`},
			{protocol.HostOpen, old(protocol.PathOldCorpLogin), 200, p.PublicURL() + protocol.PathOldConfirm + "?k="},
			{protocol.HostOpen, old(protocol.PathOldCorpLoginTWW), 200, `id="qr"`},
			{protocol.HostOpen, protocol.PathOldPoll + "?callback=cb&key=0123456789abcdef", 200, `cb({"status":"QRCODE_SCAN_ERR","auth_code":""})`},
			{protocol.HostOpen, protocol.PathWwLogin, 200, "WwLogin"},
			{protocol.HostOpen, protocol.PathWwLoginCDN, 200, "WwLogin"},
			{protocol.HostAPI, "/cgi-bin/gettoken?corpid=x&corpsecret=y", 200, `"errcode"`},
			{protocol.HostOAuth, authorize, 302, p.PublicURL() + authorize},
			{protocol.HostOpen, authorize, 302, p.PublicURL() + authorize},
		} {
			r, err := http.NewRequest("GET", "https://"+row.host+row.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Referer", platformtest.Origin+"/")
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			got := string(body)
			if to := resp.Header.Get("Location"); to != "" {
				got = to
				if resp.Header.Get("Referrer-Policy") != "origin" {
					t.Errorf("%s %s: whence it came is lost: %q", name, row.host, resp.Header.Get("Referrer-Policy"))
				}
			}
			if err != nil || resp.StatusCode != row.status || !strings.Contains(got, row.holds) {
				t.Errorf("%s https://%s%.60s: %d %v %.300s", name, row.host, row.path, resp.StatusCode, err, got)
			}
		}
		// Scripts come from elsewhere in life: those names are not ours to take.
		for _, host := range []string{"wwcdn.weixin.qq.com", "rescdn.qqmail.com", "open.wecom.tencent.com"} {
			if resp, err := client.Get("https://" + host + protocol.PathWwLoginCDN); err == nil {
				resp.Body.Close()
				t.Errorf("%s: https://%s is believed", name, host)
			}
		}
	}
}
