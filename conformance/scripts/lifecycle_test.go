package scripts

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

const (
	testToken = "conformance"
	testKey   = "0123456789012345678901234567890123456789012"
)

// ownSite are the flags of a site of one's own with a receiver.
func ownSite(r *sandbox.Receiver) []string {
	return []string{"--site", strings.TrimSuffix(r.URL, "/callback?kept=1"), "--callback", r.URL, "--token", r.Token, "--aes-key", r.Key}
}

// The env file says that everything is ready, so it comes after both suites' first ticket.
func TestEnvFileComesAfterTheTickets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var early atomic.Bool
	r := sandbox.Receive(t, testToken, testKey, func(w http.ResponseWriter, _ sandbox.Event) {
		if _, err := os.Stat(filepath.Join(dir, "hufu.env")); err == nil {
			early.Store(true)
		}
		io.WriteString(w, "success")
	})
	d := sandbox.Start(t, sandbox.Options{Dir: dir, Args: ownSite(r)})
	suites := map[string]sandbox.Event{}
	for range 2 {
		e := <-r.Events
		suites[e.Suite] = e
	}
	if early.Load() {
		t.Error("the env file was there before the tickets")
	}
	for _, name := range []string{"HUFU_LOGIN_SUITE_ID", "HUFU_SUITE_ID"} {
		id := d.Env[name]
		if e := suites[id]; e.Type != "suite_ticket" || e.Ticket == "" || e.ReceiveID != id || e.ToUser != id {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if strings.Contains(d.Output(), "未送达") {
		t.Error(d.Output())
	}
}

// A site that is not up yet does not keep the demo from telling its credentials, but is told
// of.
func TestSiteThatIsDown(t *testing.T) {
	t.Parallel()
	site := "http://" + sandbox.Dead(t)
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--site", site, "--callback", site + "/cb"}})
	if d.Env["HUFU_LOGIN_SUITE_SECRET"] == "" || !strings.Contains(d.Output(), "not delivered: "+site+"/cb") {
		t.Errorf("%v\n%s", d.Env, d.Output())
	}
}

// SIGTERM answers a page that waits, ends within seconds with exit 0, and folds the logs
// into the stores; the sign-in goes on after the next start.
func TestStopInOrder(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	page := d.Open(d.LoginLink("state1"))
	page.Decide("scan")
	waiting, answered := make(chan struct{}), make(chan string, 1)
	go func() {
		answered <- wait(d, page, func() { close(waiting) })
	}()
	<-waiting
	d.Control("GET", "/attempts", nil) // one more answer: by now the wait has been read
	begin := time.Now()
	if code := d.Signal(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d:\n%s", code, d.Output())
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopped after %v", took)
	}
	if body := <-answered; !strings.Contains(body, `"QRCODE_SCAN_ING"`) {
		t.Errorf("the page that waited was told %s", body)
	}
	for _, name := range []string{"hufu.db-wal", "shortlived.db-wal"} {
		if info, err := os.Stat(filepath.Join(d.Dir, "data", name)); err == nil && info.Size() > 0 {
			t.Errorf("%s holds %d bytes", name, info.Size())
		}
	}
	if out := d.Output(); strings.Contains(out, "hufu:") || strings.Contains(out, "panic") {
		t.Error(out)
	}
	d.Run()
	page.Decide("confirm")
	if s := page.Wait("QRCODE_SCAN_ING"); s.Status != "QRCODE_SCAN_SUCC" || s.AuthCode == "" {
		t.Errorf("after the restart: %+v", s)
	}
}

// wait asks for the next state of a scanned page, tells when it has asked, and returns what
// came back, an error too.
func wait(d *sandbox.Demo, page *sandbox.Page, asked func()) string {
	r, err := http.NewRequest("POST", d.Env["HUFU_LOGIN"]+"/wwlogin/monoApi/sso/login/getWebQrCodeStatus?f=json",
		strings.NewReader(`{"webKey":"`+page.WebKey+`","lastStatus":"QRCODE_SCAN_ING"}`))
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Authorization", page.Signature)
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { asked() }}))
	resp, err := sandbox.Client.Do(r)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
