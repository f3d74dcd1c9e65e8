package audit

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// Query asks for entries, newest first.
type Query struct {
	Corp int64 // corp row; 0: the platform's own
	// Actions are those asked for; none: all but SignedIn.
	Actions []Action
	// Search is part of the name or userid of who did it, or of the target, without case.
	Search   string
	From, To time.Time // From included, To not; zero: no bound
	Before   int64     // ID of the last entry of the page before; 0: the newest
	Limit    int
}

// Shown is an entry as a page shows it.
type Shown struct {
	ID      int64
	At      time.Time
	Action  Action
	Name    string // of who did it, as this corp knows the person; empty: the platform, or who is gone
	UserID  string // in this corp; empty: no member
	App     string // name, of a login suite its provider's brand; empty: none
	Target  string
	Detail  string
	Address string
}

// Entries answers a page of entries. more says that there are older ones.
func (l *Log) Entries(ctx context.Context, q Query) (list []Shown, more bool, err error) {
	from, to, before := q.From.UnixMilli(), q.To.UnixMilli(), q.Before
	if q.From.IsZero() {
		from = 0
	}
	if q.To.IsZero() {
		to = 1 << 62
	}
	if before == 0 {
		before = 1 << 62
	}
	rows, err := l.DB.Query(selectEntries(q)).Rows(ctx, q.Corp, before, from, to, like(q.Search), q.Limit+1)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scanShown(rows)
		if err != nil {
			return nil, false, err
		}
		list = append(list, s)
	}
	if len(list) > q.Limit {
		return list[:q.Limit], true, rows.Err()
	}
	return list, false, rows.Err()
}

// selectEntries is one of a handful of texts: actions are constants of this package, and all
// that comes from outside is a parameter.
func selectEntries(q Query) string {
	which := `e.action <> 'signed_in'`
	if len(q.Actions) > 0 {
		known := All()
		var words []string
		for _, a := range q.Actions {
			for _, k := range known {
				if a == k {
					words = append(words, "'"+string(k)+"'")
				}
			}
		}
		if len(words) == 0 {
			words = []string{"''"}
		}
		which = fmt.Sprintf("e.action IN (%s)", strings.Join(words, ", "))
		if !strings.Contains(which, "'signed_in'") {
			which += ` AND e.action <> 'signed_in'` // so that the index of the others serves
		}
	}
	match := `$5 = '%%'`
	if q.Search != "" {
		match = `(LOWER(e.target) LIKE $5 ESCAPE '!' OR e.actor IN (SELECT s.person_id FROM members s
			WHERE s.corp_id = $1 AND (LOWER(s.name) LIKE $5 ESCAPE '!' OR s.userid_key LIKE $5 ESCAPE '!')))`
		if q.Corp == 0 {
			match = `(LOWER(e.target) LIKE $5 ESCAPE '!' OR e.actor IN (SELECT s.id FROM persons s
				WHERE LOWER(s.name) LIKE $5 ESCAPE '!' OR s.account_key LIKE $5 ESCAPE '!'))`
		}
	}
	return `SELECT e.id, e.at, e.action, COALESCE(m.name, p.name, ''), COALESCE(m.userid, ''), 
			CASE a.kind WHEN 'login_suite' THEN COALESCE(b.brand_name, a.name) ELSE COALESCE(a.name, '') END,
			e.target, e.detail, e.address
		FROM audit_entries e
		LEFT JOIN members m ON m.corp_id = e.corp_id AND m.person_id = e.actor
		LEFT JOIN persons p ON p.id = e.actor
		LEFT JOIN apps a ON a.id = e.app_id
		LEFT JOIN providers b ON b.corp_id = a.corp_id
		WHERE e.corp_id = $1 AND e.id < $2 AND e.at >= $3 AND e.at < $4 AND ` + which + ` AND ` + match + `
		ORDER BY e.id DESC LIMIT $6`
}

func scanShown(rows *sql.Rows) (Shown, error) {
	var s Shown
	var at int64
	err := rows.Scan(&s.ID, &at, &s.Action, &s.Name, &s.UserID, &s.App, &s.Target, &s.Detail, &s.Address)
	s.At = time.UnixMilli(at)
	return s, err
}

// like is the pattern of a search; '!' takes the meaning from its signs.
func like(search string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(search)) + "%"
}
