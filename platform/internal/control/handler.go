package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// Handler serves the control port. Its fields are what it needs; make Faults and History
// with their zero values.
type Handler struct {
	Respond   *respond.Responder
	Clock     *clock.Clock
	Apps      *apps.Service
	Directory *directory.Service
	Attempts  *attempt.Service
	Tokens    *tokens.Keeper
	Consents  *consent.Service
	Push      *push.Queue
	Faults    *Faults
	History   *History
	// PublicURL begins every QR code's address.
	PublicURL string
	// Development says whether development origins count.
	Development bool
}

// Serve is the whole port: the routes behind their guard.
func (h *Handler) Serve(port int) http.Handler {
	mux := http.NewServeMux()
	for pattern, act := range map[string]action{
		"GET /suites/{id}/ticket": h.ticket,
		"POST /scan":              h.scan,
		"POST /confirm":           h.confirm,
		"POST /refuse":            h.refuse,
		"POST /codes":             h.makeCode,
		"POST /clock":             h.moveClock,
		"POST /faults":            h.addFault,
		"POST /push":              h.pushNow,
		"GET /attempts":           h.listAttempts,
		"GET /requests":           h.listRequests,
		"GET /pushes":             h.listPushes,
		"POST /reset":             h.reset,
	} {
		mux.Handle(pattern, serve(act))
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", method)
			refuse(w, http.StatusMethodNotAllowed, r.URL.Path+" is called with "+method+", not "+r.Method)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "there is no call "+r.URL.Path+"; docs/control.md lists them")
	})
	return guard(port, h.Respond.Wrap(mux))
}

// action is a control call: it answers a value to be written as JSON, or an error.
type action func(ctx context.Context, r *http.Request) (any, error)

// problem is a failure with its HTTP status; its text is for a developer.
type problem struct {
	status int
	text   string
}

func (p problem) Error() string { return p.text }

func bad(text string) error     { return problem{http.StatusBadRequest, text} }
func unknown(text string) error { return problem{http.StatusNotFound, text} }

func serve(act action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := act(r.Context(), r)
		var p problem
		switch {
		case errors.As(err, &p):
			refuse(w, p.status, p.text)
		case errors.Is(err, attempt.ErrGone):
			refuse(w, http.StatusGone, "the QR code or its sign-in is over")
		case errors.Is(err, attempt.ErrOver), errors.Is(err, attempt.ErrTaken):
			refuse(w, http.StatusConflict, "the sign-in was scanned by another phone, or has been decided")
		case err != nil:
			refuse(w, http.StatusInternalServerError, "the platform could not do it; its log says why")
		default:
			w.Header().Set("Content-Type", "application/json; charset=UTF-8")
			json.NewEncoder(w).Encode(answer)
		}
	})
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": text})
}

// read decodes a body strictly: a misspelt field in a test script must not pass unnoticed.
func read(r *http.Request, v any) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return bad("the body could not be read, or is over 1 MiB")
	}
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return bad("the body is not the JSON this call takes: " + err.Error())
	}
	if d.More() {
		return bad("the body is not the JSON this call takes: something follows it")
	}
	return nil
}

var done = map[string]bool{"ok": true}

func (h *Handler) ticket(ctx context.Context, r *http.Request) (any, error) {
	suite, err := h.suite(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return map[string]string{"suite_ticket": h.Tokens.Ticket(suite.Row)}, nil
}

func (h *Handler) suite(ctx context.Context, id string) (*apps.App, error) {
	suite, err := h.Apps.Suite(ctx, id)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, unknown("there is no suite " + id)
	}
	return suite, err
}

// member reads CORPID/USERID.
func (h *Handler) member(ctx context.Context, name string) (directory.Member, error) {
	corpid, userid, ok := strings.Cut(name, "/")
	if !ok {
		return directory.Member{}, bad("member is written CORPID/USERID")
	}
	corp, err := h.Directory.CorpByCorpID(ctx, corpid)
	if err == nil {
		var m directory.Member
		if m, err = h.Directory.MemberByUserID(ctx, corp.Row, userid); err == nil {
			return m, nil
		}
	}
	if errors.Is(err, directory.ErrNotFound) {
		return directory.Member{}, unknown("there is no member " + name)
	}
	return directory.Member{}, err
}

// phoneOf is the phone a scripted member holds.
func phoneOf(m directory.Member) attempt.Phone {
	return attempt.Phone{Session: "control", Person: m.Person, Name: m.Name, Address: netip.MustParseAddr("127.0.0.1")}
}

// qrKey is the key in the address of a QR code: of the login page, of the consoles, of a desktop
// client's sign-in, or of an old page (confirm2).
func (h *Handler) qrKey(qr string) (string, error) {
	u, err := url.Parse(qr)
	if err != nil {
		return "", bad("qr is not a URL")
	}
	key, ok := strings.CutPrefix(u.Path, "/q/")
	if u.Path == protocol.PathOldConfirm {
		key = u.Query().Get(protocol.QueryConfirmKey)
		ok = key != ""
	}
	if !ok {
		return "", bad("qr is not the address in one of this platform's QR codes")
	}
	return key, nil
}

func (h *Handler) moveClock(_ context.Context, r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(in.Advance)
	if err != nil || d < 0 || d > 365*24*time.Hour {
		return nil, bad("advance is a duration such as 31m, at most 8760h")
	}
	h.Clock.Advance(d)
	return map[string]any{"now": h.Clock.Now().Format(time.RFC3339), "ahead": h.Clock.Offset().String()}, nil
}

func (h *Handler) listRequests(context.Context, *http.Request) (any, error) {
	return h.Respond.Requests(), nil
}

func (h *Handler) listAttempts(context.Context, *http.Request) (any, error) {
	return h.History.list(h.Clock.Now()), nil
}

func (h *Handler) reset(context.Context, *http.Request) (any, error) {
	h.Faults.clear()
	h.History.clear()
	return done, nil
}
