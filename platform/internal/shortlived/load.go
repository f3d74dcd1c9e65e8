package shortlived

import (
	"bytes"
	"context"
	"database/sql"
)

// load fills the memory from the file and returns the highest row id. Rows
// that the sweeper would take are loaded too: it takes them, bit by bit.
func (e *Engine) load(f *file) (lastID int64, err error) {
	rows, err := f.conn.QueryContext(context.Background(), `SELECT id, key, value, version, expires FROM records ORDER BY id`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		r := &entry{}
		var value sql.RawBytes // copied below: one copy instead of two
		if err := rows.Scan(&r.id, &r.key, &value, &r.version, &r.expires); err != nil {
			return 0, err
		}
		r.value = bytes.Clone(value)
		e.shard(r.key).entries[r.key] = r
		lastID = r.id
	}
	return lastID, rows.Err()
}
