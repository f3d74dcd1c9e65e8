package sdks

import (
	"net/http"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestNodeSite signs a member in to a provider's site that knows base URLs and credentials
// only, and again after a restart of the demo, which the site does not notice.
func TestNodeSite(t *testing.T) {
	t.Parallel()
	sandbox.Needs(t, "node")
	port := sandbox.FreePorts(t, 1)[0]
	origin := "http://127.0.0.1:" + port
	// The site cannot run before it has its credentials; so the first tickets are lost.
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--site", origin, "--callback", origin + "/callback"}})
	start(t, "node", "--env-file="+d.EnvFile, "testdata/site.mjs", port)

	if a := signIn(t, d, origin); a.Status != http.StatusInternalServerError {
		t.Errorf("signed in before the first ticket: %s", a.Body)
	}
	for _, suite := range []string{d.Env["HUFU_LOGIN_SUITE_ID"], d.Env["HUFU_SUITE_ID"]} {
		push(t, d, suite, "verify")
		push(t, d, suite, "suite_ticket")
	}
	for _, when := range []string{"with a ticket", "after a restart", "after another"} {
		if when != "with a ticket" {
			d.Restart()
		}
		a := signIn(t, d, origin)
		var who struct {
			CorpID, UserID, OpenUserID string
			Tickets                    int
		}
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", when, a.Status, a.Body)
		}
		a.JSON(t, &who)
		if who.CorpID != d.Env["HUFU_OPEN_CORPID"] || who.UserID != d.Env["HUFU_OPEN_USERID"] || who.Tickets != 2 {
			t.Errorf("%s: %s", when, a.Body)
		}
	}

	// Its token ends before its time: the site asks for another with the ticket it has by then.
	d.Control("POST", "/clock", map[string]string{"advance": "3h"})
	push(t, d, d.Env["HUFU_LOGIN_SUITE_ID"], "suite_ticket")
	if a := signIn(t, d, origin); a.Status != http.StatusOK {
		t.Errorf("three hours later: %s", a.Body)
	}
}

// TestNodeSiteGetsTicketsByItself starts the site, restarts the demo, and signs in with the
// ticket that came at the start.
func TestNodeSiteGetsTicketsByItself(t *testing.T) {
	t.Parallel()
	sandbox.Needs(t, "node")
	port := sandbox.FreePorts(t, 1)[0]
	origin := "http://127.0.0.1:" + port
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--site", origin, "--callback", origin + "/callback"}})
	start(t, "node", "--env-file="+d.EnvFile, "testdata/site.mjs", port)
	d.Restart()
	if a := signIn(t, d, origin); a.Status != http.StatusOK || a.Fields(t)["userid"] != d.Env["HUFU_OPEN_USERID"] {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestPythonSite signs a member in to a company's own site, and again after a restart.
func TestPythonSite(t *testing.T) {
	t.Parallel()
	sandbox.Needs(t, "python3")
	port := sandbox.FreePorts(t, 1)[0]
	origin := "http://127.0.0.1:" + port
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--site", origin}})
	start(t, "python3", "testdata/site.py", d.EnvFile, port)
	for _, when := range []string{"first", "after a restart"} {
		if when != "first" {
			d.Restart()
		}
		a := signIn(t, d, origin)
		if fields := a.Fields(t); a.Status != http.StatusOK || fields["userid"] != d.Env["HUFU_MEMBER"] || fields["name"] != "张伟" {
			t.Errorf("%s: %d %s", when, a.Status, a.Body)
		}
	}
}
