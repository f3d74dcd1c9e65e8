package directory

import (
	"context"
	"database/sql"
	"errors"
)

// NewAdmin is an admin to be.
type NewAdmin struct {
	Corp   int64 // corp row
	Person int64 // External: person row; otherwise that of Member is taken
	Member int64 // member row; 0: External
	Kind   AdminKind
	// Departments and Apps of a Sub; of others they are nothing.
	Departments []AdminDepartment
	Apps        map[int64]bool
}

// AddAdmin makes a member, or for External a person, an admin. Errors: ErrNotFound (no such
// member), ErrAlreadyAdmin, ErrCreatorStays (a second creator), ErrNoDepartment.
func (s *Service) AddAdmin(ctx context.Context, a NewAdmin) (row int64, err error) {
	err = s.DB.Update(ctx, func(tx *sql.Tx) error {
		row, err = s.AddAdminIn(ctx, tx, a)
		return err
	})
	return row, err
}

// AddAdminIn is AddAdmin inside a transaction.
func (s *Service) AddAdminIn(ctx context.Context, tx *sql.Tx, a NewAdmin) (int64, error) {
	if err := s.checkAdmin(ctx, tx, &a); err != nil {
		return 0, err
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM admins WHERE corp_id = $1 AND (person_id = $2 OR kind = 1 AND $3 = 1)`,
		a.Corp, a.Person, int64(a.Kind)).Scan(&n); err != nil {
		return 0, err
	}
	if n > 0 && a.Kind == Creator {
		return 0, ErrCreatorStays
	}
	if n > 0 {
		return 0, ErrAlreadyAdmin
	}
	row := s.DB.NewID()
	if _, err := tx.ExecContext(ctx, `INSERT INTO admins (id, corp_id, person_id, member_id, kind, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, row, a.Corp, a.Person, a.Member, int64(a.Kind), s.Now().UnixMilli()); err != nil {
		return 0, err
	}
	return row, s.writeRange(ctx, tx, row, a)
}

// UpdateAdminIn gives an admin another kind and range. Errors: ErrNotFound, ErrCreatorStays,
// ErrLastAdmin, ErrNoDepartment; InvalidError where an external admin would become another
// kind or a member an external one.
func (s *Service) UpdateAdminIn(ctx context.Context, tx *sql.Tx, corpRow, row int64, a NewAdmin) error {
	was, err := s.adminIn(ctx, tx, corpRow, row)
	if err != nil {
		return err
	}
	if was.Kind == Creator || a.Kind == Creator {
		return ErrCreatorStays
	}
	if was.Kind == External || a.Kind == External {
		return &InvalidError{Field: "kind", Rule: "form"}
	}
	a.Corp, a.Person, a.Member = corpRow, was.Person, was.Member
	if err := s.checkAdmin(ctx, tx, &a); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE admins SET kind = $1 WHERE id = $2`, int64(a.Kind), row); err != nil {
		return err
	}
	if err := s.writeRange(ctx, tx, row, a); err != nil || was.Kind == Sub {
		return err
	}
	return s.someoneLeft(ctx, tx, corpRow)
}

// UpdateAdmin is UpdateAdminIn in a transaction of its own.
func (s *Service) UpdateAdmin(ctx context.Context, corpRow, row int64, a NewAdmin) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.UpdateAdminIn(ctx, tx, corpRow, row, a) })
}

// RemoveAdmin takes an admin's rights; a member stays one. Errors: ErrNotFound,
// ErrCreatorStays, ErrLastAdmin.
func (s *Service) RemoveAdmin(ctx context.Context, corpRow, row int64) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.RemoveAdminIn(ctx, tx, corpRow, row) })
}

// RemoveAdminIn is RemoveAdmin inside a transaction.
func (s *Service) RemoveAdminIn(ctx context.Context, tx *sql.Tx, corpRow, row int64) error {
	was, err := s.adminIn(ctx, tx, corpRow, row)
	if err != nil {
		return err
	}
	if was.Kind == Creator {
		return ErrCreatorStays
	}
	if err := s.dropAdmin(ctx, tx, row); err != nil || was.Kind == Sub {
		return err
	}
	return s.someoneLeft(ctx, tx, corpRow)
}

// HandOverIn makes another member the creator; the old one becomes a system admin. The caller
// sees to it that the creator asks. Errors: ErrNotFound, ErrNotActive.
func (s *Service) HandOverIn(ctx context.Context, tx *sql.Tx, corpRow, memberRow int64) error {
	m, err := s.memberIn(ctx, tx, corpRow, memberRow)
	if err != nil {
		return err
	}
	if m.Status != Active {
		return ErrNotActive
	}
	if _, err := tx.ExecContext(ctx, `UPDATE admins SET kind = 2 WHERE corp_id = $1 AND kind = 1`, corpRow); err != nil {
		return err
	}
	var row int64
	err = tx.QueryRowContext(ctx, `SELECT id FROM admins WHERE corp_id = $1 AND person_id = $2`, corpRow, m.Person).Scan(&row)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = s.AddAdminIn(ctx, tx, NewAdmin{Corp: corpRow, Member: memberRow, Kind: Creator})
		return err
	}
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE admins SET kind = 1, member_id = $1 WHERE id = $2`, memberRow, row); err != nil {
		return err
	}
	return s.writeRange(ctx, tx, row, NewAdmin{Kind: Creator})
}

func (s *Service) adminIn(ctx context.Context, tx *sql.Tx, corpRow, row int64) (Admin, error) {
	a := Admin{Row: row, Corp: Corp{Row: corpRow}}
	err := tx.QueryRowContext(ctx, `SELECT person_id, member_id, kind FROM admins WHERE id = $1 AND corp_id = $2`, row, corpRow).
		Scan(&a.Person, &a.Member, &a.Kind)
	return a, found(err)
}

// checkAdmin checks what is asked for and fills the person in.
func (s *Service) checkAdmin(ctx context.Context, tx *sql.Tx, a *NewAdmin) error {
	switch {
	case a.Kind < Creator || a.Kind > Sub, (a.Kind == External) != (a.Member == 0):
		return &InvalidError{Field: "kind", Rule: "form"}
	case a.Kind != External:
		m, err := s.memberIn(ctx, tx, a.Corp, a.Member)
		if err != nil {
			return err
		}
		a.Person = m.Person
	}
	if a.Kind != Sub {
		return nil
	}
	for _, d := range a.Departments {
		if _, err := s.departmentIn(ctx, tx, a.Corp, d.Number); err != nil {
			return ErrNoDepartment
		}
	}
	return nil
}

// writeRange replaces the departments and apps of an admin.
func (s *Service) writeRange(ctx context.Context, tx *sql.Tx, row int64, a NewAdmin) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM admin_departments WHERE admin_id = $1`, row)
	_, err2 := tx.ExecContext(ctx, `DELETE FROM admin_apps WHERE admin_id = $1`, row)
	if err := errors.Join(err, err2); err != nil || a.Kind != Sub {
		return err
	}
	for _, d := range a.Departments {
		if _, err := tx.ExecContext(ctx, `INSERT INTO admin_departments (admin_id, department, writable) VALUES ($1, $2, $3)`,
			row, d.Number, d.Writable); err != nil {
			return err
		}
	}
	for holder, manage := range a.Apps {
		if _, err := tx.ExecContext(ctx, `INSERT INTO admin_apps (admin_id, holder, manage) VALUES ($1, $2, $3)`,
			row, holder, manage); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) dropAdmin(ctx context.Context, tx *sql.Tx, row int64) error {
	if err := s.writeRange(ctx, tx, row, NewAdmin{}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM admins WHERE id = $1`, row)
	return err
}

// someoneLeft refuses a change that leaves nobody who can manage the admins.
func (s *Service) someoneLeft(ctx context.Context, tx *sql.Tx, corpRow int64) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM admins a LEFT JOIN members m ON m.id = a.member_id
		WHERE a.corp_id = $1 AND a.kind IN (1, 2, 3) AND (m.id IS NULL OR m.status <> 2)`, corpRow).Scan(&n)
	if err == nil && n == 0 {
		return ErrLastAdmin
	}
	return err
}
