package protocol

import "fmt"

// PageCode is an error of the login page, negative, as the panel hands it to
// onLoginFail (98152 appendix). The two from −31090 on are Hufu's own.
type PageCode int

// The page codes.
const (
	// PageRedirectNotCallbackDomain: redirect_uri is not on the callback
	// domain of the login suite (登录授权).
	PageRedirectNotCallbackDomain PageCode = -31020
	PageInvalidAppID              PageCode = -31027
	PageInvalidAgentID            PageCode = -31028
	// PageOriginRefused: 校验请求来源错误.
	PageOriginRefused PageCode = -31033
	PageNotProvider   PageCode = -31034
	PageRedirectEmpty PageCode = -31035
	// PageNotLoginSuite: appid非登录授权应用.
	PageNotLoginSuite            PageCode = -31037
	PageRedirectNotTrustedDomain PageCode = -31039
	PageInvalidLoginType         PageCode = -31040

	PageRefused PageCode = -31090
	PageExpired PageCode = -31091
)

// The official texts were never published; these are ours.
var pageTexts = map[PageCode]string{
	PageRedirectNotCallbackDomain: "redirect_uri is not on the callback domain of the login suite",
	PageInvalidAppID:              "invalid appid",
	PageInvalidAgentID:            "invalid agentid",
	PageOriginRefused:             "request origin refused",
	PageNotProvider:               "corp is not a provider",
	PageRedirectEmpty:             "redirect_uri is empty",
	PageNotLoginSuite:             "appid is not a login suite",
	PageRedirectNotTrustedDomain:  "redirect_uri is not on a trusted domain",
	PageInvalidLoginType:          "invalid login_type",
	PageRefused:                   "refused by the member",
	PageExpired:                   "login expired",
}

// Text is the errMsg for a developer's console, in short English. What a
// person reads on the page is in the page's locale files.
func (c PageCode) Text() string {
	if t, ok := pageTexts[c]; ok {
		return t
	}
	return "unknown error"
}

// Ours reports whether the code is Hufu's own, not in the official appendix.
func (c PageCode) Ours() bool {
	return c == PageRefused || c == PageExpired
}

// Error makes a PageCode usable as an error.
func (c PageCode) Error() string {
	return fmt.Sprintf("login page error %d: %s", int(c), c.Text())
}

// PageCodes lists every page code, ascending.
func PageCodes() []PageCode { return sortedCodes(pageTexts) }

// LoginFail is the payload of CallbackLoginFail. Mind the spelling: camel
// case here, lower case in the server API.
type LoginFail struct {
	ErrCode PageCode `json:"errCode"`
	ErrMsg  string   `json:"errMsg"`
}
