package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// member is one worker: a browser, a site and a phone that is signed in.
type member struct {
	base   string       // of the server
	client *http.Client // keeps connections and the phone's cookie, follows no redirect
	csrf   string
	token  string // suite_access_token of the login suite
	link   string
	decide string // what the confirm page's form adds to its address
}

// requests of one sign-in: page, scan, confirm, wait, exchange.
const requests = 5

// newMember signs a person in on a phone of their own. Two persons take turns: one of them may
// be signed in on 50 devices, and there are more workers.
func newMember(ctx context.Context, env map[string]string, worker int) (*member, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	m := &member{base: env["base"], client: &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	m.link = m.base + "/wwlogin/sso/login?" + url.Values{"login_type": {"ServiceApp"}, "appid": {env["HUFU_LOGIN_SUITE_ID"]},
		"redirect_uri": {env["HUFU_REDIRECT_URI"]}, "state": {"b3f8c1d2a4e5"}}.Encode()
	userid := env["HUFU_MEMBER"]
	if worker%2 == 1 {
		userid = env["HUFU_ADMIN"]
	}
	form := url.Values{"person": {env["HUFU_CORPID"] + "/" + userid}, "next": {"/phone"}}
	if _, err := m.post(ctx, m.base+"/phone/sign-in", form.Encode()); err != nil {
		return nil, err
	}
	var home struct {
		CSRF string `json:"csrf"`
	}
	if err := m.json(ctx, "GET", m.base+"/phone", "", &home); err != nil {
		return nil, err
	}
	m.csrf = home.CSRF
	var ticket struct {
		Ticket string `json:"suite_ticket"`
	}
	if err := m.json(ctx, "GET", env["HUFU_CONTROL"]+"/suites/"+env["HUFU_LOGIN_SUITE_ID"]+"/ticket", "", &ticket); err != nil {
		return nil, err
	}
	var token struct {
		Token string `json:"suite_access_token"`
	}
	body, err := json.Marshal(map[string]string{"suite_id": env["HUFU_LOGIN_SUITE_ID"],
		"suite_secret": env["HUFU_LOGIN_SUITE_SECRET"], "suite_ticket": ticket.Ticket})
	if err != nil {
		return nil, err
	}
	if err := m.json(ctx, "POST", m.base+"/cgi-bin/service/get_suite_token", string(body), &token); err != nil {
		return nil, err
	}
	m.token = token.Token
	return m, m.look(ctx)
}

// look scans once and reads the confirm page, as every phone does, for the address of its
// form; it is the same at each sign-in but for the key.
func (m *member) look(ctx context.Context) error {
	page, err := m.do(ctx, "GET", m.link, "", nil)
	if err != nil {
		return err
	}
	qr := qrKey.FindSubmatch(page)
	if qr == nil {
		return errors.New("the login page has no QR code")
	}
	address := m.base + "/q/" + string(qr[1])
	if _, err := m.post(ctx, address+"/scan", "csrf="+m.csrf); err != nil {
		return err
	}
	var confirm struct {
		DecideURL string `json:"decide_url"`
	}
	err = m.json(ctx, "GET", address, "", &confirm)
	_, m.decide, _ = strings.Cut(confirm.DecideURL, "/decide")
	return err
}

var (
	webKey    = regexp.MustCompile(`"web_key":"([0-9a-f]{16})"`)
	signature = regexp.MustCompile(`"sessionSignature":"(Bearer [A-Za-z0-9_-]+)"`)
	qrKey     = regexp.MustCompile(`\\?/q\\?/([A-Za-z0-9_-]{22})`)
)

// signIn is one whole sign-in; timed is called around each of its requests.
func (m *member) signIn(ctx context.Context, timed func(func() error) error) error {
	var page []byte
	err := timed(func() (err error) { page, err = m.do(ctx, "GET", m.link, "", nil); return })
	if err != nil {
		return err
	}
	key, sig, qr := webKey.FindSubmatch(page), signature.FindSubmatch(page), qrKey.FindSubmatch(page)
	if key == nil || sig == nil || qr == nil {
		return fmt.Errorf("the login page lacks its keys: %.200s", page)
	}
	base := m.base + "/q/" + string(qr[1])
	if err := timed(func() error { _, err := m.post(ctx, base+"/scan", "csrf="+m.csrf); return err }); err != nil {
		return err
	}
	if err := timed(func() error {
		_, err := m.post(ctx, base+"/decide"+m.decide, "decision=confirm&csrf="+m.csrf)
		return err
	}); err != nil {
		return err
	}
	var wait struct {
		Data struct {
			Status string `json:"status"`
			Code   string `json:"auth_code"`
		} `json:"data"`
	}
	err = timed(func() error {
		body := `{"webKey":"` + string(key[1]) + `","lastStatus":"QRCODE_SCAN_NEVER","openDataSid":null}`
		raw, err := m.do(ctx, "POST", m.base+"/wwlogin/monoApi/sso/login/getWebQrCodeStatus?lang=zh_CN&ajax=1&f=json&random=1",
			body, map[string]string{"Authorization": string(sig[1])})
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, &wait)
	})
	if err != nil {
		return err
	}
	return timed(func() error {
		var who struct {
			ErrCode int    `json:"errcode"`
			UserID  string `json:"userid"`
		}
		query := url.Values{"suite_access_token": {m.token}, "code": {wait.Data.Code}}
		if err := m.json(ctx, "GET", m.base+"/cgi-bin/service/auth/getuserinfo3rd?"+query.Encode(), "", &who); err != nil {
			return err
		}
		if who.ErrCode != 0 || who.UserID == "" {
			return fmt.Errorf("exchange: errcode %d after status %s", who.ErrCode, wait.Data.Status)
		}
		return nil
	})
}

func (m *member) post(ctx context.Context, address, form string) ([]byte, error) {
	return m.do(ctx, "POST", address, form, map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
}

func (m *member) json(ctx context.Context, method, address, body string, out any) error {
	raw, err := m.do(ctx, method, address, body, map[string]string{"Accept": "application/json"})
	if err != nil {
		return err
	}
	return json.NewDecoder(bytes.NewReader(raw)).Decode(out)
}

func (m *member) do(ctx context.Context, method, address, body string, header map[string]string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	resp, err := m.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: HTTP %d", method, r.URL.Path, resp.StatusCode)
	}
	return raw, err
}
