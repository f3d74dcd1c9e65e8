package directory

import (
	"context"
	"database/sql"
)

// Root is the number of every corp's root department.
const Root = 1

// MaxDepth is how deep departments may lie, the root counted.
const MaxDepth = 15

// Departments lists all departments of a corp: parents before children, siblings in their
// order (larger Position first, then lower number).
func (s *Service) Departments(ctx context.Context, corpRow int64) ([]Department, error) {
	rows, err := s.DB.Query(`SELECT number, parent, name, position, members FROM departments WHERE corp_id = $1
		ORDER BY position DESC, number`).Rows(ctx, corpRow)
	if err != nil {
		return nil, err
	}
	return departments(rows)
}

// Tree is Departments; each bears the Count of members in it and anywhere beneath.
func (s *Service) Tree(ctx context.Context, corpRow int64) ([]Department, error) {
	return s.Departments(ctx, corpRow)
}

// DepartmentsBelow lists a department and all beneath it. ErrNotFound: the corp has no such
// department.
func (s *Service) DepartmentsBelow(ctx context.Context, corpRow, number int64) ([]int64, error) {
	all, err := s.Departments(ctx, corpRow)
	if err != nil {
		return nil, err
	}
	list := newTree(all).below(number)
	if list == nil {
		return nil, ErrNotFound
	}
	return list, nil
}

// Department reads one department of a corp.
func (s *Service) Department(ctx context.Context, corpRow, number int64) (Department, error) {
	var d Department
	err := s.DB.Query(`SELECT number, parent, name, position, members FROM departments WHERE corp_id = $1 AND number = $2`).
		Row(ctx, corpRow, number).Scan(&d.Number, &d.Parent, &d.Name, &d.Position, &d.Count)
	return d, found(err)
}

// departments reads rows in their order and puts parents before children.
func departments(rows *sql.Rows) ([]Department, error) {
	defer rows.Close()
	var flat []Department
	for rows.Next() {
		var d Department
		if err := rows.Scan(&d.Number, &d.Parent, &d.Name, &d.Position, &d.Count); err != nil {
			return nil, err
		}
		flat = append(flat, d)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	t := newTree(flat)
	sorted := make([]Department, 0, len(flat))
	for _, n := range t.below(Root) {
		sorted = append(sorted, t.at[n])
	}
	return sorted, nil
}

// tree is the departments of one corp.
type tree struct {
	at       map[int64]Department
	children map[int64][]int64 // in their order
}

func newTree(list []Department) *tree {
	t := &tree{at: make(map[int64]Department, len(list)), children: map[int64][]int64{}}
	for _, d := range list {
		t.at[d.Number] = d
		t.children[d.Parent] = append(t.children[d.Parent], d.Number)
	}
	return t
}

// below lists a department and all beneath it, parents first; nil: there is none.
func (t *tree) below(number int64) []int64 {
	if _, ok := t.at[number]; !ok {
		return nil
	}
	list := []int64{number}
	for _, child := range t.children[number] {
		list = append(list, t.below(child)...)
	}
	return list
}

// above lists a department and all above it, up to the root.
func (t *tree) above(number int64) []int64 {
	var list []int64
	for d, ok := t.at[number]; ok; d, ok = t.at[d.Parent] {
		list = append(list, d.Number)
	}
	return list
}

// reach lists every department that one of these lies in or beneath, each once.
func (t *tree) reach(list []int64) []int64 {
	var all []int64
	seen := map[int64]bool{}
	for _, number := range list {
		for _, n := range t.above(number) {
			if seen[n] {
				break // and all above it
			}
			seen[n] = true
			all = append(all, n)
		}
	}
	return all
}

// height is how many levels lie at and below a department.
func (t *tree) height(number int64) int {
	h := 0
	for _, child := range t.children[number] {
		h = max(h, t.height(child))
	}
	return h + 1
}

func (s *Service) treeIn(ctx context.Context, tx *sql.Tx, corpRow int64) (*tree, error) {
	rows, err := tx.QueryContext(ctx, `SELECT number, parent, name, position, members FROM departments WHERE corp_id = $1
		ORDER BY position DESC, number`, corpRow)
	if err != nil {
		return nil, err
	}
	list, err := departments(rows)
	return newTree(list), err
}

func (s *Service) departmentIn(ctx context.Context, tx *sql.Tx, corpRow, number int64) (Department, error) {
	var d Department
	err := tx.QueryRowContext(ctx, `SELECT number, parent, name, position, members FROM departments
		WHERE corp_id = $1 AND number = $2`, corpRow, number).Scan(&d.Number, &d.Parent, &d.Name, &d.Position, &d.Count)
	return d, found(err)
}

func (s *Service) corpIn(ctx context.Context, tx *sql.Tx, row int64) (Corp, error) {
	var c Corp
	err := tx.QueryRowContext(ctx, `SELECT id, corpid, name, number_match FROM corps WHERE id = $1`, row).
		Scan(&c.Row, &c.CorpID, &c.Name, &c.NumberMatch)
	return c, found(err)
}
