package protocol

// Paths of the old login pages, which the login page (PathLogin) replaces. Public clients
// drive all of them; the pages' own script needs none of the last three.
const (
	// PathOldProviderLogin signs in to a provider's site (91124); its query is ParamAppID (the
	// provider's corpid), ParamRedirectURI, ParamState, ParamUserType and ParamLang. The result
	// carries QueryAuthCode, QueryExpiresIn, ParamState and ParamAppID.
	PathOldProviderLogin = "/wwopen/sso/3rd_qrConnect"
	// PathOldCorpLogin signs in to a corp's own app (91019), as a page or in the frame of the
	// script wwLogin; its query is ParamAppID (the corpid), ParamAgentID, ParamRedirectURI,
	// ParamState, ParamLang and the Param constants below. The result carries QueryCode,
	// ParamState and ParamAppID, that of a refusal ParamState alone.
	PathOldCorpLogin = "/wwopen/sso/qrConnect"
	// PathOldCorpLoginTWW and PathOldCorpLoginNative are the same page: what the script asks
	// for where its option business_type is tww or twxg, or native.
	PathOldCorpLoginTWW    = "/login/wwLogin/sso/qrConnect"
	PathOldCorpLoginNative = "/native/sso/qrConnect"
	// PathOldQRCode answers the QR code of a page as a PNG; query: QueryKey.
	PathOldQRCode = "/wwopen/sso/qrImg"
	// PathOldPoll is the long poll (JSONP); query: QueryCallback, QueryKey and, but for the
	// first call, QueryLastStatus.
	PathOldPoll = "/wwopen/sso/l/qrConnect"
	// PathOldConfirm is what the QR code of an old page leads to; query: QueryConfirmKey and
	// notretry=yes.
	PathOldConfirm = "/wwopen/sso/confirm2"
)

// Paths of the script that puts PathOldCorpLogin into a page: under a lasting address, and
// under that of WeCom's CDN.
const (
	PathWwLogin    = "/wwopen/wwLogin.js"
	PathWwLoginCDN = "/node/wework/wwopen/js/wwLogin-1.2.7.js"
)

// Query names of the old login pages beside those of the new one.
const (
	ParamUserType = "usertype"
	// ParamHref names a style sheet of the site: an https address or data:text/css;base64.
	ParamHref = "href"
	// ParamStyle is black or white, the colour of the page's text.
	ParamStyle = "style"
	// ParamSelfRedirect true lets the frame itself go to the redirect_uri, not the top window.
	ParamSelfRedirect = "self_redirect"

	QueryKey        = "key"
	QueryConfirmKey = "k"
	QueryCallback   = "callback"
	QueryLastStatus = "lastStatus"
)

// Values of ParamUserType; absent is UserAdmin.
const (
	UserAdmin  = "admin"
	UserMember = "member"
)

// LoginTypeScript is the ParamLoginType of a PathOldCorpLogin in the frame of the script.
const LoginTypeScript = "jssdk"

// OldPollState is what the long poll hands to its callback.
type OldPollState struct {
	Status   QRStatus `json:"status"`
	AuthCode string   `json:"auth_code"`
}
