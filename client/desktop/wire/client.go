package wire

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/protocol"
)

const (
	// callTimeout limits a call; waitTimeout one that the platform holds.
	callTimeout = 15 * time.Second
	waitTimeout = 45 * time.Second
	// maxAnswer limits an answer, in bytes.
	maxAnswer = 1 << 20
	// maxRetryAfter limits how long a platform may make us wait.
	maxRetryAfter = 10 * time.Minute
)

// Client speaks to one platform. It is safe for use by several goroutines.
type Client struct {
	platform string
	lang     string
	http     *http.Client
	now      func() time.Time
	ahead    atomic.Int64 // how far the platform's clock is ahead of ours, milliseconds
}

// New makes a client. platform is an origin of ParsePlatform, lang the language in which the
// platform shall name things.
func New(platform, lang string, transport http.RoundTripper, now func() time.Time) *Client {
	return &Client{platform: platform, lang: lang, now: now, http: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Platform is the platform's origin.
func (c *Client) Platform() string { return c.platform }

// call is one POST.
type call struct {
	path    string
	page    string             // the signature of an enrolment, for Authorization; empty: none
	key     ed25519.PrivateKey // signs; nil: unsigned
	device  string             // HeaderDevice; empty: none
	timeout time.Duration      // zero: callTimeout
	// body makes the body for the time that the call bears.
	body func(at int64) any
}

// do makes a call and decodes its answer into out. When the clocks differ it learns by how much
// and calls once more. The error is a *Refused, wraps ErrUnreachable, or is ctx's.
func (c *Client) do(ctx context.Context, k call, out any) error {
	err := c.send(ctx, k, out)
	refused, ok := errors.AsType[*Refused](err)
	if !ok || refused.Reason != protocol.DesktopUnsigned || refused.time == 0 || k.key == nil {
		return err
	}
	ahead := refused.time - c.now().UnixMilli()
	if difference := time.Duration(ahead-c.ahead.Load()) * time.Millisecond; difference.Abs() < protocol.DesktopClockSkew/2 {
		return err // it is not the clock
	}
	c.ahead.Store(ahead)
	return c.send(ctx, k, out)
}

func (c *Client) send(ctx context.Context, k call, out any) error {
	timeout := k.timeout
	if timeout == 0 {
		timeout = callTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at := c.now().UnixMilli() + c.ahead.Load()
	body, err := json.Marshal(k.body(at))
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(limited, http.MethodPost, c.platform+k.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Language", c.lang)
	r.Header.Set("User-Agent", "hufu-desktop")
	if k.page != "" {
		r.Header.Set("Authorization", k.page)
	}
	if k.key != nil {
		c.sign(r, k, at, body)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return c.unreachable(ctx, err)
	}
	return c.read(resp, answer, out)
}

// sign adds the headers that make a call the device's, and good once.
func (c *Client) sign(r *http.Request, k call, at int64, body []byte) {
	nonce := make([]byte, protocol.DesktopNonceBytes)
	rand.Read(nonce) // never fails
	signed := protocol.DesktopCall{Platform: c.platform, Method: r.Method, Path: k.path, Time: at,
		Nonce: protocol.DesktopEncoding.EncodeToString(nonce), Body: body}
	if k.device != "" {
		r.Header.Set(protocol.HeaderDevice, k.device)
	}
	r.Header.Set(protocol.HeaderTime, strconv.FormatInt(at, 10))
	r.Header.Set(protocol.HeaderNonce, signed.Nonce)
	r.Header.Set(protocol.HeaderSignature, signature(k.key, signed.Bytes()))
}

func signature(key ed25519.PrivateKey, text []byte) string {
	return protocol.DesktopEncoding.EncodeToString(ed25519.Sign(key, text))
}

// read decodes an answer, or the failure that it is.
func (c *Client) read(resp *http.Response, answer []byte, out any) error {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	isJSON := err == nil && kind == "application/json"
	if resp.StatusCode == http.StatusOK && isJSON && protocol.Decode(answer, out) == nil {
		return nil
	}
	var failure protocol.DesktopFailure
	if resp.StatusCode < 400 || !isJSON || protocol.Decode(answer, &failure) != nil || failure.Reason == "" {
		return fmt.Errorf("%w: %s does not answer as a Hufu platform (status %d)", ErrUnreachable, c.platform, resp.StatusCode)
	}
	refused := &Refused{Reason: failure.Reason, Status: resp.StatusCode, time: failure.Time}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 {
		refused.RetryAfter = min(time.Duration(s)*time.Second, maxRetryAfter)
	}
	return refused
}

// unreachable says why a call got no answer. The client's own error quotes the address, which
// says nothing more.
func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	return fmt.Errorf("%w: %s: %w", ErrUnreachable, c.platform, err)
}

// device signs a call as a device.
func device(d keep.Device, path string, body func(at int64) any) call {
	return call{path: path, key: d.Key, device: d.ID, body: body}
}

// constant is a body that does not depend on the time.
func constant(body any) func(int64) any { return func(int64) any { return body } }
