package control

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
)

// guard lets in only what a script on this machine sends: a loopback Host with this very
// port (a rebound name has another), no Origin, and no Sec-Fetch-Site but none, which no
// page can leave out (security.md, Control port).
func guard(port int, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		_, hasOrigin := r.Header["Origin"]
		switch {
		case !ownHost(r.Host, port):
			refuse(w, http.StatusMisdirectedRequest, "the Host of a control call must be a loopback address or localhost, with the control port")
		case hasOrigin || site != "" && site != "none":
			refuse(w, http.StatusForbidden, "the control port answers scripts, not pages")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func ownHost(hostport string, port int) bool {
	host, p, err := net.SplitHostPort(hostport)
	if err != nil || p != strconv.Itoa(port) {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
