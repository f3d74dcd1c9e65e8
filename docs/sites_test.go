// Package docs tests the documents beside it: that the sites in the guides sign members
// in, and that what the documents name exists.
package docs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// The two sites of the guide "plug in your own site" receive their ticket and sign a member
// in, against the real platform.
func TestSites(t *testing.T) {
	t.Parallel()
	for name, command := range siteCommands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			origin := freeOrigin(t)
			p := platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{Origin: origin,
				LoginCallback: origin + "/callback", SuiteCallback: origin + "/callback"}})
			start(t, p, origin, command(t))
			for _, event := range []string{"verify", protocol.EventSuiteTicket} {
				push(t, p, p.Sample.LoginSuiteID, event)
				push(t, p, p.Sample.SuiteID, event)
			}
			signIn(t, p, origin)
			if status := p.Control("POST", "/clock", map[string]string{"advance": "3h"}, nil); status != http.StatusOK {
				t.Fatalf("clock: %d", status)
			}
			push(t, p, p.Sample.LoginSuiteID, protocol.EventSuiteTicket) // from three hours ahead
			signIn(t, p, origin)
		})
	}
}

// push has an event delivered.
func push(t *testing.T, p *platformtest.Platform, suite, event string) {
	t.Helper()
	var fate struct {
		Delivered bool
		Detail    string
	}
	p.Control("POST", "/push", map[string]string{"suite": suite, "event": event}, &fate)
	if !fate.Delivered {
		t.Fatalf("%s: %+v", event, fate)
	}
}

// siteCommands start the sites.
var siteCommands = map[string]func(t *testing.T) *exec.Cmd{
	"go": func(t *testing.T) *exec.Cmd {
		binary := filepath.Join(t.TempDir(), "site")
		if out, err := exec.Command("go", "build", "-o", binary, "./guides/site-go").CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
		return exec.CommandContext(t.Context(), binary)
	},
	"node": func(t *testing.T) *exec.Cmd {
		if _, err := exec.LookPath("node"); err != nil && os.Getenv("HUFU_TEST_ALL") == "" {
			t.Skip("no Node.js here; make test installs it")
		}
		script, err := filepath.Abs("guides/site-node/server.mjs")
		if err != nil {
			t.Fatal(err)
		}
		return exec.CommandContext(t.Context(), "node", script)
	},
}

// A site that lacks a variable, or whose port is taken, ends with one line that says so.
func TestSitesSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if six, err := net.Listen("tcp", "[::1]:"+port); err == nil { // localhost may be either
		t.Cleanup(func() { six.Close() })
	}
	complete := []string{"HUFU_SITE=http://localhost:" + port, "HUFU_PROVIDER_CORPID=ww1", "HUFU_LOGIN_SUITE_ID=ww2",
		"HUFU_LOGIN_SUITE_SECRET=s", "HUFU_TOKEN=t", "HUFU_ENCODING_AES_KEY=" + strings.Repeat("A", 43)}
	for name, command := range siteCommands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := command(t)
			ends := func(env []string, want ...string) {
				t.Helper()
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				cmd := exec.CommandContext(ctx, site.Path, site.Args[1:]...)
				cmd.Dir, cmd.Env = t.TempDir(), env
				out, err := cmd.CombinedOutput()
				failure, ok := errors.AsType[*exec.ExitError](err)
				if !ok || failure.ExitCode() != 1 {
					t.Errorf("%v\n%s", err, out)
				}
				last := ""
				for line := range strings.Lines(string(out)) {
					if !strings.Contains(line, "listening: ") {
						last += line
					}
				}
				if strings.Count(last, "\n") != 1 {
					t.Errorf("not one line:\n%s", out)
				}
				for _, text := range want {
					if !strings.Contains(last, text) {
						t.Errorf("%q is not in %s", text, last)
					}
				}
			}
			for i, variable := range complete {
				name, _, _ := strings.Cut(variable, "=")
				ends(slices.Delete(slices.Clone(complete), i, i+1), name+" is not set", "set -a; . ./hufu.env; set +a")
			}
			ends(complete, "address already in use", ":"+port)
		})
	}
}

// freeOrigin is an origin on localhost where nothing listens.
func freeOrigin(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)
}

// start runs a site with what the env file would tell it, until the test ends.
func start(t *testing.T, p *platformtest.Platform, origin string, cmd *exec.Cmd) {
	t.Helper()
	var output strings.Builder
	cmd.Dir = t.TempDir()
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.Env = append(os.Environ(), "HUFU_API="+p.PublicURL(), "HUFU_LOGIN="+p.PublicURL(), "HUFU_SITE="+origin,
		"HUFU_PROVIDER_CORPID="+p.Sample.ProviderCorpID, "HUFU_LOGIN_SUITE_ID="+p.Sample.LoginSuiteID,
		"HUFU_LOGIN_SUITE_SECRET="+p.Sample.LoginSuiteSecret, "HUFU_SUITE_ID="+p.Sample.SuiteID,
		"HUFU_TOKEN="+p.Sample.Token, "HUFU_ENCODING_AES_KEY="+p.Sample.EncodingAESKey)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("the site said:\n%s", output.String())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if resp, err := http.Get(origin + "/"); err == nil {
			resp.Body.Close()
			return
		}
		select {
		case <-tick.C:
		case <-ended:
			t.Fatal("the site ended")
		case <-ctx.Done():
			t.Fatal("the site does not answer")
		}
	}
}

// signIn goes through a sign-in as a browser and a phone would, and is refused once before.
func signIn(t *testing.T, p *platformtest.Platform, origin string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == protocol.PathLogin {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	get := func(address string) (*http.Response, string) {
		resp, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	for _, decision := range []string{"/refuse", "/confirm"} {
		resp, _ := get(origin + "/login?return=/me")
		link, err := resp.Location()
		if err != nil {
			t.Fatalf("no way to the login page: %d", resp.StatusCode)
		}
		page := p.OpenLogin(link.Query())
		p.Control("POST", decision, map[string]string{"qr": page.QR(), "member": p.Sample.CorpID + "/" + p.Sample.Member}, nil)
		callback := page.Wait(protocol.QRNever).RedirectURL
		stranger, err := http.Get(callback)
		if err != nil {
			t.Fatal(err)
		}
		stranger.Body.Close()
		if stranger.StatusCode != http.StatusForbidden {
			t.Errorf("%s in another browser: %d", decision, stranger.StatusCode)
		}
		resp, body := get(callback)
		who := p.Sample.OpenCorpID + " " + p.Sample.OpenUserID
		if signedIn := strings.Contains(body, who); signedIn != (decision == "/confirm") || resp.StatusCode != http.StatusOK {
			t.Errorf("after %s: %d %s", decision, resp.StatusCode, body)
		}
		if strings.Contains(resp.Request.URL.RawQuery, "code=") {
			t.Errorf("the code stays in the address: %s", resp.Request.URL.Path)
		}
	}
}
