package attempt

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Phone is who holds the phone that scanned.
type Phone struct {
	Session string // id of the phone's session: pins the device
	Person  int64
	Name    string // shown masked on the page
	Address netip.Addr
}

// Look reads the attempt behind a QR key and changes nothing: ErrGone where the key, the
// QR code or the attempt is no longer good. An attempt that is over is answered with its
// state, so that the phone can say what became of it.
func (s *Service) Look(ctx context.Context, qrKey string) (*Attempt, error) {
	webKey, n, ok := s.keys.openQRKey(qrKey)
	if !ok {
		return nil, ErrGone
	}
	a, err := s.Get(ctx, webKey)
	if err != nil {
		return nil, err
	}
	return a, s.qrGood(a, n)
}

// changeByQR is change by way of a QR key that still works.
func (s *Service) changeByQR(ctx context.Context, qrKey string, fn func(*Attempt, time.Time) error) (*Attempt, error) {
	webKey, n, ok := s.keys.openQRKey(qrKey)
	if !ok {
		return nil, ErrGone
	}
	return s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		if err := s.qrGood(a, n); err != nil {
			return err
		}
		return fn(a, now)
	})
}

// qrGood tells whether the n-th QR code still works: the last two do, as long as the newest.
func (s *Service) qrGood(a *Attempt, number uint16) error {
	n := int64(number)
	if n > a.QR || n+1 < a.QR || a.Step == Created && s.QRLeft(a) == 0 {
		return ErrGone
	}
	return nil
}

// Scan marks an attempt as scanned and pins it to this phone, drawing the number where the
// rule asks for one. The phone that has already scanned may scan again; another gets
// ErrTaken.
func (s *Service) Scan(ctx context.Context, qrKey string, p Phone) (*Attempt, error) {
	if s.blocked(p) {
		return nil, ErrBlocked
	}
	return s.changeByQR(ctx, qrKey, func(a *Attempt, now time.Time) error {
		done, err := begin(a, p, false, now)
		if done || err != nil {
			return err
		}
		a.Name = Mask(p.Name)
		if s.number == NumberAlways || a.Device != "" || !respond.SameNetwork(a.Address, p.Address) {
			return a.draw()
		}
		return nil
	})
}

// begin marks an attempt as scanned by a phone, or claimed by a client. done says that it
// was already, by this very one.
func begin(a *Attempt, p Phone, client bool, now time.Time) (done bool, err error) {
	switch a.State(now) {
	case Created:
	case Scanned:
		return true, mine(a, p, client)
	case TimedOut, Expired:
		return false, ErrGone
	default:
		return false, ErrOver
	}
	a.Step, a.ActedAt = Scanned, now.UnixMilli()
	a.Person, a.Phone = p.Person, p.Session
	return false, nil
}

// draw draws the number to be typed.
func (a *Attempt) draw() error {
	n, err := rand.Int(rand.Reader, big.NewInt(90))
	if err != nil {
		return err
	}
	a.Number = 10 + n.Int64()
	return nil
}

// mine tells whether this phone scanned it, or this client claimed it.
func mine(a *Attempt, p Phone, client bool) error {
	if a.ByClient != client || a.Person != p.Person || subtle.ConstantTimeCompare([]byte(a.Phone), []byte(p.Session)) != 1 {
		return ErrTaken
	}
	return nil
}

// Decision is what a person answers.
type Decision struct {
	Member int64 // member row the person acts as; 0: as a person in no company
	Corp   int64 // its corp row
	// Number is what was typed. It is checked when one was drawn and NumberOff is false;
	// one try.
	Number string
	// NumberOff: the member's corp has turned the number off. It counts where a phone answers a
	// site, not for the consoles nor where a desktop client has a part.
	NumberOff bool
	// Agree, when set, is run once everything else allows the confirmation, and before it is
	// written: what the person agrees to by it is on record first, and nothing where the
	// answer is no. Its error leaves the attempt as it was. It may be run twice.
	Agree func(context.Context) error
}

// Confirm answers yes. A wrong number refuses the attempt and returns ErrWrongNumber.
func (s *Service) Confirm(ctx context.Context, qrKey string, p Phone, d Decision) (*Attempt, error) {
	return s.confirm(ctx, s.byQR(qrKey), p, d)
}

func (s *Service) confirm(ctx context.Context, by way, p Phone, d Decision) (*Attempt, error) {
	if s.blocked(p) {
		return nil, ErrBlocked
	}
	wrong, counted := false, false
	a, err := decide(ctx, by, p, func(a *Attempt) error {
		off := d.NumberOff && a.Site() && !a.ByClient
		wrong = a.Number != 0 && !off &&
			subtle.ConstantTimeCompare([]byte(d.Number), []byte(strconv.FormatInt(a.Number, 10))) != 1
		// Counted before it is written: of many guesses at once, only those that came
		// before the block reach an attempt.
		if !counted && !s.mayGuess(p, wrong) {
			return ErrBlocked
		}
		counted = true
		a.Step, a.Member, a.Corp = Confirmed, d.Member, d.Corp
		switch {
		case wrong:
			a.Step = Refused
		case d.Agree != nil:
			return d.Agree(ctx)
		}
		return nil
	})
	if err == nil && wrong {
		return a, ErrWrongNumber
	}
	return a, err
}

// mayGuess tells whether a phone is free to type a number, and counts the one it typed if
// that was wrong, in one step.
func (s *Service) mayGuess(p Phone, wrong bool) bool {
	s.guessing.Lock()
	defer s.guessing.Unlock()
	if s.blocked(p) {
		return false
	}
	if wrong {
		s.wrong.Fail(personKey(p))
		s.wrong.Fail(addressKey(p))
	}
	return true
}

// Refuse answers no.
func (s *Service) Refuse(ctx context.Context, qrKey string, p Phone) (*Attempt, error) {
	return decide(ctx, s.byQR(qrKey), p, refuse)
}

func refuse(a *Attempt) error {
	a.Step = Refused
	return nil
}

// Report answers "I did not start this". It may be said before scanning as well: the first
// who says so ends the attempt.
func (s *Service) Report(ctx context.Context, qrKey string, p Phone) (*Attempt, error) {
	if _, err := s.Scan(ctx, qrKey, p); err != nil {
		return nil, err
	}
	return decide(ctx, s.byQR(qrKey), p, report)
}

func report(a *Attempt) error {
	a.Step = Cancelled
	return nil
}

// way is how a decision reaches an attempt: by the key in a QR code or by a client's.
type way struct {
	client bool
	change func(context.Context, func(*Attempt, time.Time) error) (*Attempt, error)
}

func (s *Service) byQR(qrKey string) way {
	return way{change: func(ctx context.Context, fn func(*Attempt, time.Time) error) (*Attempt, error) {
		return s.changeByQR(ctx, qrKey, fn)
	}}
}

func decide(ctx context.Context, by way, p Phone, act func(*Attempt) error) (*Attempt, error) {
	return by.change(ctx, func(a *Attempt, now time.Time) error {
		if a.Step == Created {
			return ErrGone
		}
		if err := mine(a, p, by.client); err != nil {
			return err
		}
		switch a.State(now) {
		case Scanned:
		case TimedOut, Expired:
			return ErrGone
		default:
			return ErrOver
		}
		a.ActedAt = now.UnixMilli()
		return act(a)
	})
}

func (s *Service) blocked(p Phone) bool {
	return s.wrong.Banned(personKey(p)) || s.wrong.Banned(addressKey(p))
}

func personKey(p Phone) string  { return fmt.Sprintf("person/%d", p.Person) }
func addressKey(p Phone) string { return "address/" + respond.Network(p.Address).String() }

// Mask hides all of a name but its first character.
func Mask(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 || r == utf8.RuneError {
		return "*"
	}
	if len(name) == size {
		return name[:size] + "*"
	}
	stars := min(utf8.RuneCountInString(name[size:]), 3)
	return name[:size] + "***"[:stars]
}
