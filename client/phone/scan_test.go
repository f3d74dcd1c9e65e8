package phone_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/client/phone"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

func open(t *testing.T, p *platformtest.Platform) *platformtest.LoginPage {
	t.Helper()
	page := p.OpenLogin(p.ServiceLink(platformtest.Origin+"/cb", "s"))
	if page.QRKey == "" {
		t.Fatalf("login page: %d %.300s", page.Status, page.Body)
	}
	return page
}

// now is the state of a page's sign-in, without waiting for a change.
func now(page *platformtest.LoginPage) protocol.WaitState { return page.Wait(protocol.QRTimeout) }

func member(p *platformtest.Platform) string { return p.Sample.CorpID + "/" + p.Sample.Member }

func TestDecisions(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for decision, want := range map[phone.Decision]struct {
		status protocol.QRStatus
		says   string
	}{
		phone.Confirm: {protocol.QRSuccess, "confirmed"},
		phone.Refuse:  {protocol.QRFail, "refused"},
		phone.Report:  {protocol.QRCancel, "reported"},
	} {
		t.Run(string(decision), func(t *testing.T) {
			t.Parallel()
			page := open(t, p)
			var out strings.Builder
			if err := phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Decision: decision, Out: &out}); err != nil {
				t.Fatal(err)
			}
			if got := now(page); got.Status != want.status {
				t.Errorf("the page sees %+v", got)
			}
			for _, text := range []string{"127.0.0.1:3000", want.says} {
				if !strings.Contains(out.String(), text) {
					t.Errorf("%q is not in what the person saw:\n%s", text, out.String())
				}
			}
			err := phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Decision: phone.Confirm})
			if err == nil {
				t.Error("the same code served twice")
			}
			if strings.Contains(err.Error(), page.QRKey) {
				t.Errorf("the error quotes the key: %v", err)
			}
		})
	}
}

// TestAsked leaves the decision to the person, who is told what is shared.
func TestAsked(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for answer, want := range map[string]protocol.QRStatus{
		"c": protocol.QRSuccess, "确认\n": protocol.QRSuccess, "": protocol.QRFail, "r": protocol.QRFail, "yes": protocol.QRFail, "n": protocol.QRCancel,
	} {
		page := open(t, p)
		var out strings.Builder
		err := phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Out: &out, Ask: func(string) (string, error) {
			if got := now(page).Status; got != protocol.QRScanning {
				t.Errorf("asked at %s", got)
			}
			if !strings.Contains(out.String(), "encrypted") {
				t.Errorf("asked before it was said what is shared:\n%s", out.String())
			}
			return answer, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if got := now(page).Status; got != want {
			t.Errorf("answer %q: %s, want %s", answer, got, want)
		}
	}
	broken := errors.New("terminal gone")
	if err := phone.Scan(t.Context(), open(t, p).QR(), phone.Options{As: member(p), Ask: func(string) (string, error) { return "c", broken }}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := phone.Scan(t.Context(), open(t, p).QR(), phone.Options{As: member(p)}); err == nil {
		t.Error("decided without anybody")
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true})
	page := open(t, p)
	asked := 0
	err := phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Decision: phone.Confirm, Ask: func(string) (string, error) {
		if asked++; asked == 1 {
			return "x", nil // no number: not counted as a try
		}
		return " " + now(page).Number + "\n", nil
	}})
	if err != nil || asked != 2 || now(page).Status != protocol.QRSuccess {
		t.Errorf("%v, asked %d times, %+v", err, asked, now(page))
	}

	page = open(t, p)
	if err := phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Decision: phone.Confirm, Number: "7"}); err == nil || !strings.Contains(err.Error(), "two digits") {
		t.Errorf("a number of one digit: %v", err)
	}

	page = open(t, p)
	err = phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Decision: phone.Confirm, Ask: func(string) (string, error) {
		if now(page).Number == "99" {
			return "98", nil
		}
		return "99", nil
	}})
	if err == nil || !strings.Contains(err.Error(), "wrong number") || now(page).Status != protocol.QRFail {
		t.Errorf("a wrong number: %v, %+v", err, now(page))
	}

	page = open(t, p)
	if err := phone.Scan(t.Context(), page.QR(), phone.Options{As: member(p), Decision: phone.Refuse}); err != nil {
		t.Errorf("refused without a number: %v", err)
	}
}

// TestCompanies is a person in two companies: As names one, or they choose.
func TestCompanies(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	as := p.Sample.CorpID + "/lixi"
	// identity is the line that says as whom the person signed in.
	identity := func(o phone.Options) string {
		t.Helper()
		page := open(t, p)
		var out strings.Builder
		o.Out = &out
		if err := phone.Scan(t.Context(), page.QR(), o); err != nil {
			t.Fatal(err)
		}
		if got := now(page).Status; o.Decision == phone.Confirm && got != protocol.QRSuccess {
			t.Errorf("the page sees %s", got)
		}
		_, line, _ := strings.Cut(out.String(), "身份 as")
		line, _, _ = strings.Cut(line, "\n")
		return line
	}
	first := identity(phone.Options{As: as, Decision: phone.Confirm})
	if got := identity(phone.Options{As: strings.ToUpper(as), Decision: phone.Confirm}); got != first || first == "" {
		t.Errorf("in capitals: %q, want %q", got, first)
	}
	byNumber := map[string]bool{}
	for _, number := range []string{"1", " 2 "} {
		byNumber[identity(phone.Options{Account: "lixi", Password: "hufu-sandbox", Decision: phone.Confirm,
			Ask: func(string) (string, error) { return number, nil }})] = true
	}
	if len(byNumber) != 2 || !byNumber[first] {
		t.Errorf("chosen by number: %v; by name %q", byNumber, first)
	}
	err := phone.Scan(t.Context(), open(t, p).QR(), phone.Options{Account: "lixi", Password: "hufu-sandbox", Decision: phone.Confirm,
		Ask: func(string) (string, error) { return "3", nil }})
	if err == nil {
		t.Error("a third company")
	}
	identity(phone.Options{Account: "lixi", Password: "hufu-sandbox", Decision: phone.Refuse}) // asks nothing
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := open(t, p)
	for name, o := range map[string]phone.Options{
		"nobody":         {},
		"unknown member": {As: p.Sample.CorpID + "/nobody"},
		"unknown corp":   {As: "ww0000/" + p.Sample.Member},
		"not a member":   {As: "x"},
		"wrong password": {Account: "zhangwei", Password: "wrong"},
		"no password":    {Account: "zhangwei"},
	} {
		o.Decision = phone.Confirm
		if err := phone.Scan(t.Context(), page.QR(), o); err == nil {
			t.Errorf("%s: signed in", name)
		}
	}
	for as, want := range map[string]error{"": phone.ErrNobody, p.Sample.Member: phone.ErrAsForm, "/" + p.Sample.Member: phone.ErrAsForm, p.Sample.CorpID + "/": phone.ErrAsForm} {
		if err := phone.Scan(t.Context(), page.QR(), phone.Options{As: as, Decision: phone.Confirm}); !errors.Is(err, want) {
			t.Errorf("as %q: %v", as, err)
		}
	}
	if got := now(page).Status; got != protocol.QRNever {
		t.Errorf("the page sees %s", got)
	}
	if err := phone.Scan(t.Context(), page.QR(), phone.Options{Account: "zhangwei", Password: "hufu-sandbox", Decision: phone.Confirm}); err != nil {
		t.Error(err)
	}
}

func TestOver(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := open(t, p)
	if status := p.Control("POST", "/clock", map[string]string{"advance": "31m"}, nil); status != http.StatusOK {
		t.Fatalf("clock: %d", status)
	}
	o := phone.Options{As: member(p), Decision: phone.Confirm}
	if err := phone.Scan(t.Context(), page.QR(), o); err == nil || !strings.Contains(err.Error(), "QR code") {
		t.Errorf("expired: %v", err)
	}
	if err := phone.Scan(t.Context(), strings.TrimSuffix(page.QR(), page.QRKey)+strings.Repeat("A", 22), o); err == nil || !strings.Contains(err.Error(), "no such QR code, or it is long over") {
		t.Errorf("unknown: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := phone.Scan(ctx, page.QR(), o); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), page.QRKey) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNotAQRCode(t *testing.T) {
	t.Parallel()
	for _, qr := range []string{"", "x", "/q/abc", "ftp://localhost/q/abc", "http://localhost/phone", "http://u:p@localhost/q/abc", "http:///q/abc", "javascript:/q/a"} {
		if err := phone.Scan(t.Context(), qr, phone.Options{}); err == nil || !strings.Contains(err.Error(), "QR code") {
			t.Errorf("%q: %v", qr, err)
		}
	}
}

// TestLinkForOpen is the QR code of a page that is opened inside the client.
func TestLinkForOpen(t *testing.T) {
	t.Parallel()
	if err := phone.Scan(t.Context(), "http://localhost:8790"+protocol.PathAuthorize+"?appid=a", phone.Options{}); !errors.Is(err, phone.ErrOpen) {
		t.Error(err)
	}
}

// TestHostilePlatform has servers that are not what they should be.
func TestHostilePlatform(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was led here", r.Method, r.URL.Path)
	}))
	t.Cleanup(elsewhere.Close)
	for name, row := range map[string]struct {
		handler http.HandlerFunc
		wants   string
	}{
		"no platform": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, "does not answer as"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "elsewhere"},
		"form elsewhere": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"sign_in_url":"`+elsewhere.URL+`/x","next":"/q/a"}`)
		}, "elsewhere"},
		"form elsewhere, no scheme": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"sign_in_url":"//`+strings.TrimPrefix(elsewhere.URL, "http://")+`/x","next":"/q/a"}`)
		}, "elsewhere"},
		"in circles":   {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusSeeOther) }, "elsewhere"},
		"without end":  {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"continue_url":"/q/a/scan"}`) }, "no end"},
		"no sign-in":   {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"sign_in_url":"/s"}`) }, "did not keep"},
		"another page": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) }, "does not know"},
		"a failure": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"error":"error.x","title":"Ti\u001b[31mtle","why":"Why"}`)
		}, "Ti[31mtle Why"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(row.handler)
			t.Cleanup(server.Close)
			err := phone.Scan(t.Context(), server.URL+"/q/secretkey", phone.Options{As: "a/b", Decision: phone.Confirm})
			if err == nil || !strings.Contains(err.Error(), row.wants) || strings.Contains(err.Error(), "secretkey") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestHostileTexts shows texts that would steer a terminal.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"continue_url":"/x","asker":{"brand":"A\n\u001b[2Jfake","domain":"d"}}`)
	}))
	t.Cleanup(server.Close)
	var out strings.Builder
	if err := phone.Scan(t.Context(), server.URL+"/q/a", phone.Options{As: "a/b", Decision: phone.Confirm, Out: &out}); err == nil {
		t.Error("came to an end")
	}
	if strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), "A[2Jfake (d)") {
		t.Errorf("shown: %q", out.String())
	}
}
