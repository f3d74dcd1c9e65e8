package login_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// sandbox is a website on the real platform.
type sandbox struct {
	*platformtest.Platform
	*website
	tickets []site.UserTicket
	client  *site.Client
}

func startSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{website: &website{clock: newClock()}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		mux := s.mux
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Server.Close)
	origin := s.Server.URL
	s.Platform = platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{Origin: origin}})
	s.client = site.New(site.Config{API: s.Platform.URL(), Now: s.Now})
	return s
}

func (s *sandbox) suite(id, secret string) *site.Suite {
	return s.client.Suite(id, secret, site.TicketFunc(func(_ context.Context, suiteID string) (string, error) {
		var answer struct {
			Ticket string `json:"suite_ticket"`
		}
		s.Control("GET", "/suites/"+suiteID+"/ticket", nil, &answer)
		return answer.Ticket, nil
	}))
}

// run restarts the site with the provider's apps or the company's own.
func (s *sandbox) run(t *testing.T, corp bool, scope string) {
	t.Helper()
	d := s.Sample
	onTicket := func(_ context.Context, _ login.Session, ticket site.UserTicket) {
		s.tickets = append(s.tickets, ticket)
	}
	c := login.Config{
		Suite: s.suite(d.LoginSuiteID, d.LoginSuiteSecret), AppID: d.LoginSuiteID,
		RedirectURI: s.Server.URL + "/login/finish", LoginHost: s.PublicURL(), PKCE: true, Keys: testKeys, Now: s.Now,
		InClient: &login.InClient{Suite: s.suite(d.SuiteID, d.SuiteSecret), AppID: d.SuiteID, Host: s.PublicURL(), Scope: scope, OnTicket: onTicket},
		Old:      &login.OldLogin{Provider: s.client.Provider(d.ProviderCorpID, d.ProviderSecret), AppID: d.ProviderCorpID, Host: s.PublicURL()},
	}
	if corp {
		c.Suite, c.AppID, c.AgentID = s.client.CorpApp(d.CorpID, d.CorpSecret), d.CorpID, strconv.FormatInt(d.AgentID, 10)
		c.InClient = &login.InClient{Host: s.PublicURL(), Scope: scope, OnTicket: onTicket}
		c.Old = &login.OldLogin{Host: s.PublicURL()}
	}
	c.ErrorPage = func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
		w.WriteHeader(f.Status())
		fmt.Fprintf(w, "reason=%s. %v", f.Reason, f.Err)
	}
	h, err := login.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.use(h)
}

// phone is a browser in which the sample's member is signed in to the phone.
func (s *sandbox) phone(t *testing.T) *platformtest.Console {
	t.Helper()
	b := s.Browser()
	if a := b.Send("POST", s.PublicURL()+"/phone/sign-in", url.Values{"person": {s.Sample.CorpID + "/" + s.Sample.Member}, "next": {"/phone"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("phone: %d %.200s", a.Status, a.Body)
	}
	return b
}

// open opens an in-client link as a browser does that follows one on a page at referer.
func open(phone *platformtest.Console, link, referer string) platformtest.Page {
	site := "cross-site"
	if referer == "" {
		site = "none"
	}
	link, _, _ = strings.Cut(link, "#")
	return phone.Send("GET", link, nil, "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", site, "Referer", referer)
}

// answer answers the page that asks and returns the way back to the site.
func (s *sandbox) answer(t *testing.T, phone *platformtest.Console, page platformtest.Page, decision string, details ...string) string {
	t.Helper()
	if page.Status != http.StatusOK {
		t.Fatalf("not asked: %d to %q %.300s", page.Status, page.To(), page.Body)
	}
	var ask struct {
		CSRF      string `json:"csrf"`
		DecideURL string `json:"decide_url"`
	}
	page.Decode(t, &ask)
	a := phone.Send("POST", s.PublicURL()+ask.DecideURL, url.Values{"csrf": {ask.CSRF}, "decision": {decision}, "detail": details})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%s: %d %.300s", decision, a.Status, a.Body)
	}
	return s.path(t, a.To())
}

// path is the path and query of an address of the site.
func (s *sandbox) path(t *testing.T, address string) string {
	t.Helper()
	path, ok := strings.CutPrefix(strings.TrimSuffix(address, "#"), s.Server.URL)
	if !ok {
		t.Fatalf("led to %q, which is not the site", address)
	}
	return path
}

// Inside the client on the real platform: asked once, silent after, for a provider's
// installed app and for a corp app.
func TestInClientOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	d := s.Sample
	for _, c := range []struct {
		corp bool
		want login.Session
	}{
		{false, login.Session{AppID: d.SuiteID, CorpID: d.OpenCorpID, UserID: d.OpenUserID, OpenUserID: d.OpenUserID}},
		{true, login.Session{AppID: d.CorpID, CorpID: d.CorpID, UserID: d.Member}},
	} {
		s.run(t, c.corp, "")
		phone := s.phone(t)
		referer := s.Server.URL + "/"
		own, other := s.browser(t), s.browser(t)

		// The first time the member is asked; a refusal is told, and asked about again.
		link := own.getAs(wecomAndroid, "/login?return=/me").location
		refused := s.answer(t, phone, open(phone, link, referer), "refuse")
		if a := own.getAs(wecomAndroid, refused); a.status != http.StatusOK || !strings.Contains(a.body, "reason=refused.") {
			t.Errorf("refused: %d %s", a.status, a.body)
		}
		path := s.answer(t, phone, open(phone, link, referer), "confirm")
		if a := other.get(path); a.status != http.StatusForbidden {
			t.Errorf("in another browser: %d %s", a.status, a.body)
		}
		for range 2 {
			mustLand(own, path, "asked")
		}
		got, _ := own.session()
		c.want.ID, c.want.IssuedAt, c.want.Expires, c.want.Way = got.ID, got.IssuedAt, got.Expires, login.ViaClient
		if got != c.want {
			t.Errorf("session %+v\nwant    %+v", got, c.want)
		}
		if a := other.get(path); a.status != http.StatusForbidden {
			t.Errorf("the used callback in another browser: %d", a.status)
		}

		// From then on one request to the platform, and no page.
		for _, from := range []string{referer, ""} {
			silent := open(phone, own.getAs(wecomAndroid, "/login?return=/me").location, from)
			if silent.Status != http.StatusFound {
				t.Fatalf("from %q it asked again: %d", from, silent.Status)
			}
			mustLand(own, s.path(t, silent.To()), "silent")
		}
		// A foreign page's link asks: the Referer is the foreign page's.
		if a := open(phone, own.getAs(wecomAndroid, "/login").location, "https://evil.example/"); a.Status != http.StatusOK {
			t.Errorf("from a foreign page it was silent: %d", a.Status)
		}

		// Case 13: somebody else's fresh code with one's own state; PKCE says no.
		silent := open(phone, own.getAs(wecomAndroid, "/login").location, referer)
		u, err := url.Parse(silent.To())
		if err != nil {
			t.Fatal(err)
		}
		theirs := other.beginVia(login.ViaClient, "/me")
		a := other.get(back(theirs, "code", u.Query().Get("code")))
		if _, ok := other.session(); ok || !strings.Contains(a.body, "reason=bad_code.") {
			t.Errorf("a foreign code: %d %s", a.status, a.body)
		}
		// The same code at a state of the login page: another app's, or another sign-in's.
		atLink := other.beginVia(login.ViaLink, "/me")
		a = other.get(back(atLink, "code", u.Query().Get("code")))
		if _, ok := other.session(); ok {
			t.Errorf("an in-client code ended a sign-in of the login page: %d %s", a.status, a.body)
		}
	}
	if len(s.tickets) != 0 {
		t.Error("snsapi_base brought a user_ticket")
	}
}

// What a member agrees to show comes with a user_ticket, and only that.
func TestDetailsOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	d := s.Sample
	s.run(t, false, protocol.ScopePrivateInfo)
	phone, own := s.phone(t), s.browser(t)
	begin := func() platformtest.Page {
		return open(phone, own.getAs(wecomAndroid, "/login?return=/me").location, s.Server.URL+"/")
	}
	mustLand(own, s.answer(t, phone, begin(), "confirm", "gender"), "with details")
	if len(s.tickets) != 1 {
		t.Fatalf("%d tickets", len(s.tickets))
	}
	suite := s.suite(d.SuiteID, d.SuiteSecret)
	detail, err := suite.UserDetail(t.Context(), s.tickets[0])
	if err != nil || detail.CorpID != d.OpenCorpID || detail.UserID != d.OpenUserID || detail.Gender == "0" || detail.Mobile != "" {
		t.Errorf("%+v %v", detail, err)
	}
	if _, err := suite.UserDetail(t.Context(), s.tickets[0]); err != nil {
		t.Errorf("a second time: %v", err)
	}
	mustLand(own, s.answer(t, phone, begin(), "confirm"), "nothing ticked") // asked although agreed before
	if detail, err := suite.UserDetail(t.Context(), s.tickets[1]); err != nil || detail.Gender != "0" {
		t.Errorf("%+v %v", detail, err)
	}

	s.run(t, true, protocol.ScopePrivateInfo)
	mustLand(own, s.answer(t, phone, begin(), "confirm", "mobile"), "corp app")
	app := s.client.CorpApp(d.CorpID, d.CorpSecret)
	corp, err := app.UserDetail(t.Context(), s.tickets[2])
	if err != nil || corp.UserID != d.Member || corp.Mobile == "" || corp.Email != "" {
		t.Errorf("%+v %v", corp, err)
	}
	// A ticket of one app opens nothing at another.
	if detail, err := app.UserDetail(t.Context(), s.tickets[0]); err == nil {
		t.Errorf("the suite's ticket at the corp app: %+v", detail)
	}
	if detail, err := suite.UserDetail(t.Context(), s.tickets[2]); err == nil {
		t.Errorf("the corp app's ticket at the suite: %+v", detail)
	}
	s.Advance(7201e9)
	if _, err := suite.UserDetail(t.Context(), s.tickets[0]); err == nil {
		t.Error("a ticket past its life opened something")
	}
}

// The old pages on the real platform.
func TestOldLoginOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	d := s.Sample
	for _, c := range []struct {
		corp  bool
		param string
		want  login.Session
	}{
		{false, "auth_code", login.Session{AppID: d.ProviderCorpID, CorpID: d.OpenCorpID, UserID: d.OpenUserID, OpenUserID: d.OpenUserID, UserType: 5}},
		{true, "code", login.Session{AppID: d.CorpID, CorpID: d.CorpID, UserID: d.Member}},
	} {
		s.run(t, c.corp, "")
		own, other := s.browser(t), s.browser(t)
		sign := func(b *browser, decision string) string {
			t.Helper()
			u, err := url.Parse(b.getAs(desktop, "/login?return=/me&via=old", "Referer", s.Server.URL+"/").location)
			if err != nil {
				t.Fatal(err)
			}
			page := s.OpenOld(u.Path, u.Query())
			if page.QRKey == "" {
				t.Fatalf("%s: %d %.500s", u.Path, page.Status, page.Body)
			}
			if status := s.Control("POST", decision, map[string]string{"qr": page.OldQR(), "member": d.CorpID + "/" + d.Member}, nil); status != http.StatusOK {
				t.Fatalf("%s: %d", decision, status)
			}
			return s.path(t, page.Wait(protocol.QRScanning).RedirectURL)
		}
		path := sign(own, "/confirm")
		if u, _ := url.Parse(path); u.Query().Get(c.param) == "" || u.Query().Get("state") == "" || u.Query().Get("appid") == "" {
			t.Errorf("callback %v", u.Query())
		}
		if a := other.get(path); a.status != http.StatusForbidden {
			t.Errorf("in another browser: %d", a.status)
		}
		for range 2 {
			mustLand(own, path, "old login")
		}
		got, _ := own.session()
		c.want.ID, c.want.IssuedAt, c.want.Expires, c.want.Way = got.ID, got.IssuedAt, got.Expires, login.ViaOld
		if got != c.want {
			t.Errorf("session %+v\nwant    %+v", got, c.want)
		}
		// The code is spent, for every state.
		u, _ := url.Parse(path)
		again := other.beginVia(login.ViaOld, "/me")
		if a := other.get(back(again, c.param, u.Query().Get(c.param))); !strings.Contains(a.body, "reason=bad_code.") {
			t.Errorf("the used code again: %d %s", a.status, a.body)
		}
		if a := own.get(sign(own, "/refuse")); !strings.Contains(a.body, "reason=refused.") {
			t.Errorf("refused: %d %s", a.status, a.body)
		}
	}
}
