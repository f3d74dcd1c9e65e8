package storetest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// childDir names the environment variable that turns a test process into the
// child that spends codes in that folder.
const childDir = "HUFU_STORETEST_CHILD"

// testKill lets a child spend codes from 16 goroutines, kills it with SIGKILL
// in the middle, and checks that every spend it was told of is there and
// cannot be done again. Several rounds, each on what the last one left.
func testKill(t *testing.T, open Open) {
	dir := t.TempDir()
	parent, _, _ := strings.Cut(t.Name(), "/")
	for round, after := range []int{1, 100, 1000} {
		acknowledged := killedChild(t, parent, dir, fmt.Sprintf("round %d ", round), after)
		db, err := openWithTable(dir, open)
		if err != nil {
			t.Fatalf("open after the kill: %v", err)
		}
		lost, again := 0, 0
		for _, code := range acknowledged {
			if number(t, db, isSpent, code) != 1 {
				lost++
			}
		}
		for _, code := range acknowledged[:min(len(acknowledged), 200)] {
			if _, err := db.Exec(t.Context(), spend, code, int64(1)); !store.IsDuplicate(err) {
				again++
			}
		}
		if lost > 0 || again > 0 {
			t.Errorf("round %d: of %d acknowledged spends %d are lost, %d could be spent again", round, len(acknowledged), lost, again)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// killedChild runs a child until it has acknowledged that many spends, kills
// it, and returns all that it has acknowledged.
func killedChild(t *testing.T, test, dir, prefix string, after int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), childDir+"="+dir, childPrefix+"="+prefix)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the pipe is empty and the child is dead; half a line was not acknowledged
		}
		acknowledged = append(acknowledged, strings.TrimSuffix(line, "\n"))
		if len(acknowledged) == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd.Wait()
	if len(acknowledged) < after {
		t.Fatalf("the child ended by itself after %d spends: %s", len(acknowledged), stderr.String())
	}
	return acknowledged
}

// childPrefix names the variable that holds the start of the child's codes.
const childPrefix = "HUFU_STORETEST_PREFIX"

// spendUntilKilled is the child: it prints each code once its spend was
// acknowledged. One write system call per line keeps lines whole.
func spendUntilKilled(dir string, open Open) {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	db, err := openWithTable(dir, open)
	if err != nil {
		fail(err)
	}
	for g := range 16 {
		go func() {
			for i := 0; ; i++ {
				code := fmt.Sprintf("%s%d.%d", os.Getenv(childPrefix), g, i)
				if _, err := db.Exec(context.Background(), spend, code, int64(i)); err != nil {
					fail(err)
				}
				os.Stdout.WriteString(code + "\n")
			}
		}()
	}
	time.Sleep(time.Minute) // the parent kills long before
	os.Exit(0)
}
