package platform_test

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// desk is a sandbox in which a member has a desktop client.
type desk struct {
	*platformtest.Platform
	t      *testing.T
	member string
	client *platformtest.Desktop
}

func newDesk(t *testing.T, o platformtest.Options) *desk {
	t.Helper()
	p := platformtest.Start(t, o)
	member := p.Sample.CorpID + "/" + p.Sample.Member
	return &desk{p, t, member, p.Desktop(member)}
}

// handedOver is a login page and the key by which it hands its sign-in over.
func (d *desk) handedOver(query url.Values) (*platformtest.LoginPage, string) {
	d.t.Helper()
	page := d.OpenLogin(query)
	key := page.ClientKey()
	if page.WebKey == "" || key == "" {
		d.t.Fatalf("login page: %d %.300s", page.Status, page.Body)
	}
	return page, key
}

func (d *desk) service() url.Values { return d.ServiceLink(platformtest.Origin+"/cb", "s") }

// number is the one that the page shows while a client has its sign-in.
func (d *desk) number(page *platformtest.LoginPage) string {
	d.t.Helper()
	w := stateNow(page)
	if w.Status != protocol.QRScanning || w.Number == "" {
		d.t.Fatalf("a page whose sign-in a client has: %+v", w)
	}
	return w.Number
}

// yes is an answer that is right in every point.
func (d *desk) yes(page *platformtest.LoginPage, key string, c protocol.DesktopClaimed) protocol.DesktopDecide {
	d.t.Helper()
	return protocol.DesktopDecide{ClientKey: key, Decision: protocol.DesktopConfirm, As: c.Choices[0].As, Number: d.number(page)}
}

// silent fails where a page has learnt of anybody, or of more than that a client is at it.
func (d *desk) silent(name string, page *platformtest.LoginPage, want protocol.QRStatus) {
	d.t.Helper()
	if w := stateNow(page); w.Status != want || w.AuthCode != "" || w.Name != "" || w.Avatar != "" || w.ConfirmCorpID != "" || w.OpenDataSID != "" ||
		w.RedirectURL != "" && want != protocol.QRFail {
		d.t.Errorf("%s: the page is told %+v, want %s", name, w, want)
	}
}

// Quick login, from the page's key to the site's session: the page is told of no person before
// the confirmation, and the code is that person's.
func TestQuickLogin(t *testing.T) {
	t.Parallel()
	d := newDesk(t, platformtest.Options{})
	for decision, want := range map[string]protocol.QRStatus{protocol.DesktopConfirm: protocol.QRSuccess, protocol.DesktopRefuse: protocol.QRFail,
		protocol.DesktopReport: protocol.QRCancel} {
		page, key := d.handedOver(d.service())
		d.silent("handed over", page, protocol.QRNever)
		c, reason := d.client.Claim(key)
		if reason != "" || len(c.Choices) != 1 || c.Asker.Domain != "127.0.0.1:3000" || c.RedirectOrigin != platformtest.Origin || c.Place.Address == "" {
			t.Fatalf("claimed: %q %+v", reason, c)
		}
		d.silent("claimed", page, protocol.QRScanning)
		in := d.yes(page, key, c)
		in.Decision = decision
		outcome, reason := d.client.Decide(c, in, nil)
		w := stateNow(page)
		if reason != "" || w.Status != want || (w.AuthCode != "") != (want == protocol.QRSuccess) || w.Name != "" {
			t.Errorf("%s: %q %q, the page %+v", decision, outcome, reason, w)
		}
		if want == protocol.QRSuccess {
			if a := exchange(t, d.Platform, d.SuiteToken(), w.AuthCode); a.text("userid") != d.Sample.OpenUserID || a.text("corpid") != d.Sample.OpenCorpID {
				t.Errorf("%s", a.body)
			}
		} else {
			d.silent(decision, page, want)
		}
	}
}

// Abuse case 19, the platform's half: calls that the device has not signed as they come, for
// each of the paths. All get one answer, and nothing happens.
func TestAbuse19Calls(t *testing.T) {
	t.Parallel()
	d := newDesk(t, platformtest.Options{})
	other := d.Desktop(d.Sample.CorpID + "/" + d.Sample.Creator)
	page, key := d.handedOver(d.service())
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	drop := func(name string) func(*http.Request) { return func(r *http.Request) { r.Header.Del(name) } }
	at := func(by time.Duration) func(*http.Request) {
		return set(protocol.HeaderTime, strconv.FormatInt(d.Now().Add(by).UnixMilli(), 10))
	}
	for _, path := range []string{protocol.PathDesktopState, protocol.PathDesktopClaim, protocol.PathDesktopDecide, protocol.PathDesktopSignOut} {
		for name, c := range map[string]struct {
			change func(*http.Request)
			want   string
		}{
			"no device":                       {drop(protocol.HeaderDevice), protocol.DesktopUnsigned},
			"another's device":                {set(protocol.HeaderDevice, other.ID), protocol.DesktopUnsigned},
			"an unknown device":               {set(protocol.HeaderDevice, "1"), protocol.DesktopUnsigned},
			"two devices":                     {func(r *http.Request) { r.Header.Add(protocol.HeaderDevice, d.client.ID) }, protocol.DesktopUnsigned},
			"no signature":                    {drop(protocol.HeaderSignature), protocol.DesktopUnsigned},
			"a signature of zeros":            {set(protocol.HeaderSignature, protocol.DesktopEncoding.EncodeToString(make([]byte, ed25519.SignatureSize))), protocol.DesktopUnsigned},
			"another's signature of the same": {func(r *http.Request) { resign(t, d.Platform, r, other) }, protocol.DesktopUnsigned},
			"no time":                         {drop(protocol.HeaderTime), protocol.DesktopUnsigned},
			"a later time":                    {at(time.Second), protocol.DesktopUnsigned},
			"an older time":                   {at(-time.Second), protocol.DesktopUnsigned},
			"no nonce":                        {drop(protocol.HeaderNonce), protocol.DesktopUnsigned},
			"another nonce":                   {set(protocol.HeaderNonce, "AAECAwQFBgcICQoLDA0ODw"), protocol.DesktopUnsigned},
			"another body":                    {func(r *http.Request) { body(r, `{"client_key":"`+key+`" }`) }, protocol.DesktopUnsigned},
			"no body":                         {func(r *http.Request) { body(r, "") }, protocol.DesktopUnsigned},
			"plain text":                      {set("Content-Type", "text/plain"), protocol.DesktopMalformed},
			"a form":                          {set("Content-Type", "application/x-www-form-urlencoded"), protocol.DesktopMalformed},
			"from a page of another site":     {set("Sec-Fetch-Site", "cross-site"), protocol.DesktopMalformed},
			"from the site's page":            {set("Origin", platformtest.Origin), protocol.DesktopMalformed},
			"from a frame without an origin":  {set("Origin", "null"), protocol.DesktopMalformed},
		} {
			d.client.Change = c.change
			if reason := d.client.Call(path, protocol.DesktopClaim{ClientKey: key}, nil); reason != c.want {
				t.Errorf("%s: %s: %q, want %q", path, name, reason, c.want)
			}
		}
		// A call for another of these paths.
		d.client.Change = func(r *http.Request) {
			r.URL.Path = map[bool]string{true: protocol.PathDesktopState, false: protocol.PathDesktopSignOut}[path != protocol.PathDesktopState]
		}
		if reason := d.client.Call(path, protocol.DesktopClaim{ClientKey: key}, nil); reason != protocol.DesktopUnsigned {
			t.Errorf("%s, sent elsewhere: %q", path, reason)
		}
	}
	d.client.Change = nil
	d.silent("after all this", page, protocol.QRNever)

	// The same bytes twice, and a time that is too far away in either direction.
	var first *http.Request
	d.client.Change = func(r *http.Request) { first = r.Clone(t.Context()) }
	if reason := d.client.Call(protocol.PathDesktopState, struct{}{}, nil); reason != "" {
		t.Fatal(reason)
	}
	d.client.Change = func(r *http.Request) { r.Header = first.Header }
	for range 2 {
		if reason := d.client.Call(protocol.PathDesktopState, struct{}{}, nil); reason != protocol.DesktopUnsigned {
			t.Errorf("replayed: %q", reason)
		}
	}
	d.client.Change = func(r *http.Request) { d.Advance(protocol.DesktopClockSkew + time.Second) }
	if reason := d.client.Call(protocol.PathDesktopState, struct{}{}, nil); reason != protocol.DesktopUnsigned {
		t.Errorf("sent late: %q", reason)
	}
	d.client.Change = nil
	if reason := d.client.Call(protocol.PathDesktopState, struct{}{}, nil); reason != "" {
		t.Errorf("the client itself: %q", reason)
	}
}

func body(r *http.Request, text string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
}

// resign has another device sign a call as it stands, under the name of the first.
func resign(t *testing.T, p *platformtest.Platform, r *http.Request, by *platformtest.Desktop) {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	body(r, string(raw))
	at, err := strconv.ParseInt(r.Header.Get(protocol.HeaderTime), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	call := protocol.DesktopCall{Platform: p.PublicURL(), Method: r.Method, Path: r.URL.Path, Time: at, Nonce: r.Header.Get(protocol.HeaderNonce), Body: raw}
	r.Header.Set(protocol.HeaderSignature, protocol.DesktopEncoding.EncodeToString(ed25519.Sign(by.Key, call.Bytes())))
}

// Abuse case 19: keys of sign-ins that are not this client's to take, or no longer.
func TestAbuse19Keys(t *testing.T) {
	t.Parallel()
	d := newDesk(t, platformtest.Options{})
	other := d.Desktop(d.Sample.CorpID + "/" + d.Sample.Creator)
	second := d.Desktop(d.member) // of the same person
	link := d.service()
	scanned := func() *platformtest.LoginPage {
		page := d.OpenLogin(link)
		scan(d.Phone(d.Sample.CorpID+"/"+d.Sample.Creator), page)
		return page
	}
	for name, c := range map[string]struct {
		key  func() (*platformtest.LoginPage, string)
		want string
	}{
		"nothing":      {func() (*platformtest.LoginPage, string) { return nil, "" }, protocol.DesktopGone},
		"made up":      {func() (*platformtest.LoginPage, string) { return nil, strings.Repeat("A", 22) }, protocol.DesktopGone},
		"cut":          {func() (*platformtest.LoginPage, string) { p, k := d.handedOver(link); return p, k[:21] }, protocol.DesktopGone},
		"with a line":  {func() (*platformtest.LoginPage, string) { p, k := d.handedOver(link); return p, k + "\n" }, protocol.DesktopGone},
		"last bit":     {func() (*platformtest.LoginPage, string) { p, k := d.handedOver(link); return p, changed(k) }, protocol.DesktopGone},
		"an older one": {func() (*platformtest.LoginPage, string) { p, k := d.handedOver(link); p.ClientKey(); return p, k }, protocol.DesktopGone},
		"two minutes": {func() (*platformtest.LoginPage, string) {
			p, k := d.handedOver(link)
			d.Advance(2 * time.Minute)
			return p, k
		}, protocol.DesktopGone},
		"another's":   {func() (*platformtest.LoginPage, string) { p, k := d.handedOver(link); other.Claim(k); return p, k }, protocol.DesktopTaken},
		"one's other": {func() (*platformtest.LoginPage, string) { p, k := d.handedOver(link); second.Claim(k); return p, k }, protocol.DesktopTaken},
		"a phone's": {func() (*platformtest.LoginPage, string) {
			p, k := d.handedOver(link)
			scan(d.Phone(d.member), p)
			return p, k
		}, protocol.DesktopTaken},
		"after a phone": {func() (*platformtest.LoginPage, string) { p := scanned(); return p, p.ClientKey() }, protocol.DesktopGone},
	} {
		page, key := c.key()
		if _, reason := d.client.Claim(key); reason != c.want {
			t.Errorf("%s: %q, want %q", name, reason, c.want)
		}
		for _, decision := range []string{protocol.DesktopConfirm, protocol.DesktopRefuse, protocol.DesktopReport} {
			in := protocol.DesktopDecide{ClientKey: key, Decision: decision, As: "1", Number: "10"}
			if outcome, reason := d.client.Decide(protocol.DesktopClaimed{App: d.Sample.LoginSuiteID, RedirectOrigin: platformtest.Origin}, in, nil); reason == "" {
				t.Errorf("%s: decided: %s", name, outcome)
			}
		}
		if page != nil {
			if w := stateNow(page); w.AuthCode != "" || w.Status == protocol.QRFail || w.Status == protocol.QRCancel {
				t.Errorf("%s: the page %+v", name, w)
			}
		}
	}

	// What a client has, no phone takes over, nor answers.
	page, key := d.handedOver(link)
	if _, reason := d.client.Claim(key); reason != "" {
		t.Fatal(reason)
	}
	for _, phone := range []*platformtest.Phone{d.Phone(d.member), d.Phone(d.Sample.CorpID + "/" + d.Sample.Creator)} {
		if o := scan(phone, page); o.Reason != "other" {
			t.Errorf("a phone scans what a client has: %+v", o)
		}
		if o := confirm(phone, page, d.number(page)); o.Outcome != "" {
			t.Errorf("a phone confirms what a client has: %+v", o)
		}
	}
	// Claimed again by the same client it is the same, with the same number.
	number := d.number(page)
	if _, reason := d.client.Claim(key); reason != "" || d.number(page) != number {
		t.Errorf("claimed again: %q", reason)
	}
}

// Abuse case 19: what is decided is what was signed, by the client that has the sign-in, with
// the number, as somebody that its person is. Nothing else ends well, and only a wrong number
// ends at all.
func TestAbuse19Decisions(t *testing.T) {
	t.Parallel()
	d := newDesk(t, platformtest.Options{})
	other := d.Desktop(d.Sample.CorpID + "/" + d.Sample.Creator)
	page, key := d.handedOver(d.service())
	c, reason := d.client.Claim(key)
	if reason != "" {
		t.Fatal(reason)
	}
	right := d.yes(page, key, c)
	with := func(change func(*protocol.DesktopDecide)) protocol.DesktopDecide {
		in := right
		change(&in)
		return in
	}
	for name, row := range map[string]struct {
		client *platformtest.Desktop
		in     protocol.DesktopDecide
		signed func(*protocol.DesktopStatement)
		want   string
	}{
		"signed for another platform": {d.client, right, func(s *protocol.DesktopStatement) { s.Platform = "https://evil.example" }, protocol.DesktopStatementWrong},
		"for another sign-in":         {d.client, right, func(s *protocol.DesktopStatement) { s.Attempt = strings.Repeat("0", 32) }, protocol.DesktopStatementWrong},
		"for another key":             {d.client, right, func(s *protocol.DesktopStatement) { s.ClientKey = changed(key) }, protocol.DesktopStatementWrong},
		"for another app":             {d.client, right, func(s *protocol.DesktopStatement) { s.App = d.Sample.SuiteID }, protocol.DesktopStatementWrong},
		"for another site":            {d.client, right, func(s *protocol.DesktopStatement) { s.RedirectOrigin = "https://evil.example" }, protocol.DesktopStatementWrong},
		"as somebody else":            {d.client, right, func(s *protocol.DesktopStatement) { s.As = "1" }, protocol.DesktopStatementWrong},
		"as a refusal":                {d.client, right, func(s *protocol.DesktopStatement) { s.Decision = protocol.DesktopRefuse }, protocol.DesktopStatementWrong},
		"at another time":             {d.client, right, func(s *protocol.DesktopStatement) { s.Time++ }, protocol.DesktopStatementWrong},
		"another's client":            {other, right, nil, protocol.DesktopChoiceMissing},
		"another's client, as one of its own": {other, with(func(in *protocol.DesktopDecide) {
			in.As = ownChoice(t, d, other)
		}), nil, protocol.DesktopTaken},
		"another's client refuses": {other, with(func(in *protocol.DesktopDecide) { in.Decision = protocol.DesktopRefuse }), nil, protocol.DesktopTaken},
		"another's client reports": {other, with(func(in *protocol.DesktopDecide) { in.Decision = protocol.DesktopReport }), nil, protocol.DesktopTaken},
		"nobody's choice":          {d.client, with(func(in *protocol.DesktopDecide) { in.As = "" }), nil, protocol.DesktopChoiceMissing},
		"another member":           {d.client, with(func(in *protocol.DesktopDecide) { in.As = ownChoice(t, d, other) }), nil, protocol.DesktopChoiceMissing},
		"an administrator from outside": {d.client, with(func(in *protocol.DesktopDecide) {
			in.As = "admin-" + fmt.Sprint(d.Sample.CorpRow)
		}), nil, protocol.DesktopChoiceMissing},
		"no number":          {d.client, with(func(in *protocol.DesktopDecide) { in.Number = "" }), nil, protocol.DesktopNumberMissing},
		"no number at all":   {d.client, with(func(in *protocol.DesktopDecide) { in.Number = "0" }), nil, protocol.DesktopNumberMissing},
		"a number of words":  {d.client, with(func(in *protocol.DesktopDecide) { in.Number = "ab" }), nil, protocol.DesktopNumberMissing},
		"an unknown answer":  {d.client, with(func(in *protocol.DesktopDecide) { in.Decision = "yes" }), nil, protocol.DesktopMalformed},
		"no answer":          {d.client, with(func(in *protocol.DesktopDecide) { in.Decision = "" }), nil, protocol.DesktopMalformed},
		"an answer of blank": {d.client, with(func(in *protocol.DesktopDecide) { in.Decision = "confirm " }), nil, protocol.DesktopMalformed},
	} {
		if outcome, reason := row.client.Decide(c, row.in, row.signed); reason != row.want || outcome != "" {
			t.Errorf("%s: %q %q, want %q", name, outcome, reason, row.want)
		}
	}
	d.silent("after all this", page, protocol.QRScanning)
	if outcome, reason := d.client.Decide(c, right, nil); outcome != protocol.DesktopConfirmed {
		t.Errorf("the client itself: %q %q", outcome, reason)
	}
	// What is said afterwards changes nothing; the same client hears what became of it.
	for _, decision := range []string{protocol.DesktopRefuse, protocol.DesktopReport, protocol.DesktopConfirm} {
		in := with(func(in *protocol.DesktopDecide) { in.Decision = decision })
		if outcome, reason := d.client.Decide(c, in, nil); outcome != protocol.DesktopConfirmed || reason != "" {
			t.Errorf("%s, afterwards: %q %q", decision, outcome, reason)
		}
		if outcome, reason := other.Decide(c, in, nil); outcome != "" || reason == "" {
			t.Errorf("%s by another's client, afterwards: %q", decision, outcome)
		}
	}
	if w := stateNow(page); w.Status != protocol.QRSuccess || w.AuthCode == "" {
		t.Errorf("the page %+v", w)
	}
}

// ownChoice is as whom a client's person may answer the sample provider.
func ownChoice(t *testing.T, d *desk, client *platformtest.Desktop) string {
	t.Helper()
	_, key := d.handedOver(d.service())
	c, reason := client.Claim(key)
	if reason != "" || len(c.Choices) != 1 {
		t.Fatalf("%q %+v", reason, c)
	}
	return c.Choices[0].As
}

// Abuse cases 8 and 19: one wrong number refuses, three block the person, on the phone too.
func TestAbuse19WrongNumbers(t *testing.T) {
	t.Parallel()
	d := newDesk(t, platformtest.Options{})
	for i := range 3 {
		page, key := d.handedOver(d.service())
		c, reason := d.client.Claim(key)
		if reason != "" {
			t.Fatalf("%d: %s", i, reason)
		}
		in := d.yes(page, key, c)
		n, err := strconv.Atoi(in.Number)
		if err != nil {
			t.Fatal(err)
		}
		in.Number = strconv.Itoa(10 + (n-9)%90)
		if _, reason := d.client.Decide(c, in, nil); reason != protocol.DesktopNumberWrong {
			t.Errorf("%d: %q", i, reason)
		}
		d.silent("a wrong number", page, protocol.QRFail)
		in.Number = strconv.Itoa(n)
		if outcome, _ := d.client.Decide(c, in, nil); outcome == protocol.DesktopConfirmed {
			t.Errorf("%d: the right number afterwards", i)
		}
	}
	page, key := d.handedOver(d.service())
	if _, reason := d.client.Claim(key); reason != protocol.DesktopBlocked {
		t.Errorf("a fourth: %q", reason)
	}
	if o := scan(d.Phone(d.member), page); o.Reason != "blocked" {
		t.Errorf("on the phone: %+v", o)
	}
	d.Advance(10 * time.Minute)
	_, key = d.handedOver(d.service())
	if _, reason := d.client.Claim(key); reason != "" {
		t.Errorf("ten minutes later: %q", reason)
	}
}

// Abuse case 19: what the person may not, their client may not, from the next call on.
func TestAbuse19Rights(t *testing.T) {
	t.Parallel()
	own := func(w *world) url.Values { return w.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "s") }
	for name, c := range map[string]struct {
		account string // userid in the sample company
		old     string // path of an old page; empty: the login page
		query   func(*world) url.Values
		since   func(*world, *platformtest.Desktop)
		claimed bool // before that
		want    string
	}{
		"nothing": {"zhangwei", "", nil, nil, false, ""},
		"the client is removed": {"zhangwei", "", nil, func(w *world, d *platformtest.Desktop) {
			w.see(w.phone(w.person("zhangwei")).Post("/phone/account/desktop/"+d.ID+"/remove", nil))
		}, false, protocol.DesktopUnsigned},
		"the client is removed, with a sign-in at hand": {"zhangwei", "", nil, func(w *world, d *platformtest.Desktop) {
			w.see(w.phone(w.person("zhangwei")).Post("/phone/account/desktop/"+d.ID+"/remove", nil))
		}, true, protocol.DesktopUnsigned},
		"all else is signed out": {"zhangwei", "", nil, func(w *world, _ *platformtest.Desktop) {
			w.see(w.phone(w.person("zhangwei")).Post("/phone/account/devices/end", nil))
		}, true, protocol.DesktopUnsigned},
		"it signs itself out": {"zhangwei", "", nil, func(_ *world, d *platformtest.Desktop) { d.Call(protocol.PathDesktopSignOut, struct{}{}, nil) },
			true, protocol.DesktopUnsigned},
		"the member is disabled":                         {"zhangwei", "", nil, disableSample, false, protocol.DesktopNotAllowed},
		"the member is disabled, with a sign-in at hand": {"zhangwei", "", nil, disableSample, true, protocol.DesktopNotAllowed},
		"an own app":                        {"zhangwei", protocol.PathOldCorpLogin, own, nil, false, ""},
		"an own app that does not cover":    {"zhangwei", protocol.PathOldCorpLogin, own, narrowOwn, false, protocol.DesktopNotAllowed},
		"an own app that covers no longer":  {"zhangwei", protocol.PathOldCorpLogin, own, narrowOwn, true, protocol.DesktopNotAllowed},
		"an own app of another company":     {"", protocol.PathOldCorpLogin, own, nil, false, protocol.DesktopNotAllowed},
		"administrators alone, and none":    {"zhangwei", protocol.PathOldProviderLogin, adminsLink, nil, false, protocol.DesktopAdminsOnly},
		"administrators alone, and one":     {"sunyue", protocol.PathOldProviderLogin, adminsLink, nil, false, ""},
		"administrators alone, and one was": {"wangfang", protocol.PathOldProviderLogin, adminsLink, removeSampleAdmin, true, protocol.DesktopAdminsOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			member := w.Sample.CorpID + "/" + c.account
			if c.account == "" {
				member = w.hillsCorp + "/heqing"
			}
			client := w.Desktop(member)
			page := w.OpenLogin(w.ServiceLink(platformtest.Origin+"/cb", "s"))
			if c.old != "" {
				page = w.OpenOld(c.old, c.query(w))
			}
			key := page.ClientKey()
			if key == "" {
				t.Fatalf("no key: %d %.300s", page.Status, page.Body)
			}
			var claimed protocol.DesktopClaimed
			reason := ""
			if c.claimed {
				if claimed, reason = client.Claim(key); reason != "" {
					t.Fatalf("before: %s", reason)
				}
			}
			if c.since != nil {
				c.since(w, client)
			}
			if !c.claimed {
				claimed, reason = client.Claim(key)
			}
			if reason == "" {
				d := &desk{Platform: w.Platform, t: t}
				_, reason = client.Decide(claimed, d.yes(page, key, claimed), nil)
			}
			if reason != c.want {
				t.Errorf("%q, want %q", reason, c.want)
			}
			if got := stateNow(page); (got.AuthCode != "") != (c.want == "") {
				t.Errorf("the page %+v", got)
			}
		})
	}
}

func adminsLink(w *world) url.Values {
	link := w.OldLink(protocol.PathOldProviderLogin, platformtest.Origin+"/cb", "s")
	link.Set(protocol.ParamUserType, protocol.UserAdmin)
	return link
}

func disableSample(w *world, _ *platformtest.Desktop) {
	w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/contacts/members/"+w.memberRow(w.Sample.CorpID, "zhangwei")+"/disable", nil))
}

func narrowOwn(w *world, _ *platformtest.Desktop) {
	w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/own-apps/"+strconv.FormatInt(w.Sample.AgentID, 10)+"/range",
		url.Values{"member": {"wangfang"}, "do": {"save"}}))
}

func removeSampleAdmin(w *world, _ *platformtest.Desktop) {
	w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/admins/"+w.own["admin"]+"/remove", nil))
}
