package respond_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

func TestAPIEnvelope(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	p := newResponder(t, func(c *respond.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.Now = func() time.Time { return now }
	})
	tail := regexp.MustCompile(fmt.Sprintf(`^, hint: \[%d\d{15}\], from ip: 192\.0\.2\.1, more info at https://open\.work\.weixin\.qq\.com/devtool/query\?e=(-?\d+)$`, now.Unix()))
	for _, c := range []struct {
		err  error
		code protocol.Code
		bare bool
	}{
		{protocol.CodeInvalidCode, protocol.CodeInvalidCode, false},
		{fmt.Errorf("spending: %w", protocol.CodeInvalidCode), protocol.CodeInvalidCode, false},
		{protocol.Failure{ErrCode: protocol.CodeInvalidSuiteID, ErrMsg: "x"}, protocol.CodeInvalidSuiteID, false},
		{protocol.CodeInvalidAccessToken, protocol.CodeInvalidAccessToken, true},
		{protocol.CodeMissingAccessToken, protocol.CodeMissingAccessToken, true},
		{protocol.CodeAccessTokenExpired, protocol.CodeAccessTokenExpired, true},
		{protocol.CodeSystemBusy, protocol.CodeSystemBusy, false},
		{respond.TooMany(time.Minute), protocol.CodeTooFrequent, false},
		{respond.BadRequest(), protocol.CodeInvalidParameter, false},
		{&http.MaxBytesError{Limit: 1}, protocol.CodeInvalidParameter, false},
		{errors.New("store is gone: cause-for-the-log"), protocol.CodeSystemBusy, false},
	} {
		w := get(p.Wrap(p.API(failing(c.err))), "/cgi-bin/x?suite_access_token=canary")
		var f protocol.Failure
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		rest, ok := strings.CutPrefix(f.ErrMsg, c.code.Text())
		if w.Code != 200 || f.ErrCode != c.code || !ok || c.bare != (rest == "") {
			t.Errorf("%v: %d %+v", c.err, w.Code, f)
		}
		if m := tail.FindStringSubmatch(rest); rest != "" && (m == nil || m[1] != strconv.Itoa(int(c.code))) {
			t.Errorf("%v: tail %q", c.err, rest)
		}
		h := w.Header()
		if h.Get("Error-Code") != strconv.Itoa(int(c.code)) || h.Get("Error-Msg") != f.ErrMsg || h.Get("Content-Type") != "application/json; charset=UTF-8" {
			t.Errorf("%v: headers %v", c.err, h)
		}
		if got := p.Requests()[0]; got.ErrCode != int(c.code) || got.Path != "/cgi-bin/x" {
			t.Errorf("%v: record %+v", c.err, got)
		}
	}
	if !strings.Contains(log.String(), "cause-for-the-log") || strings.Contains(log.String(), "canary") {
		t.Error("the log lacks the cause or holds the query")
	}
}

// Where a code's text is our own wording, a failure may say more; what WeCom was seen to
// say stays.
func TestAPISentence(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	for code, want := range map[protocol.Code]string{
		protocol.CodeInvalidParameter: "request body is not a JSON object, hint: [", protocol.CodeInvalidSuiteID: " invalid SuiteId , hint: [",
	} {
		w := get(p.Wrap(p.API(failing(protocol.Failure{ErrCode: code, ErrMsg: "request body is not a JSON object"}))), "/cgi-bin/x")
		var f protocol.Failure
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || !strings.HasPrefix(f.ErrMsg, want) {
			t.Errorf("%d: %q, %v", code, f.ErrMsg, err)
		}
	}
}

func TestAPIPanic(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	w := get(p.Wrap(p.API(func(http.ResponseWriter, *http.Request) error { panic("canary") })), "/cgi-bin/x")
	if w.Code != 200 || !strings.HasPrefix(w.Body.String(), `{"errcode":-1,"errmsg":"system busy, hint: [`) || strings.Contains(w.Body.String(), "canary") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAPIBodyLimit(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	h := p.Wrap(p.API(func(w http.ResponseWriter, r *http.Request) error {
		if _, err := io.ReadAll(r.Body); err != nil {
			return err
		}
		return respond.WriteJSON(w, protocol.Success())
	}))
	big := strings.Repeat(" ", 1<<20+1)
	for name, body := range map[string]io.Reader{"announced": strings.NewReader(big), "chunked": io.MultiReader(strings.NewReader(big))} {
		w := do(h, httptest.NewRequest(http.MethodPost, "/", body))
		if w.Code != 200 || !strings.HasPrefix(w.Body.String(), `{"errcode":40058,`) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := do(h, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(big[1:]))); w.Body.String() != `{"errcode":0,"errmsg":"ok"}` {
		t.Errorf("just fits: %s", w.Body)
	}
}
