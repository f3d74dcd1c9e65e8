package phone

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// showHome shows who is signed in, and takes a link where there is no camera.
func (h *Handler) showHome(w http.ResponseWriter, r *http.Request) error {
	o, err := h.owner(r)
	if errors.Is(err, session.ErrNone) {
		return h.toSignIn(w, r)
	}
	if err != nil {
		return err
	}
	return h.renderHome(w, r, o, "", "")
}

func (h *Handler) renderHome(w http.ResponseWriter, r *http.Request, o owner, link, problem string) error {
	members, err := h.Directory.Memberships(r.Context(), o.Person)
	if err != nil {
		return err
	}
	v := HomeView{CSRF: o.CSRF(), Name: o.Name, Link: link, LinkProblem: problem,
		OpenURL: respond.Link(r, "/phone/open"), SignOutURL: respond.Link(r, "/phone/sign-out"),
		AccountURL: respond.Link(r, accountPath), WorkbenchURL: respond.Link(r, workbenchPath)}
	switch may, err := h.entersConsole(r.Context(), o.Person); {
	case err != nil:
		return err
	case may:
		v.ConsoleURL, v.ConsoleHost = respond.Link(r, h.ConsoleURL+"/console"), h.consoleHost()
	}
	for _, m := range members {
		department, err := h.mainDepartment(r, m)
		if err != nil {
			return err
		}
		v.Memberships = append(v.Memberships, Membership{Company: m.Corp.Name, Name: m.Name, UserID: m.UserID, Department: department})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/home", v)
}

// entersConsole tells whether there is a console that the person may enter.
func (h *Handler) entersConsole(ctx context.Context, person int64) (bool, error) {
	operator, err := h.Directory.IsOperator(ctx, person)
	if err != nil || operator {
		return operator, err
	}
	admins, err := h.Directory.AdminCorps(ctx, person)
	return len(admins) > 0, err
}

func (h *Handler) mainDepartment(r *http.Request, m directory.Member) (string, error) {
	numbers, err := h.Directory.DepartmentsOf(r.Context(), m.Row)
	if err != nil || len(numbers) == 0 {
		return "", err
	}
	return h.Directory.DepartmentName(r.Context(), m.Corp.Row, numbers[0])
}

// openLink goes to the QR code whose address was pasted, if it is one of ours.
func (h *Handler) openLink(w http.ResponseWriter, r *http.Request, o owner) error {
	link := strings.TrimSpace(r.PostFormValue("link"))
	if link == "" {
		return h.renderHome(w, r, o, "", LinkEmpty)
	}
	key, ok := strings.CutPrefix(link, h.PublicURL+"/q/")
	if u, err := url.Parse(link); !ok || err != nil || u.RawQuery != "" || strings.ContainsAny(key, "/\\#?") {
		return h.renderHome(w, r, o, link, LinkForeign)
	}
	return seeOther(w, r, "/q/"+url.PathEscape(key))
}
