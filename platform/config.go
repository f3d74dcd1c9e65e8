package platform

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
)

// Config is how a platform runs. Its zero value does not run: Dir and Addr are needed.
type Config struct {
	// Dir holds the platform's files: hufu.db, shortlived.db and the key that wraps the
	// keys, wrap.key. It is made, for its owner alone, when it does not exist.
	Dir string
	// Addr is host:port to listen on; port 0 takes a free one.
	Addr string
	// PublicURL is the origin under which phones reach the platform. It is in every QR code
	// and its host is the passkeys' RP ID: outside the sandbox the first start fixes it.
	// Empty: http://localhost and the port that Addr turned out to have.
	PublicURL string
	// LoginURL, ConsoleURL and APIURL are the origins of the login page, of the consoles and
	// of the API. Empty: login., console. and api. before PublicURL's host (for localhost the
	// API's is 127.0.0.1). In the sandbox all are PublicURL.
	LoginURL, ConsoleURL, APIURL string
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
	// OldPolls hands a code to a poll of the old login pages that knows the key in the page
	// alone, as WeCom does, for programs that read those pages. Whoever learns that key can
	// take the sign-in then. Sandbox only.
	OldPolls bool
	// NoDevelopment leaves development origins out, as outside the sandbox: every
	// redirect_uri and every framing page is then https on a trusted domain.
	NoDevelopment bool
	// CallbackNetworks are networks to which callbacks and URL checks may go although they
	// are not public: the inner network of an operator whose providers are in it. Name the
	// smallest that will do; anyone who may set a callback can make the platform send there.
	// Public addresses are always allowed, loopback in the sandbox.
	CallbackNetworks []netip.Prefix
	// NoDomainCheck lets the business settings of suites (业务设置URL) be on a domain without
	// its ownership file (WW_verify). The sandbox never asks for it.
	NoDomainCheck bool
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

// domainCheck says whether providers are asked to show that domains are theirs.
func (c *Config) domainCheck() bool { return !c.Sandbox && !c.NoDomainCheck }

func (c *Config) check() error {
	switch {
	case c.Dir == "":
		return errors.New("platform: a data directory is needed")
	case c.Addr == "":
		return errors.New("platform: an address to listen on is needed")
	case !c.Sandbox && (c.ControlAddr != "" || c.WeComHosts != nil):
		return errors.New("platform: control port and WeCom's host names are for a sandbox")
	case !c.Sandbox && c.OldPolls:
		return errors.New("platform: codes for the polls of programs that read the old pages are for a sandbox")
	case c.ControlAddr != "" && !loopback(c.ControlAddr):
		return fmt.Errorf("platform: the control port must be on loopback, not %s", c.ControlAddr)
	}
	if c.PublicURL != "" {
		var err error
		if c.PublicURL, err = cleanOrigin("public URL", c.PublicURL); err != nil {
			return err
		}
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
