package contacts

import (
	"database/sql"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// admin finds the administrator of the address.
func (h *Handler) admin(r *http.Request, v *console.Visit) (directory.Admin, error) {
	row, err := strconv.ParseInt(r.PathValue("admin"), 10, 64)
	if err != nil {
		return directory.Admin{}, respond.NotFound()
	}
	a, err := h.Directory.Admin(r.Context(), v.Corp.Row, row)
	if errors.Is(err, directory.ErrNotFound) {
		return a, respond.NotFound()
	}
	return a, err
}

func (h *Handler) showAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.admin(r, v)
	if err != nil {
		return err
	}
	return h.renderAdmin(w, r, v, a, adminForm{NewAdmin: directory.NewAdmin{Kind: a.Kind, Departments: a.Departments, Apps: a.Apps}})
}

// saveAdmin gives a system or sub-admin another kind and range. Nobody changes themselves:
// rights once given away could not be taken back.
func (h *Handler) saveAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.admin(r, v)
	if err != nil {
		return err
	}
	f := readAdmin(r)
	if f.Kind != directory.System && f.Kind != directory.Sub {
		return respond.BadRequest(respond.Fact{Label: "contacts.fact.kind", Value: r.PostFormValue("kind")})
	}
	if a.Kind == directory.External {
		return respond.Forbidden(nil)
	}
	if err := h.ownApps(r.Context(), v.Corp.Row, f.Apps); err != nil {
		return err
	}
	if f.rulesNothing() {
		return h.renderAdmin(w, r, v, a, f)
	}
	err = errSelf
	if a.Person != v.Person.Row {
		err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
			return v.Entry(audit.AdminChanged, a.UserID, f.Kind.String()),
				h.Directory.UpdateAdminIn(r.Context(), tx, v.Corp.Row, a.Row, f.NewAdmin)
		})
	}
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderAdmin(w, r, v, a, f)
	}
	h.Console.Flash(w, r, "console.saved")
	return v.See(w, "/admins")
}

// removeAdmin takes an administrator's rights.
func (h *Handler) removeAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.admin(r, v)
	if err != nil {
		return err
	}
	err = errSelf
	if a.Person != v.Person.Row {
		err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
			return v.Entry(audit.AdminRemoved, a.Called(), a.Kind.String()), h.Directory.RemoveAdminIn(r.Context(), tx, v.Corp.Row, a.Row)
		})
	}
	if err != nil {
		f := adminForm{NewAdmin: directory.NewAdmin{Kind: a.Kind, Departments: a.Departments, Apps: a.Apps}, problems: map[string]string{}}
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderAdmin(w, r, v, a, f)
	}
	h.Console.Flash(w, r, "contacts.said.admin_removed")
	return v.See(w, "/admins")
}

// linkAdmin makes an external administrator another link, which voids the older.
func (h *Handler) linkAdmin(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.admin(r, v)
	if err != nil {
		return err
	}
	if a.Kind != directory.External {
		return respond.NotFound()
	}
	secret, err := h.link(r, v, credentials.Link{Kind: credentials.LinkAdmin, Person: a.Person, Corp: v.Corp.Row}, a.Name)
	if errors.Is(err, credentials.ErrOtherMembership) {
		f := adminForm{NewAdmin: directory.NewAdmin{Kind: a.Kind}, problem: "contacts.link.elsewhere"}
		return h.renderAdmin(w, r, v, a, f)
	}
	if err != nil {
		return err
	}
	return h.renderAdmins(w, r, v, "", "", secret)
}

// handOver makes another member the creator; only the creator can.
func (h *Handler) handOver(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	if v.Admin.Kind != directory.Creator {
		return respond.Forbidden(nil)
	}
	userid := strings.TrimSpace(r.PostFormValue("userid"))
	m, err := h.Directory.MemberByUserID(r.Context(), v.Corp.Row, userid)
	if errors.Is(err, directory.ErrNotFound) {
		return h.renderAdmins(w, r, v, userid, "contacts.admin.problem.unknown", nil)
	}
	if err != nil {
		return err
	}
	if m.Person == v.Person.Row {
		return h.renderAdmins(w, r, v, userid, "contacts.admin.problem.yourself", nil)
	}
	err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
		return v.Entry(audit.AdminChanged, m.UserID, directory.Creator.String()), h.Directory.HandOverIn(r.Context(), tx, v.Corp.Row, m.Row)
	})
	if errors.Is(err, directory.ErrNotActive) {
		return h.renderAdmins(w, r, v, userid, "contacts.admin.problem.not_active", nil)
	}
	if err != nil {
		return err
	}
	h.Console.Flash(w, r, "contacts.said.handed_over")
	return v.See(w, "/admins")
}
