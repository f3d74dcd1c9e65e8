package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// ErrNotFound is returned where a corp, member or person asked for does not exist.
var ErrNotFound = errors.New("directory: not found")

// Service reads and writes the directory. Its fields are set once, before first use.
type Service struct {
	DB  *store.DB
	Now func() time.Time
	// Changed is told every change of a member or department, in order and inside its
	// transaction; what it returns takes the change back. Nil: nobody is told.
	Changed func(ctx context.Context, tx *sql.Tx, c Change) error
}

// Corp is a company (企业).
type Corp struct {
	Row    int64
	CorpID string // plain corpid, "ww" and 16 hexadecimal digits; matched without case
	Name   string
	// NumberMatch is whether a member of this corp must type the number that the login
	// page shows.
	NumberMatch bool
}

// Status of a member, with the numbers of user/get (90332).
type Status int

const (
	Active   Status = 1
	Disabled Status = 2
	// NotEnrolled (未激活): belongs to a person without credentials yet.
	NotEnrolled Status = 4
)

// Member is a person's membership in a corp (成员).
type Member struct {
	Row      int64
	Corp     Corp
	Person   int64 // person row
	UserID   string
	Name     string
	Alias    string
	Position string
	Mobile   string
	Email    string
	Gender   int // 0 unknown, 1 male, 2 female
	Status   Status
}

// Person is a human being (自然人), who owns credentials.
type Person struct {
	Row     int64
	Name    string
	Account string // sign-in name, matched without case
}

// Department is a node of a corp's tree (部门).
type Department struct {
	Number   int64 // the id the API shows; 1 is Root
	Parent   int64 // 0 for the root
	Name     string
	Position int64 // order among its siblings, larger first
	Count    int64 // members in it and anywhere beneath
}

const memberColumns = `m.id, m.person_id, m.userid, m.name, m.alias, m.position, m.mobile, m.email, m.gender, m.status,
	c.id, c.corpid, c.name, c.number_match`

func scanMember(row interface{ Scan(...any) error }) (Member, error) {
	var m Member
	err := row.Scan(&m.Row, &m.Person, &m.UserID, &m.Name, &m.Alias, &m.Position, &m.Mobile, &m.Email, &m.Gender, &m.Status,
		&m.Corp.Row, &m.Corp.CorpID, &m.Corp.Name, &m.Corp.NumberMatch)
	return m, found(err)
}

// found turns the driver's "no rows" into ErrNotFound.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// Member reads one member by row.
func (s *Service) Member(ctx context.Context, row int64) (Member, error) {
	return scanMember(s.DB.Query(`SELECT `+memberColumns+`
		FROM members m JOIN corps c ON c.id = m.corp_id WHERE m.id = $1`).Row(ctx, row))
}

// MemberByUserID reads the member of a corp with this userid, matched without case.
func (s *Service) MemberByUserID(ctx context.Context, corpRow int64, userid string) (Member, error) {
	return scanMember(s.DB.Query(`SELECT `+memberColumns+`
		FROM members m JOIN corps c ON c.id = m.corp_id WHERE m.corp_id = $1 AND m.userid_key = $2`).
		Row(ctx, corpRow, strings.ToLower(userid)))
}

// Memberships lists the active memberships of a person, by corp name.
func (s *Service) Memberships(ctx context.Context, personRow int64) ([]Member, error) {
	rows, err := s.DB.Query(`SELECT `+memberColumns+`
		FROM members m JOIN corps c ON c.id = m.corp_id
		WHERE m.person_id = $1 AND m.status = 1 ORDER BY c.name, c.id`).Rows(ctx, personRow)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Member
	for rows.Next() {
		m, err := scanMember(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// DepartmentsOf lists the department numbers of a member, the main one first.
func (s *Service) DepartmentsOf(ctx context.Context, memberRow int64) ([]int64, error) {
	rows, err := s.DB.Query(`SELECT department FROM member_departments
		WHERE member_id = $1 ORDER BY main DESC, department`).Rows(ctx, memberRow)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

// CorpByCorpID reads the corp with this plain corpid, matched without case.
func (s *Service) CorpByCorpID(ctx context.Context, corpid string) (Corp, error) {
	var c Corp
	err := s.DB.Query(`SELECT id, corpid, name, number_match FROM corps WHERE corpid_key = $1`).
		Row(ctx, strings.ToLower(corpid)).Scan(&c.Row, &c.CorpID, &c.Name, &c.NumberMatch)
	return c, found(err)
}

// Person reads one person by row.
func (s *Service) Person(ctx context.Context, row int64) (Person, error) {
	var p Person
	err := s.DB.Query(`SELECT id, name, account FROM persons WHERE id = $1`).
		Row(ctx, row).Scan(&p.Row, &p.Name, &p.Account)
	return p, found(err)
}

// PersonByAccount reads the person with this sign-in name, matched without case.
func (s *Service) PersonByAccount(ctx context.Context, account string) (Person, error) {
	var p Person
	err := s.DB.Query(`SELECT id, name, account FROM persons WHERE account_key = $1 AND account <> ''`).
		Row(ctx, strings.ToLower(account)).Scan(&p.Row, &p.Name, &p.Account)
	return p, found(err)
}

// Persons lists the first n persons with an account, in the order in which they were created. It serves
// the sandbox's person picker.
func (s *Service) Persons(ctx context.Context, n int) ([]Person, error) {
	rows, err := s.DB.Query(`SELECT id, name, account FROM persons WHERE account <> '' ORDER BY id LIMIT $1`).Rows(ctx, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Person
	for rows.Next() {
		var p Person
		if err := rows.Scan(&p.Row, &p.Name, &p.Account); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// CreateCorp adds a corp and its root department, and answers its row.
func (s *Service) CreateCorp(ctx context.Context, tx *sql.Tx, c Corp) (int64, error) {
	row, now := s.DB.NewID(), s.Now().UnixMilli()
	_, err := tx.ExecContext(ctx, `INSERT INTO corps (id, corpid, corpid_key, name, number_match, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, row, c.CorpID, strings.ToLower(c.CorpID), c.Name, c.NumberMatch, now)
	if err != nil {
		return 0, fmt.Errorf("create corp %s: %w", c.CorpID, err)
	}
	return row, s.CreateDepartment(ctx, tx, row, Department{Number: Root, Name: c.Name})
}

// CreateDepartment adds a department to a corp.
func (s *Service) CreateDepartment(ctx context.Context, tx *sql.Tx, corpRow int64, d Department) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO departments (id, corp_id, number, parent, name, position)
		VALUES ($1, $2, $3, $4, $5, $6)`, s.DB.NewID(), corpRow, d.Number, d.Parent, d.Name, d.Position)
	return err
}

// CreatePerson adds a person with an optional password hash (see HashPassword) and
// answers the row.
func (s *Service) CreatePerson(ctx context.Context, tx *sql.Tx, p Person, passwordHash string) (int64, error) {
	row := s.DB.NewID()
	_, err := tx.ExecContext(ctx, `INSERT INTO persons (id, name, account, account_key, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, row, p.Name, p.Account, strings.ToLower(p.Account), passwordHash, s.Now().UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("create person: %w", err)
	}
	return row, nil
}

// CreateMember adds an active membership of a person, as sample data has it: the rules are
// the caller's and nobody is told. The first of departments is the main one.
func (s *Service) CreateMember(ctx context.Context, tx *sql.Tx, m Member, departments ...int64) (row int64, err error) {
	err = s.batch(ctx, tx, m.Corp.Row, func(b *Batch) error {
		made, err := b.insert(ctx, NewMember{Person: m.Person, MemberEdit: MemberEdit{UserID: m.UserID, Name: m.Name, Alias: m.Alias,
			Position: m.Position, Mobile: m.Mobile, Email: m.Email, Gender: m.Gender, Departments: departments}})
		row = made.Row
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("create member %s: %w", m.UserID, err)
	}
	return row, nil
}

// DepartmentName reads the name of one department of a corp.
func (s *Service) DepartmentName(ctx context.Context, corpRow, number int64) (string, error) {
	var name string
	err := s.DB.Query(`SELECT name FROM departments WHERE corp_id = $1 AND number = $2`).
		Row(ctx, corpRow, number).Scan(&name)
	return name, found(err)
}
