package platform

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// Origins are the four addresses under which a platform is reached. Outside the sandbox they
// are different, so that a page of one cannot act as another: no script of a login page, which
// sites put into frames, shares an origin with a console, and passkeys belong to the phone's
// alone. In the sandbox all four are one.
type Origins struct {
	Phone   string // QR codes and links begin with it; its host is the passkeys' RP ID
	Login   string // login page and panel
	Console string // consoles of operator, provider and company
	API     string // /cgi-bin/…
}

// origins completes what the configuration says. A platform on this machine gets names that
// browsers take for this machine (RFC 6761), and an API that programs reach by address.
func (c *Config) origins() (Origins, error) {
	o := Origins{Phone: c.PublicURL, Login: c.LoginURL, Console: c.ConsoleURL, API: c.APIURL}
	u, err := url.Parse(c.PublicURL)
	if err != nil {
		return o, err
	}
	under := func(name string) string { return u.Scheme + "://" + name + "." + u.Host }
	api := under("api")
	if u.Hostname() == "localhost" {
		api = u.Scheme + "://" + strings.Replace(u.Host, "localhost", "127.0.0.1", 1)
	}
	if c.Sandbox {
		under, api = func(string) string { return c.PublicURL }, c.PublicURL
	}
	for _, part := range []struct {
		name    string
		value   *string
		derived string
	}{{"login URL", &o.Login, under("login")}, {"console URL", &o.Console, under("console")}, {"API URL", &o.API, api}} {
		if *part.value == "" {
			*part.value = part.derived
			continue
		}
		if *part.value, err = cleanOrigin(part.name, *part.value); err != nil {
			return o, err
		}
		if c.Sandbox && *part.value != c.PublicURL {
			return o, fmt.Errorf("platform: a sandbox has one origin, %s; the %s cannot be another", c.PublicURL, part.name)
		}
	}
	return o, o.check(c.Sandbox)
}

// check refuses origins that share a host: cookies do not tell ports apart.
func (o Origins) check(sandbox bool) error {
	if sandbox {
		return nil
	}
	seen := map[string]bool{}
	for _, origin := range []string{o.Phone, o.Login, o.Console, o.API} {
		u, err := url.Parse(origin)
		if err != nil {
			return err
		}
		if seen[u.Hostname()] {
			return fmt.Errorf("platform: phone, login page, consoles and API need host names of their own; %s is given twice", u.Hostname())
		}
		seen[u.Hostname()] = true
		if ip, err := netip.ParseAddr(u.Hostname()); u.Scheme == "http" && u.Hostname() != "localhost" &&
			!strings.HasSuffix(u.Hostname(), ".localhost") && (err != nil || !ip.IsLoopback()) {
			return fmt.Errorf("platform: %s: outside the sandbox http is for this machine only; put a proxy that speaks https in front", origin)
		}
	}
	return nil
}

func cleanOrigin(name, value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return "", fmt.Errorf("platform: %s %q is not an origin such as https://login.example.com", name, value)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// loginOrigins are the origins under which browsers open the login page.
func (p *Platform) loginOrigins() []string {
	list := []string{p.origins.Login}
	if p.config.WeComHosts != nil {
		list = append(list, "https://"+protocol.HostLogin)
	}
	return list
}

// muxes hold the routes of each origin; in the sandbox all are one.
type muxes struct{ phone, login, console, api *http.ServeMux }

func newMuxes(sandbox bool) muxes {
	if sandbox {
		mux := http.NewServeMux()
		return muxes{mux, mux, mux, mux}
	}
	return muxes{http.NewServeMux(), http.NewServeMux(), http.NewServeMux(), http.NewServeMux()}
}

// all lists each mux once.
func (m muxes) all() []*http.ServeMux {
	if m.phone == m.api {
		return []*http.ServeMux{m.phone}
	}
	return []*http.ServeMux{m.phone, m.login, m.console, m.api}
}

// byHost sends a request to the origin its Host names, and refuses any other name.
func (m muxes) byHost(o Origins, pages *respond.Responder) http.Handler {
	routes := map[string]*http.ServeMux{}
	for origin, mux := range map[string]*http.ServeMux{o.Phone: m.phone, o.Login: m.login, o.Console: m.console, o.API: m.api} {
		_, host, _ := strings.Cut(origin, "://")
		routes[withoutDefaultPort(host)] = mux
	}
	refuse := pages.Page(func(http.ResponseWriter, *http.Request) error { return respond.WrongHost() })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if mux := routes[withoutDefaultPort(strings.ToLower(r.Host))]; mux != nil {
			mux.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == pathHealth { // asked for by address
			m.api.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}

func withoutDefaultPort(host string) string {
	if h, port, err := net.SplitHostPort(host); err == nil && (port == "443" || port == "80") {
		return h
	}
	return host
}

// pathHealth answers 204 while the process answers at all.
const pathHealth = "/healthz"
