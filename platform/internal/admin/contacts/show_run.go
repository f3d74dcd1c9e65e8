package contacts

import (
	"encoding/csv"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// How many lines the page of an import shows: the first, and of the refused ones.
const (
	shownFirst    = 8
	shownUpdates  = 20
	shownProblems = 100
)

func (h *Handler) run(r *http.Request, v *console.Visit) (importRun, error) {
	row, err := strconv.ParseInt(r.PathValue("import"), 10, 64)
	if err != nil {
		return importRun{}, respond.NotFound()
	}
	return h.find(r.Context(), v, row)
}

// showRun shows an import: what it would do, how far it is, or what has become of it.
func (h *Handler) showRun(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	run, err := h.run(r, v)
	state := h.state(run)
	if err == nil && state == stateStopped {
		// It may have ended since it was read: whoever writes leaves after its last line.
		run, err = h.run(r, v)
		state = h.state(run)
	}
	if err != nil {
		return err
	}
	path := runPath(run.row)
	view := RunView{Frame: v.Frame("contacts"), Crumb: console.Crumb{URL: v.URL("/contacts/import"), Label: "contacts.import.title"},
		Name: run.name, State: state, Total: run.total, Tried: run.tried, Created: run.created, Updated: run.updated,
		Failed: run.failed, Percent: run.tried * 100 / max(run.total, 1), SelfURL: v.URL(path), AgainURL: v.URL("/contacts/import")}
	for _, cell := range run.ignored {
		if isAdminColumn(cell) {
			view.AdminColumns = append(view.AdminColumns, cell)
		} else {
			view.Ignored = append(view.Ignored, cell)
		}
	}
	if view.Failed > 0 {
		view.FailedURL = v.URL(path + "/failed")
	}
	switch view.State {
	case stateReady, stateStopped:
		view.StartURL, view.CancelURL = v.URL(path+"/start"), v.URL(path+"/cancel")
	case stateRunning:
		view.CancelURL = v.URL(path + "/cancel")
	}
	if view.State == stateReady {
		for _, c := range []struct {
			plan string
			into *int
		}{{planCreate, &view.Creates}, {planUpdate, &view.Updates}} {
			if err := h.DB.Query(`SELECT COUNT(*) FROM import_records WHERE import_id = $1 AND plan = $2`).
				Row(r.Context(), run.row, c.plan).Scan(c.into); err != nil {
				return err
			}
		}
		// What is overwritten is shown apart: it may be a mistake that nobody sees among the new ones.
		if view.Overwritten, err = h.lines(r, run, `plan = '`+planUpdate+`'`, shownUpdates); err != nil {
			return err
		}
		if view.First, err = h.lines(r, run, `plan = '`+planCreate+`'`, shownFirst); err != nil {
			return err
		}
	}
	if view.State != stateRunning {
		if view.Problems, err = h.lines(r, run, `problem <> ''`, shownProblems); err != nil {
			return err
		}
	}
	return h.Console.Render(w, r, v, "contacts/run", view)
}

// lines reads some lines of an import; where is a condition of ours.
func (h *Handler) lines(r *http.Request, run importRun, where string, n int) ([]RecordLine, error) {
	rows, err := h.DB.Query(`SELECT line, text, plan, problem FROM import_records WHERE import_id = $1 AND `+where+` ORDER BY n LIMIT $2`).
		Rows(r.Context(), run.row, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	f := file{heading: run.heading}
	if err := f.readHeading(); err != nil {
		return nil, err
	}
	var list []RecordLine
	for rows.Next() {
		var l RecordLine
		var text string
		if err := rows.Scan(&l.Line, &text, &l.Plan, &l.Problem); err != nil {
			return nil, err
		}
		list = append(list, l.fill(f.columns, text))
	}
	return list, rows.Err()
}

// fill puts the cells that name a line into it, as they are; what cannot be read is shown by
// its beginning.
func (l RecordLine) fill(columns []column, text string) RecordLine {
	list, err := cells(text)
	if err != nil || len(text) > maxLine {
		l.UserID = cut(text, 40)
		return l
	}
	for i, cell := range list {
		if i >= len(columns) {
			break
		}
		switch columns[i] {
		case userid:
			l.UserID = cut(cell, 70)
		case name:
			l.Name = cut(cell, 70)
		case department:
			l.Where = cut(cell, 120)
		}
	}
	return l
}

// cut shortens a text to n characters.
func cut(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return text
}

// startRun begins an import, or goes on with one that was stopped.
func (h *Handler) startRun(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	run, err := h.run(r, v)
	if err != nil {
		return err
	}
	changed, err := h.DB.Exec(r.Context(), `UPDATE imports SET state = 'running' WHERE id = $1 AND state IN ('ready', 'running')`, run.row)
	if err != nil {
		return err
	}
	if changed > 0 {
		h.work(run.row)
	}
	return v.See(w, runPath(run.row))
}

// cancelRun stops an import: what was written stays.
func (h *Handler) cancelRun(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	run, err := h.run(r, v)
	if err != nil {
		return err
	}
	if err := h.stop(r.Context(), run.row); err != nil {
		return err
	}
	return v.See(w, runPath(run.row))
}

// failedLines answers the refused lines as a file, with the reason at the end of each, to be
// mended and uploaded again.
func (h *Handler) failedLines(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	run, err := h.run(r, v)
	if err != nil {
		return err
	}
	rows, err := h.DB.Query(`SELECT text, problem FROM import_records WHERE import_id = $1 AND problem <> '' ORDER BY n`).
		Rows(r.Context(), run.row)
	if err != nil {
		return err
	}
	defer rows.Close()
	attach(w, "failed-lines.csv")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	defer out.Flush()
	say := func(key string) string { return h.Console.Respond.Say(r, key) }
	if err := out.Write(escapedAll(append(run.heading, say("contacts.import.reason")))); err != nil {
		return err
	}
	for rows.Next() {
		var text, problem string
		if err := rows.Scan(&text, &problem); err != nil {
			return err
		}
		list, err := cells(text)
		if err != nil {
			list = []string{text} // whole, so that nothing is lost
		}
		for len(list) < len(run.heading) {
			list = append(list, "")
		}
		if err := out.Write(escapedAll(append(list, say("contacts.problem."+problem)))); err != nil {
			return err
		}
	}
	return rows.Err()
}
