package login

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// showLogin begins an attempt and shows its QR code, or says why the link is not served.
func (h *Handler) showLogin(w http.ResponseWriter, r *http.Request) error {
	a := readQuery(r)
	if r.Method == http.MethodHead {
		// A link preview begins nothing.
		return nil
	}
	if !navigates(r) {
		// An image or a script of another page, which would use up the limit of whoever
		// looks at it.
		return respond.Forbidden(nil)
	}
	bad, err := h.check(r.Context(), &a)
	if err != nil {
		return err
	}
	if bad == nil && len(a.state) > maxState {
		return respond.BadRequest(respond.Fact{Label: "login.fact.state_too_long", Value: protocol.ParamState})
	}
	if bad == nil && !challengeOK(r.URL.Query(), a.challenge) {
		return respond.BadRequest(respond.Fact{Label: "login.fact.challenge", Value: protocol.ParamCodeChallengeMethod})
	}
	trusted := []string{}
	if bad == nil {
		trusted = a.app.Origins(h.Development)
		bad = checkParent(r, trusted)
	}
	if bad != nil {
		return h.showRefusal(w, r, a, bad)
	}
	if h.Begun.Add(respond.Network(respond.ClientAddr(r)).String()) {
		return respond.TooMany(time.Minute)
	}
	page, err := h.Attempts.Begin(r.Context(), attempt.Request{
		App: a.app.Row, Kind: codeKind(a.app), RedirectURI: a.redirectURI, Origin: a.redirect.Origin,
		State: a.state, Challenge: a.challenge,
		Address: respond.ClientAddr(r), Browser: r.UserAgent(),
	})
	if err != nil {
		return err
	}
	respond.FrameAncestors(w, trusted)
	desktop := offerDesktop(w, r, a.fastLogin)
	return h.render(w, r, Page{
		Frame: h.frame(r, a, Settings{
			WebKey: page.WebKey, SessionSignature: page.Signature,
			TargetOrigin: a.redirect.Origin, TrustedOrigins: trusted,
			ExpiresIn: int(attempt.QRLife.Seconds()), QRCode: protocol.PathLoginQRCode + "?key=" + page.WebKey,
			Development: h.Development && len(a.app.Addresses.Development) > 0,
			Failures:    PageFailures(),
			Desktop:     desktop,
		}),
		Site: a.redirect.Host,
		QR:   h.qr(page.QRKey),
	})
}

// render shows the page. All but five of its values are the same for whoever comes to the
// same app from the same kind of page, and its templates are a good part of what a sign-in
// costs: they run once for all of them.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, v Page) error {
	settings, err := v.SettingsText()
	if err != nil {
		return err
	}
	key := strings.Join([]string{v.Brand, v.Site, v.Settings.TargetOrigin, v.Scheme,
		strconv.FormatBool(v.Embedded), strconv.FormatBool(v.Settings.Desktop != nil), strconv.Itoa(v.QR.Size)}, "\x00")
	marked := func(mark func(int) string) any {
		m := v
		m.Other, m.RequestID, m.settings, m.QR.Path = mark(0), mark(1), mark(2), mark(3)
		if m.QR.URL != "" {
			m.QR.URL = mark(4)
		}
		return m
	}
	values := []string{html.EscapeString(v.Other), html.EscapeString(v.RequestID), string(settings), v.QR.Path}
	if v.QR.URL != "" {
		values = append(values, html.EscapeString(v.QR.URL))
	}
	return h.Respond.RenderMold(w, r, "login/page", key, v, marked, values...)
}

// navigates tells whether a browser asks for a document to show. Clients that do not say are
// no browsers.
func navigates(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "", "document", "iframe", "frame":
		return true
	}
	return false
}

// challengeOK tells whether a link's PKCE parameters are absent, or S256 and well-formed.
func challengeOK(q url.Values, challenge string) bool {
	method := param(q, protocol.ParamCodeChallengeMethod)
	if challenge == "" {
		return method == ""
	}
	return method == protocol.ChallengeS256 && len(challenge) == 43 && !strings.ContainsFunc(challenge, func(c rune) bool {
		return c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}

// checkParent refuses a page to a frame on an origin that may not hold it.
func checkParent(r *http.Request, trusted []string) *refusal {
	if parent := framedBy(r); parent != "" && !slices.Contains(trusted, parent) {
		return &refusal{code: protocol.PageOriginRefused, received: parent}
	}
	return nil
}

// framedBy is the origin that frames this page, as far as the browser tells; it only
// chooses the error that is shown. What really keeps strangers out is frame-ancestors.
func framedBy(r *http.Request) string {
	if dest := r.Header.Get("Sec-Fetch-Dest"); dest != "iframe" && dest != "frame" {
		return ""
	}
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host == "" || u.Host == r.Host {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (h *Handler) frame(r *http.Request, a asked, s Settings) Frame {
	s.State, s.RedirectURI, s.RedirectType, s.AppID = a.state, a.redirectURI, a.redirectType, a.appID
	f := Frame{
		Scheme:    a.scheme,
		Embedded:  r.URL.Query().Has(protocol.ParamVersion) || framed(r),
		Other:     otherLanguage(r),
		RequestID: respond.RequestID(r),
		Settings:  s,
	}
	if a.app != nil {
		f.Brand = a.app.Brand
		if a.app.Kind == apps.CorpApp {
			f.Brand = a.app.Name
		}
	}
	return f
}

func framed(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return dest == "iframe" || dest == "frame"
}

func otherLanguage(r *http.Request) string {
	q := r.URL.Query()
	other := protocol.LangEN
	if respond.Lang(r) == protocol.LangEN {
		other = protocol.LangZH
	}
	q.Set(protocol.ParamLang, other)
	return r.URL.Path + "?" + q.Encode()
}

// showRefusal shows what is wrong with a login link. The page holds no secret, so anybody
// may frame it: an integrator sees words instead of the browser's grey box.
func (h *Handler) showRefusal(w http.ResponseWriter, r *http.Request, a asked, bad *refusal) error {
	fail := Fail(bad.code)
	view := Error{
		Frame: h.frame(r, a, Settings{Error: &fail}),
		Code:  bad.code, Rule: string(bad.rule), LoginType: a.loginType, Sandbox: h.Sandbox, Received: bad.received,
	}
	view.Settings.State = ""
	if a.app != nil && (bad.rule != "" || bad.code == protocol.PageOriginRefused) {
		view.Configured = a.app.Configured(h.Development)
	}
	respond.FrameAncestors(w, []string{"*"})
	return h.Respond.Render(w, r, "login/error", view)
}
