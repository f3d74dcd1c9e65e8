package platform_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/internal/sample"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// recorder is a log that may be written and read at the same time.
type recorder struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// Abuse case 25: no secret of any flow, good or bad, is written to the log or shown by the
// control port.
func TestAbuse25(t *testing.T) {
	t.Parallel()
	var log recorder
	var mu sync.Mutex
	secrets := map[string]string{} // secret: what it is
	secret := func(what, text string) string {
		mu.Lock()
		defer mu.Unlock()
		if len(text) < 5 {
			t.Errorf("%s is %q", what, text)
			return text
		}
		secrets[text] = what
		return text
	}

	// The site's callback: it reads nothing, and answers with an error that holds a secret.
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		q := r.URL.Query()
		mu.Lock()
		secrets[q.Get(protocol.QueryMsgSignature)] = "signature of an event"
		mu.Unlock()
		if e, err := protocol.ParseEnvelope(body); err == nil {
			secret("encrypted event", e.Encrypt)
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	defer receiver.Close()
	site := platform.SampleSite{Origin: platformtest.Origin, LoginCallback: receiver.URL + "/callback?key=" + secret("query of a callback", "canary-callback-query"),
		Token: secret("callback token", "canarycallbacktoken"), AESKey: secret("EncodingAESKey", strings.Repeat("Canary0", 6)+"A")}
	p := platformtest.Start(t, platformtest.Options{Log: &log, NumberAlways: true, Site: site})
	s := p.Sample
	for what, text := range map[string]string{"provider secret": s.ProviderSecret, "login suite secret": s.LoginSuiteSecret,
		"suite secret": s.SuiteSecret, "corp secret": s.CorpSecret, "password": sample.Password} {
		secret(what, text)
	}

	// A sign-in through the pages, in all its ways out.
	state := secret("state", "canary-state-5d1c")
	open := func() *platformtest.LoginPage {
		page := p.OpenLogin(p.ServiceLink(platformtest.Origin+"/cb?token="+secret("query of redirect_uri", "canary-redirect-query"), state))
		secret("web key", page.WebKey)
		secret("page signature", strings.TrimPrefix(page.Signature, "Bearer "))
		secret("QR key", page.QRKey)
		return page
	}
	phone := signedIn(t, p, "zhangwei")
	secret("CSRF token", phone.CSRF)
	for name, value := range phone.Cookies() {
		secret("cookie "+name, value)
	}
	page := open()
	scan(phone, page)
	confirm(phone, page, stateNow(page).Number)
	code := secret("code", stateNow(page).AuthCode)
	send(t, "GET", p.URL()+protocol.PathLoginQRCode+"?key="+page.WebKey, "")
	send(t, "POST", p.URL()+protocol.PathLoginRenew, jsonOf("webKey", page.WebKey), "Authorization", page.Signature)
	for _, end := range []func(*platformtest.LoginPage){
		func(l *platformtest.LoginPage) {
			a := send(t, "POST", p.URL()+protocol.PathLoginDesktop, jsonOf("webKey", l.WebKey), "Authorization", l.Signature)
			key, _ := a.fields["data"].(map[string]any)["client_key"].(string)
			secret("client key", key)
		},
		func(l *platformtest.LoginPage) { scan(phone, l); confirm(phone, l, wrong(t, l)) },
		func(l *platformtest.LoginPage) { phone.Post("/q/"+l.QRKey+"/report", nil, nil) },
		func(l *platformtest.LoginPage) { scan(phone, l); phone.Get("/q/"+l.QRKey+"/choose", nil) },
		func(l *platformtest.LoginPage) { phone.Get("/q/"+l.QRKey+"/unknown", nil) },
		func(l *platformtest.LoginPage) { phone.Post("/phone/open", url.Values{"link": {l.QR()}}, nil) },
		func(l *platformtest.LoginPage) {
			send(t, "GET", p.URL()+"/q/"+l.QRKey, "", "Accept", "text/html") // to the sign-in, with next
		},
		func(l *platformtest.LoginPage) { send(t, "PUT", p.URL()+"/q/"+l.QRKey, "") },
		func(l *platformtest.LoginPage) { send(t, "GET", p.URL()+"/phone/sign-in?next=/q/"+l.QRKey, "") },
	} {
		end(open())
	}
	p.SignedOutPhone().Post("/phone/sign-in", url.Values{"account": {"zhangwei"}, "password": {secret("wrong password", "canary-wrong-password")}}, nil)
	p.OpenLogin(url.Values{"appid": {"x"}, "state": {state}, "redirect_uri": {secret("refused redirect_uri", "https://canary-refused.example/x")}})

	// The API, right and wrong.
	tick := secret("ticket", ticket(t, p, s.LoginSuiteID))
	suite := secret("suite token", p.SuiteToken())
	own := secret("app token", appToken(t, p))
	provider := secret("provider token", send(t, "POST", p.URL()+protocol.PathGetProviderToken,
		jsonOf("corpid", s.ProviderCorpID, "provider_secret", s.ProviderSecret)).text("provider_access_token"))
	verifier := secret("verifier", "canary-verifier-canary-verifier-canary-verifier")
	for _, token := range []string{suite, own, provider, secret("made-up token", "canary-made-up-token")} {
		for _, e := range endpoints {
			api(t, p, e.path, e.name, token, e.parameter, code, protocol.QueryCodeVerifier, verifier)
			send(t, "POST", p.URL()+e.path+"?"+e.name+"="+token, jsonOf(e.parameter, code))
		}
	}
	exchange(t, p, suite, code)
	exchange(t, p, suite, code)
	exchange(t, p, suite, secret("made-up code", "canary-made-up-code"))
	for _, body := range []string{
		jsonOf("suite_id", s.LoginSuiteID, "suite_secret", secret("wrong secret", "canary-wrong-secret"), "suite_ticket", tick),
		jsonOf("suite_id", secret("unknown suite_id", "canary-suite-id"), "suite_secret", s.SuiteSecret, "suite_ticket", tick),
		`{"suite_id":` + secret("broken JSON", "canary-broken-json"), `{"suite_id":{"a":"canary-broken-json"}}`,
	} {
		send(t, "POST", p.URL()+protocol.PathGetSuiteToken, body)
	}
	send(t, "GET", p.URL()+protocol.PathGetToken+"?corpid="+s.CorpID+"&corpsecret=canary-wrong-secret", "")
	send(t, "GET", p.URL()+"/Unknown-"+secret("unknown path that looks like a key", "Canary-in-path-0123456789"), "")
	send(t, "GET", p.URL()+"/healthz?x="+secret("query", "canary-query"), "", "Referer", "https://x.example/?"+secret("Referer", "canary-referer"),
		"Cookie", "x="+secret("cookie", "canary-cookie"), "X-Request-Id", secret("header", "canary-header"))

	// Events, and the control port's own calls.
	for _, event := range []string{protocol.EventSuiteTicket, "verify"} {
		p.Control("POST", "/push", map[string]string{"suite": s.LoginSuiteID, "event": event}, nil)
		p.Control("POST", "/push", map[string]string{"suite": s.LoginSuiteID, "event": event,
			"url": "http://127.0.0.1:1/?" + secret("query of a push", "canary-push-query")}, nil)
	}
	secret("code of the control port", codeFor(t, p, "login", s.LoginSuiteID, s.CorpID+"/"+s.Member))
	p.Control("POST", "/clock", map[string]string{"advance": "canary"}, nil)

	shown := map[string]string{}
	for _, path := range []string{"/requests", "/attempts", "/pushes"} {
		var list json.RawMessage
		if status := p.Control("GET", path, nil, &list); status != http.StatusOK || len(list) < 10 {
			t.Errorf("%s: %d %s", path, status, list)
		}
		shown[path] = string(list)
	}
	p.Stop()
	shown["log"] = log.String()
	if !strings.Contains(shown["log"], protocol.PathGetUserInfo3rd) || !strings.Contains(shown["requests"]+shown["/requests"], "/q/{key}") {
		t.Error("the log or the list of requests lacks what it should hold")
	}
	if len(secrets) < 40 {
		t.Errorf("only %d secrets were looked for", len(secrets))
	}
	for where, text := range shown {
		for s, what := range secrets {
			for _, form := range []string{s, url.QueryEscape(s), strings.Trim(fmt.Sprintf("%q", s), `"`)} {
				if i := strings.Index(text, form); i >= 0 {
					t.Errorf("%s holds the %s: …%.160s", where, what, text[max(0, i-80):])
					break
				}
			}
		}
	}
}
