package installs

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/internal/once"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

const (
	// stateLife is how long an install may take: its pre_auth_code lives 20 minutes,
	// the auth_code 10.
	stateLife = 40 * time.Minute
	// exchangeTime bounds one exchange. It runs to its end even if the browser leaves.
	exchangeTime = 20 * time.Second
	// maxBegun installs wait in one browser; a further one drops the oldest.
	maxBegun = 4
)

// web is what browsers meet.
type web struct {
	back    *url.URL
	sealer  seal.Sealer
	cookies seal.Cookies
	prefix  string // of the cookies' names
	context string // bound into them
	flights *once.Flights[outcome]
}

// begun is one install as its browser remembers it.
type begun struct {
	State  []byte `json:"s"` // SHA-256 of the state
	Tenant string `json:"t"`
	At     int64  `json:"a"`           // Unix milliseconds
	Done   bool   `json:"d,omitempty"` // ended well, in this browser
}

// outcome is how the one exchange of a state ended.
type outcome struct{ failure *Failure }

// Mount puts begin and finish on mux, where Config.URL is set.
func (i *Installs) Mount(mux *http.ServeMux) {
	if i.web == nil {
		return
	}
	mux.HandleFunc("GET "+i.config.Path, i.Begin)
	mux.HandleFunc("GET "+i.web.back.Path, i.Finish)
}

// Begin starts an install: it asks for a pre_auth_code, binds a state to this
// browser and to the tenant, and sends the browser to the install page.
func (i *Installs) Begin(w http.ResponseWriter, r *http.Request) {
	if !i.ready(w, r) {
		return
	}
	// The install page wants to see which domain the browser comes from.
	w.Header().Set("Referrer-Policy", "origin")
	tenant, failure := i.tenant(r)
	if failure != nil {
		i.fail(w, r, failure)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), exchangeTime)
	defer cancel()
	code, err := i.config.Suite.PreAuthCode(ctx)
	if err == nil && i.config.Test {
		err = i.config.Suite.SetSession(ctx, code, protocol.AuthTest)
	} else if err == nil {
		err = i.config.Suite.SetSession(ctx, code, protocol.AuthFormal)
	}
	if err != nil {
		i.fail(w, r, exchangeFailure(err))
		return
	}
	state := rand.Text()
	i.prune(w, r)
	i.keepBegun(w, digest(state), begun{Tenant: tenant, At: i.config.Now().UnixMilli()})
	query := url.Values{
		protocol.ParamSuiteID: {i.config.Suite.ID()}, protocol.ParamPreAuthCode: {code},
		protocol.ParamRedirectURI: {i.config.URL}, protocol.ParamState: {state},
	}
	http.Redirect(w, r, strings.TrimRight(i.config.InstallHost, "/")+protocol.PathInstall+"?"+query.Encode(), http.StatusSeeOther)
}

// Finish takes the callback ?auth_code&state, exchanges the code once, keeps the
// install and sends the browser to Config.Home. Delivered again in the same browser
// it leads there once more. A callback without auth_code is an install not made.
func (i *Installs) Finish(w http.ResponseWriter, r *http.Request) {
	if !i.ready(w, r) {
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query[protocol.QueryAuthCode]) > 1 || len(query[protocol.ParamState]) > 1 {
		i.fail(w, r, &Failure{Reason: BadRequest})
		return
	}
	if failure := i.finish(w, r, query.Get(protocol.QueryAuthCode), query.Get(protocol.ParamState)); failure != nil {
		i.fail(w, r, failure)
		return
	}
	http.Redirect(w, r, i.config.Home, http.StatusSeeOther)
}

func (i *Installs) finish(w http.ResponseWriter, r *http.Request, code, state string) *Failure {
	key := digest(state)
	b, ok := i.find(r, key)
	if !ok {
		return &Failure{Reason: OtherBrowser}
	}
	tenant, failure := i.tenant(r)
	switch {
	case failure != nil:
		return failure
	case subtle.ConstantTimeCompare([]byte(tenant), []byte(b.Tenant)) != 1:
		return &Failure{Reason: OtherTenant}
	case b.Done:
		return nil
	case i.expired(b):
		return &Failure{Reason: Expired}
	case code == "":
		return &Failure{Reason: Cancelled}
	}
	out, err := i.web.flights.Do(r.Context(), key, func() (outcome, bool) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exchangeTime)
		defer cancel()
		_, err := i.take(ctx, code, tenant)
		if err == nil {
			return outcome{}, true
		}
		f := exchangeFailure(err)
		return outcome{f}, f.Reason != Unavailable && f.Reason != NoTicket
	})
	if err != nil {
		return &Failure{Reason: Unavailable, Err: err}
	}
	if out.failure != nil {
		return out.failure
	}
	b.Done = true
	i.keepBegun(w, key, b)
	return nil
}

// tenant asks the site whose browser sent r.
func (i *Installs) tenant(r *http.Request) (string, *Failure) {
	tenant, err := i.config.Tenant(r)
	switch {
	case errors.Is(err, ErrNoTenant), err == nil && tenant == "":
		return "", &Failure{Reason: NoTenant, Err: err}
	case err != nil:
		return "", &Failure{Reason: Unavailable, Err: err}
	}
	return tenant, nil
}

// ready answers 404 where Config.URL is empty, and turns away HEAD and what fetches
// ahead: neither may begin or spend anything.
func (i *Installs) ready(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case i.web == nil:
		http.NotFound(w, r)
	case r.Method != http.MethodGet:
		h.Set("Allow", http.MethodGet)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	case r.Header.Get("Sec-Purpose")+r.Header.Get("Purpose")+r.Header.Get("X-Purpose")+r.Header.Get("X-Moz") != "":
		http.Error(w, "open this page to use it", http.StatusServiceUnavailable)
	default:
		return true
	}
	return false
}

func digest(state string) [sha256.Size]byte { return sha256.Sum256([]byte(state)) }

func short(text string) string {
	sum := digest(text)
	return hex.EncodeToString(sum[:4])
}

func (i *Installs) cookieName(key [sha256.Size]byte) string {
	return i.web.prefix + hex.EncodeToString(key[:8])
}

func (i *Installs) keepBegun(w http.ResponseWriter, key [sha256.Size]byte, b begun) {
	b.State = key[:]
	plain, err := json.Marshal(b)
	if err != nil {
		return // cannot happen: strings, bytes and numbers only
	}
	name := i.cookieName(key)
	i.web.cookies.Set(w, name, i.web.sealer.Seal(plain, i.web.context+"\n"+name), stateLife)
}

func (i *Installs) find(r *http.Request, key [sha256.Size]byte) (begun, bool) {
	c, err := r.Cookie(i.cookieName(key))
	if err != nil {
		return begun{}, false
	}
	b, ok := i.openBegun(c)
	return b, ok && subtle.ConstantTimeCompare(b.State, key[:]) == 1
}

func (i *Installs) openBegun(c *http.Cookie) (b begun, ok bool) {
	plain, ok := i.web.sealer.Open(c.Value, i.web.context+"\n"+c.Name)
	return b, ok && json.Unmarshal(plain, &b) == nil
}

func (i *Installs) expired(b begun) bool {
	return i.config.Now().Sub(time.UnixMilli(b.At)) > stateLife
}

// prune drops what is past its time, and the oldest of the rest until one more fits.
func (i *Installs) prune(w http.ResponseWriter, r *http.Request) {
	type waiting struct {
		name string
		at   int64
	}
	var list []waiting
	for _, c := range r.Cookies() {
		if !strings.HasPrefix(c.Name, i.web.prefix) {
			continue
		}
		b, ok := i.openBegun(c)
		if !ok || i.expired(b) {
			i.web.cookies.Clear(w, c.Name)
			continue
		}
		list = append(list, waiting{c.Name, b.At})
	}
	slices.SortFunc(list, func(a, b waiting) int { return int(a.at - b.at) })
	for len(list) >= maxBegun {
		i.web.cookies.Clear(w, list[0].name)
		list = list[1:]
	}
}

// exchangeFailure sorts an error of the platform.
func exchangeFailure(err error) *Failure {
	reason := Unavailable
	switch {
	case errors.Is(err, site.ErrNoTicket), errors.Is(err, protocol.CodeInvalidSuiteTicket):
		reason = NoTicket
	case errors.Is(err, protocol.CodeInvalidAuthCode), errors.Is(err, protocol.CodeInvalidCode), errors.Is(err, protocol.CodeInvalidParameter):
		reason = BadCode
	case errors.Is(err, errOtherTenant):
		reason = OtherTenant
	}
	return &Failure{Reason: reason, Err: err}
}
