package tokens

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Lifetimes, as documented (90593, 90600, 91039; 90628; 98179; 91121).
const (
	TokenLife      = 7200 * time.Second
	TicketLife     = 30 * time.Minute
	CodeLife       = 5 * time.Minute
	UserTicketLife = 7200 * time.Second
)

// ErrInvalid says that a text is none of ours, or of another kind, or revoked;
// ErrExpired that it was good once.
var (
	ErrInvalid = errors.New("tokens: invalid")
	ErrExpired = errors.New("tokens: expired")
	ErrSpent   = errors.New("tokens: spent")
)

// Keeper issues and checks codes, tickets and tokens. Make one with New.
type Keeper struct {
	db    *store.DB
	now   func() time.Time
	boxes map[Kind]cipher.AEAD
	ids   []byte // makes nonces and code ids
}

// New makes a keeper on a store's keys.
func New(db *store.DB, ring *keys.Ring, now func() time.Time) (*Keeper, error) {
	k := &Keeper{db: db, now: now, boxes: map[Kind]cipher.AEAD{}}
	for _, kind := range kinds {
		key := ring.Derive("seal " + string(kind))
		box, err := chacha20poly1305.NewX(key[:])
		if err != nil {
			return nil, err
		}
		k.boxes[kind] = box
	}
	ids := ring.Derive("token ids")
	k.ids = ids[:]
	return k, nil
}

// derive is a keyed hash over parts, long enough for a nonce or an id. Parts are of fixed
// width but the last.
func (k *Keeper) derive(label Kind, parts ...[]byte) [sha256.Size]byte {
	h := hmac.New(sha256.New, k.ids)
	h.Write([]byte(label))
	h.Write([]byte{0})
	for _, p := range parts {
		h.Write(p)
	}
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	return sum
}

func nonceOf(sum [sha256.Size]byte) [chacha20poly1305.NonceSizeX]byte {
	return [chacha20poly1305.NonceSizeX]byte(sum[:chacha20poly1305.NonceSizeX])
}

func words(values ...int64) []byte {
	b := make([]byte, 0, 8*len(values))
	for _, v := range values {
		b = binary.BigEndian.AppendUint64(b, uint64(v))
	}
	return b
}

// Issue answers the holder's access token and how long it stays valid: the same text while
// it is valid and the generation stands (90593; 91039 before 2024). app is the app's row,
// the corp row for a provider token.
func (k *Keeper) Issue(ctx context.Context, kind Kind, app, generation int64) (token string, left time.Duration, err error) {
	for {
		var issued, had int64
		err := k.db.Query(`SELECT issued_at, generation FROM token_holders WHERE kind = $1 AND app_id = $2`).
			Row(ctx, string(kind), app).Scan(&issued, &had)
		// Looked at after the row: a token that another has just been given must not seem to
		// come from the future.
		now := k.now().UnixMilli()
		switch {
		case err == nil && had == generation && now < issued+TokenLife.Milliseconds() && issued <= now:
			return k.token(kind, app, issued, generation), time.Duration(issued+TokenLife.Milliseconds()-now) * time.Millisecond, nil
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return "", 0, err
		}
		// Two who get here at once agree: the row is replaced only as it was read, and
		// whoever comes second reads the first one's.
		if err != nil {
			_, err = k.db.Exec(ctx, `INSERT INTO token_holders (kind, app_id, issued_at, generation) VALUES ($1, $2, $3, $4)
				ON CONFLICT DO NOTHING`, string(kind), app, now, generation)
		} else {
			_, err = k.db.Exec(ctx, `UPDATE token_holders SET issued_at = $3, generation = $4
				WHERE kind = $1 AND app_id = $2 AND issued_at = $5 AND generation = $6`,
				string(kind), app, now, generation, issued, had)
		}
		if err != nil {
			return "", 0, fmt.Errorf("issue %s: %w", kind, err)
		}
	}
}

func (k *Keeper) token(kind Kind, app, issued, generation int64) string {
	payload := words(issued, generation)
	return seal(k.boxes[kind], kind, app, nonceOf(k.derive(kind, words(app), payload)), payload)
}

// Token is an access token that opened.
type Token struct {
	App        int64 // app row; the corp row for a provider token
	Generation int64 // valid only while the app's secret is of this generation
}

// OpenToken opens an access token of a kind: ErrInvalid or ErrExpired where it cannot. The
// caller compares the generation with the app's.
func (k *Keeper) OpenToken(kind Kind, text string) (Token, error) {
	app, payload, err := open(k.boxes[kind], kind, text)
	if err != nil || len(payload) != 16 {
		return Token{}, ErrInvalid
	}
	issued := time.UnixMilli(int64(binary.BigEndian.Uint64(payload)))
	t := Token{App: app, Generation: int64(binary.BigEndian.Uint64(payload[8:]))}
	if !k.now().Before(issued.Add(TokenLife)) {
		return t, ErrExpired
	}
	return t, nil
}

// Ticket makes the suite_ticket of this moment for a suite (90628).
func (k *Keeper) Ticket(suite int64) string {
	payload := words(k.now().UnixMilli())
	return seal(k.boxes[SuiteTicket], SuiteTicket, suite, nonceOf(k.derive(SuiteTicket, words(suite), payload)), payload)
}

// CheckTicket tells whether a text is a ticket of this suite that is still valid.
func (k *Keeper) CheckTicket(suite int64, text string) error {
	app, payload, err := open(k.boxes[SuiteTicket], SuiteTicket, text)
	if err != nil || len(payload) != 8 || app != suite {
		return ErrInvalid
	}
	made := time.UnixMilli(int64(binary.BigEndian.Uint64(payload)))
	if !k.now().Before(made.Add(TicketLife)) {
		return ErrExpired
	}
	return nil
}
