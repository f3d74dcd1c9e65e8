package push

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

func TestDeliver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.listen(1, nil)
	report, err := b.queue.Deliver(t.Context(), 1, protocol.EventSuiteTicket, "")
	if err != nil || report.State != Delivered || report.Answer != "success" {
		t.Fatalf("%+v, %v", report, err)
	}
	if seen := next(t, got); seen.event.SuiteTicket != "ticket-1" {
		t.Errorf("got %+v", seen)
	}

	elsewhere := b.urls[1]
	b.setURL(1, "http://192.0.2.1/")
	if report, err = b.queue.Deliver(t.Context(), 1, protocol.EventSuiteTicket, elsewhere); err != nil || report.State != Delivered {
		t.Fatalf("to another URL: %+v, %v", report, err)
	}
	report, err = b.queue.Deliver(t.Context(), 1, protocol.EventSuiteTicket, "")
	if err != nil || report.State != GivenUp || report.Step != outbound.StepAddress {
		t.Fatalf("to an address we refuse: %+v, %v", report, err)
	}
	if recent := b.recent(); len(recent) != 3 || recent[0].Step != outbound.StepAddress {
		t.Errorf("on record: %+v", recent)
	}
	if _, err := b.queue.Deliver(t.Context(), 1, "no_such_event", ""); err == nil {
		t.Error("an event nobody can make was sent")
	}
}

// TestBadCallback has settings that cannot be used.
func TestBadCallback(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, target := range map[string]Target{
		"no key":    {URL: "http://127.0.0.1:1/", Token: suiteToken, SuiteID: "x"},
		"no token":  {URL: "http://127.0.0.1:1/", EncodingAESKey: suiteKey, SuiteID: "x"},
		"short key": {URL: "http://127.0.0.1:1/", Token: suiteToken, EncodingAESKey: "abc", SuiteID: "x"},
	} {
		queue := New(b.queue.Config)
		queue.Target = targetIs(target)
		if report, err := queue.Deliver(t.Context(), 1, protocol.EventSuiteTicket, ""); err != nil || report.Step != StepPrepare {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	key, err := sealed.ParseKey(suiteKey)
	if err != nil {
		t.Fatal(err)
	}
	codec := sealed.New(suiteToken, key)
	for name, row := range map[string]struct {
		answer func(echo string) string
		status int
		step   outbound.Step
		detail string
	}{
		"right":        {func(echo string) string { return echo }, 200, "", ""},
		"quoted":       {func(echo string) string { return `"` + echo + `"` }, 200, StepReply, "not bare"},
		"newline":      {func(echo string) string { return echo + "\n" }, 200, StepReply, "not bare"},
		"BOM":          {func(echo string) string { return "\ufeff" + echo }, 200, StepReply, "not bare"},
		"empty":        {func(string) string { return "" }, 200, StepReply, "empty"},
		"success":      {func(string) string { return "success" }, 200, StepReply, "decrypted echostr"},
		"status":       {func(echo string) string { return echo }, 403, outbound.StepStatus, "403"},
		"other status": {func(echo string) string { return echo }, 202, outbound.StepStatus, "202"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			echo, err := codec.OpenCheck(r.URL.Query(), provider)
			if err != nil || r.Method != http.MethodGet {
				t.Errorf("%s %v", r.Method, err)
			}
			w.WriteHeader(row.status)
			io.WriteString(w, row.answer(string(echo)))
		}))
		report, err := b.queue.Verify(t.Context(), 1, server.URL+"/?a=b")
		server.Close()
		if err != nil || report.Step != row.step || !strings.Contains(report.Detail, row.detail) || report.InfoType != "verify" {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
	}
	report, err := b.queue.Verify(t.Context(), 1, "")
	if err != nil || report.Step != StepNoCallback {
		t.Errorf("no callback: %+v, %v", report, err)
	}
}

// TestRecordHoldsNoSecret has a receiver that echoes all it was sent, at a
// URL that bears a password and a key.
func TestRecordHoldsNoSecret(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const canary = "canary_0123456789_abcdefghijklmnop"
	b.queue.Mint = mintIs(protocol.Event{SuiteID: suiteID(1), InfoType: "suite_ticket", TimeStamp: 1, SuiteTicket: canary}.XML())
	b.listen(1, func(seen received, w http.ResponseWriter) {
		io.WriteString(w, "ticket is "+seen.event.SuiteTicket+", \x1b[31m\x00 query "+seen.query)
	})
	b.setURL(1, b.urls[1]+"&key="+canary)
	report, err := b.queue.Deliver(t.Context(), 1, "suite_ticket", "")
	if err != nil || report.Step != StepReply {
		t.Fatalf("%+v, %v", report, err)
	}
	if !strings.HasPrefix(report.Answer, "ticket is ***, ?[31m? query") || len(report.Answer) > maxAnswer {
		t.Errorf("answer %q", report.Answer)
	}
	for _, r := range append(b.recent(), report) {
		if text := r.Answer + r.URL + r.Detail; strings.Contains(text, canary) {
			t.Errorf("on record: %q", text)
		}
	}
}

func TestWithQuery(t *testing.T) {
	t.Parallel()
	values := sealed.Query("sig", "1", "2")
	const ours = "msg_signature=sig&nonce=2&timestamp=1"
	for in, want := range map[string]string{
		"http://a/b":                      "http://a/b?" + ours,
		"http://a/b?":                     "http://a/b?" + ours,
		"http://a/b?x=%20y&z":             "http://a/b?x=%20y&z&" + ours,
		"http://a/b?x=1;y=2":              "http://a/b?x=1;y=2&" + ours,
		"http://a/b?nonce=9&x=1":          "http://a/b?x=1&" + ours,
		"http://a/b?%6eonce=9&timestamp":  "http://a/b?" + ours,
		"http://a/b?x=1#fragment?nonce=1": "http://a/b?x=1&" + ours,
	} {
		if got := withQuery(in, values); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"success":                       "success",
		"成功\r\nok":                      "成功  ok",
		"\xff\xfea":                     "?a",
		"a\u202eb\x07":                  "a?b?",
		strings.Repeat("é ", 100):       strings.Repeat("é ", 66) + "é",
		"<p>" + strings.Repeat("a", 32): "<p>***",
		"/srv/" + strings.Repeat("a", 31) + "/handler.go:12": "/srv/" + strings.Repeat("a", 31) + "/handler.go:12",
	} {
		if got := printable([]byte(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
