package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrMarked is the answer to a SetMark that would change a mark.
var ErrMarked = errors.New("store: the mark is set to another value and cannot be changed")

// Mark returns the mark of that name, a fact that holds for the whole life of
// the store (as "sandbox", "public_url"), and whether it is set.
func (db *DB) Mark(ctx context.Context, name string) (value string, set bool, err error) {
	err = db.Query(`SELECT value FROM marks WHERE name = $1`).Row(ctx, name).Scan(&value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("store: mark %q: %w", name, err)
	}
	return value, true, nil
}

// SetMark sets the mark for good: it can be neither changed nor removed, not
// by SQL either. Setting it to the value it has does nothing; another value
// is ErrMarked.
func (db *DB) SetMark(ctx context.Context, name, value string) error {
	_, failure := db.Exec(ctx, `INSERT INTO marks (name, value) VALUES ($1, $2)`, name, value)
	if failure == nil {
		return nil
	}
	switch old, set, err := db.Mark(ctx, name); {
	case err != nil || !set:
		return fmt.Errorf("store: set mark %q: %w", name, failure)
	case old != value:
		return fmt.Errorf("%w: %s", ErrMarked, name)
	}
	return nil
}
