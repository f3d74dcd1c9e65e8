package directory

import (
	"context"
	"database/sql"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameLimit bounds names, in characters.
const nameLimit = 64

// maxNumber is the largest department number WeCom knows (32 bits).
const maxNumber = 1<<32 - 1

// AddDepartment adds a department under its Parent and answers it with its Number: the next
// free one where none is asked for. Errors: ErrNoDepartment (parent), ErrNameTaken,
// ErrTooDeep, ErrTaken (number), InvalidError.
func (s *Service) AddDepartment(ctx context.Context, corpRow int64, d Department) (Department, error) {
	err := s.DB.Update(ctx, func(tx *sql.Tx) (err error) {
		d, err = s.AddDepartmentIn(ctx, tx, corpRow, d)
		return err
	})
	return d, err
}

// AddDepartmentIn is AddDepartment inside a transaction.
func (s *Service) AddDepartmentIn(ctx context.Context, tx *sql.Tx, corpRow int64, d Department) (Department, error) {
	corp, err := s.corpIn(ctx, tx, corpRow)
	if err != nil {
		return d, err
	}
	t, err := s.treeIn(ctx, tx, corpRow)
	if err != nil {
		return d, err
	}
	d.Name = strings.TrimSpace(d.Name)
	if err := checkDepartment(t, d); err != nil {
		return d, err
	}
	if d.Number == 0 {
		for n := range t.at {
			d.Number = max(d.Number, n)
		}
		d.Number++
	}
	if _, there := t.at[d.Number]; there {
		return d, ErrTaken
	}
	if d.Number < 0 || d.Number > maxNumber {
		return d, &InvalidError{Field: "number", Rule: "form"}
	}
	d.Count = 0
	if err := s.CreateDepartment(ctx, tx, corpRow, d); err != nil {
		return d, err
	}
	return d, s.tell(ctx, tx, Change{Corp: corp, Type: CreateParty, Department: d})
}

// UpdateDepartment gives the department d.Number its Name, Parent and Position; what lies
// beneath moves with it. The root only changes its name. Errors: ErrNotFound, ErrRoot,
// ErrCycle, and those of AddDepartment.
func (s *Service) UpdateDepartment(ctx context.Context, corpRow int64, d Department) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.UpdateDepartmentIn(ctx, tx, corpRow, d) })
}

// UpdateDepartmentIn is UpdateDepartment inside a transaction.
func (s *Service) UpdateDepartmentIn(ctx context.Context, tx *sql.Tx, corpRow int64, d Department) error {
	corp, err := s.corpIn(ctx, tx, corpRow)
	if err != nil {
		return err
	}
	t, err := s.treeIn(ctx, tx, corpRow)
	if err != nil {
		return err
	}
	was, ok := t.at[d.Number]
	if !ok {
		return ErrNotFound
	}
	d.Name, d.Count = strings.TrimSpace(d.Name), was.Count
	if err := checkDepartment(t, d); err != nil {
		return err
	}
	c := Change{Corp: corp, Type: UpdateParty, Department: d}
	if d.Name != was.Name {
		c.Fields = append(c.Fields, "Name")
	}
	if d.Position != was.Position {
		c.Fields = append(c.Fields, "Order")
	}
	if d.Parent != was.Parent {
		c.Fields, c.OldParent = append(c.Fields, "ParentId"), was.Parent
	}
	if len(c.Fields) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE departments SET name = $1, parent = $2, position = $3
		WHERE corp_id = $4 AND number = $5`, d.Name, d.Parent, d.Position, corpRow, d.Number); err != nil {
		return err
	}
	if c.OldParent != 0 {
		if err := s.movePlaces(ctx, tx, corpRow, t, d.Number); err != nil {
			return err
		}
	}
	return s.tell(ctx, tx, c)
}

// RemoveDepartment removes a department that nobody and nothing is in. Errors: ErrNotFound,
// ErrRoot, ErrNotEmpty.
func (s *Service) RemoveDepartment(ctx context.Context, corpRow, number int64) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.RemoveDepartmentIn(ctx, tx, corpRow, number) })
}

// RemoveDepartmentIn is RemoveDepartment inside a transaction.
func (s *Service) RemoveDepartmentIn(ctx context.Context, tx *sql.Tx, corpRow, number int64) error {
	corp, err := s.corpIn(ctx, tx, corpRow)
	if err != nil {
		return err
	}
	d, err := s.departmentIn(ctx, tx, corpRow, number)
	if err != nil {
		return err
	}
	if number == Root {
		return ErrRoot
	}
	var children int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM departments WHERE corp_id = $1 AND parent = $2`,
		corpRow, number).Scan(&children); err != nil {
		return err
	}
	if children > 0 || d.Count > 0 {
		return ErrNotEmpty
	}
	// Before it goes: whoever is told asks who could see it.
	if err := s.tell(ctx, tx, Change{Corp: corp, Type: DeleteParty, Department: d}); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM covered WHERE kind = 'department' AND ref = $2 AND holder IN (
			SELECT id FROM installations WHERE corp_id = $1 UNION SELECT id FROM apps WHERE corp_id = $1 AND kind = 'corp_app')`,
		`DELETE FROM admin_departments WHERE department = $2 AND admin_id IN (SELECT id FROM admins WHERE corp_id = $1)`,
		`DELETE FROM departments WHERE corp_id = $1 AND number = $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, corpRow, number); err != nil {
			return err
		}
	}
	return nil
}

// checkDepartment applies the rules to a department as it is to be; t is the tree before.
func checkDepartment(t *tree, d Department) error {
	if err := CheckDepartmentName(d.Name); err != nil {
		return err
	}
	if d.Position < 0 || d.Position > maxNumber {
		return &InvalidError{Field: "order", Rule: "form"}
	}
	if d.Number == Root {
		if d.Parent != 0 {
			return ErrRoot
		}
		return nil
	}
	above := t.above(d.Parent)
	if above == nil {
		return ErrNoDepartment
	}
	height := 1
	if _, there := t.at[d.Number]; there && d.Number != 0 {
		height = t.height(d.Number)
		for _, n := range above {
			if n == d.Number {
				return ErrCycle
			}
		}
	}
	if len(above)+height > MaxDepth {
		return ErrTooDeep
	}
	for _, n := range t.children[d.Parent] {
		if n != d.Number && strings.EqualFold(t.at[n].Name, d.Name) {
			return ErrNameTaken
		}
	}
	return nil
}

// CheckDepartmentName tells what is wrong with a department's name, as an InvalidError: it
// has 1–64 characters, none of \:*?"<>| and none that cannot be printed (90205).
func CheckDepartmentName(name string) error {
	switch {
	case name == "":
		return &InvalidError{Field: "name", Rule: "missing"}
	case utf8.RuneCountInString(name) > nameLimit:
		return &InvalidError{Field: "name", Rule: "long"}
	case !utf8.ValidString(name), strings.ContainsAny(name, `\:*?"<>|`), strings.ContainsFunc(name, notPrinted):
		return &InvalidError{Field: "name", Rule: "form"}
	}
	return nil
}

func notPrinted(c rune) bool { return c != ' ' && !unicode.IsGraphic(c) || c == utf8.RuneError }
