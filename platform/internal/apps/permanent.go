package apps

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
)

// GrantPermanentCode makes the permanent code (永久授权码) of an installation. It replaces
// the one before, whose corp tokens die: the generation is raised. Only its digest is kept.
func (s *Service) GrantPermanentCode(ctx context.Context, installationRow int64) (code string, err error) {
	err = s.db.Update(ctx, func(tx *sql.Tx) error {
		code, err = s.GrantPermanentCodeIn(ctx, tx, installationRow)
		return err
	})
	return code, err
}

// GrantPermanentCodeIn is GrantPermanentCode inside a transaction, with the install code
// that pays for it.
func (s *Service) GrantPermanentCodeIn(ctx context.Context, tx *sql.Tx, installationRow int64) (code string, err error) {
	code = newSecret()
	hash := sha256.Sum256([]byte(code))
	done, err := tx.ExecContext(ctx, `UPDATE installations SET permanent_hash = $2, generation = generation + 1 WHERE id = $1`,
		installationRow, hash[:])
	if err != nil {
		return "", err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return "", found(cmp.Or(err, sql.ErrNoRows))
	}
	s.db.Committed(s.forget)
	return code, nil
}
