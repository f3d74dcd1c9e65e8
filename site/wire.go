package site

const (
	pathAuthorize        = "/connect/oauth2/authorize"
	paramResponseType    = "response_type"
	responseTypeCode     = "code"
	paramScope           = "scope"
	scopeBase            = "snsapi_base"
	scopePrivateInfo     = "snsapi_privateinfo"
	authorizeFragment    = "wechat_redirect"
	pathOldProviderLogin = "/wwopen/sso/3rd_qrConnect"
	pathOldCorpLogin     = "/wwopen/sso/qrConnect"
	paramUserType        = "usertype"
	oldUserTypeAdmin     = "admin"
	oldUserTypeMember    = "member"
)
