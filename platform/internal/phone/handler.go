package phone

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/protocol"
)

// Ten wrong passwords for one account from one network within ten minutes make it wait ten
// minutes.
const (
	wrongPasswords  = 10
	wrongPasswordIn = 10 * time.Minute
)

// maxTries is how many links a network may open, and challenges it may ask for, in a minute.
const maxTries = 120

// NewWrongPasswords makes the counter of wrong passwords.
func NewWrongPasswords(now func() time.Time) *limits.Ban {
	return limits.NewBan(now, wrongPasswords, wrongPasswordIn, wrongPasswordIn)
}

// Handler serves the phone. Its fields are what it needs.
type Handler struct {
	Respond        *respond.Responder
	Apps           *apps.Service
	Directory      *directory.Service
	Attempts       *attempt.Service
	Consents       *consent.Service
	Ask            *ask.Service
	Audit          *audit.Log
	Sessions       *session.Keeper
	Now            func() time.Time
	WrongPasswords *limits.Ban
	Credentials    *credentials.Service
	Handoffs       *handoff.Service
	// PublicURL begins every QR code's address.
	PublicURL string
	// ConsoleURL is the origin of the consoles, to which a handoff goes back.
	ConsoleURL string
	// Sandbox offers the person picker in place of credentials.
	Sandbox bool

	passwords turns
	tries     *limits.Limit // of one network: links opened, challenges asked for
}

// Mount adds the phone's routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	page := h.Respond.Page
	h.tries = limits.New(h.Now, maxTries, time.Minute)
	mux.Handle("GET /q/{key}", page(h.showAttempt))
	mux.Handle("POST /q/{key}/scan", page(h.signedIn(h.scan)))
	mux.Handle("GET /q/{key}/choose", page(h.signedIn(h.showChoose)))
	mux.Handle("POST /q/{key}/choose", page(h.signedIn(h.choose)))
	mux.Handle("POST /q/{key}/decide", page(h.signedIn(h.decide)))
	mux.Handle("POST /q/{key}/report", page(h.signedIn(h.report)))
	mux.Handle("GET /phone", page(h.showHome))
	mux.Handle("POST /phone/open", page(h.signedIn(h.openLink)))
	mux.Handle("GET /phone/sign-in", page(h.showSignIn))
	mux.Handle("POST /phone/sign-in", page(h.signIn))
	mux.Handle("POST /phone/sign-in/passkey", page(h.limited(h.askSignIn)))
	mux.Handle("POST /phone/sign-out", page(h.signedIn(h.signOut)))
	mux.Handle("GET /phone/enrol/{secret}", page(h.limited(h.showEnrol)))
	mux.Handle("POST /phone/enrol/{secret}", page(h.limited(h.enrol)))
	mux.Handle("POST /phone/enrol/{secret}/passkey", page(h.limited(h.askEnrol)))
	mux.Handle("POST /phone/enrol/{secret}/join", page(h.limited(h.join)))
	mux.Handle("GET /phone/welcome", page(h.signedIn(h.showWelcome)))
	mux.Handle("GET /phone/enter/{id}", page(h.limited(h.showEnter)))
	mux.Handle("POST /phone/enter/{id}", page(h.limited(h.enter)))
	mux.Handle("POST /phone/enter/{id}/passkey", page(h.limited(h.askEnter)))
	mux.Handle("GET /phone/prove", page(h.signedIn(h.showProve)))
	mux.Handle("POST /phone/prove", page(h.signedIn(h.prove)))
	mux.Handle("POST /phone/prove/passkey", page(h.signedIn(h.paced(h.askProve))))
	mux.Handle("GET /phone/account", page(h.signedIn(h.showAccount)))
	mux.Handle("GET /phone/account/passkey", page(h.fresh(h.showAddPasskey)))
	mux.Handle("POST /phone/account/passkey", page(h.fresh(h.addPasskey)))
	mux.Handle("POST /phone/account/passkey/begin", page(h.fresh(h.paced(h.askAddPasskey))))
	mux.Handle("GET /phone/account/passkey/{id}", page(h.signedIn(h.showPasskey)))
	mux.Handle("POST /phone/account/passkey/{id}/rename", page(h.signedIn(h.renamePasskey)))
	mux.Handle("POST /phone/account/passkey/{id}/remove", page(h.fresh(h.removePasskey)))
	mux.Handle("GET /phone/account/password", page(h.fresh(h.showPassword)))
	mux.Handle("POST /phone/account/password", page(h.fresh(h.setPassword)))
	mux.Handle("POST /phone/account/device/{id}/end", page(h.signedIn(h.endDevice)))
	mux.Handle("POST /phone/account/devices/end", page(h.signedIn(h.endOthers)))
	mux.Handle("POST /phone/account/desktop/{id}/remove", page(h.signedIn(h.removeDesktop)))
	mux.Handle("POST /phone/account/site/withdraw", page(h.signedIn(h.withdraw)))
}

// owner is who is signed in on this phone.
type owner struct{ session.Session }

func (o owner) me(r *http.Request) Me {
	return Me{Name: o.Name, HomeURL: respond.Link(r, "/phone")}
}

func (o owner) phone(r *http.Request) attempt.Phone {
	return attempt.Phone{Session: o.ID, Person: o.Person, Name: o.Name, Address: respond.ClientAddr(r)}
}

// owner reads who is signed in; session.ErrNone where nobody is.
func (h *Handler) owner(r *http.Request) (owner, error) {
	s, err := h.Sessions.Read(r.Context(), r)
	return owner{s}, err
}

// signedIn wraps an action: it needs a session, and a form that was sent from our page of
// this session.
func (h *Handler) signedIn(act func(http.ResponseWriter, *http.Request, owner) error) respond.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := h.owner(r)
		switch {
		case errors.Is(err, session.ErrNone):
			return h.toSignIn(w, r)
		case err != nil:
			return err
		case r.Method == http.MethodPost && !o.CheckCSRF(r.PostFormValue("csrf")):
			return respond.BadForm()
		}
		return act(w, r, o)
	}
}

// toSignIn sends the browser to the sign-in and, after it, back to the QR code.
func (h *Handler) toSignIn(w http.ResponseWriter, r *http.Request) error {
	next := "/phone"
	if key := r.PathValue("key"); key != "" {
		next = "/q/" + url.PathEscape(key)
	}
	if strings.HasPrefix(r.URL.Path, accountPath) {
		next = accountPath
	}
	return seeOther(w, r, "/phone/sign-in?next="+url.QueryEscape(next))
}

func seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, respond.Link(r, path), http.StatusSeeOther)
	return nil
}

// cleanNext keeps a return address only where it is one of the phone's own: the home page,
// the workbench, an account page, a link or a QR code's, or a sign-in inside the client.
// Nothing is decoded, and no dots are let through in a path, for what a redirect makes of
// those may be another host's address to a browser.
func cleanNext(next string) string {
	if query, ok := strings.CutPrefix(next, protocol.PathAuthorize+"?"); ok {
		if len(query) > maxQuery || !isQuery(query) {
			return "/phone"
		}
		return next
	}
	if slices.Contains([]string{accountPath, passkeyPath, passwordPath, workbenchPath}, next) {
		return next
	}
	key, ok := strings.CutPrefix(next, "/q/")
	if !ok {
		key, ok = strings.CutPrefix(next, enrolPath)
	}
	if !ok {
		key, ok = strings.CutPrefix(next, assistantPath)
	}
	if !ok || key == "" || strings.ContainsFunc(key, notInKey) {
		return "/phone"
	}
	return next
}

// Pages of package assistant that one comes back to.
const (
	workbenchPath = "/phone/workbench"
	assistantPath = "/phone/assistant/"
)

// maxQuery is the longest query of a return address in bytes.
const maxQuery = 8 << 10

// isQuery tells whether a text has only what a percent-encoded query has (RFC 3986, 3.4).
func isQuery(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '%':
			if i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2]) {
				return false
			}
			i += 2
		case notInKey(rune(c)) && strings.IndexByte("._~!$&'()*+,;=:@/?", c) < 0:
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// notInKey tells what no QR key has, which is base64url.
func notInKey(c rune) bool {
	return c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}

// asker says who asks, in an attempt.
func (h *Handler) asker(ctx context.Context, a *attempt.Attempt) (Asker, *apps.App, error) {
	// Only the sign-in page asks: every other page of a QR code of ours is another.
	switch {
	case a.Console:
		return Asker{Brand: h.consoleHost(), Domain: h.consoleHost()}, nil, nil
	case a.Device != "":
		return Asker{Brand: host(h.PublicURL), Domain: host(h.PublicURL)}, nil, nil
	}
	app, err := h.Apps.App(ctx, a.App)
	if err != nil {
		return Asker{}, nil, err
	}
	return h.Ask.Asker(ctx, app, a.Origin), app, nil
}
