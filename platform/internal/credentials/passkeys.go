package credentials

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/webauthn"
)

const (
	// MaxPasskeys is how many passkeys a person may have.
	MaxPasskeys = 10
	// MaxName is the longest name of a passkey, in characters.
	MaxName = 40
)

// What the passkeys of a person do not allow.
var (
	ErrNoPasskey      = errors.New("credentials: no such passkey")
	ErrTooMany        = errors.New("credentials: the person has as many passkeys as there may be")
	ErrLastCredential = errors.New("credentials: the last credential of a person stays")
	ErrPasskeyTaken   = errors.New("credentials: the passkey is registered already")
)

// Passkey is one of a person's passkeys.
type Passkey struct {
	ID      int64
	Name    string // given by the person
	Created time.Time
	Used    time.Time // zero: never
}

// stored is a passkey's JSON in the store. The handle is random and tells nothing about the
// person; the passkeys of one person share it.
type stored struct {
	Handle     []byte              `json:"handle"`
	Credential webauthn.Credential `json:"credential"`
}

// owner is a person as go-webauthn wants to see one.
type owner struct {
	handle        []byte
	name, display string
	credentials   []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return o.handle }
func (o owner) WebAuthnName() string                       { return o.name }
func (o owner) WebAuthnDisplayName() string                { return o.display }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }

// HasPasskey tells whether a person has a passkey that works at this origin.
func (s *Service) HasPasskey(ctx context.Context, person int64) (bool, error) {
	if !s.PasskeysWork() {
		return false, nil
	}
	var has bool
	err := s.DB.Query(`SELECT EXISTS (SELECT 1 FROM passkeys WHERE person_id = $1)`).Row(ctx, person).Scan(&has)
	return has, err
}

// Passkeys lists a person's passkeys, oldest first.
func (s *Service) Passkeys(ctx context.Context, person int64) ([]Passkey, error) {
	rows, err := s.DB.Query(`SELECT id, name, created_at, used_at FROM passkeys WHERE person_id = $1 ORDER BY id`).Rows(ctx, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Passkey
	for rows.Next() {
		var p Passkey
		var created, used int64
		if err := rows.Scan(&p.ID, &p.Name, &created, &used); err != nil {
			return nil, err
		}
		p.Created = time.UnixMilli(created)
		if used != 0 {
			p.Used = time.UnixMilli(used)
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// AddPasskey gives a person a passkey that FinishRegistration has checked: ErrTooMany,
// ErrPasskeyTaken.
func (s *Service) AddPasskey(ctx context.Context, person int64, name string, p NewPasskey) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.addPasskey(ctx, tx, person, name, p) })
}

func (s *Service) addPasskey(ctx context.Context, tx *sql.Tx, person int64, name string, p NewPasskey) error {
	var has int
	var taken bool
	err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM passkeys WHERE person_id = $1),
		EXISTS (SELECT 1 FROM passkeys WHERE credential_id = $2)`, person, p.stored.Credential.ID).Scan(&has, &taken)
	switch {
	case err != nil:
		return err
	case has >= MaxPasskeys:
		return ErrTooMany
	case taken:
		return ErrPasskeyTaken
	}
	raw, err := json.Marshal(p.stored)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO passkeys (id, person_id, credential_id, credential, name, created_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`, s.DB.NewID(), person, p.stored.Credential.ID, raw, cleanName(name), s.Now().UnixMilli())
	return err
}

// RenamePasskey names one of a person's passkeys; ErrNoPasskey where it is none of theirs.
func (s *Service) RenamePasskey(ctx context.Context, person, id int64, name string) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `UPDATE passkeys SET name = $1 WHERE id = $2 AND person_id = $3`, cleanName(name), id, person))
	})
}

// RemovePasskey takes one of a person's passkeys away: ErrNoPasskey, ErrLastCredential.
func (s *Service) RemovePasskey(ctx context.Context, person, id int64) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error {
		if err := one(tx.ExecContext(ctx, `DELETE FROM passkeys WHERE id = $1 AND person_id = $2`, id, person)); err != nil {
			return err
		}
		left, err := hasCredentials(ctx, tx, person)
		if err == nil && !left {
			err = ErrLastCredential
		}
		return err
	})
}

func hasCredentials(ctx context.Context, tx *sql.Tx, person int64) (has bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM passkeys WHERE person_id = $1) OR
		EXISTS (SELECT 1 FROM persons WHERE id = $1 AND password_hash <> '')`, person).Scan(&has)
	return has, err
}

// one turns a change of nothing into ErrNoPasskey.
func one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		err = ErrNoPasskey
	}
	return err
}

// cleanName keeps what prints of a name, cut to MaxName characters.
func cleanName(name string) string {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	for utf8.RuneCountInString(name) > MaxName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

// ownerOf reads the passkeys of a person; one without any gets a handle for the first.
func (s *Service) ownerOf(ctx context.Context, person int64) (owner, error) {
	rows, err := s.DB.Query(`SELECT credential FROM passkeys WHERE person_id = $1 ORDER BY id`).Rows(ctx, person)
	if err != nil {
		return owner{}, err
	}
	defer rows.Close()
	var o owner
	for rows.Next() {
		var raw []byte
		var p stored
		if err := rows.Scan(&raw); err != nil {
			return o, err
		}
		if err := json.Unmarshal(raw, &p); err != nil {
			return o, err
		}
		o.handle, o.credentials = p.Handle, append(o.credentials, p.Credential)
	}
	if o.handle == nil {
		o.handle = make([]byte, 32)
		rand.Read(o.handle)
	}
	return o, rows.Err()
}
