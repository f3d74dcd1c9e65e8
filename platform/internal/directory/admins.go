package directory

import (
	"context"
	"errors"
	"strings"
)

// AdminKind is the kind of an administrator, with the numbers of usertype (91125).
type AdminKind int

const (
	Creator  AdminKind = 1 // 创建者
	System   AdminKind = 2 // 内部系统管理员
	External AdminKind = 3 // 外部系统管理员: not in the address book
	Sub      AdminKind = 4 // 分级管理员
)

// Admin is an administrator of a corp (管理员).
type Admin struct {
	Row    int64
	Corp   Corp
	Person int64
	Member int64 // 0: External
	Kind   AdminKind
	Name   string // of the member; of the person where there is none
	UserID string // empty: External
	// Disabled says that the member is disabled, and administers nothing meanwhile.
	Disabled bool
	// Departments a Sub looks after, with all beneath them.
	Departments []AdminDepartment
	// Apps a Sub looks after: row of the installation or corp app → may manage it.
	Apps map[int64]bool
}

// AdminDepartment is a department that a sub-admin sees, with all beneath it.
type AdminDepartment struct {
	Number   int64
	Writable bool // may change it
}

// String is the kind in words for records.
func (k AdminKind) String() string {
	switch k {
	case Creator:
		return "creator"
	case System:
		return "system"
	case External:
		return "external"
	case Sub:
		return "sub"
	}
	return "none"
}

// Called is the admin in a record: the userid, or the name of who has none.
func (a Admin) Called() string {
	if a.UserID != "" {
		return a.UserID
	}
	return a.Name
}

// SeesAll tells whether the whole corp is the admin's.
func (a Admin) SeesAll() bool { return a.Kind == Creator || a.Kind == System || a.Kind == External }

// Leads tells whether the corp is the admin's own to lead: its administrators, what is
// installed, how its members sign in, and what it offers as a provider. External admins look
// after all of the rest, and make nobody an admin.
func (a Admin) Leads() bool { return a.Kind == Creator || a.Kind == System }

// Manages tells whether the admin may manage the installation or corp app of this row.
func (a Admin) Manages(holder int64) bool { return a.SeesAll() || a.Apps[holder] }

// Scope lists the departments the admin sees, with all beneath them; nil: all.
func (a Admin) Scope() []int64 {
	if a.SeesAll() {
		return nil
	}
	list := []int64{}
	for _, d := range a.Departments {
		list = append(list, d.Number)
	}
	return list
}

// Writable lists the departments the admin may change, with all beneath them; nil: all.
func (a Admin) Writable() []int64 {
	if a.SeesAll() {
		return nil
	}
	list := []int64{}
	for _, d := range a.Departments {
		if d.Writable {
			list = append(list, d.Number)
		}
	}
	return list
}

const adminColumns = `a.id, a.person_id, a.member_id, a.kind, COALESCE(m.name, p.name), COALESCE(m.userid, ''),
	COALESCE(m.status, 1) = 2, c.id, c.corpid, c.name, c.number_match
	FROM admins a JOIN corps c ON c.id = a.corp_id JOIN persons p ON p.id = a.person_id
	LEFT JOIN members m ON m.id = a.member_id
	WHERE (m.id IS NULL OR m.status <> 2)`

// notDisabled leaves out who is disabled as a member, and an administrator from outside too.
const notDisabled = ` AND NOT EXISTS (SELECT 1 FROM members d
	WHERE d.corp_id = a.corp_id AND d.person_id = a.person_id AND d.status = 2)`

func scanAdmin(row interface{ Scan(...any) error }) (Admin, error) {
	var a Admin
	err := row.Scan(&a.Row, &a.Person, &a.Member, &a.Kind, &a.Name, &a.UserID, &a.Disabled,
		&a.Corp.Row, &a.Corp.CorpID, &a.Corp.Name, &a.Corp.NumberMatch)
	return a, found(err)
}

// AdminOf reads what a person may administer in a corp. ErrNotFound: nothing; a disabled
// member administers nothing.
func (s *Service) AdminOf(ctx context.Context, corpRow, personRow int64) (Admin, error) {
	a, err := scanAdmin(s.DB.Query(`SELECT `+adminColumns+notDisabled+` AND a.corp_id = $1 AND a.person_id = $2`).
		Row(ctx, corpRow, personRow))
	if err != nil || a.Kind != Sub {
		return a, err
	}
	return a, s.readRange(ctx, &a)
}

// Admin reads one admin of a corp by row, disabled or not.
func (s *Service) Admin(ctx context.Context, corpRow, row int64) (Admin, error) {
	all, err := s.Admins(ctx, corpRow)
	for _, a := range all {
		if a.Row == row {
			return a, nil
		}
	}
	return Admin{}, errors.Join(err, ErrNotFound)
}

// Admins lists the admins of a corp, the creator first, disabled members among them.
func (s *Service) Admins(ctx context.Context, corpRow int64) ([]Admin, error) {
	return s.adminList(ctx, strings.Replace(adminColumns, "m.status <> 2", "TRUE", 1)+
		` AND a.corp_id = $1 ORDER BY a.kind, a.id`, corpRow)
}

// AdminCorps lists every corp that a person administers, by its name.
func (s *Service) AdminCorps(ctx context.Context, personRow int64) ([]Admin, error) {
	return s.adminList(ctx, adminColumns+notDisabled+` AND a.person_id = $1 ORDER BY c.name, c.id`, personRow)
}

func (s *Service) adminList(ctx context.Context, query string, arg int64) ([]Admin, error) {
	rows, err := s.DB.Query(`SELECT `+query).Rows(ctx, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Admin
	for rows.Next() {
		a, err := scanAdmin(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for i := range list {
		if list[i].Kind == Sub {
			if err := s.readRange(ctx, &list[i]); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// readRange reads the departments and apps of a sub-admin.
func (s *Service) readRange(ctx context.Context, a *Admin) error {
	rows, err := s.DB.Query(`SELECT department, writable FROM admin_departments WHERE admin_id = $1
		ORDER BY department`).Rows(ctx, a.Row)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d AdminDepartment
		if err := rows.Scan(&d.Number, &d.Writable); err != nil {
			return err
		}
		a.Departments = append(a.Departments, d)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	a.Apps = map[int64]bool{}
	apps, err := s.DB.Query(`SELECT holder, manage FROM admin_apps WHERE admin_id = $1`).Rows(ctx, a.Row)
	if err != nil {
		return err
	}
	defer apps.Close()
	for apps.Next() {
		var holder int64
		var manage bool
		if err := apps.Scan(&holder, &manage); err != nil {
			return err
		}
		a.Apps[holder] = manage
	}
	return apps.Err()
}

// KindOf tells as what admin a member serves, disabled or not; 0: as none.
func (s *Service) KindOf(ctx context.Context, memberRow int64) (AdminKind, error) {
	var kind AdminKind
	err := s.DB.Query(`SELECT kind FROM admins WHERE member_id = $1 AND member_id <> 0`).Row(ctx, memberRow).Scan(&kind)
	if errors.Is(found(err), ErrNotFound) {
		return 0, nil
	}
	return kind, err
}
