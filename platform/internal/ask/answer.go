package ask

import (
	"context"
	"net/netip"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Yes is what a person says to an app.
type Yes struct {
	Person  int64
	App     *apps.App
	As      Choice
	Browser string     // User-Agent of the browser that is signed in
	From    netip.Addr // its address
	// Desktop says that a desktop client confirmed it.
	Desktop bool
}

// Decision is the yes as package attempt takes it. The consent is on record before the
// confirmation: a sign-in must not exist without it, nor it without the sign-in.
func (s *Service) Decision(y Yes, number string) attempt.Decision {
	return attempt.Decision{Member: y.As.Member, Corp: y.As.Corp.Row, Number: number,
		NumberOff: y.As.Corp.Row != 0 && !y.As.Corp.NumberMatch,
		Agree:     func(ctx context.Context) error { return s.Agree(ctx, y) }}
}

// Agree records that the person agreed to be known to the app.
func (s *Service) Agree(ctx context.Context, y Yes) error {
	return s.Consents.Give(ctx, y.Person, y.As.Member, y.App.Row)
}

// SignedIn writes down a sign-in that has come of a yes, and Remembers from where.
func (s *Service) SignedIn(ctx context.Context, y Yes) error {
	detail := DescribeBrowser(y.Browser)
	if y.Desktop {
		detail = audit.ByDesktop + detail
	}
	s.Audit.Soon(audit.Entry{Corp: y.As.Corp.Row, Person: y.Person, Action: audit.SignedIn, App: y.App.Row,
		Address: y.From, Target: y.As.UserID, Detail: detail})
	return s.Remember(ctx, y.Person, y.Browser, y.From)
}

// Remember makes a browser, by its User-Agent, and its network familiar to a person.
func (s *Service) Remember(ctx context.Context, person int64, browser string, from netip.Addr) error {
	return s.Familiar.Remember(ctx, person, BrowserKind(browser), respond.Network(from).String())
}

// WrongNumber writes down a yes that ended by a wrong number.
func (s *Service) WrongNumber(ctx context.Context, y Yes) error {
	return s.Audit.Record(ctx, audit.Entry{Corp: y.As.Corp.Row, Person: y.Person, Action: audit.WrongNumber,
		App: y.App.Row, Address: y.From})
}

// Reported tells the admins of every company a person is in of a sign-in that the person did
// not start: at which app, and the address of the browser.
func (s *Service) Reported(ctx context.Context, person, app int64, from netip.Addr) error {
	members, err := s.Directory.Memberships(ctx, person)
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := s.Audit.Record(ctx, audit.Entry{Corp: m.Corp.Row, Person: person,
			Action: audit.SignInReported, App: app, Address: from}); err != nil {
			return err
		}
	}
	return nil
}
