// Package desktop is the platform's side of desktop clients (桌面端快速登录): programs on a
// person's computer that confirm sign-ins in their name. What crosses the wire is
// protocol/desktop.go.
//
//	POST /desktop/enrol     a QR code, for the person's phone to sign the client in
//	POST /desktop/wait      how that stands
//	POST /desktop/collect   the device, once the phone has confirmed
//	POST /desktop/state     whose client it is, and whose login pages it may answer
//	POST /desktop/claim     who asks, for a sign-in that a login page hands over
//	POST /desktop/decide    the person's answer
//	POST /desktop/sign-out  the device is no more
//
// The last four, and collect, are signed by the device's key. A client confirms sign-ins to
// sites, never to the consoles nor of other clients, and always with the number that the
// login page shows. It acts as an active member of a company, or as an administrator where
// such are asked; what its person may is read anew at every call.
//
// The phone's pages for a client that asks to be signed in are package phone's, rows of
// clients package credentials', states and keys of a sign-in package attempt's.
package desktop
