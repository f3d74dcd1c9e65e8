package announce

import (
	"context"
	"database/sql"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// Contact tells the suites that cover a member or department of its change. It is the hook
// directory.Service.Changed.
func (s *Service) Contact(ctx context.Context, tx *sql.Tx, c directory.Change) error {
	v := s.viewOf(tx)
	reaches, err := s.reaches(ctx, v, c.Corp.Row)
	if err != nil || len(reaches) == 0 {
		return err
	}
	switch c.Type {
	case directory.CreateParty, directory.UpdateParty, directory.DeleteParty:
		clear(v.parents)
		defer delete(v.reaches, c.Corp.Row) // a department that is removed leaves the ranges that named it
		return s.department(ctx, v, reaches, c)
	}
	for _, r := range reaches {
		if err := s.member(ctx, v, r, c); err != nil {
			return err
		}
	}
	return nil
}

// moved stands for a department that had another parent: zero for the tree as it is now.
type moved struct{ number, parent int64 }

// covers tells whether a range holds a department, itself or as one beneath.
func (s *Service) covers(ctx context.Context, v *view, r *apps.Reach, number int64, before moved) (bool, error) {
	for number != 0 {
		if r.Departments[number] {
			return true, nil
		}
		if number == before.number {
			number = before.parent
			continue
		}
		var err error
		if number, err = s.parent(ctx, v, r.Corp, number); err != nil {
			return false, err
		}
	}
	return false, nil
}

// covered picks the departments that a range holds, in their order.
func (s *Service) covered(ctx context.Context, v *view, r *apps.Reach, numbers []int64, before moved) ([]int64, error) {
	var list []int64
	for _, n := range numbers {
		in, err := s.covers(ctx, v, r, n, before)
		if err != nil {
			return nil, err
		}
		if in {
			list = append(list, n)
		}
	}
	return list, nil
}

// crossing is the change that someone sees who saw something before, or not, and sees it
// after, or not; empty: none.
func crossing(before, after bool, created, updated, deleted string) string {
	switch {
	case before && after:
		return updated
	case after:
		return created
	case before:
		return deleted
	}
	return ""
}

func userChange(before, after bool) string {
	return crossing(before, after, protocol.ChangeCreateUser, protocol.ChangeUpdateUser, protocol.ChangeDeleteUser)
}

func partyChange(before, after bool) string {
	return crossing(before, after, protocol.ChangeCreateParty, protocol.ChangeUpdateParty, protocol.ChangeDeleteParty)
}
