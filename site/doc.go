// Package site is the Go client of a website that people sign in to with
// WeCom (企业微信). It keeps tokens, exchanges the code of a callback for an
// identity, and builds login links. It speaks to the real WeCom by default and
// to any other platform of the same wire, such as the sandbox, when
// [Config].API names it.
//
// # A provider's website (服务商, third-party app)
//
// People of any company sign in through the provider's login suite (登录授权).
// Its tokens need the suite_ticket that WeCom pushes every ten minutes to the
// suite's instruction callback (指令回调URL); package site/events receives it.
//
//	client := site.New(site.Config{})
//	suite := client.Suite(suiteID, suiteSecret, tickets)
//
//	// in the handler that sends the browser away
//	link, err := site.LoginURL(site.LoginLink{AppID: suiteID, RedirectURI: callback, State: state})
//
//	// in the handler of redirect_uri, after state was compared with the browser's
//	id, err := suite.Exchange(r.Context(), r.FormValue("code"))
//	// a person is id.CorpID together with id.UserID, both compared exactly
//
// Package site/login does all of this as ready net/http handlers, state,
// session and sign-out included.
//
// A company that installs an app of the provider (第三方应用) grants it a visible
// range of its contacts. [Suite.PermanentCode] turns the auth_code of the install
// into a permanent code, [Suite.Corp] makes the calls; package site/installs
// keeps the codes and follows the events.
//
//	installed := suite.Corp(corpID, permanentCode)
//	departments, err := installed.Departments(ctx, 0)
//
// A member who opens such an app inside the client (网页授权) signs in without a QR
// code: [AuthorizeURL] is the link, Exchange of that app's own Suite spends its code,
// and [Suite.UserDetail] reads what a person agreed to show, where a user_ticket came.
//
// The old login ([OldLoginURL], 3rd_qrConnect) and the administrator's jump from the
// admin console (业务设置) are [Provider.LoginInfo].
//
// # A company's own website (企业自建应用)
//
// The same with [Client.CorpApp] in place of the suite; no ticket is needed. Its old
// login (qrConnect) is [OldCorpLoginURL].
//
// # Errors
//
// An answer that says no is a [protocol.Failure]; ask for its code:
//
//	errors.Is(err, protocol.CodeInvalidCode)             // 40029: used, expired, foreign: sign in again
//	errors.Is(err, protocol.CodeRedirectURIUnauthorized) // 50001: redirect_uri is not on a trusted domain
//	errors.Is(err, protocol.CodeIPNotAllowed)            // 60020: add this server to the IP list (IP白名单)
//	errors.Is(err, site.ErrNoTicket)                     // no suite_ticket has arrived yet
//	errors.Is(err, site.ErrIncomplete)                   // the answer names no member
//	errors.Is(err, site.ErrNotInstalled)                 // the company has not installed the suite
//	errors.Is(err, site.ErrAnswer)                       // not an answer of this API: proxy, portal, wrong base URL
//
// No error text holds a token, a code (permanent or not), a ticket or a secret,
// so errors may be logged. Redirects are not followed, and no answer is read beyond 1 MiB.
//
// # Tokens
//
// A token is fetched when first needed, kept until shortly before it expires,
// and fetched anew, once per call, when the platform says it is no longer
// good (40014, 42001, 40082, 42009, 40001). However many calls wait for it,
// one fetch is under way; each waiter still obeys its own context. A call
// with a bad token spends no code, so the repeated call may use the same one.
package site
