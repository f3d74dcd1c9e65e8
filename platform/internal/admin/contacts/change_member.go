package contacts

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// addMember adds a member to departments that the visitor may change.
func (h *Handler) addMember(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	if !rt.writesAny() {
		return respond.Forbidden(nil)
	}
	f := readMember(r)
	if err := rt.own(f.Departments); err != nil {
		return err
	}
	var m directory.Member
	err = h.change(r, func(tx *sql.Tx) (e audit.Entry, err error) {
		m, err = h.Directory.AddMemberIn(r.Context(), tx, v.Corp.Row, directory.NewMember{MemberEdit: f.MemberEdit})
		return v.Entry(audit.MemberAdded, m.UserID, ""), err
	})
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderNewMember(w, r, v, rt, f)
	}
	h.Console.Flash(w, r, "contacts.said.added")
	return v.See(w, "/contacts/members/"+strconv.FormatInt(m.Row, 10))
}

// own refuses departments that are not the visitor's to fill, as if they were not there.
func (rt *rights) own(departments []int64) error {
	if slices.ContainsFunc(departments, func(d int64) bool { return !rt.writes(d) }) {
		return respond.NotFound()
	}
	return nil
}

// saveMember gives a member the values of the form.
func (h *Handler) saveMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	f := readMember(r)
	if err := m.rights.own(f.Departments); err != nil {
		return err
	}
	f.Leads = nil
	err := h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
		leads, err := h.Directory.LeadsIn(r.Context(), tx, m.Row)
		if err != nil {
			return audit.Entry{}, err
		}
		f.Leads = slices.DeleteFunc(leads, func(d int64) bool { return !slices.Contains(f.Departments, d) })
		is, err := h.Directory.UpdateMemberIn(r.Context(), tx, v.Corp.Row, m.Row, f.MemberEdit)
		return v.Entry(audit.MemberChanged, is.UserID, renamed(m.UserID, is.UserID)), err
	})
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderMember(w, r, v, m, f, nil)
	}
	h.Console.Flash(w, r, "console.saved")
	return v.See(w, "/contacts/members/"+strconv.FormatInt(m.Row, 10))
}

func renamed(was, is string) string {
	if was == is {
		return ""
	}
	return was + " → " + is
}

func (h *Handler) disableMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	return h.setStatus(w, r, v, m, directory.Disabled, audit.MemberDisabled, "contacts.said.disabled")
}

func (h *Handler) enableMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	return h.setStatus(w, r, v, m, directory.Active, audit.MemberEnabled, "contacts.said.enabled")
}

func (h *Handler) setStatus(w http.ResponseWriter, r *http.Request, v *console.Visit, m member, s directory.Status,
	action audit.Action, said string) error {
	err := errSelf
	if s != directory.Disabled || m.Person != v.Person.Row {
		err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
			return v.Entry(action, m.UserID, ""), h.Directory.SetStatusIn(r.Context(), tx, v.Corp.Row, m.Row, s)
		})
	}
	if key := stays(err); key != "" {
		f := m.form()
		f.problem = key
		return h.renderMember(w, r, v, m, f, nil)
	}
	if err != nil {
		return err
	}
	h.Console.Flash(w, r, said)
	return v.See(w, "/contacts/members/"+strconv.FormatInt(m.Row, 10))
}

// errSelf says that somebody would lock themselves out.
var errSelf = errors.New("contacts: one's own membership or rights")

// stays is why somebody stays who was to go, a locale key; "" where that is not the reason.
func stays(err error) string {
	switch {
	case errors.Is(err, errSelf):
		return "contacts.stays.self"
	case errors.Is(err, directory.ErrCreatorStays):
		return "contacts.stays.creator"
	case errors.Is(err, directory.ErrLastAdmin):
		return "contacts.stays.last"
	}
	return ""
}

// showRemoveMember asks once more.
func (h *Handler) showRemoveMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	if !m.writable() {
		return respond.Forbidden(nil)
	}
	return h.renderRemove(w, r, v, m, "")
}

func (h *Handler) renderRemove(w http.ResponseWriter, r *http.Request, v *console.Visit, m member, problem string) error {
	base := "/contacts/members/" + strconv.FormatInt(m.Row, 10)
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Console.RenderStatus(w, r, v, status, "contacts/remove", RemoveView{Frame: v.Frame("contacts"),
		Crumb: console.Crumb{URL: v.URL(base), Text: m.Name}, Name: m.Name, UserID: m.UserID, Problem: problem,
		RemoveURL: v.URL(base + "/remove"), BackURL: v.URL(base)})
}

// removeMember ends the membership.
func (h *Handler) removeMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	err := errSelf
	if m.Person != v.Person.Row {
		err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
			return v.Entry(audit.MemberRemoved, m.UserID, m.Name), h.Directory.RemoveMemberIn(r.Context(), tx, v.Corp.Row, m.Row)
		})
	}
	if key := stays(err); key != "" {
		return h.renderRemove(w, r, v, m, key)
	}
	if err != nil {
		return err
	}
	h.Console.Flash(w, r, "contacts.said.removed")
	return v.See(w, "/contacts")
}

// linkMember makes an enrolment link and shows it this once.
func (h *Handler) linkMember(w http.ResponseWriter, r *http.Request, v *console.Visit, m member) error {
	f := m.form()
	refused, err := h.linkRefused(r, v, m)
	if err != nil {
		return err
	}
	if refused != "" {
		f.problem = refused
		return h.renderMember(w, r, v, m, f, nil)
	}
	secret, err := h.link(r, v, credentials.Link{Kind: credentials.LinkMember, Corp: v.Corp.Row, Person: m.Person, Member: m.Row}, m.UserID)
	if err != nil {
		return err
	}
	return h.renderMember(w, r, v, m, f, secret)
}

func (h *Handler) link(r *http.Request, v *console.Visit, l credentials.Link, target string) (*console.Secret, error) {
	l.MadeBy = v.Person.Row
	var secret string
	err := h.change(r, func(tx *sql.Tx) (e audit.Entry, err error) {
		secret, err = h.Credentials.NewLink(r.Context(), tx, l)
		return v.Entry(audit.LinkMade, target, string(l.Kind)), err
	})
	if err != nil {
		return nil, err
	}
	return h.secret(secret), nil
}
