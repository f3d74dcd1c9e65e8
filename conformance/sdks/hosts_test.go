package sdks

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestHosts asks WeCom's four host names as clients do that know no others: by a hosts file
// entry, by CONNECT, and with the whole URL to the proxy.
func TestHosts(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--wecom-hosts", "--tls-addr", "127.0.0.1:0", "--proxy-addr", "127.0.0.1:0"}})
	pem, err := os.ReadFile(d.Env["HUFU_CA"])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate in HUFU_CA")
	}
	proxy, err := url.Parse(d.Env["HUFU_PROXY"])
	if err != nil {
		t.Fatal(err)
	}
	trust := &tls.Config{RootCAs: roots}
	direct := &http.Client{Transport: &http.Transport{TLSClientConfig: trust, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, d.Env["HUFU_TLS"])
	}}}
	proxied := &http.Client{Transport: &http.Transport{TLSClientConfig: trust, Proxy: http.ProxyURL(proxy)}}
	call := "/cgi-bin/gettoken?corpid=" + d.Env["HUFU_CORPID"] + "&corpsecret=" + d.Env["HUFU_CORPSECRET"]
	for _, host := range []string{"qyapi.weixin.qq.com", "login.work.weixin.qq.com", "open.work.weixin.qq.com", "open.weixin.qq.com"} {
		for name, client := range map[string]*http.Client{"direct": direct, "CONNECT": proxied} {
			if a := get(t, client, "https://"+host+call); a.Fields(t)["errmsg"] != "ok" {
				t.Errorf("%s, %s: %s", host, name, a.Body)
			}
		}
		if status, body := whole(t, proxy.Host, "https://"+host+call, host); status != 200 || !strings.Contains(body, `"errmsg":"ok"`) {
			t.Errorf("%s, the whole URL: %d %s", host, status, body)
		}
	}
	for _, other := range []string{"https://example.com/", "http://qyapi.weixin.qq.com" + call, "https://qyapi.weixin.qq.com:8443" + call, "https://evil.qyapi.weixin.qq.com/"} {
		u, err := url.Parse(other)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := whole(t, proxy.Host, other, u.Host); status != http.StatusForbidden {
			t.Errorf("the proxy leads to %s: %d", other, status)
		}
	}
	if _, err := proxied.Get("https://example.com/"); err == nil {
		t.Error("the proxy connects to example.com")
	}
}

// whole sends the whole URL to a proxy, as axios 0.x does for https.
func whole(t *testing.T, proxy, address, host string) (int, string) {
	t.Helper()
	conn, err := net.Dial("tcp", proxy)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", address, host); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}
