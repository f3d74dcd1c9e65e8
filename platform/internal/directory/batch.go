package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Batch writes many members of one corp in one transaction: what they share is read and
// prepared once.
type Batch struct {
	s        *Service
	tx       *sql.Tx
	corp     Corp
	tree     *tree
	prepared map[string]*sql.Stmt
	counts   map[int64]int64 // by how much each department's count changes
	places   []newPlace      // to be written before the batch is closed
}

// BatchIn begins a batch in a transaction. Close it before the transaction ends, and change no
// department meanwhile. ErrNotFound: there is no such corp.
func (s *Service) BatchIn(ctx context.Context, tx *sql.Tx, corpRow int64) (*Batch, error) {
	corp, err := s.corpIn(ctx, tx, corpRow)
	if err != nil {
		return nil, err
	}
	t, err := s.treeIn(ctx, tx, corpRow)
	return &Batch{s: s, tx: tx, corp: corp, tree: t, prepared: map[string]*sql.Stmt{}, counts: map[int64]int64{}}, err
}

// Close writes the places and counts and lets go of what the batch had prepared. Its error undoes the
// transaction.
func (b *Batch) Close(ctx context.Context) error {
	errs := []error{b.flush(ctx)}
	for number, n := range b.counts {
		if n != 0 {
			errs = append(errs, b.exec(ctx, `UPDATE departments SET members = members + $1 WHERE corp_id = $2 AND number = $3`,
				n, b.corp.Row, number))
		}
	}
	for _, stmt := range b.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// Add is AddMember. A member that is refused leaves nothing behind, and the batch goes on; any
// other error undoes the transaction (see Refused).
func (b *Batch) Add(ctx context.Context, n NewMember) (Member, error) {
	if err := b.check(ctx, 0, &n.MemberEdit); err != nil {
		return Member{}, err
	}
	m, err := b.insert(ctx, n)
	if err != nil {
		return m, err
	}
	return m, b.s.tell(ctx, b.tx, Change{Corp: b.corp, Type: CreateUser, Member: m, After: n.Departments})
}

// insert writes a member whose values have been checked.
func (b *Batch) insert(ctx context.Context, n NewMember) (Member, error) {
	m := Member{Row: b.s.DB.NewID(), Corp: b.corp, Person: n.Person, Status: Active}
	n.into(&m)
	now := b.s.Now().UnixMilli()
	if n.Person == 0 {
		m.Person, m.Status = b.s.DB.NewID(), NotEnrolled
		if err := b.exec(ctx, insertPlaceholder, m.Person, m.Name, placeholder(m.Person), now); err != nil {
			return m, err
		}
	} else if waits, err := b.s.isPlaceholder(ctx, b.tx, n.Person); err != nil {
		return m, err
	} else if waits {
		m.Status = NotEnrolled
	}
	if err := b.exec(ctx, `INSERT INTO members
		(id, corp_id, person_id, userid, userid_key, name, alias, position, mobile, email, gender, status, search, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		m.Row, b.corp.Row, m.Person, m.UserID, strings.ToLower(m.UserID), m.Name, m.Alias, m.Position, m.Mobile, m.Email,
		int64(m.Gender), int64(m.Status), searched(m), now); err != nil {
		return m, err
	}
	return m, b.place(ctx, m, n.Departments, n.Leads)
}

// Update is UpdateMember; what holds for Add holds for it.
func (b *Batch) Update(ctx context.Context, memberRow int64, e MemberEdit) (Member, error) {
	m, err := b.s.memberIn(ctx, b.tx, b.corp.Row, memberRow)
	if err != nil {
		return m, err
	}
	if err := b.check(ctx, memberRow, &e); err != nil {
		return m, err
	}
	before, err := b.s.departmentsIn(ctx, b.tx, memberRow)
	if err != nil {
		return m, err
	}
	led, err := b.led(ctx, memberRow)
	if err != nil {
		return m, err
	}
	was := m
	e.into(&m)
	c := Change{Corp: b.corp, Type: UpdateUser, Member: m, Before: before, After: e.Departments, Fields: changed(was, m)}
	if m.UserID != was.UserID {
		c.OldUserID = was.UserID
	}
	if !samePlaces(before, e.Departments) || !samePlaces(led, e.Leads) {
		c.Fields = append(c.Fields, "Department")
	}
	if len(c.Fields) == 0 {
		return m, nil
	}
	if err := b.exec(ctx, `UPDATE members SET userid = $1, userid_key = $2, name = $3, alias = $4, position = $5, mobile = $6,
		email = $7, gender = $8, search = $9 WHERE id = $10`, m.UserID, strings.ToLower(m.UserID), m.Name, m.Alias, m.Position,
		m.Mobile, m.Email, int64(m.Gender), searched(m), m.Row); err != nil {
		return m, err
	}
	if err := b.lift(ctx, was, before); err != nil {
		return m, err
	}
	if err := b.place(ctx, m, e.Departments, e.Leads); err != nil {
		return m, err
	}
	return m, b.s.tell(ctx, b.tx, c)
}

// check applies the rules that need no other member, and then those that do. row is the
// member itself; 0: it is new.
func (b *Batch) check(ctx context.Context, row int64, e *MemberEdit) error {
	if err := e.Check(); err != nil {
		return err
	}
	for _, d := range e.Departments {
		if _, ok := b.tree.at[d]; !ok {
			return ErrNoDepartment
		}
	}
	for _, c := range []struct {
		query, value string
		taken        error
	}{
		{useridQuery, strings.ToLower(e.UserID), ErrTaken},
		{mobileQuery, e.Mobile, ErrMobileTaken},
		{emailQuery, strings.ToLower(e.Email), ErrEmailTaken},
	} {
		if c.value == "" {
			continue
		}
		stmt, err := b.prepare(ctx, c.query)
		if err != nil {
			return err
		}
		var n int
		if err := stmt.QueryRowContext(ctx, b.corp.Row, c.value, row).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return c.taken
		}
	}
	return nil
}

// Refused tells whether an error says that a rule refuses a member or department, and not
// that something broke.
func Refused(err error) bool {
	if _, ok := errors.AsType[*InvalidError](err); ok {
		return true
	}
	return slices.ContainsFunc([]error{ErrTaken, ErrMobileTaken, ErrEmailTaken, ErrNoDepartment, ErrNotFound},
		func(e error) bool { return errors.Is(err, e) })
}

func (b *Batch) led(ctx context.Context, memberRow int64) ([]int64, error) {
	stmt, err := b.prepare(ctx, `SELECT department FROM member_departments WHERE member_id = $1 AND leader ORDER BY department`)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, memberRow)
	if err != nil {
		return nil, err
	}
	return numbers(rows)
}

// into copies the values of an edit into a member.
func (e *MemberEdit) into(m *Member) {
	m.UserID, m.Name, m.Alias, m.Position = e.UserID, e.Name, e.Alias, e.Position
	m.Mobile, m.Email, m.Gender = e.Mobile, e.Email, e.Gender
}

// changed lists the fields in which two states of a member differ.
func changed(was, is Member) []string {
	var list []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"UserID", was.UserID == is.UserID}, {"Name", was.Name == is.Name}, {"Position", was.Position == is.Position},
		{"Mobile", was.Mobile == is.Mobile}, {"Email", was.Email == is.Email}, {"Alias", was.Alias == is.Alias},
		{"Gender", was.Gender == is.Gender}, {"Status", was.Status == is.Status},
	} {
		if !f.same {
			list = append(list, f.name)
		}
	}
	return list
}

// samePlaces tells whether two lists name the same departments with the same one first; the
// order of the others says nothing.
func samePlaces(a, b []int64) bool {
	if len(a) != len(b) || len(a) > 0 && a[0] != b[0] {
		return false
	}
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// searched is the text that a search looks through.
func searched(m Member) string {
	return strings.ToLower(strings.Join([]string{m.UserID, m.Name, m.Alias, m.Mobile, m.Email}, "\n"))
}

func (b *Batch) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := b.prepared[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := b.tx.PrepareContext(ctx, query)
	if err == nil {
		b.prepared[query] = stmt
	}
	return stmt, err
}

func (b *Batch) exec(ctx context.Context, query string, args ...any) error {
	stmt, err := b.prepare(ctx, query)
	if err == nil {
		_, err = stmt.ExecContext(ctx, args...)
	}
	return err
}

// AddMembers adds many members in one transaction, and answers them in their order. The first
// that is refused ends it: its error undoes the transaction.
func (s *Service) AddMembers(ctx context.Context, tx *sql.Tx, corpRow int64, list []NewMember) (made []Member, err error) {
	err = s.batch(ctx, tx, corpRow, func(b *Batch) error {
		for _, n := range list {
			m, err := b.Add(ctx, n)
			if err != nil {
				return fmt.Errorf("member %q: %w", n.UserID, err)
			}
			made = append(made, m)
		}
		return nil
	})
	return made, err
}

// Find reads the member with this userid, with its departments (the main one first), those it
// leads, and as what admin it serves. ErrNotFound: the corp has none.
func (b *Batch) Find(ctx context.Context, userid string) (m Member, in, leads []int64, kind AdminKind, err error) {
	stmt, err := b.prepare(ctx, `SELECT `+memberColumns+` FROM members m JOIN corps c ON c.id = m.corp_id
		WHERE m.corp_id = $1 AND m.userid_key = $2`)
	if err != nil {
		return m, nil, nil, 0, err
	}
	if m, err = scanMember(stmt.QueryRowContext(ctx, b.corp.Row, strings.ToLower(userid))); err != nil {
		return m, nil, nil, 0, err
	}
	in, err = b.s.departmentsIn(ctx, b.tx, m.Row)
	leads, err2 := b.led(ctx, m.Row)
	kind, err3 := b.s.kindIn(ctx, b.tx, m.Row)
	return m, in, leads, kind, errors.Join(err, err2, err3)
}

// Free tells whether a member may have this mobile and email, as far as others of the corp
// have them: ErrMobileTaken, ErrEmailTaken. memberRow 0: a new one.
func (s *Service) Free(ctx context.Context, corpRow, memberRow int64, mobile, email string) error {
	for _, c := range []struct {
		query, value string
		taken        error
	}{{mobileQuery, mobile, ErrMobileTaken}, {emailQuery, strings.ToLower(email), ErrEmailTaken}} {
		var n int
		if c.value == "" {
			continue
		}
		if err := s.DB.Query(c.query).Row(ctx, corpRow, c.value, memberRow).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return c.taken
		}
	}
	return nil
}

const (
	useridQuery = `SELECT COUNT(*) FROM members WHERE corp_id = $1 AND userid_key = $2 AND id <> $3`
	mobileQuery = `SELECT COUNT(*) FROM members WHERE corp_id = $1 AND mobile = $2 AND mobile <> '' AND id <> $3`
	emailQuery  = `SELECT COUNT(*) FROM members WHERE corp_id = $1 AND LOWER(email) = $2 AND email <> '' AND id <> $3`
)
