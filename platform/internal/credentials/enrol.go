package credentials

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// Why a link cannot be used in this way.
var (
	// ErrNothing says that neither a password nor a passkey was chosen.
	ErrNothing = errors.New("credentials: neither password nor passkey")
	// ErrIsReset says that a link gives a person new credentials: nobody joins with it.
	ErrIsReset = errors.New("credentials: the link is for a person who has an account")
	// ErrAlready says that the person is already what the link would make of them.
	ErrAlready = errors.New("credentials: already a member, administrator or operator")
)

// Enrolment is a link that somebody has opened.
type Enrolment struct {
	Kind    LinkKind
	Person  int64  // 0: whoever uses it
	Corp    int64  // 0: none
	Member  int64  // 0: none
	MadeBy  int64  // 0: the platform itself
	Company string // name of the corp; empty: none
	Name    string // of the person, as the company knows them; empty: nobody yet
	Account string // the sign-in name of a person who has one
	// Reset says that the person has enrolled before: the link replaces their credentials.
	Reset   bool
	Expires time.Time

	row int64
}

// Purpose names the link among the purposes of passkeys' challenges.
func (e Enrolment) Purpose() string { return fmt.Sprintf("enrol %d", e.row) }

const enrolmentQuery = `SELECT e.id, e.kind, e.person_id, e.corp_id, e.member_id, e.made_by, e.expires_at, e.used_at,
	COALESCE(c.name, ''), COALESCE(m.name, p.name, ''), COALESCE(p.account, ''), ` + stands + `
	FROM enrolments e LEFT JOIN corps c ON c.id = e.corp_id LEFT JOIN members m ON m.id = e.member_id
	LEFT JOIN persons p ON p.id = e.person_id WHERE e.secret_hash = $1`

// Open answers what a link is for: ErrNoLink, ErrUsed, ErrExpired. It changes nothing.
func (s *Service) Open(ctx context.Context, secret string) (Enrolment, error) {
	return s.scan(s.DB.Query(enrolmentQuery).Row(ctx, digest(secret)))
}

func (s *Service) scan(row *sql.Row) (Enrolment, error) {
	var e Enrolment
	var expires, used int64
	var stands bool
	err := row.Scan(&e.row, &e.Kind, &e.Person, &e.Corp, &e.Member, &e.MadeBy, &expires, &used, &e.Company, &e.Name, &e.Account, &stands)
	e.Expires, e.Reset = time.UnixMilli(expires), e.Account != ""
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return e, ErrNoLink
	case err != nil:
		return e, err
	case used != 0:
		return e, ErrUsed
	case !s.Now().Before(e.Expires):
		return e, ErrExpired
	case !stands: // as if it had never been made
		return e, ErrNoLink
	}
	return e, nil
}

// use spends a link in a transaction, and answers what it is for.
func (s *Service) use(ctx context.Context, tx *sql.Tx, secret string) (Enrolment, error) {
	e, err := s.scan(tx.QueryRowContext(ctx, enrolmentQuery, digest(secret)))
	if err != nil {
		return e, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE enrolments SET used_at = $1 WHERE id = $2`, s.Now().UnixMilli(), e.row)
	return e, err
}

// Choice is what a person chose who had no account, or lost it.
type Choice struct {
	Name     string // of an operator, who has none yet; else the company's counts
	Account  string
	Password string      // empty: none
	Passkey  *NewPasskey // nil: none
	KeyName  string      // of the passkey
}

// SetUp uses a link for a person who had no account, or whose credentials it replaces, and
// answers the person. Besides the link's own errors: ErrAccountForm, ErrAccountTaken,
// ErrPassword…, ErrNothing, ErrOtherMembership, ErrPasskeyTaken.
func (s *Service) SetUp(ctx context.Context, secret string, c Choice) (p directory.Person, err error) {
	e, err := s.Open(ctx, secret)
	if err != nil {
		return p, err
	}
	if err := CheckAccount(c.Account); err != nil {
		return p, err
	}
	hash := ""
	switch {
	case c.Password != "":
		if err := CheckNewPassword(c.Account, c.Password); err != nil {
			return p, err
		}
		hash = directory.HashPassword(c.Password)
	case c.Passkey == nil:
		return p, ErrNothing
	}
	if e.Reset {
		// Whoever was signed in with the old credentials is not any longer: ended before, so
		// that none is left when something fails, and after, for who came in meanwhile.
		if err := s.elsewhere(ctx, e.Person, e.Corp); err != nil {
			return p, err
		}
		if err := s.Sessions.EndAll(ctx, e.Person); err != nil {
			return p, err
		}
	}
	err = s.DB.Update(ctx, func(tx *sql.Tx) error {
		e, err := s.use(ctx, tx, secret)
		if err != nil {
			return err
		}
		if p, err = s.person(ctx, tx, e, c, hash); err != nil {
			return err
		}
		if c.Passkey != nil {
			if err := s.addPasskey(ctx, tx, p.Row, c.KeyName, *c.Passkey); err != nil {
				return err
			}
		}
		if e.Kind == LinkOperator {
			return s.makeOperator(ctx, tx, e, p.Row)
		}
		return nil
	})
	if err != nil || !e.Reset {
		return p, err
	}
	// In this order: a client that a phone's session confirms is written only while that lives.
	if err := s.Sessions.EndAll(ctx, e.Person); err != nil {
		return p, err
	}
	return p, s.RemoveDesktopClients(ctx, e.Person)
}

// person makes the person of a link, or gives the one it is for a sign-in name and a
// password.
func (s *Service) person(ctx context.Context, tx *sql.Tx, e Enrolment, c Choice, hash string) (directory.Person, error) {
	p := directory.Person{Row: e.Person, Name: e.Name, Account: c.Account}
	key := strings.ToLower(c.Account)
	var taken bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM persons WHERE account_key = $1 AND id <> $2)`, key, e.Person).Scan(&taken)
	switch {
	case err != nil:
		return p, err
	case taken:
		return p, ErrAccountTaken
	case e.Person == 0:
		p.Name = cleanName(c.Name)
		if p.Name == "" {
			p.Name = c.Account
		}
		p.Row, err = s.Directory.CreatePerson(ctx, tx, p, hash)
		return p, err
	}
	if err := elsewhere(ctx, tx, e.Person, e.Corp); err != nil {
		return p, err
	}
	if !e.Reset {
		if err := s.Directory.Enrol(ctx, tx, p.Row, p.Account); err != nil {
			return p, err
		}
	}
	for _, query := range []string{`DELETE FROM passkeys WHERE person_id = $1`, `DELETE FROM desktop_clients WHERE person_id = $1`} {
		if _, err := tx.ExecContext(ctx, query, p.Row); err != nil {
			return p, err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE persons SET account = $1, account_key = $2, password_hash = $3 WHERE id = $4`,
		p.Account, key, hash, p.Row)
	return p, err
}

// Join uses a link for a person who has an account and is signed in, in the session keepID:
// every other session of theirs ends, and their desktop clients are removed. Besides the link's own errors: ErrIsReset, ErrAlready.
func (s *Service) Join(ctx context.Context, secret string, person int64, keepID string) error {
	e, err := s.Open(ctx, secret)
	switch {
	case err != nil:
		return err
	case e.Reset:
		return ErrIsReset
	}
	// Ended first: what a stolen session might do with the new company never begins.
	if err := s.Sessions.EndOthers(ctx, person, keepID); err != nil {
		return err
	}
	if err := s.RemoveDesktopClients(ctx, person); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *sql.Tx) error {
		e, err := s.use(ctx, tx, secret)
		if err != nil {
			return err
		}
		switch e.Kind {
		case LinkMember:
			err = s.Directory.MoveMembership(ctx, tx, e.Member, person)
		case LinkAdmin:
			err = s.Directory.MoveAdmin(ctx, tx, e.Corp, e.Person, person)
		case LinkOperator:
			err = s.makeOperator(ctx, tx, e, person)
		}
		if errors.Is(err, directory.ErrAlreadyMember) || errors.Is(err, directory.ErrAlreadyAdmin) {
			return ErrAlready
		}
		return err
	})
}

func (s *Service) makeOperator(ctx context.Context, tx *sql.Tx, e Enrolment, person int64) error {
	var some, already bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM operators),
		EXISTS (SELECT 1 FROM operators WHERE person_id = $1)`, person).Scan(&some, &already); err != nil {
		return err
	}
	switch {
	case e.MadeBy == 0 && some: // the first operator's link is worth nothing once there is one
		return ErrUsed
	case already:
		return ErrAlready
	}
	return s.Directory.AddOperator(ctx, tx, person)
}
