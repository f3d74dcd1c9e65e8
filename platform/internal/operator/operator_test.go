package operator_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/operator"
)

func platform(t *testing.T) (*Platform, *apps.App) {
	t.Helper()
	p := New(t, false)
	links, err := credentials.New(p.DB, p.ShortLived, PhoneURL, p.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	links.Directory, links.Sessions = p.Directory, p.Console.Sessions
	(&operator.Handler{Console: p.Console, Directory: p.Directory, Apps: p.Apps, Credentials: links, Audit: p.Audit, PhoneURL: PhoneURL}).Mount(p.Mux)
	suite, _, err := p.Apps.NewSuite(context.Background(), p.Hills.Row, apps.Suite, "Expenses")
	if err != nil {
		t.Fatal(err)
	}
	return p, suite
}

func TestRights(t *testing.T) {
	t.Parallel()
	p, suite := platform(t)
	may := []string{Operator}
	corp := "/operator/corps/" + p.Galaxy.CorpID
	Rights(t, p, []Path{
		{Method: "GET", Path: "/operator", May: may},
		{Method: "GET", Path: "/operator/corps", May: may},
		{Method: "GET", Path: "/operator/corps/new", May: may},
		{Method: "POST", Path: "/operator/corps", May: may},
		{Method: "GET", Path: corp, May: may},
		{Method: "POST", Path: corp + "/link", May: may},
		{Method: "POST", Path: corp + "/provider", May: may},
		{Method: "GET", Path: "/operator/providers", May: may},
		{Method: "POST", Path: "/operator/providers/" + p.Hills.CorpID + "/old-login", Form: url.Values{"on": {"1"}}, May: may},
		{Method: "POST", Path: "/operator/operators", May: may},
		{Method: "GET", Path: "/operator/suites", May: may},
		{Method: "POST", Path: "/operator/suites/" + suite.SuiteID + "/online", Form: url.Values{"on": {"1"}}, May: may},
	})
}

// What makes a link or a secret needs a fresh proof.
func TestNeedsProof(t *testing.T) {
	t.Parallel()
	p, _ := platform(t)
	b := p.As(Operator, false)
	corp := "/operator/corps/" + p.Galaxy.CorpID
	for path, form := range map[string]url.Values{"/operator/corps": {"name": {"Vega"}, "person": {"Ann"}, "userid": {"ann"}},
		"/operator/operators": nil, "/operator/operators/1/remove": nil, corp + "/link": nil, corp + "/provider": {"brand": {"Galaxy"}}} {
		if got := b.Post(path, form); got.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	if found, err := p.Directory.Corps(context.Background(), "Vega", 0, 1); err != nil || len(found) != 0 {
		t.Errorf("a company was made: %v %v", found, err)
	}
}

func written(t *testing.T, p *Platform, corp int64, action audit.Action) []audit.Shown {
	t.Helper()
	list, _, err := p.Audit.Entries(context.Background(), audit.Query{Corp: corp, Actions: []audit.Action{action}, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var shown = regexp.MustCompile(`<section class="secret"[^>]*>(?s:.*?)<code>([^<]+)</code>`)

// A company is made with a creator who enrols by the link, which is shown once and nowhere
// written down.
func TestCreateCorp(t *testing.T) {
	t.Parallel()
	p, _ := platform(t)
	ctx, b := context.Background(), p.As(Operator, true)
	for name, form := range map[string]url.Values{
		"without a name":    {"person": {"Ann"}, "userid": {"ann"}},
		"without a creator": {"name": {"Vega"}, "userid": {"ann"}},
		"without a userid":  {"name": {"Vega"}, "person": {"Ann"}},
		"with a bad userid": {"name": {"Vega"}, "person": {"Ann"}, "userid": {"安"}},
		"with a long name":  {"name": {strings.Repeat("长", 65)}, "person": {"Ann"}, "userid": {"ann"}},
	} {
		got := b.Post("/operator/corps", form)
		if got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), `aria-invalid="true"`) {
			t.Errorf("%s: %d", name, got.Code)
		}
		for _, typed := range form {
			if !strings.Contains(got.Body.String(), `value="`+typed[0]+`"`) {
				t.Errorf("%s: %q is lost", name, typed[0])
			}
		}
	}
	got := b.Post("/operator/corps", url.Values{"name": {" Vega "}, "person": {"Ann"}, "userid": {"Ann.1"}})
	m := shown.FindStringSubmatch(got.Body.String())
	if got.Code != http.StatusOK || m == nil || !strings.HasPrefix(m[1], PhoneURL+"/phone/enrol/") {
		t.Fatalf("%d, link %q", got.Code, m)
	}
	found, err := p.Directory.Corps(ctx, "Vega", 0, 2)
	if err != nil || len(found) != 1 || found[0].Name != "Vega" || !regexp.MustCompile(`^ww[0-9a-f]{16}$`).MatchString(found[0].CorpID) {
		t.Fatalf("companies %+v %v", found, err)
	}
	member, err := p.Directory.MemberByUserID(ctx, found[0].Row, "ann.1")
	if err != nil || member.Status != directory.NotEnrolled {
		t.Fatalf("creator %+v %v", member, err)
	}
	if admins, err := p.Directory.Admins(ctx, found[0].Row); err != nil || len(admins) != 1 || admins[0].Kind != directory.Creator || admins[0].Member != member.Row {
		t.Errorf("admins %+v %v", admins, err)
	}
	entries := written(t, p, 0, audit.CorpCreated)
	if len(entries) != 1 || entries[0].Name != Operator || !strings.Contains(entries[0].Target, found[0].CorpID) {
		t.Fatalf("log %+v", entries)
	}
	secret := m[1][strings.LastIndex(m[1], "/")+1:]
	if strings.Contains(entries[0].Target+entries[0].Detail, secret) {
		t.Error("the log holds the link")
	}
	again := b.Get("/operator/corps/" + found[0].CorpID)
	if strings.Contains(again.Body.String(), secret) || !strings.Contains(again.Body.String(), "Ann.1") {
		t.Error("the company's page shows the link again, or no creator")
	}
	// Another link while the creator has not enrolled; the older one is void.
	second := b.Post("/operator/corps/"+found[0].CorpID+"/link", nil)
	if m2 := shown.FindStringSubmatch(second.Body.String()); second.Code != http.StatusOK || m2 == nil || m2[1] == m[1] {
		t.Errorf("another link: %d %q", second.Code, m2)
	}
	if len(written(t, p, 0, audit.CreatorLinkMade)) != 1 {
		t.Error("another link is not in the log")
	}
}

// Who has enrolled is beyond the operator's reach (abuse case 16).
func TestNoLinkForWhoHasEnrolled(t *testing.T) {
	t.Parallel()
	p, _ := platform(t)
	got := p.As(Operator, true).Post("/operator/corps/"+p.Galaxy.CorpID+"/link", nil)
	if got.Code != http.StatusUnprocessableEntity || shown.MatchString(got.Body.String()) {
		t.Errorf("%d", got.Code)
	}
	if got := p.As(Operator, true).Post("/operator/corps/ww00000000000000ff/link", nil); got.Code != http.StatusNotFound {
		t.Errorf("of no company: %d", got.Code)
	}
}

func TestAdmitProvider(t *testing.T) {
	t.Parallel()
	p, _ := platform(t)
	ctx, b, path := context.Background(), p.As(Operator, true), "/operator/corps/"+p.Galaxy.CorpID+"/provider"
	if got := b.Post(path, url.Values{"brand": {"  "}}); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a brand: %d", got.Code)
	}
	got := b.Post(path, url.Values{"brand": {"Galaxy Apps"}})
	m := shown.FindStringSubmatch(got.Body.String())
	if got.Code != http.StatusOK || m == nil {
		t.Fatalf("%d", got.Code)
	}
	provider, err := p.Apps.Provider(ctx, p.Galaxy.Row)
	if err != nil || provider.Brand != "Galaxy Apps" || !provider.SecretIs(m[1]) || len(m[1]) != 43 {
		t.Fatalf("provider %+v %v", provider, err)
	}
	entries := written(t, p, 0, audit.ProviderAdmitted)
	if len(entries) != 1 || strings.Contains(entries[0].Detail+entries[0].Target, m[1]) {
		t.Errorf("log %+v", entries)
	}
	// Twice changes nothing, least of all the secret.
	if got := b.Post(path, url.Values{"brand": {"Other"}}); got.Code != http.StatusSeeOther {
		t.Errorf("a second time: %d", got.Code)
	}
	if provider, err = p.Apps.Provider(ctx, p.Galaxy.Row); err != nil || provider.Brand != "Galaxy Apps" || !provider.SecretIs(m[1]) {
		t.Errorf("after a second time %+v %v", provider, err)
	}
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	p, suite := platform(t)
	ctx, b := context.Background(), p.As(Operator, false)
	old := "/operator/providers/" + p.Hills.CorpID + "/old-login"
	for _, on := range []bool{false, true} {
		value := map[bool]string{true: "1", false: "0"}[on]
		if got := b.Post(old, url.Values{"on": {value}}); got.Code != http.StatusSeeOther {
			t.Errorf("old login %v: %d", on, got.Code)
		}
		if provider, err := p.Apps.Provider(ctx, p.Hills.Row); err != nil || provider.OldLogin != on {
			t.Errorf("old login is %+v, want %v (%v)", provider, on, err)
		}
	}
	if len(written(t, p, 0, audit.OldLoginOff)) != 1 || len(written(t, p, 0, audit.OldLoginOn)) != 1 {
		t.Error("the switch of the old login is not in the log")
	}
	if err := p.Apps.SetSubmitted(ctx, suite.Row, true); err != nil {
		t.Fatal(err)
	}
	if home := b.Get("/operator"); !strings.Contains(home.Body.String(), suite.SuiteID) {
		t.Error("what was submitted is not on the first page")
	}
	online := "/operator/suites/" + suite.SuiteID + "/online"
	for _, on := range []bool{true, false} {
		if got := b.Post(online, url.Values{"on": {map[bool]string{true: "1", false: "0"}[on]}}); got.Code != http.StatusSeeOther {
			t.Errorf("online %v: %d", on, got.Code)
		}
		if a, err := p.Apps.App(ctx, suite.Row); err != nil || a.Online != on || a.Submitted {
			t.Errorf("online is %+v, want %v (%v)", a, on, err)
		}
	}
	if len(written(t, p, 0, audit.SuiteOnline)) != 1 || len(written(t, p, p.Hills.Row, audit.SuiteOffline)) != 1 {
		t.Error("the platform's log or the provider's lacks the switch")
	}
	for _, path := range []string{"/operator/providers/" + p.Galaxy.CorpID + "/old-login", "/operator/suites/ww00000000000000ff/online"} {
		if got := b.Post(path, url.Values{"on": {"1"}}); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}

// Lists are searched and paged.
func TestLists(t *testing.T) {
	t.Parallel()
	p, suite := platform(t)
	b := p.As(Operator, false)
	for path, want := range map[string][2]string{
		"/operator/corps?q=GALAX":     {p.Galaxy.CorpID, p.Hills.CorpID},
		"/operator/providers?q=hills": {p.Hills.CorpID, p.Galaxy.CorpID},
		"/operator/suites?q=expense":  {suite.SuiteID, p.Galaxy.CorpID},
	} {
		page := b.Get(path).Body.String()
		if !strings.Contains(page, want[0]) || strings.Contains(page, want[1]) {
			t.Errorf("%s finds the wrong ones", path)
		}
	}
	if page := b.Get("/operator/corps?q=%25").Body.String(); strings.Contains(page, p.Galaxy.CorpID) {
		t.Error("a percent sign finds everything")
	}
	for _, path := range []string{"/operator/corps?after=x&q=" + strings.Repeat("%E4%B8%AD", 90), "/operator/suites?from=-1", "/operator/suites?from=99999999999999999999"} {
		if got := b.Get(path); got.Code != http.StatusOK {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}

// An operator makes another, who can be removed again; nobody removes themselves.
func TestOperators(t *testing.T) {
	t.Parallel()
	p, _ := platform(t)
	ctx, b := context.Background(), p.As(Operator, true)
	m := shown.FindStringSubmatch(b.Post("/operator/operators", nil).Body.String())
	if m == nil || !strings.HasPrefix(m[1], PhoneURL+"/phone/enrol/") {
		t.Fatalf("link %q", m)
	}
	links, err := credentials.New(p.DB, p.ShortLived, PhoneURL, p.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	links.Directory, links.Sessions = p.Directory, p.Console.Sessions
	person, err := links.SetUp(ctx, strings.TrimPrefix(m[1], PhoneURL+"/phone/enrol/"),
		credentials.Choice{Name: "Ann", Account: "ann", Password: "a long enough password"})
	if err != nil {
		t.Fatal(err)
	}
	if is, err := p.Directory.IsOperator(ctx, person.Row); err != nil || !is {
		t.Fatalf("not an operator: %v", err)
	}
	path := "/operator/operators/" + strconv.FormatInt(person.Row, 10) + "/remove"
	for _, who := range []string{Creator, System, Member, ForeignAdmin} {
		if got := p.As(who, true).Post(path, nil).Code; got != http.StatusForbidden {
			t.Errorf("%s: %d", who, got)
		}
	}
	remove := func(row int64) int {
		return b.Post("/operator/operators/"+strconv.FormatInt(row, 10)+"/remove", nil).Code
	}
	if got := remove(p.Person[Operator]); got != http.StatusNotFound {
		t.Errorf("oneself: %d", got)
	}
	if got := remove(p.Person[Creator]); got != http.StatusNotFound {
		t.Errorf("who is none: %d", got)
	}
	if got := remove(person.Row); got != http.StatusSeeOther {
		t.Errorf("another: %d", got)
	}
	if list, err := p.Directory.Operators(ctx); err != nil || len(list) != 1 || list[0].Row != p.Person[Operator] {
		t.Errorf("%v %v", list, err)
	}
	if len(written(t, p, 0, audit.OperatorLinkMade)) != 1 || len(written(t, p, 0, audit.OperatorRemoved)) != 1 {
		t.Error("not on record")
	}
}
