// Package phone is the member's phone: a web app for small screens, opened by the phone's
// own camera through the address in a QR code.
//
//	GET  /q/{key}           what the QR code asks; changes nothing
//	POST /q/{key}/scan      go on: marks it scanned and pins it to this phone
//	POST /q/{key}/choose    as a member of which company
//	POST /q/{key}/decide    confirm or refuse
//	POST /q/{key}/report    "I did not start this"
//	GET  /phone             home
//	GET  /phone/sign-in     sign in, POST to do so
//	POST /phone/sign-out
//	POST /phone/open        a login link, pasted
//
//	GET  /phone/enrol/{secret}       what a link gives, POST to take it with new credentials
//	POST /phone/enrol/{secret}/join  take it with the account that is signed in
//	GET  /phone/account              passkeys, password, devices, desktop clients, sites; changes beneath it
//	GET  /phone/prove                a fresh proof before such a change, POST to give it
//	GET  /phone/enter/{id}           a proof for a console (package handoff), POST to give it
//
// A path that ends in /passkey or /begin answers a challenge for the browser's passkeys.
//
// A QR code belongs to a site, to the consoles or to a desktop client; the last two have pages
// of their own, and ask for a passkey of who has one.
//
// Every page answers JSON of its view to a client that accepts application/json: the
// terminal phone lives on that. States and keys are the business of package attempt.
package phone
