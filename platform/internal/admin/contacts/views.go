package contacts

import "github.com/hufu-sso/hufu/platform/internal/console"

// Addresses in views (…URL) are ready for href and action. Names are plain text.

// ListView is the page contacts/list.
type ListView struct {
	console.Frame
	Tree       []*Node         `json:"-"`
	Department *DepartmentHead `json:"department,omitempty"` // the one shown; nil: all that is seen
	Search     console.Search  `json:"search"`
	Filtered   bool            `json:"filtered"`
	Members    []MemberLine    `json:"members"`
	Pager      console.Pager   `json:"pager"`
	Total      int             `json:"total"`
	AtLeast    bool            `json:"at_least"`
	Writable   bool            `json:"writable"` // there is something the visitor may change
	NewURL     string          `json:"-"`        // "" where nobody may be added here
	// NewDepartmentURL is "" where no department may be added here.
	NewDepartmentURL, ImportURL, ExportURL string
	// Query is what an export takes along.
	Query []console.Hidden `json:"-"`
}

// Node is a department in the tree.
type Node struct {
	Name         string
	Count        int64
	URL          string
	Active, Open bool
	Children     []*Node
}

// DepartmentHead is the department that a list shows.
type DepartmentHead struct {
	Name    string `json:"name"`
	Number  int64  `json:"id"`
	Count   int64  `json:"count"`
	EditURL string `json:"-"` // "" where the visitor may not change it
}

// MemberLine is a member in the list.
type MemberLine struct {
	ID          string   `json:"id"`
	UserID      string   `json:"userid"`
	Name        string   `json:"name"`
	Position    string   `json:"position,omitempty"`
	Mobile      string   `json:"mobile,omitempty"`
	Departments []string `json:"departments"`
	Status      int      `json:"status"`
	Admin       int      `json:"admin,omitempty"` // kind; 0: none
	URL         string   `json:"url"`
}

// Problem is what a form says on top; Key is a locale key.
type Problem struct {
	Key string `json:"key"`
}

// MemberView is the page contacts/member: a new member, or one that is there.
type MemberView struct {
	console.Frame
	Crumb       console.Crumb   `json:"-"`
	ID          string          `json:"id,omitempty"` // "": a new one
	Name        string          `json:"name,omitempty"`
	Status      int             `json:"status,omitempty"`
	Admin       int             `json:"admin,omitempty"`
	Writable    bool            `json:"writable"`
	Problem     string          `json:"problem,omitempty"` // locale key
	Fields      []console.Field `json:"fields"`
	Departments []Choice        `json:"departments"`
	// More says that the member is in several departments.
	More                  bool   `json:"-"`
	Facts                 []Fact `json:"-"` // in place of the form where it is not writable
	DepartmentProblem     string `json:"department_problem,omitempty"`
	SaveURL, BackURL      string
	DisableURL, EnableURL string `json:"-"`
	RemoveURL, LinkURL    string `json:"-"`
	// AdminURL makes the member an administrator; "": the visitor cannot.
	AdminURL string `json:"-"`
	// Secret is a new enrolment link, this once.
	Secret *console.Secret `json:"secret,omitempty"`
	// LinkRefused is why there can be no link, a locale key; "": there can.
	LinkRefused string `json:"link_refused,omitempty"`
}

// Fact is a line of what cannot be changed.
type Fact struct{ Label, Value string }

// Choice is a department that a form offers.
type Choice struct {
	Number  int64  `json:"id"`
	Path    string `json:"path"`
	Checked bool   `json:"checked,omitempty"`
	Main    bool   `json:"main,omitempty"`
	// Writable is used on the form of a sub-admin.
	Writable bool `json:"writable,omitempty"`
}

// RemoveView is the page contacts/remove.
type RemoveView struct {
	console.Frame
	Crumb        console.Crumb `json:"-"`
	Name, UserID string
	Problem      string `json:"problem,omitempty"`
	RemoveURL    string
	BackURL      string
}

// DepartmentView is the page contacts/department: a new one, or one that is there.
type DepartmentView struct {
	console.Frame
	Crumb     console.Crumb   `json:"-"`
	Number    int64           `json:"id,omitempty"` // 0: a new one
	Name      string          `json:"name"`
	Count     int64           `json:"count"`
	Problem   string          `json:"problem,omitempty"`
	Fields    []console.Field `json:"fields"`
	SaveURL   string          `json:"-"`
	BackURL   string          `json:"-"`
	RemoveURL string          `json:"-"` // "" where it cannot be removed
	Kept      string          `json:"-"` // why not, a locale key
}

// ImportView is the page contacts/import.
type ImportView struct {
	console.Frame
	Crumb       console.Crumb `json:"-"`
	Problem     string        `json:"problem,omitempty"` // locale key
	Received    string        `json:"received,omitempty"`
	UploadURL   string        `json:"-"`
	TemplateURL string        `json:"-"`
	Recent      []RunLine     `json:"recent"`
}

// RunLine is an import in the list of the last ones.
type RunLine struct {
	Name, State, URL         string
	When                     string
	Created, Updated, Failed int
}

// RunView is the page contacts/run: preview, progress and result of an import.
type RunView struct {
	console.Frame
	Crumb   console.Crumb `json:"-"`
	Name    string        `json:"name"`
	State   string        `json:"state"` // ready, running, stopped, done, cancelled
	Total   int           `json:"total"`
	Tried   int           `json:"tried"`
	Creates int           `json:"will_create"`
	Updates int           `json:"will_update"`
	Created int           `json:"created"`
	Updated int           `json:"updated"`
	Failed  int           `json:"failed"`
	Percent int           `json:"percent"`
	Ignored []string      `json:"ignored,omitempty"` // columns that are not read
	// AdminColumns are those among them that would make administrators.
	AdminColumns []string     `json:"admin_columns,omitempty"`
	Overwritten  []RecordLine `json:"overwritten,omitempty"` // lines about members that exist
	First        []RecordLine `json:"first,omitempty"`       // lines about new ones
	Problems     []RecordLine `json:"problems,omitempty"`
	StartURL     string       `json:"-"`
	CancelURL    string       `json:"-"`
	FailedURL    string       `json:"-"`
	AgainURL     string       `json:"-"`
	SelfURL      string       `json:"self_url"`
}

// RecordLine is a line of the file.
type RecordLine struct {
	Line    int    `json:"line"`
	UserID  string `json:"userid"`
	Name    string `json:"name"`
	Where   string `json:"department"`
	Plan    string `json:"plan,omitempty"`
	Problem string `json:"problem,omitempty"` // end of a locale key
}

// AdminsView is the page contacts/admins.
type AdminsView struct {
	console.Frame
	Admins      []AdminLine `json:"admins"`
	NewURL      string      `json:"-"`
	HandOverURL string      `json:"-"` // "" for all but the creator
	HandOver    console.Field
	Problem     string `json:"problem,omitempty"`
	// Secret is a new enrolment link, this once.
	Secret *console.Secret `json:"secret,omitempty"`
}

// AdminLine is an administrator in the list.
type AdminLine struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	UserID      string   `json:"userid,omitempty"`
	Kind        int      `json:"kind"`
	Departments []string `json:"departments,omitempty"`
	Apps        int      `json:"apps,omitempty"`
	Disabled    bool     `json:"disabled,omitempty"`
	Self        bool     `json:"self,omitempty"`
	URL         string   `json:"url"`
}

// AdminView is the page contacts/admin: a new administrator, or one that is there.
type AdminView struct {
	console.Frame
	Crumb       console.Crumb   `json:"-"`
	Tabs        []console.Tab   `json:"-"` // kinds of a new one
	ID          string          `json:"id,omitempty"`
	Name        string          `json:"name,omitempty"`
	UserID      string          `json:"userid,omitempty"`
	AdminKind   int             `json:"admin_kind"`
	Problem     string          `json:"problem,omitempty"`
	Fields      []console.Field `json:"fields"`
	Departments []Choice        `json:"departments"`
	Apps        []AppChoice     `json:"apps"`
	SaveURL     string          `json:"-"`
	BackURL     string          `json:"-"`
	RemoveURL   string          `json:"-"`
	LinkURL     string          `json:"-"`
	Fixed       string          `json:"-"` // why nothing can be changed, a locale key
	LinkRefused string          `json:"link_refused,omitempty"`
}

// AppChoice is an app that a sub-admin may look after: "" none, "use", "manage".
type AppChoice struct {
	Holder string `json:"id"`
	Name   string `json:"name"`
	Level  string `json:"level"`
}
