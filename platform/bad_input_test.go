package platform_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// routes are all the public addresses there are; {key} stands for a QR key.
var routes = []string{
	protocol.PathGetProviderToken, protocol.PathGetSuiteToken, protocol.PathGetToken, protocol.PathGetUserInfo3rd,
	protocol.PathOldGetUserInfo3rd, protocol.PathGetUserInfo, protocol.PathOldGetUserInfo, protocol.PathUserGet,
	protocol.PathLogin, protocol.PathLoginWait, protocol.PathLoginRenew, protocol.PathLoginDesktop, protocol.PathLoginQRCode, "/wwlogin/panel.js",
	protocol.PathDesktopEnrol, protocol.PathDesktopWait, protocol.PathDesktopCollect, protocol.PathDesktopState, protocol.PathDesktopClaim,
	protocol.PathDesktopDecide, protocol.PathDesktopSignOut,
	"/q/{key}", "/q/{key}/scan", "/q/{key}/choose", "/q/{key}/decide", "/q/{key}/report",
	"/phone", "/phone/open", "/phone/sign-in", "/phone/sign-out", "/healthz", "/static/x/y.css", "/", "/unknown",
}

// isAPI tells whose answers are WeCom's envelope: always 200.
func isAPI(path string) bool {
	return strings.HasPrefix(path, "/cgi-bin/") || path == protocol.PathLoginWait || path == protocol.PathLoginRenew || path == protocol.PathLoginDesktop
}

// Whatever arrives, wherever: an answer below 500, and soon.
func TestBadInput(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := openPage(t, p)
	big, deep := strings.Repeat("x", 2<<20), strings.Repeat(`{"a":`, 50_000)
	bodies := map[string]string{
		"empty": "", "2 MiB": big, "broken JSON": `{"suite_id":`, "deep JSON": deep, "null": "null", "array": "[]", "number": "1e999",
		"not UTF-8": "\xff\xfe\x00{", "wrong types": `{"suite_id":[],"corpid":{},"webKey":5,"lastStatus":{}}`,
		"a broken form": "webKey=%zz&csrf=%", "a form of many": strings.Repeat("a=b&", 20_000), "NULs": "\x00\x00",
		"duplicate fields": `{"webKey":"a","webKey":"b","suite_id":"x","suite_id":"y"}`,
		"a huge number":    `{"lastStatus":123456789012345678901234567890}`,
	}
	queries := map[string]string{
		"none": "", "very long": "state=" + strings.Repeat("a", 20_000), "broken escapes": "a=%zz&code=%&redirect_uri=%u4e2d",
		"semicolons": "a=1;b=2", "not UTF-8": "code=%ff%fe&state=%c3%28&redirect_uri=%ff&appid=%ff&userid=%ff&key=%ff&next=%ff&as=%ff",
		"line breaks": "code=%0d%0aSet-Cookie:x&state=%0d%0a&lang=%0d%0a&next=%0d%0aLocation:x&redirect_uri=https://a%0d%0ab",
		"repeated":    "suite_access_token=a&suite_access_token=b&code=a&code=b&appid=a&appid=b",
		"many":        strings.Repeat("a=b&", 3000), "NULs": "code=%00&access_token=%00&userid=%00&appid=%00&key=%00",
		"not numbers": "agentid=1e9&as=99999999999999999999&corpid=-1&login_type=CorpApp&appid=" + p.Sample.CorpID,
	}
	headers := map[string][]string{
		"hostile": {"Referer", "::::", "User-Agent", strings.Repeat("\u00ff(", 2000), "Accept-Language", strings.Repeat("zh;q=x,", 500),
			"Accept", strings.Repeat("application/json,", 300), "X-Forwarded-For", strings.Repeat("1.2.3.4,", 400), "Cookie", "hufu_phone=" + strings.Repeat("a", 43),
			"Authorization", "Bearer \x80\xff", "Sec-Fetch-Site", "none\t", "Content-Type", "application/x-www-form-urlencoded; boundary=\"\"; charset=utf-7"},
		"multipart":             {"Content-Type", "multipart/form-data; boundary=x", "Accept", "application/json"},
		"no multipart boundary": {"Content-Type", "multipart/form-data"},
		"framed":                {"Sec-Fetch-Dest", "iframe", "Referer", "https://evil.example/\xff", "Sec-Fetch-Site", "cross-site"},
	}
	signedIn := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	cookies := ""
	for name, value := range signedIn.Cookies() {
		cookies += name + "=" + value + "; "
	}

	slow := time.AfterFunc(2*time.Minute, func() { t.Error("some answers take very long") })
	defer slow.Stop()
	check := func(method, route, query, body string, header ...string) {
		for _, key := range []string{page.QRKey, "x", strings.Repeat("A", 22), "%ff", strings.Repeat("k", 5000)} {
			if !strings.Contains(route, "{key}") && key != page.QRKey {
				break
			}
			address := p.URL() + strings.ReplaceAll(route, "{key}", key)
			if query != "" {
				address += "?" + query
			}
			a, err := roundTrip(method, address, body, header...)
			name := fmt.Sprintf("%s %s ?%.40s %.30q", method, route, query, body)
			switch {
			case err != nil:
				t.Errorf("%s: %v", name, err)
			case a.status >= 500, a.status < 200:
				t.Errorf("%s: %d %.200s", name, a.status, a.body)
			case isAPI(route) && method != "HEAD" && method != "PUT" && (a.status != 200 || a.fields == nil) && !(a.status == 405 && strings.HasPrefix(route, "/wwlogin")):
				t.Errorf("%s: no envelope: %d %.200s", name, a.status, a.body)
			case isAPI(route) && a.fields["errcode"] == -1.0:
				t.Errorf("%s: system busy", name)
			}
			if strings.Contains(a.header.Get("Location"), "evil") || a.header.Get("Set-Cookie") == "x" {
				t.Errorf("%s: headers %v", name, a.header)
			}
		}
	}
	var wg sync.WaitGroup
	for _, route := range routes {
		wg.Go(func() {
			for _, body := range bodies {
				check("POST", route, "", body)
				check("POST", route, "", body, "Content-Type", "application/json", "Hufu-Device", "1", "Hufu-Time", "1", "Hufu-Nonce", "\xff", "Hufu-Signature", "x")
				check("POST", route, "", body, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookies)
			}
			for _, query := range queries {
				check("GET", route, query, "")
				check("POST", route, query, `{}`, "Cookie", cookies)
			}
			for _, header := range headers {
				check("GET", route, "x=1", "", header...)
				check("POST", route, "", "--x\r\n", header...)
			}
			for _, method := range []string{"HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X"} {
				check(method, route, "", "")
			}
		})
	}
	wg.Wait()
	if w := stateNow(page); w.Status != protocol.QRNever {
		t.Errorf("after all this the page sees %+v", w)
	}
}

// roundTrip is send for what may fail on the way: a server may close the connection on a
// client that goes on sending.
func roundTrip(method, address, body string, header ...string) (answer, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header[header[i]] = []string{header[i+1]}
	}
	for range 3 {
		resp, err2 := browserless.Do(r)
		if err = err2; err == nil {
			defer resp.Body.Close()
			raw, err := io.ReadAll(resp.Body)
			a := answer{status: resp.StatusCode, header: resp.Header, body: string(raw)}
			a.parse(raw)
			return a, err
		}
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	return answer{}, err
}

// What no HTTP client would send gets an answer, or a closed connection, and harms nobody.
func TestBrokenHTTP(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, request := range []string{
		"GET / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "GET /q/\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET //evil.example/%2e%2e HTTP/1.1\r\nHost: a\r\n\r\n", "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /static/../../x HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST /cgi-bin/service/get_suite_token HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"POST /cgi-bin/service/get_suite_token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 70<<10) + "\r\n\r\n", "GET /" + strings.Repeat("x", 70<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
		"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", p.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		io.WriteString(conn, request) // it may be closed half-way
		conn.(*net.TCPConn).CloseWrite()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil && resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented {
			t.Errorf("%.60q: %d", request, resp.StatusCode)
		}
		if e, ok := err.(net.Error); ok && e.Timeout() {
			t.Errorf("%.60q: no answer", request)
		}
		conn.Close()
	}
	if a := send(t, "GET", p.URL()+"/healthz", ""); a.status != http.StatusNoContent {
		t.Errorf("afterwards: %d", a.status)
	}
}

// A form that says where to go on afterwards leads nowhere but to the phone's own pages.
func TestNoOpenRedirect(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "/q/../../evil", "/q//evil.example", "/q/%2F%2Fevil.example",
		"javascript:alert(1)", "/phone\r\nX: y", "/phone%0d%0aX: y", "/q/%0d%0aX:%20y", "phone", "/phoney", "/static/x", "\x00", "/q/%5cevil.example"} {
		form := url.Values{"person": {p.Sample.CorpID + "/" + p.Sample.Member}, "next": {next}}
		a := send(t, "POST", p.URL()+"/phone/sign-in", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		to, err := url.Parse(a.header.Get("Location"))
		if a.status != http.StatusSeeOther || err != nil || to.IsAbs() || to.Host != "" || strings.HasPrefix(to.Path, "//") || a.header.Get("X") != "" ||
			to.Path != "/phone" && !strings.HasPrefix(to.Path, "/q/") && to.Path != "/" && to.Path != "/evil" {
			t.Errorf("next %q: %d to %q", next, a.status, a.header.Get("Location"))
		}
	}
}
