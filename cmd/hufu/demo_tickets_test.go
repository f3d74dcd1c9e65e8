package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hufu-sso/hufu/platform"
)

// A site that answers wrongly is told what it answered, and how to ask for the next ticket:
// the printed command does.
func TestLostTicketsAreExplained(t *testing.T) {
	t.Parallel()
	var good atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if good.Load() {
			_, _ = io.WriteString(w, "success")
			return
		}
		_, _ = io.WriteString(w, "<h1>Not what it should be</h1> "+strings.Repeat("more ", 30))
	}))
	defer site.Close()
	p, err := platform.New(t.Context(), platform.Config{Dir: t.TempDir(), Addr: "127.0.0.1:0", ControlAddr: "127.0.0.1:0", Sandbox: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	own := platform.SampleSite{Origin: site.URL, LoginCallback: site.URL + "/login", SuiteCallback: site.URL + "/suite"}
	sample, err := p.Sample(ctx, own)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = p.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	var out strings.Builder
	if err := tellTickets(ctx, &out, p, sample, own); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		own.LoginCallback + ": reply ", own.SuiteCallback + ": reply ", `the answer was "<h1>Not what it should be</h1> more `, `"…`,
		"start your site, then:\n  curl " + p.ControlURL() + `/push -H 'Content-Type: application/json' -d '{"suite":"` + sample.LoginSuiteID + `","event":"suite_ticket"}'`,
		`'{"suite":"` + sample.SuiteID + `","event":"suite_ticket"}'`,
	} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("%q is not in\n%s", text, out.String())
		}
	}
	if strings.Contains(out.String(), strings.Repeat("more ", 20)) {
		t.Errorf("the whole answer was shown:\n%s", out.String())
	}
	good.Store(true)
	for _, tool := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("HUFU_TEST_ALL") == "" {
			t.Skip("no " + tool + " here; make test installs it")
		}
	}
	for line := range strings.Lines(out.String()) {
		if command := strings.TrimSpace(line); strings.HasPrefix(command, "curl ") {
			answer, err := exec.CommandContext(ctx, "sh", "-c", command+" -s --noproxy '*'").Output()
			if err != nil || !strings.Contains(string(answer), `"delivered":true`) {
				t.Errorf("%s: %v %s", command, err, answer)
			}
		}
	}
}

// Nothing is quoted where nothing was answered.
func TestWhy(t *testing.T) {
	t.Parallel()
	if got := why(platform.TicketFate{Step: "connect", Detail: "nothing listens there"}); got != "connect nothing listens there" {
		t.Error(got)
	}
}
