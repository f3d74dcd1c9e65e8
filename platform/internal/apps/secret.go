package apps

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// newSecret makes a machine's secret: 256 random bits. It is shown once; the store keeps its
// SHA-256 only.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// ResetSecret gives an app another secret and answers it; the tokens made with the one
// before die.
func (s *Service) ResetSecret(ctx context.Context, appRow int64) (secret string, err error) {
	secret = newSecret()
	hash := sha256.Sum256([]byte(secret))
	return secret, s.write(ctx, `UPDATE apps SET secret_hash = $2, secret_generation = secret_generation + 1 WHERE id = $1`, appRow, hash[:])
}

// ResetProviderSecret gives a provider another ProviderSecret and answers it; its tokens die.
func (s *Service) ResetProviderSecret(ctx context.Context, corpRow int64) (secret string, err error) {
	secret = newSecret()
	hash := sha256.Sum256([]byte(secret))
	return secret, s.write(ctx, `UPDATE providers SET secret_hash = $2, secret_generation = secret_generation + 1 WHERE corp_id = $1`,
		corpRow, hash[:])
}
