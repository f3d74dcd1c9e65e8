package login

import (
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// mountOld adds the routes of the old pages.
func (h *Handler) mountOld(mux *http.ServeMux) {
	show := func(path string, page attempt.Page) {
		mux.Handle("GET "+path, h.Respond.Page(func(w http.ResponseWriter, r *http.Request) error { return h.showOld(w, r, page) }))
	}
	show(protocol.PathOldProviderLogin, attempt.OldProviderPage)
	show(protocol.PathOldCorpLogin, attempt.OldCorpPage)
	show(protocol.PathOldCorpLoginTWW, attempt.OldCorpPage)
	show(protocol.PathOldCorpLoginNative, attempt.OldCorpPage)
	mux.Handle("GET "+protocol.PathOldQRCode, h.Respond.Page(h.showOldQRCode))
	mux.Handle("GET "+protocol.PathOldPoll, h.Respond.API(h.pollOld))
	mux.Handle("GET "+protocol.PathOldConfirm, h.Respond.Page(h.confirmOld))
	mux.HandleFunc("GET "+protocol.PathWwLogin, h.serveWwLogin)
	mux.HandleFunc("GET "+protocol.PathWwLoginCDN, h.serveWwLogin)
}

// showOld begins an attempt and shows its QR code, or says why the link is not served.
func (h *Handler) showOld(w http.ResponseWriter, r *http.Request, page attempt.Page) error {
	if r.Method == http.MethodHead {
		return nil // a link preview begins nothing
	}
	if !navigates(r) {
		return respond.Forbidden(nil)
	}
	a := readOld(r, page)
	bad, err := h.checkOld(r.Context(), &a)
	if err != nil {
		return err
	}
	if bad == nil && len(a.state) > maxState {
		return respond.BadRequest(respond.Fact{Label: "login.fact.state_too_long", Value: protocol.ParamState})
	}
	if bad == nil {
		bad = h.checkFrom(r, &a)
	}
	if bad != nil {
		return h.showOldRefusal(w, r, a, bad)
	}
	if h.Begun.Add(respond.Network(respond.ClientAddr(r)).String()) {
		return respond.TooMany(time.Minute)
	}
	begun, err := h.Attempts.Begin(r.Context(), attempt.Request{
		App: a.app.Row, Kind: a.kind, RedirectURI: a.redirectURI, Origin: a.redirect.Origin, State: a.state,
		Address: respond.ClientAddr(r), Browser: r.UserAgent(), Page: page, Admins: a.admins,
	})
	if err != nil {
		return err
	}
	parents := a.app.Origins(h.Development)
	if page == attempt.OldProviderPage {
		parents = a.app.LaunchOrigins(h.Development)
	}
	respond.FrameAncestors(w, parents)
	if a.style.URL != "" {
		respond.StyleFrom(w, a.style.source)
	}
	frame := h.oldFrame(r, a, Settings{
		WebKey: begun.WebKey, SessionSignature: begun.Signature, TargetOrigin: a.redirect.Origin,
		ExpiresIn: int(attempt.QRLife.Seconds()), QRCode: protocol.PathOldQRCode + "?key=" + begun.WebKey,
	})
	if !frame.Embedded {
		// The frame of the old script has no right to reach a desktop client.
		frame.Settings.Desktop = offerDesktop(w, r, a.fastLogin)
	}
	return h.Respond.Render(w, r, "login/old", OldPage{
		Page: Page{
			Frame: frame,
			Site:  a.redirect.Host,
			QR:    h.qrOf(page, begun.QRKey),
		},
		Admins: a.admins, Style: a.style.URL, Read: readable(r.Host, page, begun.WebKey, a),
	})
}

func (h *Handler) oldFrame(r *http.Request, a oldAsked, s Settings) Frame {
	f := h.frame(r, a.asked, s)
	f.Embedded = framed(r) ||
		// A browser that says nothing: the script asks for its frame.
		r.Header.Get("Sec-Fetch-Dest") == "" && r.URL.Query().Get(protocol.ParamLoginType) == protocol.LoginTypeScript
	return f
}

// showOldRefusal shows what is wrong with a link. The page holds no secret, so anybody may
// frame it. One that was refused for where it comes from leads nowhere: a link to itself in
// another language would come from us.
func (h *Handler) showOldRefusal(w http.ResponseWriter, r *http.Request, a oldAsked, bad *refusal) error {
	fail := Fail(bad.code)
	view := OldError{Error: Error{
		Frame: h.oldFrame(r, a, Settings{Error: &fail}),
		Code:  bad.code, Rule: string(bad.rule), LoginType: a.loginType, Sandbox: h.Sandbox, Received: bad.received,
		Configured: h.configured(&a, bad),
	}}
	view.Settings.State = ""
	if bad.code == protocol.PageOriginRefused {
		view.Other = ""
	}
	view.Read = readableError(fail)
	respond.FrameAncestors(w, []string{"*"})
	return h.Respond.Render(w, r, "login/olderror", view)
}
