// Package sample is what the sandbox is filled with: companies and members to sign in as,
// administrators of every kind, two providers with their suites, and an app of a company's
// own.
//
// Ids and secrets are derived from the platform's own key, so they are different on every
// machine and the same as long as the data stays. What is there is never changed: a sandbox
// that an older version has filled is only added to, and what its people have done there
// stays.
package sample

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Password is every sample person's password, for whoever wants to see the password form.
const Password = "hufu-sandbox"

// AgentID of the corp app.
const AgentID = 1000002

// installedAgent is the agentid the suite has in the corps that installed it.
const installedAgent = 1000010

// Maker fills a store.
type Maker struct {
	DB        *store.DB
	Keys      *keys.Ring
	Directory *directory.Service
	Apps      *apps.Service

	// Crowd fills one company up to CrowdSize members, in departments six deep.
	Crowd bool
}

// Marks in the store say which parts of the sample are in it.
const (
	markFirst   = "sample"
	markGrown   = "sample/2"
	markDetails = "sample/3"
	markCrowd   = "sample/crowd"
)

// Ensure fills the store, each part once, and answers what is in it.
func (m *Maker) Ensure(ctx context.Context, brand string) (Data, error) {
	// Nobody is told: whoever follows the address book would hear of thousands that came, and
	// suites of installs that they know.
	quiet := &Maker{DB: m.DB, Keys: m.Keys, Apps: apps.New(m.DB, m.Keys, m.Directory.Now),
		Directory: &directory.Service{DB: m.Directory.DB, Now: m.Directory.Now}}
	for _, part := range []struct {
		mark   string
		wanted bool
		fill   func(context.Context, *sql.Tx) error
	}{
		{markFirst, true, func(ctx context.Context, tx *sql.Tx) error { return quiet.fill(ctx, tx, brand) }},
		{markGrown, true, quiet.grow},
		{markDetails, true, quiet.details},
		{markCrowd, m.Crowd, quiet.crowd},
	} {
		if !part.wanted {
			continue
		}
		if err := m.once(ctx, part.mark, part.fill); err != nil {
			return Data{}, fmt.Errorf("%s data: %w", part.mark, err)
		}
	}
	return m.read(ctx)
}

// once fills a part unless its mark says that it is there.
func (m *Maker) once(ctx context.Context, mark string, fill func(context.Context, *sql.Tx) error) error {
	if _, there, err := m.DB.Mark(ctx, mark); err != nil || there {
		return err
	}
	return m.Apps.Update(ctx, func(tx *sql.Tx) error {
		if err := fill(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO marks (name, value) VALUES ($1, '1')`, mark)
		return err
	})
}
