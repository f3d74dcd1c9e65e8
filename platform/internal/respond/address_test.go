package respond_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

func TestClientAddr(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}
	p := newResponder(t, func(c *respond.Config) { c.TrustedProxies = proxies })
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "203.0.113.7:1", nil, "203.0.113.7"},
		{"spoofed without a proxy", "203.0.113.7:1", []string{"198.51.100.1"}, "203.0.113.7"},
		{"through a proxy", "10.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"spoofed through a proxy", "10.0.0.1:1", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1"},
		{"spoofed as a proxy", "10.0.0.1:1", []string{"10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
		{"two proxies", "10.0.0.1:1", []string{"127.0.0.1, 198.51.100.1 ,10.0.0.2"}, "198.51.100.1"},
		{"two lines", "10.0.0.1:1", []string{"192.0.2.1", "198.51.100.1"}, "198.51.100.1"},
		{"only proxies", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"nothing", "10.0.0.1:1", nil, "10.0.0.1"},
		{"empty", "10.0.0.1:1", []string{""}, "10.0.0.1"},
		{"garbage", "10.0.0.1:1", []string{"198.51.100.1, <script>"}, "10.0.0.1"},
		{"garbage left of a proxy", "10.0.0.1:1", []string{"198.51.100.1, x, 10.0.0.2"}, "10.0.0.2"},
		{"unknown", "10.0.0.1:1", []string{"unknown"}, "10.0.0.1"},
		{"trailing comma", "10.0.0.1:1", []string{"198.51.100.1,"}, "10.0.0.1"},
		{"port", "10.0.0.1:1", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"v6 with port", "10.0.0.1:1", []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{"v6 in brackets", "10.0.0.1:1", []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"v6 zone", "[fe80::1%eth0]:1", nil, "fe80::1"},
		{"v6 proxy", "[2001:db8:ffff::9]:1", []string{"2001:db8::1"}, "2001:db8::1"},
		{"mapped peer is a proxy", "[::ffff:10.0.0.1]:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"mapped entry", "10.0.0.1:1", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"mapped entry is a proxy", "10.0.0.1:1", []string{"198.51.100.1, ::ffff:10.0.0.2"}, "198.51.100.1"},
		{"leading zeros", "10.0.0.1:1", []string{"010.0.0.2"}, "10.0.0.1"},
		{"huge entry", "10.0.0.1:1", []string{"198.51.100.1, " + strings.Repeat("9", 1<<20)}, "10.0.0.1"},
		{"endless chain", "10.0.0.1:1", []string{"198.51.100.1" + strings.Repeat(",10.0.0.2", 100_000)}, "10.0.0.2"},
		{"unix socket", "@", []string{"198.51.100.1"}, "invalid IP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got netip.Addr
			h := p.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = respond.ClientAddr(r) }))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			r.Header["X-Forwarded-For"] = c.forwarded
			r.Header.Set("X-Real-Ip", "192.0.2.99")
			r.Header.Set("Forwarded", "for=192.0.2.98")
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got.String() != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestSameNetwork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"203.0.113.7", "203.0.113.7", true},
		{"203.0.113.7", "203.0.113.8", false},
		{"::ffff:203.0.113.7", "203.0.113.7", true},
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::1", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"fe80::1%eth0", "fe80::2", true},
		{"127.0.0.1", "::1", true},
		{"127.0.0.1", "203.0.113.7", false},
		{"203.0.113.7", "2001:db8::1", false},
	} {
		if got := respond.SameNetwork(netip.MustParseAddr(c.a), netip.MustParseAddr(c.b)); got != c.want {
			t.Errorf("SameNetwork(%s, %s) = %v", c.a, c.b, got)
		}
	}
	if respond.SameNetwork(netip.Addr{}, netip.Addr{}) {
		t.Error("two unknown addresses are one place")
	}
}
