package directory

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepartments is how many departments a member may be in.
const maxDepartments = 100

var (
	useridForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)
	mobileForm = regexp.MustCompile(`^\+?[0-9]{5,20}$`)
	emailForm  = regexp.MustCompile(`^[^\s@<>"'(),;:\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
)

// MemberEdit is what an admin may set of a member: all of it, each time.
type MemberEdit struct {
	UserID   string // 1–64 of A–Z a–z 0–9 . _ @ -, beginning with a letter or digit
	Name     string // 1–64 characters
	Alias    string // up to 64 characters
	Position string // up to 128 characters
	Mobile   string // unique in the corp; empty: none
	Email    string // unique in the corp, up to 64 bytes; empty: none
	Gender   int    // 0 unknown, 1 male, 2 female
	// Departments has 1–100 numbers, the main one first.
	Departments []int64
	// Leads are those of Departments that the member leads.
	Leads []int64
}

// NewMember is a member to be.
type NewMember struct {
	MemberEdit
	// Person the membership is of. Nothing from outside ever sets it: only sample data, and
	// who has proved to be that person. 0: a placeholder until an enrolment link is used.
	Person int64
}

// AddMember adds a member that has not enrolled. Errors: ErrTaken, ErrMobileTaken,
// ErrEmailTaken, ErrNoDepartment, InvalidError.
func (s *Service) AddMember(ctx context.Context, corpRow int64, n NewMember) (m Member, err error) {
	err = s.DB.Update(ctx, func(tx *sql.Tx) error {
		m, err = s.AddMemberIn(ctx, tx, corpRow, n)
		return err
	})
	return m, err
}

// AddMemberIn is AddMember inside a transaction.
func (s *Service) AddMemberIn(ctx context.Context, tx *sql.Tx, corpRow int64, n NewMember) (m Member, err error) {
	err = s.batch(ctx, tx, corpRow, func(b *Batch) error {
		m, err = b.Add(ctx, n)
		return err
	})
	return m, err
}

// batch runs fn in a batch of its own.
func (s *Service) batch(ctx context.Context, tx *sql.Tx, corpRow int64, fn func(*Batch) error) error {
	b, err := s.BatchIn(ctx, tx, corpRow)
	if err != nil {
		return err
	}
	err = fn(b)
	return errors.Join(err, b.Close(ctx))
}

// UpdateMember gives a member other values. Errors: ErrNotFound, and those of AddMember.
func (s *Service) UpdateMember(ctx context.Context, corpRow, memberRow int64, e MemberEdit) (m Member, err error) {
	err = s.DB.Update(ctx, func(tx *sql.Tx) error {
		m, err = s.UpdateMemberIn(ctx, tx, corpRow, memberRow, e)
		return err
	})
	return m, err
}

// UpdateMemberIn is UpdateMember inside a transaction.
func (s *Service) UpdateMemberIn(ctx context.Context, tx *sql.Tx, corpRow, memberRow int64, e MemberEdit) (m Member, err error) {
	err = s.batch(ctx, tx, corpRow, func(b *Batch) error {
		m, err = b.Update(ctx, memberRow, e)
		return err
	})
	return m, err
}

// SetStatus disables a member, or enables it again: it is then Active, or NotEnrolled where
// its person has no credentials yet. Disabling ends no session: rights are read each time.
// Errors: ErrNotFound, ErrLastAdmin, ErrCreatorStays (a creator cannot be disabled).
func (s *Service) SetStatus(ctx context.Context, corpRow, memberRow int64, status Status) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.SetStatusIn(ctx, tx, corpRow, memberRow, status) })
}

// SetStatusIn is SetStatus inside a transaction.
func (s *Service) SetStatusIn(ctx context.Context, tx *sql.Tx, corpRow, memberRow int64, status Status) error {
	m, err := s.memberIn(ctx, tx, corpRow, memberRow)
	if err != nil {
		return err
	}
	if status != Disabled {
		waits, err := s.isPlaceholder(ctx, tx, m.Person)
		if err != nil {
			return err
		}
		if status = Active; waits {
			status = NotEnrolled
		}
		return s.setStatus(ctx, tx, corpRow, memberRow, status)
	}
	kind, err := s.kindIn(ctx, tx, memberRow)
	if err != nil {
		return err
	}
	if kind == Creator {
		return ErrCreatorStays
	}
	if err := s.setStatus(ctx, tx, corpRow, memberRow, status); err != nil || kind != System {
		return err
	}
	return s.someoneLeft(ctx, tx, m.Corp.Row)
}

// setStatus writes a status and tells it. corpRow 0: whichever corp the member is in.
func (s *Service) setStatus(ctx context.Context, tx *sql.Tx, corpRow, memberRow int64, status Status) error {
	m, err := s.memberIn(ctx, tx, corpRow, memberRow)
	if err != nil || m.Status == status {
		return err
	}
	in, err := s.departmentsIn(ctx, tx, memberRow)
	if err != nil {
		return err
	}
	m.Status = status
	if _, err := tx.ExecContext(ctx, `UPDATE members SET status = $1 WHERE id = $2`, int64(status), memberRow); err != nil {
		return err
	}
	t, err := s.treeIn(ctx, tx, m.Corp.Row)
	if err != nil {
		return err
	}
	for _, d := range t.reach(in) {
		if _, err := tx.ExecContext(ctx, `UPDATE member_places SET status = $1 WHERE corp_id = $2 AND department = $3
			AND userid_key = $4`, int64(status), m.Corp.Row, d, strings.ToLower(m.UserID)); err != nil {
			return err
		}
	}
	return s.tell(ctx, tx, Change{Corp: m.Corp, Type: UpdateUser, Member: m, Before: in, After: in, Fields: []string{"Status"}})
}

// RemoveMember ends a membership with all that hangs on it: its place as an admin, in ranges
// of apps, its consents and links. The person stays, unless it was a mere placeholder.
// Errors: ErrNotFound, ErrCreatorStays, ErrLastAdmin.
func (s *Service) RemoveMember(ctx context.Context, corpRow, memberRow int64) error {
	return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.RemoveMemberIn(ctx, tx, corpRow, memberRow) })
}

// RemoveMemberIn is RemoveMember inside a transaction.
func (s *Service) RemoveMemberIn(ctx context.Context, tx *sql.Tx, corpRow, memberRow int64) error {
	m, err := s.memberIn(ctx, tx, corpRow, memberRow)
	if err != nil {
		return err
	}
	kind, err := s.kindIn(ctx, tx, memberRow)
	if err != nil {
		return err
	}
	if kind == Creator {
		return ErrCreatorStays
	}
	in, err := s.departmentsIn(ctx, tx, memberRow)
	if err != nil {
		return err
	}
	// Before it goes: whoever is told asks who could see it.
	if err := s.tell(ctx, tx, Change{Corp: m.Corp, Type: DeleteUser, Member: m, Before: in}); err != nil {
		return err
	}
	if err := s.batch(ctx, tx, m.Corp.Row, func(b *Batch) error { return b.lift(ctx, m, in) }); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM covered WHERE kind = 'member' AND ref = $1`,
		`DELETE FROM consents WHERE member_id = $1`,
		`DELETE FROM enrolments WHERE member_id = $1`,
		`DELETE FROM admin_departments WHERE admin_id IN (SELECT id FROM admins WHERE member_id = $1)`,
		`DELETE FROM admin_apps WHERE admin_id IN (SELECT id FROM admins WHERE member_id = $1)`,
		// Rights from outside as well: who leaves, leaves.
		`DELETE FROM admins WHERE member_id = $1 OR EXISTS (SELECT 1 FROM members m WHERE m.id = $1
			AND m.corp_id = admins.corp_id AND m.person_id = admins.person_id)`,
		`DELETE FROM members WHERE id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, memberRow); err != nil {
			return err
		}
	}
	if err := s.dropPlaceholder(ctx, tx, m.Person); err != nil || kind != System {
		return err
	}
	return s.someoneLeft(ctx, tx, m.Corp.Row)
}

// memberIn reads a member inside a transaction; corpRow 0: of whichever corp.
func (s *Service) memberIn(ctx context.Context, tx *sql.Tx, corpRow, row int64) (Member, error) {
	m, err := scanMember(tx.QueryRowContext(ctx, `SELECT `+memberColumns+`
		FROM members m JOIN corps c ON c.id = m.corp_id WHERE m.id = $1`, row))
	if err == nil && corpRow != 0 && m.Corp.Row != corpRow {
		return Member{}, ErrNotFound
	}
	return m, err
}

func (s *Service) departmentsIn(ctx context.Context, tx *sql.Tx, memberRow int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT department FROM member_departments
		WHERE member_id = $1 ORDER BY main DESC, department`, memberRow)
	if err != nil {
		return nil, err
	}
	return numbers(rows)
}

// LeadsIn lists the departments that a member leads.
func (s *Service) LeadsIn(ctx context.Context, tx *sql.Tx, memberRow int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT department FROM member_departments WHERE member_id = $1 AND leader
		ORDER BY department`, memberRow)
	if err != nil {
		return nil, err
	}
	return numbers(rows)
}

// kindIn is KindOf inside a transaction.
func (s *Service) kindIn(ctx context.Context, tx *sql.Tx, memberRow int64) (AdminKind, error) {
	var kind AdminKind
	err := tx.QueryRowContext(ctx, `SELECT kind FROM admins WHERE member_id = $1 AND member_id <> 0`, memberRow).Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return kind, err
}

// bare drops what people write into a mobile for reading.
var bare = strings.NewReplacer(" ", "", "-", "")

// Check tells what is wrong with the values on their own, as an InvalidError, and trims them.
// Whether the corp has the departments and nobody else the userid is asked when it is written.
func (e *MemberEdit) Check() error {
	for _, text := range []*string{&e.UserID, &e.Name, &e.Alias, &e.Position, &e.Mobile, &e.Email} {
		*text = strings.TrimSpace(*text)
	}
	e.Mobile = bare.Replace(e.Mobile)
	for _, c := range []struct {
		field, value string
		limit        int
	}{{"name", e.Name, nameLimit}, {"alias", e.Alias, nameLimit}, {"position", e.Position, 128}} {
		if utf8.RuneCountInString(c.value) > c.limit {
			return &InvalidError{Field: c.field, Rule: "long"}
		}
		if !utf8.ValidString(c.value) || strings.ContainsFunc(c.value, notPrinted) {
			return &InvalidError{Field: c.field, Rule: "form"}
		}
	}
	switch {
	case e.UserID == "":
		return &InvalidError{Field: "userid", Rule: "missing"}
	case len(e.UserID) > 64:
		return &InvalidError{Field: "userid", Rule: "long"}
	case !useridForm.MatchString(e.UserID):
		return &InvalidError{Field: "userid", Rule: "form"}
	case e.Name == "":
		return &InvalidError{Field: "name", Rule: "missing"}
	case e.Mobile != "" && !mobileForm.MatchString(e.Mobile):
		return &InvalidError{Field: "mobile", Rule: "form"}
	case len(e.Email) > 64:
		return &InvalidError{Field: "email", Rule: "long"}
	case e.Email != "" && !emailForm.MatchString(e.Email):
		return &InvalidError{Field: "email", Rule: "form"}
	case e.Gender < 0 || e.Gender > 2:
		return &InvalidError{Field: "gender", Rule: "form"}
	}
	var once []int64
	for _, d := range e.Departments {
		if !slices.Contains(once, d) {
			once = append(once, d)
		}
	}
	switch e.Departments = once; {
	case len(once) == 0:
		return &InvalidError{Field: "departments", Rule: "missing"}
	case len(once) > maxDepartments:
		return &InvalidError{Field: "departments", Rule: "many"}
	}
	return nil
}
