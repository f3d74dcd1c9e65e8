// Package platformtest runs the real platform in a test: in this process, on free ports of
// loopback, in a temporary directory, with sample data and a clock that the test moves.
//
// Nothing in it stands in for anything: a test meets the platform as a browser, a phone or
// a site would, over HTTP.
package platformtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/protocol"
)

// Options change what Start runs; the zero value is a plain sandbox.
type Options struct {
	Dir          string              // default: a temporary directory
	Site         platform.SampleSite // default: the origin Origin and no callbacks
	NumberAlways bool
	// Plain is a platform that is no sandbox: empty but for its set-up link, without sample
	// data, control port and a clock to move. Its origins are localhost's.
	Plain bool
	Log   io.Writer // default: none
	// AttemptsPerMinute defaults to more than any test begins.
	AttemptsPerMinute int
	// Config, when set, has the last word on what the other options do not name.
	Config func(*platform.Config)
}

// Origin is the site's origin unless Options name another. Nothing listens there.
const Origin = "http://127.0.0.1:3000"

// Platform is a running platform.
type Platform struct {
	*platform.Platform
	Sample platform.Sample
	Dir    string

	t       testing.TB
	options Options
	stop    func()
}

// Start runs a platform until the test ends.
func Start(t testing.TB, o Options) *Platform {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Site.Origin == "" {
		o.Site.Origin = Origin
	}
	if o.AttemptsPerMinute == 0 {
		o.AttemptsPerMinute = 1_000_000
	}
	p := &Platform{Dir: o.Dir, t: t, options: o}
	p.start("127.0.0.1:0")
	t.Cleanup(func() { p.stop() })
	return p
}

func (p *Platform) start(addr string) {
	p.t.Helper()
	o := p.options
	log := slog.New(slog.DiscardHandler)
	if o.Log != nil {
		log = slog.New(slog.NewTextHandler(o.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	config := platform.Config{Dir: o.Dir, Addr: addr, ControlAddr: "127.0.0.1:0", Sandbox: true,
		NumberAlways: o.NumberAlways, AttemptsPerMinute: o.AttemptsPerMinute, Log: log}
	if o.Plain {
		config.Sandbox, config.ControlAddr = false, ""
	}
	if o.Config != nil {
		o.Config(&config)
	}
	ctx, cancel := context.WithCancel(context.Background())
	running, err := platform.New(ctx, config)
	if err != nil {
		cancel()
		p.t.Fatal(err)
	}
	p.Platform = running
	if !o.Plain {
		if p.Sample, err = running.Sample(ctx, o.Site); err != nil {
			cancel()
			p.t.Fatal(err)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- running.Run(ctx) }()
	stopped := false
	p.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			p.t.Errorf("run: %v", err)
		}
		if err := running.Close(); err != nil {
			p.t.Errorf("close: %v", err)
		}
	}
}

// Stop ends the platform before the test does.
func (p *Platform) Stop() { p.stop() }

// Restart ends the platform, unless Stop has, and starts it anew on its directory and its
// address. Pages and phones that were open go on with the new one.
func (p *Platform) Restart() {
	p.t.Helper()
	addr := p.Addr().String()
	p.stop()
	p.start(addr)
}

// SetSite changes what the sample provider trusts and where its events go.
func (p *Platform) SetSite(site platform.SampleSite) {
	p.t.Helper()
	var err error
	if p.Sample, err = p.Platform.Sample(context.Background(), site); err != nil {
		p.t.Fatal(err)
	}
}

// URL is the platform's address as the test reaches it.
func (p *Platform) URL() string { return "http://" + p.Addr().String() }

// Control calls the control port, decodes the answer into out unless that is nil, and
// returns the HTTP status.
func (p *Platform) Control(method, path string, in, out any) int {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest(method, p.ControlURL()+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do(r, out)
}

func (p *Platform) do(r *http.Request, out any) int {
	p.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	if out != nil {
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
			p.t.Fatalf("%s %s: %d: %v", r.Method, r.URL.Path, resp.StatusCode, err)
		}
	}
	return resp.StatusCode
}

// Advance moves the platform's clock.
func (p *Platform) Advance(d time.Duration) {
	p.t.Helper()
	if status := p.Control("POST", "/clock", map[string]string{"advance": d.String()}, nil); status != http.StatusOK {
		p.t.Fatalf("clock: %d", status)
	}
}

// Get calls the API and decodes the answer into out.
func (p *Platform) Get(path string, query url.Values, out any) {
	p.t.Helper()
	r, err := http.NewRequest("GET", p.URL()+path+"?"+query.Encode(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if status := p.do(r, out); status != http.StatusOK {
		p.t.Fatalf("GET %s: %d", path, status)
	}
}

// Post calls the API with a JSON body and decodes the answer into out.
func (p *Platform) Post(path string, in, out any) {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", p.URL()+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if status := p.do(r, out); status != http.StatusOK {
		p.t.Fatalf("POST %s: %d", path, status)
	}
}

// SuiteToken gets the login suite's token, with a ticket from the control port.
func (p *Platform) SuiteToken() string {
	p.t.Helper()
	return p.SuiteTokenOf(p.Sample.LoginSuiteID, p.Sample.LoginSuiteSecret)
}

// SuiteTokenOf gets a suite's token, with a ticket from the control port.
func (p *Platform) SuiteTokenOf(suiteID, secret string) string {
	p.t.Helper()
	var ticket struct {
		Ticket string `json:"suite_ticket"`
	}
	p.Control("GET", "/suites/"+suiteID+"/ticket", nil, &ticket)
	var token protocol.SuiteToken
	p.Post(protocol.PathGetSuiteToken, protocol.GetSuiteToken{SuiteID: suiteID, SuiteSecret: secret, SuiteTicket: ticket.Ticket}, &token)
	if token.ErrCode != 0 {
		p.t.Fatalf("suite token: %v", token.Failure)
	}
	return token.SuiteAccessToken
}
