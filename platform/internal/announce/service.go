package announce

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// Service announces. Its fields are set once, before first use; its methods are hooks, called
// inside the transaction of the change.
type Service struct {
	Apps      *apps.Service
	Directory *directory.Service
	Push      *push.Queue
	Now       func() time.Time

	mu   sync.Mutex // guards view
	view *view
}

// view is what was read for one transaction, so that an import of ten thousand members asks
// but once which suites cover which department. It belongs to the goroutine of its
// transaction.
type view struct {
	tx      *sql.Tx                 // held, so that no later one can have its address
	reaches map[int64][]*apps.Reach // by corp row
	parents map[[2]int64]int64      // of departments, by corp row and number
}

func (s *Service) viewOf(tx *sql.Tx) *view {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view == nil || s.view.tx != tx {
		s.view = &view{tx: tx, reaches: map[int64][]*apps.Reach{}, parents: map[[2]int64]int64{}}
	}
	return s.view
}

// forget drops what was read for a transaction that has changed it since.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = nil
}

func (s *Service) reaches(ctx context.Context, v *view, corpRow int64) ([]*apps.Reach, error) {
	if list, known := v.reaches[corpRow]; known {
		return list, nil
	}
	list, err := s.Apps.ReachesIn(ctx, v.tx, corpRow)
	if err == nil {
		v.reaches[corpRow] = list
	}
	return list, err
}

func (s *Service) parent(ctx context.Context, v *view, corpRow, number int64) (int64, error) {
	key := [2]int64{corpRow, number}
	if parent, known := v.parents[key]; known {
		return parent, nil
	}
	parent, err := s.Directory.ParentIn(ctx, v.tx, corpRow, number)
	if err == nil {
		v.parents[key] = parent
	}
	return parent, err
}

// tell enqueues an event for a suite, and fills in what all have in common.
func (s *Service) tell(ctx context.Context, tx *sql.Tx, r *apps.Reach, e protocol.Event) error {
	e.SuiteID, e.TimeStamp = r.SuiteID, s.Now().Unix()
	if e.InfoType != protocol.EventCreateAuth { // which names its corp by the code only (90642)
		e.AuthCorpID = r.CorpIDShown()
	}
	return s.Push.EnqueueIn(ctx, tx, push.Event{Suite: r.Suite, InfoType: e.InfoType, ChangeType: e.ChangeType,
		Corp: r.Corp, Body: e.XML()})
}

// contact enqueues a change_contact.
func (s *Service) contact(ctx context.Context, tx *sql.Tx, r *apps.Reach, change string, c protocol.Contact) error {
	return s.tell(ctx, tx, r, protocol.Event{InfoType: protocol.EventChangeContact, ChangeType: change, Contact: c})
}
