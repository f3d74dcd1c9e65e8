package contacts

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// showAdmins lists the administrators.
func (h *Handler) showAdmins(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	return h.renderAdmins(w, r, v, "", "", nil)
}

// renderAdmins shows the list; typed and problem are of the form that hands the creator over.
func (h *Handler) renderAdmins(w http.ResponseWriter, r *http.Request, v *console.Visit, typed, problem string, secret *console.Secret) error {
	all, err := h.Directory.Admins(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	view := AdminsView{Frame: v.Frame("admins"), NewURL: v.URL("/admins/new"), Secret: secret}
	for _, a := range all {
		line := AdminLine{ID: strconv.FormatInt(a.Row, 10), Name: a.Name, UserID: a.UserID, Kind: int(a.Kind), Apps: len(a.Apps),
			Self: a.Person == v.Person.Row, Disabled: a.Disabled, URL: v.URL("/admins/" + strconv.FormatInt(a.Row, 10))}
		for _, d := range a.Departments {
			line.Departments = append(line.Departments, rt.at[d.Number].Name)
		}
		view.Admins = append(view.Admins, line)
	}
	if v.Admin.Kind == directory.Creator {
		view.HandOverURL = v.URL("/admins/hand-over")
		view.HandOver = console.Field{Name: "userid", Label: "contacts.admin.successor", Value: typed, Mono: true, Max: 64, Error: problem}
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Console.RenderStatus(w, r, v, status, "contacts/admins", view)
}

// adminForm is what a form says of an administrator.
type adminForm struct {
	directory.NewAdmin
	userid, name string
	problems     map[string]string
	problem      string
}

func readAdmin(r *http.Request) adminForm {
	f := adminForm{problems: map[string]string{}, userid: strings.TrimSpace(r.PostFormValue("userid")), name: strings.TrimSpace(r.PostFormValue("name"))}
	kind, _ := strconv.Atoi(r.PostFormValue("kind"))
	f.Kind, f.Apps = directory.AdminKind(kind), map[int64]bool{}
	writable := r.PostForm["write"]
	// Whoever changes a department sees it, ticked or not.
	for _, text := range slices.Concat(r.PostForm["department"], writable) {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && !slices.ContainsFunc(f.Departments, func(d directory.AdminDepartment) bool { return d.Number == n }) {
			f.Departments = append(f.Departments, directory.AdminDepartment{Number: n, Writable: slices.Contains(writable, text)})
		}
	}
	for name, values := range r.PostForm {
		text, ok := strings.CutPrefix(name, "app-")
		holder, err := strconv.ParseInt(text, 10, 64)
		if ok && err == nil && (values[0] == "use" || values[0] == "manage") {
			f.Apps[holder] = values[0] == "manage"
		}
	}
	return f
}

// rulesNothing notes that a sub-admin was given neither department nor app.
func (f *adminForm) rulesNothing() bool {
	if f.Kind != directory.Sub || len(f.Departments) > 0 || len(f.Apps) > 0 {
		return false
	}
	f.problem = "contacts.admin.problem.nothing"
	return true
}

// refuse notes what a rule has refused; what is no refusal comes back.
func (f *adminForm) refuse(err error) error {
	switch {
	case errors.Is(err, directory.ErrAlreadyAdmin):
		f.problems["userid"] = "contacts.admin.problem.already"
	case errors.Is(err, directory.ErrNoDepartment):
		return respond.NotFound()
	case stays(err) != "":
		f.problem = stays(err)
	default:
		return err
	}
	return nil
}

func (h *Handler) showNewAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	kind, _ := strconv.Atoi(r.URL.Query().Get("kind"))
	f := adminForm{}
	if f.Kind = directory.AdminKind(kind); f.Kind != directory.External && f.Kind != directory.Sub {
		f.Kind = directory.System
	}
	f.userid = r.URL.Query().Get("userid")
	return h.renderAdmin(w, r, v, directory.Admin{}, f)
}

// renderAdmin shows the form of an administrator; a.Row 0: of a new one.
func (h *Handler) renderAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit, a directory.Admin, f adminForm) error {
	view := AdminView{Frame: v.Frame("admins"), Crumb: console.Crumb{URL: v.URL("/admins"), Label: "contacts.admin.back"},
		Name: a.Name, UserID: a.UserID, AdminKind: int(f.Kind), Problem: f.problem, SaveURL: v.URL("/admins"), BackURL: v.URL("/admins")}
	switch {
	case a.Row != 0:
		view.ID = strconv.FormatInt(a.Row, 10)
		path := "/admins/" + view.ID
		view.SaveURL = v.URL(path)
		switch {
		case a.Kind == directory.Creator:
			view.Fixed = "contacts.admin.fixed.creator"
		case a.Person == v.Person.Row:
			view.Fixed = "contacts.admin.fixed.self"
		default:
			view.RemoveURL = v.URL(path + "/remove")
		}
		if a.Kind == directory.External {
			if view.Fixed == "" {
				view.Fixed = "contacts.admin.fixed.external"
			}
			view.LinkURL = v.URL(path + "/link")
		}
	case f.Kind == directory.External:
		view.Fields = append(view.Fields, console.Field{Name: "name", Label: "contacts.admin.name", Value: f.name, Max: 64,
			Help: "contacts.admin.name.help", Error: f.problems["name"]})
	default:
		view.Fields = append(view.Fields, console.Field{Name: "userid", Label: "contacts.admin.userid", Value: f.userid, Max: 64, Mono: true,
			Help: "contacts.admin.userid.help", Error: f.problems["userid"]})
	}
	if a.Row == 0 {
		for _, k := range []directory.AdminKind{directory.System, directory.Sub, directory.External} {
			n := strconv.Itoa(int(k))
			view.Tabs = append(view.Tabs, console.Tab{Label: "contacts.admin.kind." + n, URL: v.URL("/admins/new?" + url.Values{"kind": {n}, "userid": {f.userid}}.Encode()), Active: k == f.Kind})
		}
	}
	if f.Kind != directory.External && view.Fixed == "" {
		rt, err := h.rights(r.Context(), v.Admin)
		if err != nil {
			return err
		}
		for _, d := range rt.tree {
			i := slices.IndexFunc(f.Departments, func(c directory.AdminDepartment) bool { return c.Number == d.Number })
			view.Departments = append(view.Departments, Choice{Number: d.Number, Path: rt.path(d.Number), Checked: i >= 0,
				Writable: i >= 0 && f.Departments[i].Writable})
		}
		if view.Apps, err = h.appChoices(r.Context(), v.Corp.Row, f.Apps); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(f.problems) > 0 || f.problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Console.RenderStatus(w, r, v, status, "contacts/admin", view)
}

// appChoices lists the corp's installations and own apps.
func (h *Handler) appChoices(ctx context.Context, corpRow int64, chosen map[int64]bool) ([]AppChoice, error) {
	var list []AppChoice
	add := func(holder int64, name string) {
		c := AppChoice{Holder: strconv.FormatInt(holder, 10), Name: name}
		if manage, ok := chosen[holder]; ok {
			if c.Level = "use"; manage {
				c.Level = "manage"
			}
		}
		list = append(list, c)
	}
	installed, err := h.Apps.InstallationsOf(ctx, corpRow)
	if err != nil {
		return nil, err
	}
	for _, i := range installed {
		add(i.Row, i.App.Name)
	}
	own, err := h.Apps.CorpApps(ctx, corpRow)
	for _, a := range own {
		add(a.Row, a.Name)
	}
	return list, err
}

// ownApps refuses apps that are not the corp's, as if they were not there.
func (h *Handler) ownApps(ctx context.Context, corpRow int64, asked map[int64]bool) error {
	list, err := h.appChoices(ctx, corpRow, nil)
	if err != nil {
		return err
	}
	for holder := range asked {
		if !slices.ContainsFunc(list, func(c AppChoice) bool { return c.Holder == strconv.FormatInt(holder, 10) }) {
			return respond.NotFound()
		}
	}
	return nil
}

// addAdmin makes a member an administrator, or somebody outside by a link.
func (h *Handler) addAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	f := readAdmin(r)
	f.Corp = v.Corp.Row
	switch f.Kind {
	case directory.External:
		return h.addExternal(w, r, v, f)
	case directory.System, directory.Sub:
	default:
		return respond.BadRequest(respond.Fact{Label: "contacts.fact.kind", Value: r.PostFormValue("kind")})
	}
	if err := h.ownApps(r.Context(), v.Corp.Row, f.Apps); err != nil {
		return err
	}
	m, err := h.Directory.MemberByUserID(r.Context(), v.Corp.Row, f.userid)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		f.problems["userid"] = "contacts.admin.problem.unknown"
		return h.renderAdmin(w, r, v, directory.Admin{}, f)
	case err != nil:
		return err
	case m.Status == directory.Disabled:
		f.problems["userid"] = "contacts.admin.problem.disabled"
		return h.renderAdmin(w, r, v, directory.Admin{}, f)
	}
	if f.rulesNothing() {
		return h.renderAdmin(w, r, v, directory.Admin{}, f)
	}
	f.Member = m.Row
	err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
		_, err := h.Directory.AddAdminIn(r.Context(), tx, f.NewAdmin)
		return v.Entry(audit.AdminAdded, m.UserID, f.Kind.String()), err
	})
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderAdmin(w, r, v, directory.Admin{}, f)
	}
	h.Console.Flash(w, r, "contacts.said.admin_added")
	return v.See(w, "/admins")
}

// addExternal makes a person without an account an external administrator, and the link by
// which whoever holds it becomes that person.
func (h *Handler) addExternal(w http.ResponseWriter, r *http.Request, v *console.Visit, f adminForm) error {
	if err := directory.CheckDepartmentName(f.name); err != nil { // names of people: the same rule
		f.problems["name"] = "contacts.admin.problem.name"
		return h.renderAdmin(w, r, v, directory.Admin{}, f)
	}
	var secret string
	err := h.change(r, func(tx *sql.Tx) (e audit.Entry, err error) {
		if f.Person, err = h.Directory.CreatePlaceholder(r.Context(), tx, f.name); err != nil {
			return e, err
		}
		if _, err = h.Directory.AddAdminIn(r.Context(), tx, f.NewAdmin); err != nil {
			return e, err
		}
		secret, err = h.Credentials.NewLink(r.Context(), tx, credentials.Link{Kind: credentials.LinkAdmin, Person: f.Person,
			Corp: v.Corp.Row, MadeBy: v.Person.Row})
		return v.Entry(audit.AdminAdded, f.name, f.Kind.String()), err
	})
	if err != nil {
		return err
	}
	return h.renderAdmins(w, r, v, "", "", h.secret(secret))
}

func (h *Handler) secret(text string) *console.Secret {
	return &console.Secret{Label: "contacts.link.secret", Value: strings.TrimSuffix(h.PhoneURL, "/") + "/phone/enrol/" + text}
}
