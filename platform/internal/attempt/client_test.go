package attempt_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
)

var (
	desk      = attempt.Phone{Session: "desktop/1", Person: 7, Name: "张伟", Address: browser}
	otherDesk = attempt.Phone{Session: "desktop/2", Person: 7, Name: "张伟", Address: browser}
	theirDesk = attempt.Phone{Session: "desktop/3", Person: 8, Name: "王芳", Address: browser}
)

// handed is an attempt that its page has handed to a desktop client.
type handed struct {
	attempt.Keys
	client string
}

func (b *bench) hand() handed {
	b.t.Helper()
	keys := b.begin()
	key, life, err := b.ClientKey(b.t.Context(), keys.WebKey)
	if err != nil || !about(life, attempt.ClientLife) {
		b.t.Fatalf("client key: %v, for %v", err, life)
	}
	return handed{keys, key}
}

// about allows for the time that the test itself takes.
func about(got, want time.Duration) bool { return got <= want && got > want-10*time.Second }

// number is what the page shows.
func (b *bench) number(webKey string) string {
	b.t.Helper()
	a, err := b.Get(b.t.Context(), webKey)
	if err != nil {
		b.t.Fatal(err)
	}
	return strconv.FormatInt(a.Number, 10)
}

// acts are all ways to move an attempt by a key: of a phone, and of a desktop client. Confirm
// types the number that was drawn.
func (b *bench) acts(webKey string) (phone, client map[string]func(key string, p attempt.Phone) error) {
	ctx := context.Background()
	type act = func(key string, p attempt.Phone) error
	only := func(_ *attempt.Attempt, err error) error { return err }
	d := func() attempt.Decision {
		d := attempt.Decision{Member: 3, Corp: 4}
		if a, err := b.Get(ctx, webKey); err == nil && a.Number != 0 {
			d.Number = strconv.FormatInt(a.Number, 10)
		}
		return d
	}
	return map[string]act{
			"look":    func(key string, _ attempt.Phone) error { return only(b.Look(ctx, key)) },
			"scan":    func(key string, p attempt.Phone) error { return only(b.Scan(ctx, key, p)) },
			"confirm": func(key string, p attempt.Phone) error { return only(b.Confirm(ctx, key, p, d())) },
			"refuse":  func(key string, p attempt.Phone) error { return only(b.Refuse(ctx, key, p)) },
			"report":  func(key string, p attempt.Phone) error { return only(b.Report(ctx, key, p)) },
		}, map[string]act{
			"look":    func(key string, _ attempt.Phone) error { return only(b.LookClient(ctx, key)) },
			"scan":    func(key string, p attempt.Phone) error { return only(b.Claim(ctx, key, p)) },
			"confirm": func(key string, p attempt.Phone) error { return only(b.ConfirmClient(ctx, key, p, d())) },
			"refuse":  func(key string, p attempt.Phone) error { return only(b.RefuseClient(ctx, key, p)) },
			"report":  func(key string, p attempt.Phone) error { return only(b.ReportClient(ctx, key, p)) },
		}
}

// The QR key never claims, the client key never scans, the web key does neither, whatever the
// state and whoever holds it; and none of the others collects.
func TestThreeKindsOfKeys(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, attempt.NumberFromElsewhere)
	for from, prepare := range map[attempt.State]func(handed) error{
		attempt.Created: func(handed) error { return nil },
		attempt.Scanned: func(h handed) error { _, err := b.Scan(ctx, h.QRKey, mine); return err },
		"claimed":       func(h handed) error { _, err := b.Claim(ctx, h.client, desk); return err },
	} {
		h := b.hand()
		// Both keys have the same number from here on: only what they are tells them apart.
		renewed, err := b.Renew(ctx, h.WebKey)
		if err != nil {
			t.Fatal(err)
		}
		h.QRKey = renewed
		if err := prepare(h); err != nil {
			t.Fatal(err)
		}
		before, err := b.Get(ctx, h.WebKey)
		if err != nil {
			t.Fatal(err)
		}
		phone, client := b.acts(h.WebKey)
		for way, test := range map[string]struct {
			acts map[string]func(string, attempt.Phone) error
			keys map[string]string
		}{
			"phone":  {phone, map[string]string{"client": h.client, "web": h.WebKey, "signature": h.Signature}},
			"client": {client, map[string]string{"QR": h.QRKey, "web": h.WebKey, "signature": h.Signature}},
		} {
			for act, do := range test.acts {
				for kind, key := range test.keys {
					for _, who := range []attempt.Phone{mine, desk, theirs} {
						if err := do(key, who); !errors.Is(err, attempt.ErrGone) {
							t.Errorf("%s: %s of a %s by the %s key: %v", from, act, way, kind, err)
						}
					}
				}
			}
		}
		for _, key := range []string{h.QRKey, h.client} {
			if b.Signed(h.WebKey, key) || b.Signed(h.WebKey, "Bearer "+key) || b.Signed(key, h.Signature) {
				t.Error("a key passes for the page's signature")
			}
			if _, err := b.Get(ctx, key); !errors.Is(err, attempt.ErrGone) {
				t.Errorf("%s: a key names the attempt as the web key does: %v", from, err)
			}
			if _, _, err := b.ClientKey(ctx, key); !errors.Is(err, attempt.ErrGone) {
				t.Errorf("%s: a key makes client keys: %v", from, err)
			}
		}
		if after, err := b.Get(ctx, h.WebKey); err != nil || *after != *before {
			t.Errorf("%s: now %+v, was %+v, %v", from, after, before, err)
		}
		// And a key changed in one place is none.
		for i := range h.client {
			for _, c := range "A9_\n" {
				if key := h.client[:i] + string(c) + h.client[i+1:]; key != h.client {
					if _, err := b.LookClient(ctx, key); !errors.Is(err, attempt.ErrGone) {
						t.Errorf("client key %q: %v", key, err)
					}
				}
			}
		}
	}
}

// Every action of a desktop client in every state: by the device that claimed, by another of
// the same person's, and by another person's; and every action of a phone once a device has
// claimed.
func TestClientTransitions(t *testing.T) {
	t.Parallel()
	b := newBench(t, attempt.NumberFromElsewhere)
	gone, taken, over := attempt.ErrGone, attempt.ErrTaken, attempt.ErrOver
	type outcome struct {
		err  error
		then attempt.State
	}
	all := func(err error, s attempt.State) map[string]outcome {
		return map[string]outcome{"scan": {err, s}, "confirm": {err, s}, "refuse": {err, s}, "report": {err, s}}
	}
	for from, test := range map[attempt.State]struct {
		path []string
		want map[string]outcome // by the device that claimed; where none has, by any
	}{
		attempt.Created: {nil, map[string]outcome{"scan": {nil, attempt.Scanned}, "confirm": {gone, attempt.Created}, "refuse": {gone, attempt.Created},
			"report": {nil, attempt.Cancelled}}},
		attempt.Scanned: {[]string{"scan"}, map[string]outcome{"scan": {nil, attempt.Scanned}, "confirm": {nil, attempt.Confirmed},
			"refuse": {nil, attempt.Refused}, "report": {nil, attempt.Cancelled}}},
		attempt.Confirmed: {[]string{"scan", "confirm"}, all(over, attempt.Confirmed)},
		attempt.Refused:   {[]string{"scan", "refuse"}, all(over, attempt.Refused)},
		attempt.Cancelled: {[]string{"report"}, all(over, attempt.Cancelled)},
		attempt.TimedOut:  {[]string{"scan", "wait"}, all(gone, attempt.TimedOut)},
		"key too old":     {[]string{"wait"}, all(gone, attempt.Created)},
		"by a phone":      {[]string{"phone"}, all(taken, attempt.Scanned)},
	} {
		for act, want := range test.want {
			for who, p := range map[string]attempt.Phone{"the device": desk, "another device": otherDesk, "another person": theirDesk, "a phone": mine} {
				h := b.hand()
				phone, client := b.acts(h.WebKey)
				for _, step := range test.path {
					var err error
					switch step {
					case "wait":
						b.clock.Advance(attempt.ConfirmLife) // as long as ClientLife
					case "phone":
						err = phone["scan"](h.QRKey, mine)
					default:
						err = client[step](h.client, desk)
					}
					if err != nil {
						t.Fatalf("to %s: %s: %v", from, step, err)
					}
				}
				claimed := len(test.path) > 0 && (test.path[0] == "scan" || test.path[0] == "report")
				was := b.state(h.Keys)
				got, wantErr, then := client[act](h.client, p), want.err, want.then
				if who == "a phone" {
					got = phone[act](h.QRKey, p)
					if !claimed {
						continue // TestTransitions
					}
				}
				if claimed && p != desk {
					then = was
					if from == attempt.Scanned || act != "scan" && act != "report" {
						wantErr = taken
					}
				}
				if wantErr == nil && got != nil || !errors.Is(got, wantErr) {
					t.Errorf("%s, %s by %s: %v, want %v", from, act, who, got, wantErr)
				}
				if now := b.state(h.Keys); now != then {
					t.Errorf("%s, %s by %s: now %s, want %s", from, act, who, now, then)
				}
			}
		}
	}
}

// A device's name is no phone's, even where they read alike.
func TestClientIsNoPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t, attempt.NumberFromElsewhere)
	h := b.hand()
	phone, client := b.acts(h.WebKey)
	if err := client["scan"](h.client, mine); err != nil {
		t.Fatal(err)
	}
	for act, do := range phone {
		if err := do(h.QRKey, mine); act != "look" && !errors.Is(err, attempt.ErrTaken) {
			t.Errorf("claimed; %s of the phone of that name: %v", act, err)
		}
	}
	h = b.hand()
	phone, client = b.acts(h.WebKey)
	if err := phone["scan"](h.QRKey, mine); err != nil {
		t.Fatal(err)
	}
	for act, do := range client {
		if err := do(h.client, mine); act != "look" && !errors.Is(err, attempt.ErrTaken) {
			t.Errorf("scanned; %s of the device of that name: %v", act, err)
		}
	}
}

// The number is drawn for every claim and typed for every confirmation, though phone and
// browser are one machine and the corp has turned it off; the page is told no name.
func TestClientNumber(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, attempt.NumberFromElsewhere)
	h := b.hand()
	a, err := b.Claim(ctx, h.client, desk)
	if err != nil || a.Number < 10 || a.Number > 99 || !a.ByClient || a.Name != "" {
		t.Fatalf("claimed: %+v %v", a, err)
	}
	if again, err := b.Claim(ctx, h.client, desk); err != nil || again.Number != a.Number {
		t.Errorf("claimed again: %+v %v", again, err)
	}
	if _, err := b.ConfirmClient(ctx, h.client, desk, attempt.Decision{Member: 3, NumberOff: true}); !errors.Is(err, attempt.ErrWrongNumber) {
		t.Errorf("without the number: %v", err)
	}
	if got := b.state(h.Keys); got != attempt.Refused {
		t.Errorf("after a wrong number: %s", got)
	}
	// Abuse case 8: three in ten minutes block the device's person and address, on phones too.
	for i := range 2 {
		h := b.hand()
		if _, err := b.Claim(ctx, h.client, desk); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ConfirmClient(ctx, h.client, desk, attempt.Decision{Number: "00"}); !errors.Is(err, attempt.ErrWrongNumber) {
			t.Errorf("wrong number %d: %v", i+2, err)
		}
	}
	h = b.hand()
	for who, p := range map[string]attempt.Phone{"the device": desk, "the person elsewhere": {Session: "x", Person: 7}, "the address": {Session: "y", Person: 9, Address: browser}} {
		if _, err := b.Claim(ctx, h.client, p); !errors.Is(err, attempt.ErrBlocked) {
			t.Errorf("%s claims: %v", who, err)
		}
		if _, err := b.Scan(ctx, h.QRKey, p); !errors.Is(err, attempt.ErrBlocked) {
			t.Errorf("%s scans: %v", who, err)
		}
	}
	b.clock.Advance(10*time.Minute + time.Second)
	h = b.hand()
	if _, err := b.Claim(ctx, h.client, desk); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
}

// A newer client key ends the older; none is made for what is scanned, over, or not a site's;
// none outlives the attempt. The name in statements is one for the attempt and no key.
func TestClientKey(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, attempt.NumberAlways)
	h := b.hand()
	newer, _, err := b.ClientKey(ctx, h.WebKey)
	if err != nil || newer == h.client {
		t.Fatalf("a newer key: %v", err)
	}
	if _, err := b.Claim(ctx, h.client, desk); !errors.Is(err, attempt.ErrGone) {
		t.Errorf("the older key: %v", err)
	}
	one, err1 := b.NameOf(h.client)
	two, err2 := b.NameOf(newer)
	if err1 != nil || err2 != nil || one != two || len(one) != 32 || one == h.WebKey {
		t.Errorf("names %q %q, %v %v", one, two, err1, err2)
	}
	if _, err := b.NameOf(h.QRKey); !errors.Is(err, attempt.ErrGone) {
		t.Errorf("a QR key has a name: %v", err)
	}
	if _, err := b.Claim(ctx, newer, desk); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.ClientKey(ctx, h.WebKey); !errors.Is(err, attempt.ErrOver) {
		t.Errorf("once claimed: %v", err)
	}
	for name, r := range map[string]attempt.Request{"a console's": {Console: true}, "a device's": {Device: "key"}} {
		keys, err := b.Begin(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.ClientKey(ctx, keys.WebKey); !errors.Is(err, attempt.ErrOver) {
			t.Errorf("%s: %v", name, err)
		}
	}
	late := b.begin()
	b.clock.Advance(attempt.Life - time.Minute)
	key, life, err := b.ClientKey(ctx, late.WebKey)
	if err != nil || !about(life, time.Minute) {
		t.Fatalf("near the end: %v %v", life, err)
	}
	b.clock.Advance(time.Minute)
	if _, err := b.LookClient(ctx, key); !errors.Is(err, attempt.ErrGone) {
		t.Errorf("past the end: %v", err)
	}
}

// A device's attempt: signed by its own page alone, the number always, collected once, and by
// nobody else's way.
func TestDevice(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, attempt.NumberFromElsewhere)
	begin := func(r attempt.Request) attempt.Keys {
		t.Helper()
		r.Address = browser
		keys, err := b.Begin(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	device, console, site := begin(attempt.Request{Device: "key", Browser: "desk"}), begin(attempt.Request{Console: true}), begin(attempt.Request{App: 1})
	for name, test := range map[string]struct {
		signed func(string, string) bool
		own    attempt.Keys
	}{"device": {b.SignedDevice, device}, "console": {b.SignedConsole, console}, "site": {b.Signed, site}} {
		for whose, keys := range map[string]attempt.Keys{"device": device, "console": console, "site": site} {
			if test.signed(keys.WebKey, keys.Signature) != (whose == name) {
				t.Errorf("the signature of the page of a %s, taken for that of a %s", whose, name)
			}
		}
	}
	if _, err := b.CollectDevice(ctx, device.WebKey); !errors.Is(err, attempt.ErrGone) {
		t.Errorf("before it is confirmed: %v", err)
	}
	a, err := b.Scan(ctx, device.QRKey, mine)
	if err != nil || a.Number == 0 {
		t.Fatalf("on one network, no number: %+v %v", a, err)
	}
	if _, err := b.Confirm(ctx, device.QRKey, mine, attempt.Decision{Number: b.number(device.WebKey), NumberOff: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Collect(ctx, device.WebKey); !errors.Is(err, attempt.ErrGone) {
		t.Errorf("collected as a console's: %v", err)
	}
	if a, err := b.CollectDevice(ctx, device.WebKey); err != nil || a.Person != mine.Person || a.Device != "key" || a.Browser != "desk" {
		t.Errorf("collected: %+v %v", a, err)
	}
	if _, err := b.CollectDevice(ctx, device.WebKey); !errors.Is(err, attempt.ErrOver) {
		t.Errorf("collected twice: %v", err)
	}
	// The number must be typed, whatever the corp says.
	second := begin(attempt.Request{Device: "key2"})
	if _, err := b.Scan(ctx, second.QRKey, mine); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Confirm(ctx, second.QRKey, mine, attempt.Decision{NumberOff: true}); !errors.Is(err, attempt.ErrWrongNumber) {
		t.Errorf("without the number: %v", err)
	}
	for name, keys := range map[string]attempt.Keys{"a console's": console, "a site's": site} {
		if _, err := b.Scan(ctx, keys.QRKey, mine); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Confirm(ctx, keys.QRKey, mine, attempt.Decision{Number: b.number(keys.WebKey)}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.CollectDevice(ctx, keys.WebKey); !errors.Is(err, attempt.ErrGone) {
			t.Errorf("%s collected as a device's: %v", name, err)
		}
	}
}
