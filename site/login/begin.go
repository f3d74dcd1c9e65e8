package login

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// Begin starts a sign-in and sends the browser to the login page. Its query:
//
//	return   a path of this site to end on; default Config.Home
//	window   1: the sign-in runs in a window of its own, which ends on
//	         Config.WindowPath
//	lang     zh or en: the language of the login page
//
// Each call is a sign-in of its own: several tabs may be under way at once.
func (h *Handler) Begin(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	query := r.URL.Query()
	state, challenge := h.begin(w, r, query.Get("return"), query.Get("window") == "1")
	link, err := site.LoginURL(site.LoginLink{
		Host: h.config.LoginHost, LoginType: h.config.LoginType,
		AppID: h.config.AppID, AgentID: h.config.AgentID,
		RedirectURI: h.config.RedirectURI, State: state, CodeChallenge: challenge,
		Lang: h.linkLang(r),
	})
	if err != nil {
		h.fail(w, r, &Failure{Reason: Unavailable, Err: err})
		return
	}
	http.Redirect(w, r, link, http.StatusSeeOther)
}

// begin binds a new state to the browser that gets w.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, back string, window bool) (state, challenge string) {
	state = newState()
	at := attempt{
		Return: returnPath(back, h.config.Home), Window: window,
		Began: h.config.Now().UnixMilli(),
	}
	if h.config.PKCE {
		at.Verifier, challenge = newVerifier()
	}
	h.attempts.prune(w, r)
	h.attempts.keep(w, digest(state), at)
	return state, challenge
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
