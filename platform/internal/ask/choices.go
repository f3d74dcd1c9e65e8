package ask

import (
	"context"
	"errors"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// Choice is as whom a person may answer. The zero value is a person in no company.
type Choice struct {
	ID           string // value of "as"; empty: a person in no company
	Member       int64  // member row; 0: in no company, or Outside
	Corp         directory.Corp
	UserID, Name string
	// Outside is an external administrator of Corp, who is in no address book.
	Outside bool
}

func ofMember(m directory.Member) Choice {
	return Choice{ID: strconv.FormatInt(m.Row, 10), Member: m.Row, Corp: m.Corp, UserID: m.UserID, Name: m.Name}
}

// outside begins the ID of an external administrator; the corp's row follows.
const outside = "admin-"

func ofAdmin(a directory.Admin) Choice {
	c := Choice{ID: strconv.FormatInt(a.Member, 10), Member: a.Member, Corp: a.Corp, UserID: a.UserID, Name: a.Name}
	if a.Member == 0 {
		c.ID, c.Outside = outside+strconv.FormatInt(a.Corp.Row, 10), true
	}
	return c
}

// Choices lists as whom a person may answer an app: as a member of each company, of the corp
// alone whose own app asks. None means: as a person in no company. With admins they are the
// companies that the person administers, and none means: not at all.
func (s *Service) Choices(ctx context.Context, person int64, app *apps.App, admins bool) ([]Choice, error) {
	if admins {
		return s.administered(ctx, person, app)
	}
	members, err := s.Directory.Memberships(ctx, person)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, m := range members {
		if counts(app, m.Corp.Row) {
			list = append(list, ofMember(m))
		}
	}
	return list, nil
}

func (s *Service) administered(ctx context.Context, person int64, app *apps.App) ([]Choice, error) {
	corps, err := s.Directory.AdminCorps(ctx, person)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, a := range corps {
		if counts(app, a.Corp.Row) {
			list = append(list, ofAdmin(a))
		}
	}
	return list, nil
}

// counts tells whether a company has a say: for a corp app its own alone.
func counts(app *apps.App, corpRow int64) bool {
	return app.Kind != apps.CorpApp || app.CorpRow == corpRow
}

// Chosen is the choice that as names, or the only one there is.
func Chosen(list []Choice, as string) (Choice, bool) {
	if len(list) == 1 {
		return list[0], true
	}
	for _, c := range list {
		if c.ID == as {
			return c, true
		}
	}
	return Choice{}, false
}

var (
	// ErrUndecided says that there is a choice to make first.
	ErrUndecided = errors.New("ask: as whom is not chosen")
	// ErrNoAdmin says that administrators alone are asked, and the person is none.
	ErrNoAdmin = errors.New("ask: not an administrator")
	// ErrNoMember says that members of companies alone are asked, and the person is none: the
	// old login cannot name anybody else (91125).
	ErrNoMember = errors.New("ask: a member of no company")
)

// Acting is as whom a decision is made: Chosen, by one row where as names a member. It is
// the zero Choice for a person in no company.
func (s *Service) Acting(ctx context.Context, person int64, app *apps.App, admins bool, as string) (Choice, error) {
	if row, bad := strconv.ParseInt(as, 10, 64); bad == nil && !admins {
		m, err := s.Directory.Member(ctx, row)
		if err == nil && m.Person == person && m.Status == directory.Active && counts(app, m.Corp.Row) {
			return ofMember(m), nil
		}
		if err != nil && !errors.Is(err, directory.ErrNotFound) {
			return Choice{}, err
		}
	}
	list, err := s.Choices(ctx, person, app, admins)
	if err != nil {
		return Choice{}, err
	}
	c, ok := Chosen(list, as)
	switch {
	case !ok && len(list) > 0:
		return c, ErrUndecided
	case !ok && admins:
		return c, ErrNoAdmin
	}
	return c, nil
}

// What is shared.
const (
	ShareEncrypted = protocol.ShareEncrypted
	SharePlain     = protocol.SharePlain
	ShareOwn       = protocol.ShareOwn
	ShareOpenID    = protocol.ShareOpenID
	ShareOutside   = protocol.ShareOutside
	ShareAdmin     = protocol.ShareAdmin
)

// Shared says what an app is told of a choice.
func (s *Service) Shared(ctx context.Context, app *apps.App, c Choice) (string, error) {
	switch {
	case c.Outside:
		return ShareAdmin, nil
	case c.Member == 0 && app.Kind == apps.CorpApp:
		return ShareOutside, nil
	case c.Member == 0:
		return ShareOpenID, nil
	case app.Kind == apps.CorpApp:
		return ShareOwn, nil
	}
	plain, err := s.Apps.PlainIDs(ctx, app.CorpRow, c.Corp.Row)
	if plain {
		return SharePlain, err
	}
	return ShareEncrypted, err
}

// ShowsIDs tells whether what is shared has the plain corpid and userid in it.
func ShowsIDs(share string) bool { return share == SharePlain || share == ShareOwn }
