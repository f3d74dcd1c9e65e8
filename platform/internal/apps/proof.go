package apps

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// ProofFile is the file by which a corp shows that a domain is its own: it must be
// reachable at the domain's root under that name and hold that content. It is derived: the
// same corp and domain always have the same.
func (s *Service) ProofFile(corpRow int64, domain string) (name, content string) {
	key := s.keys.Derive("domain proof")
	mac := hmac.New(sha256.New, key[:])
	fmt.Fprintf(mac, "%d %s", corpRow, strings.ToLower(domain))
	// Letters and digits only, as such names have.
	content = strings.NewReplacer("-", "a", "_", "b").Replace(base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))[:16]
	return "WW_verify_" + content + ".txt", content
}

// DomainProved tells whether a corp has shown that a domain (host[:port]) is its own.
func (s *Service) DomainProved(ctx context.Context, corpRow int64, domain string) (bool, error) {
	var proved bool
	err := s.db.Query(`SELECT EXISTS (SELECT 1 FROM domain_proofs WHERE corp_id = $1 AND domain = $2)`).
		Row(ctx, corpRow, strings.ToLower(domain)).Scan(&proved)
	return proved, err
}

// SetDomainProved records that a corp has shown that a domain is its own.
func (s *Service) SetDomainProved(ctx context.Context, corpRow int64, domain string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO domain_proofs (corp_id, domain, proved_at) VALUES ($1, $2, $3)
		ON CONFLICT (corp_id, domain) DO UPDATE SET proved_at = excluded.proved_at`,
		corpRow, strings.ToLower(domain), s.now().UnixMilli())
	return err
}
