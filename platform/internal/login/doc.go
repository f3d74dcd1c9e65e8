// Package login is the browser's faces of a sign-in: the login page, which is also the
// panel in a site's frame, and the calls of the page's own script.
//
//	GET  /wwlogin/sso/login                                  the page, 98171
//	POST /wwlogin/monoApi/sso/login/getWebQrCodeStatus       wait for the next state
//	POST /wwlogin/sso/renew                                  the next QR code
//	POST /wwlogin/sso/desktop                                the key for a desktop client
//	GET  /wwlogin/sso/qrcode                                 the QR code as a picture
//	GET  /wwlogin/panel.js                                   ww.createWWLoginPanel, ours
//
// A code leaves this package only in the answer to a wait that bears the page's signature.
// What the phone does with the QR code is the business of package phone, the states of
// package attempt, and which redirect_uri an app may use of package apps.
package login
