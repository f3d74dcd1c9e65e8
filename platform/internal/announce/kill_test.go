package announce_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// In the environment, childDir makes the test binary change the address book in that folder,
// in the corp childCorp and from the member number childFrom on, until it is killed.
const (
	childDir  = "HUFU_TEST_ANNOUNCE_DIR"
	childCorp = "HUFU_TEST_ANNOUNCE_CORP"
	childFrom = "HUFU_TEST_ANNOUNCE_FROM"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := beChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// beChild adds members and delivers; it prints each when it is on disk, and takes every third
// back.
func beChild(dir string) error {
	ctx := context.Background()
	b := &bench{dir: dir, clock: clock.New()}
	if err := b.open(ctx); err != nil {
		return err
	}
	corp, err := strconv.ParseInt(os.Getenv(childCorp), 10, 64)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(os.Getenv(childFrom))
	if err != nil {
		return err
	}
	go b.push.Run(ctx)
	taken := errors.New("taken back")
	for ; ; n++ {
		err := b.db.Update(ctx, func(tx *sql.Tx) error {
			_, err := b.directory.AddMembers(ctx, tx, corp, newMembers(n))
			if err == nil && n%3 == 2 {
				err = taken
			}
			return err
		})
		switch {
		case errors.Is(err, taken):
		case err != nil:
			return err
		default:
			fmt.Println(n)
		}
	}
}

// newMembers are what one transaction of a child adds.
func newMembers(n int) []directory.NewMember {
	return []directory.NewMember{{MemberEdit: edit(fmt.Sprintf("k%05d-a", n), 5)}, {MemberEdit: edit(fmt.Sprintf("k%05d-b", n), 3)}}
}

// TestKill kills the platform again and again between a change and the delivery of what is
// told of it: every change that was made is told, in order, and none that was not.
func TestKill(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.suite("a", 0, true, []int64{2}, nil)
	made, from := map[int]bool{}, 0
	b.must(b.db.Close())
	for range 4 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+b.dir, fmt.Sprintf("%s=%d", childCorp, b.corp), fmt.Sprintf("%s=%d", childFrom, from))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		b.must(err)
		b.must(cmd.Start())
		lines := bufio.NewScanner(out)
		for left := 1 + rand.IntN(60); lines.Scan(); left-- {
			n, err := strconv.Atoi(lines.Text())
			b.must(err)
			made[n], from = true, n+1
			if left == 0 {
				b.must(cmd.Process.Kill())
			}
		}
		cmd.Wait()
		from += 10 // what the last one did between its last word and its end we learn from the store
	}
	b.must(b.open(t.Context()))
	b.run()
	rows, err := b.db.Query(`SELECT userid FROM members WHERE corp_id = $1 ORDER BY id`).Rows(t.Context(), b.corp)
	b.must(err)
	var want []string
	for rows.Next() {
		var userid string
		b.must(rows.Scan(&userid))
		want = append(want, userid)
	}
	b.must(rows.Err())
	rows.Close()
	for n := range made {
		if !slices.Contains(want, newMembers(n)[0].UserID) {
			t.Errorf("member %d was made and is not there", n)
		}
	}
	var got []string
	again := 0
	for _, line := range b.told(s, idOf) {
		userid := strings.TrimPrefix(line, protocol.ChangeCreateUser+" ")
		if slices.Contains(got, userid) {
			again++ // at least once: the kill came between the answer and its record
			continue
		}
		got = append(got, userid)
	}
	if !slices.Equal(got, want) {
		t.Errorf("told of %v, made were %v", got, want)
	}
	if len(want) < 8 || again > 4 {
		t.Errorf("%d members, %d told again", len(want), again)
	}
	t.Logf("%d members over 4 kills, %d told again", len(want), again)
}
