package platform_test

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// A code is spent once, however many ask at the same time.
func TestSpentOnceAtOnce(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	token, code := p.SuiteToken(), newCode(t, p)
	const asking = 1000
	var won, refused atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	// Two hundred connections, five requests each: more open at once than a machine for
	// tests may allow.
	for range asking / 5 {
		wg.Go(func() {
			<-start
			for range 5 {
				switch a := exchange(t, p, token, code); a.code(t) {
				case protocol.CodeOK:
					won.Add(1)
				case protocol.CodeInvalidCode:
					refused.Add(1)
				default:
					t.Errorf("%s", a.body)
				}
			}
		})
	}
	close(start)
	wg.Wait()
	if won.Load() != 1 || refused.Load() != asking-1 {
		t.Errorf("%d succeeded, %d were refused", won.Load(), refused.Load())
	}
}

// A restart loses no sign-in in progress, at whatever point it comes, and no session, and
// no code becomes good again by it.
func TestRestart(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true})
	public := p.PublicURL()
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	page := openPage(t, p)
	if _, port, _ := strings.Cut(p.Addr().String(), ":"); public != "http://localhost:"+port || !strings.Contains(page.Body, public+"/q/"+page.QRKey) {
		t.Errorf("at port %s the public URL is %s, and the QR code does not lead there", port, public)
	}
	token, spent := p.SuiteToken(), newCode(t, p)
	if a := exchange(t, p, token, spent); a.code(t) != 0 {
		t.Fatalf("exchange: %s", a.body)
	}

	p.Restart()
	if p.PublicURL() != public {
		t.Fatalf("the public URL was %s and is %s", public, p.PublicURL())
	}
	if w := stateNow(page); w.Status != protocol.QRNever {
		t.Fatalf("before the scan: %+v", w)
	}
	if o := scan(phone, page); !o.NumberAsked {
		t.Fatalf("scan: %+v", o)
	}
	number := stateNow(page).Number

	p.Restart()
	if w := stateNow(page); w.Status != protocol.QRScanning || w.Number != number || w.Name != "张*" {
		t.Fatalf("scanned: %+v, the number was %s", w, number)
	}
	if o := scan(p.Phone(p.Sample.CorpID+"/"+p.Sample.Admin), page); o.Reason != "other" {
		t.Errorf("another phone: %+v", o)
	}
	if o := confirm(phone, page, number); o.Outcome != "confirmed" {
		t.Fatalf("confirm: %+v", o)
	}
	code := stateNow(page).AuthCode

	p.Restart()
	if w := page.Wait(protocol.QRScanning); w.Status != protocol.QRSuccess || w.AuthCode != code || code == "" {
		t.Fatalf("collect: %+v", w)
	}

	p.Restart()
	a := exchange(t, p, token, code)
	if a.code(t) != 0 || a.text("userid") != p.Sample.OpenUserID {
		t.Fatalf("exchange: %s", a.body)
	}

	p.Restart()
	for name, c := range map[string]string{"first": spent, "second": code} {
		if a := exchange(t, p, token, c); a.code(t) != protocol.CodeInvalidCode {
			t.Errorf("the %s code again: %s", name, a.body)
		}
	}
}

// What was refused stays refused, and a session that ended stays ended.
func TestRestartForgetsNoEnd(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	refused, reported := openPage(t, p), openPage(t, p)
	scan(phone, refused)
	phone.Post("/q/"+refused.QRKey+"/decide", url.Values{"decision": {"refuse"}}, nil)
	phone.Post("/q/"+reported.QRKey+"/report", nil, nil)
	phone.Post("/phone/sign-out", nil, nil)
	p.Restart()
	for page, want := range map[*platformtest.LoginPage]protocol.QRStatus{refused: protocol.QRFail, reported: protocol.QRCancel} {
		w := stateNow(page)
		if w.Status != want || w.AuthCode != "" {
			t.Errorf("%+v, want %s", w, want)
		}
		if want == protocol.QRFail && w.RedirectURL != platformtest.Origin+"/cb?state=s" {
			t.Errorf("refused: redirect %s", w.RedirectURL)
		}
	}
	var home struct{ Name string }
	if phone.Get("/phone", &home); home.Name != "" {
		t.Error("signed out, and in again after the restart")
	}
}

// A stop answers the pages that wait, at once.
func TestStopAnswersWaits(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	const waiting = 5
	inside := make(chan struct{}, waiting)
	type result struct {
		body string
		err  error
	}
	results := make(chan result, waiting)
	pages := make([]*platformtest.LoginPage, waiting)
	transport := &http.Transport{DisableKeepAlives: true, ExpectContinueTimeout: time.Minute}
	for i := range pages {
		pages[i] = openPage(t, p)
		// The platform asks for the body when the handler reads it: then it is inside.
		ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{Got100Continue: func() { inside <- struct{}{} }})
		r, err := http.NewRequestWithContext(ctx, "POST", p.URL()+protocol.PathLoginWait, strings.NewReader(jsonOf("webKey", pages[i].WebKey)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Expect", "100-continue")
		r.Header.Set("Authorization", pages[i].Signature)
		go func() {
			var res result
			resp, err := transport.RoundTrip(r)
			if res.err = err; err == nil {
				var b strings.Builder
				_, res.err = copyAll(&b, resp)
				res.body = b.String()
			}
			results <- res
		}()
	}
	for range pages {
		<-inside
	}
	began := time.Now()
	p.Stop()
	for range pages {
		if res := <-results; res.err != nil || !strings.Contains(res.body, string(protocol.QRNever)) {
			t.Errorf("a waiting page got %q, %v", res.body, res.err)
		}
	}
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("the stop took %v", took)
	}
	p.Restart()
	if w := stateNow(pages[0]); w.Status != protocol.QRNever {
		t.Errorf("asking again: %+v", w)
	}
}
