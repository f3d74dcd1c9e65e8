package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

const (
	// DefaultTimeout limits a call whose context has no deadline.
	DefaultTimeout = 5 * time.Second

	// MaxBody is how many bytes of an answer are read. A longer answer is a
	// failure of its own (StepTooLarge).
	MaxBody = 4 << 10

	// maxHeader limits the answer's header in bytes; past it the answer
	// counts as broken (StepAnswer).
	maxHeader = 16 << 10
)

// Config says what a Client may reach beyond the public internet, and what
// it must not reach although the rest would allow it.
type Config struct {
	// AllowLoopback lets 127.0.0.0/8 and ::1 through. For the sandbox only.
	AllowLoopback bool

	// Allow are networks let through although they are private or our own:
	// the LAN address of a sandbox that listens there, or the inner networks
	// an operator has named.
	Allow []netip.Prefix

	// Own is what the platform itself listens on. It is refused whatever the
	// rest allows, so that no callback reaches the control port. An
	// unspecified address stands for every address of this machine.
	Own []netip.AddrPort
}

// Client sends guarded requests. It is safe for concurrent use, holds no
// connection between calls and needs no Close.
type Client struct {
	transport *http.Transport
}

// Result is what is known of the answer; after a failure, as much of it as
// arrived.
type Result struct {
	Status int    // the HTTP status; 0 when no answer came
	Body   []byte // at most MaxBody bytes
	Step   Step   // the step that failed; empty after a success
}

// New makes a Client.
func New(cfg Config) *Client { return newWithResolver(cfg, nil) }

func newWithResolver(cfg Config, resolver *net.Resolver) *Client {
	dialer := &net.Dialer{
		Resolver: resolver,
		// Control sees the address that the socket is about to connect to.
		// Nothing can change it after this check, a second DNS answer least
		// of all.
		Control: guard{cfg}.control,
	}
	return &Client{transport: &http.Transport{
		Proxy:                  nil, // a proxy would connect for us, past the check
		DialContext:            localhost(dialer.DialContext),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		DisableKeepAlives:      true, // each request is checked; none is sent twice over a stale connection
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}}
}

type dial func(ctx context.Context, network, address string) (net.Conn, error)

// localhost takes every name under localhost for this machine (RFC 6761, 6.3), as browsers
// do: most resolvers would ask the network. The address is judged like any other.
func localhost(next dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(strings.ToLower(host), ".localhost") {
			address = net.JoinHostPort("127.0.0.1", port)
		}
		return next(ctx, network, address)
	}
}

// Get fetches rawURL. The deadline of ctx limits the whole call, the reading
// of the answer included; without one it is DefaultTimeout. An answer that is
// not 2xx, or longer than MaxBody, is a failure. Every failure is an *Error.
func (c *Client) Get(ctx context.Context, rawURL string) (Result, error) {
	return c.do(ctx, http.MethodGet, rawURL, "", nil)
}

// Post sends body to rawURL, under the rules of Get.
func (c *Client) Post(ctx context.Context, rawURL, contentType string, body []byte) (Result, error) {
	return c.do(ctx, http.MethodPost, rawURL, contentType, body)
}

func (c *Client) do(ctx context.Context, method, rawURL, contentType string, body []byte) (Result, error) {
	target, failure := parse(rawURL)
	if failure != nil {
		return Result{Step: failure.Step}, failure
	}
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, DefaultTimeout)
		defer cancel()
	}
	var trace tracer
	req, err := http.NewRequestWithContext(trace.attach(ctx), method, target.String(), bytes.NewReader(body))
	if err != nil {
		failure = &Error{Step: StepURL, Detail: "not a URL that can be asked"}
		return Result{Step: failure.Step}, failure
	}
	req.Header.Set("User-Agent", "Hufu")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	// RoundTrip, not http.Client: it follows no redirect, keeps no cookie,
	// and its errors do not quote the URL.
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		// The transport detaches a dial from the call that wanted it; this
		// ends those whose call is over, so that a host which never finishes
		// a handshake keeps nothing of ours.
		defer c.transport.CloseIdleConnections()
		failure = trace.explain(ctx, err)
		return Result{Step: failure.Step}, failure
	}
	defer resp.Body.Close()
	result := Result{Status: resp.StatusCode}
	result.Body, err = io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	if failure = judge(&result); failure == nil && err != nil {
		failure = trace.explain(ctx, err)
	}
	if failure != nil {
		result.Step = failure.Step
		return result, failure
	}
	return result, nil
}

// judge names what is wrong with an answer that arrived, and cuts its body.
func judge(result *Result) *Error {
	long := len(result.Body) > MaxBody
	if long {
		result.Body = result.Body[:MaxBody]
	}
	switch {
	case result.Status >= 300 && result.Status < 400:
		return &Error{Step: StepRedirect, Detail: "redirects are not followed"}
	case result.Status < 200 || result.Status > 299:
		return &Error{Step: StepStatus, Detail: statusText(result.Status)}
	case long:
		return &Error{Step: StepTooLarge, Detail: "more than 4096 bytes"}
	}
	return nil
}

// parse refuses what is not an absolute http or https URL with a plain host.
func parse(rawURL string) (*url.URL, *Error) {
	target, err := url.Parse(rawURL)
	switch {
	case err != nil:
		return nil, &Error{Step: StepURL, Detail: "not a URL"}
	case target.Scheme != "http" && target.Scheme != "https":
		return nil, &Error{Step: StepURL, Detail: "neither http nor https"}
	case target.Opaque != "" || target.Hostname() == "":
		return nil, &Error{Step: StepURL, Detail: "no host"}
	case target.User != nil:
		return nil, &Error{Step: StepURL, Detail: "user or password in the URL"}
	}
	// A mapped literal becomes plain IPv4 on its way to the socket, so that
	// control could judge the address but not see how it was written.
	if addr, err := netip.ParseAddr(target.Hostname()); err == nil && addr.Is4In6() {
		return nil, &Error{Step: StepAddress, Detail: "IPv4 written as IPv6"}
	}
	return target, nil
}
