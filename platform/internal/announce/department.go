package announce

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// department tells suites of a department's change (90640).
func (s *Service) department(ctx context.Context, v *view, reaches []*apps.Reach, c directory.Change) error {
	d := c.Department
	was := moved{d.Number, cmp.Or(c.OldParent, d.Parent)}
	now := moved{d.Number, d.Parent} // one that is removed has no row any more
	var taken *subtree
	for _, r := range reaches {
		before, err := s.covers(ctx, v, r, d.Number, was)
		if err != nil {
			return err
		}
		after, err := s.covers(ctx, v, r, d.Number, now)
		if err != nil {
			return err
		}
		change := partyChange(before && c.Type != directory.CreateParty, after && c.Type != directory.DeleteParty)
		if c.Type == directory.UpdateParty && before != after {
			if taken == nil {
				if taken, err = s.subtree(ctx, v, c.Corp.Row, was); err != nil {
					return err
				}
			}
			err = s.crossed(ctx, v, r, change, taken)
		} else if change != "" {
			err = s.contact(ctx, v.tx, r, change, party(c, change))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// party is a department as a third party sees it: its name is its id.
func party(c directory.Change, change string) protocol.Contact {
	d := c.Department
	switch change {
	case protocol.ChangeCreateParty:
		return newParty(d)
	case protocol.ChangeDeleteParty:
		return protocol.Contact{ID: d.Number}
	}
	p := protocol.Contact{ID: d.Number}
	if slices.Contains(c.Fields, "Name") {
		p.Name = strconv.FormatInt(d.Number, 10)
	}
	if c.OldParent != 0 && c.OldParent != d.Parent {
		p.ParentID = d.Parent
	}
	if slices.Contains(c.Fields, "Order") {
		p.Order = &d.Position
	}
	return p
}

func newParty(d directory.Department) protocol.Contact {
	return protocol.Contact{ID: d.Number, Name: strconv.FormatInt(d.Number, 10), ParentID: d.Parent, Order: &d.Position}
}

// subtree is what moved with a department.
type subtree struct {
	was         moved
	departments []directory.Department // each after its parent
	members     []directory.Placed
}

func (s *Service) subtree(ctx context.Context, v *view, corpRow int64, was moved) (*subtree, error) {
	departments, err := s.Directory.BeneathIn(ctx, v.tx, corpRow, was.number)
	if err != nil {
		return nil, err
	}
	members, err := s.Directory.MembersBeneathIn(ctx, v.tx, corpRow, was.number)
	return &subtree{was, departments, members}, err
}

// crossed tells a suite of all that came into its range or left it with a department:
// departments before those who are in them, and the other way round when they go.
func (s *Service) crossed(ctx context.Context, v *view, r *apps.Reach, change string, t *subtree) error {
	if change == protocol.ChangeCreateParty {
		for _, d := range t.departments {
			if err := s.crossedParty(ctx, v, r, change, t.was.number, newParty(d)); err != nil {
				return err
			}
		}
	}
	for _, m := range t.members {
		if err := s.carried(ctx, v, r, t.was, m); err != nil {
			return err
		}
	}
	if change == protocol.ChangeDeleteParty {
		for _, d := range slices.Backward(t.departments) {
			if err := s.crossedParty(ctx, v, r, change, t.was.number, protocol.Contact{ID: d.Number}); err != nil {
				return err
			}
		}
	}
	return nil
}

// crossedParty tells a suite of one department of those that moved with top. What the range
// names itself, and what lies beneath that, neither came nor went.
func (s *Service) crossedParty(ctx context.Context, v *view, r *apps.Reach, change string, top int64, d protocol.Contact) error {
	stays, err := s.covers(ctx, v, r, d.ID, moved{number: top})
	if err != nil || stays {
		return err
	}
	return s.contact(ctx, v.tx, r, change, d)
}

// carried tells a suite of a member who was moved with a department. Where it stays in the
// range, by another department or by name, its departments may be others.
func (s *Service) carried(ctx context.Context, v *view, r *apps.Reach, was moved, m directory.Placed) error {
	before, err := s.covered(ctx, v, r, m.Departments, was)
	if err != nil {
		return err
	}
	after, err := s.covered(ctx, v, r, m.Departments, moved{})
	if err != nil {
		return err
	}
	named := r.Members[m.Row]
	change := userChange(named || len(before) > 0, named || len(after) > 0)
	switch {
	case change == protocol.ChangeCreateUser:
		return s.contact(ctx, v.tx, r, change, newUser(r, m.Row, m.UserID, m.Departments, after))
	case change == protocol.ChangeUpdateUser && !slices.Equal(before, after):
		u := user(r, m.Row, m.UserID)
		u.Department, u.MainDepartment = after, mainOf(m.Departments, after)
		return s.contact(ctx, v.tx, r, change, u)
	case change == protocol.ChangeDeleteUser:
		return s.contact(ctx, v.tx, r, change, user(r, m.Row, m.UserID))
	}
	return nil
}
