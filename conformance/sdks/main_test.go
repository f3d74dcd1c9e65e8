package sdks

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		if err := signInWithSilenceper(os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	sandbox.Main(m)
}

// start runs a program of another stack until the test ends, and hands on what it prints,
// line by line. Its first line says that it listens.
func start(t *testing.T, name string, args ...string) <-chan string {
	t.Helper()
	command := exec.Command(name, args...)
	command.Stderr = t.Output()
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	printed, ended := make(chan string, 100), make(chan struct{})
	go func() {
		defer close(ended)
		defer close(printed)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			printed <- lines.Text()
		}
	}()
	t.Cleanup(func() {
		command.Process.Kill()
		<-ended
		command.Wait()
	})
	if line := <-printed; line != "listening" {
		t.Fatalf("%s says %q", name, line)
	}
	return printed
}

// signIn signs the sample member in to a site at an origin and returns what the site then
// shows.
func signIn(t *testing.T, d *sandbox.Demo, origin string) sandbox.Answer {
	t.Helper()
	browser := sandbox.Browser(t)
	link := get(t, browser, origin+"/login")
	if link.Status != http.StatusFound {
		t.Fatalf("/login: %d %s", link.Status, link.Body)
	}
	page := d.Open(link.Header.Get("Location"))
	page.Decide("confirm")
	s := page.Wait("QRCODE_SCAN_NEVER")
	if s.Status != "QRCODE_SCAN_SUCC" || !strings.HasPrefix(s.RedirectURL, origin+"/finish?") {
		t.Fatalf("the login page is told %+v", s)
	}
	return get(t, browser, s.RedirectURL)
}

func get(t *testing.T, browser *http.Client, address string) sandbox.Answer {
	t.Helper()
	resp, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return sandbox.Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(raw)}
}

// push pushes an event to a suite's callback and fails the test unless it is delivered.
func push(t *testing.T, d *sandbox.Demo, suite, event string) {
	t.Helper()
	if a := d.Control("POST", "/push", map[string]string{"suite": suite, "event": event}); a.Fields(t)["delivered"] != true {
		t.Fatalf("%s: %s", event, a.Body)
	}
}

// installed is the path of a package from npm.
func installed(name string) string { return filepath.Join("..", "node_modules", name) }
