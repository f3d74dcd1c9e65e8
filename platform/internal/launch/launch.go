// Package launch remembers for a moment that a person opened an app from the workbench.
//
// The workbench writes a launch when a tile is tapped and sends the browser to the app's
// home page; package inclient reads it when that page asks who came, and then answers
// without a page of its own. A launch is of one browser session, one app and one member: it
// vouches for nothing else. It has no URLs.
package launch

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// Life is how long a launch vouches for the app that was opened.
const Life = 2 * time.Minute

// Service keeps launches. Its fields are set once, before first use.
type Service struct {
	Store shortlived.Store
	Now   func() time.Time
}

// Start notes that the person of a phone session (by its ID) has just opened an app (row) as
// a member (row). A newer launch of the same app replaces the older one.
func (s *Service) Start(ctx context.Context, session string, app, member int64) error {
	value, expires := strconv.AppendInt(nil, member, 10), s.Now().Add(Life)
	for {
		err := s.Store.Create(ctx, key(session, app), value, expires)
		if !errors.Is(err, shortlived.ErrExists) {
			return err
		}
		rec, err := s.Store.Get(ctx, key(session, app))
		if err == nil {
			err = s.Store.Swap(ctx, key(session, app), rec.Version, value, expires)
		}
		// Somebody else was faster, or what was there has just been swept away.
		if !errors.Is(err, shortlived.ErrConflict) && !errors.Is(err, shortlived.ErrNotFound) {
			return err
		}
	}
}

// Look answers as which member the session has opened the app; ok is false where it has not,
// or no longer than Life ago.
func (s *Service) Look(ctx context.Context, session string, app int64) (member int64, ok bool, err error) {
	rec, err := s.Store.Get(ctx, key(session, app))
	switch {
	case errors.Is(err, shortlived.ErrNotFound):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	case !s.Now().Before(rec.Expires) || rec.Expires.Sub(s.Now()) > Life: // the latter: a clock was set back
		return 0, false, nil
	}
	member, err = strconv.ParseInt(string(rec.Value), 10, 64)
	return member, err == nil, err
}

func key(session string, app int64) string { return fmt.Sprintf("launch/%s/%d", session, app) }
