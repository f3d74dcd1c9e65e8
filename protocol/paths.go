package protocol

// Hosts of the real WeCom. A site points at another platform by replacing
// them with that platform's base URL.
const (
	// HostAPI serves the server API (/cgi-bin/…), HTTPS only.
	HostAPI = "qyapi.weixin.qq.com"
	// HostLogin serves the web login page and panel (/wwlogin/…), 98171.
	HostLogin = "login.work.weixin.qq.com"
	// HostOpen serves the old QR pages, installs and the error lookup tool.
	HostOpen = "open.work.weixin.qq.com"
	// HostOAuth serves the in-client authorisation link, 91120.
	HostOAuth = "open.weixin.qq.com"
)

// Paths of the server API. The query names each of them wants are the Query
// constants.
const (
	// PathGetProviderToken: POST GetProviderToken, answers ProviderToken (90593).
	PathGetProviderToken = "/cgi-bin/service/get_provider_token"
	// PathGetSuiteToken: POST GetSuiteToken, answers SuiteToken (90600).
	PathGetSuiteToken = "/cgi-bin/service/get_suite_token"
	// PathGetUserInfo3rd: GET with suite_access_token and code, answers
	// UserInfo3rd (98179, 91121).
	PathGetUserInfo3rd = "/cgi-bin/service/auth/getuserinfo3rd"
	// PathOldGetUserInfo3rd: GET with access_token (or suite_access_token)
	// and code, answers OldUserInfo3rd.
	PathOldGetUserInfo3rd = "/cgi-bin/service/getuserinfo3rd"
	// PathGetLoginInfo: POST GetLoginInfo with the provider's access_token,
	// answers LoginInfo (91125).
	PathGetLoginInfo = "/cgi-bin/service/get_login_info"
	// PathGetToken: GET with corpid and corpsecret, answers AppToken (91039).
	PathGetToken = "/cgi-bin/gettoken"
	// PathGetUserInfo: GET with access_token and code, answers UserInfo (98177).
	PathGetUserInfo = "/cgi-bin/auth/getuserinfo"
	// PathOldGetUserInfo: GET with access_token and code, answers OldUserInfo.
	PathOldGetUserInfo = "/cgi-bin/user/getuserinfo"
	// PathUserGet: GET with access_token and userid, answers User (90332).
	PathUserGet = "/cgi-bin/user/get"
)

// Paths of the login page (98171 and what its clients were seen to call).
const (
	// PathLogin is the login page and panel; its query is the Param constants.
	PathLogin = "/wwlogin/sso/login"
	// PathLoginQRCode answers the QR code of a page as a PNG; query: key.
	PathLoginQRCode = "/wwlogin/sso/qrcode"
	// PathLoginWait is the long poll of the page: POST WaitRequest, answers
	// WaitAnswer. The header Authorization carries the page's signature.
	PathLoginWait = "/wwlogin/monoApi/sso/login/getWebQrCodeStatus"
	// PathLoginRenew replaces the QR code of an open page: POST RenewRequest,
	// answers RenewAnswer. Hufu's own; WeCom's page reloads instead.
	PathLoginRenew = "/wwlogin/sso/renew"
)

// Query names of the server API. Tokens are read from the query only; in a
// body or a header they count as missing (41001).
const (
	QueryAccessToken         = "access_token"
	QuerySuiteAccessToken    = "suite_access_token"
	QueryProviderAccessToken = "provider_access_token"
	QueryCode                = "code"
	QueryUserID              = "userid"
	QueryCorpID              = "corpid"
	QueryCorpSecret          = "corpsecret"
	// QueryCodeVerifier is Hufu's extension of the code exchange: the PKCE
	// verifier (RFC 7636) of a login link that bore ParamCodeChallenge.
	QueryCodeVerifier = "code_verifier"
)

// Query names of a callback, the URL check and the pushed events (90968).
// The callback of a login carries QueryCode and ParamState.
const (
	QueryMsgSignature = "msg_signature"
	QueryTimestamp    = "timestamp"
	QueryNonce        = "nonce"
	QueryEchoStr      = "echostr"
	// QueryAuthCode carries the code of the old QR login, of an install and
	// of the business-settings jump (业务设置, 98170).
	QueryAuthCode = "auth_code"
	// QueryExpiresIn is the code's life in seconds beside an auth_code.
	QueryExpiresIn = "expires_in"
)
