package events_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/events"
)

func TestTicketStores(t *testing.T) {
	t.Parallel()
	file, err := events.OpenTickets(filepath.Join(t.TempDir(), "tickets.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tickets := range map[string]*events.Tickets{"memory": events.NewTickets(), "file": file} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(start, 0)
			tickets.WithClock(func() time.Time { return now })
			keep := func(suite, value string, made int64, want bool) {
				t.Helper()
				if kept, err := tickets.KeepTicket(t.Context(), suite, value, time.Unix(made, 0)); kept != want || err != nil {
					t.Errorf("%s made at %d: %v %v", value, made, kept, err)
				}
			}
			have := func(suite, want string) {
				t.Helper()
				got, err := tickets.SuiteTicket(t.Context(), suite)
				if got != want || (want == "") != errors.Is(err, site.ErrNoTicket) {
					t.Errorf("%s has %q %v, want %q", suite, got, err, want)
				}
			}
			have("a", "")
			keep("a", "A1", start, true)
			keep("b", "B1", start+5, true)
			keep("a", "A0", start-1, false)
			keep("a", "A2", start, true) // the same second: the later arrival
			have("a", "A2")
			have("b", "B1")
			now = now.Add(30 * time.Minute)
			have("a", "A2")
			keep("a", "A0", start-1, false)
			now = now.Add(time.Second)
			have("a", "")
			keep("a", "A3", start-1, true) // nothing valid stands in its way
			have("a", "A3")
			now = now.Add(-31 * time.Minute) // a clock set back
			keep("a", "A4", start-2, true)
		})
	}
}

func TestTicketFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "tickets.json")
	first, err := events.OpenTickets(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("opening made a file")
	}
	reader, err := events.OpenTickets(path) // another process
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.KeepTicket(t.Context(), "a", "canary-ticket", time.Now()); err != nil {
		t.Fatal(err)
	}
	if got, err := reader.SuiteTicket(t.Context(), "a"); got != "canary-ticket" || err != nil {
		t.Errorf("the other reads %q %v", got, err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("files left behind: %v", entries)
	}

	if err := os.WriteFile(path, []byte(`{"a":{"ticket":"canary`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := events.OpenTickets(path); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("a broken file: %v", err)
	}
	if _, err := first.SuiteTicket(t.Context(), "a"); err == nil || errors.Is(err, site.ErrNoTicket) {
		t.Errorf("a broken file under way: %v", err)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
		if _, err := events.OpenTickets(path); err == nil || !strings.Contains(err.Error(), "0600") {
			t.Errorf("a file open to others: %v", err)
		}
	}
	nowhere, err := events.OpenTickets(filepath.Join(dir, "absent", "tickets.json"))
	if err == nil {
		if _, err = nowhere.KeepTicket(t.Context(), "a", "t", time.Now()); err == nil {
			t.Error("kept in a directory that does not exist")
		}
	}
}

// Many suites at once: none is lost, and the latest of each stays.
func TestTicketsTogether(t *testing.T) {
	t.Parallel()
	tickets, err := events.OpenTickets(filepath.Join(t.TempDir(), "tickets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 10 {
		for made := range 5 {
			all.Go(func() {
				if _, err := tickets.KeepTicket(t.Context(), fmt.Sprint("suite", i), fmt.Sprint("ticket", made), time.Unix(int64(made), 0)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	for i := range 10 {
		if got, err := tickets.SuiteTicket(t.Context(), fmt.Sprint("suite", i)); got != "ticket4" || err != nil {
			t.Errorf("suite%d: %q %v", i, got, err)
		}
	}
}
