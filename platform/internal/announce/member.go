package announce

import (
	"cmp"
	"context"
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// member tells one suite of a member's change (90639).
func (s *Service) member(ctx context.Context, v *view, r *apps.Reach, c directory.Change) error {
	before, err := s.covered(ctx, v, r, c.Before, moved{})
	if err != nil {
		return err
	}
	after, err := s.covered(ctx, v, r, c.After, moved{})
	if err != nil {
		return err
	}
	named := r.Members[c.Member.Row]
	change := userChange(c.Type != directory.CreateUser && (named || len(before) > 0),
		c.Type != directory.DeleteUser && (named || len(after) > 0))
	old := cmp.Or(c.OldUserID, c.Member.UserID)
	switch change {
	case protocol.ChangeCreateUser:
		return s.contact(ctx, v.tx, r, change, newUser(r, c.Member.Row, c.Member.UserID, c.After, after))
	case protocol.ChangeUpdateUser:
		return s.contact(ctx, v.tx, r, change, updatedUser(r, c, old, before, after))
	case protocol.ChangeDeleteUser:
		return s.contact(ctx, v.tx, r, change, user(r, c.Member.Row, old))
	}
	return nil
}

// user is a member's ids as a provider sees them.
func user(r *apps.Reach, row int64, userid string) protocol.Contact {
	return protocol.Contact{UserID: r.UserIDShown(row, userid), OpenUserID: r.OpenUserID(row)}
}

// newUser is a member that a suite has not seen. Of its departments, the main one first, a
// suite is shown those in its range.
func newUser(r *apps.Reach, row int64, userid string, all, covered []int64) protocol.Contact {
	u := user(r, row, userid)
	u.Name = u.UserID
	u.Department, u.MainDepartment = covered, mainOf(all, covered)
	return u
}

// updatedUser is a member with what a third party may see of what has changed. A name is not
// among it, nor a rename where ids are encrypted; that something has changed is told still.
func updatedUser(r *apps.Reach, c directory.Change, old string, before, after []int64) protocol.Contact {
	u := user(r, c.Member.Row, old)
	if now := r.UserIDShown(c.Member.Row, c.Member.UserID); now != u.UserID {
		u.NewUserID, u.Name = now, now
	}
	if main := mainOf(c.After, after); !slices.Equal(before, after) || main != mainOf(c.Before, before) {
		u.Department, u.MainDepartment = after, main
	}
	if slices.Contains(c.Fields, "Status") {
		u.Status = int64(c.Member.Status)
	}
	return u
}

// mainOf is a member's main department where a suite sees it; 0 where it does not.
func mainOf(all, covered []int64) int64 {
	if len(all) > 0 && slices.Contains(covered, all[0]) {
		return all[0]
	}
	return 0
}
