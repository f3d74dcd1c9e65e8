package contacts

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// rights is what an admin may see and change of the address book, read anew at each request.
type rights struct {
	admin    directory.Admin
	tree     []directory.Department // of the whole corp: parents before children
	at       map[int64]directory.Department
	visible  map[int64]bool // nil: all
	writable map[int64]bool // nil: all
}

func (h *Handler) rights(ctx context.Context, a directory.Admin) (*rights, error) {
	tree, err := h.Directory.Tree(ctx, a.Corp.Row)
	if err != nil {
		return nil, err
	}
	rt := &rights{admin: a, tree: tree, at: make(map[int64]directory.Department, len(tree))}
	for _, d := range tree {
		rt.at[d.Number] = d
	}
	if !a.SeesAll() {
		rt.visible, rt.writable = rt.beneath(a.Scope()), rt.beneath(a.Writable())
	}
	return rt, nil
}

// beneath is the set of these departments and all beneath them. It relies on parents coming
// first.
func (rt *rights) beneath(roots []int64) map[int64]bool {
	set := map[int64]bool{}
	for _, d := range rt.tree {
		if set[d.Parent] || slices.Contains(roots, d.Number) {
			set[d.Number] = true
		}
	}
	return set
}

// sees tells whether the department is there for this admin.
func (rt *rights) sees(number int64) bool {
	_, there := rt.at[number]
	return there && (rt.visible == nil || rt.visible[number])
}

// writes tells whether the admin may put members and departments into it and take them out.
func (rt *rights) writes(number int64) bool {
	_, there := rt.at[number]
	return there && (rt.writable == nil || rt.writable[number])
}

// writesAny tells whether there is anything the admin may change.
func (rt *rights) writesAny() bool { return rt.writable == nil || len(rt.writable) > 0 }

// moves tells whether the admin may rename, move or remove the department itself. A sub-admin
// may so change what lies beneath their departments, not those themselves: whoever gave them
// decides what they are.
func (rt *rights) moves(number int64) bool {
	return rt.writes(number) && (rt.writable == nil || rt.writable[rt.at[number].Parent])
}

// seesMember tells whether one of a member's departments is seen.
func (rt *rights) seesMember(departments []int64) bool {
	return rt.visible == nil || slices.ContainsFunc(departments, rt.sees)
}

// writesMember tells whether the admin may change a member who is in these departments and
// serves as such an admin. A sub-admin changes only who is theirs altogether; neither a sub-admin
// nor an external one changes an admin: a new link, or a new userid, would be a way to their
// rights.
func (rt *rights) writesMember(departments []int64, kind directory.AdminKind) bool {
	if rt.admin.Leads() {
		return true
	}
	if kind != 0 || rt.writable == nil {
		return kind == 0
	}
	return len(departments) > 0 && !slices.ContainsFunc(departments, func(d int64) bool { return !rt.writes(d) })
}

// path is the names from the topmost department that is seen down to this one.
func (rt *rights) path(number int64) string {
	d, ok := rt.at[number]
	if !ok || !rt.sees(number) {
		return ""
	}
	if up := rt.path(d.Parent); up != "" {
		return up + "/" + d.Name
	}
	return d.Name
}

// member is one member of the corp, as a request finds it.
type member struct {
	directory.Member
	departments []int64
	kind        directory.AdminKind
	rights      *rights
}

func (m member) writable() bool { return m.rights.writesMember(m.departments, m.kind) }

// at finds the member of the address, who must be seen by the visitor; to change it, it must
// be writable too.
func (h *Handler) at(act func(http.ResponseWriter, *http.Request, *console.Visit, member) error) action {
	return func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		row, err := strconv.ParseInt(r.PathValue("member"), 10, 64)
		if err != nil {
			return respond.NotFound()
		}
		m, err := h.member(r.Context(), v, row)
		if err != nil {
			return err
		}
		if r.Method != http.MethodGet && !m.writable() {
			return respond.Forbidden(nil)
		}
		return act(w, r, v, m)
	}
}

func (h *Handler) member(ctx context.Context, v *console.Visit, row int64) (member, error) {
	rt, err := h.rights(ctx, v.Admin)
	if err != nil {
		return member{}, err
	}
	m, err := h.Directory.Member(ctx, row)
	if errors.Is(err, directory.ErrNotFound) || err == nil && m.Corp.Row != v.Corp.Row {
		return member{}, respond.NotFound()
	}
	if err != nil {
		return member{}, err
	}
	in, err := h.Directory.DepartmentsOf(ctx, row)
	if err != nil {
		return member{}, err
	}
	if !rt.seesMember(in) {
		return member{}, respond.NotFound()
	}
	kind, err := h.Directory.KindOf(ctx, row)
	return member{m, in, kind, rt}, err
}
