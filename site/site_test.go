package site_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

const (
	suiteToken = `{"errcode":0,"errmsg":"ok","suite_access_token":"canary-suite-token","expires_in":7200}`
	appToken   = `{"errcode":0,"errmsg":"ok","access_token":"canary-app-token","expires_in":7200}`
	member     = `{"errcode":0,"errmsg":"ok","corpid":"wpCORP","userid":"woUSER","open_userid":"woOPEN"}`
	badCode    = `{"errcode":40029,"errmsg":"invalid code, hint: [1646016644173451979496690], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=40029"}`
)

var ticket = site.TicketFunc(func(context.Context, string) (string, error) { return "canary-ticket", nil })

// server answers each path with its texts in turn, the last one for ever, and
// remembers what it was asked.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	paths map[string][]string
	asked []string // "METHOD path?query body"
}

func serve(t *testing.T, paths map[string][]string) *server {
	t.Helper()
	s := &server{paths: paths}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
		answers := s.paths[r.URL.Path]
		if len(answers) == 0 {
			http.NotFound(w, r)
			return
		}
		if len(answers) > 1 {
			s.paths[r.URL.Path] = answers[1:]
		}
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = io.WriteString(w, answers[0])
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func TestSuiteOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetUserInfo3rd: {member}})
	suite := site.New(site.Config{API: s.URL + "/"}).Suite("ww1", "canary-secret", ticket)
	for range 2 {
		id, err := suite.Exchange(t.Context(), "the+code", site.WithVerifier("proof"))
		if err != nil || id != (site.Identity{CorpID: "wpCORP", UserID: "woUSER", OpenUserID: "woOPEN"}) {
			t.Fatalf("%+v %v", id, err)
		}
	}
	exchange := "GET /cgi-bin/service/auth/getuserinfo3rd?code=the%2Bcode&code_verifier=proof&suite_access_token=canary-suite-token"
	want := []string{`POST /cgi-bin/service/get_suite_token {"suite_id":"ww1","suite_secret":"canary-secret","suite_ticket":"canary-ticket"}`, exchange, exchange}
	if got := s.requests(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCorpAppOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{
		protocol.PathGetToken:    {appToken},
		protocol.PathGetUserInfo: {`{"errcode":0,"errmsg":"ok","userid":"zhangsan"}`, `{"errcode":0,"openid":"oOPEN"}`},
		protocol.PathUserGet:     {`{"errcode":0,"errmsg":"ok","userid":"zhangsan","name":"张三","department":[1,"2"],"gender":1,"avatar":""}`, `{"errcode":0,"errmsg":"ok"}`},
	})
	app := site.New(site.Config{API: s.URL}).CorpApp("wwCORP", "canary-secret")
	if id, err := app.Exchange(t.Context(), "code"); err != nil || id != (site.Identity{CorpID: "wwCORP", UserID: "zhangsan"}) {
		t.Errorf("%+v %v", id, err)
	}
	if id, err := app.Exchange(t.Context(), "code", site.AllowOpenID()); err != nil || id != (site.Identity{OpenID: "oOPEN"}) {
		t.Errorf("%+v %v", id, err)
	}
	if user, err := app.User(t.Context(), "zhangsan"); err != nil || user.Name != "张三" || user.Gender != "1" || len(user.Department) != 2 {
		t.Errorf("%+v %v", user.Name, err)
	}
	if user, err := app.User(t.Context(), "nobody"); !errors.Is(err, site.ErrAnswer) || user.UserID != "" {
		t.Errorf("answer without a member: %v", err)
	}
	if got := s.requests()[:2]; got[0] != "GET /cgi-bin/gettoken?corpid=wwCORP&corpsecret=canary-secret" || got[1] != "GET /cgi-bin/auth/getuserinfo?access_token=canary-app-token&code=code" {
		t.Errorf("asked %q", got)
	}
}

func TestProviderOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{protocol.PathGetProviderToken: {`{"provider_access_token":"T","expires_in":"7200"}`}})
	token, err := site.New(site.Config{API: s.URL}).Provider("wwP", "canary-secret").Token(t.Context())
	if token != "T" || err != nil || s.requests()[0] != `POST /cgi-bin/service/get_provider_token {"corpid":"wwP","provider_secret":"canary-secret"}` {
		t.Errorf("%s %v %q", token, err, s.requests())
	}
}

// A token that the platform withdrew is replaced once; any other failure, and
// a second refusal, is the caller's.
func TestRefreshOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		code               protocol.Code
		fetches, exchanges int
		refusedForEver     bool
	}{
		{code: 40014, fetches: 2, exchanges: 2},
		{code: 42001, fetches: 2, exchanges: 2},
		{code: 40082, fetches: 2, exchanges: 2},
		{code: 42009, fetches: 2, exchanges: 2},
		{code: 40001, fetches: 2, exchanges: 2},
		{code: 42001, fetches: 2, exchanges: 2, refusedForEver: true},
		{code: 40029, fetches: 1, exchanges: 1},
		{code: 45009, fetches: 1, exchanges: 1},
		{code: -1, fetches: 1, exchanges: 1},
	} {
		no := fmt.Sprintf(`{"errcode":%d,"errmsg":"x"}`, int(row.code))
		answers := []string{no, member}
		if row.refusedForEver {
			answers = []string{no}
		}
		s := serve(t, map[string][]string{
			protocol.PathGetSuiteToken:  {strings.Replace(suiteToken, "canary", "old", 1), suiteToken},
			protocol.PathGetUserInfo3rd: answers,
		})
		id, err := site.New(site.Config{API: s.URL}).Suite("ww1", "s", ticket).Exchange(t.Context(), "code")
		if ok := row.fetches == 2 && !row.refusedForEver; ok != (err == nil) || ok != (id.UserID == "woUSER") || !ok && !errors.Is(err, row.code) {
			t.Errorf("%d: %+v %v", row.code, id, err)
		}
		fetches, exchanges := 0, 0
		for _, r := range s.requests() {
			if strings.HasPrefix(r, "POST") {
				fetches++
			} else {
				exchanges++
			}
		}
		if fetches != row.fetches || exchanges != row.exchanges {
			t.Errorf("%d: %d fetches, %d exchanges", row.code, fetches, exchanges)
		}
		if last := s.requests()[len(s.requests())-1]; row.fetches == 2 && !strings.Contains(last, "canary-suite-token") {
			t.Errorf("%d: not repeated with the new token", row.code)
		}
	}
}

// 40001 from a token endpoint means the secret, and repeating it earns a ban.
func TestWrongSecretIsAskedOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{protocol.PathGetToken: {`{"errcode":40001,"errmsg":"invalid credential"}`}})
	_, err := site.New(site.Config{API: s.URL}).CorpApp("c", "wrong").Exchange(t.Context(), "code")
	if !errors.Is(err, protocol.CodeInvalidCredential) || len(s.requests()) != 1 {
		t.Errorf("%v after %q", err, s.requests())
	}
}

func TestNoTicket(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	for name, source := range map[string]site.TicketSource{
		"none":  nil,
		"empty": site.TicketFunc(func(context.Context, string) (string, error) { return "", nil }),
		"error": site.TicketFunc(func(context.Context, string) (string, error) { return "", site.ErrNoTicket }),
	} {
		_, err := site.New(site.Config{API: s.URL}).Suite("ww1", "s", source).Exchange(t.Context(), "code")
		if !errors.Is(err, site.ErrNoTicket) || len(s.requests()) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImpossibleCodesStayHere(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	for _, code := range []string{"", strings.Repeat("x", 513)} {
		_, err := site.New(site.Config{API: s.URL}).Suite("ww1", "s", ticket).Exchange(t.Context(), code)
		if !errors.Is(err, protocol.CodeInvalidCode) || len(s.requests()) != 0 {
			t.Errorf("code of %d bytes: %v", len(code), err)
		}
	}
}

// The zero Config reaches the real WeCom.
func TestZeroConfig(t *testing.T) {
	t.Parallel()
	stop := errors.New("stopped here")
	var asked []string
	c := site.New(site.Config{HTTPClient: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Scheme+"://"+r.URL.Host+r.URL.Path)
		return nil, stop
	})}})
	if _, err := c.Provider("c", "s").Token(t.Context()); !errors.Is(err, stop) {
		t.Error(err)
	}
	if fmt.Sprint(asked) != "[https://qyapi.weixin.qq.com/cgi-bin/service/get_provider_token]" {
		t.Error(asked)
	}
	for _, api := range []string{"qyapi.weixin.qq.com", "ftp://x", "https://", "https://u:p@x", "https://x?a=b", "://", "https://x\n"} {
		if _, err := site.New(site.Config{API: api}).Provider("c", "s").Token(t.Context()); err == nil || !strings.Contains(err.Error(), "Config.API") {
			t.Errorf("%q: %v", api, err)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
