package protocol

import (
	"fmt"
	"strconv"
)

// Code is an errcode of the server API (90313). Zero is success. Only codes
// of the official list have constants; another value may still be decoded
// from an answer, as the list grows.
type Code int

// The codes of sign-in, tokens, installs, contacts and callbacks.
const (
	CodeSystemBusy Code = -1
	CodeOK         Code = 0

	// CodeInvalidCredential: the secret is wrong, does not match the corpid,
	// or the app is stopped.
	CodeInvalidCredential  Code = 40001
	CodeInvalidUserID      Code = 40003
	CodeInvalidCorpID      Code = 40013
	CodeInvalidAccessToken Code = 40014
	// CodeInvalidCode: the code was used, has expired (5 minutes), is unknown,
	// or belongs to another app (98179).
	CodeInvalidCode        Code = 40029
	CodeInvalidAgentID     Code = 40056
	CodeInvalidCallbackURL Code = 40057
	// CodeInvalidParameter: a parameter is malformed or too long, or the
	// method is wrong: the official list has no code of its own for that.
	CodeInvalidParameter   Code = 40058
	CodeEmptyParameter     Code = 40063
	CodeInvalidPreAuthCode Code = 40077
	// CodeInvalidAuthCode: the auth_code comes from the wrong place or was
	// used before (91125).
	CodeInvalidAuthCode    Code = 40078
	CodeInvalidSuiteSecret Code = 40080
	// CodeInvalidSuiteAccessToken: not a live token of the kind the endpoint
	// wants; also for provider tokens.
	CodeInvalidSuiteAccessToken Code = 40082
	CodeInvalidSuiteID          Code = 40083
	CodeInvalidPermanentCode    Code = 40084
	CodeInvalidSuiteTicket      Code = 40085
	CodeInvalidSuiteAppID       Code = 40086
	CodeInvalidProviderSecret   Code = 40091
	CodeInvalidJSSignature      Code = 40093

	CodeMissingAccessToken      Code = 41001
	CodeMissingCorpID           Code = 41002
	CodeMissingCorpSecret       Code = 41004
	CodeMissingAuthCode         Code = 41008
	CodeMissingUserID           Code = 41009
	CodeMissingAgentID          Code = 41011
	CodeMissingSuiteID          Code = 41021
	CodeMissingSuiteAccessToken Code = 41022
	CodeMissingSuiteTicket      Code = 41023
	CodeMissingSuiteSecret      Code = 41024
	CodeMissingPermanentCode    Code = 41025

	CodeAccessTokenExpired      Code = 42001
	CodeOAuthCodeExpired        Code = 42003
	CodePreAuthCodeExpired      Code = 42007
	CodeSuiteAccessTokenExpired Code = 42009
	CodeOAuthCodeUsed           Code = 42022

	CodeEmptyMedia Code = 44001

	// CodeTooFrequent: over a rate limit, or banned after wrong secrets (90454).
	CodeTooFrequent   Code = 45009
	CodeTooConcurrent Code = 45033

	CodeAPIUnauthorized Code = 48001
	// CodeAPIForbidden: the kind of token or its permission does not fit.
	CodeAPIForbidden         Code = 48002
	CodeForeignSuite         Code = 48003
	CodeInvalidAuthorization Code = 48004
	CodeAPIRetired           Code = 48005
	CodePermissionWithdrawn  Code = 48006

	// CodeRedirectURIUnauthorized: the domain the code went to is not a
	// trusted domain of the app, or the token's app did not issue the code.
	CodeRedirectURIUnauthorized Code = 50001
	CodeMemberNotPermitted      Code = 50002
	CodeAppDisabled             Code = 50003

	CodeDepartmentNotFound Code = 60003
	CodeNoPrivilege        Code = 60011
	CodeIPNotAllowed       Code = 60020
	CodeUserOutOfRange     Code = 60021
	CodeAppMayNotCall      Code = 60031
	// CodeUserNotFound: also for a plain userid where encrypted ones are due.
	CodeUserNotFound        Code = 60111
	CodeInvalidDepartmentID Code = 60123

	CodeInvalidTrustedDomain Code = 80001
	CodeAllIDsInvalid        Code = 81013

	CodeUserTicketExpired     Code = 84014
	CodeInvalidUserTicket     Code = 84015
	CodeInvalidRegisterCode   Code = 84021
	CodeInvalidRegisterInfo   Code = 84022
	CodeRegisterCodeExpired   Code = 84023
	CodeRegisterCodeNotUsable Code = 84024
	CodeMissingAuthCorpID     Code = 84054
	CodeMissingUserTicket     Code = 84090

	CodeDomainQuotaExceeded  Code = 85004
	CodeDomainNotProven      Code = 85005
	CodeDomainNotFiled       Code = 85008
	CodeDomainOfProvider     Code = 85111
	CodeInvalidLoginSuiteID  Code = 90211
	CodeLoginSuiteNotBound   Code = 90212
	CodeNotInVisibleRange    Code = 92000
	CodeNoSensitiveInfoRight Code = 92001

	CodeForeignAgent      Code = 301002
	CodeCorpClosed        Code = 301007
	CodeNoLicence         Code = 701008
	CodeInvalidOpenCorpID Code = 710000
)

// Text is the errmsg that goes with c, without the hint tail. Texts seen on
// the wire are kept to the letter, odd blanks and spelling included, because
// some clients compare them. It is "unknown error" for a code without a
// constant here.
func (c Code) Text() string {
	if t, ok := texts[c]; ok {
		return t.text
	}
	return "unknown error"
}

// Ours reports whether Text is our own wording because none was seen on the
// wire.
func (c Code) Ours() bool {
	t, ok := texts[c]
	return !ok || t.ours
}

// Known reports whether c has a constant in this package.
func (c Code) Known() bool {
	_, ok := texts[c]
	return ok
}

// Error makes a Code usable as an error: a handler returns
// protocol.CodeInvalidCode, a caller asks errors.Is(err, protocol.CodeInvalidCode).
func (c Code) Error() string {
	return fmt.Sprintf("errcode %d: %s", int(c), c.Text())
}

// UnmarshalJSON accepts a number, a numeric string, and null or an empty
// string as zero.
func (c *Code) UnmarshalJSON(b []byte) error {
	n, err := number(b, strconv.IntSize)
	*c = Code(n)
	return err
}

// Codes lists every code that has a constant, ascending.
func Codes() []Code {
	return sortedCodes(texts)
}
