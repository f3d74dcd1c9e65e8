package session_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/session"
)

func devices(t *testing.T, k *session.Keeper, person int64) []session.Device {
	t.Helper()
	list, err := k.Devices(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func over(t *testing.T, k *session.Keeper, what string, c *http.Cookie, want bool) {
	t.Helper()
	if _, err := read(k, c); errors.Is(err, session.ErrNone) != want {
		t.Errorf("%s: %v, want over %v", what, err, want)
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	phone, clock := newKeeper(t, "phone", false)
	console := *phone
	console.Part = "console"
	first, one := start(t, phone, 7)
	clock.move(time.Second)
	_, two := start(t, phone, 7)
	clock.move(time.Second)

	r := httptest.NewRequest("POST", "/", nil)
	r.RemoteAddr = "203.0.113.7:1"
	r.Header.Set("User-Agent", strings.Repeat("x", 400))
	w := httptest.NewRecorder()
	s, err := console.Start(t.Context(), w, r, 7, "n")
	if err != nil {
		t.Fatal(err)
	}
	three := w.Result().Cookies()[0]
	_, stranger := start(t, phone, 6)

	list := devices(t, phone, 7)
	if len(list) != 3 || list[0].Session != s.ID || list[0].Part != "console" || list[0].Address != "203.0.113.7" ||
		len(list[0].Browser) != 300 || !list[0].Since.Equal(clock.now()) || list[2].Session != first.ID {
		t.Fatalf("%+v", list)
	}

	theirs := devices(t, phone, 6)[0].ID
	if err := phone.EndDevice(t.Context(), 7, theirs); !errors.Is(err, session.ErrNoDevice) {
		t.Errorf("another person's device: %v", err)
	}
	over(t, phone, "another person's device", stranger, false)
	if err := phone.EndDevice(t.Context(), 7, list[1].ID); err != nil {
		t.Fatal(err)
	}
	over(t, phone, "the device that was ended", two, true)
	over(t, phone, "another device", one, false)

	if err := phone.EndOthers(t.Context(), 7, first.ID); err != nil {
		t.Fatal(err)
	}
	over(t, phone, "this one", one, false)
	over(t, &console, "the console", three, true)
	for id, want := range map[string]bool{first.ID: true, s.ID: false, "unknown": false} {
		if alive, err := phone.Alive(t.Context(), id); err != nil || alive != want {
			t.Errorf("alive: %v %v, want %v", alive, err, want)
		}
	}
	if list := devices(t, phone, 7); len(list) != 1 || list[0].Session != first.ID {
		t.Errorf("left: %+v", list)
	}
	if err := phone.EndAll(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	over(t, phone, "this one, after all", one, true)
	over(t, phone, "a stranger", stranger, false)
	if list := devices(t, phone, 7); len(list) != 0 {
		t.Errorf("left: %+v", list)
	}
}

// A person's fifty-first session ends the oldest; what has expired is not listed.
func TestDevicesAreBounded(t *testing.T) {
	t.Parallel()
	k, clock := newKeeper(t, "phone", false)
	_, oldest := start(t, k, 7)
	clock.move(time.Second)
	_, second := start(t, k, 7)
	for range session.MaxDevices - 1 {
		clock.move(time.Second)
		start(t, k, 7)
	}
	over(t, k, "the oldest", oldest, true)
	over(t, k, "the second", second, false)
	if n := len(devices(t, k, 7)); n != session.MaxDevices {
		t.Errorf("%d devices", n)
	}
	clock.move(session.Life)
	if n := len(devices(t, k, 7)); n != 0 {
		t.Errorf("%d expired devices are listed", n)
	}
}

func TestProved(t *testing.T) {
	t.Parallel()
	k, clock := newKeeper(t, "phone", false)
	s, c := start(t, k, 7)
	if got, err := read(k, c); err != nil || !got.Proved.IsZero() {
		t.Fatalf("at sign-in: %+v, %v", got, err)
	}
	clock.move(time.Minute)
	if err := k.MarkProved(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	got, err := read(k, c)
	if err != nil || !got.Proved.Equal(clock.now()) || got.Person != 7 || got.Name != "张 伟" || !got.Since.Equal(s.Since) {
		t.Errorf("%+v, %v", got, err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/", nil)
	proved, err := k.StartProved(t.Context(), w, r, 7, "n")
	if err != nil || !proved.Proved.Equal(clock.now()) {
		t.Errorf("%+v, %v", proved, err)
	}
	if got, err := read(k, w.Result().Cookies()[0]); err != nil || !got.Proved.Equal(clock.now()) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := k.EndAll(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	if err := k.MarkProved(t.Context(), s.ID); !errors.Is(err, session.ErrNone) {
		t.Errorf("a session that is over was proved: %v", err)
	}
	over(t, k, "a session that is over", c, true)
}
