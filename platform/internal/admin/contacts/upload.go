package contacts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// recentRuns is how many imports a corp keeps; older ones are dropped with their lines.
const recentRuns = 5

// insertAtOnce is how many lines of an upload go into one transaction.
const insertAtOnce = 500

// showImport shows the form and the last imports.
func (h *Handler) showImport(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	return h.renderImport(w, r, v, nil, "")
}

func (h *Handler) renderImport(w http.ResponseWriter, r *http.Request, v *console.Visit, problem error, received string) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	if !rt.writesAny() {
		return respond.Forbidden(nil)
	}
	list, err := h.runsOf(r.Context(), v)
	if err != nil {
		return err
	}
	view := ImportView{Frame: v.Frame("contacts"), Crumb: console.Crumb{URL: v.URL("/contacts"), Label: "contacts.back"},
		UploadURL: v.URL("/contacts/import"), TemplateURL: v.URL("/contacts/import/template"), Received: received}
	status := http.StatusOK
	if problem != nil {
		view.Problem, status = "contacts.import.problem."+problem.Error(), http.StatusUnprocessableEntity
	}
	for _, run := range list {
		view.Recent = append(view.Recent, RunLine{Name: run.name, State: h.state(run), URL: v.URL(runPath(run.row)),
			When: run.at.In(console.Zone).Format("2006-01-02 15:04"), Created: run.created, Updated: run.updated, Failed: run.failed})
	}
	return h.Console.RenderStatus(w, r, v, status, "contacts/import", view)
}

func runPath(row int64) string { return "/contacts/imports/" + strconv.FormatInt(row, 10) }

// upload reads and checks a file, keeps its lines, and shows what would become of them.
// Nothing is written to the address book yet.
func (h *Handler) upload(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	if !rt.writesAny() {
		return respond.Forbidden(nil)
	}
	part, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return h.renderImport(w, r, v, errEmpty, "")
	}
	if err != nil {
		return err
	}
	defer part.Close()
	raw, err := io.ReadAll(io.LimitReader(part, maxFile+1))
	if err != nil {
		return err
	}
	f, err := readFile(raw)
	if err != nil {
		received := ""
		if errors.Is(err, errHeading) {
			received = strings.Join(f.heading, " ")
		}
		return h.renderImport(w, r, v, err, received)
	}
	row, err := h.keep(r.Context(), v, rt, f, head.Filename)
	if err != nil {
		return err
	}
	return v.See(w, runPath(row))
}

// kept is a line with what is to become of it.
type kept struct {
	line
	plan, problem string
}

// plan checks every line against the address book as it is.
func (h *Handler) plan(ctx context.Context, rt *rights, f file) ([]kept, error) {
	check := newLineCheck(f.columns, rt)
	list := make([]kept, 0, len(f.lines))
	for _, l := range f.lines {
		rec, problem := check.read(l)
		k := kept{line: l, problem: problem}
		if problem == "" {
			m, err := h.lookUp(ctx, rt, rec.UserID)
			switch {
			case errors.Is(err, directory.ErrNotFound):
				k.plan = planCreate
			case err != nil:
				return nil, err
			default:
				k.plan, k.problem = planUpdate, refusal(m)
			}
			if k.problem == "" {
				if k.problem, err = h.taken(ctx, rt, rec, m.Row); err != nil {
					return nil, err
				}
			}
			if k.problem == "" {
				check.claim(rec)
			}
		}
		if k.problem != "" {
			k.plan = ""
		}
		list = append(list, k)
	}
	return list, nil
}

const (
	planCreate = "create"
	planUpdate = "update"
)

// taken answers whether somebody else has the mobile or email of a line. Whose they are in
// another company says nothing: they join nobody.
func (h *Handler) taken(ctx context.Context, rt *rights, rec record, memberRow int64) (string, error) {
	err := h.Directory.Free(ctx, rt.admin.Corp.Row, memberRow, rec.Mobile, rec.Email)
	if problem := problemOf(err); problem != "" {
		return problem, nil
	}
	return "", err
}

// lookUp finds the member that a line is about, with what the importer may do to it.
func (h *Handler) lookUp(ctx context.Context, rt *rights, userid string) (member, error) {
	m, err := h.Directory.MemberByUserID(ctx, rt.admin.Corp.Row, userid)
	if err != nil {
		return member{}, err
	}
	in, err := h.Directory.DepartmentsOf(ctx, m.Row)
	if err != nil {
		return member{}, err
	}
	kind, err := h.Directory.KindOf(ctx, m.Row)
	return member{m, in, kind, rt}, err
}

// refusal is why the importer may not change a member; "": they may.
func refusal(m member) string {
	switch {
	case m.writable():
		return ""
	case !m.rights.seesMember(m.departments):
		return problemTaken // no more is said of who is not theirs to see
	case m.kind != 0:
		return problemAdmin
	}
	return problemScope
}

// keep writes an upload down, some hundred lines at a time, so that nobody waits for it.
func (h *Handler) keep(ctx context.Context, v *console.Visit, rt *rights, f file, name string) (int64, error) {
	list, err := h.plan(ctx, rt, f)
	if err != nil {
		return 0, err
	}
	heading, err := json.Marshal(f.heading)
	if err != nil {
		return 0, err
	}
	left, err := json.Marshal(f.ignored)
	if err != nil {
		return 0, err
	}
	failed := 0
	for _, k := range list {
		if k.problem != "" {
			failed++
		}
	}
	if len(name) > 200 {
		name = name[:200]
	}
	row := h.DB.NewID()
	if err := h.DB.Update(ctx, func(tx *sql.Tx) error {
		if err := dropOld(ctx, tx, v.Corp.Row); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO imports
			(id, corp_id, person_id, name, state, total, tried, created, updated, failed, heading, ignored, created_at)
			VALUES ($1, $2, $3, $4, 'reading', $5, 0, 0, 0, $6, $7, $8, $9)`,
			row, v.Corp.Row, v.Person.Row, name, len(list), failed, string(heading), string(left), h.Now().UnixMilli())
		return err
	}); err != nil {
		return 0, err
	}
	for from := 0; from < len(list); from += insertAtOnce {
		if err := h.DB.Update(ctx, func(tx *sql.Tx) error {
			insert, err := tx.PrepareContext(ctx, `INSERT INTO import_records (import_id, n, line, text, plan, problem)
				VALUES ($1, $2, $3, $4, $5, $6)`)
			if err != nil {
				return err
			}
			defer insert.Close()
			for i, k := range list[from:min(from+insertAtOnce, len(list))] {
				if _, err := insert.ExecContext(ctx, row, from+i+1, k.number, k.text, k.plan, k.problem); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return 0, err
		}
	}
	_, err = h.DB.Exec(ctx, `UPDATE imports SET state = 'ready' WHERE id = $1`, row)
	return row, err
}

// dropOld forgets the imports of a corp before the last few, and uploads that were broken off.
func dropOld(ctx context.Context, tx *sql.Tx, corpRow int64) error {
	const old = `SELECT id FROM imports WHERE corp_id = $1 AND state <> 'running' AND (state = 'reading' OR id NOT IN (
		SELECT id FROM imports WHERE corp_id = $1 AND state <> 'reading' ORDER BY id DESC LIMIT $2))`
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_records WHERE import_id IN (`+old+`)`, corpRow, recentRuns-1); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM imports WHERE id IN (`+old+`)`, corpRow, recentRuns-1)
	return err
}
