package desktop_test

import (
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/protocol"
)

func (d *desk) public() string { return text(d.key.Public().(ed25519.PublicKey)) }

// enrol asks for a QR code.
func (d *desk) enrol() protocol.DesktopEnrolled {
	d.t.Helper()
	var e protocol.DesktopEnrolled
	d.want("enrol", d.send(d.request(protocol.PathDesktopEnrol, protocol.DesktopEnrol{PublicKey: d.public(), Name: "desk · Linux"}), &e), "")
	return e
}

// phone is a signed-in phone of a person.
func (b *bench) phone(person string) attempt.Phone {
	b.t.Helper()
	s, err := b.phones.Start(b.t.Context(), httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), b.Person[person], person)
	if err != nil {
		b.t.Fatal(err)
	}
	return attempt.Phone{Session: s.ID, Person: s.Person, Name: s.Name, Address: browserAt}
}

func qrKey(e protocol.DesktopEnrolled) string {
	return strings.TrimPrefix(e.URL, consoletest.PhoneURL+"/q/")
}

// confirm is a phone that scans and confirms.
func (b *bench) confirm(e protocol.DesktopEnrolled, p attempt.Phone) {
	b.t.Helper()
	a, err := b.Attempts.Scan(b.t.Context(), qrKey(e), p)
	if err == nil {
		_, err = b.Attempts.Confirm(b.t.Context(), qrKey(e), p, attempt.Decision{Number: strconv.FormatInt(a.Number, 10)})
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func (d *desk) wait(e protocol.DesktopEnrolled, last protocol.QRStatus) protocol.DesktopWaited {
	d.t.Helper()
	var w protocol.DesktopWaited
	r := d.request(protocol.PathDesktopWait, protocol.DesktopWait{WebKey: e.WebKey, LastStatus: last})
	r.header.Set("Authorization", e.Signature)
	d.want("wait", d.send(r, &w), "")
	return w
}

// collecting is a signed collect.
func (d *desk) collecting(e protocol.DesktopEnrolled) *request {
	r := d.sign(d.request(protocol.PathDesktopCollect, protocol.DesktopCollect{WebKey: e.WebKey}))
	r.header.Set("Authorization", e.Signature)
	return r
}

// A client is signed in, knows whose it is, and signs itself out.
func TestEnrol(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, p := b.newDesk(), b.phone(consoletest.Member)
	e := d.enrol()
	if e.Platform != consoletest.PhoneURL || e.ExpiresIn != 300 {
		t.Errorf("%+v", e)
	}
	if got := d.wait(e, protocol.QRCancel); got.Status != protocol.QRNever || got.Number != "" {
		t.Errorf("%+v", got)
	}
	a, err := b.Attempts.Scan(t.Context(), qrKey(e), p)
	if err != nil || a.Browser != "desk · Linux" || a.Device != d.public() {
		t.Fatalf("%+v %v", a, err)
	}
	number := strconv.FormatInt(a.Number, 10)
	if got := d.wait(e, protocol.QRNever); got.Status != protocol.QRScanning || got.Number != number {
		t.Errorf("%+v, want the number %s", got, number)
	}
	d.want("collected before it is confirmed", d.send(d.collecting(e), nil), protocol.DesktopGone)
	if _, err := b.Attempts.Confirm(t.Context(), qrKey(e), p, attempt.Decision{Number: number}); err != nil {
		t.Fatal(err)
	}
	if got := d.wait(e, protocol.QRScanning); got.Status != protocol.QRSuccess || got.Number != "" {
		t.Errorf("%+v", got)
	}
	var c protocol.DesktopCollected
	d.want("collect", d.send(d.collecting(e), &c), "")
	if c.Person != consoletest.Member || len(c.Companies) != 1 || c.Companies[0].Company != b.Galaxy.Name {
		t.Errorf("%+v", c)
	}
	d.want("collected twice", d.send(d.collecting(e), nil), protocol.DesktopOver)
	if got := d.wait(e, protocol.QRSuccess); got.Status != protocol.QRErr {
		t.Errorf("after it was collected: %+v", got)
	}

	d.id = c.DeviceID
	var s protocol.DesktopState
	d.want("state", d.call(protocol.PathDesktopState, struct{}{}, &s), "")
	if s.Person != c.Person || len(s.Companies) != 1 || len(s.LoginOrigins) != 1 || s.LoginOrigins[0] != loginOrigin || s.Lang != "zh" {
		t.Errorf("%+v", s)
	}
	d.want("sign-out", d.call(protocol.PathDesktopSignOut, struct{}{}, nil), "")
	d.want("after signing out", d.call(protocol.PathDesktopState, struct{}{}, nil), protocol.DesktopUnsigned)
	list, _, err := b.Audit.Entries(t.Context(), audit.Query{Actions: []audit.Action{audit.DesktopAdded, audit.DesktopRemoved}, Limit: 9})
	if err != nil || len(list) != 2 || list[0].Action != audit.DesktopRemoved || list[1].Action != audit.DesktopAdded ||
		list[1].Target != "desk · Linux" || list[1].Name != consoletest.Member {
		t.Errorf("%+v %v", list, err)
	}
}

func TestEnrolRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.newDesk()
	good := protocol.DesktopEnrol{PublicKey: d.public(), Name: "desk"}
	for name, in := range map[string]any{
		"no key":            protocol.DesktopEnrol{Name: "desk"},
		"a short key":       protocol.DesktopEnrol{PublicKey: text(make([]byte, 31)), Name: "desk"},
		"a padded key":      protocol.DesktopEnrol{PublicKey: d.public() + "=", Name: "desk"},
		"a key of lines":    protocol.DesktopEnrol{PublicKey: d.public()[:20] + "\n" + d.public()[20:], Name: "desk"},
		"no name":           protocol.DesktopEnrol{PublicKey: d.public()},
		"a long name":       protocol.DesktopEnrol{PublicKey: d.public(), Name: strings.Repeat("x", protocol.DesktopNameMaxBytes+1)},
		"a name of lines":   protocol.DesktopEnrol{PublicKey: d.public(), Name: "desk\nWindows"},
		"a name that turns": protocol.DesktopEnrol{PublicKey: d.public(), Name: "desk \u202eswodniW"},
		"a name of nothing": protocol.DesktopEnrol{PublicKey: d.public(), Name: " "},
		"a list":            []string{},
	} {
		d.want(name, d.send(d.request(protocol.PathDesktopEnrol, in), nil), protocol.DesktopMalformed)
	}
	for name, change := range map[string]func(*request){
		"a form":                func(r *request) { r.header.Set("Content-Type", "application/x-www-form-urlencoded") },
		"plain text":            func(r *request) { r.header.Set("Content-Type", "text/plain") },
		"no type":               func(r *request) { r.header.Del("Content-Type") },
		"another site's page":   func(r *request) { r.header.Set("Sec-Fetch-Site", "cross-site") },
		"another origin's page": func(r *request) { r.header.Set("Origin", "https://evil.example") },
		"too long":              func(r *request) { r.call.Body = append(r.call.Body, make([]byte, 20<<10)...) },
		"no JSON":               func(r *request) { r.call.Body = []byte("{") },
	} {
		r := d.request(protocol.PathDesktopEnrol, good)
		change(r)
		d.want(name, d.send(r, nil), protocol.DesktopMalformed)
	}
	// So many from one network in a minute, and others from another all the same.
	enrol := func() answer { return d.send(d.request(protocol.PathDesktopEnrol, good), nil) }
	for i := range 20 {
		d.want("enrolment "+strconv.Itoa(i), enrol(), "")
	}
	d.from = "192.0.2.10:5001"
	if got := enrol(); got.reason != protocol.DesktopTooMany || got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("one more: %d %s %v", got.status, got.raw, got.header)
	}
	d.from = "192.0.2.11:5000"
	d.want("from another network", enrol(), "")
}

// Who collects is the client that began, with the key that the phone was asked about; nobody
// else, and nothing else's page.
func TestCollectRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, p := b.newDesk(), b.phone(consoletest.Member)
	e, other := d.enrol(), d.enrol()
	b.confirm(e, p)
	console, err := b.Attempts.Begin(t.Context(), attempt.Request{Console: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*request){
		"no signature of the page": func(r *request) { r.header.Del("Authorization") },
		"another client's":         func(r *request) { r.header.Set("Authorization", other.Signature) },
		"the bare signature":       func(r *request) { r.header.Set("Authorization", strings.TrimPrefix(e.Signature, "Bearer ")) },
		"the QR key":               func(r *request) { r.header.Set("Authorization", "Bearer "+qrKey(e)) },
		"not signed by a key":      func(r *request) { r.header.Del(protocol.HeaderSignature) },
		"signed by another key":    func(r *request) { *r = *b.newDesk().sign(r) },
		"signed for another time":  func(r *request) { r.header.Set(protocol.HeaderTime, "1") },
		"a console's sign-in": func(r *request) {
			*r = *d.collecting(protocol.DesktopEnrolled{WebKey: console.WebKey, Signature: console.Signature})
		},
		"a body changed after signing":  func(r *request) { r.call.Body = append(r.call.Body, ' ') },
		"the page's key, as a device's": func(r *request) { r.header.Set("Authorization", console.Signature) },
	} {
		r := d.collecting(e)
		spoil(r)
		d.want(name, d.send(r, nil), protocol.DesktopUnsigned)
	}
	d.want("of one that waits", d.send(d.collecting(other), nil), protocol.DesktopGone)
	if n := b.count(`SELECT COUNT(*) FROM desktop_clients`); n != 0 {
		t.Errorf("%d clients", n)
	}
	// The right one, twice at once with the same bytes.
	r := d.collecting(e)
	d.want("the client itself", d.send(r, nil), "")
	d.want("replayed", d.send(r, nil), protocol.DesktopUnsigned)
	// A key makes one client.
	b.confirm(other, p)
	d.want("the same key again", d.send(d.collecting(other), nil), protocol.DesktopOver)
}

// Whoever collects what nobody has confirmed writes nothing down, however often: the call is
// as good afterwards as it was.
func TestCollectWritesNothingForStrangers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.newDesk()
	e := d.enrol()
	r := d.collecting(e)
	for range 2 {
		d.want("of one that waits", d.send(r, nil), protocol.DesktopGone)
	}
	b.confirm(e, b.phone(consoletest.Member))
	d.want("once confirmed", d.send(r, nil), "")
}

// A phone that was signed out before the client came makes none: credentials may have changed
// hands meanwhile.
func TestCollectAfterThePhoneIsSignedOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, p := b.newDesk(), b.phone(consoletest.Member)
	e := d.enrol()
	b.confirm(e, p)
	if err := b.phones.EndAll(t.Context(), p.Person); err != nil {
		t.Fatal(err)
	}
	d.want("collect", d.send(d.collecting(e), nil), protocol.DesktopGone)
	if n := b.count(`SELECT COUNT(*) FROM desktop_clients`); n != 0 {
		t.Errorf("%d clients", n)
	}
}

// One person signs in so many clients in an hour.
func TestDevicesAnHour(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p, other := b.phone(consoletest.Member), b.phone(consoletest.System)
	collect := func(p attempt.Phone) answer {
		d := b.newDesk()
		b.Clock.Advance(5 * time.Second) // not more QR codes in a minute than one network may have
		e := d.enrol()
		b.confirm(e, p)
		return d.send(d.collecting(e), nil)
	}
	for i := range 10 {
		b.want("client "+strconv.Itoa(i), collect(p), "")
	}
	b.want("one more", collect(p), protocol.DesktopTooMany)
	b.want("of another person", collect(other), "")
}
