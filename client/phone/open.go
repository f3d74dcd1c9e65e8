package phone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// AllDetails, in OpenOptions.Details, stands for every detail that an app asks for.
const AllDetails = "all"

// OpenOptions say whose phone opens an app, and what its owner answers when asked.
type OpenOptions struct {
	Options // Decision is Confirm, Refuse or empty; Number is not asked for

	// Details are what the member shows beyond who they are (gender, mobile, email …), where the
	// app asks for it; AllDetails is all of them. They count with Decision; without one Ask is
	// asked.
	Details []string
}

// Opened is where a link has led.
type Opened struct {
	// Address is the app's page with all that was handed to it: while HasCode, whoever reads it
	// before the app does can try to sign in there.
	Address string
	HasCode bool // false: it was refused
}

// Open opens a link to a sign-in inside the client (网页授权, protocol.PathAuthorize) on a phone
// that is signed in, as a person does who types it, and answers what is asked. The page of the
// app itself is not asked for: where it is, with the code, is the result.
func Open(ctx context.Context, link string, o OpenOptions) (Opened, error) {
	target, ok := parse(link)
	if !ok || target.Path != protocol.PathAuthorize {
		return Opened{}, errors.New("不是网页授权链接 not a link to " + protocol.PathAuthorize)
	}
	if slices.Contains([]string{protocol.HostOAuth, protocol.HostOpen}, target.Hostname()) {
		return Opened{}, fmt.Errorf("%s 是企业微信的域名，请换成平台的地址 is WeCom's own: put the platform's address in its place (HUFU_OPEN)", target.Host)
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	c, err := newClient(target)
	if err != nil {
		return Opened{}, err
	}
	v := &visit{scan: scan{Options: o.Options, client: c}, details: o.Details}
	if err := v.enter(ctx); err != nil {
		return Opened{}, err
	}
	return v.run(ctx, target)
}

// visit is an app that is being opened.
type visit struct {
	scan
	details []string
	ended   *url.URL // the app's page, once the platform has led there
}

// homePath is the phone's home page, which leads whoever is not signed in to the sign-in.
const homePath = "/phone"

// enter signs the phone in.
func (v *visit) enter(ctx context.Context) error {
	page, err := v.client.get(ctx, homePath)
	if err == nil && page.SignInURL != "" {
		page, err = v.signIn(ctx, page)
	}
	return cmp.Or(err, page.failure())
}

func (v *visit) run(ctx context.Context, link *url.URL) (Opened, error) {
	// What is not the platform's own is where it leads: it is noted, and not asked for.
	follow := v.client.http.CheckRedirect
	v.client.http.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if v.client.owns(r.URL) {
			return follow(r, via)
		}
		v.ended = r.URL
		return http.ErrUseLastResponse
	}
	page, err := v.ask(ctx, http.MethodGet, link.RequestURI(), nil)
	for range maxPages {
		if err == nil && v.ended == nil {
			err = page.failure()
		}
		switch {
		case err != nil:
			return Opened{}, err
		case v.ended != nil:
			return v.end()
		case page.SignInURL != "":
			return Opened{}, errNotKept
		case page.DecideURL != "":
			page, err = v.decide(ctx, page)
		case len(page.Companies) > 0:
			page, err = v.choose(ctx, page)
		default:
			return Opened{}, errStrange
		}
	}
	return Opened{}, errEndless
}

// ask asks for a page as a browser does in which an address was typed.
func (v *visit) ask(ctx context.Context, method, path string, form url.Values) (view, error) {
	r, err := v.client.request(ctx, method, path, form)
	if err != nil {
		return view{}, err
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Site", "none")
	r.Header.Set("Sec-Fetch-User", "?1")
	if method == http.MethodPost { // which comes from the page that asks
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := v.client.http.Do(r)
	if err != nil {
		return view{}, v.client.failed(err)
	}
	if v.ended != nil {
		return view{}, resp.Body.Close()
	}
	return v.client.read(resp)
}

// choose takes the company of As, or asks.
func (v *visit) choose(ctx context.Context, page view) (view, error) {
	picked, err := v.company(page.Companies)
	if err != nil {
		return view{}, err
	}
	return v.ask(ctx, http.MethodGet, picked.URL, nil)
}

// decide shows what the app would learn and answers.
func (v *visit) decide(ctx context.Context, page view) (view, error) {
	v.showAsker(page)
	v.showShare(page)
	v.showDetails(page)
	asked := v.Decision == ""
	if asked {
		answer, err := v.scan.ask("确认 c / 拒绝 r？ confirm c, refuse r [r]")
		if err != nil {
			return view{}, err
		}
		if v.Decision = Refuse; decisionOf(answer) == Confirm {
			v.Decision = Confirm
		}
	}
	form := url.Values{"csrf": {page.CSRF}, "decision": {string(v.Decision)}}
	if v.Decision == Confirm && page.Private {
		agreed, err := v.agreed(page.Details, asked)
		if err != nil {
			return view{}, err
		}
		form["detail"] = agreed
	}
	return v.ask(ctx, http.MethodPost, page.DecideURL, form)
}

// agreed are the details to show, of those that the app asks for.
func (v *visit) agreed(offered []detail, asked bool) (list []string, err error) {
	wanted := v.details
	if asked && len(offered) > 0 {
		answer, err := v.scan.ask("提供哪些？用逗号分隔，all 为全部 which of these, with commas between, or all [none]")
		if err != nil {
			return nil, err
		}
		wanted = strings.FieldsFunc(answer, func(c rune) bool { return c == ',' || c == '，' || c == ' ' })
	}
	for _, d := range offered {
		if slices.Contains(wanted, AllDetails) || slices.Contains(wanted, d.Name) {
			list = append(list, d.Name)
		}
	}
	for _, name := range wanted {
		if name != AllDetails && !slices.Contains(list, name) {
			return nil, fmt.Errorf("应用没有要求，或成员没有填写：%s the app does not ask for it, or the member has none", plain(name))
		}
	}
	return list, nil
}

func (v *visit) end() (Opened, error) {
	if v.ended.Scheme != "http" && v.ended.Scheme != "https" {
		return Opened{}, errElsewhere
	}
	o := Opened{Address: v.ended.String(), HasCode: v.ended.Query().Get(protocol.QueryCode) != ""}
	if !o.HasCode && v.Decision == Confirm {
		return Opened{}, errors.New("平台没有给出授权码 the platform gave no code")
	}
	v.say("已到 led to      %s://%s%s", v.ended.Scheme, v.ended.Host, v.ended.EscapedPath())
	if o.HasCode {
		v.say("带有授权码，五分钟内有效 with a code, good for five minutes")
	} else {
		v.say("没有授权码：已拒绝 without a code: refused")
	}
	return o, nil
}
