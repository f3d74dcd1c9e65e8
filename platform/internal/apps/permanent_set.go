package apps

import (
	"context"
	"crypto/sha256"
	"database/sql"
)

// SetPermanentCode gives an installation a permanent code that is known beforehand, as a
// sandbox's sample data has it, where the provider has fetched none yet. Only its digest is
// kept.
func (s *Service) SetPermanentCode(ctx context.Context, tx *sql.Tx, installationRow int64, code string) error {
	hash := sha256.Sum256([]byte(code))
	_, err := tx.ExecContext(ctx, `UPDATE installations SET permanent_hash = $2 WHERE id = $1 AND permanent_hash IS NULL`,
		installationRow, hash[:])
	s.db.Committed(s.forget)
	return err
}
