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
	goose, err := goose.NewProvider(goose.DialectSQLite3, pool, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	is, want, err := goose.GetVersions(ctx)
	if err != nil {
		return err
	}
	if is > want {
		return fmt.Errorf("its tables are of version %d, made by a newer program; this one knows %d", is, want)
	}
	if is < want {
		if _, err := goose.Up(ctx); err != nil {
			return err
		}
	}
	for _, guard := range guards {
		if _, err := pool.ExecContext(ctx, guard); err != nil {
			return err
		}
	}
	return nil
}
