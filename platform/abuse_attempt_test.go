package platform_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// Abuse case 5: the code goes only to a poll that bears the page's own signature.
func TestAbuse5(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page, other := openPage(t, p), openPage(t, p)
	if page.Signature == other.Signature {
		t.Fatal("two pages have one signature")
	}
	if len(strings.TrimPrefix(page.Signature, "Bearer ")) < 43 {
		t.Fatalf("a signature of under 256 bits: %q", page.Signature)
	}
	if strings.Contains(page.QRKey, page.WebKey) {
		t.Fatal("the QR key holds the web key")
	}
	p.Control("POST", "/confirm", map[string]string{"qr": page.QR(), "member": p.Sample.CorpID + "/" + p.Sample.Member}, nil)

	for _, c := range []struct{ name, key, signature string }{
		{"web key alone", page.WebKey, ""},
		{"another page's signature", page.WebKey, other.Signature},
		{"the QR key", page.QRKey, page.Signature},
		{"the QR key alone", page.QRKey, ""},
		{"the QR key as signature", page.WebKey, "Bearer " + page.QRKey},
		{"the web key as signature", page.WebKey, "Bearer " + page.WebKey},
		{"the signature without Bearer", page.WebKey, strings.TrimPrefix(page.Signature, "Bearer ")},
		{"the signature cut", page.WebKey, page.Signature[:len(page.Signature)-1]},
		{"the signature and more", page.WebKey, page.Signature + "A"},
		{"the web key in capitals", strings.ToUpper(page.WebKey) + "A", page.Signature},
		{"an empty key", "", page.Signature},
		{"the empty key's signature", "", "Bearer "},
	} {
		if w := page.WaitAs(c.key, c.signature, protocol.QRNever); w.Status != protocol.QRErr || w.AuthCode != "" || w.RedirectURL != "" || w.Name != "" {
			t.Errorf("%s: %+v", c.name, w)
		}
	}
	// Nor does another page's signature renew a QR code, which would show the next one, or hand
	// the sign-in to a desktop client.
	for _, signature := range []string{"", page.Signature, "Bearer " + other.WebKey, "Bearer " + other.QRKey} {
		a := send(t, "POST", p.URL()+protocol.PathLoginRenew, jsonOf("webKey", other.WebKey), "Authorization", signature)
		if !strings.Contains(a.body, string(protocol.QRErr)) || strings.Contains(a.body, `"path"`) {
			t.Errorf("renewed: %s", a.body)
		}
		a = send(t, "POST", p.URL()+protocol.PathLoginDesktop, jsonOf("webKey", other.WebKey), "Authorization", signature)
		if !strings.Contains(a.body, string(protocol.QRErr)) || strings.Contains(a.body, "client_key") {
			t.Errorf("handed over: %s", a.body)
		}
	}
	// A form, and the signature in query or body, carry no proof either.
	wait := p.URL() + protocol.PathLoginWait + "?lastStatus=0&webKey=" + page.WebKey
	for _, body := range []string{
		"webKey=" + page.WebKey + "&lastStatus=0",
		"webKey=" + page.WebKey + "&lastStatus=0&Authorization=" + url.QueryEscape(page.Signature),
		`{"webKey":"` + page.WebKey + `","sessionSignature":"` + page.Signature + `"}`,
	} {
		a := send(t, "POST", wait+"&Authorization="+url.QueryEscape(page.Signature), body)
		if !strings.Contains(a.body, string(protocol.QRErr)) || strings.Contains(a.body, "redirect_url") {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	// The page's picture is not to be had for the QR key.
	if a := send(t, "GET", p.URL()+protocol.PathLoginQRCode+"?key="+page.QRKey, ""); a.status != http.StatusNotFound {
		t.Errorf("picture for the QR key: %d", a.status)
	}
	if w := page.Wait(protocol.QRNever); w.AuthCode == "" {
		t.Errorf("the page itself: %+v", w)
	}
	if w := stateNow(other); w.Status != protocol.QRNever || w.AuthCode != "" {
		t.Errorf("the other page: %+v", w)
	}
}

// Abuse case 6: opening the QR's URL changes nothing, whoever does it.
func TestAbuse6(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := openPage(t, p)
	address := p.URL() + "/q/" + page.QRKey
	member := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)

	for name, open := range map[string]func() int{
		"preview bot": func() int {
			return send(t, "GET", address, "", "User-Agent", "facebookexternalhit/1.1", "Accept", "*/*").status
		},
		"HEAD":              func() int { return send(t, "HEAD", address, "").status },
		"prefetch":          func() int { return send(t, "GET", address, "", "Sec-Purpose", "prefetch;prerender").status },
		"signed-out camera": func() int { return send(t, "GET", address, "", "Sec-Fetch-Site", "none", "Accept", "text/html").status },
		"signed-out tap":    func() int { return send(t, "POST", address+"/scan", "").status },
		"GET of the action": func() int { return send(t, "GET", address+"/scan", "").status },
		"GET of decide":     func() int { return send(t, "GET", address+"/decide?decision=confirm", "").status },
		"signed-in phone that only looks": func() int {
			return member.Get("/q/"+page.QRKey, nil)
		},
		"signed-in GET of the action": func() int { return member.Get("/q/"+page.QRKey+"/scan", nil) },
		"a form from elsewhere": func() int {
			return member.Post("/q/"+page.QRKey+"/scan", url.Values{"csrf": {"made-up"}}, nil)
		},
		"a decision before the scan": func() int {
			return member.Post("/q/"+page.QRKey+"/decide", url.Values{"decision": {"confirm"}}, nil)
		},
		"the choice of company": func() int {
			return member.Post("/q/"+page.QRKey+"/choose", url.Values{"company": {"1"}}, nil)
		},
	} {
		if status := open(); status >= 500 {
			t.Errorf("%s: %d", name, status)
		}
		if w := stateNow(page); w.Status != protocol.QRNever {
			t.Fatalf("%s: the page sees %s", name, w.Status)
		}
		if list := attempts(t, p); len(list) != 1 || list[0].State != "created" {
			t.Fatalf("%s: attempts %+v", name, list)
		}
	}
	if o := scan(member, page); o.Reason != "" {
		t.Fatalf("the scan itself: %+v", o)
	}
	if w := stateNow(page); w.Status != protocol.QRScanning {
		t.Errorf("after the scan: %+v", w)
	}
}

// Abuse case 6, the other way round: another site's page cannot tap for a signed-in phone.
func TestAbuse6CrossSite(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := openPage(t, p)
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	cookies := ""
	for name, value := range phone.Cookies() {
		cookies += name + "=" + value
	}
	// The form's own token is there, so that the origin alone is what refuses.
	form := url.Values{"decision": {"confirm"}, "csrf": {phone.CSRF}}.Encode()
	for _, header := range [][]string{
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
	} {
		for _, action := range []string{"/scan", "/decide", "/report", "/choose"} {
			a := send(t, "POST", p.URL()+"/q/"+page.QRKey+action, form, append(header, "Cookie", cookies,
				"Content-Type", "application/x-www-form-urlencoded")...)
			if a.status != http.StatusForbidden {
				t.Errorf("%s %v: %d", action, header, a.status)
			}
		}
	}
	if w := stateNow(page); w.Status != protocol.QRNever {
		t.Errorf("the page sees %s", w.Status)
	}
}

// Abuse case 7: the first phone that scans is the only one that may go on.
func TestAbuse7(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true})
	wei, fang := p.Sample.CorpID+"/"+p.Sample.Member, p.Sample.CorpID+"/"+p.Sample.Admin

	t.Run("two members", func(t *testing.T) {
		page := openPage(t, p)
		first, second := p.Phone(wei), p.Phone(fang)
		scan(first, page)
		if o := scan(second, page); o.Reason != "other" {
			t.Errorf("second scan: %+v", o)
		}
		number := stateNow(page).Number
		if o := confirm(second, page, number); o.Reason != "other" {
			t.Errorf("the second confirms: %+v", o)
		}
		for _, decision := range []string{"/report", "/decide"} {
			var o outcome
			second.Post("/q/"+page.QRKey+decision, url.Values{"decision": {"refuse"}}, &o)
			if o.Reason != "other" {
				t.Errorf("the second's %s: %+v", decision, o)
			}
		}
		var seen outcome
		if second.Get("/q/"+page.QRKey, &seen); seen.Reason != "other" {
			t.Errorf("the second looks: %+v", seen)
		}
		if w := stateNow(page); w.Status != protocol.QRScanning || w.Name != "张*" || w.Number != number {
			t.Errorf("the page now sees %+v", w)
		}
		if o := confirm(first, page, number); o.Outcome != "confirmed" {
			t.Errorf("the first: %+v", o)
		}
		if o := scan(second, page); o.Outcome == "confirmed" || o.Reason == "" {
			t.Errorf("the second afterwards: %+v", o)
		}
	})
	t.Run("another device of the same person", func(t *testing.T) {
		page := openPage(t, p)
		phone, tablet := p.Phone(wei), p.Phone(wei)
		scan(phone, page)
		if o := confirm(tablet, page, stateNow(page).Number); o.Reason != "other" {
			t.Errorf("the tablet confirms: %+v", o)
		}
		if o := scan(tablet, page); o.Reason != "other" {
			t.Errorf("the tablet scans: %+v", o)
		}
		if w := stateNow(page); w.Status != protocol.QRScanning {
			t.Errorf("the page sees %+v", w)
		}
	})
	t.Run("a photographer without the number", func(t *testing.T) {
		page := openPage(t, p)
		thief := p.Phone(fang)
		var asked outcome
		thief.Post("/q/"+page.QRKey+"/scan", nil, &asked)
		if !asked.NumberAsked {
			t.Fatal("no number is asked for")
		}
		for _, typed := range []string{"", "1", "abc", "123", " 7"} {
			if o := confirm(thief, page, typed); o.NumberProblem != "empty" {
				t.Errorf("number %q: %+v", typed, o)
			}
		}
		if w := stateNow(page); w.Status != protocol.QRScanning || w.AuthCode != "" {
			t.Errorf("the page sees %+v", w)
		}
	})
	t.Run("two scan at once", func(t *testing.T) {
		page := openPage(t, p)
		phones := []*platformtest.Phone{p.Phone(wei), p.Phone(fang), p.Phone(wei)}
		var wg sync.WaitGroup
		results := make([]outcome, len(phones))
		for i, ph := range phones {
			wg.Go(func() { results[i] = scan(ph, page) })
		}
		wg.Wait()
		won := 0
		for _, o := range results {
			if o.Reason == "" {
				won++
			} else if o.Reason != "other" {
				t.Errorf("%+v", o)
			}
		}
		if won != 1 {
			t.Errorf("%d phones have scanned", won)
		}
	})
}

// wrong is a number of two digits that is not the one on the page.
func wrong(t testing.TB, page *platformtest.LoginPage) string {
	t.Helper()
	n, err := strconv.Atoi(stateNow(page).Number)
	if err != nil || n < 10 || n > 99 {
		t.Fatalf("the page's number: %d, %v", n, err)
	}
	return strconv.Itoa(10 + (n-10+1)%90)
}

// Abuse case 8: one wrong number refuses, three in ten minutes block the person and the
// address.
func TestAbuse8(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true, Config: fromAddresses})
	wei, fang := p.Sample.CorpID+"/"+p.Sample.Member, p.Sample.CorpID+"/"+p.Sample.Admin
	phone := p.PhoneAt(wei, "192.0.2.1")

	for try := 1; try <= 3; try++ {
		page := openPage(t, p)
		if o := scan(phone, page); o.Reason != "" {
			t.Fatalf("scan %d: %+v", try, o)
		}
		right := stateNow(page).Number
		if o := confirm(phone, page, wrong(t, page)); o.Reason != "number" {
			t.Fatalf("wrong number %d: %+v", try, o)
		}
		if w := stateNow(page); w.Status != protocol.QRFail || w.AuthCode != "" {
			t.Errorf("after the wrong number the page sees %+v", w)
		}
		if o := confirm(phone, page, right); o.Outcome == "confirmed" {
			t.Error("a second try of the same attempt was accepted")
		}
	}
	for name, ph := range map[string]*platformtest.Phone{
		"person and address":         phone,
		"the person from elsewhere":  p.PhoneAt(wei, "198.51.100.7"),
		"another person, same place": p.PhoneAt(fang, "192.0.2.1"),
	} {
		if o := scan(ph, openPage(t, p)); o.Reason != "blocked" {
			t.Errorf("%s: %+v", name, o)
		}
	}
	free := p.PhoneAt(fang, "198.51.100.7")
	page := openPage(t, p)
	scan(free, page)
	if o := confirm(free, page, stateNow(page).Number); o.Outcome != "confirmed" {
		t.Errorf("another person elsewhere: %+v", o)
	}
	p.Advance(10*time.Minute + time.Second)
	page = openPage(t, p)
	scan(phone, page)
	if o := confirm(phone, page, stateNow(page).Number); o.Outcome != "confirmed" {
		t.Errorf("ten minutes later: %+v", o)
	}
}

// Abuse case 8, guesses over parallel attempts: however many attempts are open, three
// wrong numbers are all there is.
func TestAbuse8Parallel(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true})
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	const open = 24
	pages, guesses := make([]*platformtest.LoginPage, open), make([]string, open)
	for i := range pages {
		pages[i] = openPage(t, p)
		scan(phone, pages[i])
		guesses[i] = wrong(t, pages[i])
	}
	results := make([]outcome, open)
	var wg sync.WaitGroup
	for i := range pages {
		wg.Go(func() { results[i] = confirm(phone, pages[i], guesses[i]) })
	}
	wg.Wait()
	counted := map[string]int{}
	for _, o := range results {
		counted[o.Reason]++
	}
	if counted["number"] != 3 || counted["blocked"] != open-3 {
		t.Errorf("%d guesses were answered %v; want 3 numbers and the rest blocked", open, counted)
	}
	// The right number comes too late as well.
	for i, page := range pages {
		if results[i].Reason != "blocked" {
			continue
		}
		if o := confirm(phone, page, stateNow(page).Number); o.Reason != "blocked" {
			t.Errorf("a right number while blocked: %+v", o)
		}
		break
	}
}

// In the sandbox the number is asked for from another network only.
func TestNumberFromElsewhere(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Config: fromAddresses})
	for address, asked := range map[string]bool{"": false, "192.0.2.1": true, "2001:db8::1": true, "::1": false} {
		ph := p.PhoneAt(p.Sample.CorpID+"/"+p.Sample.Member, address)
		page := openPage(t, p)
		if o := scan(ph, page); o.NumberAsked != asked {
			t.Errorf("phone at %q: asked %v", address, o.NumberAsked)
		}
		if w := stateNow(page); (w.Number != "") != asked {
			t.Errorf("phone at %q: the page shows %q", address, w.Number)
		}
	}
}

// Numbers are drawn at each scan, from 10 to 99.
func TestNumberIsDrawn(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{NumberAlways: true})
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	seen := map[string]bool{}
	for range 12 {
		page := openPage(t, p)
		if w := stateNow(page); w.Number != "" || w.Name != "" {
			t.Fatalf("before the scan the page sees %+v", w)
		}
		scan(phone, page)
		wrong(t, page) // checks the range
		seen[stateNow(page).Number] = true
		if strings.Contains(fmt.Sprint(scan(phone, page)), stateNow(page).Number) {
			t.Error("the phone is told the number")
		}
	}
	if len(seen) < 3 {
		t.Errorf("twelve scans gave the numbers %v", seen)
	}
}
