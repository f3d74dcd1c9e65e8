package browser

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

const profileFlag = "--user-data-dir="

// TestMain lets the test binary be the browser that Run starts.
func TestMain(m *testing.M) {
	if i := slices.IndexFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, profileFlag) }); i >= 0 {
		os.Exit(beBrowser(strings.TrimPrefix(os.Args[i], profileFlag)))
	}
	os.Exit(m.Run())
}

// beBrowser writes to its profile as a browser does, says so, and does what
// its arguments ask for.
func beBrowser(profile string) int {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	if err := os.WriteFile(filepath.Join(profile, "Cookies"), []byte("x"), 0o600); err != nil {
		return 3
	}
	fmt.Println(profile)
	switch {
	case slices.Contains(os.Args, "--fake=fail"):
		return 1
	case slices.Contains(os.Args, "--fake=wait"):
		<-interrupted
	}
	return 0
}

// fake are options whose browser is this binary.
func fake(t *testing.T, args ...string) Options {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{URL: "http://localhost:3000/", TLSAddr: "127.0.0.1:8443", SPKI: "pin=", Path: path, Args: args}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	o := Options{URL: "http://localhost:3000/?a=b", TLSAddr: "127.0.0.1:8443", SPKI: "q1w2e3="}
	const rules = "--host-resolver-rules=MAP login.work.weixin.qq.com 127.0.0.1:8443,MAP open.work.weixin.qq.com 127.0.0.1:8443," +
		"MAP open.weixin.qq.com 127.0.0.1:8443,MAP qyapi.weixin.qq.com 127.0.0.1:8443"
	plain := []string{
		"--user-data-dir=/tmp/p", rules, "--ignore-certificate-errors-spki-list=q1w2e3=",
		"--no-first-run", "--no-default-browser-check", "--disable-background-mode", "--disable-sync",
		"--disable-features=LocalNetworkAccessChecks", "--no-proxy-server", o.URL,
	}
	if got := arguments(o, "/tmp/p", false); !slices.Equal(got, plain) {
		t.Errorf("got  %q\nwant %q", got, plain)
	}
	asRoot := slices.Insert(slices.Clone(plain), len(plain)-1, "--no-sandbox")
	if got := arguments(o, "/tmp/p", true); !slices.Equal(got, asRoot) {
		t.Errorf("got  %q\nwant %q", got, asRoot)
	}
	o.Args = []string{"--headless=new", "--proxy-server=http://proxy:3128"}
	withArgs := append(slices.Clone(plain[:len(plain)-2]), o.Args[0], o.Args[1], o.URL)
	if got := arguments(o, "/tmp/p", false); !slices.Equal(got, withArgs) {
		t.Errorf("got  %q\nwant %q", got, withArgs)
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	env := func(name string) string {
		return map[string]string{"HOME": "/Users/li", "ProgramFiles": `C:\Program Files`, "LocalAppData": `C:\Users\li\AppData\Local`}[name]
	}
	for goos, want := range map[string][]string{
		"linux":   {"google-chrome", "chromium", "microsoft-edge"},
		"darwin":  {"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Users/li/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"},
		"windows": {`C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Users\li\AppData\Local\Chromium\Application\chrome.exe`, `C:\Program Files\Microsoft\Edge\Application\msedge.exe`},
	} {
		got := candidates(goos, env)
		for _, place := range want {
			if !slices.Contains(got, place) {
				t.Errorf("%s: %s not among %q", goos, place, got)
			}
		}
		for _, place := range got {
			if strings.HasPrefix(place, `\`) {
				t.Errorf("%s: %q, without a root", goos, place)
			}
		}
	}
}

func TestRunRemovesProfile(t *testing.T) {
	t.Parallel()
	var output bytes.Buffer
	if err := Run(t.Context(), fake(t), &output); err != nil {
		t.Fatal(err)
	}
	profile := strings.TrimSpace(output.String())
	if profile == "" {
		t.Fatal("the browser did not start")
	}
	if _, err := os.Stat(profile); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the profile %s is still there: %v", profile, err)
	}
}

func TestRunReportsFailure(t *testing.T) {
	t.Parallel()
	var output bytes.Buffer
	if err := Run(t.Context(), fake(t, "--fake=fail"), &output); err == nil || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(strings.TrimSpace(output.String())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the profile is still there: %v", err)
	}
	missing := fake(t)
	missing.Path = filepath.Join(t.TempDir(), "none")
	if err := Run(t.Context(), missing, nil); err == nil {
		t.Error("a browser that is not there was run")
	}
}

// TestRunEndsWithContext closes a browser that is open.
func TestRunEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- Run(ctx, fake(t, "--fake=wait"), write) }()
	profile, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(strings.TrimSpace(profile)); err != nil {
		t.Error(err)
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the browser was not closed")
	}
	if _, err := os.Stat(strings.TrimSpace(profile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the profile is still there: %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){
		"no page":       func(o *Options) { o.URL = "" },
		"a flag":        func(o *Options) { o.URL = "--no-sandbox" },
		"a file":        func(o *Options) { o.URL = "file:///etc/passwd" },
		"no host":       func(o *Options) { o.URL = "http:/a" },
		"no address":    func(o *Options) { o.TLSAddr = "" },
		"no port":       func(o *Options) { o.TLSAddr = "127.0.0.1" },
		"a second rule": func(o *Options) { o.TLSAddr = "127.0.0.1:8443,MAP * evil.example:443" },
		"no pin":        func(o *Options) { o.SPKI = "" },
		"two pins":      func(o *Options) { o.SPKI = "a,b" },
	} {
		o := fake(t)
		change(&o)
		if err := Run(t.Context(), o, nil); err == nil {
			t.Errorf("%s: run", name)
		}
	}
}

// sandbox is a TLS server with a self-made certificate for the login host,
// its address and a file with the certificate.
func sandbox(t *testing.T) (server *httptest.Server, addr, caFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{protocol.HostLogin}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<title>served</title>host %s path %s", r.Host, r.URL.Path)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return server, server.Listener.Addr().String(), caFile
}

func pinOf(server *httptest.Server) string {
	leaf, err := x509.ParseCertificate(server.TLS.Certificates[0].Certificate[0])
	if err != nil {
		panic(err)
	}
	digest := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(digest[:])
}

func TestPin(t *testing.T) {
	t.Parallel()
	server, addr, caFile := sandbox(t)
	if pin, err := Pin(t.Context(), addr, caFile); err != nil || pin != pinOf(server) {
		t.Errorf("got %q, %v", pin, err)
	}
	_, other, _ := sandbox(t)
	if _, err := Pin(t.Context(), other, caFile); err == nil || errors.Is(err, ErrNotServed) {
		t.Errorf("a server of another authority: %v", err)
	}
	if _, err := Pin(t.Context(), addr, filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("without an authority")
	}
	empty := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(empty, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Pin(t.Context(), addr, empty); err == nil {
		t.Error("with an empty authority")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if _, err := Pin(t.Context(), listener.Addr().String(), caFile); !errors.Is(err, ErrNotServed) {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestRealBrowser opens WeCom's login host in a real browser and finds the
// local server there, believed by its key.
func TestRealBrowser(t *testing.T) {
	t.Parallel()
	if _, err := Find(); err != nil && os.Getenv("HUFU_TEST_ALL") == "" {
		t.Skip("no Chrome, Chromium or Edge here; make test installs one")
	}
	server, addr, _ := sandbox(t)
	other, _, _ := sandbox(t)
	for _, row := range []struct {
		pin  string
		seen bool
	}{{pinOf(server), true}, {pinOf(other), false}} {
		var output bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		err := Run(ctx, Options{
			URL: "https://login.work.weixin.qq.com/wwlogin/sso/login", TLSAddr: addr, SPKI: row.pin,
			Args: []string{"--headless=new", "--disable-gpu", "--dump-dom"},
		}, &output)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(output.String(), "host login.work.weixin.qq.com path /wwlogin/sso/login") != row.seen {
			t.Errorf("believed %v is wrong; the browser saw:\n%s", !row.seen, output.String())
		}
	}
}
