package directory

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
)

const (
	placesAtOnce = 16
	placeColumns = 7
)

// insertPlaces are the statements that insert so many places.
var insertPlaces = func() (list [placesAtOnce + 1]string) {
	for n := range list {
		query := `INSERT INTO member_places (corp_id, department, userid_key, status, direct, member_id, search) VALUES `
		for i := range n * placeColumns {
			switch {
			case i%placeColumns > 0:
				query += ", "
			case i > 0:
				query += "), ("
			default:
				query += "("
			}
			query += "$" + strconv.Itoa(i+1)
		}
		list[n] = query + ")"
	}
	return list
}()

// place puts a member into its departments, and into the lists of those above them.
func (b *Batch) place(ctx context.Context, m Member, departments, leads []int64) error {
	for i, d := range departments {
		if err := b.exec(ctx, `INSERT INTO member_departments (member_id, department, main, leader) VALUES ($1, $2, $3, $4)`,
			m.Row, d, i == 0, slices.Contains(leads, d)); err != nil {
			return err
		}
	}
	key, search := strings.ToLower(m.UserID), searched(m)
	for _, d := range b.tree.reach(departments) {
		b.places = append(b.places, newPlace{d, key, m.Status, slices.Contains(departments, d), m.Row, search})
		b.counts[d]++
	}
	return nil
}

// newPlace is a place that is to be written.
type newPlace struct {
	department int64
	key        string
	status     Status
	direct     bool
	member     int64
	search     string
}

// flush writes the places that wait: in the order of their key, some at a time, for what many
// members cost is the number of statements and of pages touched.
func (b *Batch) flush(ctx context.Context) error {
	slices.SortFunc(b.places, func(x, y newPlace) int {
		return cmp.Or(cmp.Compare(x.department, y.department), cmp.Compare(x.key, y.key))
	})
	for some := range slices.Chunk(b.places, placesAtOnce) {
		args := make([]any, 0, placesAtOnce*placeColumns)
		for _, p := range some {
			args = append(args, b.corp.Row, p.department, p.key, int64(p.status), p.direct, p.member, p.search)
		}
		if err := b.exec(ctx, insertPlaces[len(some)], args...); err != nil {
			return err
		}
	}
	b.places = nil
	return nil
}

// lift takes a member, with the userid it had, out of its departments and of the lists of
// those above them.
func (b *Batch) lift(ctx context.Context, m Member, departments []int64) error {
	if err := b.flush(ctx); err != nil {
		return err
	}
	if err := b.exec(ctx, `DELETE FROM member_departments WHERE member_id = $1`, m.Row); err != nil {
		return err
	}
	for _, d := range b.tree.reach(departments) {
		if err := b.exec(ctx, `DELETE FROM member_places WHERE corp_id = $1 AND department = $2 AND userid_key = $3`,
			b.corp.Row, d, strings.ToLower(m.UserID)); err != nil {
			return err
		}
		b.counts[d]--
	}
	return nil
}

// movePlaces moves the members of a department, and of all beneath it, from the lists of the
// departments that were above it to those that are; before is the tree as it was.
func (s *Service) movePlaces(ctx context.Context, tx *sql.Tx, corpRow int64, before *tree, number int64) error {
	after, err := s.treeIn(ctx, tx, corpRow)
	if err != nil {
		return err
	}
	was, is := before.above(number)[1:], after.above(number)[1:]
	// From the deepest up: who is still in a department is in it or in one of its children.
	for _, d := range was {
		if slices.Contains(is, d) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM member_places WHERE corp_id = $1 AND department = $2 AND NOT direct
			AND userid_key IN (SELECT userid_key FROM member_places WHERE corp_id = $1 AND department = $3)
			AND NOT EXISTS (SELECT 1 FROM departments d JOIN member_places q ON q.corp_id = $1 AND q.department = d.number
				WHERE d.corp_id = $1 AND d.parent = $2 AND q.userid_key = member_places.userid_key)`, corpRow, d, number); err != nil {
			return err
		}
	}
	for _, d := range is {
		if slices.Contains(was, d) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO member_places (corp_id, department, userid_key, status, direct, member_id, search)
			SELECT corp_id, $2, userid_key, status, FALSE, member_id, search FROM member_places p
			WHERE corp_id = $1 AND department = $3 AND NOT EXISTS (SELECT 1 FROM member_places q
				WHERE q.corp_id = $1 AND q.department = $2 AND q.userid_key = p.userid_key)`, corpRow, d, number); err != nil {
			return err
		}
	}
	for _, d := range slices.Concat(was, is) {
		if _, err := tx.ExecContext(ctx, `UPDATE departments SET members = (SELECT COUNT(*) FROM member_places
			WHERE corp_id = $1 AND department = $2) WHERE corp_id = $1 AND number = $2`, corpRow, d); err != nil {
			return err
		}
	}
	return nil
}
