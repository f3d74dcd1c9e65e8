package credentials

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// Bounds of sign-in names and passwords.
const (
	MinAccount  = 3  // characters
	MaxAccount  = 64 // characters
	MinPassword = 10 // characters
	MaxPassword = directory.MaxPassword
)

// Why a sign-in name or a password is not taken.
var (
	ErrAccountForm   = errors.New("credentials: the sign-in name is too short, too long, or has other characters than letters, digits and . _ - @")
	ErrAccountTaken  = errors.New("credentials: the sign-in name is another person's")
	ErrPasswordShort = errors.New("credentials: the password is too short")
	ErrPasswordLong  = errors.New("credentials: the password is too long")
	ErrPasswordName  = errors.New("credentials: the password is the sign-in name")
)

// CheckAccount tells whether a sign-in name may be chosen; whether it is free shows later.
func CheckAccount(account string) error {
	if len(account) < MinAccount || len(account) > MaxAccount || strings.ContainsFunc(account, notInAccount) {
		return ErrAccountForm
	}
	return nil
}

func notInAccount(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._-@", c)
}

// CheckNewPassword tells whether a password may be chosen for an account.
func CheckNewPassword(account, password string) error {
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return ErrPasswordShort
	case len(password) > MaxPassword:
		return ErrPasswordLong
	case account != "" && strings.EqualFold(password, account):
		return ErrPasswordName
	}
	return nil
}

// HasPassword tells whether a person has a password.
func (s *Service) HasPassword(ctx context.Context, person int64) (bool, error) {
	var has bool
	err := s.DB.Query(`SELECT password_hash <> '' FROM persons WHERE id = $1`).Row(ctx, person).Scan(&has)
	if errors.Is(err, sql.ErrNoRows) {
		err = directory.ErrNotFound
	}
	return has, err
}

// SetPassword gives a person a password in place of the one they had.
func (s *Service) SetPassword(ctx context.Context, person int64, password string) error {
	var account string
	err := s.DB.Query(`SELECT account FROM persons WHERE id = $1`).Row(ctx, person).Scan(&account)
	if errors.Is(err, sql.ErrNoRows) {
		return directory.ErrNotFound
	}
	if err == nil {
		err = CheckNewPassword(account, password)
	}
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `UPDATE persons SET password_hash = $1 WHERE id = $2`, directory.HashPassword(password), person)
	return err
}
