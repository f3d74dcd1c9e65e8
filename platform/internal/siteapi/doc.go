// Package siteapi is the JSON API that sites call: /cgi-bin/….
//
//	POST /cgi-bin/service/get_provider_token       90593
//	POST /cgi-bin/service/get_suite_token          90600
//	GET  /cgi-bin/service/auth/getuserinfo3rd      98179
//	GET  /cgi-bin/service/getuserinfo3rd           the same, as it was
//	GET  /cgi-bin/gettoken                         91039
//	GET  /cgi-bin/auth/getuserinfo                 98177
//	GET  /cgi-bin/user/getuserinfo                 the same, as it was
//	GET  /cgi-bin/user/get                         90332
//
// Which token and which code each of them takes, and from which app, stands in one table
// (access.go). Checks come in WeCom's order: token there, token good, parameters; and every
// check comes before a code is spent.
//
// What a code or token is, is the business of package tokens; what a provider may see of a
// member, of package apps.
package siteapi
