package calls_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/protocol"
)

func newLog(t *testing.T, now func() time.Time) *calls.Log {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &calls.Log{DB: db, Now: now}
}

func TestRecent(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_790_000_000_000)
	l := newLog(t, func() time.Time { return now })
	full := calls.Call{Owner: 1, App: 2, Corp: 3, Path: protocol.PathGetUserInfo3rd, ErrCode: protocol.CodeInvalidCode,
		Reason: "code expired", Address: netip.MustParseAddr("192.0.2.7"), Took: 12 * time.Millisecond, Request: "00ff"}
	l.Record(full)
	for i := range 7 {
		l.Record(calls.Call{Owner: 1, Path: protocol.PathUserGet, Request: fmt.Sprint("r", i)})
	}
	l.Record(calls.Call{Owner: 9, Path: protocol.PathUserGet})
	l.Record(calls.Call{Path: protocol.PathUserGet, ErrCode: protocol.CodeInvalidAccessToken})
	list, err := l.Recent(t.Context(), 1, calls.Query{})
	if err != nil || len(list) != 8 || list[0].Request != "r6" {
		t.Fatalf("%+v %v", list, err)
	}
	last := list[7]
	if last.Call != full || !last.At.Equal(now) {
		t.Errorf("written %+v, read %+v", full, last)
	}
	// Pages follow one another without a gap.
	var seen []string
	for after, pages := int64(0), 0; ; pages++ {
		page, err := l.Recent(t.Context(), 1, calls.Query{After: after, Limit: 3})
		if err != nil || pages > 5 {
			t.Fatal(pages, err)
		}
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			seen = append(seen, c.Request)
		}
		after = page[len(page)-1].ID
	}
	if fmt.Sprint(seen) != "[r6 r5 r4 r3 r2 r1 r0 00ff]" {
		t.Errorf("pages: %v", seen)
	}
	for name, c := range map[string]struct {
		q    calls.Query
		want int
	}{
		"failed":        {calls.Query{Failed: true}, 1},
		"path":          {calls.Query{Path: protocol.PathUserGet}, 7},
		"code":          {calls.Query{Search: "40029"}, 1},
		"reason":        {calls.Query{Search: " EXPIRED "}, 1},
		"address":       {calls.Query{Search: "192.0.2"}, 1},
		"no pattern":    {calls.Query{Search: "%"}, 0},
		"no wild card":  {calls.Query{Search: "c_de"}, 0},
		"a quotation":   {calls.Query{Search: `'\`}, 0},
		"both together": {calls.Query{Path: protocol.PathUserGet, Failed: true}, 0},
	} {
		if got, err := l.Recent(t.Context(), 1, c.q); err != nil || len(got) != c.want {
			t.Errorf("%s: %d calls, %v", name, len(got), err)
		}
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_790_000_000_000)
	l := newLog(t, func() time.Time { return now })
	prune := func() {
		t.Helper()
		if err := l.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	l.Record(calls.Call{Owner: 1, Path: "/old"})
	now = now.Add(calls.Kept)
	l.Record(calls.Call{Owner: 1, Path: "/new"})
	prune()
	if list, err := l.Recent(t.Context(), 1, calls.Query{}); err != nil || len(list) != 2 {
		t.Errorf("after seven days: %+v %v", list, err)
	}
	now = now.Add(time.Millisecond)
	prune()
	if list, err := l.Recent(t.Context(), 1, calls.Query{}); err != nil || len(list) != 1 || list[0].Path != "/new" {
		t.Errorf("later: %+v %v", list, err)
	}
}

// More than goes to the disk at once, from many at a time: all of it is there, and what
// Flush sent is there for the next program.
func TestMany(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hufu.db")
	open := func() (*calls.Log, func()) {
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return &calls.Log{DB: db, Now: time.Now}, func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	l, closeDB := open()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				l.Record(calls.Call{Owner: 1, Path: "/x"})
			}
		})
	}
	wg.Wait()
	l.Flush()
	closeDB()
	l, closeDB = open()
	defer closeDB()
	if list, err := l.Recent(t.Context(), 1, calls.Query{Limit: calls.MaxLimit}); err != nil || len(list) != 400 {
		t.Errorf("%d of 400 calls: %v", len(list), err)
	}
}
