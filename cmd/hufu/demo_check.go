package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/hufu-sso/hufu/client/envfile"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

var (
	suiteIDs = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	domains  = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)
	siteHost = regexp.MustCompile(`^([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$`)
)

// check holds the settings against their forms before anything is made. It writes the
// site's origin as browsers do.
func (c *demoCommand) check() error {
	if c.Site != "" {
		u, err := url.Parse(c.Site)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" ||
			u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return errors.New("--site is an origin such as http://localhost:3000")
		}
		// The origin goes into env files, pages and policies: plain hosts only.
		if !siteHost.MatchString(strings.ToLower(u.Host)) {
			return errors.New("--site: the host is a domain or an address, such as localhost, app.example.com or [::1]")
		}
		if u.Scheme == "http" && u.Port() == "" {
			return errors.New("--site: an http origin needs its port, such as http://localhost:3000")
		}
		c.Site = u.Scheme + "://" + strings.ToLower(u.Host)
	}
	for flag, callback := range map[string]string{"--callback": c.Callback, "--suite-callback": c.SuiteCallback} {
		if callback == "" {
			continue
		}
		if c.Site == "" {
			return fmt.Errorf("%s is for a site of your own: give --site as well", flag)
		}
		u, err := url.Parse(callback)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			return fmt.Errorf("%s is an address such as http://localhost:3000/callback", flag)
		}
	}
	if c.Token != "" && sealed.CheckToken(c.Token) != nil {
		return errors.New("--token: 1 to 32 letters and digits")
	}
	if c.AESKey != "" {
		if _, err := sealed.ParseKey(c.AESKey); err != nil {
			return errors.New("--aes-key: 43 letters and digits")
		}
	}
	for flag, id := range map[string]string{"--suite-id": c.SuiteID, "--login-suite-id": c.LoginSuiteID} {
		if id != "" && !suiteIDs.MatchString(id) {
			return fmt.Errorf("%s: letters, digits, - and _, at most 64", flag)
		}
	}
	if c.SuiteID != "" && strings.EqualFold(c.SuiteID, c.LoginSuiteID) {
		return errors.New("--suite-id and --login-suite-id name two different suites")
	}
	for i, host := range c.Trust {
		if c.Trust[i] = strings.ToLower(host); !domains.MatchString(c.Trust[i]) {
			return fmt.Errorf("--trust: %q is not HOST[:PORT], such as app.example.com:8443", host)
		}
	}
	if c.EnvFile == "" {
		return nil
	}
	return envfile.Check(c.EnvFile)
}

// free fails where an address that the demo needs is taken, before any file is touched.
func (c *demoCommand) free(host string) error {
	needs := []need{{"--port", net.JoinHostPort(host, strconv.Itoa(c.Port))},
		{"--control-port", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.ControlPort))}}
	if c.Site == "" {
		needs = append(needs, need{"--site-port", net.JoinHostPort(host, strconv.Itoa(c.SitePort))})
	}
	if c.WecomHosts {
		needs = append(needs, need{"--tls-addr", c.TLSAddr}, need{"--proxy-addr", c.ProxyAddr})
	}
	return free(needs)
}

// need is an address to listen on, and the flag that chooses it.
type need struct{ flag, addr string }

// free fails where one of the addresses is taken, and names its flag.
func free(needs []need) error {
	for _, n := range needs {
		l, err := net.Listen("tcp", n.addr)
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s is in use: end what listens there, or choose another with %s", n.addr, n.flag)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", n.flag, err)
		}
		defer l.Close() // kept until all are had: two of them may be the same
	}
	return nil
}
