// Package login signs members of companies (企业成员) in to a website through
// WeCom's web login (企业微信Web登录, 98171): the site half of one sign-in.
//
// It owns what happens between the site's own pages and the login page:
//
//	GET  {Path}            begin: binds a state to this browser, goes to the login page
//	GET  {Path}/panel      begin for the embedded panel: its parameters as JSON
//	GET  {Path}/window     the last page of a sign-in in a window of its own; closes itself
//	GET  {Path}/login.js   the script of the three pages above
//	POST {Path}/sign-out   ends the session of this browser
//	GET  {redirect path}   finish: ?code&state, one exchange, session, clean URL
//	POST {redirect path}   the same for redirect_type=callback, JSON in and out
//
// and, for the jump from the admin console (业务设置, 98170), an [AdminEntry] for
// each suite:
//
//	GET  {URL}?auth_code    arrive: one exchange, the right checked, clean URL
//	GET  {URL}              who has arrived, and whose session this browser has
//	POST {URL}              enter or leave: only here does a session begin
//
// {Path} is Config.Path ("/login" unless told otherwise), {redirect path} the
// path of Config.RedirectURI. [Handler.Mount] puts all of them on a mux; each is
// a method too, for sites that route differently.
//
// What it promises:
//
//   - A callback makes a session only in the browser that began it: the state is
//     held against a sealed cookie of this browser, compared in constant time,
//     and good for one exchange.
//   - A callback delivered again in that browser (reload, Back, a double
//     delivery, even at the same moment) leads to the same clean URL and never
//     to an error. Outcomes are kept in memory for a few minutes and, sealed, in
//     the browser, so that this holds across a restart when Config.Keys is set.
//   - The jump from the admin console has no state, so a code in a link begins
//     nothing: the person sees who would be signed in, and whose session would end,
//     and agrees on the site's own page.
//   - No code, state, query string or verifier is ever logged, shown, or handed
//     to a hook.
//
// A site on several nodes gives all of them the same Config.Keys. Only two
// deliveries at the same moment on two nodes cannot see each other: the platform
// lets one of them spend the code, the other ends as [BadCode].
//
// It keeps no accounts. Who a CorpID and UserID are on the site, and whether
// they may enter, is for Config.OnSignIn to say. Talking to the API is left to
// package site, receiving events to package site/events.
package login
