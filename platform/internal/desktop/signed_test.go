package desktop_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/protocol"
)

// Whatever is wrong with a signature, each signed call answers one and the same, and does
// nothing.
func TestUnsigned(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, other := b.deskOf(consoletest.Member), b.deskOf(consoletest.System)
	removed := b.deskOf(consoletest.Member)
	id, err := strconv.ParseInt(removed.id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.credentials.RemoveDesktopClient(t.Context(), b.Person[consoletest.Member], id); err != nil {
		t.Fatal(err)
	}
	const skew = protocol.DesktopClockSkew
	at := func(move time.Duration) func(*request) {
		return func(r *request) {
			r.call.Time = b.Clock.Now().Add(move).UnixMilli()
			d.sign(r)
		}
	}
	spoils := map[string]func(*request){
		"no headers":            func(r *request) { r.header = http.Header{"Content-Type": {"application/json"}} },
		"no device":             func(r *request) { r.header.Del(protocol.HeaderDevice) },
		"an unknown device":     func(r *request) { r.header.Set(protocol.HeaderDevice, "1") },
		"a device that is none": func(r *request) { r.header.Set(protocol.HeaderDevice, "x") },
		"another device":        func(r *request) { r.header.Set(protocol.HeaderDevice, other.id) },
		"two devices":           func(r *request) { r.header.Add(protocol.HeaderDevice, d.id) },
		"a removed device":      func(r *request) { *r = *removed.sign(r) },
		"no signature":          func(r *request) { r.header.Del(protocol.HeaderSignature) },
		"two signatures":        func(r *request) { r.header.Add(protocol.HeaderSignature, r.header.Get(protocol.HeaderSignature)) },
		"a signature too short": func(r *request) {
			s := r.header.Get(protocol.HeaderSignature)
			r.header.Set(protocol.HeaderSignature, s[:len(s)-1])
		},
		"another's signature":     func(r *request) { other.sign(r); r.header.Set(protocol.HeaderDevice, d.id) },
		"for another platform":    func(r *request) { r.call.Platform = "https://evil.example"; d.sign(r) },
		"for another method":      func(r *request) { r.call.Method = "PUT"; d.sign(r); r.call.Method = "POST" },
		"for another path":        func(r *request) { p := r.call.Path; r.call.Path += "x"; d.sign(r); r.call.Path = p },
		"for another body":        func(r *request) { r.call.Body = append(bytes.Clone(r.call.Body), ' ') },
		"for another time":        func(r *request) { r.header.Set(protocol.HeaderTime, strconv.FormatInt(r.call.Time+1, 10)) },
		"for another nonce":       func(r *request) { r.header.Set(protocol.HeaderNonce, nonce()) },
		"a time that is none":     func(r *request) { r.header.Set(protocol.HeaderTime, "now") },
		"too old":                 at(-skew - time.Second),
		"too early":               at(skew + time.Minute),
		"no nonce":                func(r *request) { r.call.Nonce = ""; d.sign(r) },
		"a nonce too short":       func(r *request) { r.call.Nonce = text(make([]byte, 15)); d.sign(r) },
		"a nonce too long":        func(r *request) { r.call.Nonce = text(make([]byte, 17)); d.sign(r) },
		"a nonce that is no text": func(r *request) { r.call.Nonce = "!!!!!!!!!!!!!!!!!!!!!!"; d.sign(r) },
		"a statement's signature": func(r *request) {
			r.header.Set(protocol.HeaderSignature, text(make([]byte, 64)))
		},
	}
	p := b.open(b.suite)
	for path, body := range map[string]any{protocol.PathDesktopState: struct{}{}, protocol.PathDesktopClaim: protocol.DesktopClaim{ClientKey: p.client},
		protocol.PathDesktopDecide: protocol.DesktopDecide{ClientKey: p.client, Decision: protocol.DesktopRefuse}, protocol.PathDesktopSignOut: struct{}{}} {
		for name, spoil := range spoils {
			r := d.sign(d.request(path, body))
			spoil(r)
			got := d.send(r, nil)
			var f protocol.DesktopFailure
			if err := json.Unmarshal(got.raw, &f); err != nil {
				t.Fatal(err)
			}
			now := b.Clock.Now().UnixMilli()
			if got.status != http.StatusUnauthorized || f.Time > now || f.Time < now-60_000 ||
				f != (protocol.DesktopFailure{Reason: protocol.DesktopUnsigned, Message: "The call is not signed by a device that is known here.", Time: f.Time}) {
				t.Errorf("%s, %s: %d %s", path, name, got.status, got.raw)
			}
		}
	}
	if a := b.attempt(p); a.Step != "created" {
		t.Errorf("after all this: %+v", a)
	}
	if n := b.count(`SELECT COUNT(*) FROM desktop_clients`); n != 2 {
		t.Errorf("%d clients", n)
	}
	d.want("signed well", d.call(protocol.PathDesktopState, struct{}{}, nil), "")
}

// A call is good once: within its time, and when that is over; and its nonce with another time
// too. Another device may have the same nonce.
func TestReplay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, other := b.deskOf(consoletest.Member), b.deskOf(consoletest.Member)
	early := d.request(protocol.PathDesktopState, struct{}{})
	early.call.Time += (protocol.DesktopClockSkew - time.Second).Milliseconds()
	d.sign(early)
	d.want("first", d.send(early, nil), "")
	for _, move := range []time.Duration{0, time.Minute, 2*protocol.DesktopClockSkew - time.Minute - 2*time.Second, time.Second, time.Hour} {
		b.Clock.Advance(move)
		d.want("again", d.send(early, nil), protocol.DesktopUnsigned)
	}
	r := d.request(protocol.PathDesktopState, struct{}{})
	d.want("first", d.send(d.sign(r), nil), "")
	r.call.Time++
	d.want("the nonce with another time", d.send(d.sign(r), nil), protocol.DesktopUnsigned)
	other.want("the nonce of another device", other.send(other.sign(r), nil), "")
	// Nobody uses a nonce up who cannot sign.
	r = d.request(protocol.PathDesktopState, struct{}{})
	forged := *r
	forged.header = r.header.Clone()
	other.sign(&forged)
	forged.header.Set(protocol.HeaderDevice, d.id)
	d.want("forged", d.send(&forged, nil), protocol.DesktopUnsigned)
	d.want("with the nonce of a forgery", d.send(d.sign(r), nil), "")
}

// One device calls so often in a minute; another of the same person is not held up.
func TestCallsAreLimited(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, other := b.deskOf(consoletest.Member), b.deskOf(consoletest.Member)
	for range 120 {
		d.want("state", d.call(protocol.PathDesktopState, struct{}{}, nil), "")
	}
	d.want("one more", d.call(protocol.PathDesktopState, struct{}{}, nil), protocol.DesktopTooMany)
	other.want("another device", other.call(protocol.PathDesktopState, struct{}{}, nil), "")
	b.Clock.Advance(2 * time.Minute)
	d.want("later", d.call(protocol.PathDesktopState, struct{}{}, nil), "")
}

// What is over the limit writes nothing down: a device that calls without end fills no store.
func TestCallsOverTheLimitLeaveNoNonce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deskOf(consoletest.Member)
	for range 120 {
		d.want("state", d.call(protocol.PathDesktopState, struct{}{}, nil), "")
	}
	r := d.sign(d.request(protocol.PathDesktopState, struct{}{}))
	d.want("one more", d.send(r, nil), protocol.DesktopTooMany)
	b.Clock.Advance(90 * time.Second)
	d.want("the same later", d.send(r, nil), "")
	d.want("and again", d.send(r, nil), protocol.DesktopUnsigned)
}
