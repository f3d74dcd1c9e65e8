package storetest

import (
	"bytes"
	"database/sql"
	"errors"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// A kill cannot show that a commit waits for the disk, so every connection,
// the writer's and all readers', is asked.
func testConnections(t *testing.T, open Open) {
	db := fresh(t, open)
	all, err := db.Connections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	writers := 0
	for i, c := range all {
		if c.Writer {
			writers++
		}
		if !c.Durable {
			t.Errorf("connection %d: a commit is not on disk when it is answered (%s)", i, c.Detail)
		}
		if !c.ForeignKeys {
			t.Errorf("connection %d: foreign keys are not kept (%s)", i, c.Detail)
		}
		if c.ReadOnly == c.Writer {
			t.Errorf("connection %d: writer %v, read-only %v", i, c.Writer, c.ReadOnly)
		}
	}
	if writers != 1 || len(all) < 3 {
		t.Errorf("%d connections, %d writers; want one writer and several readers", len(all), writers)
	}
}

func testPlaceholdersAndTypes(t *testing.T, open Open) {
	db := fresh(t, open)
	ctx := t.Context()
	if err := db.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`CREATE TABLE storetest_types (t TEXT, n BIGINT, b BYTEA, yes BOOLEAN, again TEXT)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// Out of order and one of them twice: a number means its place among the arguments.
	n, err := db.Exec(ctx, `INSERT INTO storetest_types (yes, b, n, t, again) VALUES ($4, $3, $2, $1, $1)`,
		"007", int64(1)<<62, []byte("123\x00\xff"), true)
	if err != nil || n != 1 {
		t.Fatalf("%d rows, %v", n, err)
	}
	if _, err := db.Exec(ctx, `INSERT INTO storetest_types (t) VALUES ($1)`, nil); err != nil {
		t.Fatal(err)
	}
	var text, again string
	var number int64
	var blob []byte
	var yes bool
	err = db.Query(`SELECT t, n, b, yes, again FROM storetest_types WHERE again = $2 AND n = $1`).
		Row(ctx, int64(1)<<62, "007").Scan(&text, &number, &blob, &yes, &again)
	if err != nil {
		t.Fatal(err)
	}
	if text != "007" || again != "007" || number != 1<<62 || !bytes.Equal(blob, []byte("123\x00\xff")) || !yes {
		t.Errorf("read back %q %d %q %v %q", text, number, blob, yes, again)
	}
	var none sql.NullString
	if err := db.Query(`SELECT b FROM storetest_types WHERE t IS NULL`).Row(ctx).Scan(&none); err != nil || none.Valid {
		t.Errorf("NULL is read as %v, %v", none, err)
	}
	err = db.Query(`SELECT t FROM storetest_types WHERE n = $1`).Row(ctx, int64(5)).Scan(&text)
	if !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row is answered with %v", err)
	}
	if n, err := db.Exec(ctx, `UPDATE storetest_types SET n = 1`); err != nil || n != 2 {
		t.Errorf("an UPDATE of two rows affected %d, %v", n, err)
	}
}

func testReadYourWrites(t *testing.T, open Open) {
	db := fresh(t, open)
	// Open rows keep an old view on their own connection, not on the others.
	rows, err := db.Query(`SELECT name FROM keys UNION ALL SELECT 'x' UNION ALL SELECT 'y'`).Rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	rows.Next()
	for i := range int64(200) {
		if _, err := db.Exec(t.Context(), spend, string(rune('a'+i)), i); err != nil {
			t.Fatal(err)
		}
		if n := number(t, db, count); n != i+1 {
			t.Fatalf("after write %d, %d rows are read", i+1, n)
		}
	}
}

func testReadersCannotWrite(t *testing.T, open Open) {
	db := fresh(t, open)
	if rows, err := db.Query(`INSERT INTO storetest_codes (id, spent) VALUES ('r', 1) RETURNING id`).Rows(t.Context()); err == nil {
		for rows.Next() {
		}
		if rows.Err() == nil {
			t.Error("a reader's INSERT succeeds")
		}
		rows.Close()
	}
	if n := number(t, db, count); n != 0 {
		t.Errorf("%d rows after a reader's INSERT", n)
	}
	var x int
	if err := db.Query(`SELECT nonsense FROM nowhere`).Row(t.Context()).Scan(&x); err == nil {
		t.Error("a statement about a table that does not exist succeeds")
	}
	if first, second := db.Query(count), db.Query(count); first != second {
		t.Error("the same text gives two statements")
	}
}

func testIDs(t *testing.T, open Open) {
	db := fresh(t, open)
	const each = 20000
	made := make(chan []int64)
	for range 4 {
		go func() {
			ids := make([]int64, each)
			for i := range ids {
				ids[i] = db.NewID()
			}
			made <- ids
		}()
	}
	seen := map[int64]bool{}
	for range 4 {
		last := int64(0)
		for _, id := range <-made {
			if id <= last || id >= 1<<56 {
				t.Fatalf("id %d after %d", id, last)
			}
			last = id
			seen[id] = true
		}
	}
	if len(seen) != 4*each {
		t.Errorf("%d different ids of %d", len(seen), 4*each)
	}
}

func testMarks(t *testing.T, open Open) {
	dir := t.TempDir()
	db, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if _, set, err := db.Mark(ctx, "sandbox"); set || err != nil {
		t.Fatalf("a fresh store has the mark: %v, %v", set, err)
	}
	for range 2 { // setting the same again does nothing
		if err := db.SetMark(ctx, "sandbox", "yes"); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.SetMark(ctx, "sandbox", "no"); !errors.Is(err, store.ErrMarked) {
		t.Errorf("another value: %v", err)
	}
	for _, statement := range []string{
		`UPDATE marks SET value = 'no'`,
		`UPDATE marks SET name = 'other'`,
		`DELETE FROM marks`,
		`INSERT INTO marks (name, value) VALUES ('sandbox', 'no') ON CONFLICT (name) DO UPDATE SET value = 'no'`,
		`INSERT OR REPLACE INTO marks (name, value) VALUES ('sandbox', 'no')`,
	} {
		if _, err := db.Exec(ctx, statement); err == nil {
			t.Errorf("%s: no error", statement)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = open(dir); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if value, set, err := db.Mark(ctx, "sandbox"); value != "yes" || !set || err != nil {
		t.Errorf("after all that the mark is %q, %v, %v", value, set, err)
	}
}
