package siteapi

import (
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// grant says what one endpoint takes: under which query names the token comes, what kinds
// of token it takes and of which apps, which kinds of code, and the errcodes of what it does
// not take.
type grant struct {
	names  []string
	tokens []tokens.Kind
	suites []apps.Kind // whose suite token: login suites', third-party apps'
	// codes are the kinds of code, by the kind of the app whose token comes with them; under
	// no kind for a provider's token.
	codes map[apps.Kind][]tokens.Kind
	// others are kinds of token that are good elsewhere under the same name: 48002.
	others  []tokens.Kind
	missing protocol.Code
	bad     protocol.Code
	expired protocol.Code
	badCode protocol.Code // a code of another kind, spent, expired or of another provider
	foreign protocol.Code // a code that another app of the same kind issued
}

// grants is the one table of which kind is accepted where; what is not in it is refused.
var grants = map[string]grant{
	protocol.PathGetUserInfo3rd: login(bySuite(apps.LoginSuite, apps.Suite)),
	protocol.PathOldGetUserInfo3rd: login(named(bySuite(apps.LoginSuite, apps.Suite), protocol.CodeMissingAccessToken,
		protocol.QueryAccessToken, protocol.QuerySuiteAccessToken)),
	protocol.PathGetLoginInfo: {
		names:  []string{protocol.QueryAccessToken, protocol.QueryProviderAccessToken},
		tokens: []tokens.Kind{tokens.ProviderToken}, codes: map[apps.Kind][]tokens.Kind{"": {tokens.AdminCode, tokens.OldLoginCode}},
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidSuiteAccessToken,
		expired: protocol.CodeAccessTokenExpired, badCode: protocol.CodeInvalidCode, foreign: protocol.CodeInvalidCode,
	},
	protocol.PathCorpIDToOpenCorpID: {
		names: []string{protocol.QueryProviderAccessToken}, tokens: []tokens.Kind{tokens.ProviderToken},
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidSuiteAccessToken, expired: protocol.CodeAccessTokenExpired,
	},

	protocol.PathGetPreAuthCode:      bySuite(apps.Suite),
	protocol.PathSetSessionInfo:      preAuth(bySuite(apps.Suite)),
	protocol.PathGetPermanentCode:    install(bySuite(apps.Suite)),
	protocol.PathGetPermanentCodeV2:  install(bySuite(apps.Suite)),
	protocol.PathGetAuthInfo:         bySuite(apps.Suite),
	protocol.PathGetAuthInfoV2:       bySuite(apps.Suite),
	protocol.PathGetCorpToken:        bySuite(apps.Suite),
	protocol.PathServiceGetAdminList: bySuite(apps.Suite),

	protocol.PathGetUserInfo:    corpLogin(byAgent(tokens.CorpAppToken)),
	protocol.PathOldGetUserInfo: corpLogin(byAgent(tokens.CorpAppToken)),

	protocol.PathGetUserDetail3rd: bySuite(apps.Suite),
	protocol.PathOldGetUserDetail3rd: named(bySuite(apps.Suite), protocol.CodeMissingAccessToken,
		protocol.QueryAccessToken, protocol.QuerySuiteAccessToken),
	protocol.PathGetUserDetail:    byAgent(tokens.CorpAppToken),
	protocol.PathOldGetUserDetail: byAgent(tokens.CorpAppToken),

	protocol.PathUserGet:              byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathUserSimpleList:       byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathUserList:             byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathUserListID:           byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathDepartmentList:       byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathDepartmentSimpleList: byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathDepartmentGet:        byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathAgentGet:             byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathAgentGetAdminList:    byAgent(tokens.CorpAppToken, tokens.InstalledToken),
	protocol.PathUserIDToOpenUserID:   byAgent(tokens.InstalledToken),
	protocol.PathOpenUserIDToUserID:   byAgent(tokens.CorpAppToken),
}

// bySuite takes the tokens of suites of these kinds.
func bySuite(kinds ...apps.Kind) grant {
	return grant{names: []string{protocol.QuerySuiteAccessToken}, tokens: []tokens.Kind{tokens.SuiteToken}, suites: kinds,
		missing: protocol.CodeMissingSuiteAccessToken, bad: protocol.CodeInvalidSuiteAccessToken,
		expired: protocol.CodeSuiteAccessTokenExpired}
}

// byAgent takes tokens of what has an agentid in a corp: its own apps, installed suites.
func byAgent(kinds ...tokens.Kind) grant {
	g := grant{names: []string{protocol.QueryAccessToken}, tokens: kinds,
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidAccessToken, expired: protocol.CodeAccessTokenExpired}
	for _, kind := range []tokens.Kind{tokens.CorpAppToken, tokens.InstalledToken} {
		if !slices.Contains(kinds, kind) {
			g.others = append(g.others, kind)
		}
	}
	return g
}

// named gives a grant other query names.
func named(g grant, missing protocol.Code, names ...string) grant {
	g.names, g.missing = names, missing
	return g
}

// login takes the codes of web login, and those of an admin's jump (98170), from the login
// suite; from a third-party app those of sign-ins inside the client (91121).
func login(g grant) grant {
	g.codes = map[apps.Kind][]tokens.Kind{apps.LoginSuite: {tokens.LoginCode, tokens.AdminCode}, apps.Suite: {tokens.InClientCode}}
	g.badCode, g.foreign = protocol.CodeInvalidCode, protocol.CodeInvalidCode
	return g
}

// corpLogin takes the codes of web login to a corp's own app, and of sign-ins inside the
// client (91023).
func corpLogin(g grant) grant {
	g.codes = map[apps.Kind][]tokens.Kind{apps.CorpApp: {tokens.CorpCode, tokens.CorpInClientCode}}
	g.badCode, g.foreign = protocol.CodeInvalidCode, protocol.CodeRedirectURIUnauthorized
	return g
}

// install takes the codes of installs, and never those of people.
func install(g grant) grant {
	g.codes = map[apps.Kind][]tokens.Kind{apps.Suite: {tokens.InstallCode}}
	g.badCode, g.foreign = protocol.CodeInvalidAuthCode, protocol.CodeInvalidAuthCode
	return g
}

// preAuth takes the codes with which installs begin.
func preAuth(g grant) grant {
	g.codes = map[apps.Kind][]tokens.Kind{apps.Suite: {tokens.PreAuthCode}}
	g.badCode, g.foreign = protocol.CodeInvalidPreAuthCode, protocol.CodeInvalidPreAuthCode
	return g
}
