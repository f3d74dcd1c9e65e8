package credentials

import (
	"context"
	"database/sql"
	"errors"
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
	// Reset says that the person has credentials, which the link replaces.
	Reset   bool
	Expires time.Time

	row int64
}

const enrolmentQuery = `SELECT e.id, e.kind, e.person_id, e.corp_id, e.member_id, e.made_by, e.expires_at, e.used_at,
	COALESCE(c.name, ''), COALESCE(m.name, p.name, ''), COALESCE(p.account, ''),
	COALESCE(p.password_hash <> '', FALSE) OR EXISTS (SELECT 1 FROM passkeys k WHERE k.person_id = e.person_id)
	FROM enrolments e LEFT JOIN corps c ON c.id = e.corp_id LEFT JOIN members m ON m.id = e.member_id
	LEFT JOIN persons p ON p.id = e.person_id WHERE e.secret_hash = $1`

// Open answers what a link is for: ErrNoLink, ErrUsed, ErrExpired. It changes nothing.
func (s *Service) Open(ctx context.Context, secret string) (Enrolment, error) {
	return s.scan(s.DB.Query(enrolmentQuery).Row(ctx, digest(secret)))
}

func (s *Service) scan(row *sql.Row) (Enrolment, error) {
	var e Enrolment
	var expires, used int64
	err := row.Scan(&e.row, &e.Kind, &e.Person, &e.Corp, &e.Member, &e.MadeBy, &expires, &used, &e.Company, &e.Name, &e.Account, &e.Reset)
	e.Expires = time.UnixMilli(expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return e, ErrNoLink
	case err != nil:
		return e, err
	case used != 0:
		return e, ErrUsed
	case !s.Now().Before(e.Expires):
		return e, ErrExpired
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
	if e.Reset { // whoever was signed in with the old credentials is not any longer
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
		return s.become(ctx, tx, e, p.Row)
	})
	return p, err
}

// person makes the person of a link, or gives the one it is for a sign-in name and a
// password.
func (s *Service) person(ctx context.Context, tx *sql.Tx, e Enrolment, c Choice, hash string) (directory.Person, error) {
	p := directory.Person{Row: e.Person, Name: e.Name, Account: c.Account}
	var taken bool
	key := strings.ToLower(c.Account)
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM persons WHERE account_key = $1 AND id <> $2)`,
		key, e.Person).Scan(&taken); err != nil {
		return p, err
	}
	if taken {
		return p, ErrAccountTaken
	}
	if e.Person == 0 {
		p.Row, p.Name = s.DB.NewID(), cleanName(c.Name)
		if p.Name == "" {
			p.Name = c.Account
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO persons (id, name, account, account_key, password_hash, created_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, p.Row, p.Name, p.Account, key, hash, s.Now().UnixMilli())
		return p, err
	}
	if err := maySet(ctx, tx, e); err != nil {
		return p, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM passkeys WHERE person_id = $1`, p.Row); err != nil {
		return p, err
	}
	_, err := tx.ExecContext(ctx, `UPDATE persons SET account = $1, account_key = $2, password_hash = $3 WHERE id = $4`,
		p.Account, key, hash, p.Row)
	return p, err
}

// maySet refuses a link for a person who is anything beside what the link says.
func maySet(ctx context.Context, tx *sql.Tx, e Enrolment) error {
	var elsewhere bool
	err := tx.QueryRowContext(ctx, `SELECT
		EXISTS (SELECT 1 FROM members WHERE person_id = $1 AND corp_id <> $2) OR
		EXISTS (SELECT 1 FROM admins WHERE person_id = $1 AND corp_id <> $2) OR
		EXISTS (SELECT 1 FROM operators WHERE person_id = $1)`, e.Person, e.Corp).Scan(&elsewhere)
	return refuse(elsewhere, err)
}

// Join uses a link for a person who has an account and is signed in, in the session keepID:
// every other session of theirs ends. Besides the link's own errors: ErrIsReset, ErrAlready.
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
	return s.DB.Update(ctx, func(tx *sql.Tx) error {
		e, err := s.use(ctx, tx, secret)
		if err != nil {
			return err
		}
		if e.Reset {
			return ErrIsReset
		}
		var already bool
		if err := tx.QueryRowContext(ctx, `SELECT CASE $1
			WHEN 'member' THEN EXISTS (SELECT 1 FROM members WHERE person_id = $2 AND corp_id = $3)
			WHEN 'admin' THEN EXISTS (SELECT 1 FROM admins WHERE person_id = $2 AND corp_id = $3)
			ELSE EXISTS (SELECT 1 FROM operators WHERE person_id = $2) END`, string(e.Kind), person, e.Corp).Scan(&already); err != nil {
			return err
		}
		if already {
			return ErrAlready
		}
		return s.become(ctx, tx, e, person)
	})
}

// become makes of a person what the link says.
func (s *Service) become(ctx context.Context, tx *sql.Tx, e Enrolment, person int64) error {
	switch e.Kind {
	case LinkOperator:
		if e.MadeBy == 0 { // the first operator's: worth nothing once there is one
			var some bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM operators)`).Scan(&some); err != nil {
				return err
			}
			if some {
				return ErrUsed
			}
		}
		return s.People.AddOperator(ctx, tx, person)
	case LinkMember:
		return s.People.MoveMembership(ctx, tx, e.Member, person)
	case LinkAdmin:
		return s.People.MoveAdmin(ctx, tx, e.Corp, e.Person, person)
	}
	return ErrNoLink
}
