package platform_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// oldPaths are the addresses of the old pages.
var oldPaths = []string{protocol.PathOldProviderLogin, protocol.PathOldCorpLogin, protocol.PathOldCorpLoginTWW, protocol.PathOldCorpLoginNative}

// oldInfo exchanges the code of an old login.
func oldInfo(p *platformtest.Platform, code string) (info protocol.LoginInfo) {
	var token protocol.ProviderToken
	p.Post(protocol.PathGetProviderToken, protocol.GetProviderToken{CorpID: p.Sample.ProviderCorpID, ProviderSecret: p.Sample.ProviderSecret}, &token)
	p.Post(protocol.PathGetLoginInfo+"?access_token="+token.ProviderAccessToken, protocol.GetLoginInfo{AuthCode: code}, &info)
	return info
}

// landed splits where the browser is sent.
func landed(t testing.TB, s protocol.WaitState) url.Values {
	t.Helper()
	u, err := url.Parse(s.RedirectURL)
	if err != nil || s.RedirectURL == "" {
		t.Fatalf("%+v: %v", s, err)
	}
	return u.Query()
}

// signInOld opens an old page and has a phone confirm what it asks.
func signInOld(t testing.TB, p *platformtest.Platform, path string, query url.Values, phone *platformtest.Phone, as url.Values) protocol.WaitState {
	t.Helper()
	page := p.OpenOld(path, query)
	if page.WebKey == "" || page.QRKey == "" {
		t.Fatalf("%s: %d %.800s", path, page.Status, page.Body)
	}
	if o := scan(phone, page); o.Error != "" || o.Reason != "" {
		t.Fatalf("scan: %+v", o)
	}
	form := url.Values{"decision": {"confirm"}}
	for name, v := range as {
		form[name] = v
	}
	var o outcome
	phone.Post("/q/"+page.QRKey+"/decide", form, &o)
	if o.Outcome != "confirmed" {
		t.Fatalf("confirm: %+v", o)
	}
	return page.Wait(protocol.QRScanning)
}

// A member, an administrator and an external administrator come to a provider's site through
// the old page, and get_login_info says who they are (91125).
func TestOldProviderLogin(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	redirect := platformtest.Origin + "/cb?kept=1#/route"
	member := p.OldLink(protocol.PathOldProviderLogin, redirect, "s t")
	admin := with(member, protocol.ParamUserType, "-") // absent: admin
	corp, s := p.Sample.CorpID, p.Sample

	state := signInOld(t, p, protocol.PathOldProviderLogin, member, p.Phone(corp+"/"+s.Member), nil)
	at, err := url.Parse(state.RedirectURL)
	if err != nil {
		t.Fatal(err)
	}
	expires, err := strconv.Atoi(at.Query().Get("expires_in"))
	if err != nil || expires < 290 || expires > 300 {
		t.Errorf("expires_in %q", at.Query().Get("expires_in"))
	}
	if want := "kept=1&auth_code=" + state.AuthCode + "&expires_in=" + strconv.Itoa(expires) + "&state=s%20t&appid=" + s.ProviderCorpID; at.RawQuery != want ||
		at.Fragment != "/route" || state.AuthCode == "" || len(state.AuthCode) > protocol.CodeMaxBytes {
		t.Errorf("sent to %s", state.RedirectURL)
	}
	// The code is for get_login_info alone, whoever asks elsewhere.
	var third protocol.UserInfo3rd
	p.Get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {p.SuiteToken()}, "code": {state.AuthCode}}, &third)
	if third.ErrCode != protocol.CodeInvalidCode {
		t.Errorf("getuserinfo3rd takes it: %+v", third)
	}
	info := oldInfo(p, state.AuthCode)
	if info.ErrCode != 0 || info.UserType != protocol.UserTypeMember || info.UserInfo.UserID == "" || info.CorpInfo.CorpID == "" || info.Agent != nil || info.AuthInfo != nil {
		t.Errorf("a member: %+v", info)
	}
	if info = oldInfo(p, state.AuthCode); info.ErrCode != protocol.CodeInvalidCode {
		t.Errorf("twice: %+v", info)
	}
	// An administrator who signs in like a member is still one; with usertype=admin nobody else is let in.
	for name, query := range map[string]url.Values{"as a member": member, "as an administrator": admin, "usertype admin": with(member, "usertype", "admin"),
		"another usertype": with(member, "usertype", "all")} {
		info = oldInfo(p, signInOld(t, p, protocol.PathOldProviderLogin, query, p.Phone(corp+"/"+s.Creator), nil).AuthCode)
		if info.UserType != protocol.UserTypeCreator || info.AuthInfo == nil || len(info.Agent) == 0 {
			t.Errorf("%s: %+v", name, info)
		}
	}
	info = oldInfo(p, signInOld(t, p, protocol.PathOldProviderLogin, admin, p.Phone(corp+"/"+s.SubAdmin), nil).AuthCode)
	if info.UserType != protocol.UserTypeSubAdmin {
		t.Errorf("a sub-admin: %+v", info)
	}
	info = oldInfo(p, signInOld(t, p, protocol.PathOldProviderLogin, admin, p.Phone(strconv.FormatInt(s.ExternalPerson, 10)), nil).AuthCode)
	if info.UserType != protocol.UserTypeExternalAdmin || info.UserInfo.UserID != "" || info.CorpInfo.CorpID == "" || info.AuthInfo == nil {
		t.Errorf("an external administrator: %+v", info)
	}
	for name, query := range map[string]url.Values{"absent": admin, "admin": with(member, "usertype", "admin"), "all": with(member, "usertype", "all")} {
		page := p.OpenOld(protocol.PathOldProviderLogin, query)
		phone := p.Phone(corp + "/" + s.Member)
		first := scan(phone, page)
		second := confirm(phone, page, "")
		if got := page.Wait(protocol.QRScanning); got.AuthCode != "" || got.Status == protocol.QRSuccess {
			t.Errorf("usertype %s: a member came in: %+v, %+v, %+v", name, first, second, got)
		}
	}
	// Whoever is in no company cannot be named by get_login_info: the phone says so, and leaves the QR code to others.
	page, phone := p.OpenOld(protocol.PathOldProviderLogin, member), p.Phone(strconv.FormatInt(s.ExternalPerson, 10))
	if o := scan(phone, page); o.Reason != "members" {
		t.Errorf("in no company: %+v", o)
	}
	if o := scan(p.Phone(corp+"/"+s.Member), page); o.Reason != "" || o.Error != "" {
		t.Errorf("then a member: %+v", o)
	}
	// Whether the new login is on makes no difference; the operator's switch does.
	provider := p.Console(p.Sample.ProviderPerson)
	provider.Post("/provider/"+s.ProviderCorpID+"/login/switch", url.Values{"on": {"0"}})
	if info = oldInfo(p, signInOld(t, p, protocol.PathOldProviderLogin, member, p.Phone(corp+"/"+s.Member), nil).AuthCode); info.UserType != protocol.UserTypeMember {
		t.Errorf("new login off: %+v", info)
	}
}

// A member comes to a corp's own app through the old page, under each of its addresses; a
// refusal sends the browser back with the state alone (91019).
func TestOldCorpLogin(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	s, member := p.Sample, p.Sample.CorpID+"/"+p.Sample.Member
	var app protocol.AppToken
	p.Get(protocol.PathGetToken, url.Values{"corpid": {s.CorpID}, "corpsecret": {s.CorpSecret}}, &app)
	for i, path := range oldPaths[1:] {
		query := p.OldLink(path, platformtest.Origin+"/cb?kept=1", "s")
		state := signInOld(t, p, path, query, p.Phone(member), nil)
		if q := landed(t, state); q.Get("code") != state.AuthCode || q.Get("state") != "s" || q.Get("appid") != s.CorpID || q.Get("kept") != "1" || len(q) != 4 {
			t.Errorf("%s: sent to %s", path, state.RedirectURL)
		}
		exchange := []string{protocol.PathOldGetUserInfo, protocol.PathGetUserInfo, protocol.PathOldGetUserInfo}[i]
		var who map[string]any
		p.Get(exchange, url.Values{"access_token": {app.AccessToken}, "code": {state.AuthCode}}, &who)
		if who["UserId"] != s.Member && who["userid"] != s.Member {
			t.Errorf("%s: %v", path, who)
		}
		page := p.OpenOld(path, query)
		phone := p.Phone(member)
		scan(phone, page)
		phone.Post("/q/"+page.QRKey+"/decide", url.Values{"decision": {"refuse"}}, nil)
		if state = page.Wait(protocol.QRScanning); state.Status != protocol.QRFail || landed(t, state).Encode() != "kept=1&state=s" {
			t.Errorf("%s: refused, sent to %s", path, state.RedirectURL)
		}
	}
}

// Where a provider's old login may begin: on a page of a launch domain, or one that is ours. A
// refusal says what was received, what would pass and where that is set, holds no key, begins
// nothing, and leads to no page that would let the reader past it.
func TestOldReferer(t *testing.T) {
	t.Parallel()
	site := platform.SampleSite{Origin: "http://127.0.0.1:3000", Trust: []string{"app.example.com", "shop.example.com:8443"}}
	p := platformtest.Start(t, platformtest.Options{Site: site})
	link := p.OldLink(protocol.PathOldProviderLogin, "https://app.example.com/cb", "s")
	open := func(header ...string) (answer, bool) {
		t.Helper()
		before := len(attempts(t, p))
		a := send(t, "GET", p.URL()+protocol.PathOldProviderLogin+"?"+link.Encode(), "", header...)
		began := len(attempts(t, p)) > before
		if served := strings.Contains(a.body, "sessionSignature"); served != began {
			t.Errorf("%v: keys %v, an attempt began %v", header, served, began)
		}
		return a, began
	}
	table := func(rows map[string]bool) {
		t.Helper()
		for referer, want := range rows {
			a, began := open("Referer", referer)
			if began != want || !want && !strings.Contains(a.body, "-31033") {
				t.Errorf("Referer %q: began %v: %.300s", referer, began, a.body)
			}
		}
	}
	// None is set: the trusted domains and, in the sandbox, the development origins count.
	table(map[string]bool{
		"https://app.example.com/": true, "https://app.example.com/login?next=/": true, "https://APP.example.com:443/": true, "http://app.example.com/": true,
		"https://shop.example.com:8443/": true, "http://127.0.0.1:3000/": true,
		"https://shop.example.com/": false, "https://example.com/": false, "https://www.app.example.com/": false, "https://app.example.com.evil.example/": false,
		"https://app.example.com@evil.example/": false, "https://evil.example/?https://app.example.com/": false, "http://127.0.0.1:3001/": false,
		"https://127.0.0.1:3000/": false, "": false, "null": false, "about:client": false, "app.example.com": false, "https://app.example.com\\@evil.example/": false,
	})
	// Set: they count alone.
	console := p.Console(p.Sample.ProviderPerson)
	console.Prove("")
	console.Post("/provider/"+p.Sample.ProviderCorpID+"/login/domains", url.Values{
		"domains": {"app.example.com\nshop.example.com:8443"}, "launch": {"www.example.com"}})
	p.SetSite(site) // as at the next start: flags set nothing of it
	table(map[string]bool{"https://www.example.com/": true, "http://127.0.0.1:3000/": true, "https://app.example.com/": false, "https://shop.example.com:8443/": false})

	a, _ := open("Referer", "https://evil.example/secret?token=canary")
	for _, want := range []string{"https://evil.example", "www.example.com", "登录授权发起域名", `"errCode":-31033`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"canary", "secret", "confirm2", "lang=en", "web_key"} {
		if strings.Contains(a.body, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors *") {
		t.Errorf("the reason is not frameable: %s", csp)
	}
	// Our own page in another language, and whom the page may be framed by.
	a, began := open("Sec-Fetch-Site", "same-origin")
	if !began || !strings.HasSuffix(a.header.Get("Content-Security-Policy"), "frame-ancestors http://127.0.0.1:3000 https://www.example.com") {
		t.Errorf("began %v: %s", began, a.header.Get("Content-Security-Policy"))
	}
	for _, site := range []string{"cross-site", "same-site", "none", ""} {
		if _, began := open("Sec-Fetch-Site", site); began {
			t.Errorf("Sec-Fetch-Site %q alone begins a login", site)
		}
	}
}

// What the links of the old pages are refused for (protocol.md 1.5), and that redirect_uri is
// held to the rules of the new page: abuse case 11.
func TestOldLinkErrors(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	s := p.Sample
	provider := p.OldLink(protocol.PathOldProviderLogin, platformtest.Origin+"/cb", "canary-state")
	corp := p.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "canary-state")
	type row struct {
		name, path string
		query      url.Values
		want       int
	}
	rows := []row{
		{"nothing", protocol.PathOldProviderLogin, url.Values{}, -31027},
		{"nothing", protocol.PathOldCorpLogin, url.Values{}, -31027},
		{"a SuiteID", protocol.PathOldProviderLogin, with(provider, "appid", s.LoginSuiteID), -31027},
		{"a corp that is no provider", protocol.PathOldProviderLogin, with(provider, "appid", s.CorpID), -31034},
		{"no agentid", protocol.PathOldCorpLogin, with(corp, "agentid", "-"), -31028},
		{"an unknown agentid", protocol.PathOldCorpLogin, with(corp, "agentid", "1"), -31028},
		{"no redirect_uri", protocol.PathOldProviderLogin, with(provider, "redirect_uri", "-"), -31035},
		{"redirect_uri undefined", protocol.PathOldCorpLogin, with(corp, "redirect_uri", "undefined"), -31035},
	}
	for _, uri := range []string{"http://app.example.com/", "https://evil.example/", `https://127.0.0.1:3000\@evil.example/`, "https://app.\texample.com/", "https://app%2eexample.com/",
		"https://app.example.com./", "http://127.0.0.1:03000/cb", "https://ａpp.example.com/", "javascript:alert(1)", "https:opaque", "http%3A%2F%2F127.0.0.1%3A3000%2Fcb",
		"http://localhost:3000/cb", "http://127.0.0.1:3000@evil.example/"} {
		rows = append(rows, row{uri, protocol.PathOldProviderLogin, with(provider, "redirect_uri", uri), -31020},
			row{uri, protocol.PathOldCorpLogin, with(corp, "redirect_uri", uri), -31039})
	}
	for _, r := range rows {
		page := p.OpenOld(r.path, r.query)
		if page.Status != http.StatusOK || page.WebKey != "" || page.QRKey != "" || !strings.Contains(page.Body, `"errCode":`+strconv.Itoa(r.want)) || strings.Contains(page.Body, "canary-state") && !strings.Contains(page.Body, "lang=") {
			t.Errorf("%s, %s: %d, want %d: %.600s", r.path, r.name, page.Status, r.want, page.Body)
		}
	}
	if page := p.OpenOld(protocol.PathOldProviderLogin, with(provider, "state", strings.Repeat("s", 1025))); page.Status != http.StatusBadRequest {
		t.Errorf("a long state: %d", page.Status)
	}
	if list := attempts(t, p); len(list) != 0 {
		t.Errorf("%d attempts began", len(list))
	}
	// A preview, and a picture of another page, begin nothing.
	for name, a := range map[string]answer{
		"HEAD":  send(t, "HEAD", p.URL()+protocol.PathOldCorpLogin+"?"+corp.Encode(), ""),
		"image": send(t, "GET", p.URL()+protocol.PathOldCorpLogin+"?"+corp.Encode(), "", "Sec-Fetch-Dest", "image"),
	} {
		if strings.Contains(a.body, "web_key") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if list := attempts(t, p); len(list) != 0 {
		t.Errorf("%d attempts began", len(list))
	}
	// Switched off by the operator.
	operator := p.Console(p.Sample.OperatorPerson)
	operator.Prove("")
	if a := operator.Post("/operator/providers/"+s.ProviderCorpID+"/old-login", url.Values{"on": {"0"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("switch: %d %.200s", a.Status, a.Body)
	}
	if page := p.OpenOld(protocol.PathOldProviderLogin, provider); !strings.Contains(page.Body, `"errCode":-31037`) || page.QRKey != "" || !strings.Contains(page.Body, "旧版登录") {
		t.Errorf("switched off: %.600s", page.Body)
	}
	if page := p.OpenOld(protocol.PathOldCorpLogin, corp); page.QRKey == "" {
		t.Error("the switch of a provider closes the page of a company's own app")
	}
}

// Abuse cases 5 and 9: who knows a key of an old page and not its signature learns words and no
// code, and a stranger's page gets no QR code.
func TestAbuse5OldPages(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	member := p.Sample.CorpID + "/" + p.Sample.Member
	for _, path := range oldPaths[:2] {
		query := p.OldLink(path, platformtest.Origin+"/cb", "s")
		page, other, login := p.OpenOld(path, query), p.OpenOld(path, query), p.OpenLogin(p.ServiceLink(platformtest.Origin+"/cb", "s"))
		first := page.QRKey
		if strings.Contains(page.Body, "/q/") || page.WebKey == page.QRKey || strings.Contains(page.OldQR(), page.WebKey) || len(page.Signature) < 43 {
			t.Errorf("%s: the QR code's key is the page's", path)
		}
		var renewed protocol.RenewAnswer
		r := send(t, "POST", p.URL()+protocol.PathLoginRenew, `{"webKey":"`+page.WebKey+`"}`, "Authorization", page.Signature)
		if err := json.Unmarshal([]byte(r.body), &renewed); err != nil || renewed.Data.QR == nil || !strings.Contains(renewed.Data.QR.URL, protocol.PathOldConfirm+"?k=") {
			t.Fatalf("renew: %s", r.body)
		}
		_, second, _ := strings.Cut(renewed.Data.QR.URL, "k=")
		second, _, _ = strings.Cut(second, "&")
		phone := p.Phone(member)
		page.QRKey = second
		if scan(phone, page); confirm(phone, page, "").Outcome != "confirmed" {
			t.Fatal("not confirmed")
		}
		for name, c := range map[string]struct{ key, signature string }{
			"the key alone":                     {page.WebKey, ""},
			"the QR code's key":                 {second, page.Signature},
			"the QR code's key alone":           {second, ""},
			"the old k":                         {first, page.Signature},
			"another page's signature":          {page.WebKey, other.Signature},
			"the new page's signature":          {page.WebKey, login.Signature},
			"the signature without its bearer":  {page.WebKey, strings.TrimPrefix(page.Signature, "Bearer ")},
			"the signature cut":                 {page.WebKey, page.Signature[:len(page.Signature)-1]},
			"a key with something behind":       {page.WebKey + "\n", page.Signature},
			"another page's key with this sign": {other.WebKey, page.Signature},
			"the new page's keys":               {login.WebKey, login.Signature},
			"no key":                            {"", page.Signature},
		} {
			last := protocol.QRScanning // answered at once
			if got := page.OldPoll(c.key, c.signature, last); got.AuthCode != "" || c.key == login.WebKey && got.Status != protocol.QRErr {
				t.Errorf("%s, %s: %+v", path, name, got)
			}
			if got := page.WaitAs(c.key, c.signature, last); got.AuthCode != "" || got.RedirectURL != "" {
				t.Errorf("%s, %s: a code by the new wait", path, name)
			}
			if image := send(t, "GET", p.URL()+protocol.PathOldQRCode+"?key="+url.QueryEscape(c.key), ""); (image.status == http.StatusOK) != (c.key == page.WebKey || c.key == other.WebKey) {
				t.Errorf("%s, %s: picture %d", path, name, image.status)
			}
		}
		// The page's own poll has it, with nothing about the person; the plain one learns that it is over.
		if got := page.OldPoll(page.WebKey, page.Signature, protocol.QRScanning); got.Status != protocol.QRSuccess || got.AuthCode == "" {
			t.Errorf("%s: the page's own poll: %+v", path, got)
		}
		if got := page.OldPoll(page.WebKey, "", protocol.QRScanning); got.Status != protocol.QRSuccess {
			t.Errorf("%s: the key alone: %+v", path, got)
		}
	}
	// A stranger's frame.
	corp := p.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "s")
	for name, c := range map[string]struct {
		referer string
		refused bool
	}{
		"a stranger": {"https://evil.example/page", true}, "another port": {"http://127.0.0.1:3001/", true}, "the site's name with https": {"https://127.0.0.1:3000/", true},
		"the site": {platformtest.Origin + "/", false}, "one that hides its name": {"", false},
	} {
		a := send(t, "GET", p.URL()+protocol.PathOldCorpLogin+"?"+corp.Encode()+"&login_type=jssdk", "", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site", "Referer", c.referer)
		csp := a.header.Get("Content-Security-Policy")
		if refused := !strings.Contains(a.body, "web_key"); refused != c.refused || refused && !strings.Contains(a.body, "-31033") ||
			!refused && !strings.HasSuffix(csp, "frame-ancestors "+platformtest.Origin) {
			t.Errorf("%s: %s: %.300s", name, csp, a.body)
		}
	}
}

// Programs that drive the old pages: the poll as they take it apart, and the code without the
// page's signature where, and only where, the sandbox was told so.
func TestOldPoll(t *testing.T) {
	t.Parallel()
	for _, open := range []bool{false, true} {
		p := platformtest.Start(t, platformtest.Options{Config: func(c *platform.Config) { c.OldPolls = open }})
		page := p.OpenOld(protocol.PathOldCorpLogin, p.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "s"))
		m := regexp.MustCompile(`key\s*:\s*"([A-Za-z0-9_-]+)"`).FindStringSubmatch(page.Body)
		if m == nil || m[1] != page.WebKey {
			t.Fatalf("no key: %q", m)
		}
		poll := func(query string) answer {
			return send(t, "GET", p.URL()+protocol.PathOldPoll+"?"+query+"key="+m[1]+"&redirect_uri=x&appid=y&_=1700000000000", "")
		}
		phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
		scan(phone, page)
		a := poll("callback=jsonpCallback&")
		if a.body != `jsonpCallback({"status":"QRCODE_SCAN_ING","auth_code":""})` || a.header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
			a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Cross-Origin-Resource-Policy") != "same-origin" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %v", a.body, a.header)
		}
		if a = poll(""); a.body != `{"status":"QRCODE_SCAN_ING","auth_code":""}` || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			t.Errorf("without a callback: %s", a.body)
		}
		for _, bad := range []string{"alert(1)//", "a b", "<script>", "a;b", "1", strings.Repeat("a", 65), "a\n"} {
			if a = poll("callback=" + url.QueryEscape(bad) + "&"); strings.Contains(a.body, "QRCODE") || a.fields["errcode"] != float64(protocol.CodeInvalidParameter) {
				t.Errorf("callback %q: %s", bad, a.body)
			}
		}
		confirm(phone, page, "")
		a = poll("callback=jsonpCallback&lastStatus=QRCODE_SCAN_ING&")
		code := page.Wait(protocol.QRScanning).AuthCode
		want := `jsonpCallback({"status":"QRCODE_SCAN_SUCC","auth_code":""})`
		if open {
			want = `jsonpCallback({"status":"QRCODE_SCAN_SUCC","auth_code":"` + code + `"})`
		}
		if a.body != want || code == "" {
			t.Errorf("OldPolls %v: %s", open, a.body)
		}
		p.Advance(6 * time.Minute)
		if a = poll("callback=jsonpCallback&lastStatus=QRCODE_SCAN_SUCC&"); a.body != `jsonpCallback({"status":"QRCODE_SCAN_ERR","auth_code":""})` {
			t.Errorf("over: %s", a.body)
		}
	}
}

// The address in an old page's QR code leads to the phone and changes nothing, whoever opens it.
func TestOldConfirm(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := p.OpenOld(protocol.PathOldCorpLogin, p.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "s"))
	if !strings.Contains(page.Body, strings.ReplaceAll(page.OldQR(), "&", "&amp;")) {
		t.Fatal("the sandbox's QR code is no link to confirm2")
	}
	at := func(query string) string { return p.URL() + protocol.PathOldConfirm + "?" + query }
	for name, a := range map[string]answer{
		"GET":           send(t, "GET", at("k="+page.QRKey+"&notretry=yes"), ""),
		"HEAD":          send(t, "HEAD", at("k="+page.QRKey+"&notretry=yes"), ""),
		"in the client": send(t, "GET", at("k="+page.QRKey), "", "User-Agent", "wxwork/4.1", "Sec-Fetch-Site", "none"),
	} {
		if a.status != http.StatusSeeOther || a.header.Get("Location") != p.PublicURL()+"/q/"+page.QRKey {
			t.Errorf("%s: %d to %s", name, a.status, a.header.Get("Location"))
		}
	}
	if a := send(t, "GET", at("k="+page.QRKey+"&lang=en"), ""); a.header.Get("Location") != p.PublicURL()+"/q/"+page.QRKey+"?lang=en" {
		t.Errorf("in English: %s", a.header.Get("Location"))
	}
	for _, k := range []string{"", page.WebKey, "//evil.example/aaaaaaaaa", page.QRKey + "%0a", "../../console/aaaaaaaa", strings.Repeat("a", 23)} {
		if a := send(t, "GET", at("k="+k), ""); a.status != http.StatusNotFound || a.header.Get("Location") != "" {
			t.Errorf("k=%s: %d to %s", k, a.status, a.header.Get("Location"))
		}
	}
	if list := attempts(t, p); len(list) != 1 || list[0].State != "created" {
		t.Errorf("%v", list)
	}
}

// A style sheet of the site dresses the page only in a frame, under a policy that names it
// alone and lets nothing out.
func TestOldStyle(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	corp := p.OldLink(protocol.PathOldCorpLogin, platformtest.Origin+"/cb", "s")
	const data = "data:text/css;base64,LmltcG93ZXJCb3ggLnRpdGxlIHtkaXNwbGF5OiBub25lO30K"
	for name, c := range map[string]struct{ href, dest, source string }{
		"https":            {"https://app.example.com/a.css?v=1", "iframe", "https://app.example.com/a.css"},
		"data":             {data, "iframe", "data:"},
		"in its own page":  {data, "document", ""},
		"says nothing":     {data, "", ""},
		"http":             {"http://app.example.com/a.css", "iframe", ""},
		"a policy":         {"https://app.example.com/a.css; script-src *", "iframe", ""},
		"a whole host":     {"https://app.example.com/", "iframe", ""},
		"script":           {"javascript:alert(1)", "iframe", ""},
		"out of the quote": {`https://app.example.com/a.css"onload="x`, "iframe", ""},
	} {
		header := []string{"Referer", platformtest.Origin + "/"}
		if c.dest != "" {
			header = append(header, "Sec-Fetch-Dest", c.dest)
		}
		a := send(t, "GET", p.URL()+protocol.PathOldCorpLogin+"?"+with(corp, "href", c.href).Encode(), "", header...)
		csp := a.header.Get("Content-Security-Policy")
		want := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors " + platformtest.Origin
		links := 0
		if c.dest != "iframe" { // where a desktop client may be asked
			csp = regexp.MustCompile(`connect-src 'self'( http://127\.0\.0\.1:[0-9]+)*`).ReplaceAllString(csp, "connect-src 'self'")
		}
		if c.source != "" {
			want = strings.Replace(want, "style-src 'self'", "style-src 'self' "+c.source+"; font-src 'self' data:", 1)
			links = 1
		}
		foreign := regexp.MustCompile(`<link rel="stylesheet" href="(https:|data:)[^"]*">`).FindAllString(a.body, -1)
		if csp != want || len(foreign) != links || strings.Contains(a.body, "onload=\"x") || !strings.Contains(a.body, "web_key") {
			t.Errorf("%s: %q\n%s\n%s", name, foreign, csp, want)
		}
	}
}

// Our script in place of wwLogin-1.2.7.js, under its own address and under that of WeCom's CDN.
func TestWwLoginScript(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	var texts []string
	for _, path := range []string{protocol.PathWwLogin, protocol.PathWwLoginCDN} {
		a := send(t, "GET", p.URL()+path, "")
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") || a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
			a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		texts = append(texts, a.body)
	}
	if texts[0] != texts[1] || !strings.Contains(texts[0], "class WwLogin") {
		t.Error("the two addresses do not give the script")
	}
}
