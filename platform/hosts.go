package platform

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/wecomhosts"
)

// privateNames are the endings of names that nobody can register, so that no stranger can
// make them lead here.
var privateNames = []string{".localhost", ".local", ".internal", ".test", ".home.arpa"}

// knownHost keeps a sandbox's pages to names that cannot be a stranger's. A page of a domain
// whose address is changed to this machine's after it was loaded (DNS rebinding) would
// otherwise be of one origin with the person picker, where no password is asked for. The
// API is left alone: its callers are programs, and bear secrets.
func knownHost(publicURL string, pages *respond.Responder, next http.Handler) http.Handler {
	public, _ := url.Parse(publicURL) // was parsed before
	refuse := pages.Page(func(http.ResponseWriter, *http.Request) error { return respond.Forbidden(nil) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/cgi-bin/") || ownName(r.Host, public.Hostname()) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}

func ownName(hostport, public string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	// A name of one label is this machine's or a container's.
	return host == public || !strings.Contains(host, ".") || slices.Contains(wecomhosts.Names(), host) ||
		slices.ContainsFunc(privateNames, func(end string) bool { return strings.HasSuffix(host, end) })
}
