package platform_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// childDir, in the environment, makes the test binary a platform on that directory.
const childDir = "HUFU_TEST_PLATFORM_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := beChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// childHello is what a child prints once it listens.
type childHello struct{ API, Control, Suite, Secret, Member string }

func beChild(dir string) error {
	ctx := context.Background()
	p, err := platform.New(ctx, platform.Config{Dir: dir, Addr: "127.0.0.1:0", ControlAddr: "127.0.0.1:0", Sandbox: true})
	if err != nil {
		return err
	}
	s, err := p.Sample(ctx, platform.SampleSite{Origin: platformtest.Origin})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(childHello{"http://" + p.Addr().String(), p.ControlURL(),
		s.LoginSuiteID, s.LoginSuiteSecret, s.CorpID + "/" + s.Member}); err != nil {
		return err
	}
	return p.Run(ctx)
}

// child is a platform in a process of its own.
type child struct {
	childHello
	cmd    *exec.Cmd
	client *http.Client
}

func startChild(t *testing.T, dir string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}}
	t.Cleanup(c.kill)
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the child says nothing: %v", err)
	}
	if err := json.Unmarshal(line, &c.childHello); err != nil {
		t.Fatal(err)
	}
	return c
}

// kill ends it as kill -9 does.
func (c *child) kill() {
	if c.cmd.ProcessState == nil {
		c.cmd.Process.Kill()
		c.cmd.Wait()
	}
}

// call answers the fields, or an error where the child died over it.
func (c *child) call(method, address, body string) (map[string]any, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var fields map[string]any
	return fields, json.Unmarshal(raw, &fields)
}

// TestKill kills a platform at any moment while codes are exchanged, again and again, and
// holds it to this: a code that an exchange succeeded with never succeeds again, whatever
// came of the other exchanges, and tokens stay what they were.
func TestKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	successes := map[string]int{} // by code, over all rounds
	var codes []string
	firstToken := ""
	answered := 0
	for round := range rounds {
		c := startChild(t, dir)
		token := c.token(t)
		if firstToken == "" {
			firstToken = token
		}
		if token != firstToken {
			t.Errorf("round %d: another token while the first is valid", round)
		}
		for range 40 {
			f, err := c.call("POST", c.Control+"/codes", jsonOf("kind", "login", "app", c.Suite, "member", c.Member,
				"redirect_uri", platformtest.Origin+"/cb"))
			code, _ := f["code"].(string)
			if err != nil || code == "" {
				t.Fatalf("round %d: no code: %v %v", round, f, err)
			}
			codes = append(codes, code)
		}
		// Every code ever made is tried, the fresh ones twice at once, until the kill.
		var mu sync.Mutex // guards successes and answered
		var wg sync.WaitGroup
		queue := make(chan string, 2*len(codes))
		for i := range codes {
			queue <- codes[len(codes)-1-i]
			queue <- codes[len(codes)-1-i]
		}
		close(queue)
		killAfter := 1 + rand.IntN(70) // answers; which of them is chance
		kill := sync.OnceFunc(c.kill)
		done := 0
		for range 8 {
			wg.Go(func() {
				for code := range queue {
					f, err := c.call("GET", c.API+protocol.PathGetUserInfo3rd+"?"+url.Values{
						"suite_access_token": {token}, "code": {code}}.Encode(), "")
					if err != nil {
						return // it is dead
					}
					mu.Lock()
					n, _ := f["errcode"].(float64)
					switch protocol.Code(n) {
					case protocol.CodeOK:
						successes[code]++
					case protocol.CodeInvalidCode:
					default:
						t.Errorf("round %d: %v", round, f)
					}
					answered++
					done++
					now := done == killAfter
					mu.Unlock()
					if now {
						go kill()
					}
				}
			})
		}
		wg.Wait()
		kill()
		c.client.CloseIdleConnections()
	}

	// What nobody heard of may have been spent; nothing may be spent twice.
	last := startChild(t, dir)
	token := last.token(t)
	for _, code := range codes {
		f, err := last.call("GET", last.API+protocol.PathGetUserInfo3rd+"?"+url.Values{"suite_access_token": {token}, "code": {code}}.Encode(), "")
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := f["errcode"].(float64); ok && n == 0 {
			successes[code]++
		}
	}
	once := 0
	for code, n := range successes {
		if n > 1 {
			t.Errorf("a code succeeded %d times: …%s", n, code[len(code)-6:])
		}
		once++
	}
	if answered < rounds || once == 0 {
		t.Errorf("%d answers, %d successes: nothing was tested", answered, once)
	}
	t.Logf("%d codes, %d answers before kills, %d succeeded once", len(codes), answered, once)
}

func (c *child) token(t *testing.T) string {
	t.Helper()
	f, err := c.call("GET", c.Control+"/suites/"+c.Suite+"/ticket", "")
	if err != nil {
		t.Fatal(err)
	}
	ticket, _ := f["suite_ticket"].(string)
	f, err = c.call("POST", c.API+protocol.PathGetSuiteToken, jsonOf("suite_id", c.Suite, "suite_secret", c.Secret, "suite_ticket", ticket))
	token, _ := f["suite_access_token"].(string)
	if err != nil || token == "" {
		t.Fatalf("suite token: %v %v", f, err)
	}
	return token
}

// A sign-in in progress survives a kill as well.
func TestKillLosesNoSignIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startChild(t, dir)
	page, err := http.Get(c.API + protocol.PathLogin + "?" + url.Values{"login_type": {"ServiceApp"}, "appid": {c.Suite},
		"redirect_uri": {platformtest.Origin + "/cb"}, "state": {"s"}}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(page.Body)
	page.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	keys := platformtest.KeysIn(string(raw))
	qr := jsonOf("qr", "http://localhost/q/"+keys.QRKey, "member", c.Member)
	wait := func(c *child) map[string]any {
		r, err := http.NewRequest("POST", c.API+protocol.PathLoginWait, strings.NewReader(jsonOf("webKey", keys.WebKey, "lastStatus", "QRCODE_SCAN_TIMEOUT")))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", keys.Signature)
		resp, err := c.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var out struct{ Data map[string]any }
		if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out.Data
	}
	for _, step := range []struct{ call, status string }{{"/scan", "QRCODE_SCAN_ING"}, {"/confirm", "QRCODE_SCAN_SUCC"}} {
		if f, err := c.call("POST", c.Control+step.call, qr); err != nil || f["ok"] != true {
			t.Fatalf("%s: %v %v", step.call, f, err)
		}
		c.kill() // right after the answer
		c = startChild(t, dir)
		if got := wait(c); got["status"] != step.status {
			t.Fatalf("after %s and a kill the page sees %v", step.call, got)
		}
	}
	code, _ := wait(c)["auth_code"].(string)
	if f, err := c.call("GET", c.API+protocol.PathGetUserInfo3rd+"?"+url.Values{"suite_access_token": {c.token(t)}, "code": {code}}.Encode(), ""); err != nil || f["errcode"] != 0.0 {
		t.Errorf("exchange: %v %v", f, err)
	}
}
