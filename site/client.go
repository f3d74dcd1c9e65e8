package site

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

const (
	defaultAPI = "https://" + protocol.HostAPI
	// callTimeout bounds one call, from connecting to the last byte.
	callTimeout = 10 * time.Second
	// maxAnswer bounds an answer in bytes.
	maxAnswer = 1 << 20
)

// Config is how a Client reaches the platform. The zero Config reaches the
// real WeCom.
type Config struct {
	// API is the base URL of the server API; https://qyapi.weixin.qq.com when
	// empty. For the sandbox it is HUFU_API of its env file. A base URL that
	// cannot be used fails each call.
	API string
	// HTTPClient gives the Transport, Jar and Timeout of the calls. A zero
	// Timeout means 10 seconds. It is copied: the copy follows no redirects.
	// Nil means a transport of its own that obeys the proxy environment.
	HTTPClient *http.Client
	// Now tells the time by which tokens expire; time.Now when nil.
	Now func() time.Time
}

// Client makes the calls. It is safe for concurrent use. Make one per
// platform and keep it: what it hands out shares its connections.
type Client struct {
	api  *url.URL // nil when Config.API cannot be used
	http *http.Client
	now  func() time.Time
}

// New makes a Client. It does no I/O.
func New(config Config) *Client {
	if config.API == "" {
		config.API = defaultAPI
	}
	c := &Client{api: parseBase(config.API), http: newHTTP(config.HTTPClient), now: config.Now}
	if c.now == nil {
		c.now = time.Now
	}
	return c
}

// parseBase returns nil unless s is scheme and host, perhaps with a path.
func parseBase(s string) *url.URL {
	u, err := url.Parse(strings.TrimRight(s, "/"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil
	}
	return u
}

func newHTTP(given *http.Client) *http.Client {
	var h http.Client
	if given != nil {
		h = *given
	} else if t, ok := http.DefaultTransport.(*http.Transport); ok {
		t = t.Clone()
		t.MaxIdleConnsPerHost = 16 // all calls go to one host; 2, the default, would redial under load
		h.Transport = t
	}
	if h.Timeout == 0 {
		h.Timeout = callTimeout
	}
	if h.Transport == nil {
		h.Transport = http.DefaultTransport
	}
	h.Transport = noRedirects{h.Transport}
	return &h
}

// noRedirects hides from http.Client where a redirect leads: it would carry
// tokens to a host nobody configured. ErrUseLastResponse would do as well, but
// a Location that cannot be parsed is quoted in an error before it is asked.
type noRedirects struct{ http.RoundTripper }

func (t noRedirects) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Header.Del("Location")
	}
	return resp, err
}
