package protocol

// Query names of the login link (98171) and of the panel that @wecom/jssdk
// puts into a page (98478). The texts "undefined" and "null" are what that
// script makes of a missing value; read them as absent.
const (
	ParamLoginType    = "login_type"
	ParamAppID        = "appid"
	ParamAgentID      = "agentid"
	ParamRedirectURI  = "redirect_uri"
	ParamState        = "state"
	ParamLang         = "lang"
	ParamRedirectType = "redirect_type"
	ParamPanelSize    = "panel_size"
	ParamColorScheme  = "color_scheme"
	ParamVersion      = "version"
	// ParamCodeChallenge and ParamCodeChallengeMethod are Hufu's extension:
	// PKCE (RFC 7636). The real WeCom ignores unknown names.
	ParamCodeChallenge       = "code_challenge"
	ParamCodeChallengeMethod = "code_challenge_method"
)

// Query names of PathInstall beside ParamRedirectURI and ParamState. Its
// callback carries QueryAuthCode, QueryExpiresIn (600) and ParamState.
const (
	ParamSuiteID     = "suite_id"
	ParamPreAuthCode = "pre_auth_code"
)

// Values of ParamLoginType.
const (
	// LoginTypeServiceApp signs in to a provider's site (服务商登录); appid is
	// the SuiteID of the login suite (登录授权).
	LoginTypeServiceApp = "ServiceApp"
	// LoginTypeCorpApp signs in to a corp app (自建应用); appid is the corpid.
	LoginTypeCorpApp = "CorpApp"
)

// Values of ParamRedirectType: the top window navigates (also when absent),
// the code goes to the page's script, the frame itself navigates.
const (
	RedirectTop      = "top"
	RedirectCallback = "callback"
	RedirectSelf     = "self"
)

// Values of ParamPanelSize: 480×416 and 320×380 pixels.
const (
	PanelMiddle = "middle"
	PanelSmall  = "small"
)

// Values of ParamLang.
const (
	LangZH = "zh"
	LangEN = "en"
)

// Values of ParamColorScheme.
const (
	ColorLight = "light"
	ColorDark  = "dark"
	ColorAuto  = "auto"
)

// ChallengeS256 is the one value of ParamCodeChallengeMethod.
const ChallengeS256 = "S256"

// StateMaxBytes is the longest state of an in-client link and of an install,
// which must be a-zA-Z0-9 (91120, 90597). The site half keeps to it everywhere.
const StateMaxBytes = 128

// CodeMaxBytes is the longest code, auth_code, token or ticket (98179, 90600).
const CodeMaxBytes = 512

// Types of the messages between the host page and the panel in its iframe.
// All of them begin with MessagePrefix.
const (
	MessagePrefix   = "ww-iframe-handle:"
	MessageInit     = MessagePrefix + "init"
	MessageReady    = MessagePrefix + "ready"
	MessageSetPort  = MessagePrefix + "set-port"
	MessageCall     = MessagePrefix + "call"
	MessageResponse = MessagePrefix + "response"
)

// Names of the host page's callbacks, which a MessageCall carries as
// {"type":"call","name":…,"payload":…}.
const (
	CallbackCheckWeComLogin = "onCheckWeComLogin"
	CallbackLoginSuccess    = "onLoginSuccess"
	CallbackLoginFail       = "onLoginFail"
	CallbackOpenInWecom     = "onOpenInWecom"
)

// AskUsePostMessage is the bare text with which the old script (wwLogin-1.x)
// asks its frame to post the redirect URL to it.
const AskUsePostMessage = "ask_usePostMessage"
