package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Connection is what one open connection of the store says of itself.
type Connection struct {
	Writer      bool
	Durable     bool   // a commit is on disk when it is answered
	ForeignKeys bool   // references between tables are kept
	ReadOnly    bool   // refuses to write
	Detail      string // the engine's own settings, for people
}

// Connections opens all connections of the store, asks each for its settings
// and returns them, the writer's first. It waits until every connection is
// free at once, so it is for tests and diagnosis, not for busy hours.
func (db *DB) Connections(ctx context.Context) ([]Connection, error) {
	var all []Connection
	err := db.Update(ctx, func(tx *sql.Tx) error {
		c, err := inspect(ctx, tx)
		c.Writer = true
		all = append(all, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	var held []*sql.Conn
	defer func() {
		for _, conn := range held {
			conn.Close()
		}
	}()
	for range db.readers.Stats().MaxOpenConnections {
		conn, err := db.readers.Conn(ctx)
		if err != nil {
			return nil, err
		}
		held = append(held, conn)
		c, err := inspect(ctx, conn)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func inspect(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (Connection, error) {
	var journal string
	var sync, foreign, readOnly, wait int
	err := errors.Join(
		q.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&journal),
		q.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&sync),
		q.QueryRowContext(ctx, `PRAGMA foreign_keys`).Scan(&foreign),
		q.QueryRowContext(ctx, `PRAGMA query_only`).Scan(&readOnly),
		q.QueryRowContext(ctx, `PRAGMA busy_timeout`).Scan(&wait),
	)
	const full = 2 // FULL; 3 is EXTRA
	return Connection{
		Durable:     journal == "wal" && sync >= full,
		ForeignKeys: foreign == 1,
		ReadOnly:    readOnly == 1,
		Detail:      fmt.Sprintf("journal_mode=%s synchronous=%d busy_timeout=%d ms", journal, sync, wait),
	}, err
}
