package directory

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// placeholder is the account key of a person who has no credentials yet. No account begins
// with #.
func placeholder(row int64) string { return fmt.Sprintf("#%d", row) }

const insertPlaceholder = `INSERT INTO persons (id, name, account, account_key, password_hash, created_at)
	VALUES ($1, $2, '', $3, '', $4)`

// CreatePlaceholder adds a person without an account, who gets credentials with an
// enrolment link.
func (s *Service) CreatePlaceholder(ctx context.Context, tx *sql.Tx, name string) (int64, error) {
	row := s.DB.NewID()
	_, err := tx.ExecContext(ctx, insertPlaceholder, row, name, placeholder(row), s.Now().UnixMilli())
	return row, err
}

// Enrol gives a placeholder its account: its memberships that had not enrolled become active.
// Errors: ErrTaken (another person has the account), ErrEnrolled, InvalidError.
func (s *Service) Enrol(ctx context.Context, tx *sql.Tx, personRow int64, account string) error {
	if err := checkAccount(account); err != nil {
		return err
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM persons WHERE account_key = $1`, strings.ToLower(account)).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return ErrTaken
	}
	res, err := tx.ExecContext(ctx, `UPDATE persons SET account = $1, account_key = $2 WHERE id = $3 AND account_key = $4`,
		account, strings.ToLower(account), personRow, placeholder(personRow))
	if err != nil {
		return err
	}
	if changed, err := res.RowsAffected(); err != nil || changed == 0 {
		return ErrEnrolled
	}
	return s.activate(ctx, tx, personRow)
}

// checkAccount keeps accounts to what a userid may be made of.
func checkAccount(account string) error {
	if !useridForm.MatchString(account) {
		return &InvalidError{Field: "account", Rule: "form"}
	}
	return nil
}

// MoveMembership gives a member that has not enrolled to the person who accepted it, and
// drops the placeholder it belonged to. Errors: ErrNotFound, ErrEnrolled, ErrAlreadyMember.
func (s *Service) MoveMembership(ctx context.Context, tx *sql.Tx, memberRow, personRow int64) error {
	m, err := s.memberIn(ctx, tx, 0, memberRow)
	if err != nil {
		return err
	}
	waits, err := s.isPlaceholder(ctx, tx, m.Person)
	if err != nil {
		return err
	}
	if !waits {
		return ErrEnrolled
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM members WHERE corp_id = $1 AND person_id = $2`,
		m.Corp.Row, personRow).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return ErrAlreadyMember
	}
	if _, err := tx.ExecContext(ctx, `UPDATE members SET person_id = $1 WHERE id = $2`, personRow, memberRow); err != nil {
		return err
	}
	// Who is an external admin already keeps those rights; the member's own go with it.
	if _, err := tx.ExecContext(ctx, `DELETE FROM admins WHERE corp_id = $1 AND person_id = $2
		AND EXISTS (SELECT 1 FROM admins b WHERE b.member_id = $3)`, m.Corp.Row, personRow, memberRow); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE admins SET person_id = $1 WHERE member_id = $2`, personRow, memberRow); err != nil {
		return err
	}
	if err := s.dropPlaceholder(ctx, tx, m.Person); err != nil {
		return err
	}
	return s.activate(ctx, tx, personRow)
}

// activate makes the memberships of a person that had not enrolled active.
func (s *Service) activate(ctx context.Context, tx *sql.Tx, personRow int64) error {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM members WHERE person_id = $1 AND status = 4`, personRow)
	if err != nil {
		return err
	}
	list, err := numbers(rows)
	if err != nil {
		return err
	}
	for _, row := range list {
		if err := s.setStatus(ctx, tx, 0, row, Active); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) isPlaceholder(ctx context.Context, tx *sql.Tx, personRow int64) (bool, error) {
	var key string
	err := tx.QueryRowContext(ctx, `SELECT account_key FROM persons WHERE id = $1`, personRow).Scan(&key)
	return key == placeholder(personRow), found(err)
}

// dropPlaceholder removes a person who never was more than a place for a membership.
func (s *Service) dropPlaceholder(ctx context.Context, tx *sql.Tx, personRow int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM persons WHERE id = $1 AND account_key = $2
		AND NOT EXISTS (SELECT 1 FROM members WHERE person_id = $1)
		AND NOT EXISTS (SELECT 1 FROM admins WHERE person_id = $1)
		AND NOT EXISTS (SELECT 1 FROM passkeys WHERE person_id = $1)
		AND NOT EXISTS (SELECT 1 FROM consents WHERE person_id = $1)
		AND NOT EXISTS (SELECT 1 FROM devices WHERE person_id = $1)
		AND NOT EXISTS (SELECT 1 FROM familiar WHERE person_id = $1)
		AND NOT EXISTS (SELECT 1 FROM desktop_clients WHERE person_id = $1)`, personRow, placeholder(personRow))
	return err
}

// SetPassword replaces a person's password hash (see HashPassword); empty: none.
func (s *Service) SetPassword(ctx context.Context, tx *sql.Tx, personRow int64, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE persons SET password_hash = $1 WHERE id = $2`, hash, personRow)
	return err
}

// HasPassword tells whether a person has a password.
func (s *Service) HasPassword(ctx context.Context, personRow int64) (bool, error) {
	var hash string
	err := s.DB.Query(`SELECT password_hash FROM persons WHERE id = $1`).Row(ctx, personRow).Scan(&hash)
	return hash != "", found(err)
}

// IsOperator tells whether a person runs the platform.
func (s *Service) IsOperator(ctx context.Context, personRow int64) (bool, error) {
	var n int
	err := s.DB.Query(`SELECT COUNT(*) FROM operators WHERE person_id = $1`).Row(ctx, personRow).Scan(&n)
	return n > 0, err
}

// HasOperator tells whether anybody runs the platform yet.
func (s *Service) HasOperator(ctx context.Context) (bool, error) {
	var n int
	err := s.DB.Query(`SELECT COUNT(*) FROM operators`).Row(ctx).Scan(&n)
	return n > 0, err
}

// AddOperator lets a person run the platform; who does so already stays.
func (s *Service) AddOperator(ctx context.Context, tx *sql.Tx, personRow int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO operators (person_id, created_at) VALUES ($1, $2)
		ON CONFLICT (person_id) DO NOTHING`, personRow, s.Now().UnixMilli())
	return err
}

// RemoveOperator takes the platform from a person; ErrNotFound where they do not run it.
func (s *Service) RemoveOperator(ctx context.Context, tx *sql.Tx, personRow int64) error {
	done, err := tx.ExecContext(ctx, `DELETE FROM operators WHERE person_id = $1`, personRow)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, ErrNotFound)
	}
	return nil
}

// Operators lists who runs the platform.
func (s *Service) Operators(ctx context.Context) ([]Person, error) {
	rows, err := s.DB.Query(`SELECT p.id, p.name, p.account FROM operators o JOIN persons p ON p.id = o.person_id
		ORDER BY o.created_at, p.id`).Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Person
	for rows.Next() {
		var p Person
		if err := rows.Scan(&p.Row, &p.Name, &p.Account); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// numbers reads a column of numbers and closes rows.
func numbers(rows *sql.Rows) ([]int64, error) {
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}
