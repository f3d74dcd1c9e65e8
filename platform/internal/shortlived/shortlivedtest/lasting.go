package shortlivedtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

func testRestart(t *testing.T, open Open) {
	dir, clock := t.TempDir(), newClock()
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	e := reopen(t, open, dir, clock)
	const keys = 500
	for i := range keys {
		want(t, "Create", e.Create(ctx, strconv.Itoa(i), []byte("one"), expires), nil)
	}
	for i := range 50 {
		want(t, "Swap", e.Swap(ctx, strconv.Itoa(i), 1, []byte("two"), expires.Add(time.Hour)), nil)
	}
	want(t, "Close", e.Close(), nil)

	e = reopen(t, open, dir, clock)
	for i := range keys {
		if i < 50 {
			wantRecord(t, e, strconv.Itoa(i), "two", 2, expires.Add(time.Hour))
		} else {
			wantRecord(t, e, strconv.Itoa(i), "one", 1, expires)
		}
	}
	want(t, "Swap of the old version", e.Swap(ctx, "0", 1, []byte("x"), expires), shortlived.ErrConflict)
	want(t, "Swap repeated over a restart", e.Swap(ctx, "0", 1, []byte("two"), expires.Add(time.Hour)), nil)
	want(t, "Swap", e.Swap(ctx, "0", 2, []byte("three"), expires), nil)
	want(t, "Create of what exists", e.Create(ctx, "1", nil, expires), shortlived.ErrExists)
	want(t, "Create of a new one", e.Create(ctx, "new", []byte("n"), expires), nil)
	want(t, "Close", e.Close(), nil)

	clock.move(2 * time.Minute)
	e = reopen(t, open, dir, clock)
	wantRecord(t, e, "1", "two", 2, clock.now().Add(59*time.Minute))
	want(t, "Create over what expired meanwhile", e.Create(ctx, "new", []byte("m"), clock.now().Add(time.Minute)), nil)
	wantRecord(t, e, "new", "m", 1, clock.now().Add(time.Minute))
}

func testClosed(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	expires := clock.now().Add(time.Minute)
	want(t, "Create", e.Create(t.Context(), "a", nil, expires), nil)
	want(t, "Close", e.Close(), nil)
	if err := e.Create(t.Context(), "b", nil, expires); err == nil {
		t.Error("Create after Close succeeds")
	}
	if err := e.Swap(t.Context(), "a", 1, nil, expires); err == nil {
		t.Error("Swap after Close succeeds")
	}
	want(t, "second Close", e.Close(), nil)
}

// childDir names the environment variable that turns a test process into the
// child that swaps in that folder.
const childDir = "HUFU_SHORTLIVEDTEST_CHILD"

// testKill lets a child create and swap records, kills it with SIGKILL in the
// middle, and checks that every acknowledged Swap is there.
func testKill(t *testing.T, open Open) {
	dir, clock := t.TempDir(), newClock()
	parent, _, _ := strings.Cut(t.Name(), "/")
	for _, after := range []int{1, 100, 1000} {
		acknowledged := killedChild(t, parent, dir, after)
		e := reopen(t, open, dir, clock)
		for key, version := range acknowledged {
			r, err := e.Get(t.Context(), key)
			if err != nil || r.Version < version {
				t.Errorf("after %d: %s is at version %d (%v), %d was acknowledged", after, key, r.Version, err, version)
				continue
			}
			if n, _, ok := cutNumber(r.Value); !ok || int64(n) != r.Version {
				t.Errorf("%s at version %d has the value %q", key, r.Version, r.Value)
			}
		}
		want(t, "Close", e.Close(), nil)
	}
}

// killedChild runs a child until it has acknowledged that many Swaps, kills
// it, and returns the highest acknowledged version of each key.
func killedChild(t *testing.T, test, dir string, after int) map[string]int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged, n := map[string]int64{}, 0
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the pipe is empty and the child is dead; half a line was not acknowledged
		}
		version, key, _ := cutNumber([]byte(strings.TrimSuffix(line, "\n")))
		acknowledged[key] = max(acknowledged[key], int64(version))
		if n++; n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd.Wait()
	if n < after {
		t.Fatalf("the child ended by itself after %d swaps: %s", n, stderr.String())
	}
	return acknowledged
}

// swapUntilKilled is the child: it prints each version and key once its Swap
// was acknowledged. One write system call per line keeps lines whole.
func swapUntilKilled(dir string, open Open) {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	clock := newClock()
	e, err := open(dir, clock.now)
	if err != nil {
		fail(err)
	}
	ctx, expires := context.Background(), clock.now().Add(time.Hour)
	for g := range 16 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d.%d.%d", os.Getpid(), g, i)
				if err := e.Create(ctx, key, []byte("1"), expires); err != nil {
					fail(err)
				}
				for version := int64(1); version < 4; version++ {
					value := fmt.Sprintf("%d %s", version+1, key)
					if err := e.Swap(ctx, key, version, []byte(value), expires); err != nil {
						fail(err)
					}
					os.Stdout.WriteString(value + "\n")
				}
			}
		}()
	}
	time.Sleep(time.Minute) // the parent kills long before
	os.Exit(0)
}

// cutNumber splits "12 text" into its parts.
func cutNumber(value []byte) (n int, rest string, ok bool) {
	number, rest, _ := strings.Cut(string(value), " ")
	n, err := strconv.Atoi(number)
	return n, rest, err == nil
}
