package credentials

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// MaxDesktopClients is how many desktop clients a person may have; one more takes the place
// of the one that was used longest ago.
const MaxDesktopClients = 20

// desktopClientAge is how old the last use on record may be, for calls not to write it each.
const desktopClientAge = 10 * time.Minute

var (
	// ErrNoDesktopClient says that there is no such desktop client, or it is another person's.
	ErrNoDesktopClient = errors.New("credentials: no such desktop client")
	// ErrKeyTaken says that a public key is a desktop client's already.
	ErrKeyTaken = errors.New("credentials: the key is a desktop client's already")
)

// DesktopClient is a program on a person's computer that confirms sign-ins in their name,
// known by its key.
type DesktopClient struct {
	ID      int64
	Person  int64
	Key     ed25519.PublicKey
	Name    string // of the machine, as the client says it
	Address string // from which it was signed in
	Created time.Time
	Used    time.Time // to ten minutes; zero: never
}

const desktopClientColumns = `SELECT id, person_id, public_key, name, address, created_at, used_at FROM desktop_clients `

func scanDesktopClient(row interface{ Scan(...any) error }) (c DesktopClient, err error) {
	var key []byte
	var created, used int64
	err = row.Scan(&c.ID, &c.Person, &key, &c.Name, &c.Address, &created, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNoDesktopClient
	}
	c.Key, c.Created = key, time.UnixMilli(created)
	if used != 0 {
		c.Used = time.UnixMilli(used)
	}
	return c, err
}

// AddDesktopClient writes a desktop client, of which Person, Key, Name and Address count, and
// answers it whole. ErrKeyTaken where the key is known.
func (s *Service) AddDesktopClient(ctx context.Context, c DesktopClient) (DesktopClient, error) {
	c.ID, c.Created, c.Used = s.DB.NewID(), s.Now().Truncate(time.Millisecond), time.Time{}
	err := s.DB.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO desktop_clients (id, person_id, public_key, name, address, created_at, used_at)
			VALUES ($1, $2, $3, $4, $5, $6, 0)`, c.ID, c.Person, []byte(c.Key), c.Name, c.Address, c.Created.UnixMilli())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM desktop_clients WHERE person_id = $1 AND id NOT IN (
			SELECT id FROM desktop_clients WHERE person_id = $1
			ORDER BY CASE WHEN used_at > created_at THEN used_at ELSE created_at END DESC, id DESC LIMIT $2)`, c.Person, MaxDesktopClients)
		return err
	})
	if store.IsDuplicate(err) {
		err = ErrKeyTaken
	}
	return c, err
}

// DesktopClient reads one desktop client; ErrNoDesktopClient.
func (s *Service) DesktopClient(ctx context.Context, id int64) (DesktopClient, error) {
	return scanDesktopClient(s.DB.Query(desktopClientColumns+`WHERE id = $1`).Row(ctx, id))
}

// DesktopClients lists a person's desktop clients, newest first.
func (s *Service) DesktopClients(ctx context.Context, person int64) ([]DesktopClient, error) {
	rows, err := s.DB.Query(desktopClientColumns+`WHERE person_id = $1 ORDER BY created_at DESC, id DESC`).Rows(ctx, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []DesktopClient
	for rows.Next() {
		c, err := scanDesktopClient(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// UsedDesktopClient notes that a desktop client has just called. Nobody waits for it.
func (s *Service) UsedDesktopClient(c DesktopClient) {
	if now := s.Now(); now.Sub(c.Used) >= desktopClientAge {
		s.DB.ExecSoon(`UPDATE desktop_clients SET used_at = $1 WHERE id = $2`, now.UnixMilli(), c.ID)
	}
}

// RemoveDesktopClient removes one of a person's desktop clients and answers what it was;
// ErrNoDesktopClient where it is none of theirs.
func (s *Service) RemoveDesktopClient(ctx context.Context, person, id int64) (DesktopClient, error) {
	c, err := s.DesktopClient(ctx, id)
	switch {
	case err != nil:
		return c, err
	case c.Person != person:
		return DesktopClient{}, ErrNoDesktopClient
	}
	_, err = s.DB.Exec(ctx, `DELETE FROM desktop_clients WHERE id = $1 AND person_id = $2`, id, person)
	return c, err
}

// RemoveDesktopClients removes all desktop clients of a person.
func (s *Service) RemoveDesktopClients(ctx context.Context, person int64) error {
	_, err := s.DB.Exec(ctx, `DELETE FROM desktop_clients WHERE person_id = $1`, person)
	return err
}
