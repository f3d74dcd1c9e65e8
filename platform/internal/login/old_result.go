package login

import (
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/protocol"
)

// result is the address to which the browser goes with a code, or without one after a
// refusal. left is how long the code still lives.
func result(redirect apps.Redirect, app *apps.App, a *attempt.Attempt, code string, left time.Duration) string {
	expires, appid := strconv.Itoa(int(left.Seconds())), app.CorpID
	if code == "" {
		expires, appid = "", ""
	}
	state := apps.Param{Name: protocol.ParamState, Value: a.Request.State}
	switch a.Page {
	case attempt.OldProviderPage:
		return redirect.With(apps.Param{Name: protocol.QueryAuthCode, Value: code}, apps.Param{Name: protocol.QueryExpiresIn, Value: expires},
			state, apps.Param{Name: protocol.ParamAppID, Value: appid})
	case attempt.OldCorpPage:
		return redirect.With(apps.Param{Name: protocol.QueryCode, Value: code}, state, apps.Param{Name: protocol.ParamAppID, Value: appid})
	}
	inURL := 0
	if app.ExpiresInURL {
		inURL = int(left.Seconds())
	}
	return redirect.To(code, a.Request.State, inURL)
}
