package directory

import (
	"context"
	"database/sql"
)

// MoveAdmin gives the rights of an external admin who has not enrolled to the person who
// accepted them, and drops the placeholder. Errors: ErrNotFound, ErrEnrolled, ErrAlreadyAdmin.
func (s *Service) MoveAdmin(ctx context.Context, tx *sql.Tx, corpRow, placeholderRow, personRow int64) error {
	waits, err := s.isPlaceholder(ctx, tx, placeholderRow)
	if err != nil {
		return err
	}
	if !waits {
		return ErrEnrolled
	}
	var has bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM admins WHERE corp_id = $1 AND person_id = $2)`,
		corpRow, personRow).Scan(&has); err != nil {
		return err
	}
	if has {
		return ErrAlreadyAdmin
	}
	res, err := tx.ExecContext(ctx, `UPDATE admins SET person_id = $1 WHERE corp_id = $2 AND person_id = $3 AND kind = $4`,
		personRow, corpRow, placeholderRow, External)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrNotFound
	}
	return s.dropPlaceholder(ctx, tx, placeholderRow)
}
