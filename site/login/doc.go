// Package login signs members of companies (企业成员) in to a website through
// WeCom: the site half of one sign-in. There are three ways, and begin chooses by the
// browser among those that Config has (see [Handler.Way]):
//
//	login page  企业微信Web登录, 98171: link, window, embedded panel   Config.Suite
//	in-client   网页授权, 91120: inside the client, nothing to scan     Config.InClient
//	old login   3rd_qrConnect and qrConnect, for sites that have not   Config.Old
//	            moved: by itself only where there is no login page
//
// A browser inside the client (wxwork/ in its User-Agent) goes the in-client way; a
// phone's, which cannot scan its own screen, to a page that says how to open the site
// inside the client; any other to the login page. A person chooses for himself by
// ?via=link, client or old, on the site's own pages.
//
// The package owns what happens between the site's own pages and those of the platform:
//
//	GET  {Path}            begin: binds a state to this browser, goes where it goes on
//	GET  {Path}/panel      begin for the embedded panel: its parameters as JSON
//	GET  {Path}/app        how to open the site inside the client; begins nothing
//	GET  {Path}/window     the last page of a sign-in in a window of its own; closes itself
//	GET  {Path}/login.js   the script of the pages above
//	POST {Path}/sign-out   ends the session of this browser
//	GET  {redirect path}   finish: ?code&state, one exchange, session, clean URL; for the
//	                       old login of a provider ?auth_code&state
//	POST {redirect path}   the same for redirect_type=callback, JSON in and out
//
// and [Handler.AppHome], the home page (应用主页) of an app that opens from the
// workbench, signed in, at a path of the site's choice;
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
//   - A sign-in ends the way it began: which way, and through which app, is sealed in
//     that cookie. A code does not end an old login, nor an auth_code any other, and
//     what is refused for this has spent nothing.
//   - A callback delivered again in that browser (reload, Back, a double
//     delivery, even at the same moment) leads to the same clean URL and never
//     to an error. Outcomes are kept in memory for a few minutes and, sealed, in
//     the browser, so that this holds across a restart when Config.Keys is set.
//   - The jump from the admin console has no state, so a code in a link begins
//     nothing: the person sees who would be signed in, and whose session would end,
//     and agrees on the site's own page.
//   - Nothing loops. In-client sign-ins take nobody's hand; one that is refused or
//     fails ends on a page, and a site that keeps no session is signed in to a few times
//     and then says so.
//   - No code, state, query string or verifier is ever logged, shown, or handed
//     to a hook. A user_ticket is handed to InClient.OnTicket and kept nowhere.
//
// A site on several nodes gives all of them the same Config.Keys. Only two
// deliveries at the same moment on two nodes cannot see each other: the platform
// lets one of them spend the code, the other ends as [BadCode].
//
// It keeps no accounts. Who a CorpID and UserID are on the site, and whether
// they may enter, is for Config.OnSignIn to say. Talking to the API is left to
// package site, receiving events to package site/events.
package login
