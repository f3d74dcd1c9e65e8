// Package demo is the sample site of the sandbox: the website of a small provider
// (服务商) that signs members in with WeCom, built on site, site/events and
// site/login the way any provider's site would be. New returns it as a value; it
// listens on nothing by itself.
//
// Its URLs:
//
//	GET  /                      every way to sign in, for both kinds of app (?app=service|corp)
//	GET  /panel                 the embedded panel (?app=service|corp&type=callback|top)
//	GET  /old-panel             the frame of the old script (wwLogin-1.x), for the corp app
//	GET  /app-home              home page (应用主页) of the installed suite: opens signed in
//	GET  /corp/app-home         the same of the corp app
//	GET  /me                    who signed in; JSON for Accept: application/json
//	POST /sign-out              ends the session
//	GET  /ticket                {"received":bool}: has the login suite had its first suite_ticket
//	GET  /window                where a sign-in in a window of its own ends
//	     /login…, /corp/login…  site/login's URLs for provider and corp app, all three ways
//	     /details…              the same for sign-ins that ask for details
//	     /corp/details…         (snsapi_privateinfo)
//	     /callback/login-suite  instruction callback (指令回调URL) of the login suite
//	     /callback/suite        the same of the installed suite
//	     /admin-entry           site/login's URL for administrators from the business settings (业务设置)
//	GET  /installs              who installed the app, and which events came
//	GET  /install…              site/installs' URLs: an install that begins here
//	GET  /static/…              style sheet and scripts under checksum paths
//
// It imports the site half only: everything it knows about people came over the
// wire.
package demo
