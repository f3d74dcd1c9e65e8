package contacts

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The bounds of an uploaded file.
const (
	maxRecords = 10_000   // lines that are imported
	maxLines   = 20_000   // lines that a file may have at all; those over maxRecords are refused one by one
	maxLine    = 4 << 10  // bytes of a line
	maxFile    = 3900_000 // bytes: what fits a request of 4 MiB with the rest of the form
)

// What is wrong with a file as a whole; the text ends a locale key.
var (
	errEmpty    = errors.New("empty")
	errEncoding = errors.New("encoding")
	errHeading  = errors.New("heading")
	errLines    = errors.New("lines")
	errLarge    = errors.New("large")
)

// column is what a column of the file says of a member.
type column int

const (
	ignored column = iota
	userid
	name
	department
	alias
	position
	mobile
	email
	gender
	admin // of administrators: never read
)

// headings are what a column may be called, in lower case and without spaces.
var headings = map[string]column{
	"账号": userid, "帐号": userid, "userid": userid, "account": userid, "成员账号": userid,
	"姓名": name, "name": name, "名字": name,
	"部门": department, "department": department, "departments": department, "所在部门": department,
	"别名": alias, "alias": alias,
	"职务": position, "职位": position, "position": position, "title": position,
	"手机": mobile, "手机号": mobile, "手机号码": mobile, "mobile": mobile, "phone": mobile,
	"邮箱": email, "电子邮箱": email, "email": email, "e-mail": email,
	"性别": gender, "gender": gender,
	"管理员": admin, "管理员类型": admin, "角色": admin, "权限": admin, "是否管理员": admin, "admin": admin,
	"isadmin": admin, "is_admin": admin, "role": admin, "usertype": admin, "adminkind": admin,
}

// file is an uploaded file, read but not checked.
type file struct {
	heading []string // as it was uploaded
	columns []column
	ignored []string // names of columns that are not read
	lines   []line
}

// line is one line of the file below the heading.
type line struct {
	number int    // in the file, from 2
	text   string // as it was uploaded, without its end
}

// decode turns UTF-8, with or without a byte order mark, or GB18030 into text.
func decode(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		if bytes.IndexByte(raw, 0) >= 0 {
			return "", errEncoding
		}
		return string(raw), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || bytes.IndexByte(text, 0) >= 0 {
		return "", errEncoding
	}
	return string(text), nil
}

// readFile splits a file into lines. Each line stands alone: whatever is wrong with one, an
// open quotation mark above all, takes none of its neighbours with it.
func readFile(raw []byte) (file, error) {
	var f file
	if len(raw) > maxFile {
		return f, errLarge
	}
	text, err := decode(raw)
	if err != nil {
		return f, err
	}
	for i, l := range strings.Split(text, "\n") {
		l = strings.TrimSuffix(l, "\r")
		if strings.Trim(l, ", \t") == "" {
			continue
		}
		if f.heading == nil {
			if f.heading, err = cells(l); err != nil {
				return f, errHeading
			}
			continue
		}
		if len(f.lines) == maxLines {
			return f, errLines
		}
		f.lines = append(f.lines, line{number: i + 1, text: l})
	}
	if f.heading == nil {
		return f, errEmpty
	}
	if err := f.readHeading(); err != nil {
		return f, err
	}
	if len(f.lines) == 0 {
		return f, errEmpty
	}
	return f, nil
}

func (f *file) readHeading() error {
	seen := map[column]bool{}
	for _, cell := range f.heading {
		c := headings[strings.ToLower(strings.Join(strings.Fields(strings.TrimRight(cell, "*＊")), ""))]
		if c == ignored || c == admin || seen[c] {
			if strings.TrimSpace(cell) != "" {
				f.ignored = append(f.ignored, cell)
			}
			f.columns = append(f.columns, ignored)
			continue
		}
		seen[c] = true
		f.columns = append(f.columns, c)
	}
	if !seen[userid] || !seen[name] || !seen[department] {
		return errHeading
	}
	return nil
}

// isAdminColumn tells whether a column that is not read is one of administrators.
func isAdminColumn(cell string) bool {
	return headings[strings.ToLower(strings.Join(strings.Fields(cell), ""))] == admin
}

// cells splits one line.
func cells(text string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	return r.Read()
}

// formula begins what a spreadsheet would run; some take the wide characters alike.
const formula = "=+-@\t\r\n＝＋－＠"

// isFormula tells whether a spreadsheet would run a cell.
func isFormula(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return cell != "" && strings.ContainsRune(formula, first)
}

// escaped is a cell that no spreadsheet takes for a formula: an apostrophe in front says that
// it is text. unescaped takes it away, so that what was exported can be imported.
func escaped(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unescaped(cell string) string {
	if bare, ok := strings.CutPrefix(cell, "'"); ok && isFormula(bare) {
		return bare
	}
	return cell
}
