package platform_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// form is one POST route, as its own page would send it.
type form struct {
	path   string // pattern
	as     func(*world) *platformtest.Console
	fields url.Values
	// own fills places of the path otherwise than the world does, and fields that only a
	// running platform knows; before anything is compared.
	own   func(*world) (places map[string]string, fields url.Values)
	query func(*world) string
	file  [3]string // field, name and content of a file
	// foreign are fields of others, one at a time, which must not be found.
	foreign url.Values
	// keeps says that the proper form changes no table: it shows or begins something.
	keeps bool
	// unsigned says that the form is sent by who has no session, so that there is no csrf; why
	// is what holds it instead.
	unsigned string
	// stays says that the path's foreign values are tested elsewhere, and where.
	stays string
}

func creator(w *world) *platformtest.Console  { return w.creator }
func operator(w *world) *platformtest.Console { return w.operator }
func staff(w *world) *platformtest.Console    { return w.provider }
func member(w *world) *platformtest.Console   { return w.member }

// place makes an own function that fills one place of the path.
func place(name string, value func(*world) string) func(*world) (map[string]string, url.Values) {
	return func(w *world) (map[string]string, url.Values) { return map[string]string{name: value(w)}, nil }
}

// opensAs is the row of the member as which world.member opens the sample suite.
func opensAs(w *world) string {
	return w.text(fmt.Sprintf(`SELECT m.id FROM members m JOIN installations i ON i.corp_id = m.corp_id
		WHERE m.person_id = (SELECT id FROM persons WHERE account = 'lixi') AND i.app_id = %d ORDER BY m.id LIMIT 1`, w.Sample.SuiteRow))
}

func ownAgent(w *world) string { return w.own["own"] }

// newMember makes a member of the sample company and answers its row.
func newMember(userid string) func(*world) string {
	return func(w *world) string {
		a := w.creator.Post("/admin/"+w.Sample.CorpID+"/contacts/members", url.Values{"userid": {userid}, "name": {"新人"}, "main": {"3"}})
		w.see(a)
		return a.To()[strings.LastIndex(a.To(), "/")+1:]
	}
}

func ofProvider(w *world) (map[string]string, url.Values) {
	return map[string]string{"corp": w.Sample.ProviderCorpID}, nil
}

const (
	held     = "the browser's cookie and the page's signature"
	linkHeld = "the link's secret"
)

// forms are all forms, in an order in which each still finds what it needs.
var forms = []form{
	// The consoles' own.
	{path: "/console/sign-in/wait", unsigned: held, keeps: true},
	{path: "/console/sign-in/renew", unsigned: held, keeps: true},
	{path: "/console/sign-in/collect", unsigned: held, keeps: true},
	{path: "/console/sign-in/pick", unsigned: held, keeps: true},
	{path: "/console/enter", unsigned: held, keeps: true},
	{path: "/console/prove", as: creator, keeps: true},

	// Apps, while they are still installed.
	{path: "/phone/workbench/open", as: member, keeps: true, own: func(w *world) (map[string]string, url.Values) {
		return nil, url.Values{"app": {fmt.Sprint(w.Sample.SuiteRow)}, "as": {opensAs(w)}}
	}, foreign: url.Values{"as": {"{zhangwei}"}, "app": {"{loginsuite}"}}},
	{path: "/connect/oauth2/authorize", as: member, fields: url.Values{"decision": {"confirm"}}, query: func(w *world) string {
		return "?" + url.Values{"appid": {w.Sample.SuiteID}, "redirect_uri": {platformtest.Origin + "/callback"}, "response_type": {"code"},
			"scope": {"snsapi_base"}, "as": {opensAs(w)}}.Encode()
	}},

	// Operator.
	{path: "/operator/operators", as: operator, stays: "a link, and nothing else"},
	{path: "/operator/operators/{person}/remove", as: operator, own: place("person", func(w *world) string {
		w.Browser().Enrol(w.linkFor(w.operator, "/operator/operators"), "second.operator", "a long enough password")
		return w.text(`SELECT id FROM persons WHERE account = 'second.operator'`)
	})},
	{path: "/operator/corps", as: operator, fields: url.Values{"name": {"新公司"}, "person": {"老板"}, "userid": {"boss"}}},
	{path: "/operator/corps/{corp}/link", as: operator, own: place("corp", func(w *world) string {
		w.operator.Post("/operator/corps", url.Values{"name": {"又一家"}, "person": {"老板"}, "userid": {"boss"}})
		return w.text(`SELECT corpid FROM corps WHERE name = '又一家'`)
	})},
	{path: "/operator/corps/{corp}/provider", as: operator, fields: url.Values{"brand": {"新服务商"}}},
	{path: "/operator/providers/{corp}/old-login", as: operator, own: ofProvider, fields: url.Values{"on": {"0"}}},
	{path: "/operator/suites/{suite}/online", as: operator, fields: url.Values{"on": {"0"}}, stays: "an operator's are all suites"},
	{path: "/operator/audit/export", as: operator, keeps: true},

	// Company: number match, address book.
	{path: "/admin/{corp}/number", as: creator, fields: url.Values{"on": {"0"}}},
	{path: "/admin/{corp}/contacts/export", as: creator, keeps: true},
	{path: "/admin/{corp}/contacts/members", as: creator, fields: url.Values{"userid": {"new1"}, "name": {"新人"}, "main": {"2"}},
		foreign: url.Values{"main": {"77"}, "department": {"77"}}},
	{path: "/admin/{corp}/contacts/members/{member}", as: creator, fields: url.Values{"userid": {"zhangwei"}, "name": {"张伟二"}, "main": {"2"}},
		foreign: url.Values{"main": {"77"}, "department": {"77"}}},
	{path: "/admin/{corp}/contacts/members/{member}/disable", as: creator},
	{path: "/admin/{corp}/contacts/members/{member}/enable", as: creator},
	{path: "/admin/{corp}/contacts/members/{member}/link", as: creator, own: place("member", newMember("new2"))},
	{path: "/admin/{corp}/contacts/members/{member}/remove", as: creator, own: place("member", newMember("new3"))},
	{path: "/admin/{corp}/contacts/departments", as: creator, fields: url.Values{"name": {"新部门"}, "parent": {"1"}}, foreign: url.Values{"parent": {"77"}}},
	{path: "/admin/{corp}/contacts/departments/{number}", as: creator, fields: url.Values{"name": {"二车间"}, "parent": {"2"}},
		foreign: url.Values{"parent": {"77"}}},
	{path: "/admin/{corp}/contacts/departments/{number}/remove", as: creator, own: place("number", func(w *world) string {
		w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/contacts/departments", url.Values{"name": {"空部门"}, "parent": {"1"}}))
		return w.text(`SELECT number FROM departments WHERE name = '空部门'`)
	})},
	{path: "/admin/{corp}/contacts/import", as: creator, file: [3]string{"file", "m.csv", "姓名,账号,部门\n乙,yi,\n"}},
	{path: "/admin/{corp}/contacts/imports/{import}/start", as: creator},
	{path: "/admin/{corp}/contacts/imports/{import}/cancel", as: creator, own: place("import", func(w *world) string {
		w.see(w.creator.SendFile("/admin/"+w.Sample.CorpID+"/contacts/import", url.Values{"csrf": {w.creator.CSRF}}, "file", "c.csv", "姓名,账号,部门\n丙,bing,\n"))
		return w.text(`SELECT MAX(id) FROM imports WHERE name = 'c.csv'`)
	})},

	// Company: administrators.
	{path: "/admin/{corp}/admins", as: creator, fields: url.Values{"kind": {"4"}, "userid": {"zhaolei"}, "department": {"4"}},
		foreign: url.Values{"userid": {"heqing"}, "department": {"77"}, "app-{hillsapp}": {"manage"}, "kind": {"1"}}},
	{path: "/admin/{corp}/admins/{admin}", as: creator, fields: url.Values{"kind": {"4"}, "department": {"2"}, "write": {"2"}},
		foreign: url.Values{"department": {"77"}, "app-{hillsapp}": {"manage"}, "kind": {"1"}}},
	{path: "/admin/{corp}/admins/{admin}/link", as: creator, own: place("admin", func(w *world) string {
		w.creator.Post("/admin/"+w.Sample.CorpID+"/admins", url.Values{"kind": {"3"}, "name": {"外部"}})
		return w.text(`SELECT a.id FROM admins a JOIN persons p ON p.id = a.person_id WHERE p.name = '外部'`)
	})},
	{path: "/admin/{corp}/admins/{admin}/remove", as: creator},

	// Company: apps.
	{path: "/admin/{corp}/apps/{agent}/range", as: creator, fields: url.Values{"department": {"2"}},
		foreign: url.Values{"department": {"77"}, "member": {"heqing"}}},
	{path: "/admin/{corp}/apps/{agent}/plain-ids", as: creator, fields: url.Values{"on": {"1"}}},
	{path: "/admin/{corp}/apps/{agent}/business", as: creator, keeps: true},
	{path: "/admin/{corp}/apps/{agent}/uninstall", as: creator},
	{path: "/admin/{corp}/market/{suite}/install", as: creator, fields: url.Values{"department": {"2"}},
		own: place("suite", func(w *world) string {
			w.operator.Post("/operator/suites/"+w.Sample.SuiteID+"/online", url.Values{"on": {"1"}})
			return w.Sample.SuiteID
		}), foreign: url.Values{"department": {"77"}, "member": {"heqing"}}, stays: "the market is open to all; platform/internal/admin/appcenter"},
	{path: "/3rdapp/install", as: staff, own: func(w *world) (map[string]string, url.Values) {
		f := w.installLink()
		f.Set("corp", w.Sample.ProviderCorpID)
		f.Set("department", "1")
		return nil, f
	}, foreign: url.Values{"corp": {"{hillscorp}"}, "department": {"77"}, "member": {"heqing"}}},
	{path: "/admin/{corp}/own-apps", as: creator, fields: url.Values{"name": {"又一个"}}},
	{path: "/admin/{corp}/own-apps/{agent}/name", as: creator, own: place("agent", ownAgent), fields: url.Values{"name": {"改名"}}},
	{path: "/admin/{corp}/own-apps/{agent}/home", as: creator, own: place("agent", ownAgent), fields: url.Values{"home": {"https://new.example.com/"}}},
	{path: "/admin/{corp}/own-apps/{agent}/domains", as: creator, own: place("agent", ownAgent), fields: url.Values{"trusted": {"new.example.com"}}},
	{path: "/admin/{corp}/own-apps/{agent}/secret", as: creator, own: place("agent", ownAgent)},
	{path: "/admin/{corp}/own-apps/{agent}/state", as: creator, own: place("agent", ownAgent), fields: url.Values{"on": {"0"}}},
	{path: "/admin/{corp}/own-apps/{agent}/range", as: creator, own: place("agent", ownAgent), fields: url.Values{"department": {"2"}},
		foreign: url.Values{"department": {"77"}, "member": {"heqing"}}},
	{path: "/admin/{corp}/own-apps/{agent}/remove", as: creator, own: place("agent", ownAgent)},
	{path: "/admin/{corp}/sign-ins/export", as: creator, keeps: true},
	{path: "/admin/{corp}/audit/export", as: creator, keeps: true},

	// Provider.
	{path: "/provider/{corp}/brand", as: staff, own: ofProvider, fields: url.Values{"brand": {"新品牌"}}},
	{path: "/provider/{corp}/brand/logo", as: staff, own: ofProvider, file: [3]string{"logo", "x.png", "no picture"}, keeps: true},
	{path: "/provider/{corp}/brand/networks", as: staff, own: ofProvider, fields: url.Values{"networks": {"203.0.113.0/24"}}},
	{path: "/provider/{corp}/general/secret", as: staff, own: ofProvider},
	{path: "/provider/{corp}/general/callback", as: staff, own: ofProvider, fields: url.Values{"url": {"http://127.0.0.1:1/e"}, "token": {"token1"},
		"key": {strings.Repeat("abcDEF0", 6) + "A"}, "anyway": {"1"}}},
	{path: "/provider/{corp}/general/check", as: staff, own: ofProvider, keeps: true},
	{path: "/provider/{corp}/login", as: staff, own: ofProvider, keeps: true}, // there already
	{path: "/provider/{corp}/login/switch", as: staff, own: ofProvider, fields: url.Values{"on": {"0"}}},
	{path: "/provider/{corp}/login/development", as: staff, own: ofProvider, fields: url.Values{"development": {"http://localhost:4321"}}},
	{path: "/provider/{corp}/login/domains", as: staff, own: ofProvider, fields: url.Values{"domains": {"new.example.com"}}},
	{path: "/provider/{corp}/login/callback", as: staff, own: ofProvider, fields: url.Values{"url": {"http://127.0.0.1:1/e"}, "token": {"token1"},
		"key": {strings.Repeat("abcDEF0", 6) + "A"}, "anyway": {"1"}}},
	{path: "/provider/{corp}/login/secret", as: staff, own: ofProvider},
	{path: "/provider/{corp}/login/check", as: staff, own: ofProvider, keeps: true},
	{path: "/provider/{corp}/login/ticket", as: staff, own: ofProvider, keeps: true},
	{path: "/provider/{corp}/domain/check", as: staff, own: ofProvider, fields: url.Values{"domain": {"new.example.com"}}, keeps: true,
		foreign: url.Values{"domain": {"evil.example", "127.0.0.1:1"}}},
	{path: "/provider/{corp}/pushes/{event}/again", as: staff, own: ofProvider, keeps: true},
	{path: "/provider/{corp}/suites", as: staff, own: ofProvider, fields: url.Values{"name": {"新应用"}}},
	{path: "/provider/{corp}/suites/{suite}/profile", as: staff, own: ofProvider, fields: url.Values{"name": {"改名"}, "about": {"x"}, "home": {"https://new.example.com/"}}},
	{path: "/provider/{corp}/suites/{suite}/logo", as: staff, own: ofProvider, file: [3]string{"logo", "x.png", "no picture"}, keeps: true},
	{path: "/provider/{corp}/suites/{suite}/business", as: staff, own: ofProvider, fields: url.Values{"business": {"https://new.example.com/b"}}},
	{path: "/provider/{corp}/suites/{suite}/domains", as: staff, own: ofProvider, fields: url.Values{"domains": {"new.example.com"}}},
	{path: "/provider/{corp}/suites/{suite}/sensitive", as: staff, own: ofProvider, fields: url.Values{"on": {"0"}}},
	{path: "/provider/{corp}/suites/{suite}/secret", as: staff, own: ofProvider},
	{path: "/provider/{corp}/suites/{suite}/callback", as: staff, own: ofProvider, fields: url.Values{"url": {"http://127.0.0.1:1/e"},
		"data_url": {"http://127.0.0.1:1/d"}, "token": {"token1"}, "key": {strings.Repeat("abcDEF0", 6) + "A"}, "anyway": {"1"}}},
	{path: "/provider/{corp}/suites/{suite}/check", as: staff, own: ofProvider, keeps: true},
	{path: "/provider/{corp}/suites/{suite}/ticket", as: staff, own: ofProvider, keeps: true},
	{path: "/provider/{corp}/suites/{suite}/offline", as: staff, own: ofProvider},
	{path: "/provider/{corp}/suites/{suite}/submit", as: staff, own: ofProvider},
	{path: "/provider/{corp}/suites/{suite}/withdraw", as: staff, own: ofProvider},

	// Phone.
	{path: "/phone/sign-in", unsigned: "account and password", keeps: true},
	{path: "/phone/sign-in/passkey", unsigned: "a passkey's challenge", keeps: true},
	{path: "/phone/enrol/{secret}/passkey", unsigned: linkHeld, keeps: true},
	{path: "/phone/enter/{id}/passkey", unsigned: "a passkey's challenge", keeps: true},
	{path: "/phone/enter/{id}", as: member, own: place("id", func(w *world) string {
		to := w.creator.Post("/console/prove", nil).To()
		return to[strings.LastIndex(to, "/")+1:]
	}), fields: url.Values{"person": {"{creator}"}}, keeps: true, stays: "a handoff is nobody's: platform/internal/phone/enter_test.go"},
	{path: "/phone/enrol/{secret}", as: member, own: place("secret", func(w *world) string { return w.enrolment("new4") }),
		fields: url.Values{"account": {"newaccount"}, "password": {"correct horse"}, "confirm": {"correct horse"}},
		stays:  "who holds the link may; it signs the person in, so it runs in a browser of its own"},
	{path: "/phone/enrol/{secret}/join", as: func(w *world) *platformtest.Console { return w.joiner },
		own: place("secret", func(w *world) string { return w.enrolment("new5") }), stays: "who holds the link may"},
	{path: "/q/{key}/scan", as: member, own: place("key", func(w *world) string { return w.scanned(nil) }), keeps: true, stays: "abuse case 7"},
	{path: "/q/{key}/choose", as: member, own: place("key", func(w *world) string { return w.scanned(w.member) }), keeps: true, stays: "abuse case 7"},
	{path: "/q/{key}/decide", as: member, query: func(w *world) string {
		return "?as=" + w.text(`SELECT id FROM members WHERE userid = 'linxi'`)
	}, own: place("key", func(w *world) string { return w.scanned(w.member) }), fields: url.Values{"decision": {"confirm"}}, stays: "abuse case 7"},
	{path: "/q/{key}/report", as: member, own: place("key", func(w *world) string { return w.scanned(w.member) }), keeps: true, stays: "abuse case 7"},
	{path: "/phone/open", as: member, keeps: true},
	{path: "/phone/prove", as: member, keeps: true},
	{path: "/phone/prove/passkey", as: member, keeps: true},
	{path: "/phone/account/passkey", as: member, keeps: true},
	{path: "/phone/account/passkey/begin", as: member, keeps: true},
	{path: "/phone/account/passkey/{id}/rename", as: member, fields: url.Values{"name": {"renamed"}}},
	{path: "/phone/account/passkey/{id}/remove", as: member},
	{path: "/phone/account/site/withdraw", as: member, own: func(w *world) (map[string]string, url.Values) {
		return nil, url.Values{"site": {w.text(`SELECT member_id || '.' || app_id FROM consents LIMIT 1`)}}
	}, foreign: url.Values{"site": {"1.1", "{zhangwei}.{loginsuite}"}}},
	{path: "/phone/account/device/{id}/end", as: member, keeps: true, own: place("id", func(w *world) string {
		w.phone(w.number(`SELECT id FROM persons WHERE account = 'lixi'`)) // another one
		return w.text(`SELECT MAX(id) FROM devices WHERE part = 'phone' AND person_id = (SELECT id FROM persons WHERE account = 'lixi')`)
	})},
	{path: "/phone/account/desktop/{id}/remove", as: member, own: place("id", func(w *world) string {
		w.foreign["id"] = append(w.foreign["id"], w.Desktop(w.hillsCorp+"/heqing").ID)
		return w.Desktop(w.text(`SELECT c.corpid || '/' || m.userid FROM members m JOIN corps c ON c.id = m.corp_id
			WHERE m.person_id = (SELECT id FROM persons WHERE account = 'lixi') LIMIT 1`)).ID
	})},
	{path: "/phone/account/devices/end", as: member, keeps: true},
	{path: "/phone/account/password", as: member, fields: url.Values{"password": {"another password"}, "confirm": {"another password"}}},
	{path: "/phone/assistant/{corp}/brand", as: func(w *world) *platformtest.Console { return w.staff }, own: ofProvider, fields: url.Values{"brand": {"手机改的"}}},
	{path: "/phone/assistant/{corp}/login", as: func(w *world) *platformtest.Console { return w.staff }, own: ofProvider, fields: url.Values{"on": {"0"}}},
	{path: "/phone/assistant/{corp}/domains", as: func(w *world) *platformtest.Console { return w.staff }, own: ofProvider, fields: url.Values{"domains": {"phone.example.com"}}},

	// Last: what ends what the others need.
	{path: "/admin/{corp}/admins/hand-over", as: creator, fields: url.Values{"userid": {"wangfang"}}, foreign: url.Values{"userid": {"heqing"}}},
	{path: "/phone/sign-out", as: member, keeps: true},
	{path: "/console/sign-out", as: creator, keeps: true},
}

// extra are fields that no form has, or not this one: each says what an attacker would like to
// set. Poison must not be found in the store afterwards.
func (w *world) extra() url.Values {
	foreign := w.text(`SELECT id FROM corps WHERE corpid = '` + w.hillsCorp + `'`)
	person := fmt.Sprint(w.Sample.ProviderPerson)
	return url.Values{"kind": {"1"}, "corp_id": {foreign}, "corpid": {w.hillsCorp}, "corp": {w.hillsCorp}, "person": {person},
		"person_id": {person}, "member_id": {w.foreign["member"][0]}, "admin": {"true"}, "is_admin": {"1"}, "operator": {"1"}, "id": {"1"},
		"row": {"1"}, "holder": {w.foreign["agent"][0]}, "agentid": {"1"}, "status": {"2"}, "state": {"poison"}, "enabled": {"1"},
		"online": {"1"}, "submitted": {"1"}, "secret": {"poison"}, "provider_secret": {"poison"}, "suite_id": {"poison"}, "provider": {person},
		"made_by": {person}, "owner": {person}, "generation": {"9"}, "secret_generation": {"9"}, "old_login": {"1"}, "plain_ids": {"1"},
		"permanent_code": {"poison"}, "password_hash": {"poison"}, "account_key": {"poison"}, "created_at": {"1"}, "brand_name": {"poison"},
		"callback_url": {"http://poison.example/"}, "business_url": {"https://poison.example/"}, "installed_by": {person}, "Person": {person}, "Corp.Row": {foreign}}
}

var inBraces = regexp.MustCompile(`\{([a-z]+)\}`)

// fill puts values into the places of a path or field.
func (w *world) fillIn(text string, places map[string]string) string {
	return inBraces.ReplaceAllStringFunc(text, func(m string) string {
		name := m[1 : len(m)-1]
		if v, ok := places[name]; ok {
			return v
		}
		switch name {
		case "hillscorp":
			return w.hillsCorp
		case "hillsapp":
			return w.text(`SELECT MAX(id) FROM apps WHERE corp_id = (SELECT id FROM corps WHERE corpid = '` + w.hillsCorp + `')`)
		case "creator":
			return fmt.Sprint(w.Sample.CreatorPerson)
		case "zhangwei":
			return w.own["member"]
		case "loginsuite":
			return fmt.Sprint(w.Sample.LoginSuiteRow)
		case "secret", "key":
			return "unknown"
		}
		if v, ok := w.own[name]; ok {
			return v
		}
		w.t.Fatalf("%s: no value for %s", text, m)
		return ""
	})
}

// ready is a form with all its values.
type ready struct {
	form
	places map[string]string
	fields url.Values
	path   string
}

func (w *world) ready(f form) ready {
	w.t.Helper()
	out := ready{form: f, places: map[string]string{}, fields: url.Values{}}
	more := url.Values{}
	if f.own != nil {
		var places map[string]string
		if places, more = f.own(w); places != nil {
			out.places = places
		}
	}
	for name, values := range f.fields {
		out.fields[name] = []string{w.fillIn(values[0], nil)}
	}
	maps.Copy(out.fields, more)
	out.path = w.fillIn(f.path, out.places)
	if f.query != nil {
		out.path += f.query(w)
	}
	return out
}

// send sends a form from a browser.
func (f ready) send(c *platformtest.Console, path string, fields url.Values, header ...string) platformtest.Page {
	if f.file[0] != "" && len(header) == 0 {
		return c.SendFile(path, fields, f.file[0], f.file[1], f.file[2])
	}
	return c.Send("POST", path, fields, header...)
}

// withFields is a form with some fields set.
func withFields(fields url.Values, more ...string) url.Values {
	out := maps.Clone(fields)
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i]] = []string{more[i+1]}
	}
	return out
}

// Every form of the pages, as an attacker sends it: without or with another session's csrf,
// from another site, without a session, for what is another's. Nothing changes. Then as its
// own page sends it, with fields that it does not have: it does what it should, and no more.
func TestForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	listed, inSource := map[string]bool{}, posts(t)
	for _, f := range forms {
		listed[f.path] = true
		if !slices.Contains(inSource, f.path) {
			t.Errorf("%s is in the list and not in the source", f.path)
		}
	}
	for _, path := range inSource {
		if !listed[path] {
			t.Errorf("%s is in the source and not in the list of forms here", path)
		}
	}
	strangers := w.others()
	for _, f := range forms {
		w.attack(f)
	}
	if got := w.others(); !slices.Equal(got, strangers) {
		t.Errorf("rows of others are not what they were:\n%s", strings.Join(difference(strangers, got), "\n"))
	}
	for _, table := range w.tables() {
		for _, row := range w.rowsOf(table, "") {
			if strings.Contains(row, "poison") {
				t.Errorf("%s: %s", table, row)
			}
		}
	}
	if n := w.number(`SELECT COUNT(*) FROM operators`); n != 1 {
		t.Errorf("%d operators", n)
	}
	if n := w.number(`SELECT COUNT(*) FROM admins WHERE kind = 1 AND corp_id = ` + fmt.Sprint(w.Sample.CorpRow)); n != 1 {
		t.Errorf("%d creators", n)
	}
}

// others are the rows of companies and providers about whom no form here is.
func (w *world) others() (list []string) {
	w.t.Helper()
	of := `(SELECT id FROM corps WHERE corpid IN ('` + w.hillsCorp + `', '` + w.Sample.Second.CorpID + `'))`
	for _, table := range []string{"departments", "members", "admins", "apps", "installations", "enrolments", "imports", "providers",
		"provider_networks", "domain_proofs", "member_places"} {
		for _, row := range w.rowsOf(table, "WHERE corp_id IN "+of) {
			list = append(list, table+": "+row)
		}
	}
	for _, row := range w.rowsOf("persons", `WHERE account IN ('heqing', 'zhangwei', 'shaoning', 'suqing', 'wangfang')`) {
		list = append(list, "persons: "+row)
	}
	return list
}

func difference(a, b []string) (list []string) {
	for _, row := range a {
		if !slices.Contains(b, row) {
			list = append(list, "- "+row)
		}
	}
	for _, row := range b {
		if !slices.Contains(a, row) {
			list = append(list, "+ "+row)
		}
	}
	return list
}

// attack sends a form in all ways that must do nothing, then properly.
func (w *world) attack(f form) {
	w.t.Helper()
	r := w.ready(f)
	visitor := w.Browser()
	if f.as != nil {
		visitor = f.as(w)
	}
	before := w.state()
	good := withFields(r.fields, "csrf", visitor.CSRF)
	refused := func(what string, a platformtest.Page, want ...int) {
		w.t.Helper()
		if !slices.Contains(want, a.Status) {
			w.t.Errorf("POST %s %s: %d to %q, want %v: %.200s", f.path, what, a.Status, a.To(), want, a.Body)
		}
	}
	for what, header := range map[string][]string{"cross-site": {"Sec-Fetch-Site", "cross-site"}, "same-site": {"Sec-Fetch-Site", "same-site"},
		"of another origin": {"Origin", "https://evil.example"}, "of an opaque origin": {"Origin", "null"}} {
		refused(what, r.send(visitor, r.path, good, header...), http.StatusForbidden)
	}
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "PATCH"} {
		visitor.Send(method, strings.TrimSuffix(r.path, "?"+query(r.path))+"?"+good.Encode()+"&"+query(r.path), nil)
	}
	if f.unsigned == "" {
		stranger := w.hills
		if visitor == w.hills || strings.HasPrefix(f.path, "/phone") || strings.HasPrefix(f.path, "/q/") {
			stranger = w.staff
			if visitor == w.staff {
				stranger = w.member
			}
		}
		for what, csrf := range map[string]string{"with an empty csrf": "", "with another's csrf": stranger.CSRF, "with a csrf too long": visitor.CSRF + "A"} {
			refused(what, r.send(visitor, r.path, withFields(r.fields, "csrf", csrf)), http.StatusForbidden)
		}
		refused("without csrf", r.send(visitor, r.path, r.fields), http.StatusForbidden)
		refused("with csrf in the address", r.send(visitor, strings.TrimSuffix(r.path, "?"+query(r.path))+"?csrf="+url.QueryEscape(visitor.CSRF), r.fields), http.StatusForbidden)
		if f.path != "/phone/enrol/{secret}" && f.path != "/phone/enter/{id}" { // those need none
			a := r.send(w.Browser(), r.path, good)
			refused("without a session", a, http.StatusSeeOther)
			if !strings.Contains(a.To(), "/sign-in") {
				w.t.Errorf("POST %s without a session: to %q", f.path, a.To())
			}
		}
	}
	if f.stays == "" {
		for _, m := range inBraces.FindAllStringSubmatch(f.path, -1) {
			for _, value := range w.foreign[m[1]] {
				if value == w.Sample.LoginSuiteID && strings.HasPrefix(f.path, "/operator") {
					continue
				}
				places := maps.Clone(r.places)
				places[m[1]] = value
				status := []int{http.StatusNotFound, http.StatusGone}
				if m[1] == "corp" {
					status = append(status, http.StatusForbidden) // alike for a company that does not exist
				}
				if m[1] == "corp" && strings.HasPrefix(f.path, "/operator") && (value == w.hillsCorp || value == w.Sample.Second.CorpID) {
					continue // an operator's
				}
				refused("for "+m[1]+" "+value, r.send(visitor, w.fillIn(f.path, places), good), status...)
			}
		}
	}
	for name, values := range f.foreign {
		for _, value := range values {
			fields := withFields(good, w.fillIn(name, nil), w.fillIn(value, nil))
			refused("with "+name+"="+value, r.send(visitor, r.path, fields), http.StatusNotFound, http.StatusUnprocessableEntity,
				http.StatusBadRequest, http.StatusForbidden)
		}
	}
	if now := w.state(); len(differ(before, now)) > 0 {
		w.t.Errorf("POST %s in one of these ways: changed %q", f.path, differ(before, now))
		before = now
	}
	w.properly(r, visitor, good, before)
}

func query(path string) string {
	_, q, _ := strings.Cut(path, "?")
	return q
}

// properly sends a form as its page does, with fields that it does not have.
func (w *world) properly(r ready, visitor *platformtest.Console, good url.Values, before map[string]string) {
	w.t.Helper()
	if r.unsigned != "" {
		return
	}
	if r.path == w.fillIn("/phone/enrol/{secret}", r.places) {
		visitor, good = w.Browser(), r.fields
	}
	for name, values := range w.extra() {
		if !good.Has(name) {
			good = withFields(good, name, values[0])
		}
	}
	a := r.send(visitor, r.path, good)
	changed := differ(before, w.state())
	if len(changed) > 0 == r.keeps || a.Status >= 500 || a.Status == http.StatusForbidden {
		w.t.Errorf("POST %s properly: %d to %q, changed %q: %.300s", r.form.path, a.Status, a.To(), changed, a.Body)
	}
}
