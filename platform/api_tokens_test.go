package platform_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// jsonOf writes names and values in turn as one JSON object.
func jsonOf(fields ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(fields); i += 2 {
		fmt.Fprintf(&b, `,%q:%q`, fields[i], fields[i+1])
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

func ticket(t testing.TB, p *platformtest.Platform, suite string) string {
	t.Helper()
	var out struct {
		Ticket string `json:"suite_ticket"`
	}
	p.Control("GET", "/suites/"+suite+"/ticket", nil, &out)
	if out.Ticket == "" {
		t.Fatalf("no ticket of %s", suite)
	}
	return out.Ticket
}

// What the three token calls answer, in the order in which they look (protocol.md 5).
func TestTokenCalls(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	s := p.Sample
	old := ticket(t, p, s.LoginSuiteID)
	p.Advance(30 * time.Minute)
	other := ticket(t, p, s.SuiteID)
	good := ticket(t, p, s.LoginSuiteID)

	const (
		provider = protocol.PathGetProviderToken
		suite    = protocol.PathGetSuiteToken
		app      = protocol.PathGetToken
	)
	for _, c := range []struct {
		name, path, request string // a JSON body; of gettoken, a query
		want                protocol.Code
	}{
		{"nothing", provider, `{}`, protocol.CodeMissingCorpID},
		{"no secret", provider, jsonOf("corpid", s.ProviderCorpID), protocol.CodeInvalidProviderSecret},
		{"unknown corpid", provider, jsonOf("corpid", "ww0000000000000000", "provider_secret", s.ProviderSecret), protocol.CodeInvalidCorpID},
		{"a corp that is no provider", provider, jsonOf("corpid", s.CorpID, "provider_secret", s.ProviderSecret), protocol.CodeInvalidCorpID},
		{"wrong secret", provider, jsonOf("corpid", s.ProviderCorpID, "provider_secret", s.ProviderSecret[1:]), protocol.CodeInvalidProviderSecret},
		{"a suite's secret", provider, jsonOf("corpid", s.ProviderCorpID, "provider_secret", s.LoginSuiteSecret), protocol.CodeInvalidProviderSecret},
		{"corpid without case", provider, jsonOf("corpid", strings.ToUpper(s.ProviderCorpID), "provider_secret", s.ProviderSecret), 0},
		{"a stray field", provider, jsonOf("corpid", s.ProviderCorpID, "provider_secret", s.ProviderSecret, "appid", "x"), 0},
		{"a number for a text", provider, `{"corpid":1,"provider_secret":"x"}`, protocol.CodeInvalidParameter},

		{"nothing", suite, `{}`, protocol.CodeMissingSuiteID},
		{"suite_id empty", suite, jsonOf("suite_id", "", "suite_secret", "x", "suite_ticket", "x"), protocol.CodeMissingSuiteID},
		{"no secret", suite, jsonOf("suite_id", s.LoginSuiteID), protocol.CodeMissingSuiteSecret},
		{"no ticket", suite, jsonOf("suite_id", s.LoginSuiteID, "suite_secret", s.LoginSuiteSecret), protocol.CodeMissingSuiteTicket},
		{"unknown suite", suite, jsonOf("suite_id", "ww0000000000000000", "suite_secret", "x", "suite_ticket", "x"), protocol.CodeInvalidSuiteID},
		{"wrong secret and ticket", suite, jsonOf("suite_id", s.LoginSuiteID, "suite_secret", "x", "suite_ticket", "x"), protocol.CodeInvalidSuiteSecret},
		{"another suite's secret", suite, jsonOf("suite_id", s.LoginSuiteID, "suite_secret", s.SuiteSecret, "suite_ticket", good), protocol.CodeInvalidSuiteSecret},
		{"wrong ticket", suite, jsonOf("suite_id", s.LoginSuiteID, "suite_secret", s.LoginSuiteSecret, "suite_ticket", "x"), protocol.CodeInvalidSuiteTicket},
		{"another suite's ticket", suite, jsonOf("suite_id", s.LoginSuiteID, "suite_secret", s.LoginSuiteSecret, "suite_ticket", other), protocol.CodeInvalidSuiteTicket},
		{"a ticket of half an hour", suite, jsonOf("suite_id", s.LoginSuiteID, "suite_secret", s.LoginSuiteSecret, "suite_ticket", old), protocol.CodeInvalidSuiteTicket},
		{"suite_id without case", suite, jsonOf("suite_id", strings.ToUpper(s.LoginSuiteID), "suite_secret", s.LoginSuiteSecret, "suite_ticket", good), 0},
		{"no JSON", suite, "suite_id=" + s.LoginSuiteID, protocol.CodeInvalidParameter},
		{"an array", suite, "[]", protocol.CodeInvalidParameter},
		{"no body", suite, "", protocol.CodeInvalidParameter},

		{"nothing", app, "", protocol.CodeMissingCorpSecret},
		{"no secret", app, "corpid=" + s.CorpID, protocol.CodeMissingCorpSecret},
		{"no corpid", app, "corpsecret=" + s.CorpSecret, protocol.CodeMissingCorpID},
		{"unknown corpid", app, "corpid=ww0000000000000000&corpsecret=" + s.CorpSecret, protocol.CodeInvalidCorpID},
		{"wrong secret", app, "corpid=" + s.CorpID + "&corpsecret=x", protocol.CodeInvalidCredential},
		{"another corp's secret", app, "corpid=" + s.ProviderCorpID + "&corpsecret=" + s.CorpSecret, protocol.CodeInvalidCredential},
		{"corpid without case", app, "corpid=" + strings.ToUpper(s.CorpID) + "&corpsecret=" + s.CorpSecret, 0},
		{"unknown names", app, "x=1&debug=1&corpid=" + s.CorpID + "&corpsecret=" + s.CorpSecret, 0},
	} {
		method, address, body := "POST", p.URL()+c.path, c.request
		if c.path == app {
			method, address, body = "GET", address+"?"+c.request, ""
		}
		a := send(t, method, address, body)
		if a.code(t) != c.want {
			t.Errorf("%s, %s: %s, want %d", c.path, c.name, a.body, c.want)
		}
		if token := a.text("access_token") + a.text("suite_access_token") + a.text("provider_access_token"); (token != "") != (c.want == 0) {
			t.Errorf("%s, %s: token %q", c.path, c.name, token)
		}
	}
}

// Whoever asks again while a token is valid gets the same one and the rest of its life;
// so does a platform that was restarted; afterwards another.
func TestSameTokenWhileValid(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	s := p.Sample
	ask := map[string]func() answer{
		"provider_access_token": func() answer {
			return send(t, "POST", p.URL()+protocol.PathGetProviderToken, jsonOf("corpid", s.ProviderCorpID, "provider_secret", s.ProviderSecret))
		},
		"suite_access_token": func() answer {
			return send(t, "POST", p.URL()+protocol.PathGetSuiteToken, jsonOf("suite_id", s.LoginSuiteID,
				"suite_secret", s.LoginSuiteSecret, "suite_ticket", ticket(t, p, s.LoginSuiteID)))
		},
		"access_token": func() answer {
			return send(t, "GET", p.URL()+protocol.PathGetToken+"?corpid="+s.CorpID+"&corpsecret="+s.CorpSecret, "")
		},
	}
	first := map[string]string{}
	for name, get := range ask {
		var mu sync.Mutex
		var wg sync.WaitGroup
		texts := map[string]bool{}
		for range 16 {
			wg.Go(func() {
				a := get()
				mu.Lock()
				defer mu.Unlock()
				texts[a.text(name)] = true
				if left, _ := a.fields["expires_in"].(float64); left < 7190 || left > 7200 {
					t.Errorf("%s: expires_in %v", name, a.fields["expires_in"])
				}
			})
		}
		wg.Wait()
		if len(texts) != 1 {
			t.Errorf("%s: sixteen at once got %d texts", name, len(texts))
		}
		first[name] = get().text(name)
		if len(first[name]) > 512 || strings.Trim(first[name], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%s: a text that clients cannot put into a URL raw", name)
		}
	}
	p.Restart()
	for name, get := range ask {
		if get().text(name) != first[name] {
			t.Errorf("%s: another token after a restart", name)
		}
	}
	p.Advance(time.Hour)
	for name, get := range ask {
		a := get()
		if left, _ := a.fields["expires_in"].(float64); a.text(name) != first[name] || left < 3580 || left > 3600 {
			t.Errorf("%s after an hour: same %v, expires_in %v", name, a.text(name) == first[name], left)
		}
	}
	p.Advance(time.Hour)
	for name, get := range ask {
		if a := get(); a.text(name) == first[name] || a.text(name) == "" {
			t.Errorf("%s: the same token after two hours", name)
		}
	}
}

// 2,000 wrong secrets for one id from one address shut that pair out for an hour, and
// nobody else; the case in which the id is written does not make another id of it.
func TestWrongSecrets(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Config: fromAddresses})
	s := p.Sample
	suite := func(id, secret, from string) protocol.Code {
		return send(t, "POST", p.URL()+protocol.PathGetSuiteToken, jsonOf("suite_id", id, "suite_secret", secret, "suite_ticket", "x"),
			"X-Forwarded-For", from).code(t)
	}
	const here, elsewhere = "192.0.2.1", "192.0.2.2"
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 250 {
				id := s.LoginSuiteID
				if i%2 == worker%2 {
					id = strings.ToUpper(id)
				}
				if i == 249 && worker == 7 {
					break // the last one is made below
				}
				if c := suite(id, "x", here); c != protocol.CodeInvalidSuiteSecret {
					t.Errorf("wrong secret: %d", c)
					return
				}
			}
		})
	}
	wg.Wait()
	if c := suite(s.LoginSuiteID, "x", here); c != protocol.CodeInvalidSuiteSecret {
		t.Fatalf("wrong secret 2000: %d", c)
	}
	for _, c := range []struct {
		name, id, secret, from string
		want                   protocol.Code
	}{
		{"another wrong one", s.LoginSuiteID, "x", here, protocol.CodeTooFrequent},
		{"the right one", s.LoginSuiteID, s.LoginSuiteSecret, here, protocol.CodeTooFrequent},
		{"the right one in capitals", strings.ToUpper(s.LoginSuiteID), s.LoginSuiteSecret, here, protocol.CodeTooFrequent},
		{"from elsewhere", s.LoginSuiteID, s.LoginSuiteSecret, elsewhere, protocol.CodeInvalidSuiteTicket},
		{"another suite from here", s.SuiteID, s.SuiteSecret, here, protocol.CodeInvalidSuiteTicket},
	} {
		if got := suite(c.id, c.secret, c.from); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	for path, q := range map[string]url.Values{
		protocol.PathGetToken: {"corpid": {s.CorpID}, "corpsecret": {s.CorpSecret}},
	} {
		if a := send(t, "GET", p.URL()+path+"?"+q.Encode(), "", "X-Forwarded-For", here); a.code(t) != 0 {
			t.Errorf("a corp's token from here: %s", a.body)
		}
	}
	p.Advance(time.Hour)
	if got := suite(s.LoginSuiteID, s.LoginSuiteSecret, here); got != protocol.CodeInvalidSuiteTicket {
		t.Errorf("an hour later: %d", got)
	}
}
