package site_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// Abuse case 23 of the security rules: an answer that does not plainly name a
// member gives no identity.
func TestNoIdentityFrom(t *testing.T) {
	t.Parallel()
	const openID = `{"errcode":0,"errmsg":"ok","openid":"oX"}`
	for name, row := range map[string]struct {
		body string
		want error
	}{
		"an empty object":              {`{}`, site.ErrIncomplete},
		"only an errcode":              {`{"errcode":0,"errmsg":"ok"}`, site.ErrIncomplete},
		"openid only":                  {openID, site.ErrIncomplete},
		"an empty corpid":              {`{"errcode":0,"corpid":"","userid":"u"}`, site.ErrIncomplete},
		"an empty userid":              {`{"errcode":0,"corpid":"c","userid":""}`, site.ErrIncomplete},
		"no corpid":                    {`{"errcode":0,"userid":"u"}`, site.ErrIncomplete},
		"null ids":                     {`{"errcode":0,"corpid":null,"userid":null}`, site.ErrIncomplete},
		"a blank corpid":               {`{"errcode":0,"corpid":" ","userid":"u"}`, site.ErrIncomplete},
		"a control character":          {`{"errcode":0,"corpid":"c","userid":"u\u0000"}`, site.ErrIncomplete},
		"a line break":                 {`{"errcode":0,"corpid":"c\n","userid":"u"}`, site.ErrIncomplete},
		"a look-alike letter":          {`{"errcode":0,"corpid":"с","userid":"u"}`, site.ErrIncomplete},
		"an endless userid":            {`{"errcode":0,"corpid":"c","userid":"` + strings.Repeat("u", 65) + `"}`, site.ErrIncomplete},
		"numbers for ids":              {`{"errcode":0,"corpid":1,"userid":2}`, site.ErrAnswer},
		"objects for ids":              {`{"errcode":0,"corpid":{},"userid":[]}`, site.ErrAnswer},
		"an errcode beside a member":   {`{"errcode":40029,"corpid":"c","userid":"u"}`, protocol.CodeInvalidCode},
		"an errcode as text":           {`{"errcode":"40029","corpid":"c","userid":"u"}`, protocol.CodeInvalidCode},
		"an errcode that is no number": {`{"errcode":"ok","corpid":"c","userid":"u"}`, site.ErrAnswer},
		"HTML":                         {`<!doctype html><title>Sign in to the hotel's Wi-Fi</title>`, site.ErrAnswer},
		"nothing":                      {``, site.ErrAnswer},
		"null":                         {`null`, site.ErrAnswer},
		"an array":                     {`[` + member + `]`, site.ErrAnswer},
		"two objects":                  {member + member, site.ErrAnswer},
		"half an object":               {member[:len(member)-1], site.ErrAnswer},
		"JSONP":                        {`cb(` + member + `)`, site.ErrAnswer},
		"too much":                     {`{"x":"` + strings.Repeat("x", 1<<20) + `",` + member[1:], site.ErrAnswer},
	} {
		s := serve(t, map[string][]string{
			protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetUserInfo3rd: {row.body},
			protocol.PathGetToken: {appToken}, protocol.PathGetUserInfo: {strings.Replace(row.body, `"userid":"u"`, `"userid":""`, 1)},
		})
		c := site.New(site.Config{API: s.URL})
		for kind, exchange := range map[string]func(context.Context, string, ...site.ExchangeOption) (site.Identity, error){
			"suite": c.Suite("ww1", "s", ticket).Exchange, "corp app": c.CorpApp("ww2", "s").Exchange,
		} {
			id, err := exchange(t.Context(), "code")
			if name == "too much" && (err == nil || !strings.Contains(err.Error(), "longer than")) {
				t.Errorf("%s, %s: %v", name, kind, err)
			}
			if id != (site.Identity{}) || err == nil || kind == "suite" && !errors.Is(err, row.want) {
				t.Errorf("%s, %s: %+v %v", name, kind, id, err)
			}
		}
		if id, err := c.Suite("ww1", "s", ticket).Exchange(t.Context(), "code", site.AllowOpenID()); row.body != openID && (id != (site.Identity{}) || err == nil) {
			t.Errorf("%s, openid allowed: %+v %v", name, id, err)
		}
	}
}

// A company that answers with both kinds of id is a member's, never an openid.
func TestOpenIDNeverHidesAMember(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{
		protocol.PathGetSuiteToken:  {suiteToken},
		protocol.PathGetUserInfo3rd: {`{"corpid":"c","openid":"o"}`, `{"userid":"u","openid":"o"}`},
	})
	suite := site.New(site.Config{API: s.URL}).Suite("ww1", "s", ticket)
	for range 2 {
		if id, err := suite.Exchange(t.Context(), "code", site.AllowOpenID()); !errors.Is(err, site.ErrIncomplete) {
			t.Errorf("%+v %v", id, err)
		}
	}
}

func TestStatusAndRedirects(t *testing.T) {
	t.Parallel()
	var leaked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		leaked.Add(1)
		_, _ = io.WriteString(w, member)
	}))
	defer elsewhere.Close()
	for _, status := range []int{201, 204, 301, 302, 307, 308, 400, 401, 404, 429, 500, 502, 503} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, strings.Replace(member, "{", `{"suite_access_token":"t","expires_in":7200,`, 1))
		}))
		// A client that would follow redirects is overruled.
		c := site.New(site.Config{API: s.URL, HTTPClient: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}})
		id, err := c.Suite("ww1", "s", ticket).Exchange(t.Context(), "code")
		if id != (site.Identity{}) || !errors.Is(err, site.ErrAnswer) || !strings.Contains(err.Error(), fmt.Sprint("HTTP status ", status)) {
			t.Errorf("%d: %+v %v", status, id, err)
		}
		s.Close()
	}
	if leaked.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// Secrets that were sent are in no error, however it came about and however
// deep one looks.
func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	endless, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, fmt.Sprintf(`{"errcode":40058,"errmsg":%q}`, fmt.Sprint("bad: ", r.URL, string(body), r.URL.Query())))
	}
	normal := func(exchange http.HandlerFunc) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == protocol.PathGetSuiteToken {
				_, _ = io.WriteString(w, suiteToken)
				return
			}
			exchange(w, r)
		})
	}
	for name, row := range map[string]struct {
		handler http.Handler
		client  *http.Client
		ctx     context.Context
	}{
		"echoing token endpoint": {handler: http.HandlerFunc(echo)},
		"echoing exchange":       {handler: normal(echo)},
		"no such path":           {handler: normal(http.NotFound)},
		"HTML":                   {handler: normal(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<p>"+r.URL.String()) })},
		"redirect": {handler: normal(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/x"+r.URL.String(), http.StatusFound)
		})},
		"redirect to nonsense": {handler: normal(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "://canary-code")
			w.WriteHeader(http.StatusFound)
		})},
		"number that overflows": {handler: normal(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"expires_in":"canary-secret"}`)
		})},
		"broken connection": {handler: normal(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
		"half an answer": {handler: normal(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, "{")
		})},
		"context ends": {handler: normal(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), ctx: endless},
		"transport that shows URLs": {client: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("proxy: cannot reach %s for canary-secret", r.URL)
		})}},
		"client within a client": {client: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("retried: %w", &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("refused")})
		})}},
		"nobody listens": {},
	} {
		api := "http://127.0.0.1:1"
		if row.handler != nil {
			s := httptest.NewUnstartedServer(row.handler)
			s.Config.ErrorLog = nil
			s.Start()
			t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
			api = s.URL
		}
		ctx := row.ctx
		if ctx == nil {
			ctx = t.Context()
		}
		suite := site.New(site.Config{API: api, HTTPClient: row.client}).Suite("ww1", "canary-secret", ticket)
		id, err := suite.Exchange(ctx, "canary-code+/", site.WithVerifier("canary-verifier"))
		if err == nil || id != (site.Identity{}) {
			t.Fatalf("%s: %+v %v", name, id, err)
		}
		for deep := err; deep != nil; deep = errors.Unwrap(deep) {
			if text := fmt.Sprintf("%v %+v %#v", deep, deep, deep); strings.Contains(text, "canary") {
				t.Errorf("%s: %s", name, text)
			}
		}
		if text := fmt.Sprintf("%v %+v %#v %s", suite, suite, suite, suite); strings.Contains(text, "canary") {
			t.Errorf("the suite shows %s", text)
		}
	}
}

// What a caller branches on survives the cleaning.
func TestErrorsKeepTheirKind(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetUserInfo3rd: {badCode}})
	_, err := site.New(site.Config{API: s.URL}).Suite("ww1", "s", ticket).Exchange(t.Context(), "code")
	var f protocol.Failure
	if !errors.Is(err, protocol.CodeInvalidCode) || !errors.As(err, &f) || !strings.Contains(err.Error(), "hint: [1646016644173451979496690]") || !strings.Contains(err.Error(), protocol.PathGetUserInfo3rd) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }))
	defer hang.Close()
	app := site.New(site.Config{API: hang.URL}).CorpApp("c", "a long secret in the query")
	if _, err := app.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	// The fetch itself, not only the wait for it, keeps its kind.
	slow := site.New(site.Config{API: hang.URL, HTTPClient: &http.Client{Timeout: 20 * time.Millisecond}}).CorpApp("c", "a long secret in the query")
	var timeout interface{ Timeout() bool }
	if _, err := slow.Token(t.Context()); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("%v", err)
	}
	hang.CloseClientConnections()
}
