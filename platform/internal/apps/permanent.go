package apps

import (
	"context"
	"crypto/sha256"
)

// GrantPermanentCode makes the permanent code (永久授权码) of an installation. It replaces
// the one before, whose corp tokens die: the generation is raised. Only its digest is kept.
func (s *Service) GrantPermanentCode(ctx context.Context, installationRow int64) (code string, err error) {
	code = newSecret()
	hash := sha256.Sum256([]byte(code))
	return code, s.write(ctx, `UPDATE installations SET permanent_hash = $2, generation = generation + 1 WHERE id = $1`,
		installationRow, hash[:])
}
