package scripts

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// controlled is a demo with a site of the test's own.
func controlled(t *testing.T) (*sandbox.Demo, *sandbox.Receiver) {
	r := sandbox.Receive(t, testToken, testKey, nil)
	d := sandbox.Start(t, sandbox.Options{Args: ownSite(r)})
	for range 2 {
		<-r.Events // the tickets at the start
	}
	return d, r
}

// TestControlRefusals holds that what a script gets wrong is said, and never 500 or a hang.
func TestControlRefusals(t *testing.T) {
	t.Parallel()
	d, _ := controlled(t)
	suite, member, redirect := d.Env["HUFU_LOGIN_SUITE_ID"], d.Member(), d.Env["HUFU_REDIRECT_URI"]
	qr := d.Open(d.LoginLink("s")).QR
	code := func(kind, app, who, to string) string {
		return toJSON(map[string]string{"kind": kind, "app": app, "member": who, "redirect_uri": to})
	}
	type refusal struct {
		name, method, path, body string
		status                   int
		text                     string
	}
	list := []refusal{
		{"a code for an unknown kind", "POST", "/codes", code("nonsense", suite, member, redirect), 400, "kind"},
		{"a code for an unknown suite", "POST", "/codes", code("login", "ww0", member, redirect), 404, "ww0"},
		{"a login code for the installed suite", "POST", "/codes", code("login", d.Env["HUFU_SUITE_ID"], member, redirect), 400, "login suite"},
		{"a code for an unknown member", "POST", "/codes", code("login", suite, d.Env["HUFU_CORPID"]+"/nobody", redirect), 404, "nobody"},
		{"a code for an unknown company", "POST", "/codes", code("login", suite, "ww0/zhangwei", redirect), 404, "ww0"},
		{"a code for half a member", "POST", "/codes", code("login", suite, "zhangwei", redirect), 400, "CORPID/USERID"},
		{"a code for an untrusted address", "POST", "/codes", code("login", suite, member, "https://evil.example/"), 400, "redirect_uri"},
		{"a corp code without an agent", "POST", "/codes", code("corp", d.Env["HUFU_CORPID"], member, redirect), 400, "CORPID/AGENTID"},
		{"a corp code for an unknown app", "POST", "/codes", code("corp", d.Env["HUFU_CORPID"]+"/1", member, redirect), 404, "no app"},
		{"a corp code of an unknown company", "POST", "/codes", code("corp", "ww0/1", member, redirect), 404, "ww0"},
		{"a ticket of an unknown suite", "GET", "/suites/ww0/ticket", "", 404, "ww0"},
		{"a QR code from elsewhere", "POST", "/scan", `{"qr":"https://evil.example/x","member":"` + member + `"}`, 400, "qr"},
		{"a QR code that is over", "POST", "/confirm", `{"qr":"` + qr[:len(qr)-4] + `AAAA","member":"` + member + `"}`, 410, "over"},
		{"a QR code for nobody", "POST", "/refuse", `{"qr":"` + qr + `","member":"` + d.Env["HUFU_CORPID"] + `/nobody"}`, 404, "nobody"},
		{"a clock that goes back", "POST", "/clock", `{"advance":"-1h"}`, 400, "advance"},
		{"a clock without unit", "POST", "/clock", `{"advance":"31"}`, 400, "advance"},
		{"a clock that goes too far", "POST", "/clock", `{"advance":"99999h"}`, 400, "advance"},
		{"no advance", "POST", "/clock", `{}`, 400, "advance"},
		{"a fault of an invented code", "POST", "/faults", `{"path":"/cgi-bin/gettoken","errcode":123456789}`, 400, "errcode"},
		{"a fault without a path", "POST", "/faults", `{"errcode":-1}`, 400, "path"},
		{"a fault that does nothing", "POST", "/faults", `{"path":"/cgi-bin/gettoken"}`, 400, "errcode"},
		{"a fault that waits for ever", "POST", "/faults", `{"path":"/cgi-bin/gettoken","delay":"9h"}`, 400, "delay"},
		{"an unknown event", "POST", "/push", `{"suite":"` + suite + `","event":"nonsense"}`, 400, "event"},
		{"an event of an unknown suite", "POST", "/push", `{"suite":"ww0","event":"suite_ticket"}`, 404, "ww0"},
		{"an event to no address", "POST", "/push", `{"suite":"` + suite + `","event":"suite_ticket","url":"file:///etc/passwd"}`, 400, "url"},
		{"an unknown call", "GET", "/nothing", "", 404, ""},
		{"a wrong method", "GET", "/clock", "", 405, ""},
		{"a wrong method", "POST", "/attempts", "{}", 405, ""},
		{"a wrong method", "DELETE", "/reset", "", 405, ""},
	}
	list = append(list, refusal{"a code of the old login for a suite", "POST", "/codes", code("legacy", suite, member, redirect), 404, "no provider"})
	list = append(list, refusal{"a code of kind corp_private without an agent", "POST", "/codes", code("corp_private", suite, member, redirect), 400, "CORPID/AGENTID"})
	for _, kind := range []string{"admin", "install", "oauth", "oauth_private"} {
		list = append(list, refusal{"a code of kind " + kind, "POST", "/codes", code(kind, suite, member, redirect), 400, "login suite"})
	}
	for event, about := range map[string]string{"create_auth": "corp", "change_auth": "corp", "cancel_auth": "corp", "change_contact": "member"} {
		list = append(list, refusal{"an event " + event + " about nobody", "POST", "/push", `{"suite":"` + suite + `","event":"` + event + `"}`, 400, about})
	}
	for _, path := range []string{"/scan", "/confirm", "/refuse", "/codes", "/clock", "/faults", "/push"} {
		list = append(list,
			refusal{"no JSON", "POST", path, `{"`, 400, "JSON"},
			refusal{"a list", "POST", path, `[]`, 400, "JSON"},
			refusal{"a text", "POST", path, `"x"`, 400, "JSON"},
			refusal{"a form", "POST", path, `a=b&c=d`, 400, "JSON"},
			refusal{"a number for a text", "POST", path, `{"member":1,"advance":1,"path":1,"suite":1}`, 400, "JSON"},
			refusal{"an unknown field", "POST", path, `{"nonsense":"x"}`, 400, "nonsense"},
			refusal{"too much", "POST", path, `{"member":"` + strings.Repeat("x", 2<<20) + `"}`, 400, "1 MiB"},
			refusal{"something after the JSON", "POST", path, `{} {}`, 400, "JSON"})
	}
	for _, c := range list {
		var body any
		if c.body != "" {
			body = c.body
		}
		a := d.Control(c.method, c.path, body)
		text := ""
		if c.text != "" {
			text, _ = a.Fields(t)["error"].(string)
		}
		if a.Status != c.status || !strings.Contains(text, c.text) {
			t.Errorf("%s: %s %s: %d %.200s; want %d and %q", c.name, c.method, c.path, a.Status, a.Body, c.status, c.text)
		}
	}
	// A page of any origin, a rebound name: no.
	for name, header := range map[string][]string{
		"a page":        {"Origin", d.Env["HUFU_SITE"]},
		"a null page":   {"Origin", "null"},
		"a page's GET":  {"Sec-Fetch-Site", "cross-site"},
		"the same site": {"Sec-Fetch-Site", "same-origin"},
	} {
		if a := sandbox.Send(t, "GET", d.Env["HUFU_CONTROL"]+"/attempts", nil, header...); a.Status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	r, err := http.NewRequest("GET", d.Env["HUFU_CONTROL"]+"/attempts", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "rebound.example"
	resp, err := sandbox.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a rebound name: %d", resp.StatusCode)
	}
}

func toJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// TestControlMembers walks a scripted member through scan, confirmation and refusal.
func TestControlMembers(t *testing.T) {
	t.Parallel()
	d, _ := controlled(t)
	link := d.LoginLink("st")

	page := d.Open(link)
	page.Decide("scan")
	if s := page.Wait("QRCODE_SCAN_NEVER"); s.Status != "QRCODE_SCAN_ING" || s.Name != "张*" {
		t.Errorf("scanned: %+v", s)
	}
	other := toJSON(map[string]string{"qr": page.QR, "member": d.Env["HUFU_CORPID"] + "/" + d.Env["HUFU_ADMIN"]})
	if a := d.Control("POST", "/confirm", other); a.Status != http.StatusConflict {
		t.Errorf("another member confirms: %d %s", a.Status, a.Body)
	}
	page.Decide("confirm")
	s := page.Wait("QRCODE_SCAN_ING")
	if s.Status != "QRCODE_SCAN_SUCC" || !strings.Contains(s.RedirectURL, "code="+s.AuthCode) || !strings.Contains(s.RedirectURL, "state=st") {
		t.Errorf("confirmed: %+v", s)
	}
	if a := d.Control("POST", "/refuse", toJSON(map[string]string{"qr": page.QR, "member": d.Member()})); a.Status != http.StatusConflict && a.Status != http.StatusGone {
		t.Errorf("refused after the confirmation: %d %s", a.Status, a.Body)
	}

	page = d.Open(link)
	page.Decide("refuse")
	if s := page.Wait("QRCODE_SCAN_NEVER"); s.Status != "QRCODE_SCAN_FAIL" || s.AuthCode != "" || strings.Contains(s.RedirectURL, "code=") {
		t.Errorf("refused: %+v", s)
	}

	var list []struct {
		State, Origin, Member string
	}
	a := d.Control("GET", "/attempts", nil)
	a.JSON(t, &list)
	if len(list) != 2 || list[0].State != "refused" || list[1].State != "confirmed" || list[1].Origin != d.Env["HUFU_SITE"] || list[1].Member != "张*" {
		t.Errorf("attempts, newest first: %s", a.Body)
	}
	for _, secret := range []string{page.WebKey, page.Signature, s.AuthCode, strings.TrimPrefix(page.QR, d.Env["HUFU_LOGIN"]+"/q/")} {
		if strings.Contains(a.Body, secret) {
			t.Error("/attempts shows a secret")
		}
	}
	for _, kind := range []func() string{d.LoginCode, d.CorpCode} {
		if first, second := kind(), kind(); first == second || strings.Trim(first, alphabet) != "" {
			t.Errorf("codes: %s, %s", first, second)
		}
	}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// TestControlClock moves time: codes and tokens end, tickets are pushed, and it shows.
func TestControlClock(t *testing.T) {
	t.Parallel()
	d, r := controlled(t)
	token, code := d.SuiteToken(), d.LoginCode()
	exchange := func() float64 {
		return sandbox.Send(t, "GET", d.API("/cgi-bin/service/auth/getuserinfo3rd",
			url.Values{"suite_access_token": {token}, "code": {code}}), nil).Fields(t)["errcode"].(float64)
	}
	a := d.Control("POST", "/clock", `{"advance":"5m1s"}`)
	if a.Fields(t)["ahead"] != "5m1s" {
		t.Errorf("clock: %s", a.Body)
	}
	if errcode := exchange(); errcode != 40029 {
		t.Errorf("a code after five minutes: %v", errcode)
	}
	d.Control("POST", "/clock", `{"advance":"5m"}`)
	seen := map[string]string{}
	for range 2 {
		e := <-r.Events
		seen[e.Suite] = e.Ticket
	}
	if len(seen) != 2 || seen[d.Env["HUFU_LOGIN_SUITE_ID"]] == "" {
		t.Errorf("tickets after ten minutes: %d", len(seen))
	}
	d.Control("POST", "/clock", `{"advance":"2h"}`)
	code = d.LoginCode()
	if errcode := exchange(); errcode != 42009 {
		t.Errorf("a suite token after two hours: %v", errcode)
	}
	token = d.SuiteToken()
	if errcode := exchange(); errcode != 0 {
		t.Errorf("with a new token: %v", errcode)
	}
}

// TestControlFaults makes calls fail as often as asked, and wait; /reset ends it.
func TestControlFaults(t *testing.T) {
	t.Parallel()
	d, _ := controlled(t)
	token := func() (errcode float64, status int) {
		a := sandbox.Send(t, "GET", d.API("/cgi-bin/gettoken", url.Values{"corpid": {d.Env["HUFU_CORPID"]}, "corpsecret": {d.Env["HUFU_CORPSECRET"]}}), nil)
		return a.Fields(t)["errcode"].(float64), a.Status
	}
	add := func(body string) {
		t.Helper()
		if a := d.Control("POST", "/faults", body); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	add(`{"path":"/cgi-bin/gettoken","errcode":-1,"times":2}`)
	for i, want := range []float64{-1, -1, 0} {
		if errcode, status := token(); errcode != want || status != 200 {
			t.Errorf("call %d: %v, status %d", i+1, errcode, status)
		}
	}
	add(`{"path":"/cgi-bin/gettoken","errcode":45009}`)
	if errcode, _ := token(); errcode != 45009 {
		t.Errorf("one fault: %v", errcode)
	}
	if errcode, _ := token(); errcode != 0 {
		t.Errorf("after one fault: %v", errcode)
	}
	add(`{"path":"/cgi-bin/gettoken","delay":"50ms"}`)
	if errcode, _ := token(); errcode != 0 {
		t.Errorf("a delay: %v", errcode)
	}
	add(`{"path":"/cgi-bin/gettoken","errcode":-1,"times":100}`)
	d.Open(d.LoginLink("s"))
	if a := d.Control("POST", "/reset", nil); a.Status != 200 {
		t.Errorf("reset: %d %s", a.Status, a.Body)
	}
	if errcode, _ := token(); errcode != 0 {
		t.Errorf("after the reset: %v", errcode)
	}
	if body := d.Control("GET", "/attempts", nil).Body; strings.TrimSpace(body) != "[]" {
		t.Errorf("attempts after the reset: %s", body)
	}
}

// TestControlPush pushes a ticket and the URL check, and says what the receiver answered.
func TestControlPush(t *testing.T) {
	t.Parallel()
	d, r := controlled(t)
	suite := d.Env["HUFU_LOGIN_SUITE_ID"]
	push := func(event, to string) map[string]any {
		t.Helper()
		return d.Control("POST", "/push", map[string]string{"suite": suite, "event": event, "url": to}).Fields(t)
	}
	if out := push("suite_ticket", ""); out["delivered"] != true || out["status"] != 200.0 || out["answer"] != "success" {
		t.Errorf("ticket: %v", out)
	}
	ticket := <-r.Events
	if ticket.Suite != suite || ticket.ReceiveID != suite || ticket.ToUser != suite || ticket.Ticket == "" || ticket.Type != "suite_ticket" {
		t.Errorf("ticket: %+v", ticket)
	}
	if out := push("verify", ""); out["delivered"] != true || out["status"] != 200.0 {
		t.Errorf("verify: %v", out)
	}
	if check := <-r.Events; check.Method != "GET" || check.Text == "" || check.ReceiveID != d.Env["HUFU_PROVIDER_CORPID"] {
		t.Errorf("check: %+v", check)
	}

	// Another address, where the receiver is not as it must be.
	bad := sandbox.Receive(t, r.Token, r.Key, func(w http.ResponseWriter, _ sandbox.Event) { io.WriteString(w, "<html>hello</html>") })
	for _, event := range []string{"suite_ticket", "verify"} {
		if out := push(event, bad.URL); out["delivered"] != false || out["failed_step"] != "reply" || out["answer"] != "<html>hello</html>" {
			t.Errorf("%s to a receiver that answers nonsense: %v", event, out)
		}
	}
	closed := "http://" + sandbox.Dead(t) + "/cb?secret=x"
	for _, event := range []string{"suite_ticket", "verify"} {
		if out := push(event, closed); out["delivered"] != false || out["failed_step"] == "" || strings.Contains(out["url"].(string), "secret") {
			t.Errorf("%s to nobody: %v", event, out)
		}
	}
	// Our own ports are not to be reached that way.
	for _, own := range []string{d.Env["HUFU_CONTROL"] + "/reset", d.Env["HUFU_API"] + "/cgi-bin/gettoken"} {
		if out := push("suite_ticket", own); out["delivered"] != false || out["status"] != 0.0 {
			t.Errorf("%s: %v", own, out)
		}
	}

	var list []struct {
		Event, URL string
		Delivered  bool
	}
	a := d.Control("GET", "/pushes", nil)
	a.JSON(t, &list)
	if len(list) != 10 || list[0].Delivered || list[9].Event != "suite_ticket" || !list[9].Delivered {
		t.Errorf("pushes, newest first: %s", a.Body)
	}
	if strings.Contains(a.Body, ticket.Ticket) || strings.Contains(a.Body, "secret") || strings.Contains(a.Body, "kept=1") {
		t.Error("/pushes shows what it must not")
	}
	current := d.Control("GET", "/suites/"+suite+"/ticket", nil).Fields(t)["suite_ticket"]
	for name, ticket := range map[string]any{"pushed": ticket.Ticket, "told": current} {
		out := sandbox.Send(t, "POST", d.API("/cgi-bin/service/get_suite_token", nil), map[string]any{"suite_id": suite,
			"suite_secret": d.Env["HUFU_LOGIN_SUITE_SECRET"], "suite_ticket": ticket}).Fields(t)
		if out["suite_access_token"] == nil {
			t.Errorf("the ticket that was %s: %v", name, out)
		}
	}
}

// TestControlRequests lists what was asked of the platform, without a secret.
func TestControlRequests(t *testing.T) {
	t.Parallel()
	d, _ := controlled(t)
	token, code := d.CorpToken(), d.CorpCode()
	sandbox.Send(t, "GET", d.API("/cgi-bin/auth/getuserinfo", url.Values{"access_token": {token}, "code": {code}}), nil)
	a := d.Control("GET", "/requests", nil)
	for _, want := range []string{"/cgi-bin/gettoken", "/cgi-bin/auth/getuserinfo"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("%s is not listed: %s", want, a.Body)
		}
	}
	for _, secret := range []string{token, code, d.Env["HUFU_CORPSECRET"]} {
		if strings.Contains(a.Body, secret) {
			t.Error("/requests shows a secret")
		}
	}
	for _, secret := range []string{token, code, d.Env["HUFU_CORPSECRET"], d.Env["HUFU_LOGIN_SUITE_SECRET"]} {
		if strings.Contains(d.Output(), secret) {
			t.Error("the program prints a secret")
		}
	}
}
