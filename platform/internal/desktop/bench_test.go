package desktop_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/desktop"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// bench is the people of consoletest with a login suite, an app of galaxy's own, and the
// calls of desktop clients.
type bench struct {
	*consoletest.Platform
	t           *testing.T
	credentials *credentials.Service
	phones      *session.Keeper
	suite, own  *apps.App
}

const loginOrigin = "https://login.example.com"

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Platform: consoletest.New(t, false), t: t}
	now := b.Clock.Now
	var err error
	if b.credentials, err = credentials.New(b.DB, b.ShortLived, consoletest.PhoneURL, now); err != nil {
		t.Fatal(err)
	}
	b.phones = &session.Keeper{Store: b.ShortLived, DB: b.DB, Now: now, Part: "phone"}
	b.credentials.Directory, b.credentials.Sessions = b.Directory, b.phones
	(&desktop.Handler{Respond: b.Respond, Apps: b.Apps, Directory: b.Directory, Attempts: b.Attempts, Audit: b.Audit,
		Ask: &ask.Service{Apps: b.Apps, Directory: b.Directory, Audit: b.Audit, Consents: &consent.Service{DB: b.DB, Now: now},
			Familiar: &familiar.Service{DB: b.DB, Now: now}},
		Credentials: b.credentials, Phones: b.phones, Store: b.ShortLived, Now: now, PublicURL: consoletest.PhoneURL,
		LoginOrigins: []string{loginOrigin}}).Mount(b.Mux)
	if b.suite, _, err = b.Apps.NewSuite(t.Context(), b.Hills.Row, apps.LoginSuite, "login"); err != nil {
		t.Fatal(err)
	}
	if b.own, _, err = b.Apps.NewCorpApp(t.Context(), b.Galaxy.Row, "own"); err != nil {
		t.Fatal(err)
	}
	b.tx(func(tx *sql.Tx) error { return b.Apps.SetRange(t.Context(), tx, b.own.Row, []int64{1}, nil) })
	return b
}

func (b *bench) tx(fn func(*sql.Tx) error) {
	b.t.Helper()
	if err := b.DB.Update(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) count(query string, args ...any) (n int) {
	b.t.Helper()
	if err := b.DB.Query(query).Row(b.t.Context(), args...).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

// desk is a desktop client.
type desk struct {
	*bench
	key  ed25519.PrivateKey
	id   string
	from string // its address
}

func (b *bench) newDesk() *desk {
	b.t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return &desk{bench: b, key: key, from: "192.0.2.10:5000"}
}

// deskOf is the desktop client of a person, written without its way there.
func (b *bench) deskOf(person string) *desk {
	b.t.Helper()
	d := b.newDesk()
	c, err := b.credentials.AddDesktopClient(b.t.Context(), credentials.DesktopClient{Person: b.Person[person],
		Key: d.key.Public().(ed25519.PublicKey), Name: "desk · Linux", Address: "192.0.2.10"})
	if err != nil {
		b.t.Fatal(err)
	}
	d.id = strconv.FormatInt(c.ID, 10)
	return d
}

func text(raw []byte) string { return protocol.DesktopEncoding.EncodeToString(raw) }

func nonce() string {
	b := make([]byte, protocol.DesktopNonceBytes)
	rand.Read(b)
	return text(b)
}

// request is one call before it is signed.
type request struct {
	call   protocol.DesktopCall
	header http.Header
}

func (d *desk) request(path string, body any) *request {
	d.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	return &request{protocol.DesktopCall{Platform: consoletest.PhoneURL, Method: "POST", Path: path, Time: d.Clock.Now().UnixMilli(),
		Nonce: nonce(), Body: raw}, http.Header{"Content-Type": {"application/json"}}}
}

// sign puts the four headers on a request; no device: a client that has none yet.
func (d *desk) sign(r *request) *request {
	if d.id != "" {
		r.header.Set(protocol.HeaderDevice, d.id)
	}
	r.header.Set(protocol.HeaderTime, strconv.FormatInt(r.call.Time, 10))
	r.header.Set(protocol.HeaderNonce, r.call.Nonce)
	r.header.Set(protocol.HeaderSignature, text(ed25519.Sign(d.key, r.call.Bytes())))
	return r
}

// answer is what came back: the status, the reason of a failure, and the whole.
type answer struct {
	status int
	reason string
	raw    []byte
	header http.Header
}

func (d *desk) send(r *request, into any) answer {
	d.t.Helper()
	req := httptest.NewRequest(r.call.Method, consoletest.PhoneURL+r.call.Path, bytes.NewReader(r.call.Body))
	req.RemoteAddr, req.Header = d.from, r.header
	w := httptest.NewRecorder()
	d.Handler.ServeHTTP(w, req)
	a := answer{status: w.Code, raw: w.Body.Bytes(), header: w.Header()}
	if w.Code == http.StatusOK {
		if into != nil {
			if err := json.Unmarshal(a.raw, into); err != nil {
				d.t.Fatalf("%s: %v: %s", r.call.Path, err, a.raw)
			}
		}
		return a
	}
	var f protocol.DesktopFailure
	if err := json.Unmarshal(a.raw, &f); err != nil || f.Reason == "" || f.Message == "" {
		d.t.Fatalf("%s: %d %v: %s", r.call.Path, w.Code, err, a.raw)
	}
	a.reason = f.Reason
	return a
}

// call sends a signed call.
func (d *desk) call(path string, body, into any) answer {
	d.t.Helper()
	return d.send(d.sign(d.request(path, body)), into)
}

// want fails where an answer has another reason; empty: it is no failure.
func (b *bench) want(what string, a answer, reason string) {
	b.t.Helper()
	if a.reason != reason || (reason == "") != (a.status == http.StatusOK) {
		b.t.Errorf("%s: %d %s, want reason %q", what, a.status, a.raw, reason)
	}
}

// page is a login page that has handed its sign-in to a desktop client.
type page struct {
	attempt.Keys
	client string
}

var browserAt = netip.MustParseAddr("192.0.2.10")

const agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0"

// open opens the login page of an app.
func (b *bench) open(app *apps.App, change ...func(*attempt.Request)) page {
	b.t.Helper()
	r := attempt.Request{App: app.Row, Kind: tokens.LoginCode, RedirectURI: "https://site.example/cb", Origin: "https://site.example",
		Address: browserAt, Browser: agent}
	for _, c := range change {
		c(&r)
	}
	keys, err := b.Attempts.Begin(b.t.Context(), r)
	if err != nil {
		b.t.Fatal(err)
	}
	p := page{Keys: keys}
	if p.client, _, err = b.Attempts.ClientKey(b.t.Context(), keys.WebKey); err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) attempt(p page) *attempt.Attempt {
	b.t.Helper()
	a, err := b.Attempts.Get(b.t.Context(), p.WebKey)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

// number is what the page shows.
func (b *bench) number(p page) string { return strconv.FormatInt(b.attempt(p).Number, 10) }

func (d *desk) claim(p page) (protocol.DesktopClaimed, answer) {
	d.t.Helper()
	var c protocol.DesktopClaimed
	a := d.call(protocol.PathDesktopClaim, protocol.DesktopClaim{ClientKey: p.client}, &c)
	return c, a
}

// claimed is claim, which must go well.
func (d *desk) claimed(p page) protocol.DesktopClaimed {
	d.t.Helper()
	c, a := d.claim(p)
	d.want("claim", a, "")
	return c
}

// decision is a decide call with its statement, before either is signed.
type decision struct {
	protocol.DesktopDecide
	statement protocol.DesktopStatement
}

func (d *desk) decision(p page, c protocol.DesktopClaimed, what, as, number string) *decision {
	return &decision{protocol.DesktopDecide{ClientKey: p.client, Decision: what, As: as, Number: number},
		protocol.DesktopStatement{Platform: consoletest.PhoneURL, Attempt: c.Attempt, ClientKey: p.client, App: c.App,
			RedirectOrigin: c.RedirectOrigin, As: as, Decision: what}}
}

// decide signs and sends a decision. change, when given, spoils the statement before.
func (d *desk) decide(m *decision, change ...func(*protocol.DesktopStatement)) (string, answer) {
	d.t.Helper()
	m.statement.Time = d.Clock.Now().UnixMilli()
	at := m.statement.Time
	for _, c := range change {
		c(&m.statement)
	}
	m.StatementSignature = text(ed25519.Sign(d.key, m.statement.Bytes()))
	r := d.request(protocol.PathDesktopDecide, m.DesktopDecide)
	r.call.Time = at
	var out protocol.DesktopDecided
	a := d.send(d.sign(r), &out)
	return out.Outcome, a
}

// yes confirms as the only choice there is.
func (d *desk) yes(p page, c protocol.DesktopClaimed) (string, answer) {
	d.t.Helper()
	return d.decide(d.decision(p, c, protocol.DesktopConfirm, c.Choices[0].As, d.number(p)))
}
