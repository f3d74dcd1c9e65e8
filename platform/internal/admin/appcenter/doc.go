// Package appcenter is the part of a company's console that is about apps: what is installed,
// the market, installing, the way into a provider's site as an administrator (业务设置), and
// the apps a company makes for itself. It also serves the page on which a provider's site
// has its suite installed.
//
//	GET  /admin/{corp}/apps                      installed third-party apps
//	GET  /admin/{corp}/apps/{agent}              one of them
//	GET  /admin/{corp}/apps/{agent}/range        who may see it; POST changes that
//	POST /admin/{corp}/apps/{agent}/plain-ids    历史授权 on or off
//	POST /admin/{corp}/apps/{agent}/business     to the provider's site, with an auth_code
//	GET  /admin/{corp}/apps/{agent}/uninstall    asks; POST does it
//	GET  /admin/{corp}/market                    online suites, searched
//	GET  /admin/{corp}/market/{suite}            one of them
//	GET  /admin/{corp}/market/{suite}/install    range and permissions; POST installs
//	GET  /admin/{corp}/own-apps                  own apps
//	GET  /admin/{corp}/own-apps/new              a new one; POST /own-apps makes it
//	GET  /admin/{corp}/own-apps/{agent}          one of them
//	POST /admin/{corp}/own-apps/{agent}/name, /domains, /secret, /state
//	GET  /admin/{corp}/own-apps/{agent}/range    who may see it; POST changes that
//	GET  /admin/{corp}/own-apps/{agent}/remove   asks; POST does it
//	GET  /3rdapp/install                         install begun on a provider's site (90597); POST does it
//
// Who may what: creator and system admins install, remove and create; whoever sees the whole
// company also changes who may see an app; a sub-admin sees and manages the apps given to
// them. Rights and rules of apps are the services' (directory, apps).
package appcenter
