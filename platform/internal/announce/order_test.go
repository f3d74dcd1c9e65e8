package announce_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// TestConcurrent changes members from many sides while events go out: each suite hears of
// each member in the order of what happened, and the last it hears is how things stand.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	suites := []*suite{b.suite("a", 0, true, []int64{2}, nil), b.suite("b", 1, true, []int64{6}, nil)}
	b.run()
	const people, rounds = 6, 8
	taken := errors.New("taken back")
	var wg sync.WaitGroup
	for n := range people {
		m := b.member(fmt.Sprint("p", n), 1)
		wg.Go(func() {
			for round := range rounds {
				// Userids count upwards; the department says which suite sees it.
				e := edit(fmt.Sprintf("p%d-%d", n, round), []int64{5, 7, 3, 1}[(round+n)%4])
				err := b.db.Update(ctx, func(tx *sql.Tx) error {
					_, err := b.directory.UpdateMemberIn(ctx, tx, b.corp, m.Row, e)
					if err == nil && round%3 == 2 {
						err = taken
					}
					return err
				})
				if err != nil && !errors.Is(err, taken) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, s := range suites {
		there := map[string]string{} // userid by member
		for _, line := range b.told(s, func(e protocol.Event) string { return e.Contact.UserID + " " + e.Contact.NewUserID }) {
			f := strings.Fields(line)
			change, userid := f[0], f[1]
			who, _, _ := strings.Cut(userid, "-")
			old, known := there[who]
			switch {
			case change == protocol.ChangeCreateUser && !known:
				there[who] = userid
			case change == protocol.ChangeUpdateUser && known && old == userid:
				if len(f) > 2 {
					there[who] = f[2]
				}
			case change == protocol.ChangeDeleteUser && known && old == userid:
				delete(there, who)
			default:
				t.Errorf("%s: %q while %q is there", s.id, line, old)
			}
		}
		want := map[string]string{}
		for n := range people {
			last := rounds - 1
			for last%3 == 2 { // that one was taken back
				last--
			}
			d := []int64{5, 7, 3, 1}[(last+n)%4]
			if s == suites[0] && (d == 5 || d == 3) || s == suites[1] && d == 7 {
				want[fmt.Sprint("p", n)] = fmt.Sprintf("p%d-%d", n, last)
			}
		}
		if fmt.Sprint(there) != fmt.Sprint(want) {
			t.Errorf("%s ends with %v, the corp has %v", s.id, there, want)
		}
	}
}

// TestImport announces what an import brings: every member to each suite that covers it, in
// the import's order, and for little more than the import itself costs.
func TestImport(t *testing.T) {
	t.Parallel()
	const size = 1000
	b := newBench(t)
	ctx := t.Context()
	list := func(prefix string) (made []directory.NewMember) {
		for n := range size {
			made = append(made, directory.NewMember{MemberEdit: directory.MemberEdit{UserID: fmt.Sprintf("%s%05d", prefix, n), Name: "人",
				Departments: []int64{[]int64{5, 7}[n%2]}}})
		}
		return made
	}
	add := func(prefix string) time.Duration {
		start := time.Now()
		b.update(func(tx *sql.Tx) error {
			_, err := b.directory.AddMembers(ctx, tx, b.corp, list(prefix))
			return err
		})
		return time.Since(start)
	}
	alone := add("alone")
	all, half := b.suite("all", 0, true, []int64{1}, nil), b.suite("half", 1, true, []int64{2}, nil)
	told := add("told")
	t.Logf("%d members: %v alone, %v with %d events", size, alone, told, size+size/2)
	for s, step := range map[*suite]int{all: 1, half: 2} {
		n := 0
		page, err := b.push.Recent(ctx, 1)
		if err != nil || len(page) != 0 {
			t.Errorf("delivered before Run: %v, %v", page, err)
		}
		b.db.Query(`SELECT COUNT(*) FROM push_events WHERE suite_row = $1 AND change_type = 'create_user'`).Row(ctx, s.row).Scan(&n)
		if n != size/step {
			t.Errorf("%s: %d events of %d", s.id, n, size/step)
		}
	}
	b.run()
	for n := 0; n < 200; n += 2 {
		if e := b.next(half); e.Contact.UserID != fmt.Sprintf("told%05d", n) {
			t.Fatalf("number %d is %+v", n/2, e.Contact)
		}
	}
}
