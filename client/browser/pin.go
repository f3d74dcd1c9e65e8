package browser

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// ErrNotServed is the error of Pin when nobody listens.
var ErrNotServed = errors.New("WeCom's host names are not served there")

// Pin asks the sandbox at tlsAddr for its certificate, checks it against the
// authority in caFile (PEM), and returns the digest of its public key for
// Options.SPKI. So a browser is never told to believe a key that the sandbox
// of that authority does not hold.
func Pin(ctx context.Context, tlsAddr, caFile string) (string, error) {
	authority, err := os.ReadFile(caFile)
	if err != nil {
		return "", fmt.Errorf("the sandbox's authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return "", fmt.Errorf("the sandbox's authority: no certificate in %s", caFile)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", tlsAddr)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNotServed, err)
	}
	defer conn.Close()
	client := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: protocol.HostLogin})
	if err := client.HandshakeContext(ctx); err != nil {
		return "", fmt.Errorf("who listens at %s is not this sandbox: %w", tlsAddr, err)
	}
	digest := sha256.Sum256(client.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(digest[:]), nil
}
