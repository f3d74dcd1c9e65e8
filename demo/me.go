package demo

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site/login"
)

// How an id can be read: as the company knows it, or sealed for this provider
// (2.7 of the fact sheet, 96516).
const (
	plain     = "plain"
	encrypted = "encrypted"
)

// idRow is one id of the answer.
type idRow struct {
	Key, Field, Value string
	Badge             string // plain, encrypted or nothing
}

type meView struct {
	Kind      string // member, admin or person
	UserType  int    // of an admin; 0: the platform did not say
	App       string
	LoginType string
	Way       login.Way // empty for an admin
	IDs       []idRow
	Details   details
	Detailed  bool   // a user_ticket came
	Explain   string // which explanation fits: encrypted, plain, mixed, corp or openid
	Since     string
	SinceISO  string
	Until     string
	UntilISO  string
}

// showMe says who signed in.
func (s *Site) showMe(w http.ResponseWriter, r *http.Request) {
	session, _ := login.FromContext(r.Context())
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		s.writeMe(w, session)
		return
	}
	const second = "2006-01-02 15:04:05"
	s.show(w, r, http.StatusOK, "me", frame{View: s.me(r.Context(), session, func(t time.Time) string {
		return t.Local().Format(second)
	})})
}

func (s *Site) me(ctx context.Context, session login.Session, clock func(time.Time) string) meView {
	v := meView{
		Kind: "member", App: s.appOfSession(session), LoginType: protocol.LoginTypeServiceApp, Way: session.Way,
		Since: clock(session.IssuedAt), SinceISO: session.IssuedAt.Format(time.RFC3339),
		Until: clock(session.Expires), UntilISO: session.Expires.Format(time.RFC3339),
	}
	v.Details, v.Detailed = s.shown.of(session.ID)
	switch {
	case v.Way == login.ViaClient:
		v.LoginType = protocol.PathAuthorize
	case v.Way == login.ViaOld && v.App == appCorp:
		v.LoginType = protocol.PathOldCorpLogin
	case v.Way == login.ViaOld:
		v.LoginType = protocol.PathOldProviderLogin
	case v.App == appCorp:
		v.LoginType = protocol.LoginTypeCorpApp
	case session.Admin:
		v.App, v.Kind, v.LoginType, v.UserType = appAdmin, "admin", session.AppID, session.UserType
	}
	if session.OpenID != "" {
		v.Kind, v.Explain = "person", "openid"
		v.IDs = []idRow{{"me.openid", "openid", session.OpenID, ""}}
		return v
	}
	corp, user := readCorpID(session), readUserID(session)
	v.IDs = []idRow{
		{"me.corpid", "corpid", session.CorpID, corp},
		{"me.userid", "userid", session.UserID, user},
	}
	if company := s.companyName(ctx, session.CorpID); company != "" {
		v.IDs = slices.Insert(v.IDs, 0, idRow{"me.company", "corp_name", company, ""})
	}
	if session.OpenUserID != "" {
		v.IDs = append(v.IDs, idRow{"me.open_userid", "open_userid", session.OpenUserID, ""})
	}
	switch {
	case v.App == appCorp:
		v.Explain = "corp"
	case corp == user:
		v.Explain = corp
	default:
		v.Explain = "mixed"
	}
	return v
}

// writeMe is showMe for scripts.
func (s *Site) writeMe(w http.ResponseWriter, session login.Session) {
	answer := map[string]string{"app": s.appOfSession(session), "app_id": session.AppID, "way": string(session.Way)}
	if session.Admin {
		answer["app"], answer["admin"], answer["suite_id"] = appAdmin, "true", session.AppID
		answer["usertype"] = strconv.Itoa(session.UserType)
	}
	for name, value := range map[string]string{
		"corpid": session.CorpID, "userid": session.UserID,
		"open_userid": session.OpenUserID, "openid": session.OpenID,
	} {
		if value != "" {
			answer[name] = value
		}
	}
	if session.CorpID != "" {
		answer["corpid_is"], answer["userid_is"] = readCorpID(session), readUserID(session)
	}
	if d, ok := s.shown.of(session.ID); ok {
		for _, row := range d.Rows {
			answer["detail_"+row.Field] = row.Value
		}
		if d.Code != 0 {
			answer["detail_errcode"] = strconv.FormatInt(d.Code, 10)
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	json.NewEncoder(w).Encode(answer) // a client that has gone away is no news
}

// companyName is the name of a company that has installed the suite; the sign-in
// itself gives none.
func (s *Site) companyName(ctx context.Context, corpID string) string {
	install, err := s.installs.Find(ctx, corpID)
	if err != nil {
		return ""
	}
	return install.CorpName
}

func (s *Site) appOfSession(session login.Session) string {
	if session.AppID == s.config.CorpApp.CorpID {
		return appCorp
	}
	return appService
}

// readCorpID and readUserID tell plain from encrypted ids by their shape: nothing
// in the answer says which it is. Encrypted ones have 32 characters and begin
// with wp (corpid) or wo (userid); an encrypted userid is the open_userid.
func readCorpID(s login.Session) string {
	if len(s.CorpID) == 32 && strings.HasPrefix(s.CorpID, "wp") {
		return encrypted
	}
	return plain
}

func readUserID(s login.Session) string {
	if s.UserID == s.OpenUserID || len(s.UserID) == 32 && strings.HasPrefix(s.UserID, "wo") {
		return encrypted
	}
	return plain
}
