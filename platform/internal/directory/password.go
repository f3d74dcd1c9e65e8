package directory

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of one password check: 19 MiB, two passes, one lane, as OWASP's password
// storage cheat sheet gives for argon2id.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonLength = 32
)

// MaxPassword is the longest password in bytes; a longer one is refused before it is
// hashed.
const MaxPassword = 256

// ErrWrongPassword says that account and password do not fit, without saying which.
var ErrWrongPassword = errors.New("directory: wrong account or password")

// oneAtATime bounds the memory that password checks may take: each needs 19 MiB.
var oneAtATime = make(chan struct{}, 1)

// hashing bounds the memory of new passwords likewise. They have a turn of their own: whoever
// sets one again and again keeps nobody from signing in.
var hashing = make(chan struct{}, 1)

// decoyHash is checked when there is no such account, so that the answer takes as long.
const decoyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// HashPassword hashes a password for storage with a fresh salt. At most one is hashed at a
// time.
func HashPassword(password string) string {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	salt := make([]byte, 16)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonLength)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", argonMemory, argonTime, argonLanes,
		enc.EncodeToString(salt), enc.EncodeToString(key))
}

// CheckPassword answers the person whose account and password these are, or
// ErrWrongPassword. At most one check runs at a time; a caller that gives up waiting gets
// its context's error.
func (s *Service) CheckPassword(ctx context.Context, account, password string) (Person, error) {
	select {
	case oneAtATime <- struct{}{}:
		defer func() { <-oneAtATime }()
	case <-ctx.Done():
		return Person{}, ctx.Err()
	}
	person, err := s.PersonByAccount(ctx, account)
	hash := decoyHash
	switch {
	case err == nil:
		if err := s.DB.Query(`SELECT password_hash FROM persons WHERE id = $1`).Row(ctx, person.Row).Scan(&hash); err != nil {
			return Person{}, err
		}
		if hash == "" {
			hash = decoyHash
		}
	case !errors.Is(err, ErrNotFound):
		return Person{}, err
	}
	if len(password) > MaxPassword || !matches(hash, password) || err != nil {
		return Person{}, ErrWrongPassword
	}
	return person, nil
}

func matches(hash, password string) bool {
	var memory, time uint32
	var lanes uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
