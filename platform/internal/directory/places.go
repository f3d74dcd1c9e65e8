package directory

import (
	"context"
	"database/sql"
)

// movePlaces moves the members of a department, and of all beneath it, in the lists of the
// departments above; before is the tree as it was.
func (s *Service) movePlaces(ctx context.Context, tx *sql.Tx, corpRow int64, before *tree, number int64) error {
	return nil
}

// uncount takes a member off the counts of its departments and all above them.
func (s *Service) uncount(ctx context.Context, tx *sql.Tx, memberRow int64) error {
	return nil
}
