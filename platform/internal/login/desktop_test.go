package login

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/web"
	"github.com/hufu-sso/hufu/protocol"
)

const (
	closedPolicy = "connect-src 'self';"
	openPolicy   = "connect-src 'self' http://127.0.0.1:50000 http://127.0.0.1:50001 http://127.0.0.1:50002;"
)

// Quick login is offered, and the way to a desktop client open, on computers and where the
// site did not ask for none.
func TestDesktopIsOffered(t *testing.T) {
	t.Parallel()
	const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
	for name, test := range map[string]struct {
		agent, fastLogin, mobile string
		offered                  bool
	}{
		"desktop":            {agent: mac, offered: true},
		"asked for":          {agent: mac, fastLogin: "1", offered: true},
		"switched off":       {agent: mac, fastLogin: "0"},
		"false of a script":  {agent: mac, fastLogin: "false"},
		"a hint of a phone":  {agent: mac, mobile: "?1"},
		"a hint of a desk":   {agent: mac, mobile: "?0", offered: true},
		"iPhone":             {agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"},
		"Android tablet":     {agent: "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36"},
		"HarmonyOS phone":    {agent: "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/132.0.0.0 Safari/537.36 ArkWeb/4.1 Mobile"},
		"HarmonyOS computer": {agent: "Mozilla/5.0 (PC; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/132.0.0.0 Safari/537.36 ArkWeb/4.1", offered: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", protocol.PathLogin, nil)
			r.Header.Set("User-Agent", test.agent)
			if test.mobile != "" {
				r.Header.Set("Sec-CH-UA-Mobile", test.mobile)
			}
			w := httptest.NewRecorder()
			respond.FrameAncestors(w, []string{"https://a.example"})
			got, policy := offerDesktop(w, r, test.fastLogin), w.Header().Get("Content-Security-Policy")
			want := closedPolicy
			if test.offered {
				want = openPolicy
			}
			if (got != nil) != test.offered || !strings.Contains(policy, want) || !strings.HasSuffix(policy, "; frame-ancestors https://a.example") {
				t.Errorf("offered %v, with the policy %s", got, policy)
			}
		})
	}
}

// The button stands in the page from the first byte, or not at all.
func TestDesktopButton(t *testing.T) {
	t.Parallel()
	for _, offered := range []bool{true, false} {
		view := samplePage(StateWaiting, true)
		if offered {
			view.Settings.Desktop = desktop
		}
		page := render(t, "login/page", "zh", view)
		if strings.Contains(page, `data-press="desktop"`) != offered || strings.Contains(page, `"desktop":{"ports":[50000,50001,50002]}`) != offered {
			t.Errorf("offered %v: %s", offered, page)
		}
	}
}

// handOverTest is a login page's attempts with nothing around them.
type handOverTest struct {
	*testing.T
	clock    *clock.Clock
	attempts *attempt.Service
	handler  *Handler
	server   http.Handler
}

func newHandOverTest(t *testing.T) *handOverTest {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.New()
	t.Cleanup(c.Stop)
	short, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { short.Close() })
	attempts, err := attempt.New(short, c, ring, attempt.NumberFromElsewhere)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := respond.New(respond.Config{Assets: web.Files})
	if err != nil {
		t.Fatal(err)
	}
	h := &Handler{Respond: pages, Attempts: attempts, Now: c.Now}
	mux := http.NewServeMux()
	h.Mount(mux)
	return &handOverTest{t, c, attempts, h, pages.Wrap(mux)}
}

var deskAddress = netip.MustParseAddr("192.0.2.1")

func (t *handOverTest) begin(r attempt.Request) attempt.Keys {
	t.Helper()
	r.Address = deskAddress
	page, err := t.attempts.Begin(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func (t *handOverTest) post(path, signature, body string, out any) int {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Authorization", signature)
	w := httptest.NewRecorder()
	t.server.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Code
}

func (t *handOverTest) handOver(webKey, signature string) protocol.ClientKeyState {
	t.Helper()
	var answer protocol.ClientKeyAnswer
	t.post(protocol.PathLoginDesktop, signature, `{"webKey":"`+webKey+`"}`, &answer)
	return answer.Data
}

func (t *handOverTest) wait(page attempt.Keys, last protocol.QRStatus) (state protocol.WaitState, raw map[string]any) {
	t.Helper()
	var answer struct{ Data json.RawMessage }
	t.post(protocol.PathLoginWait, page.Signature, `{"webKey":"`+page.WebKey+`","lastStatus":"`+string(last)+`"}`, &answer)
	if err := json.Unmarshal(answer.Data, &state); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer.Data, &raw); err != nil {
		t.Fatal(err)
	}
	return state, raw
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	test := newHandOverTest(t)
	page := test.begin(attempt.Request{App: 1})
	got := test.handOver(page.WebKey, page.Signature)
	if got.ClientKey == "" || got.ExpiresIn < 100 || got.ExpiresIn > 120 || got.Status != "" {
		t.Fatalf("answer %+v", got)
	}
	if a, err := test.attempts.LookClient(t.Context(), got.ClientKey); err != nil || a.App != 1 {
		t.Errorf("the key opens %v %v", a, err)
	}
	for _, key := range []string{page.WebKey, page.QRKey, page.Signature} {
		if strings.Contains(got.ClientKey, key) {
			t.Errorf("the client key %s contains %s", got.ClientKey, key)
		}
	}
	newer := test.handOver(page.WebKey, page.Signature)
	if _, err := test.attempts.LookClient(t.Context(), got.ClientKey); err == nil || newer.ClientKey == "" {
		t.Errorf("the older key still opens the sign-in, or there is no newer one: %+v", newer)
	}
}

// Who does not bear the page's signature has no key, and no word about the attempt.
func TestHandOverToOthers(t *testing.T) {
	t.Parallel()
	test := newHandOverTest(t)
	page, other := test.begin(attempt.Request{App: 1}), test.begin(attempt.Request{App: 1})
	console := test.begin(attempt.Request{Console: true})
	device := test.begin(attempt.Request{Device: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
	for name, keys := range map[string][2]string{
		"no signature":         {page.WebKey, ""},
		"another page's":       {page.WebKey, other.Signature},
		"the key in the QR":    {page.WebKey, page.QRKey},
		"QR key for a name":    {page.QRKey, page.Signature},
		"a console":            {console.WebKey, console.Signature},
		"a device":             {device.WebKey, device.Signature},
		"nothing":              {"", ""},
		"an unknown attempt":   {"0123456789abcdef", page.Signature},
		"a signature cut":      {page.WebKey, page.Signature[:20]},
		"a signature extended": {page.WebKey, page.Signature + "A"},
	} {
		if got := test.handOver(keys[0], keys[1]); got != (protocol.ClientKeyState{Status: protocol.QRErr}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, body := range []string{"", "{", "[]", `"x"`, `{"webKey":[]}`, strings.Repeat(" ", maxCall+1)} {
		r := httptest.NewRequest("POST", protocol.PathLoginDesktop, strings.NewReader(body))
		r.Header.Set("Authorization", page.Signature)
		w := httptest.NewRecorder()
		test.server.ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), "client_key") || !strings.Contains(w.Body.String(), `"errcode":`) {
			t.Errorf("%.20q: %d %s", body, w.Code, w.Body)
		}
	}
}

// Once somebody has scanned, a desktop client has nothing to take over.
func TestHandOverTooLate(t *testing.T) {
	t.Parallel()
	test := newHandOverTest(t)
	phone := attempt.Phone{Session: "s", Person: 1, Name: "林晚", Address: deskAddress}
	scanned := func() attempt.Keys {
		page := test.begin(attempt.Request{App: 1})
		if _, err := test.attempts.Scan(t.Context(), page.QRKey, phone); err != nil {
			t.Fatal(err)
		}
		return page
	}
	expect := func(page attempt.Keys, want protocol.QRStatus) {
		t.Helper()
		if got := test.handOver(page.WebKey, page.Signature); got != (protocol.ClientKeyState{Status: want}) {
			t.Errorf("answer %+v, not %s", got, want)
		}
	}
	page := scanned()
	expect(page, protocol.QRScanning)
	if _, err := test.attempts.Refuse(t.Context(), page.QRKey, phone); err != nil {
		t.Fatal(err)
	}
	expect(page, protocol.QRFail)
	page = scanned()
	if _, err := test.attempts.Confirm(t.Context(), page.QRKey, phone, attempt.Decision{Member: 2, Corp: 3}); err != nil {
		t.Fatal(err)
	}
	expect(page, protocol.QRSuccess)
	page = scanned()
	test.clock.Advance(attempt.ConfirmLife)
	expect(page, protocol.QRTimeout)
	page = test.begin(attempt.Request{App: 1})
	test.clock.Advance(attempt.Life)
	expect(page, protocol.QRErr)
}

// The page calls a desktop client by itself, so it must not learn whose it is: not by its
// wait either, in no state but the last, and there from the code alone.
func TestNoNameOfADesktopClient(t *testing.T) {
	t.Parallel()
	test := newHandOverTest(t)
	client := attempt.Phone{Session: "device", Person: 7, Name: "林晚", Address: deskAddress}
	claimed := func() (attempt.Keys, string) {
		page := test.begin(attempt.Request{App: 1})
		key := test.handOver(page.WebKey, page.Signature).ClientKey
		if _, err := test.attempts.Claim(t.Context(), key, client); err != nil {
			t.Fatal(err)
		}
		return page, key
	}
	anonymous := func(raw map[string]any) {
		t.Helper()
		for _, name := range []string{"name", "avatar"} {
			if _, told := raw[name]; told {
				t.Errorf("the page is told %s: %v", name, raw)
			}
		}
	}
	page, key := claimed()
	state, raw := test.wait(page, protocol.QRNever)
	// The number is drawn although both have the same address.
	if state.Status != protocol.QRScanning || !state.Desktop || len(state.Number) != 2 || raw["desktop"] != true {
		t.Errorf("state %+v", state)
	}
	anonymous(raw)
	if _, err := test.attempts.ReportClient(t.Context(), key, client); err != nil {
		t.Fatal(err)
	}
	state, raw = test.wait(page, protocol.QRScanning)
	if state.Status != protocol.QRCancel || !state.Desktop {
		t.Errorf("state %+v", state)
	}
	anonymous(raw)
	page, _ = claimed()
	test.clock.Advance(attempt.ConfirmLife + time.Second)
	state, raw = test.wait(page, protocol.QRScanning)
	if state.Status != protocol.QRTimeout || !state.Desktop {
		t.Errorf("state %+v", state)
	}
	anonymous(raw)

	// A phone's scan does show a name, so the test above can fail.
	page = test.begin(attempt.Request{App: 1})
	if _, err := test.attempts.Scan(t.Context(), page.QRKey, client); err != nil {
		t.Fatal(err)
	}
	if state, _ = test.wait(page, protocol.QRNever); state.Name != "林*" || state.Desktop {
		t.Errorf("state %+v", state)
	}
}
