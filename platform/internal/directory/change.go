package directory

import (
	"context"
	"database/sql"

	"github.com/hufu-sso/hufu/protocol"
)

// What a Change is, in the words of change_contact (90639, 90640).
const (
	CreateUser  = protocol.ChangeCreateUser
	UpdateUser  = protocol.ChangeUpdateUser
	DeleteUser  = protocol.ChangeDeleteUser
	CreateParty = protocol.ChangeCreateParty
	UpdateParty = protocol.ChangeUpdateParty
	DeleteParty = protocol.ChangeDeleteParty
)

// Change is one change of a corp's address book, as whoever follows it is told.
type Change struct {
	Corp Corp
	Type string // CreateUser …
	// Member is whom a *User change is about: as it is now or, when deleted, as it was.
	Member    Member
	OldUserID string // the userid before the change, where it was renamed; empty: it stays
	// Before and After are the departments of the member, the main one first; nil before it
	// was created and after it was deleted.
	Before, After []int64
	// Fields of an update that changed: UserID, Name, Department, Position, Mobile, Email,
	// Alias, Gender, Status; of a department Name, ParentId, Order.
	Fields []string
	// Department is what a *Party change is about: as it is now or, when deleted, as it was.
	Department Department
	OldParent  int64 // of a department that was moved; 0: it stays
}

// tell hands a change to who follows.
func (s *Service) tell(ctx context.Context, tx *sql.Tx, c Change) error {
	if s.Changed == nil {
		return nil
	}
	return s.Changed(ctx, tx, c)
}
