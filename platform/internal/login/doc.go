// Package login is the browser's faces of a sign-in: the login page, which is also the
// panel in a site's frame, the calls of the page's own script, and the old pages (old_*.go).
//
//	GET  /wwlogin/sso/login                                  the page, 98171
//	POST /wwlogin/monoApi/sso/login/getWebQrCodeStatus       wait for the next state
//	POST /wwlogin/sso/renew                                  the next QR code
//	POST /wwlogin/sso/desktop                                the key for a desktop client
//	GET  /wwlogin/sso/qrcode                                 the QR code as a picture
//	GET  /wwlogin/panel.js                                   ww.createWWLoginPanel, ours
//
//	GET  /wwopen/sso/3rd_qrConnect                           old page of a provider, 91124
//	GET  /wwopen/sso/qrConnect                               old page of a corp's own app, 91019
//	GET  /login/wwLogin/sso/qrConnect, /native/sso/qrConnect the same
//	GET  /wwopen/sso/qrImg                                   its QR code as a picture
//	GET  /wwopen/sso/l/qrConnect                             its poll, as JSONP, for programs
//	GET  /wwopen/sso/confirm2                                what its QR code leads to
//	GET  /wwopen/wwLogin.js, /node/wework/wwopen/js/wwLogin-1.2.7.js  WwLogin, ours
//
// A code leaves this package only in the answer to a wait that bears the page's signature,
// unless a sandbox was told otherwise (OldPolls).
// What the phone does with the QR code is the business of package phone, the states of
// package attempt, and which redirect_uri an app may use of package apps.
package login
