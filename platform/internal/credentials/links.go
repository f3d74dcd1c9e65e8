package credentials

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// LinkKind is what a link makes of whoever uses it.
type LinkKind string

const (
	LinkOperator LinkKind = "operator" // an operator of the platform
	LinkMember   LinkKind = "member"   // a member of a company, or the same member with new credentials
	LinkAdmin    LinkKind = "admin"    // an external administrator of a company
)

// LinkLife is how long a link works unless its maker says less.
const LinkLife = 72 * time.Hour

// Why a link does nothing.
var (
	ErrNoLink  = errors.New("credentials: no such link")
	ErrUsed    = errors.New("credentials: the link was used")
	ErrExpired = errors.New("credentials: the link has expired")
	// ErrDone is SetupLink's answer once there is an operator.
	ErrDone = errors.New("credentials: the platform has an operator")
	// ErrOtherMembership says that a person is something elsewhere, so that no one company
	// may set their credentials (security.md, abuse case 16).
	ErrOtherMembership = errors.New("credentials: the person belongs to another company too")
)

// Link is one to be made.
type Link struct {
	Kind   LinkKind
	Person int64         // who it is for; 0: whoever uses it (operator)
	Corp   int64         // corp row; 0: none
	Member int64         // member row; 0: none
	MadeBy int64         // person row; 0: the platform itself
	Life   time.Duration // 0: LinkLife
}

// NewLink makes a link and answers its secret, which follows /phone/enrol/ on the phone's
// origin and is stored only as a digest. An older link for the same member, external
// administrator or first operator works no longer. For a member only Member is needed.
// Errors: ErrOtherMembership, as of MayEnrol.
func (s *Service) NewLink(ctx context.Context, tx *sql.Tx, l Link) (secret string, err error) {
	switch {
	case l.Kind == LinkMember && l.Member != 0:
		err = tx.QueryRowContext(ctx, `SELECT person_id, corp_id FROM members WHERE id = $1`, l.Member).Scan(&l.Person, &l.Corp)
	case l.Kind == LinkAdmin && l.Corp != 0 && l.Person != 0:
	case l.Kind == LinkOperator && l.Corp == 0 && l.Person == 0:
	default:
		err = fmt.Errorf("credentials: a link of kind %q without its company, member or person", l.Kind)
	}
	if err == nil && l.Person != 0 {
		err = elsewhere(ctx, tx, l.Person, l.Corp)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = directory.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	// Same kind, company and person or member: the same purpose.
	if l.Kind != LinkOperator || l.MadeBy == 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM enrolments WHERE used_at = 0 AND kind = $1 AND corp_id = $2
			AND member_id = $3 AND (member_id <> 0 OR person_id = $4)`, string(l.Kind), l.Corp, l.Member, l.Person); err != nil {
			return "", err
		}
	}
	if l.Life <= 0 {
		l.Life = LinkLife
	}
	b := make([]byte, 32)
	rand.Read(b)
	secret = base64.RawURLEncoding.EncodeToString(b)
	now := s.Now()
	_, err = tx.ExecContext(ctx, `INSERT INTO enrolments
		(id, secret_hash, kind, person_id, corp_id, member_id, made_by, created_at, expires_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`, s.DB.NewID(), digest(secret), string(l.Kind), l.Person, l.Corp,
		l.Member, l.MadeBy, now.UnixMilli(), now.Add(l.Life).UnixMilli())
	return secret, err
}

// SetupLink makes the first operator's link: a fresh one each time, which voids the older;
// ErrDone once there is an operator.
func (s *Service) SetupLink(ctx context.Context) (secret string, err error) {
	err = s.DB.Update(ctx, func(tx *sql.Tx) error {
		var some bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM operators)`).Scan(&some); err != nil {
			return err
		}
		if some {
			return ErrDone
		}
		secret, err = s.NewLink(ctx, tx, Link{Kind: LinkOperator})
		return err
	})
	return secret, err
}

// MayEnrol tells whether the company of a member may set that person's credentials:
// ErrOtherMembership where the person is a member or administrator of another company, in
// whatever state, or an operator; directory.ErrNotFound where there is no such member.
func (s *Service) MayEnrol(ctx context.Context, memberRow int64) error {
	var person, corp int64
	err := s.DB.Query(`SELECT person_id, corp_id FROM members WHERE id = $1`).Row(ctx, memberRow).Scan(&person, &corp)
	if errors.Is(err, sql.ErrNoRows) {
		return directory.ErrNotFound
	}
	if err != nil {
		return err
	}
	return s.elsewhere(ctx, person, corp)
}

const elsewhereQuery = `SELECT EXISTS (SELECT 1 FROM members WHERE person_id = $1 AND corp_id <> $2) OR
	EXISTS (SELECT 1 FROM admins WHERE person_id = $1 AND corp_id <> $2) OR
	EXISTS (SELECT 1 FROM operators WHERE person_id = $1)`

// elsewhere refuses a person who is anything outside this corp.
func (s *Service) elsewhere(ctx context.Context, person, corp int64) error {
	var is bool
	err := s.DB.Query(elsewhereQuery).Row(ctx, person, corp).Scan(&is)
	if err == nil && is {
		err = ErrOtherMembership
	}
	return err
}

// elsewhere is the same in a transaction.
func elsewhere(ctx context.Context, tx *sql.Tx, person, corp int64) error {
	var is bool
	err := tx.QueryRowContext(ctx, elsewhereQuery, person, corp).Scan(&is)
	if err == nil && is {
		err = ErrOtherMembership
	}
	return err
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
