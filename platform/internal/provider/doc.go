// Package provider is the provider console (服务商后台): what a provider sets up for its web
// login and its suites, and where it sees what happened to them.
//
//	GET  /provider/{corp}                          what is set up and what is missing
//	GET  /provider/{corp}/brand                    基本信息: brand name, logo, IP allow list
//	POST …/brand, …/brand/logo, …/brand/networks
//	GET  /provider/{corp}/general                  通用开发参数: corpid, secret, system events
//	POST …/general/secret, …/general/callback, …/general/check
//	GET  /provider/{corp}/login                    登录授权
//	POST …/login, …/login/switch, …/login/{what}   {what} as for a suite
//	GET  /provider/{corp}/suites, …/suites/new     第三方应用; POST …/suites creates one
//	GET  /provider/{corp}/suites/{suite}           basics; …/callbacks, …/online, …/installs
//	POST …/suites/{suite}/{what}                   profile, logo, business, domains, callback,
//	                                               check, ticket, secret, submit, withdraw, offline
//	GET  /provider/{corp}/domain?domain=…          proof that a domain is the provider's
//	GET  /provider/{corp}/domain/file, POST …/domain/check
//	GET  /provider/{corp}/installs                 which companies installed what
//	GET  /provider/{corp}/pushes, …/pushes/{event} pushed events; POST …/pushes/{event}/again
//	GET  /provider/{corp}/calls                    API calls
//	GET  /provider/{corp}/codes                    which setting stands behind which error code
//
// Who may enter, the frame and fresh proof are package console's; the rules of suites and
// domains package apps'. What is looked up by an id from outside is looked up among what
// belongs to the provider in the path.
package provider
