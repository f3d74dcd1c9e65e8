package login

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/internal/once"
)

// arrivalLife is how long a person may look at the page before agreeing. What was
// entered is remembered for no shorter.
const arrivalLife = once.Life

// pending is who has arrived, as the browser keeps it until the person agrees.
type pending struct {
	ID       string        `json:"i"`
	Code     []byte        `json:"c"` // SHA-256 of the code: a reload finds its own arrival
	Who      site.Identity `json:"w"`
	UserType int64         `json:"u,omitempty"`
	At       int64         `json:"t"` // Unix milliseconds
}

// arrived is how the one exchange of a code ended.
type arrived struct {
	who      site.Identity
	userType int64
	failure  *Failure
}

// Arrive takes the jump ?auth_code, and shows who has arrived when there is none.
// It neither begins nor ends a session. A browser that fetches ahead, and anything
// but a page of its own, is turned away before the code is touched.
func (e *AdminEntry) Arrive(w http.ResponseWriter, r *http.Request) {
	if e.web == nil {
		http.Error(w, "sign-in is not configured", http.StatusServiceUnavailable)
		return
	}
	if !e.web.ready(w, r, http.MethodGet) {
		return
	}
	w.Header().Set("Vary", "Sec-Purpose, Purpose, Sec-Fetch-Dest, Sec-Fetch-Mode")
	if !visited(r) {
		http.Error(w, "open this page to use it", http.StatusServiceUnavailable)
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query[protocol.QueryAuthCode]) > 1 {
		e.web.fail(w, r, &Failure{Reason: BadRequest})
		return
	}
	code := query.Get(protocol.QueryAuthCode)
	if code == "" {
		e.show(w, r)
		return
	}
	if failure := e.arrive(w, r, code); failure != nil {
		e.web.fail(w, r, failure)
		return
	}
	target := pathOf(e.web.redirect)
	if e.config.Mode == AdminRestart {
		target = e.config.Restart
	}
	if lang := oneOf(query.Get("lang"), protocol.LangZH, protocol.LangEN); lang != "" {
		target += "?lang=" + lang
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// visited tells whether r is a person's visit: not a prefetch or a preview, and
// not an image, frame or script of somebody's page.
func visited(r *http.Request) bool {
	h := r.Header
	if h.Get("Sec-Purpose")+h.Get("Purpose")+h.Get("X-Purpose")+h.Get("X-Moz") != "" {
		return false
	}
	mode, dest := h.Get("Sec-Fetch-Mode"), h.Get("Sec-Fetch-Dest")
	return (mode == "" || mode == "navigate") && (dest == "" || dest == "document")
}

// arrive exchanges a code once and leaves with the browser whom it names.
func (e *AdminEntry) arrive(w http.ResponseWriter, r *http.Request, code string) *Failure {
	if !validCode(code) {
		return &Failure{Reason: BadCode}
	}
	key := sha256.Sum256([]byte(code))
	if p, ok := e.pending(r); ok && string(p.Code) == string(key[:]) {
		return nil // delivered again in the same browser
	}
	first := false
	out, err := e.codes.Do(r.Context(), key, func() (arrived, bool) {
		first = true
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exchangeTime)
		defer cancel()
		out := e.exchange(ctx, code)
		return out, out.failure == nil || !out.failure.passing()
	})
	switch {
	case err != nil:
		return &Failure{Reason: Unavailable, Err: err}
	case e.config.Mode == AdminRestart:
		return nil // whoever it is
	case out.failure != nil:
		return out.failure
	case !first:
		// A used code in a browser that has not arrived with it is somebody else's: an
		// outcome is remembered for nobody but the one who got it.
		return &Failure{Reason: BadCode}
	}
	e.keep(w, pending{ID: rand.Text(), Code: key[:], Who: out.who, UserType: out.userType, At: e.config.Now().UnixMilli()})
	return nil
}

// exchange spends the code and checks the right of whom it names.
func (e *AdminEntry) exchange(ctx context.Context, code string) arrived {
	c := e.config
	var before error // of the login suite
	if c.Suite != nil {
		who, err := c.Suite.Exchange(ctx, code)
		if err == nil {
			return e.check(ctx, who)
		}
		if c.Provider == nil || !elsewhere(err) {
			return arrived{failure: arrivalFailure(err)}
		}
		before = err
	}
	info, err := c.Provider.LoginInfo(ctx, code)
	if before != nil && errors.Is(err, protocol.CodeAPIForbidden) {
		err = before // the old login is off: what the login suite lacks is what can be helped
	}
	if err != nil {
		return arrived{failure: arrivalFailure(err)}
	}
	out := arrived{who: info.Identity, userType: int64(info.UserType)}
	out.failure = e.checkInfo(ctx, info)
	return out
}

// elsewhere tells whether get_login_info may still know a code that the login suite
// could not exchange: the suite is off or without a ticket, or the code is not its
// own. A code that is spent is spent there too.
func elsewhere(err error) bool {
	if errors.Is(err, site.ErrNoTicket) {
		return true
	}
	var answer protocol.Failure
	return errors.As(err, &answer) && answer.ErrCode != protocol.CodeSystemBusy &&
		answer.ErrCode != protocol.CodeRedirectURIUnauthorized
}

// check asks the platform whether a member administers the suite.
func (e *AdminEntry) check(ctx context.Context, who site.Identity) arrived {
	out := arrived{who: who}
	if who.CorpID == "" || who.UserID == "" {
		out.failure = &Failure{Reason: NoMember}
		return out
	}
	if e.config.Mode == AdminRestart {
		return out
	}
	admins, err := e.config.Installed.Admins(ctx, who.CorpID)
	switch {
	case errors.Is(err, site.ErrNotInstalled), site.Withdrawn(err):
		out.failure = &Failure{Reason: NotInstalled, Err: err}
	case err != nil:
		out.failure = &Failure{Reason: Unconfirmed, Err: err}
	case !manages(admins, who):
		out.failure = &Failure{Reason: NotAdmin}
	}
	return out
}

// manages tells whether who is among admins with the right to manage. Ids are
// compared exactly; the open_userid is the same in all apps of a provider, while
// a userid may be plain in one and encrypted in another.
func manages(admins []protocol.Admin, who site.Identity) bool {
	for _, a := range admins {
		same := a.UserID != "" && a.UserID == who.UserID || a.OpenUserID != "" && a.OpenUserID == who.OpenUserID
		if same && a.AuthType == protocol.AuthTypeManage {
			return true
		}
	}
	return false
}

// checkInfo reads the right from what get_login_info said. That call takes the codes of the old
// scan login too, which administrators get of companies that have not installed the suite, or
// not any more: only a jump comes from one that has.
func (e *AdminEntry) checkInfo(ctx context.Context, info site.LoginInfo) *Failure {
	switch {
	case !info.Admin():
		return &Failure{Reason: NotAdmin}
	case info.CorpID == "" || info.UserID == "":
		return &Failure{Reason: NoMember}
	case e.config.Installed == nil && info.UserType == protocol.UserTypeSubAdmin:
		return &Failure{Reason: NotAdmin}
	case e.config.Installed == nil:
		return nil
	}
	agent, err := e.config.Installed.AgentID(ctx, info.CorpID)
	switch {
	case errors.Is(err, site.ErrNotInstalled):
		return &Failure{Reason: NotInstalled, Err: err}
	case err != nil:
		return &Failure{Reason: Unconfirmed, Err: err}
	case !info.Manages(agent):
		return &Failure{Reason: NotAdmin}
	}
	return nil
}

// arrivalFailure sorts an error of an exchange.
func arrivalFailure(err error) *Failure {
	if errors.Is(err, site.ErrIncomplete) {
		return &Failure{Reason: NoMember, Err: err}
	}
	return exchangeFailure(err)
}

// keep leaves p in the browser that gets w, in the place of an earlier arrival.
func (e *AdminEntry) keep(w http.ResponseWriter, p pending) {
	plain, err := json.Marshal(p)
	if err != nil {
		return // cannot happen: strings, bytes and numbers only
	}
	e.cookies.Set(w, e.name, e.sealer.Seal(plain, e.context), arrivalLife)
}

// pending is who has arrived in the browser that sent r.
func (e *AdminEntry) pending(r *http.Request) (pending, bool) {
	c, err := r.Cookie(e.name)
	if err != nil {
		return pending{}, false
	}
	plain, ok := e.sealer.Open(c.Value, e.context)
	var p pending
	if !ok || json.Unmarshal(plain, &p) != nil || e.config.Now().Sub(time.UnixMilli(p.At)) > arrivalLife {
		return pending{}, false
	}
	return p, true
}

// short is a part of a name that differs from one id to another.
func short(id string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(id)))
	return hex.EncodeToString(sum[:4])
}
