package siteapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// Wrong secrets before an address is banned from asking for one app's tokens, and for how
// long: an address that fails 2,000 times within an hour waits an hour, as support quotes
// it for WeCom.
const (
	WrongSecrets = 2000
	wrongPer     = time.Hour
	banFor       = time.Hour
)

// Handler serves the API. Its fields are what it needs.
type Handler struct {
	Respond   *respond.Responder
	Apps      *apps.Service
	Directory *directory.Service
	Tokens    *tokens.Keeper
	Consents  *consent.Service
	// Bans counts wrong secrets by address and id; see NewBans.
	Bans *limits.Ban
	// Sessions keeps what set_session_info says of a pre_auth_code.
	Sessions shortlived.Store
	// Calls, when set, is told every call.
	Calls *calls.Log
	Now   func() time.Time
	// PublicURL is the origin of pictures, without a slash at its end.
	PublicURL string
	// Sandbox says whether addresses of this machine will do for business settings.
	Sandbox bool
	// Development says whether development origins count at the exchange (sandbox).
	Development bool
	// Fault, when set, is asked before each call; what it returns is the answer. It serves
	// the sandbox's made-up failures.
	Fault func(r *http.Request) error

	unowned *limits.Limit // of recorded calls that are nobody's
}

// NewBans makes the counter of wrong secrets.
func NewBans(now func() time.Time) *limits.Ban {
	return limits.NewBan(now, WrongSecrets, wrongPer, banFor)
}

// Mount adds the API's routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	h.unowned = limits.New(h.Now, strangers, time.Minute)
	for path, serve := range map[string]respond.Handler{
		protocol.PathGetProviderToken:  h.post(h.getProviderToken),
		protocol.PathGetSuiteToken:     h.post(h.getSuiteToken),
		protocol.PathGetToken:          h.get(h.getToken),
		protocol.PathGetUserInfo3rd:    h.get(h.getUserInfo3rd),
		protocol.PathOldGetUserInfo3rd: h.get(h.oldGetUserInfo3rd),
		protocol.PathGetLoginInfo:      h.post(h.getLoginInfo),
		protocol.PathGetUserInfo:       h.get(h.getUserInfo),
		protocol.PathOldGetUserInfo:    h.get(h.oldGetUserInfo),

		protocol.PathGetUserDetail3rd:    h.post(h.getUserDetail3rd),
		protocol.PathOldGetUserDetail3rd: h.post(h.oldGetUserDetail3rd),
		protocol.PathGetUserDetail:       h.post(h.getUserDetail),
		protocol.PathOldGetUserDetail:    h.post(h.getUserDetail),

		protocol.PathGetPreAuthCode:      h.get(h.getPreAuthCode),
		protocol.PathSetSessionInfo:      h.post(h.setSessionInfo),
		protocol.PathGetPermanentCode:    h.post(h.getPermanentCode),
		protocol.PathGetPermanentCodeV2:  h.post(h.getPermanentCodeV2),
		protocol.PathGetAuthInfo:         h.post(h.getAuthInfo),
		protocol.PathGetAuthInfoV2:       h.post(h.getAuthInfoV2),
		protocol.PathGetCorpToken:        h.post(h.getCorpToken),
		protocol.PathServiceGetAdminList: h.post(h.serviceGetAdminList),
		protocol.PathCorpIDToOpenCorpID:  h.post(h.corpIDToOpenCorpID),

		protocol.PathUserGet:              h.get(h.userGet),
		protocol.PathUserSimpleList:       h.get(h.userSimpleList),
		protocol.PathUserList:             h.get(h.userList),
		protocol.PathUserListID:           h.post(h.userListID),
		protocol.PathDepartmentList:       h.get(h.departmentList),
		protocol.PathDepartmentSimpleList: h.get(h.departmentSimpleList),
		protocol.PathDepartmentGet:        h.get(h.departmentGet),
		protocol.PathAgentGet:             h.get(h.agentGet),
		protocol.PathAgentGetAdminList:    h.get(h.agentGetAdminList),
		protocol.PathUserIDToOpenUserID:   h.post(h.userIDToOpenUserID),
		protocol.PathOpenUserIDToUserID:   h.post(h.openUserIDToUserID),
	} {
		mux.Handle(path, h.Respond.API(h.recorded(serve)))
	}
	// An API that does not exist is 404 with an empty body, as on the real host.
	mux.HandleFunc("/cgi-bin/", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotFound) })
}

// get takes GET, and POST, which some clients send; never HEAD, which would spend a code
// and show nothing for it.
func (h *Handler) get(serve respond.Handler) respond.Handler {
	return h.methods(serve, http.MethodGet, http.MethodPost)
}

func (h *Handler) post(serve respond.Handler) respond.Handler {
	return h.methods(serve, http.MethodPost)
}

func (h *Handler) methods(serve respond.Handler, allowed ...string) respond.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		for _, m := range allowed {
			if r.Method == m {
				if h.Fault != nil {
					if err := h.Fault(r); err != nil {
						return err
					}
				}
				return serve(w, r)
			}
		}
		w.Header().Set("Allow", allowed[0])
		return invalid("wrong request method, use " + allowed[0])
	}
}

// invalid is 40058 with a sentence of ours.
func invalid(why string) error {
	return protocol.Failure{ErrCode: protocol.CodeInvalidParameter, ErrMsg: why}
}

// body reads a JSON request, whatever its Content-Type says.
func body(r *http.Request, v any) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if err := protocol.Decode(raw, v); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) || errors.Is(err, protocol.ErrMalformed) {
			return invalid("request body is not a JSON object")
		}
		return err
	}
	return nil
}

// seconds is what is left of a life, begun seconds counted: a token that was just made has
// 7200.
func seconds(d time.Duration) protocol.Int { return protocol.Int((d + time.Second - 1) / time.Second) }
