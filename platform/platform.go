package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/admin/contacts"
	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/platform/internal/wecomhosts"
)

// Platform is a platform that listens. Make one with New.
type Platform struct {
	config Config
	log    *slog.Logger
	clock  *clock.Clock

	db         *store.DB
	shortlived *shortlived.Engine
	ring       *keys.Ring

	origins     Origins
	directory   *directory.Service
	apps        *apps.Service
	credentials *credentials.Service
	attempts    *attempt.Service
	consents    *consent.Service
	ask         *ask.Service
	handoffs    *handoff.Service
	phones      *session.Keeper
	console     *console.Service
	contacts    *contacts.Handler
	tokens      *tokens.Keeper
	audit       *audit.Log
	calls       *calls.Log
	outbound    *outbound.Client
	push        *push.Queue
	tickets     *firstTickets

	listener net.Listener
	server   *http.Server
	control  net.Listener
	hosts    *wecomhosts.Hosts
	ctl      *http.Server
}

// ErrInUse is the error of New and RemoveSandbox when another program has the data directory
// open.
var ErrInUse = errors.New("another program has the data directory open")

// New opens the stores and starts to listen; Run answers. What it opened is closed again
// when it fails.
func New(ctx context.Context, c Config) (_ *Platform, err error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &Platform{config: c, log: c.Log, clock: clock.New(), tickets: newFirstTickets()}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.listener, err = net.Listen("tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if c.ControlAddr != "" {
		if p.control, err = net.Listen("tcp", c.ControlAddr); err != nil {
			return nil, fmt.Errorf("listen for control: %w", err)
		}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	return p, p.wire()
}

// open opens the stores and settles what is fixed at the first start.
func (p *Platform) open(ctx context.Context) (err error) {
	dir := p.config.Dir
	// First the one that keeps a second process out: it must not migrate the other either.
	if p.shortlived, err = openShortlived(dir, p.clock.Now); err != nil {
		return err
	}
	if p.db, err = store.Open(ctx, filepath.Join(dir, "hufu.db")); err != nil {
		return err
	}
	if p.ring, err = keys.Open(ctx, p.db, filepath.Join(dir, "wrap.key")); err != nil {
		return err
	}
	if err := p.db.SetMark(ctx, "sandbox", strconv.FormatBool(p.config.Sandbox)); err != nil {
		return fmt.Errorf("%s was made for another use (sandbox or not), which cannot be changed: %w", dir, err)
	}
	if p.config.PublicURL == "" {
		_, port, err := net.SplitHostPort(p.listener.Addr().String())
		if err != nil {
			return err
		}
		p.config.PublicURL = "http://localhost:" + port
	}
	if p.origins, err = p.config.origins(); err != nil {
		return err
	}
	return p.fixPublicURL(ctx)
}

// fixPublicURL keeps the phone's origin as the first start named it: passkeys are bound to its
// host, and QR codes and links that are out there begin with it. A sandbox may move.
func (p *Platform) fixPublicURL(ctx context.Context) error {
	if p.config.Sandbox {
		return nil
	}
	if err := p.db.SetMark(ctx, "public_url", p.origins.Phone); err != nil {
		first, _, _ := p.db.Mark(ctx, "public_url")
		return fmt.Errorf("the public URL was fixed at the first start as %s and cannot become %s (passkeys are bound to it): %w",
			first, p.origins.Phone, err)
	}
	return nil
}

// openShortlived opens the file that only one program at a time can have open.
func openShortlived(dir string, now func() time.Time) (*shortlived.Engine, error) {
	e, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), now)
	if errors.Is(err, shortlived.ErrInUse) {
		return nil, fmt.Errorf("%w: %w", ErrInUse, err)
	}
	return e, err
}

// newServer bounds what a slow or hostile client can hold. A wait is kept open for less
// than the write timeout.
func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
}

func secure(origin string) bool { return strings.HasPrefix(origin, "https://") }

// listens lists our own addresses, which no callback may reach.
func (p *Platform) listens() []netip.AddrPort {
	addrs := []string{p.listener.Addr().String()}
	if p.control != nil {
		addrs = append(addrs, p.control.Addr().String())
	}
	if p.hosts != nil {
		addrs = append(addrs, p.hosts.TLSAddr(), p.hosts.ProxyAddr())
	}
	var list []netip.AddrPort
	for _, addr := range addrs {
		if ap, err := netip.ParseAddrPort(addr); err == nil {
			list = append(list, ap)
		}
	}
	return list
}
