package tokens

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// Code is what a code says once it is open: who agreed to be known to which app, and where
// the code may go.
type Code struct {
	App       int64 // app row
	Corp      int64 // corp row of the member; 0 for a person in no company
	Member    int64 // member row; 0 for a person in no company
	Person    int64
	Origin    string // origin of the redirect_uri or business URL it was made for
	At        time.Time
	Challenge string // PKCE S256 challenge; empty: none was given

	// Installation is the row of the installation that an InstallCode, AdminCode or
	// InClientCode is of; 0 for other kinds.
	Installation int64

	// Private says that a member was asked for details (snsapi_privateinfo) and agreed;
	// Details are those that were left ticked.
	Private bool
	Details Details

	id [16]byte
}

// MintCode makes a code of a kind. It is derived: the same attempt, confirmed at the same
// time, gives the same text, so a page that collects again gets no second code. What is not
// an attempt gives a text of its own, never used before.
func (k *Keeper) MintCode(kind Kind, attempt string, c Code) string {
	at := words(c.At.UnixMilli())
	sum := k.derive(kind+" id", at, []byte(attempt))
	payload := make([]byte, 0, codeFixed+len(c.Challenge)+len(c.Origin))
	payload = append(payload, at...)
	payload = append(payload, sum[:16]...)
	payload = append(payload, words(c.Corp, c.Member, c.Person, c.Installation)...)
	length := byte(len(c.Challenge))
	if c.Private {
		payload = append(payload, length|flagged, byte(c.Details))
	} else {
		payload = append(payload, length)
	}
	payload = append(payload, c.Challenge...)
	payload = append(payload, c.Origin...)
	return seal(k.boxes[kind], kind, c.App, nonceOf(k.derive(kind+" nonce", sum[:], payload)), payload)
}

const codeFixed = 8 + 16 + 4*8 + 1

// flagged, in the length of the challenge (43 bytes or none), says that a byte of details
// follows: a code without them is what it was before there were any.
const flagged = 0x80

// ahead is how far the clocks of two nodes may differ.
const ahead = time.Minute

// OpenCode opens a code of a kind: ErrInvalid for a text that is none, or from a time that
// has not come (a clock was set back), ErrExpired after the life of its kind. It spends nothing.
func (k *Keeper) OpenCode(kind Kind, text string) (Code, error) {
	app, p, err := open(k.boxes[kind], kind, text)
	if err != nil || len(p) < codeFixed {
		return Code{}, ErrInvalid
	}
	word := func(i int) int64 { return int64(binary.BigEndian.Uint64(p[i:])) }
	c := Code{
		App: app, At: time.UnixMilli(word(0)), id: [16]byte(p[8:24]),
		Corp: word(24), Member: word(32), Person: word(40), Installation: word(48),
		Private: p[codeFixed-1]&flagged != 0,
	}
	challenge, rest := int(p[codeFixed-1]&^flagged), p[codeFixed:]
	if c.Private && len(rest) > 0 {
		c.Details, rest = Details(rest[0]), rest[1:]
	}
	if len(rest) < challenge {
		return Code{}, ErrInvalid
	}
	c.Challenge, c.Origin = string(rest[:challenge]), string(rest[challenge:])
	now := k.now()
	switch {
	case !now.Before(c.At.Add(kind.Life())):
		return c, ErrExpired
	case now.Before(c.At.Add(-ahead)):
		return Code{}, ErrInvalid
	}
	return c, nil
}

// Recognise tells which kind of code or token a text is, still good or not: what a refusal
// tells those who run the platform. It is empty for a text that is none of ours.
func (k *Keeper) Recognise(text string) Kind {
	for _, kind := range kinds {
		if _, _, err := open(k.boxes[kind], kind, text); err == nil {
			return kind
		}
	}
	return ""
}

// VerifierFits tells whether a PKCE verifier is the one the code was made with (RFC 7636,
// S256). A verifier for a code made without one does not fit either.
func (c Code) VerifierFits(verifier string) bool {
	if c.Challenge == "" || verifier == "" {
		return c.Challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.Challenge)) == 1
}

// Spend spends a code: nil for the one caller who may use it, ErrSpent for every other. It
// returns after the store has committed. Any other error means nobody knows; the code must
// then not be honoured.
func (k *Keeper) Spend(ctx context.Context, c Code) error {
	n, err := k.db.Exec(ctx, spend, c.spentID())
	return spent(n, err)
}

// SpendIn is Spend inside a transaction: what the code is good for happens with it or not
// at all.
func (k *Keeper) SpendIn(ctx context.Context, tx *sql.Tx, c Code) error {
	done, err := tx.ExecContext(ctx, spend, c.spentID())
	if err != nil {
		return err
	}
	return spent(done.RowsAffected())
}

const spend = `INSERT INTO spent_codes (id) VALUES ($1) ON CONFLICT DO NOTHING`

func (c Code) spentID() []byte { return append(words(c.At.UnixMilli()), c.id[:]...) }

func spent(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrSpent
	}
	return err
}

// spentKept is how long a spent code's id is kept; it could not be used after its life.
const spentKept = 24 * time.Hour

// Forget drops the ids of codes made more than 24 hours before now. That is the system's
// time: a sandbox's clock that was moved ahead is back after a restart, and the codes of the
// last hours must still be known as spent then.
func (k *Keeper) Forget(ctx context.Context, now time.Time) error {
	_, err := k.db.Exec(ctx, `DELETE FROM spent_codes WHERE id < $1`, words(now.Add(-spentKept).UnixMilli()))
	return err
}
