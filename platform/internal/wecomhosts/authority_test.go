package wecomhosts

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func openIn(t *testing.T, dir string, now time.Time) *identity {
	t.Helper()
	id, err := openIdentity(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func readCA(t *testing.T, dir string) *x509.Certificate {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, caFile))
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(data)
	if block == nil || len(rest) != 0 {
		t.Fatalf("ca.pem holds not exactly one certificate:\n%s", data)
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	id := openIn(t, dir, now)
	ca := readCA(t, dir)
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	leaf := id.certificate.Leaf
	for _, name := range []string{"login.work.weixin.qq.com", "open.work.weixin.qq.com", "open.weixin.qq.com", "qyapi.weixin.qq.com", "localhost", "127.0.0.1"} {
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, certificate := range []*x509.Certificate{ca, leaf} {
		if got := certificate.Subject.Organization; len(got) != 1 || got[0] != Mark {
			t.Errorf("subject %s lacks the mark", certificate.Subject)
		}
		if life := certificate.NotAfter.Sub(now); life > 30*24*time.Hour {
			t.Errorf("%s lives %v", certificate.Subject, life)
		}
		if key, ok := certificate.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
			t.Errorf("%s has a %T", certificate.Subject, certificate.PublicKey)
		}
	}
}

// TestAuthorityIsConstrained signs for other names with the authority's own
// key, which nobody has outside this test: not even that is believed.
func TestAuthorityIsConstrained(t *testing.T) {
	t.Parallel()
	now := time.Now()
	authority, signer, err := newAuthority(now)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	forge := func(template *x509.Certificate) *x509.Certificate {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template.Subject = pkix.Name{CommonName: "forged"}
		template.NotBefore, template.NotAfter = now.Add(-time.Hour), now.Add(time.Hour)
		certificate, err := sign(template, authority, signer, &key.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		return certificate
	}
	if _, err := forge(&x509.Certificate{DNSNames: []string{"localhost"}}).Verify(x509.VerifyOptions{Roots: roots}); err != nil {
		t.Fatalf("a name it may sign: %v", err)
	}
	for name, certificate := range map[string]*x509.Certificate{
		"another site":    forge(&x509.Certificate{DNSNames: []string{"bank.example"}}),
		"a sibling":       forge(&x509.Certificate{DNSNames: []string{"work.weixin.qq.com"}}),
		"another address": forge(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(8, 8, 8, 8)}}),
	} {
		if _, err := certificate.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err == nil {
			t.Errorf("%s is believed", name)
		}
	}
	code := forge(&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}})
	if _, err := code.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}}); err == nil {
		t.Error("signed code is believed")
	}
	if !authority.PermittedDNSDomainsCritical {
		t.Error("the constraints are not critical")
	}
}

// TestNoAuthorityKeyOnDisk reads everything that was written: the only
// private key is the listener's, and only its owner can read it.
func TestNoAuthorityKeyOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	id := openIn(t, dir, time.Now())
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	keys := 0
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			if block.Type == "CERTIFICATE" {
				continue
			}
			keys++
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			if public := key.(*ecdsa.PrivateKey).Public(); !id.certificate.Leaf.PublicKey.(*ecdsa.PublicKey).Equal(public) {
				t.Errorf("%s holds another key than the listener's", entry.Name())
			}
			info, err := entry.Info()
			if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s: mode %v, %v", entry.Name(), info.Mode(), err)
			}
		}
	}
	if keys != 1 {
		t.Errorf("%d private keys", keys)
	}
}

func TestIdentityIsKeptAndRenewed(t *testing.T) {
	t.Parallel()
	now := time.Now()
	const day = 24 * time.Hour
	for name, row := range map[string]struct {
		later  time.Duration
		damage func(dir string) error
		kept   bool
	}{
		"at once":             {later: 0, kept: true},
		"more than a week":    {later: 30*day - 7*day - time.Minute, kept: true},
		"less than a week":    {later: 30*day - 7*day + time.Minute},
		"expired":             {later: 31 * day},
		"key missing":         {damage: func(dir string) error { return os.Remove(filepath.Join(dir, keyFile)) }},
		"authority missing":   {damage: func(dir string) error { return os.Remove(filepath.Join(dir, caFile)) }},
		"certificate missing": {damage: func(dir string) error { return os.Remove(filepath.Join(dir, chainFile)) }},
		"certificate broken":  {damage: func(dir string) error { return os.WriteFile(filepath.Join(dir, chainFile), []byte("x"), 0o600) }},
		"authority of another": {damage: func(dir string) error {
			other := filepath.Join(dir, "other")
			if err := os.Mkdir(other, 0o700); err != nil {
				return err
			}
			if _, err := makeIdentity(other, now); err != nil {
				return err
			}
			return os.Rename(filepath.Join(other, caFile), filepath.Join(dir, caFile))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first := openIn(t, dir, now)
			if row.damage != nil {
				if err := row.damage(dir); err != nil {
					t.Fatal(err)
				}
			}
			second := openIn(t, dir, now.Add(row.later))
			if kept := bytes.Equal(first.authority.Raw, second.authority.Raw); kept != row.kept {
				t.Errorf("kept %v, want %v", kept, row.kept)
			}
			if !bytes.Equal(readCA(t, dir).Raw, second.authority.Raw) {
				t.Error("ca.pem is not the authority in use")
			}
			if third := openIn(t, dir, now.Add(row.later)); !bytes.Equal(third.authority.Raw, second.authority.Raw) {
				t.Error("made anew once more")
			}
		})
	}
}
