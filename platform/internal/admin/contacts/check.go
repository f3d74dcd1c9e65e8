package contacts

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// What is wrong with a line, beyond what the rules of the directory say of its values; the
// text ends a locale key.
const (
	problemQuotes   = "quotes"     // a quotation mark is open
	problemHuge     = "huge"       // longer than maxLine
	problemOver     = "over"       // beyond maxRecords
	problemFormula  = "formula"    // a cell begins as a formula does
	problemTwice    = "twice"      // the userid stands in an earlier line too
	problemUnknown  = "department" // the corp has no such department
	problemScope    = "scope"      // not the importer's department or member
	problemAdmin    = "admin"      // an administrator, whom a sub-admin may not change
	problemMobile2  = "mobile_twice"
	problemEmail2   = "email_twice"
	problemTaken    = "userid.taken"
	problemMobile   = "mobile.taken"
	problemEmail    = "email.taken"
	problemNotFound = "gone"
)

// record is a line as it is to be written.
type record struct {
	directory.MemberEdit
	has map[column]bool // columns that say something
}

// lineCheck reads lines one after another, with what earlier ones have said.
type lineCheck struct {
	columns []column
	rights  *rights
	number  map[string]int64 // department by path, lower case
	seen    map[column]map[string]bool
	count   int
}

func newLineCheck(columns []column, rt *rights) *lineCheck {
	c := &lineCheck{columns: columns, rights: rt, number: map[string]int64{},
		seen: map[column]map[string]bool{userid: {}, mobile: {}, email: {}}}
	root := ""
	full := map[int64]string{}
	for _, d := range rt.tree {
		path := d.Name
		if up, ok := full[d.Parent]; ok {
			path = up + "/" + d.Name
		} else {
			root = d.Name
		}
		full[d.Number] = path
		c.number[strings.ToLower(path)] = d.Number
	}
	// The company's own name may be left out.
	for number, path := range full {
		if short, ok := strings.CutPrefix(path, root+"/"); ok {
			if _, taken := c.number[strings.ToLower(short)]; !taken {
				c.number[strings.ToLower(short)] = number
			}
		}
	}
	// As the importer sees it, and as an export writes it.
	for number := range full {
		seen := strings.ToLower(rt.path(number))
		if _, taken := c.number[seen]; !taken && seen != "" {
			c.number[seen] = number
		}
	}
	return c
}

// read reads a line on its own and against those before it, and answers what is wrong with
// it; "": nothing.
func (c *lineCheck) read(l line) (r record, problem string) {
	c.count++
	switch {
	case c.count > maxRecords:
		return r, problemOver
	case len(l.text) > maxLine:
		return r, problemHuge
	}
	list, err := cells(l.text)
	if err != nil {
		return r, problemQuotes
	}
	if r, problem = c.record(list); problem != "" {
		return r, problem
	}
	if len(r.Departments) == 0 && !r.has[department] {
		return r, "departments.missing"
	}
	if err := r.Check(); err != nil {
		return r, problemOf(err)
	}
	for _, once := range []struct {
		column         column
		value, problem string
	}{{userid, r.UserID, problemTwice}, {mobile, r.Mobile, problemMobile2}, {email, r.Email, problemEmail2}} {
		key := strings.ToLower(once.value)
		if key != "" && c.seen[once.column][key] {
			return r, once.problem
		}
	}
	return r, ""
}

// claim notes the userid, mobile and email of a line that is not refused: no later one may
// have them.
func (c *lineCheck) claim(r record) {
	c.seen[userid][strings.ToLower(r.UserID)] = true
	c.seen[mobile][r.Mobile] = true
	c.seen[email][strings.ToLower(r.Email)] = true
}

// record puts cells into their places.
func (c *lineCheck) record(list []string) (r record, problem string) {
	r.has = map[column]bool{}
	for i, cell := range list {
		if i >= len(c.columns) || c.columns[i] == ignored {
			continue
		}
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		if bare := unescaped(cell); bare != cell {
			cell = bare
		} else if isFormula(cell) && !(c.columns[i] == mobile && cell[0] == '+') {
			return r, problemFormula
		}
		r.has[c.columns[i]] = true
		switch c.columns[i] {
		case userid:
			r.UserID = cell
		case name:
			r.Name = cell
		case alias:
			r.Alias = cell
		case position:
			r.Position = cell
		case mobile:
			r.Mobile = cell
		case email:
			r.Email = cell
		case gender:
			n, ok := genders[strings.ToLower(cell)]
			if !ok {
				return r, "gender.form"
			}
			r.Gender = n
		case department:
			if r.Departments, problem = c.departments(cell); problem != "" {
				return r, problem
			}
		}
	}
	return r, ""
}

var genders = map[string]int{"男": 1, "male": 1, "m": 1, "1": 1, "女": 2, "female": 2, "f": 2, "2": 2, "未知": 0, "unknown": 0, "0": 0}

// departments reads "市场部;生产部/一车间": paths or ids, the main one first. One that is not the
// importer's is answered as one that does not exist.
func (c *lineCheck) departments(cell string) (list []int64, problem string) {
	for _, text := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '；' }) {
		parts := strings.Split(text, "/")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		number, ok := c.number[strings.ToLower(strings.Trim(strings.Join(parts, "/"), "/"))]
		if !ok {
			number, _ = strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		}
		if !c.rights.writes(number) {
			if c.rights.sees(number) {
				return nil, problemScope
			}
			return nil, problemUnknown
		}
		if !slices.Contains(list, number) {
			list = append(list, number)
		}
	}
	if len(list) == 0 {
		return nil, problemUnknown
	}
	return list, ""
}

// problemOf is the end of the locale key of what a rule has refused; "" for another error.
func problemOf(err error) string {
	if e, ok := errors.AsType[*directory.InvalidError](err); ok {
		return e.Field + "." + e.Rule
	}
	for _, c := range []struct {
		err     error
		problem string
	}{
		{directory.ErrTaken, problemTaken}, {directory.ErrMobileTaken, problemMobile}, {directory.ErrEmailTaken, problemEmail},
		{directory.ErrNoDepartment, problemUnknown}, {directory.ErrNotFound, problemNotFound},
	} {
		if errors.Is(err, c.err) {
			return c.problem
		}
	}
	return ""
}

// onto fills in what the file leaves out from the member as it is: an empty cell changes
// nothing.
func (r record) onto(m member, leads []int64) directory.MemberEdit {
	e := r.MemberEdit
	for _, f := range []struct {
		column column
		into   *string
		is     string
	}{{alias, &e.Alias, m.Alias}, {position, &e.Position, m.Position}, {mobile, &e.Mobile, m.Mobile}, {email, &e.Email, m.Email}} {
		if !r.has[f.column] {
			*f.into = f.is
		}
	}
	if !r.has[gender] {
		e.Gender = m.Gender
	}
	e.Leads = slices.DeleteFunc(leads, func(d int64) bool { return !slices.Contains(e.Departments, d) })
	return e
}
