package protocol

// PathAuthorize is the page that signs a member in inside the client (网页授权, 91120; of a
// corp app 91022). Its query is ParamAppID, ParamRedirectURI, ParamResponseType, ParamScope,
// ParamState and ParamAgentID; its callback carries QueryCode and ParamState.
const PathAuthorize = "/connect/oauth2/authorize"

// Query names of PathAuthorize beside those of the login link.
const (
	// ParamResponseType is ResponseTypeCode.
	ParamResponseType = "response_type"
	ParamScope        = "scope"
)

// ResponseTypeCode is the one value of ParamResponseType.
const ResponseTypeCode = "code"

// AuthorizeFragment ends every link to PathAuthorize (#wechat_redirect).
const AuthorizeFragment = "wechat_redirect"

// Values of ParamScope.
const (
	// ScopeBase is silent: who the member is, and no more.
	ScopeBase = "snsapi_base"
	// ScopePrivateInfo asks the member what to show beyond that, and brings a user_ticket.
	ScopePrivateInfo = "snsapi_privateinfo"
	// ScopeUserInfo is the name that it had.
	ScopeUserInfo = "snsapi_userinfo"
)

// Paths that open a user_ticket. One that an old call has brought works in the new, and the
// reverse.
const (
	// PathGetUserDetail3rd: POST GetUserDetail with suite_access_token, answers
	// UserDetail3rd (91122).
	PathGetUserDetail3rd = "/cgi-bin/service/auth/getuserdetail3rd"
	// PathOldGetUserDetail3rd: the same with access_token (or suite_access_token).
	PathOldGetUserDetail3rd = "/cgi-bin/service/getuserdetail3rd"
	// PathGetUserDetail: POST GetUserDetail with access_token, answers UserDetail (95833).
	PathGetUserDetail = "/cgi-bin/auth/getuserdetail"
	// PathOldGetUserDetail: the same.
	PathOldGetUserDetail = "/cgi-bin/user/getuserdetail"
)

// GetUserDetail is the request of all four.
type GetUserDetail struct {
	UserTicket string `json:"user_ticket"`
}

// UserDetail3rd is the answer of PathGetUserDetail3rd (91122). What the member did not agree
// to is missing; Gender and Avatar are always there.
type UserDetail3rd struct {
	Failure
	CorpID string `json:"corpid"`
	UserID string `json:"userid"`
	// Name equals UserID: providers are told no names.
	Name string `json:"name"`
	// Gender is "1" (male), "2" (female) or "0": unknown, or not agreed to.
	Gender Text `json:"gender"`
	// Avatar is the address of a picture; a default one where none was agreed to.
	Avatar string `json:"avatar"`
	QRCode string `json:"qr_code,omitempty"`
	// Mobile and Email are in the answer of PathOldGetUserDetail3rd alone.
	Mobile string `json:"mobile,omitempty"`
	Email  string `json:"email,omitempty"`
}

// UserDetail is the answer of PathGetUserDetail (95833). What the member did not agree to is
// missing; Gender and Avatar are always there.
type UserDetail struct {
	Failure
	UserID  string `json:"userid"`
	Gender  Text   `json:"gender"` // as in UserDetail3rd
	Avatar  string `json:"avatar"` // as in UserDetail3rd
	QRCode  string `json:"qr_code,omitempty"`
	Mobile  string `json:"mobile,omitempty"`
	Email   string `json:"email,omitempty"`
	BizMail string `json:"biz_mail,omitempty"`
	Address string `json:"address,omitempty"`
}
