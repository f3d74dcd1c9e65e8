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
// Every page answers JSON of its view to a client that accepts application/json: the
// terminal phone lives on that. States and keys are the business of package attempt.
package phone
