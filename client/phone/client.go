package phone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

const (
	// requestTimeout limits one request.
	requestTimeout = 15 * time.Second
	// maxAnswer limits one answer, in bytes.
	maxAnswer = 1 << 20
	// maxRedirects limits how often one request is sent on.
	maxRedirects = 5
	// userAgent is how the phone calls itself.
	userAgent = "hufu-phone"
)

var errElsewhere = errors.New("the platform leads elsewhere")

// client keeps the cookies of one phone at one platform.
type client struct {
	http   *http.Client
	origin *url.URL
}

// newClient makes a client for the platform of an address.
func newClient(target *url.URL) (*client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &client{origin: originOf(target)}
	c.http = &http.Client{Jar: jar, Transport: transport, Timeout: requestTimeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		// What is typed here is meant for this platform alone.
		if !c.owns(r.URL) || len(via) > maxRedirects {
			return errElsewhere
		}
		return nil
	}}
	return c, nil
}

// transport is shared by all phones, so that connections are.
var transport = func() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = dial
	return t
}()

// dial takes every name under localhost for this machine, as browsers do (RFC 6761): a platform
// on one machine has its login page there, and resolvers need not know it.
func dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(addr); err == nil && strings.HasSuffix(host, ".localhost") {
		addr = net.JoinHostPort("localhost", port)
	}
	return (&net.Dialer{}).DialContext(ctx, network, addr)
}

func originOf(u *url.URL) *url.URL { return &url.URL{Scheme: u.Scheme, Host: u.Host} }

// owns tells whether an address is the platform's.
func (c *client) owns(u *url.URL) bool { return u.Scheme == c.origin.Scheme && u.Host == c.origin.Host }

// parse reads an address that somebody hands to the phone.
func parse(address string) (*url.URL, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	return u, err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// safe reports whether a password may be sent: encrypted, or within this machine.
func (c *client) safe() bool {
	if c.origin.Scheme == "https" || c.origin.Hostname() == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(c.origin.Hostname())
	return err == nil && addr.Unmap().IsLoopback()
}

func (c *client) get(ctx context.Context, path string) (view, error) {
	return c.send(ctx, http.MethodGet, path, nil)
}

func (c *client) post(ctx context.Context, path string, form url.Values) (view, error) {
	return c.send(ctx, http.MethodPost, path, form)
}

// send asks for a page and returns the view it leads to, after redirects.
func (c *client) send(ctx context.Context, method, path string, form url.Values) (view, error) {
	r, err := c.request(ctx, method, path, form)
	if err != nil {
		return view{}, err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return view{}, c.failed(err)
	}
	return c.read(resp)
}

// request is what a browser sends that holds this page of the platform's open and goes on.
func (c *client) request(ctx context.Context, method, path string, form url.Values) (*http.Request, error) {
	target, err := c.origin.Parse(path)
	if err != nil || !c.owns(target) {
		return nil, errElsewhere
	}
	r, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("the platform's address cannot be asked")
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", userAgent)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}

// failed says why a request came to nothing, without the address that the error of the client
// quotes: it is a key.
func (c *client) failed(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	return fmt.Errorf("%s: %w", c.origin.Host, err)
}

func (c *client) read(resp *http.Response) (view, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return view{}, fmt.Errorf("%s: %w", c.origin.Host, err)
	}
	var v view
	if json.Unmarshal(body, &v) != nil {
		return view{}, fmt.Errorf("%s does not answer as a Hufu platform (status %d)", c.origin.Host, resp.StatusCode)
	}
	return v, nil
}
