package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// The tables, step by step. A new step is a new file NNNN_what.sql in goose's
// form ("-- +goose Up" on the first line); a step that was released never
// changes. Nothing goes down: a store is taken back by restoring a backup.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the tables behind pool up to date.
func migrate(ctx context.Context, pool *sql.DB) error {
	steps, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return inOneSync(ctx, pool, func() error {
		is, want, err := provider.GetVersions(ctx)
		if err != nil {
			return err
		}
		if is > want {
			return fmt.Errorf("its tables are of version %d, made by a newer program; this one knows %d", is, want)
		}
		if is < want {
			if _, err := provider.Up(ctx); err != nil {
				return err
			}
		}
		return execAll(ctx, pool, guards...)
	})
}

// inOneSync runs migrate, on an empty file with one sync of the disk at the
// end instead of one per step: a first start would wait for some twenty. A
// power cut in between leaves a file that the next start completes or, at
// worst, finds empty. It relies on pool having one connection.
func inOneSync(ctx context.Context, pool *sql.DB, migrate func() error) error {
	var tables int
	if err := pool.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		return migrate()
	}
	if err := execAll(ctx, pool, `PRAGMA synchronous = OFF`); err != nil {
		return err
	}
	if err := migrate(); err != nil {
		return err
	}
	return execAll(ctx, pool, `PRAGMA synchronous = FULL`, `PRAGMA wal_checkpoint(TRUNCATE)`)
}

func execAll(ctx context.Context, pool *sql.DB, statements ...string) error {
	for _, statement := range statements {
		if _, err := pool.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
