package platform

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
)

// Config is how a platform runs. Its zero value does not run: Dir and Addr are needed.
type Config struct {
	// Dir holds the platform's files: hufu.db, shortlived.db and the key that wraps the
	// keys, wrap.key. It is made, for its owner alone, when it does not exist.
	Dir string
	// Addr is host:port to listen on; port 0 takes a free one.
	Addr string
	// PublicURL is the origin under which browsers and phones reach the platform; it is in
	// every QR code, so give the same at every start. Empty: http://localhost and the port
	// that Addr turned out to have.
	PublicURL string
	// Sandbox marks the store, when it is made, as one for development: banner, person
	// picker, development origins, loopback callbacks, control port. The mark cannot be
	// set or removed later.
	Sandbox bool
	// ControlAddr is host:port on loopback for the control port; empty: none. Sandbox only.
	ControlAddr string
	// WeComHosts adds TLS for WeCom's four host names and a proxy to them, both on
	// loopback. Sandbox only.
	WeComHosts *WeComHosts
	// NumberAlways asks for the number on the page at every sign-in. Outside the sandbox
	// it always is; in the sandbox the number is otherwise asked for only when phone and
	// browser have different addresses.
	NumberAlways bool
	// NoDevelopment leaves development origins out, as outside the sandbox: every
	// redirect_uri and every framing page is then https on a trusted domain.
	NoDevelopment bool
	// LANCallbacks lets pushed events go to this address beside loopback, for a sandbox
	// that is opened to the local network. Sandbox only.
	LANCallbacks netip.Addr
	// AttemptsPerMinute is how many sign-ins one address may begin; 0 means 120.
	AttemptsPerMinute int
	// TrustedProxies are the peers whose X-Forwarded-For is believed; default none.
	TrustedProxies []netip.Prefix
	// Log takes the request log and the causes of failures; nil drops them.
	Log *slog.Logger
}

// WeComHosts are the loopback addresses that stand in for WeCom's hosts.
type WeComHosts struct {
	TLSAddr   string // such as 127.0.0.1:8443
	ProxyAddr string // such as 127.0.0.1:8794
}

// defaultAttempts is a lot for one office behind one address, and little for a flood.
const defaultAttempts = 120

// maxPublicURL keeps a QR code small enough to be scanned from a screen.
const maxPublicURL = 100

// development says whether development origins count.
func (c *Config) development() bool { return c.Sandbox && !c.NoDevelopment }

func (c *Config) check() error {
	switch {
	case c.Dir == "":
		return errors.New("platform: a data directory is needed")
	case c.Addr == "":
		return errors.New("platform: an address to listen on is needed")
	case !c.Sandbox:
		return errors.New("platform: only the sandbox runs today: without --sandbox a platform needs its operator's pages, which this version does not have")
	case c.ControlAddr != "" && !loopback(c.ControlAddr):
		return fmt.Errorf("platform: the control port must be on loopback, not %s", c.ControlAddr)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" {
			return fmt.Errorf("platform: public URL %q is not an origin such as https://login.example.com", c.PublicURL)
		}
		c.PublicURL = u.Scheme + "://" + u.Host
		if len(c.PublicURL) > maxPublicURL {
			return fmt.Errorf("platform: public URL is longer than %d bytes and would not fit a QR code", maxPublicURL)
		}
	}
	return nil
}

func loopback(hostport string) bool {
	ap, err := netip.ParseAddrPort(hostport)
	return err == nil && ap.Addr().IsLoopback()
}
