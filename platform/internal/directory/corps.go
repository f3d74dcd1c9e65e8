package directory

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// NewCorpID makes a corpid that nobody has: "ww" and 16 random hexadecimal digits.
func NewCorpID() string {
	var b [8]byte
	rand.Read(b[:])
	return "ww" + hex.EncodeToString(b[:])
}

// Corp reads one corp by row.
func (s *Service) Corp(ctx context.Context, row int64) (Corp, error) {
	var c Corp
	err := s.DB.Query(`SELECT id, corpid, name, number_match FROM corps WHERE id = $1`).
		Row(ctx, row).Scan(&c.Row, &c.CorpID, &c.Name, &c.NumberMatch)
	return c, found(err)
}

// Corps lists up to limit corps in the order in which they were created, from the one after
// the row after; search is part of a name or corpid, empty: all.
func (s *Service) Corps(ctx context.Context, search string, after int64, limit int) ([]Corp, error) {
	rows, err := s.DB.Query(`SELECT id, corpid, name, number_match FROM corps
		WHERE id > $1 AND ($2 = '' OR corpid_key LIKE $3 ESCAPE '!' OR LOWER(name) LIKE $3 ESCAPE '!')
		ORDER BY id LIMIT $4`).Rows(ctx, after, search, pattern(search), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Corp
	for rows.Next() {
		var c Corp
		if err := rows.Scan(&c.Row, &c.CorpID, &c.Name, &c.NumberMatch); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// RenameCorp gives a corp, and with it its root department, another name of 1–64 characters.
func (s *Service) RenameCorp(ctx context.Context, tx *sql.Tx, row int64, name string) error {
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > nameLimit {
		return &InvalidError{Field: "name", Rule: "form"}
	}
	res, err := tx.ExecContext(ctx, `UPDATE corps SET name = $1 WHERE id = $2`, name, row)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return ErrNotFound
	}
	_, err = tx.ExecContext(ctx, `UPDATE departments SET name = $1 WHERE corp_id = $2 AND number = 1`, name, row)
	return err
}

// SetNumberMatch sets whether members of a corp must type the number the login page shows.
func (s *Service) SetNumberMatch(ctx context.Context, tx *sql.Tx, row int64, on bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE corps SET number_match = $1 WHERE id = $2`, on, row)
	return err
}

// pattern is a LIKE pattern (ESCAPE '!') for texts that contain search, lower case.
func pattern(search string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(search)) + "%"
}

// CorpCount counts the corps.
func (s *Service) CorpCount(ctx context.Context) (n int, err error) {
	err = s.DB.Query(`SELECT COUNT(*) FROM corps`).Row(ctx).Scan(&n)
	return n, err
}
