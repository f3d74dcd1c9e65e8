package contacts

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// fileColumns are the headings of a template and an export, as locale keys.
var fileColumns = []string{"contacts.name", "contacts.userid", "contacts.file.department", "contacts.position",
	"contacts.mobile", "contacts.email", "contacts.alias", "contacts.gender"}

// attach sets the headers of a CSV file. The mark at its beginning tells a spreadsheet that
// it is UTF-8.
func attach(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	// A client that has gone away gets nothing: there is nobody to tell.
	_, _ = io.WriteString(w, "\xef\xbb\xbf")
}

func escapedAll(list []string) []string {
	out := make([]string, len(list))
	for i, cell := range list {
		out[i] = escaped(cell)
	}
	return out
}

func (h *Handler) heading(r *http.Request) []string {
	list := make([]string, len(fileColumns))
	for i, key := range fileColumns {
		list[i] = h.Console.Respond.Say(r, key)
	}
	return list
}

// template answers the file to fill in: the headings and one example.
func (h *Handler) template(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	where := v.Corp.Name
	for _, d := range rt.tree {
		if rt.writes(d.Number) && d.Number != directory.Root {
			where = rt.path(d.Number)
			break
		}
	}
	say := func(key string) string { return h.Console.Respond.Say(r, key) }
	attach(w, "members-template.csv")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return errors.Join(out.WriteAll([][]string{h.heading(r), escapedAll([]string{say("contacts.example.name"), "zhangsan", where,
		say("contacts.example.position"), "13800138000", "zhangsan@example.com", "", say("contacts.gender.2")})}))
}

// exportFields is what an export takes along of the list.
func exportFields(q listQuery) []console.Hidden {
	var list []console.Hidden
	if q.department != 0 {
		list = append(list, console.Hidden{Name: "d", Value: strconv.FormatInt(q.department, 10)})
	}
	if q.search != "" {
		list = append(list, console.Hidden{Name: "q", Value: q.search})
	}
	if q.status != 0 {
		list = append(list, console.Hidden{Name: "status", Value: strconv.Itoa(int(q.status))})
	}
	return list
}

// export answers the members of a list as a file that can be imported again.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	q := readQuery(r.PostForm)
	q.after = ""
	if q.department != 0 && !rt.sees(q.department) {
		return respond.NotFound()
	}
	detail := strings.TrimPrefix(q.path(""), "/contacts")
	if err := h.Audit.Record(r.Context(), v.Entry(audit.MembersExported, rt.path(q.department), detail)); err != nil {
		return err
	}
	attach(w, "members.csv")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	defer out.Flush()
	if err := out.Write(h.heading(r)); err != nil {
		return err
	}
	query := q.members(rt)
	for query.Limit = directory.Counted; ; {
		page, err := h.Directory.Members(r.Context(), query)
		if err != nil {
			return err
		}
		for _, m := range page.Members {
			if err := out.Write(escapedAll(h.exported(r, rt, m))); err != nil {
				return err
			}
		}
		if query.After = page.Next; query.After == "" {
			return nil
		}
	}
}

func (h *Handler) exported(r *http.Request, rt *rights, m directory.Listed) []string {
	var in []string
	for _, d := range m.Departments {
		if path := rt.path(d); path != "" {
			in = append(in, path)
		}
	}
	return []string{m.Name, m.UserID, strings.Join(in, ";"), m.Position, m.Mobile, m.Email, m.Alias,
		h.Console.Respond.Say(r, "contacts.gender."+strconv.Itoa(m.Gender))}
}
