package respond

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Config is what a Responder needs.
type Config struct {
	// Assets holds templates/, static/ and locales/ (platform/web.Files).
	Assets fs.FS
	// Sandbox puts the sandbox banner on every page.
	Sandbox bool
	// PublicURL is the origin people open the platform under, such as
	// "http://localhost:8790". Pages accept form posts from it even when a
	// proxy changes Host; https adds Strict-Transport-Security.
	PublicURL string
	// Now is the platform's clock; time.Now when nil.
	Now func() time.Time
	// Log receives the request log and the causes of failures; nil drops them.
	Log *slog.Logger
	// TrustedProxies are the peers whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
}

// Responder writes the platform's answers. It is safe for concurrent use.
type Responder struct {
	sandbox bool
	https   bool
	now     func() time.Time
	log     *slog.Logger
	proxies []netip.Prefix
	origins *http.CrossOriginProtection
	static  *staticFiles
	pages   map[string]*language // by "zh", "en"
	seen    *requestRing
	molds   *molds
}

// New parses and checks every template in every language: an unknown message
// key, a key that one language lacks or a missing static file is an error here
// and not on a page.
func New(c Config) (*Responder, error) {
	p := &Responder{
		sandbox: c.Sandbox,
		now:     c.Now,
		log:     c.Log,
		proxies: c.TrustedProxies,
		origins: http.NewCrossOriginProtection(),
		seen:    newRequestRing(requestsKept),
		molds:   newMolds(),
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("public URL %q is not an absolute URL", c.PublicURL)
		}
		p.https = u.Scheme == "https"
		// Outside the sandbox each part is an origin of its own: the phone's pages send forms
		// to no other. A sandbox is one, and reached by several names of this machine.
		if c.Sandbox {
			if err := p.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
				return nil, fmt.Errorf("public URL %q: %w", c.PublicURL, err)
			}
		}
	}
	var err error
	if p.static, err = loadStatic(c.Assets); err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	if p.pages, err = loadLanguages(c.Assets, p.static, c.Sandbox); err != nil {
		return nil, err
	}
	return p, nil
}

// asked tells whether the request wants JSON rather than a page.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}
