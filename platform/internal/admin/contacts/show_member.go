package contacts

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// memberForm is what a form says of a member, and what is wrong with it.
type memberForm struct {
	directory.MemberEdit
	problems map[string]string // locale key by field
	problem  string            // locale key, about the whole
}

// readMember reads the form; the main department comes first.
func readMember(r *http.Request) memberForm {
	f := memberForm{problems: map[string]string{}}
	// Read as they are: the rules trim and check them.
	for _, field := range []struct {
		name string
		into *string
	}{{"userid", &f.UserID}, {"name", &f.Name}, {"alias", &f.Alias}, {"position", &f.Position}, {"mobile", &f.Mobile}, {"email", &f.Email}} {
		*field.into = strings.TrimSpace(r.PostFormValue(field.name))
	}
	gender := r.PostFormValue("gender")
	if n, err := strconv.Atoi(gender); err == nil {
		f.Gender = n
	} else if gender != "" {
		f.Gender = -1
	}
	for _, text := range append([]string{r.PostFormValue("main")}, r.PostForm["department"]...) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil && !slices.Contains(f.Departments, n) {
			f.Departments = append(f.Departments, n)
		}
	}
	return f
}

// refuse notes what a rule has refused; what is no refusal comes back.
func (f *memberForm) refuse(err error) error {
	if invalid, ok := errors.AsType[*directory.InvalidError](err); ok {
		f.problems[invalid.Field] = problemKey(invalid)
		return nil
	}
	for _, c := range []struct {
		err        error
		field, key string
	}{
		{directory.ErrTaken, "userid", "contacts.problem.userid.taken"},
		{directory.ErrMobileTaken, "mobile", "contacts.problem.mobile.taken"},
		{directory.ErrEmailTaken, "email", "contacts.problem.email.taken"},
		{directory.ErrNoDepartment, "departments", "contacts.problem.departments.unknown"},
	} {
		if errors.Is(err, c.err) {
			f.problems[c.field] = c.key
			return nil
		}
	}
	return err
}

// problemKey is the locale key for what is wrong with a value.
func problemKey(e *directory.InvalidError) string {
	return "contacts.problem." + e.Field + "." + e.Rule
}

// showNewMember shows an empty form, with the department of the list chosen.
func (h *Handler) showNewMember(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	if !rt.writesAny() {
		return respond.Forbidden(nil)
	}
	f := memberForm{}
	if d, _ := strconv.ParseInt(r.URL.Query().Get("d"), 10, 64); rt.writes(d) {
		f.Departments = []int64{d}
	}
	return h.renderNewMember(w, r, v, rt, f)
}

func (h *Handler) renderNewMember(w http.ResponseWriter, r *http.Request, v *console.Visit, rt *rights, f memberForm) error {
	view := memberView(v, rt, f)
	view.Writable, view.SaveURL, view.BackURL = true, v.URL("/contacts/members"), v.URL("/contacts")
	return h.Console.RenderStatus(w, r, v, f.status(), "contacts/member", view)
}

func (f memberForm) status() int {
	if len(f.problems) > 0 || f.problem != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// showMember shows a member, as a form where the visitor may change it.
func (h *Handler) showMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	return h.renderMember(w, r, v, m, m.form(), nil)
}

// form is the member as its form has it before anything is typed.
func (m member) form() memberForm {
	return memberForm{MemberEdit: directory.MemberEdit{UserID: m.UserID, Name: m.Name, Alias: m.Alias, Position: m.Position,
		Mobile: m.Mobile, Email: m.Email, Gender: m.Gender, Departments: m.departments}}
}

func (h *Handler) renderMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member, f memberForm, secret *console.Secret) error {
	view := memberView(v, m.rights, f)
	view.ID, view.Name, view.Status, view.Admin = strconv.FormatInt(m.Row, 10), m.Name, int(m.Status), int(m.kind)
	view.BackURL, view.Secret, view.Writable = v.URL("/contacts"), secret, m.writable()
	if !view.Writable {
		view.Fields = nil
		for _, f := range []Fact{{"contacts.userid", m.UserID}, {"contacts.alias", m.Alias}, {"contacts.position", m.Position},
			{"contacts.mobile", m.Mobile}, {"contacts.email", m.Email}} {
			if f.Value != "" {
				view.Facts = append(view.Facts, f)
			}
		}
		return h.Console.Render(w, r, v, "contacts/member", view)
	}
	base := v.Base() + "/contacts/members/" + view.ID
	view.SaveURL, view.RemoveURL = v.Link(base), v.Link(base+"/remove")
	if m.Status == directory.Disabled {
		view.EnableURL = v.Link(base + "/enable")
	} else {
		view.DisableURL = v.Link(base + "/disable")
	}
	if v.Admin.Leads() && m.kind == 0 && m.Status != directory.Disabled {
		view.AdminURL = v.URL("/admins/new?" + url.Values{"userid": {m.UserID}}.Encode())
	}
	refused, err := h.linkRefused(r, v, m)
	if err != nil {
		return err
	}
	if view.LinkRefused = refused; refused == "" {
		view.LinkURL = v.Link(base + "/link")
	}
	return h.Console.RenderStatus(w, r, v, f.status(), "contacts/member", view)
}

// linkRefused is why the visitor cannot make an enrolment link for a member, a locale key;
// "" where they can (security.md, abuse case 16).
func (h *Handler) linkRefused(r *http.Request, v *console.Visit, m member) (string, error) {
	if m.Status == directory.Disabled {
		return "contacts.link.disabled", nil
	}
	if m.kind == directory.Creator && m.Person != v.Person.Row {
		return "contacts.link.creator", nil
	}
	err := h.Credentials.MayEnrol(r.Context(), m.Row)
	if errors.Is(err, credentials.ErrOtherMembership) {
		return "contacts.link.elsewhere", nil
	}
	return "", err
}

func memberView(v *console.Visit, rt *rights, f memberForm) MemberView {
	return memberForms(v.Frame("contacts"), v.URL("/contacts"), rt, f)
}

// memberForms is the form in a frame, with the departments that the visitor may fill.
func memberForms(frame console.Frame, back string, rt *rights, f memberForm) MemberView {
	view := MemberView{Frame: frame, Crumb: console.Crumb{URL: back, Label: "contacts.back"},
		Problem: f.problem, DepartmentProblem: f.problems["departments"], More: len(f.Departments) > 1}
	field := func(name, value string, limit int, optional bool) console.Field {
		return console.Field{Name: name, Label: "contacts." + name, Value: value, Max: limit, Optional: optional, Error: f.problems[name]}
	}
	userid := field("userid", f.UserID, 64, false)
	userid.Mono, userid.Help = true, "contacts.userid.help"
	gender := console.Field{Name: "gender", Label: "contacts.gender", Type: "select", Optional: true, Error: f.problems["gender"]}
	for n := range 3 {
		text := strconv.Itoa(n)
		gender.Options = append(gender.Options, console.Option{Value: text, Label: "contacts.gender." + text, Selected: n == f.Gender})
	}
	main := console.Field{Name: "main", Label: "contacts.main", Type: "select", Error: f.problems["departments"]}
	for _, d := range rt.tree {
		if !rt.writes(d.Number) {
			continue
		}
		c := Choice{Number: d.Number, Path: rt.path(d.Number), Checked: slices.Contains(f.Departments, d.Number),
			Main: len(f.Departments) > 0 && f.Departments[0] == d.Number}
		view.Departments = append(view.Departments, c)
		main.Options = append(main.Options, console.Option{Value: strconv.FormatInt(d.Number, 10), Text: c.Path, Selected: c.Main})
	}
	view.Fields = []console.Field{field("name", f.Name, 64, false), userid, main, field("position", f.Position, 128, true),
		field("mobile", f.Mobile, 30, true), field("email", f.Email, 64, true), field("alias", f.Alias, 64, true), gender}
	return view
}
