package directory_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// cpu is what this process has used so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fill makes a corp with n members in a tree six deep, and answers its row. Department 2 holds
// nearly everybody beneath it; 900 is deep and small.
func fill(tb testing.TB, s *directory.Service, n int) int64 {
	tb.Helper()
	var corp int64
	ctx, r := tb.Context(), rand.New(rand.NewPCG(1, 2))
	if err := s.DB.Update(ctx, func(tx *sql.Tx) (err error) {
		if corp, err = s.CreateCorp(ctx, tx, directory.Corp{CorpID: directory.NewCorpID(), Name: "大企业"}); err != nil {
			return err
		}
		leaves := []int64{}
		number := int64(1)
		var grow func(parent int64, depth int) error
		grow = func(parent int64, depth int) error {
			if depth == 6 {
				leaves = append(leaves, parent)
				return nil
			}
			for range 3 {
				number++
				child := number
				if err := s.CreateDepartment(ctx, tx, corp, directory.Department{Number: child, Parent: parent, Name: fmt.Sprint("部门", child)}); err != nil {
					return err
				}
				if err := grow(child, depth+1); err != nil {
					return err
				}
				if depth == 1 {
					break // one division with all beneath it
				}
			}
			return nil
		}
		if err := grow(1, 1); err != nil {
			return err
		}
		list := make([]directory.NewMember, n)
		for i := range list {
			list[i].MemberEdit = directory.MemberEdit{UserID: fmt.Sprintf("user%06d", r.IntN(900000)*1000+i%1000+i/1000*1_000_000_000), Name: fmt.Sprint("成员", i),
				Mobile: fmt.Sprintf("138%08d", i), Email: fmt.Sprintf("user%d@example.com", i), Departments: []int64{leaves[i%len(leaves)]}}
		}
		_, err = s.AddMembers(ctx, tx, corp, list)
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	return corp
}

// BenchmarkMembers reports the processor time of the costliest pages over 100,000 members.
func BenchmarkMembers(b *testing.B) {
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "hufu.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	s := &directory.Service{DB: db, Now: time.Now}
	corp := fill(b, s, 100_000)
	if _, err := db.Exec(b.Context(), `UPDATE member_places SET status = 2 WHERE member_id % 1000 = 0`); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		q    directory.MemberQuery
	}{
		{"first page", directory.MemberQuery{}},
		{"last page", directory.MemberQuery{After: "user9"}},
		{"no hit", directory.MemberQuery{Search: "qqqzz"}},
		{"all hit", directory.MemberQuery{Search: "example"}},
		{"all hit, last page", directory.MemberQuery{Search: "example", After: "user9"}},
		{"few hit, last page", directory.MemberQuery{Search: "9999@", After: "user9"}},
		{"one character", directory.MemberQuery{Search: "员"}},
		{"deep, all beneath", directory.MemberQuery{Department: 2, Below: true, After: "user5"}},
		{"deep, all beneath, no hit", directory.MemberQuery{Department: 2, Below: true, Search: "qqqzz"}},
		{"in it, not beneath", directory.MemberQuery{Department: 2}},
		{"disabled, no hit", directory.MemberQuery{Search: "qqqzz", Status: directory.Disabled}},
		{"disabled", directory.MemberQuery{Status: directory.Disabled}},
		{"leaf", directory.MemberQuery{Department: 7}},
		{"sub-admin of nine", directory.MemberQuery{Search: "qqqzz", Scope: []int64{3, 43, 83}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.q.Corp = corp
			if _, err := s.Members(b.Context(), c.q); err != nil {
				b.Fatal(err)
			}
			began := cpu()
			for b.Loop() {
				if _, err := s.Members(b.Context(), c.q); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu()-began).Microseconds())/1000/float64(b.N), "cpu-ms/page")
		})
	}
	b.Run("tree", func(b *testing.B) {
		began := cpu()
		for b.Loop() {
			if _, err := s.Tree(b.Context(), corp); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64((cpu()-began).Microseconds())/1000/float64(b.N), "cpu-ms/page")
	})
}

// BenchmarkFill reports what a sample corp of 5,000 members costs.
func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "hufu.db"))
		if err != nil {
			b.Fatal(err)
		}
		began := cpu()
		fill(b, &directory.Service{DB: db, Now: time.Now}, 5_000)
		b.ReportMetric((cpu() - began).Seconds(), "cpu-s/fill")
		db.Close()
	}
}
