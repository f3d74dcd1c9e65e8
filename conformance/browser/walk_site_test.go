package browser

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// walkSite is the site of the guide. What its developer copies from the platform's pages is
// its environment.
type walkSite struct {
	t            *testing.T
	binary, dir  string
	cert         string // its certificate, which the platform trusts
	host, origin string // host is as a trusted domain is written
	port         string
	env          map[string]string
	running      *sandbox.Server
}

func newWalkSite(t *testing.T, port string) *walkSite {
	t.Helper()
	dir := t.TempDir()
	s := &walkSite{t: t, binary: filepath.Join(dir, "site"), dir: dir, host: "app.localhost:" + port, port: port}
	s.origin = "https://" + s.host
	build := exec.Command("go", "build", "-o", s.binary, "./docs/guides/run-your-own")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	s.certify()
	key := make([]byte, 32)
	rand.Read(key)
	s.env = map[string]string{"SITE": s.origin, "SITE_DATA": dir, "SITE_CERT": s.cert, "SITE_CERT_KEY": filepath.Join(dir, "key.pem"),
		"SITE_KEY": base64.StdEncoding.EncodeToString(key)}
	return s
}

// certify makes the site's certificate.
func (s *walkSite) certify() {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "walk"},
		DNSNames: []string{"app.localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		s.t.Fatal(err)
	}
	s.cert = filepath.Join(s.dir, "cert.pem")
	s.put("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	s.put("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}

// put writes a file into the site's folder.
func (s *walkSite) put(name string, content []byte) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), content, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// start runs the site with what it knows by now; a second time in place of the first.
func (s *walkSite) start() {
	s.t.Helper()
	if s.running != nil {
		s.running.End()
	}
	cmd := exec.Command(s.binary)
	cmd.Env = os.Environ()
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	s.running = sandbox.Serve(s.t, cmd)
	sandbox.AwaitPort(s.t, "127.0.0.1:"+s.port)
}
