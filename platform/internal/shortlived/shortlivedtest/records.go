package shortlivedtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

func testCreate(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	_, err := e.Get(ctx, "a")
	want(t, "Get of nothing", err, shortlived.ErrNotFound)
	want(t, "Create", e.Create(ctx, "a", []byte("one"), expires), nil)
	wantRecord(t, e, "a", "one", 1, expires)
	want(t, "Create again", e.Create(ctx, "a", []byte("two"), expires), shortlived.ErrExists)
	want(t, "Create again, the same", e.Create(ctx, "a", []byte("one"), expires), shortlived.ErrExists)
	wantRecord(t, e, "a", "one", 1, expires)
	_, err = e.Get(ctx, "A")
	want(t, "Get of a key in another case", err, shortlived.ErrNotFound)
}

func testCreateOverExpired(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	want(t, "Create", e.Create(ctx, "a", []byte("one"), expires), nil)
	want(t, "Swap", e.Swap(ctx, "a", 1, []byte("two"), expires), nil)
	clock.move(time.Minute - time.Millisecond)
	want(t, "Create a moment before the expiry", e.Create(ctx, "a", []byte("three"), expires), shortlived.ErrExists)
	wantRecord(t, e, "a", "two", 2, expires)
	clock.move(time.Millisecond)
	later := expires.Add(time.Minute)
	want(t, "Create at the expiry", e.Create(ctx, "a", []byte("three"), later), nil)
	wantRecord(t, e, "a", "three", 1, later)
}

func testValues(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute+999*time.Microsecond)
	for _, text := range []string{"", "\x00\xff\xfe 虎符", strings.Repeat("x", 64<<10)} {
		for _, key := range []string{"plain", "虎/ :*%_'\"", strings.Repeat("k", 500)} {
			key += text[:min(3, len(text))]
			value := []byte(text)
			want(t, "Create", e.Create(ctx, key, value, expires), nil)
			for i := range value { // the engine keeps its own
				value[i] = '!'
			}
			wantRecord(t, e, key, text, 1, expires)
			value = []byte(text + "2")
			want(t, "Swap", e.Swap(ctx, key, 1, value, expires), nil)
			clear(value)
			wantRecord(t, e, key, text+"2", 2, expires)
		}
	}
}

func testSwap(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	later := expires.Add(time.Hour)
	want(t, "Swap of nothing", e.Swap(ctx, "a", 1, []byte("x"), expires), shortlived.ErrNotFound)
	want(t, "Swap of nothing, version 0", e.Swap(ctx, "a", 0, []byte("x"), expires), shortlived.ErrNotFound)
	want(t, "Create", e.Create(ctx, "a", []byte("one"), expires), nil)
	for _, version := range []int64{-1, 0, 2, 3} {
		want(t, "Swap of a wrong version", e.Swap(ctx, "a", version, []byte("x"), expires), shortlived.ErrConflict)
	}
	wantRecord(t, e, "a", "one", 1, expires)
	want(t, "Swap", e.Swap(ctx, "a", 1, []byte("two"), later), nil)
	wantRecord(t, e, "a", "two", 2, later)
	want(t, "Swap of the old version", e.Swap(ctx, "a", 1, []byte("three"), later), shortlived.ErrConflict)
	want(t, "Swap", e.Swap(ctx, "a", 2, []byte("three"), expires), nil)
	wantRecord(t, e, "a", "three", 3, expires)
}

// Who signs out swaps the expiry into the past; a late Swap of an expired
// record is its caller's business.
func testSwapExpired(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, past := t.Context(), clock.now().Add(-time.Second)
	want(t, "Create", e.Create(ctx, "a", []byte("one"), clock.now().Add(time.Minute)), nil)
	want(t, "Swap into the past", e.Swap(ctx, "a", 1, []byte("two"), past), nil)
	wantRecord(t, e, "a", "two", 2, past)
	want(t, "Swap of an expired record", e.Swap(ctx, "a", 2, []byte("three"), past), nil)
	wantRecord(t, e, "a", "three", 3, past)
	want(t, "Create after it", e.Create(ctx, "a", []byte("four"), clock.now().Add(time.Minute)), nil)
}

func testSwapRepeated(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	want(t, "Create", e.Create(ctx, "a", []byte("one"), expires), nil)
	for range 3 {
		want(t, "Swap, the same again", e.Swap(ctx, "a", 1, []byte("two"), expires), nil)
		wantRecord(t, e, "a", "two", 2, expires)
	}
	want(t, "repeated with another expiry", e.Swap(ctx, "a", 1, []byte("two"), expires.Add(time.Second)), shortlived.ErrConflict)
	want(t, "repeated with another value", e.Swap(ctx, "a", 1, []byte("TWO"), expires), shortlived.ErrConflict)
	want(t, "repeated one version lower", e.Swap(ctx, "a", 0, []byte("two"), expires), shortlived.ErrConflict)
	want(t, "Swap", e.Swap(ctx, "a", 2, []byte("three"), expires), nil)
	want(t, "repeated after the next", e.Swap(ctx, "a", 1, []byte("two"), expires), shortlived.ErrConflict)
	wantRecord(t, e, "a", "three", 3, expires)
}

func testCancelled(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	expires := clock.now().Add(time.Minute)
	want(t, "Create", e.Create(t.Context(), "a", []byte("one"), expires), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	want(t, "Create", e.Create(ctx, "b", nil, expires), context.Canceled)
	want(t, "Swap", e.Swap(ctx, "a", 1, []byte("two"), expires), context.Canceled)
	wantRecord(t, e, "a", "one", 1, expires)
}
