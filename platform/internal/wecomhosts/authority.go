package wecomhosts

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// Mark is the organisation in the subject of the authority and of its
// certificates. A gateway in production refuses any chain that bears it.
const Mark = "Hufu Sandbox"

const (
	lifetime = 30 * 24 * time.Hour
	// renewal is how much life must be left when the sandbox starts;
	// otherwise authority and certificate are made anew.
	renewal = 7 * 24 * time.Hour
	// skew is how far the clock of a client may be behind ours.
	skew = time.Hour
)

const (
	caFile    = "ca.pem"
	chainFile = "hosts.pem"
	keyFile   = "hosts.key"
)

// Names returns the host names that are served: WeCom's.
func Names() []string {
	return []string{protocol.HostLogin, protocol.HostOpen, protocol.HostOAuth, protocol.HostAPI}
}

var loopback = net.IPv4(127, 0, 0, 1).To4()

func dnsNames() []string { return append(Names(), "localhost") }

// identity is what the TLS listener shows: its certificate, signed by the
// authority that comes after it in the chain.
type identity struct {
	certificate tls.Certificate
	authority   *x509.Certificate
}

// openIdentity takes the identity from dir when it is whole and lives long
// enough, and makes a new one otherwise.
func openIdentity(dir string, now time.Time) (*identity, error) {
	id, err := readIdentity(dir, now)
	if err == nil {
		return id, nil
	}
	var stale *staleError
	if !errors.As(err, &stale) && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return makeIdentity(dir, now)
}

// staleError says why the files in the directory are not used any more.
type staleError struct{ why string }

func (e *staleError) Error() string { return "certificate files: " + e.why }

func readIdentity(dir string, now time.Time) (*identity, error) {
	chain, err := os.ReadFile(filepath.Join(dir, chainFile))
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(filepath.Join(dir, caFile))
	if err != nil {
		return nil, err
	}
	certificate, err := tls.X509KeyPair(chain, key)
	if err != nil || len(certificate.Certificate) != 2 {
		return nil, &staleError{"not a certificate, its authority and its key"}
	}
	authority, err := x509.ParseCertificate(certificate.Certificate[1])
	if err != nil || !bytes.Equal(encodeCertificate(authority.Raw), ca) {
		return nil, &staleError{"ca.pem is not the authority of hosts.pem"}
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	for _, name := range append(dnsNames(), loopback.String()) {
		if _, err := certificate.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: now.Add(renewal)}); err != nil {
			return nil, &staleError{"not valid for all names for another week"}
		}
	}
	return &identity{certificate: certificate, authority: authority}, nil
}

// makeIdentity makes an authority, has it sign one certificate, writes both
// to dir and forgets the authority's key.
func makeIdentity(dir string, now time.Time) (*identity, error) {
	authority, signer, err := newAuthority(now)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the certificate's key: %w", err)
	}
	leaf, err := sign(&x509.Certificate{
		Subject:               pkix.Name{Organization: []string{Mark}, CommonName: Mark + " hosts"},
		NotBefore:             now.Add(-skew),
		NotAfter:              now.Add(lifetime),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              dnsNames(),
		IPAddresses:           []net.IP{loopback},
	}, authority, signer, &key.PublicKey)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode the certificate's key: %w", err)
	}
	ca := encodeCertificate(authority.Raw)
	// ca.pem last: who sees it can rely on the rest.
	for _, file := range []struct {
		name string
		data []byte
		mode fs.FileMode
	}{
		{keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600},
		{chainFile, slices.Concat(encodeCertificate(leaf.Raw), ca), 0o644},
		{caFile, ca, 0o644},
	} {
		if err := replaceFile(filepath.Join(dir, file.name), file.data, file.mode); err != nil {
			return nil, err
		}
	}
	return &identity{
		certificate: tls.Certificate{Certificate: [][]byte{leaf.Raw, authority.Raw}, PrivateKey: key, Leaf: leaf},
		authority:   authority,
	}, nil
}

// newAuthority makes an authority that can speak for the served names only.
func newAuthority(now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make the authority's key: %w", err)
	}
	authority, err := sign(&x509.Certificate{
		Subject:               pkix.Name{Organization: []string{Mark}, CommonName: Mark + " authority of " + now.UTC().Format(time.DateOnly)},
		NotBefore:             now.Add(-skew),
		NotAfter:              now.Add(lifetime),
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,

		PermittedDNSDomainsCritical: true, // marks all name constraints, the addresses too
		PermittedDNSDomains:         dnsNames(),
		PermittedIPRanges:           []*net.IPNet{{IP: loopback, Mask: net.CIDRMask(32, 32)}},
	}, nil, signer, &signer.PublicKey)
	return authority, signer, err
}

// sign completes template and signs it; a nil issuer means by itself.
func sign(template, issuer *x509.Certificate, signer *ecdsa.PrivateKey, public *ecdsa.PublicKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("draw a serial number: %w", err)
	}
	template.SerialNumber = serial
	if issuer == nil {
		issuer = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, public, signer)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", template.Subject.CommonName, err)
	}
	return x509.ParseCertificate(der)
}

func encodeCertificate(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
