package browser

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// Options says what to open, and where WeCom's host names lead.
type Options struct {
	// URL is the page to open: http or https.
	URL string

	// TLSAddr is where the sandbox serves WeCom's host names, host:port.
	TLSAddr string

	// SPKI is the base64 SHA-256 digest of the public key that is believed
	// there beside the public authorities; see Pin.
	SPKI string

	// Path is the browser's executable; empty means the first that Find finds.
	Path string

	// Args are handed to the browser after our own, so that they win over
	// them: "--headless=new", "--remote-debugging-port=0".
	Args []string
}

// names are WeCom's host names that a browser meets.
var names = []string{protocol.HostLogin, protocol.HostOpen, protocol.HostOAuth, protocol.HostAPI}

func (o Options) check() error {
	target, err := url.Parse(o.URL)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return errors.New("the page to open must be an http or https URL")
	}
	// Both become part of a rule list, in which a comma or space begins the next.
	if _, _, err := net.SplitHostPort(o.TLSAddr); err != nil || strings.ContainsAny(o.TLSAddr, ", ") {
		return fmt.Errorf("%q is not the host:port of the sandbox's TLS", o.TLSAddr)
	}
	if o.SPKI == "" || strings.ContainsAny(o.SPKI, ", ") {
		return errors.New("the digest of the sandbox's public key is missing")
	}
	return nil
}

// arguments is the command line after the executable. root says that the
// browser would run as root, which it refuses with its own sandbox on.
func arguments(o Options, profile string, root bool) []string {
	rules := make([]string, len(names))
	for i, name := range names {
		rules[i] = "MAP " + name + " " + o.TLSAddr
	}
	args := []string{
		"--user-data-dir=" + profile,
		"--host-resolver-rules=" + strings.Join(rules, ","),
		"--ignore-certificate-errors-spki-list=" + o.SPKI,
		"--no-first-run",
		"--no-default-browser-check",
		"--disable-background-mode", // or Edge stays when its windows are closed
		"--disable-sync",
		// WeCom's pages are on loopback here and public in life: the browser's
		// questions about access to the local network would be the wrong ones.
		"--disable-features=LocalNetworkAccessChecks",
	}
	if !hasFlag(o.Args, "--proxy-server", "--proxy-pac-url") {
		// A proxy, from the environment or the system, would resolve the
		// names itself and so lead to the real WeCom.
		args = append(args, "--no-proxy-server")
	}
	if root {
		args = append(args, "--no-sandbox")
	}
	return append(append(args, o.Args...), o.URL)
}

func hasFlag(args []string, names ...string) bool {
	for _, arg := range args {
		flag, _, _ := strings.Cut(arg, "=")
		for _, name := range names {
			if flag == name {
				return true
			}
		}
	}
	return false
}
