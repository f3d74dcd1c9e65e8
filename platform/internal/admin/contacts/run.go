package contacts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// writeAtOnce is how many lines go into one transaction: sign-ins wait for no more.
const writeAtOnce = 200

// breath is how long a run lets others write between two transactions.
const breath = 5 * time.Millisecond

// The states of an import in the store. A run that no process works on is shown as stopped.
const (
	stateReady     = "ready"
	stateRunning   = "running"
	stateDone      = "done"
	stateCancelled = "cancelled"
	stateStopped   = "stopped" // running in the store, but nobody works on it
)

// importRun is an import.
type importRun struct {
	row, corp, person        int64
	name, state              string
	total, tried             int
	created, updated, failed int
	heading, ignored         []string
	at                       time.Time
}

const runColumns = `SELECT id, corp_id, person_id, name, state, total, tried, created, updated, failed, heading, ignored, created_at FROM imports `

func scanRun(row interface{ Scan(...any) error }) (importRun, error) {
	var run importRun
	var heading, left string
	var at int64
	err := row.Scan(&run.row, &run.corp, &run.person, &run.name, &run.state, &run.total, &run.tried, &run.created, &run.updated,
		&run.failed, &heading, &left, &at)
	if err != nil {
		return run, err
	}
	run.at = time.UnixMilli(at)
	return run, errors.Join(json.Unmarshal([]byte(heading), &run.heading), json.Unmarshal([]byte(left), &run.ignored))
}

// find reads an import that the visitor may see: their own, or any of the corp for who
// manages all of it.
func (h *Handler) find(ctx context.Context, v *console.Visit, row int64) (importRun, error) {
	run, err := scanRun(h.DB.Query(runColumns+`WHERE id = $1 AND state <> 'reading'`).Row(ctx, row))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (run.corp != v.Corp.Row || !v.Admin.SeesAll() && run.person != v.Person.Row) {
		return run, respond.NotFound()
	}
	return run, err
}

// runsOf lists the last imports that the visitor may see.
func (h *Handler) runsOf(ctx context.Context, v *console.Visit) ([]importRun, error) {
	rows, err := h.DB.Query(runColumns+`WHERE corp_id = $1 AND state <> 'reading' ORDER BY id DESC LIMIT $2`).
		Rows(ctx, v.Corp.Row, recentRuns)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []importRun
	for rows.Next() {
		run, err := scanRun(rows)
		if err != nil {
			return nil, err
		}
		if v.Admin.SeesAll() || run.person == v.Person.Row {
			list = append(list, run)
		}
	}
	return list, rows.Err()
}

// Resume goes on with the imports that a restart has stopped, and ends all runs with ctx. It
// is called once, before requests come.
func (h *Handler) Resume(ctx context.Context) error {
	h.imports.mu.Lock()
	h.imports.context = ctx
	h.imports.mu.Unlock()
	rows, err := h.DB.Query(`SELECT id FROM imports WHERE state = 'running' ORDER BY id`).Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var row int64
		if err := rows.Scan(&row); err != nil {
			return err
		}
		list = append(list, row)
	}
	for _, row := range list {
		h.work(row)
	}
	return rows.Err()
}

// Wait returns when no run works any more; call it after the context of Resume has ended and
// before the store is closed.
func (h *Handler) Wait() { h.imports.wait.Wait() }

// work begins to write the lines of an import, unless that is going on already.
func (h *Handler) work(row int64) {
	h.imports.mu.Lock()
	defer h.imports.mu.Unlock()
	if h.imports.running[row] {
		return
	}
	if h.imports.running == nil {
		h.imports.running = map[int64]bool{}
	}
	ctx := h.imports.context
	if ctx == nil {
		ctx = context.Background()
	}
	h.imports.running[row] = true
	h.imports.wait.Add(1)
	go func() {
		defer h.imports.wait.Done()
		defer func() {
			h.imports.mu.Lock()
			delete(h.imports.running, row)
			h.imports.mu.Unlock()
		}()
		for {
			more, err := h.writeSome(ctx, row)
			// What broke is tried again by whoever presses "go on", or at the next start.
			if err != nil || !more {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(breath):
			}
		}
	}()
}

// state is how an import is shown.
func (h *Handler) state(run importRun) string {
	h.imports.mu.Lock()
	defer h.imports.mu.Unlock()
	if run.state == stateRunning && !h.imports.running[run.row] {
		return stateStopped
	}
	return run.state
}

// writeSome writes the next lines of an import in one transaction, with the rights that its
// importer has now, and tells whether there are more.
func (h *Handler) writeSome(ctx context.Context, row int64) (more bool, err error) {
	run, err := scanRun(h.DB.Query(runColumns+`WHERE id = $1`).Row(ctx, row))
	if err != nil || run.state != stateRunning {
		return false, err
	}
	a, err := h.Directory.AdminOf(ctx, run.corp, run.person)
	if errors.Is(err, directory.ErrNotFound) {
		return false, h.stop(ctx, row) // no administrator any more
	}
	if err != nil {
		return false, err
	}
	rt, err := h.rights(ctx, a)
	if err != nil {
		return false, err
	}
	var f file
	f.heading = run.heading
	if err := f.readHeading(); err != nil {
		return false, err
	}
	err = h.DB.Update(ctx, func(tx *sql.Tx) error {
		// Asked inside: what was cancelled meanwhile writes nothing more.
		if run, err = scanRun(tx.QueryRowContext(ctx, runColumns+`WHERE id = $1`, row)); err != nil {
			return err
		}
		if run.state != stateRunning {
			return nil
		}
		if err := h.writeBatch(ctx, tx, &run, f, rt); err != nil {
			return err
		}
		if run.tried < run.total {
			more = true
		} else {
			run.state = stateDone
			if err := h.Audit.RecordIn(ctx, tx, run.entry()); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE imports SET state = $1, tried = $2, created = $3, updated = $4, failed = $5 WHERE id = $6`,
			run.state, run.tried, run.created, run.updated, run.failed, row)
		return err
	})
	return more, err
}

// entry tells what an import has done; who uploaded the file has done it.
func (run importRun) entry() audit.Entry {
	return audit.Entry{Corp: run.corp, Person: run.person, Action: audit.MembersImported, Target: run.name,
		Detail: fmt.Sprintf("%d/%d: +%d ~%d !%d", run.tried, run.total, run.created, run.updated, run.failed)}
}

// stop cancels an import that has not ended: what was written stays, and is audited.
func (h *Handler) stop(ctx context.Context, row int64) error {
	return h.DB.Update(ctx, func(tx *sql.Tx) error {
		run, err := scanRun(tx.QueryRowContext(ctx, runColumns+`WHERE id = $1`, row))
		if err != nil || run.state != stateReady && run.state != stateRunning {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE imports SET state = 'cancelled' WHERE id = $1`, row); err != nil || run.tried == 0 {
			return err
		}
		return h.Audit.RecordIn(ctx, tx, run.entry())
	})
}

// writeBatch tries the next lines. A refused one is noted and harms no other.
func (h *Handler) writeBatch(ctx context.Context, tx *sql.Tx, run *importRun, f file, rt *rights) (err error) {
	list, err := nextRecords(ctx, tx, run)
	if err != nil {
		return err
	}
	b, err := h.Directory.BatchIn(ctx, tx, run.corp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close(ctx)) }()
	check := newLineCheck(f.columns, rt)
	for _, k := range list {
		run.tried++
		if k.problem != "" {
			continue // counted when it was uploaded
		}
		rec, problem := check.read(k.line)
		if problem == "" {
			problem, err = h.writeOne(ctx, b, run, rt, rec)
			if err != nil {
				return err
			}
		}
		if problem == "" {
			check.claim(rec)
			continue
		}
		run.failed++
		if _, err := tx.ExecContext(ctx, `UPDATE import_records SET problem = $1 WHERE import_id = $2 AND n = $3`,
			problem, run.row, run.tried); err != nil {
			return err
		}
	}
	return nil
}

// writeOne writes one line, or answers why it is refused.
func (h *Handler) writeOne(ctx context.Context, b *directory.Batch, run *importRun, rt *rights, rec record) (string, error) {
	found, in, leads, kind, err := b.Find(ctx, rec.UserID)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		if _, err = b.Add(ctx, directory.NewMember{MemberEdit: rec.MemberEdit}); err == nil {
			run.created++
		}
	case err == nil:
		m := member{found, in, kind, rt}
		if problem := refusal(m); problem != "" {
			return problem, nil
		}
		if _, err = b.Update(ctx, m.Row, rec.onto(m, leads)); err == nil {
			run.updated++
		}
	}
	if problem := problemOf(err); problem != "" {
		return problem, nil
	}
	return "", err
}

func nextRecords(ctx context.Context, tx *sql.Tx, run *importRun) ([]kept, error) {
	rows, err := tx.QueryContext(ctx, `SELECT line, text, problem FROM import_records WHERE import_id = $1 AND n > $2 AND n <= $3 ORDER BY n`,
		run.row, run.tried, run.tried+writeAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []kept
	for rows.Next() {
		var k kept
		if err := rows.Scan(&k.number, &k.text, &k.problem); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("import %d lacks lines after %d of %d", run.row, run.tried, run.total)
	}
	return list, nil
}
