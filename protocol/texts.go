package protocol

import (
	"maps"
	"slices"
)

type text struct {
	text string
	ours bool // not seen on the wire
}

func seen(s string) text { return text{text: s} }
func ours(s string) text { return text{text: s, ours: true} }

var texts = map[Code]text{
	CodeSystemBusy: seen("system busy"),
	CodeOK:         seen("ok"),

	CodeInvalidCredential:       seen("invalid credential"),
	CodeInvalidUserID:           ours("invalid userid"),
	CodeInvalidCorpID:           seen("invalid corpid"),
	CodeInvalidAccessToken:      seen("invalid access_token"),
	CodeInvalidCode:             seen("invalid code"),
	CodeInvalidAgentID:          ours("invalid agentid"),
	CodeInvalidCallbackURL:      ours("invalid callback url or url check failed"),
	CodeInvalidParameter:        ours("invalid request parameter"),
	CodeEmptyParameter:          ours("required parameter is empty"),
	CodeInvalidPreAuthCode:      ours("invalid pre_auth_code"),
	CodeInvalidAuthCode:         seen(" invalid auth_code"),
	CodeInvalidSuiteSecret:      ours("invalid suite_secret"),
	CodeInvalidSuiteAccessToken: seen("invalid suite_acccess_token or provider_access_token"),
	CodeInvalidSuiteID:          seen(" invalid SuiteId "),
	CodeInvalidPermanentCode:    ours("invalid permanent_code"),
	CodeInvalidSuiteTicket:      seen("invalid suite ticket"),
	CodeInvalidSuiteAppID:       ours("invalid appid in session_info"),
	CodeInvalidProviderSecret:   seen("provider_secret is invalid"),
	CodeInvalidJSSignature:      ours("invalid js-sdk signature"),

	CodeMissingAccessToken:      seen("access_token missing"),
	CodeMissingCorpID:           ours("corpid missing"),
	CodeMissingCorpSecret:       seen("corpsecret missing"),
	CodeMissingAuthCode:         ours("code missing"),
	CodeMissingUserID:           ours("userid missing"),
	CodeMissingAgentID:          ours("agentid missing"),
	CodeMissingSuiteID:          ours("suite_id missing"),
	CodeMissingSuiteAccessToken: ours("suite_access_token missing"),
	CodeMissingSuiteTicket:      ours("suite_ticket missing"),
	CodeMissingSuiteSecret:      ours("suite_secret missing"),
	CodeMissingPermanentCode:    ours("permanent_code missing"),

	CodeAccessTokenExpired:      seen("access_token expired"),
	CodeOAuthCodeExpired:        ours("code expired"),
	CodePreAuthCodeExpired:      ours("pre_auth_code expired"),
	CodeSuiteAccessTokenExpired: ours("suite_access_token expired"),
	CodeOAuthCodeUsed:           ours("code already used"),

	CodeEmptyMedia: seen("empty media data"),

	CodeTooFrequent:   seen("api freq out of limit"),
	CodeTooConcurrent: seen("api concurrent out of limit"),

	CodeAPIUnauthorized:      ours("api unauthorized"),
	CodeAPIForbidden:         seen("api forbidden"),
	CodeForeignSuite:         ours("token belongs to another suite"),
	CodeInvalidAuthorization: ours("authorization invalid or cancelled"),
	CodeAPIRetired:           ours("api retired"),
	CodePermissionWithdrawn:  ours("api permission withdrawn after long disuse"),

	CodeRedirectURIUnauthorized: ours("redirect_uri unauthorized"),
	CodeMemberNotPermitted:      ours("member not in permission range"),
	CodeAppDisabled:             ours("app disabled"),

	CodeDepartmentNotFound:  ours("department not found"),
	CodeNoPrivilege:         seen("no privilege to access/modify contact/party/agent"),
	CodeIPNotAllowed:        seen("not allow to access from your ip"),
	CodeUserOutOfRange:      ours("userid outside visible range"),
	CodeAppMayNotCall:       ours("app may not call apis"),
	CodeUserNotFound:        seen("userid not found"),
	CodeInvalidDepartmentID: ours("invalid department id"),

	CodeInvalidTrustedDomain: ours("trusted domain invalid or not filed"),
	CodeAllIDsInvalid:        ours("all ids are invalid"),

	CodeUserTicketExpired:     ours("user_ticket expired"),
	CodeInvalidUserTicket:     ours("invalid user_ticket"),
	CodeInvalidRegisterCode:   ours("invalid register_code"),
	CodeInvalidRegisterInfo:   ours("invalid register information"),
	CodeRegisterCodeExpired:   ours("register_code expired"),
	CodeRegisterCodeNotUsable: ours("register_code not usable"),
	CodeMissingAuthCorpID:     ours("auth_corpid missing"),
	CodeMissingUserTicket:     ours("user_ticket missing"),

	CodeDomainQuotaExceeded:  ours("trusted domain quota exceeded"),
	CodeDomainNotProven:      ours("domain ownership not proven"),
	CodeDomainNotFiled:       ours("domain is not filed"),
	CodeDomainOfProvider:     ours("domain belongs to a provider"),
	CodeInvalidLoginSuiteID:  ours("invalid login suiteid"),
	CodeLoginSuiteNotBound:   ours("login suiteid not bound"),
	CodeNotInVisibleRange:    ours("member not in visible range"),
	CodeNoSensitiveInfoRight: ours("app has no sensitive information permission"),

	CodeForeignAgent:      ours("agent of another app"),
	CodeCorpClosed:        ours("corp dissolved or banned"),
	CodeNoLicence:         ours("no interface licence"),
	CodeInvalidOpenCorpID: seen("invalid open_corpid"),
}

func sortedCodes[C ~int, T any](m map[C]T) []C {
	return slices.Sorted(maps.Keys(m))
}
