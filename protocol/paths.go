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

// Paths of installs, all with suite_access_token.
const (
	// PathGetPreAuthCode: GET, answers PreAuthCode (90601).
	PathGetPreAuthCode = "/cgi-bin/service/get_pre_auth_code"
	// PathSetSessionInfo: POST SetSessionInfo, answers Failure (90602).
	PathSetSessionInfo = "/cgi-bin/service/set_session_info"
	// PathGetPermanentCode: POST GetPermanentCode, answers PermanentCode (90603).
	PathGetPermanentCode = "/cgi-bin/service/get_permanent_code"
	// PathGetPermanentCodeV2 is the same with a shorter answer (100776).
	PathGetPermanentCodeV2 = "/cgi-bin/service/v2/get_permanent_code"
	// PathGetAuthInfo: POST Authorization, answers AuthInfo (90604).
	PathGetAuthInfo = "/cgi-bin/service/get_auth_info"
	// PathGetAuthInfoV2 is the same; it adds the corp's other names (100795).
	PathGetAuthInfoV2 = "/cgi-bin/service/v2/get_auth_info"
	// PathGetCorpToken: POST Authorization, answers AppToken (90605).
	PathGetCorpToken = "/cgi-bin/service/get_corp_token"
	// PathServiceGetAdminList: POST GetAdminList, answers AdminList (90606).
	PathServiceGetAdminList = "/cgi-bin/service/get_admin_list"
)

// PathCorpIDToOpenCorpID: POST CorpIDToOpenCorpID with
// provider_access_token, answers OpenCorpID (95604).
const PathCorpIDToOpenCorpID = "/cgi-bin/service/corpid_to_opencorpid"

// Paths of contacts and agents, all with access_token: of an installation or
// of a corp's own app.
const (
	// PathAgentGet: GET with agentid, answers Agent (90363, 96448).
	PathAgentGet = "/cgi-bin/agent/get"
	// PathAgentGetAdminList: POST, answers AdminList for the token's own app.
	PathAgentGetAdminList = "/cgi-bin/agent/get_admin_list"
	// PathUserSimpleList: GET with department_id, answers UserSimpleList (90336).
	PathUserSimpleList = "/cgi-bin/user/simplelist"
	// PathUserList: GET with department_id, answers UserList (96260).
	PathUserList = "/cgi-bin/user/list"
	// PathUserListID: POST ListUserIDs, answers UserIDPage (96021).
	PathUserListID = "/cgi-bin/user/list_id"
	// PathDepartmentList: GET with id or without, answers DepartmentList (90344).
	PathDepartmentList = "/cgi-bin/department/list"
	// PathDepartmentSimpleList: GET with id or without, answers DepartmentSimpleList.
	PathDepartmentSimpleList = "/cgi-bin/department/simplelist"
	// PathDepartmentGet: GET with id, answers DepartmentAnswer (95407).
	PathDepartmentGet = "/cgi-bin/department/get"
	// PathUserIDToOpenUserID: POST UserIDToOpenUserID, answers OpenUserIDs (97062).
	PathUserIDToOpenUserID = "/cgi-bin/batch/userid_to_openuserid"
	// PathOpenUserIDToUserID: POST OpenUserIDToUserID, answers UserIDs (95884).
	PathOpenUserIDToUserID = "/cgi-bin/batch/openuserid_to_userid"
)

// PathInstall is the page on which a corp's admin installs a suite; its query
// is ParamSuiteID, ParamPreAuthCode, ParamRedirectURI and ParamState (90597).
const PathInstall = "/3rdapp/install"

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
	QueryAgentID             = "agentid"
	QueryDepartmentID        = "department_id" // of users
	QueryID                  = "id"            // of departments
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
