package login_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

var regexpHref = regexp.MustCompile(`<a class="button primary" href="([^"]+)" data-hufu-go>`)

// beginVia starts a sign-in that way and returns the query of its link.
func (b *browser) beginVia(via login.Way, back string) url.Values {
	b.t.Helper()
	a := b.getAs(desktop, "/login?"+url.Values{"via": {string(via)}, "return": {back}}.Encode(), "Referer", b.site.URL+"/")
	if wayOf(a.location) != via {
		b.t.Fatalf("begin by %s: %d to %q", via, a.status, a.location)
	}
	u, _ := url.Parse(a.location)
	return u.Query()
}

// back is a callback with the given parameters beside state.
func back(link url.Values, pairs ...string) string {
	q := url.Values{"state": {link.Get("state")}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/login/finish?" + q.Encode()
}

const (
	corpMember = `"userid":"zhangsan"`
	oldMember  = `"usertype":5,"user_info":{"userid":"woBBBB","open_userid":"woBBBB","name":"woBBBB"},"corp_info":{"corpid":"wpAAAA"}`
)

// Each way to its end: which app, which ids, one exchange, and the same again on reload.
func TestSessionsOfTheWays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		config func(*website) func(*login.Config)
		via    login.Way
		param  string
		answer string
		want   login.Session
	}{
		{"link", everyWay, login.ViaLink, "code", member,
			login.Session{AppID: suiteID, CorpID: "wpAAAA", UserID: "woBBBB", OpenUserID: "woBBBB"}},
		{"in-client", everyWay, login.ViaClient, "code", member,
			login.Session{AppID: installedID, CorpID: "wpAAAA", UserID: "woBBBB", OpenUserID: "woBBBB"}},
		{"old", everyWay, login.ViaOld, "auth_code", oldMember,
			login.Session{AppID: providerID, CorpID: "wpAAAA", UserID: "woBBBB", OpenUserID: "woBBBB", UserType: 5}},
		{"old, an administrator", everyWay, login.ViaOld, "auth_code", strings.Replace(oldMember, `"usertype":5`, `"usertype":2`, 1),
			login.Session{AppID: providerID, CorpID: "wpAAAA", UserID: "woBBBB", OpenUserID: "woBBBB", UserType: 2}},
		{"corp app, link", ofCorp, login.ViaLink, "code", corpMember, login.Session{AppID: corpID, CorpID: corpID, UserID: "zhangsan"}},
		{"corp app, in-client", ofCorp, login.ViaClient, "code", corpMember, login.Session{AppID: corpID, CorpID: corpID, UserID: "zhangsan"}},
		{"corp app, old", ofCorp, login.ViaOld, "code", corpMember, login.Session{AppID: corpID, CorpID: corpID, UserID: "zhangsan"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newWebsite(t, nil)
			s.restart(t, c.config(s))
			b := s.browser(t)
			link := b.beginVia(c.via, "/me")
			s.api.allow("good", link, c.answer)
			// expires_in and appid stand beside the code on the old pages.
			path := back(link, c.param, "good", "expires_in", "600", "appid", c.want.AppID)
			var twice sync.WaitGroup
			for range 2 {
				twice.Go(func() { mustLand(b, path, "twice") })
			}
			twice.Wait()
			mustLand(b, path, "reload")
			s.restart(t, c.config(s))
			mustLand(b, path, "after a restart")
			got, ok := b.session()
			c.want.Way, c.want.ID, c.want.IssuedAt, c.want.Expires = c.via, got.ID, got.IssuedAt, got.Expires
			if !ok || got != c.want {
				t.Errorf("session %+v\nwant    %+v", got, c.want)
			}
			if got := s.api.count(); got != 1 {
				t.Errorf("%d exchanges, want 1", got)
			}
		})
	}
}

// Abuse case 13 over the ways: a sign-in ends only by what it began with.
func TestFinishMatrix(t *testing.T) {
	t.Parallel()
	type delivery struct {
		name   string
		params func(code string) []string
		panel  bool
	}
	deliveries := []delivery{
		{"code", func(code string) []string { return []string{"code", code} }, false},
		{"auth_code", func(code string) []string { return []string{"auth_code", code} }, false},
		{"both", func(code string) []string { return []string{"code", code, "auth_code", code} }, false},
		{"neither", func(string) []string { return nil }, false},
		{"empty auth_code beside", func(code string) []string { return []string{"code", code, "auth_code", ""} }, false},
		{"posted by the panel", nil, true},
	}
	const ok = login.Reason("")
	for _, c := range []struct {
		name   string
		config func(*website) func(*login.Config)
		via    login.Way
		answer string
		want   []login.Reason // per delivery
	}{
		{"link", everyWay, login.ViaLink, member,
			[]login.Reason{ok, login.BadRequest, login.BadRequest, login.Refused, ok, ok}},
		{"in-client", everyWay, login.ViaClient, member,
			[]login.Reason{ok, login.BadRequest, login.BadRequest, login.Refused, ok, login.BadRequest}},
		{"old", everyWay, login.ViaOld, oldMember,
			[]login.Reason{login.BadRequest, ok, login.BadRequest, login.Refused, login.BadRequest, login.BadRequest}},
		{"old, corp app", ofCorp, login.ViaOld, corpMember,
			[]login.Reason{ok, login.BadRequest, login.BadRequest, login.Refused, ok, login.BadRequest}},
	} {
		for i, d := range deliveries {
			for _, foreign := range []bool{false, true} {
				want := c.want[i]
				if foreign {
					want = login.OtherBrowser // whatever it is: the cookie is another browser's
				}
				t.Run(fmt.Sprintf("%s/%s/foreign %v", c.name, d.name, foreign), func(t *testing.T) {
					t.Parallel()
					var reason login.Reason
					s := newWebsite(t, nil)
					s.restart(t, func(config *login.Config) {
						c.config(s)(config)
						config.ErrorPage = func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
							if reason = f.Reason; f.Way != c.via && f.Reason != login.OtherBrowser {
								t.Errorf("the failure says %q", f.Way)
							}
							w.WriteHeader(f.Status())
						}
					})
					own, other := s.browser(t), s.browser(t)
					link := own.beginVia(c.via, "/me")
					s.api.allow("good", link, c.answer)
					b := own
					if foreign {
						other.beginVia(c.via, "/me")
						b = other
					}
					if d.panel {
						a := b.post("/login/finish", "application/json", `{"code":"good","state":"`+link.Get("state")+`"}`, "Origin", s.URL)
						for _, r := range []login.Reason{login.BadRequest, login.OtherBrowser} {
							if strings.Contains(a.body, `"`+string(r)+`"`) {
								reason = r
							}
						}
					} else {
						b.get(back(link, d.params("good")...))
					}
					if _, signedIn := b.session(); signedIn != (want == ok) || reason != want {
						t.Errorf("session %v, reason %q, want %q", signedIn, reason, want)
					}
					if want != ok && s.api.count() != 0 {
						t.Error("what may not end the sign-in was exchanged")
					}
					// What was refused for its form has spent nothing: the right callback still works.
					if want == login.BadRequest {
						param := "code"
						if c.via == login.ViaOld && c.answer == oldMember {
							param = "auth_code"
						}
						mustLand(own, back(link, param, "good"), "the right one after the wrong one")
					}
				})
			}
		}
	}
}

// More of case 13: codes and states carried from one way, app or time to another.
func TestForeignCallbacksOfTheWays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		reason login.Reason
		run    func(t *testing.T, s *website, victim, own *browser) string // path that own opens
	}{
		{"foreign in-client code with one's own state", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			s.api.allow("good", victim.beginVia(login.ViaClient, ""), member)
			return back(own.beginVia(login.ViaClient, ""), "code", "good")
		}},
		{"in-client code with one's own state of the login page", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			s.api.allow("good", own.beginVia(login.ViaClient, ""), member)
			return back(own.beginVia(login.ViaLink, ""), "code", "good")
		}},
		{"the login page's code with one's own in-client state", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			s.api.allow("good", own.beginVia(login.ViaLink, ""), member)
			return back(own.beginVia(login.ViaClient, ""), "code", "good")
		}},
		{"an old auth_code at an in-client state", login.BadRequest, func(t *testing.T, s *website, victim, own *browser) string {
			s.api.allow("good", own.beginVia(login.ViaOld, ""), oldMember)
			return back(own.beginVia(login.ViaClient, ""), "auth_code", "good")
		}},
		{"used in-client callback in another browser", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			link := victim.beginVia(login.ViaClient, "/me")
			s.api.allow("good", link, member)
			mustLand(victim, back(link, "code", "good"), "the victim")
			own.beginVia(login.ViaClient, "")
			return back(link, "code", "good")
		}},
		{"used old callback in another browser", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			link := victim.beginVia(login.ViaOld, "/me")
			s.api.allow("good", link, oldMember)
			mustLand(victim, back(link, "auth_code", "good"), "the victim")
			return back(link, "auth_code", "good")
		}},
		{"used auth_code with a fresh state", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			link := own.beginVia(login.ViaOld, "/me")
			s.api.allow("good", link, oldMember)
			mustLand(own, back(link, "auth_code", "good"), "first")
			own.post("/login/sign-out", "", "", "Origin", s.URL)
			return back(own.beginVia(login.ViaOld, ""), "auth_code", "good")
		}},
		{"two auth_codes", login.BadRequest, func(t *testing.T, s *website, victim, own *browser) string {
			return back(own.beginVia(login.ViaOld, ""), "auth_code", "a") + "&auth_code=b"
		}},
		{"auth_code with a line break", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			return back(own.beginVia(login.ViaOld, ""), "auth_code", "good\n")
		}},
		{"auth_code without state", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			s.api.allow("good", own.beginVia(login.ViaOld, ""), oldMember)
			return "/login/finish?auth_code=good&expires_in=600"
		}},
		{"the way is configured no longer", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			link := own.beginVia(login.ViaClient, "")
			s.api.allow("good", link, member)
			restartWith(t, s, without(everyWay(s), login.ViaClient))
			return back(link, "code", "good")
		}},
		{"the way is another app's now", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			link := own.beginVia(login.ViaClient, "")
			s.api.allow("good", link, member)
			restartWith(t, s, func(c *login.Config) {
				everyWay(s)(c)
				c.InClient.AppID, c.InClient.Suite = "wwother", suite(s.api, "wwother")
			})
			return back(link, "code", "good")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newWebsite(t, nil)
			restartWith(t, s, everyWay(s))
			own := s.browser(t)
			path := c.run(t, s, s.browser(t), own)
			a := own.get(path)
			if !strings.Contains(a.body, "reason="+string(c.reason)+".") {
				t.Errorf("%d %q, want %q", a.status, a.body, c.reason)
			}
			if session, ok := own.session(); ok {
				t.Errorf("a session began: %+v", session)
			}
		})
	}
}

// restartWith restarts with an error page that tells the reason.
func restartWith(t *testing.T, s *website, change func(*login.Config)) {
	t.Helper()
	s.restart(t, func(c *login.Config) {
		change(c)
		c.ErrorPage = func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
			w.WriteHeader(f.Status())
			fmt.Fprintf(w, "reason=%s.", f.Reason)
		}
	})
}

// A state of one handler is none at another of the same origin, whichever way each knows.
func TestStateOfAnotherAppsWays(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	ways := map[string]func(*login.Config){
		"client":       without(everyWay(s), login.ViaLink, login.ViaOld),
		"other client": without(func(c *login.Config) { everyWay(s)(c); c.InClient.AppID = "wwother" }, login.ViaLink, login.ViaOld),
		"old":          without(everyWay(s), login.ViaLink, login.ViaClient),
		"link":         onlyLink,
	}
	for begun, beginWith := range ways {
		for ended, endWith := range ways {
			s.restart(t, beginWith)
			b := s.browser(t)
			a := b.getAs(wecomIPhone, "/login?return=/me", "Referer", s.URL+"/")
			u, _ := url.Parse(a.location)
			answer, param := member, "code"
			if begun == "old" {
				answer, param = oldMember, "auth_code"
			}
			s.api.allow("good", u.Query(), answer)
			s.restart(t, endWith)
			a = b.get(back(u.Query(), param, "good"))
			_, ok := b.session()
			if ok != (begun == ended && begun != "other client") {
				t.Errorf("begun at %s, ended at %s: %d, session %v", begun, ended, a.status, ok)
			}
		}
	}
}

// Abuse case 23 on the new ways: an answer that does not name a member.
func TestIncompleteAnswersOfTheWays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config func(*website) func(*login.Config)
		via    login.Way
		param  string
		answer string
	}{
		"in-client, {}":                   {everyWay, login.ViaClient, "code", `{}`},
		"in-client, openid only":          {everyWay, login.ViaClient, "code", `{"errcode":0,"openid":"oX"}`},
		"in-client, ticket only":          {everyWay, login.ViaClient, "code", `{"errcode":0,"user_ticket":"T","expires_in":7200}`},
		"in-client, empty corpid":         {everyWay, login.ViaClient, "code", `{"errcode":0,"corpid":"","userid":"woB"}`},
		"in-client, HTML":                 {everyWay, login.ViaClient, "code", `<!doctype html>`},
		"corp app in-client, {}":          {ofCorp, login.ViaClient, "code", `{}`},
		"corp app in-client, openid":      {ofCorp, login.ViaClient, "code", `{"errcode":0,"openid":"oX"}`},
		"old, {}":                         {everyWay, login.ViaOld, "auth_code", `{}`},
		"old, null":                       {everyWay, login.ViaOld, "auth_code", `null`},
		"old, HTML":                       {everyWay, login.ViaOld, "auth_code", `<!doctype html>`},
		"old, no userid":                  {everyWay, login.ViaOld, "auth_code", `{"usertype":5,"user_info":{},"corp_info":{"corpid":"wpA"}}`},
		"old, no corpid":                  {everyWay, login.ViaOld, "auth_code", `{"usertype":5,"user_info":{"userid":"woB"},"corp_info":{}}`},
		"old, no usertype":                {everyWay, login.ViaOld, "auth_code", `{"user_info":{"userid":"woB"},"corp_info":{"corpid":"wpA"}}`},
		"old, unknown usertype":           {everyWay, login.ViaOld, "auth_code", `{"usertype":6,"user_info":{"userid":"woB"},"corp_info":{"corpid":"wpA"}}`},
		"old, administrator from outside": {everyWay, login.ViaOld, "auth_code", `{"usertype":3,"user_info":{"email":"a@b.example"},"corp_info":{"corpid":"wpA"}}`},
		"old, the corp app":               {ofCorp, login.ViaOld, "code", `{"errcode":0,"openid":"oX"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWebsite(t, nil)
			s.restart(t, c.config(s))
			b := s.browser(t)
			link := b.beginVia(c.via, "/me")
			s.api.allow("good", link, c.answer)
			s.api.codes["good"].raw = true
			a := b.get(back(link, c.param, "good"))
			if session, ok := b.session(); ok || a.status < 400 {
				t.Errorf("%d, session %+v", a.status, session)
			}
			if strings.Contains(name, "outside") && !strings.Contains(a.body, "无法确认你是哪位成员") {
				t.Error("an administrator from outside is not told why")
			}
		})
	}
}

// The user_ticket goes to its one hook, after the person was let in, and nowhere else.
func TestTicketHook(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		answer  string
		turned  error
		via     login.Way
		tickets int
	}{
		{"with a ticket", member + `,"user_ticket":"CANARYTICKET","expires_in":7200`, nil, login.ViaClient, 1},
		{"without", member, nil, login.ViaClient, 0},
		{"turned away", member + `,"user_ticket":"CANARYTICKET","expires_in":7200`, login.ErrNotAllowed, login.ViaClient, 0},
		{"another way", member + `,"user_ticket":"CANARYTICKET","expires_in":7200`, nil, login.ViaLink, 0},
		{"dead on arrival", member + `,"user_ticket":"CANARYTICKET","expires_in":0`, nil, login.ViaClient, 0},
		{"no ticket at all", member + `,"user_ticket":"CANARY TICKET","expires_in":7200`, nil, login.ViaClient, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newWebsite(t, nil)
			tickets, let := 0, false
			s.restart(t, func(config *login.Config) {
				everyWay(s)(config)
				config.OnSignIn = func(context.Context, login.Session) error { let = true; return c.turned }
				config.InClient.OnTicket = func(_ context.Context, session login.Session, ticket site.UserTicket) {
					if tickets++; ticket != "CANARYTICKET" || session.UserID != "woBBBB" || !let {
						t.Errorf("ticket for %+v, let in %v", session, let)
					}
					if shown := fmt.Sprintf("%v %+v %s %q %#v", ticket, site.Identity{UserTicket: ticket}, ticket, ticket, ticket); strings.Contains(shown, "CANARY") {
						t.Errorf("it prints as %s", shown)
					}
				}
			})
			b := s.browser(t)
			link := b.beginVia(c.via, "/me")
			s.api.allow("good", link, c.answer)
			for range 3 {
				b.get(back(link, "code", "good"))
			}
			if _, ok := b.session(); ok != (c.turned == nil) || tickets != c.tickets {
				t.Errorf("session %v, %d tickets, want %d", ok, tickets, c.tickets)
			}
		})
	}
}

// Failures of get_login_info by name.
func TestOldLoginFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want login.Reason
	}{
		{protocol.CodeInvalidCode, login.BadCode},
		{fmt.Errorf("x: %w", protocol.CodeInvalidAuthCode), login.BadCode},
		{protocol.CodeAPIForbidden, login.SwitchedOff},
		{protocol.CodeRedirectURIUnauthorized, login.DomainMismatch},
		{site.ErrIncomplete, login.Incomplete},
		{errors.New("down"), login.Unavailable},
	} {
		s := newWebsite(t, nil)
		restartWith(t, s, func(config *login.Config) {
			everyWay(s)(config)
			config.Old.Provider = informer{err: c.err}
		})
		b := s.browser(t)
		if a := b.get(back(b.beginVia(login.ViaOld, ""), "auth_code", "x")); a.body != "reason="+string(c.want)+"." {
			t.Errorf("%v: %s, want %s", c.err, a.body, c.want)
		}
	}
}

type informer struct {
	info site.LoginInfo
	err  error
}

func (i informer) LoginInfo(context.Context, string) (site.LoginInfo, error) { return i.info, i.err }

// Whatever an informer let through: no session without corpid and userid.
func TestCarelessInformer(t *testing.T) {
	t.Parallel()
	for _, id := range []site.Identity{{}, {CorpID: "a"}, {UserID: "b"}, {OpenID: "o"}, {CorpID: "a", UserID: "b"}} {
		s := newWebsite(t, nil)
		s.restart(t, func(c *login.Config) {
			everyWay(s)(c)
			c.Old.Provider = informer{info: site.LoginInfo{Identity: id, UserType: 5}}
		})
		b := s.browser(t)
		b.get(back(b.beginVia(login.ViaOld, ""), "auth_code", "x"))
		if _, ok := b.session(); ok != (id.CorpID != "" && id.UserID != "") {
			t.Errorf("%+v: session %v", id, ok)
		}
	}
}

func TestConfigOfTheWays(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	for name, c := range map[string]struct {
		base, change func(*login.Config)
		good         bool
	}{
		"every way":                {everyWay(s), onlyLink, true},
		"corp app, every way":      {ofCorp(s), onlyLink, true},
		"no way":                   {without(everyWay(s), login.ViaLink, login.ViaClient, login.ViaOld), onlyLink, false},
		"in-client without app":    {everyWay(s), func(c *login.Config) { c.InClient.AppID = "" }, false},
		"in-client without suite":  {everyWay(s), func(c *login.Config) { c.InClient.Suite = nil }, false},
		"in-client empty":          {everyWay(s), func(c *login.Config) { *c.InClient = login.InClient{} }, false},
		"in-client, login suite":   {everyWay(s), func(c *login.Config) { c.InClient.AppID = suiteID }, false},
		"in-client, other scope":   {everyWay(s), func(c *login.Config) { c.InClient.Scope = "snsapi_login" }, false},
		"in-client, private":       {everyWay(s), func(c *login.Config) { c.InClient.Scope = protocol.ScopePrivateInfo }, true},
		"in-client, http host":     {everyWay(s), func(c *login.Config) { c.InClient.Host = "http://open.example" }, false},
		"in-client, other agent":   {ofCorp(s), func(c *login.Config) { c.InClient.AgentID = "7" }, false},
		"old without app":          {everyWay(s), func(c *login.Config) { c.Old.AppID = "" }, false},
		"old without exchange":     {everyWay(s), func(c *login.Config) { c.Old.Provider = nil }, false},
		"old with two exchanges":   {everyWay(s), func(c *login.Config) { c.Old.Suite = c.Suite }, false},
		"old, provider with agent": {everyWay(s), func(c *login.Config) { c.Old.AgentID = "7" }, false},
		"old, unknown usertype":    {everyWay(s), func(c *login.Config) { c.Old.UserType = "all" }, false},
		"old, administrators":      {everyWay(s), func(c *login.Config) { c.Old.UserType = protocol.UserAdmin }, true},
		"old, http host":           {everyWay(s), func(c *login.Config) { c.Old.Host = "http://open.example" }, false},
		"old, corp with usertype":  {ofCorp(s), func(c *login.Config) { c.Old.UserType = protocol.UserMember }, false},
		"redirect with auth_code":  {everyWay(s), func(c *login.Config) { c.RedirectURI += "?auth_code=x" }, false},
	} {
		config := s.config()
		c.base(&config)
		c.change(&config)
		var before login.InClient
		if config.InClient != nil {
			before = *config.InClient
		}
		if _, err := login.New(config); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if config.InClient != nil && fmt.Sprintf("%+v", before) != fmt.Sprintf("%+v", *config.InClient) {
			t.Errorf("%s: New changed the caller's InClient", name)
		}
	}
}

// The old script's options begin an old sign-in of the corp app, and no other.
func TestOldPanel(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	s.restart(t, ofCorp(s))
	b := s.browser(t)
	w := httptest.NewRecorder()
	p := s.handler.OldPanel(w, httptest.NewRequest(http.MethodGet, s.URL+"/old-panel", nil), login.PanelOptions{Lang: "en", Return: "/me"})
	if p.AppID != corpID || p.AgentID != "1000002" || p.Lang != "en" || p.RedirectURI != url.QueryEscape(s.URL+"/login/finish") {
		t.Errorf("%+v", p)
	}
	u, _ := url.Parse(s.URL)
	b.http.Jar.SetCookies(u, w.Result().Cookies())
	s.api.allow("good", url.Values{"appid": {p.AppID}}, corpMember)
	// The script hands the page the whole address, which it goes to.
	mustLand(b, back(url.Values{"state": {p.State}}, "code", "good", "appid", corpID), "the old script")
	if session, _ := b.session(); session.Way != login.ViaOld || session.UserID != "zhangsan" {
		t.Errorf("%+v", session)
	}
	for name, config := range map[string]func(*login.Config){"a provider's": everyWay(s), "none": onlyLink} {
		s.restart(t, config)
		w := httptest.NewRecorder()
		if p := s.handler.OldPanel(w, httptest.NewRequest(http.MethodGet, s.URL+"/", nil), login.PanelOptions{}); p != (login.OldPanelParams{}) || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	var zero login.Handler
	if p := zero.OldPanel(nil, nil, login.PanelOptions{}); p != (login.OldPanelParams{}) {
		t.Errorf("zero: %+v", p)
	}
}

// Codes, states, tickets and verifiers of the new ways stay out of logs, pages and hooks.
func TestNothingLeaksOfTheWays(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var handed, pages string
	s := newWebsite(t, nil)
	for _, hooks := range []bool{false, true} {
		s.restart(t, func(c *login.Config) {
			everyWay(s)(c)
			c.Log = slog.New(slog.NewTextHandler(&log, nil))
			c.InClient.OnTicket = func(ctx context.Context, session login.Session, _ site.UserTicket) {
				handed += fmt.Sprintf("%+v", session)
			}
			if hooks {
				c.AppPage = func(w http.ResponseWriter, r *http.Request, p *login.AppPage) {
					handed += fmt.Sprint(r.URL, r.RequestURI, r.Form, *p)
				}
				c.ErrorPage = func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
					handed += fmt.Sprint(r.URL, r.RequestURI, r.Form, *f, f.Err)
					w.WriteHeader(f.Status())
				}
			}
		})
		b := s.browser(t)
		old, in := b.beginVia(login.ViaOld, "/me"), b.beginVia(login.ViaClient, "/me")
		pages += b.get(back(old, "auth_code", "CANARY1")).body
		pages += b.get(back(old, "code", "CANARY2")).body
		pages += b.get(back(in, "code", "CANARY3")).body
		pages += b.get(back(in, "auth_code", "CANARY4")).body
		pages += b.get("/login/app?return=/me&code=CANARY5&auth_code=CANARY6&state=" + in.Get("state")).body
		good := b.beginVia(login.ViaClient, "/me")
		s.api.allow("CANARY7", good, member+`,"user_ticket":"CANARYTICKET","expires_in":7200`)
		pages += b.get(back(good, "code", "CANARY7")).body
		for where, text := range map[string]string{"log": log.String(), "page": pages, "hook": handed} {
			for _, secret := range []string{"CANARY", old.Get("state"), in.Get("state"), good.Get("state")} {
				if strings.Contains(text, secret) {
					t.Errorf("%s holds a secret: %s", where, text)
				}
			}
		}
	}
	if !strings.Contains(log.String(), "reason=bad_code") || !strings.Contains(handed, "woBBBB") {
		t.Error("nothing was logged or handed over")
	}
}
