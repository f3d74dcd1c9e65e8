package phone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
)

// client keeps the cookies of one phone at one platform.
type client struct {
	http   *http.Client
	origin *url.URL
}

// newClient makes a client for the platform of a QR code's address.
func newClient(qr string) (c *client, path string, err error) {
	target, err := url.Parse(strings.TrimSpace(qr))
	if err != nil || target.Scheme != "http" && target.Scheme != "https" || target.Host == "" || target.User != nil ||
		!strings.HasPrefix(target.Path, "/q/") {
		return nil, "", errors.New("不是登录二维码的地址 not the address in a sign-in QR code")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, "", err
	}
	origin := &url.URL{Scheme: target.Scheme, Host: target.Host}
	return &client{origin: origin, http: &http.Client{Jar: jar, Timeout: requestTimeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		// What is typed here is meant for this platform alone.
		if r.URL.Scheme != origin.Scheme || r.URL.Host != origin.Host || len(via) > maxRedirects {
			return errors.New("the platform leads elsewhere")
		}
		return nil
	}}}, target.EscapedPath(), nil
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
	target, err := c.origin.Parse(path)
	if err != nil || target.Host != c.origin.Host || target.Scheme != c.origin.Scheme {
		return view{}, errors.New("the platform leads elsewhere")
	}
	r, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return view{}, errors.New("the platform's address cannot be asked")
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "hufu-phone")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		// The error of the client quotes the address, which is a key.
		if outer, ok := errors.AsType[*url.Error](err); ok {
			err = outer.Err
		}
		return view{}, fmt.Errorf("%s: %w", c.origin.Host, err)
	}
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
