package main

import (
	"context"
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	_ "modernc.org/sqlite" // the engine that the embedded store uses
)

// serveFloor is the floor: every answer has 192 bytes, and the paths /write commit one row,
// together with whoever else is writing, with full sync, before they answer.
func serveFloor(ctx context.Context, dir, port string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "floor.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE spent (id BLOB PRIMARY KEY)`); err != nil {
		return err
	}
	writes := make(chan write, 256)
	failed := make(chan error, 1)
	go func() { failed <- commit(ctx, db, writes) }()
	answer := []byte(strings.Repeat("x", 192))
	var n atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("/read", func(w http.ResponseWriter, _ *http.Request) { w.Write(answer) })
	mux.HandleFunc("/write", func(w http.ResponseWriter, _ *http.Request) {
		done := make(chan struct{})
		writes <- write{strconv.AppendInt([]byte("0123456789abcdef"), n.Add(1), 10), done}
		<-done
		w.Write(answer)
	})
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: mux}
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		os.RemoveAll(dir)
		return server.Close()
	}
}

type write struct {
	id   []byte
	done chan struct{}
}

// commit writes whatever has queued in one transaction after the other.
func commit(ctx context.Context, db *sql.DB, writes <-chan write) error {
	insert, err := db.PrepareContext(ctx, `INSERT INTO spent (id) VALUES (?) ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	for first := range writes {
		batch := append([]write{}, first)
		for len(writes) > 0 {
			batch = append(batch, <-writes)
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		in := tx.StmtContext(ctx, insert)
		for _, w := range batch {
			if _, err := in.ExecContext(ctx, w.id); err != nil {
				return err
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		for _, w := range batch {
			close(w.done)
		}
	}
	return nil
}
