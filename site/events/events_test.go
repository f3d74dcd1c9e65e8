package events_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/events"
)

const (
	suiteID  = "ww4asffe99e54c0f4c"
	provider = "wwprovider00000001"
	token    = "QDG6eK"
	aesKey   = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	start    = 1_700_000_000
)

// bench is a receiver and the platform that pushes to it.
type bench struct {
	t        *testing.T
	codec    *sealed.Codec
	tickets  *events.Tickets
	receiver *events.Receiver
	log      *bytes.Buffer

	mu      sync.Mutex
	now     time.Time
	handled []string // "InfoType AuthCorpId"
	asked   []string // what ConfirmCancel was asked
	gone    bool     // what it answers
	hookErr error    // what Handle answers
}

func newBench(t *testing.T) *bench {
	t.Helper()
	key, err := sealed.ParseKey(aesKey)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, codec: sealed.New(token, key), now: time.Unix(start, 0), log: &bytes.Buffer{}, gone: true}
	b.tickets = events.NewTickets().WithClock(b.clock)
	b.receiver, err = events.New(b.config())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) config() events.Config {
	return events.Config{
		SuiteID: suiteID, ProviderCorpID: provider, Token: token, EncodingAESKey: aesKey,
		Tickets: b.tickets, Now: b.clock, Log: slog.New(slog.NewTextHandler(b.log, nil)),
		Handle: func(_ context.Context, e protocol.Event) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.handled = append(b.handled, e.InfoType+" "+e.AuthCorpID)
			return b.hookErr
		},
		ConfirmCancel: func(_ context.Context, e protocol.Event) (bool, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.asked = append(b.asked, e.AuthCorpID)
			return b.gone, b.hookErr
		},
	}
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// packet is one pushed request.
type packet struct {
	query url.Values
	body  []byte
}

func (b *bench) seal(plain []byte, receiveID string, sealedAt time.Time) packet {
	stamp := strconv.FormatInt(sealedAt.Unix(), 10)
	envelope, signature := b.codec.Seal(plain, receiveID, stamp, "nonce")
	return packet{sealed.Query(signature, stamp, "nonce"), envelope.XML()}
}

func (b *bench) event(e protocol.Event) packet {
	e.SuiteID = suiteID
	return b.seal(e.XML(), suiteID, b.clock())
}

func ticketEvent(value string, made int64) protocol.Event {
	return protocol.Event{InfoType: protocol.EventSuiteTicket, SuiteTicket: value, TimeStamp: made}
}

func cancelEvent(corp string) protocol.Event {
	return protocol.Event{InfoType: protocol.EventCancelAuth, AuthCorpID: corp, TimeStamp: start}
}

// answer is all that the sender gets to see.
func answer(w *httptest.ResponseRecorder) string {
	return fmt.Sprint(w.Code, w.Header(), w.Body)
}

func (b *bench) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.receiver.ServeHTTP(w, r)
	if err := b.receiver.Wait(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return w
}

func (b *bench) post(p packet) *httptest.ResponseRecorder {
	return b.send(httptest.NewRequest(http.MethodPost, "/callback?"+p.query.Encode(), bytes.NewReader(p.body)))
}

func (b *bench) accept(p packet) {
	b.t.Helper()
	if w := b.post(p); w.Code != http.StatusOK || w.Body.String() != "success" || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		b.t.Errorf("answered %s; log %s", answer(w), b.log)
	}
}

func (b *bench) effects() string {
	kept, err := b.tickets.SuiteTicket(b.t.Context(), suiteID)
	b.mu.Lock()
	defer b.mu.Unlock()
	return fmt.Sprintf("%v %v %s %v", b.handled, b.asked, kept, err)
}

func TestURLCheck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	check := func(receiveID string, at time.Time) *httptest.ResponseRecorder {
		q := b.codec.SealCheck("1616140317555161061", receiveID, strconv.FormatInt(at.Unix(), 10), "n")
		return b.send(httptest.NewRequest(http.MethodGet, "/callback?"+q.Encode(), nil))
	}
	if w := check(provider, b.clock()); w.Code != http.StatusOK || w.Body.String() != "1616140317555161061" {
		t.Errorf("answered %s", answer(w))
	}
	refused := answer(check(suiteID, b.clock()))
	if !strings.HasPrefix(refused, "403") {
		t.Errorf("the suite's id as receiveid: %s", refused)
	}
	if got := answer(check(provider, b.clock().Add(-11*time.Minute))); got != refused {
		t.Errorf("old check: %s", got)
	}
	if got := answer(b.send(httptest.NewRequest(http.MethodGet, "/callback", nil))); got != refused {
		t.Errorf("no query: %s", got)
	}
	// An event's packet is no URL check: its plain text does not come back.
	p := b.event(ticketEvent("T1", start))
	e, _ := protocol.ParseEnvelope(p.body)
	p.query.Set("echostr", e.Encrypt)
	if got := answer(b.send(httptest.NewRequest(http.MethodGet, "/callback?"+p.query.Encode(), nil))); got != refused {
		t.Errorf("an event as a check: %s", got)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := b.tickets.SuiteTicket(t.Context(), suiteID); !errors.Is(err, site.ErrNoTicket) {
		t.Errorf("before the first ticket: %v", err)
	}
	b.accept(b.event(ticketEvent("T1", start)))
	b.accept(b.event(ticketEvent("T2", start)))
	b.accept(b.event(protocol.Event{InfoType: protocol.EventCreateAuth, AuthCode: "code", TimeStamp: start}))
	b.accept(b.event(protocol.Event{InfoType: "some_new_event", AuthCorpID: "c", TimeStamp: start}))
	b.accept(b.event(cancelEvent("c1")))
	if got, want := b.effects(), "[create_auth  some_new_event c cancel_auth c1] [c1] T2 <nil>"; got != want {
		t.Errorf("effects %s, want %s", got, want)
	}
	w := b.send(httptest.NewRequest(http.MethodPut, "/callback", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, POST" {
		t.Errorf("PUT: %s", answer(w))
	}
}

// Abuse case 24 of the security rules: no effect, identical answer.
func TestNoEffectIdenticalAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cancel := b.event(cancelEvent("c1"))
	b.accept(cancel)
	b.accept(b.event(ticketEvent("new", start)))
	b.accept(b.event(ticketEvent("newer", start+600)))
	before := b.effects()

	sealAgain := func(e protocol.Event) packet { // same event, encrypted anew
		return b.event(e)
	}
	foreignSuite := protocol.Event{SuiteID: "ww0000000000000000", InfoType: protocol.EventCancelAuth, AuthCorpID: "c2", TimeStamp: start}
	otherKey, _ := sealed.ParseKey("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
	withCodec := func(c *sealed.Codec) packet {
		e, sig := c.Seal(cancelEvent("c2").XML(), suiteID, strconv.Itoa(start), "n")
		return packet{sealed.Query(sig, strconv.Itoa(start), "n"), e.XML()}
	}
	resigned := func(encrypt string) packet {
		stamp := strconv.Itoa(start)
		return packet{sealed.Query(b.codec.Signature(stamp, "n", encrypt), stamp, "n"), protocol.Envelope{Encrypt: encrypt}.XML()}
	}
	twice := b.event(cancelEvent("c2"))
	twice.query.Add("msg_signature", "x")
	unsigned := b.event(cancelEvent("c2"))
	unsigned.query.Del("msg_signature")
	restamped := b.event(cancelEvent("c2"))
	restamped.query.Set("timestamp", strconv.Itoa(start+1))

	var first string
	for _, row := range []struct {
		name string
		packet
	}{
		{"replayed cancel_auth", cancel},
		{"the same cancel_auth sealed again", sealAgain(cancelEvent("c1"))},
		{"older ticket", b.event(ticketEvent("old", start-600))},
		{"older ticket by a second", b.event(ticketEvent("old", start+599))},
		{"replayed ticket", b.event(ticketEvent("newer", start+600))},
		{"empty ticket", b.event(ticketEvent("", start+1200))},
		{"endless ticket", b.event(ticketEvent(strings.Repeat("t", 513), start+1200))},
		{"wrong receiveid", b.seal(cancelEvent("c2").XML(), "ww0000000000000000", b.clock())},
		{"sealed for the provider", b.seal(cancelEvent("c2").XML(), provider, b.clock())},
		{"no receiveid", b.seal(cancelEvent("c2").XML(), "", b.clock())},
		{"event of another suite", b.seal(foreignSuite.XML(), suiteID, b.clock())},
		{"bad padding", resigned("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")},
		{"not base64", resigned("%%%%")},
		{"line feed in the text", resigned("AAAA\nAAA")},
		{"another token", withCodec(sealed.New("other", mustKey(t)))},
		{"another key", withCodec(sealed.New(token, otherKey))},
		{"sealed 11 minutes ago", b.seal(b.named(cancelEvent("c2")).XML(), suiteID, b.clock().Add(-11*time.Minute))},
		{"another timestamp", restamped},
		{"signature twice", twice},
		{"no signature", unsigned},
		{"not XML inside", b.seal([]byte("cancel_auth"), suiteID, b.clock())},
		{"XML that is no event", b.seal([]byte("<xml></xml>"), suiteID, b.clock())},
		{"no packet", packet{cancel.query, []byte("{}")}},
		{"nothing", packet{url.Values{}, nil}},
		{"too long", packet{cancel.query, bytes.Repeat([]byte(" "), 1<<20+1)}},
	} {
		got := answer(b.post(row.packet))
		if first == "" {
			first = got
		}
		if got != first || !strings.HasPrefix(got, "403") {
			t.Errorf("%s: answered %s, the first %s", row.name, got, first)
		}
		if after := b.effects(); after != before {
			t.Fatalf("%s: effects %s, before %s", row.name, after, before)
		}
	}
	if reasons := strings.Count(b.log.String(), "callback refused"); reasons != 25 {
		t.Errorf("%d reasons logged", reasons)
	}
	// The rows are refused for what they are: the same event, whole, is taken.
	b.accept(b.event(cancelEvent("c2")))
}

func (b *bench) named(e protocol.Event) protocol.Event { e.SuiteID = suiteID; return e }

func mustKey(t *testing.T) sealed.Key {
	t.Helper()
	key, err := sealed.ParseKey(aesKey)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Any change to a packet on its way is refused, in the style of abuse case 1.
func TestChangedPackets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p := b.event(cancelEvent("c1"))
	envelope, err := protocol.ParseEnvelope(p.body)
	if err != nil {
		t.Fatal(err)
	}
	changes := func(s string) (out []string) {
		for i := range len(s) * 8 {
			c := []byte(s)
			c[i/8] ^= 1 << (i % 8)
			out = append(out, string(c))
		}
		return append(out, s+"\n", s+"%0A", "\n"+s, s[:len(s)/2]+"\n"+s[len(s)/2:], s+" ", s+"=", s[:len(s)-1], "", s+s)
	}
	refuse := func(what string, p packet) {
		t.Helper()
		if w := b.post(p); w.Code != http.StatusForbidden {
			t.Fatalf("%s: %s", what, answer(w))
		}
	}
	for _, c := range changes(envelope.Encrypt) {
		changed := envelope
		changed.Encrypt = c
		refuse("encrypt "+strconv.Quote(c), packet{p.query, changed.XML()})
	}
	for _, name := range []string{"msg_signature", "timestamp", "nonce"} {
		for _, c := range changes(p.query.Get(name)) {
			q := url.Values{"msg_signature": p.query["msg_signature"], "timestamp": p.query["timestamp"], "nonce": p.query["nonce"]}
			q.Set(name, c)
			refuse(name+" "+strconv.Quote(c), packet{q, p.body})
		}
	}
	if got := b.effects(); got != "[] []  "+site.ErrNoTicket.Error() {
		t.Errorf("effects %s", got)
	}
	b.accept(p)
}

func TestAgeAndMemory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	e := b.named(protocol.Event{InfoType: protocol.EventChangeAuth, AuthCorpID: "c", TimeStamp: start - 3600})
	// The event may be old, as after a platform's outage: its sealing counts.
	late := b.seal(e.XML(), suiteID, b.clock().Add(-10*time.Minute))
	b.accept(late)
	// Sealed by a clock ahead of ours: taken, and remembered until it is old.
	e.AuthCorpID = "ahead"
	ahead := b.seal(e.XML(), suiteID, b.clock().Add(31*time.Minute))
	b.accept(ahead)
	for range 5 {
		b.advance(10 * time.Minute)
		b.accept(b.event(ticketEvent("t", b.clock().Unix())))
		for _, p := range []packet{late, ahead} {
			if w := b.post(p); w.Code != http.StatusForbidden {
				t.Errorf("replayed after %v: %s", b.clock().Sub(time.Unix(start, 0)), answer(w))
			}
		}
	}
	if got := b.effects(); !strings.HasPrefix(got, "[change_auth c change_auth ahead]") {
		t.Errorf("effects %s", got)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for field, change := range map[string]func(*events.Config){
		"SuiteID":        func(c *events.Config) { c.SuiteID = "" },
		"ProviderCorpID": func(c *events.Config) { c.ProviderCorpID = "" },
		"Token":          func(c *events.Config) { c.Token = "" },
		"EncodingAESKey": func(c *events.Config) { c.EncodingAESKey = "canary" },
		"Tickets":        func(c *events.Config) { c.Tickets = nil },
	} {
		config := b.config()
		change(&config)
		if _, err := events.New(config); err == nil || !strings.Contains(err.Error(), "Config."+field) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", field, err)
		}
	}
	same := b.config()
	same.ProviderCorpID = same.SuiteID
	if _, err := events.New(same); err == nil {
		t.Error("one id for both receiveids was taken")
	}
	if text := fmt.Sprintf("%+v %#v %+v", b.receiver, b.receiver, b.tickets); strings.Contains(text, token) || strings.Contains(text, aesKey) {
		t.Errorf("shows %s", text)
	}
}
