package login

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// Begin starts a sign-in and sends the browser where it goes on: see Way. Its query:
//
//	return   a path of this site to end on; default Config.Home
//	window   1: the sign-in runs in a window of its own, which ends on
//	         Config.WindowPath
//	lang     zh or en: the language of the login page
//	via      link, client or old: the person's own choice of the way
//
// Each call is a sign-in of its own: several tabs may be under way at once.
func (h *Handler) Begin(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	w.Header().Set("Vary", "User-Agent, Sec-Fetch-Site")
	h.take(w, r, h.Way(r))
}

// AppHome is the home page (应用主页) of the app of Config.InClient: opened from the
// workbench it signs in inside the client and goes on to the query parameter return,
// or else to back, a path of this site.
//
// Where the in-client host is WeCom's own, a browser outside the client gets Begin:
// there is nothing that it could do there. A Hufu phone is a page in any browser.
func (h *Handler) AppHome(back string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.ready(w, r, http.MethodGet) {
			return
		}
		r = r.Clone(r.Context())
		query := r.URL.Query()
		query.Set("return", returnPath(query.Get("return"), returnPath(back, h.config.Home)))
		r.URL.RawQuery = query.Encode()
		if in := h.config.InClient; in != nil && (in.onHufu() || h.Way(r) == ViaClient) {
			h.take(w, r, ViaClient)
			return
		}
		h.Begin(w, r)
	})
}

// take sends the browser that way.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, way Way) {
	query := r.URL.Query()
	if way == ViaApp {
		http.Redirect(w, r, h.appURL(query), http.StatusSeeOther)
		return
	}
	if way == ViaClient && h.attempts.repeats(r) {
		h.fail(w, r, &Failure{Reason: Repeated, Window: query.Get("window") == "1", Way: way})
		return
	}
	state, challenge := h.begin(w, r, way, query.Get("return"), query.Get("window") == "1")
	link, err := h.link(r, way, state, challenge)
	if err != nil {
		h.fail(w, r, &Failure{Reason: Unavailable, Err: err, Way: way})
		return
	}
	if way != ViaLink {
		// The old page of a provider wants to see which site it was opened from, and
		// the in-client page is silent only where it sees that the app's own site, and
		// not somebody's link, leads there. The origin says that; no more is sent.
		w.Header().Set("Referrer-Policy", "strict-origin")
	}
	if way == ViaOld && h.config.Old.Provider != nil && !h.fromOwnPage(r) {
		h.leave(w, r, link)
		return
	}
	http.Redirect(w, r, link, http.StatusSeeOther)
}

// begin binds a new state to the browser that gets w.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, way Way, back string, window bool) (state, challenge string) {
	state = newState()
	at := attempt{
		Return: returnPath(back, h.config.Home), Window: window,
		Began: h.config.Now().UnixMilli(),
	}
	if way != ViaLink {
		at.Way, at.App = way, h.appOf(way)
	}
	if h.config.PKCE && way != ViaOld {
		at.Verifier, challenge = newVerifier()
	}
	h.attempts.prune(w, r)
	h.attempts.keep(w, digest(state), at)
	return state, challenge
}

// link is where a sign-in that was begun goes on.
func (h *Handler) link(r *http.Request, way Way, state, challenge string) (string, error) {
	c := h.config
	switch way {
	case ViaClient:
		return site.AuthorizeURL(site.AuthorizeLink{
			Host: c.InClient.Host, AppID: c.InClient.AppID, AgentID: c.InClient.AgentID, Scope: c.InClient.Scope,
			RedirectURI: c.RedirectURI, State: state, CodeChallenge: challenge,
		})
	case ViaOld:
		old := site.OldLoginLink{
			Host: c.Old.Host, AppID: c.Old.AppID, AgentID: c.Old.AgentID, UserType: c.Old.UserType,
			RedirectURI: c.RedirectURI, State: state, Lang: h.linkLang(r),
		}
		if c.Old.Provider != nil {
			return site.OldLoginURL(old)
		}
		return site.OldCorpLoginURL(old)
	}
	return site.LoginURL(site.LoginLink{
		Host: c.LoginHost, LoginType: c.LoginType, AppID: c.AppID, AgentID: c.AgentID,
		RedirectURI: c.RedirectURI, State: state, CodeChallenge: challenge, Lang: h.linkLang(r),
	})
}

// fromOwnPage tells whether the person followed a link of this site's own, so that
// the page behind it will see this site as the Referer.
func (h *Handler) fromOwnPage(r *http.Request) bool {
	u, err := url.Parse(r.Referer())
	return err == nil && u.Host != "" && originOf(u) == h.origin
}

// beginURL begins a sign-in that ends as the one of query would have: via "" leaves
// the way to Begin.
func (h *Handler) beginURL(query url.Values, via Way) string {
	return h.pathWith(h.config.Path, query, via)
}

// appURL is the page {Path}/app of that sign-in.
func (h *Handler) appURL(query url.Values) string {
	return h.pathWith(h.config.Path+"/app", query, "")
}

// pathWith keeps of query what a sign-in takes.
func (h *Handler) pathWith(path string, query url.Values, via Way) string {
	kept := url.Values{}
	if back := query.Get("return"); back != "" && ownPath(back) {
		kept.Set("return", back)
	}
	if query.Get("window") == "1" {
		kept.Set("window", "1")
	}
	if lang := oneOf(query.Get("lang"), protocol.LangZH, protocol.LangEN); lang != "" {
		kept.Set("lang", lang)
	}
	if via != "" {
		kept.Set("via", string(via))
	}
	if len(kept) == 0 {
		return path
	}
	return path + "?" + kept.Encode()
}

// newVerifier returns a PKCE verifier and its S256 challenge (RFC 7636).
func newVerifier() (verifier, challenge string) {
	raw := make([]byte, 32)
	rand.Read(raw)
	verifier = base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(verifier))
	return verifier, base64.RawURLEncoding.EncodeToString(sum[:])
}

// linkLang is the language to ask the login page for; empty leaves it to the
// page, which reads Accept-Language.
func (h *Handler) linkLang(r *http.Request) string {
	if h.config.Lang != "" {
		return h.config.Lang
	}
	return oneOf(r.URL.Query().Get("lang"), protocol.LangZH, protocol.LangEN)
}

// oneOf is v if it is one of known, else empty.
func oneOf(v string, known ...string) string {
	for _, k := range known {
		if v == k {
			return v
		}
	}
	return ""
}
