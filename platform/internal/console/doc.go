// Package console is what the three consoles share: who visits and with which rights, the
// frame of their pages and the parts they are built of, fresh proof for what is sensitive,
// and the sign-in.
//
// The consoles are the operator's (/operator/…), a provider's (/provider/{corp}/…) and a
// company's (/admin/{corp}/…); {corp} is the plain corpid. Their pages are other packages'.
//
//	GET  /console/sign-in                QR code, way to the phone's pages, sandbox's person picker
//	POST /console/sign-in/wait           state of the QR code's sign-in; long poll, signed by the page
//	POST /console/sign-in/renew          the next QR code of the same page
//	POST /console/sign-in/collect        begins the session, once
//	POST /console/sign-in/pick           sandbox: signs in as a person of the list
//	POST /console/enter                  to the phone's pages, to sign in there
//	GET  /console/return/{id}            back from the phone's pages, with a ticket
//	POST /console/prove                  to the phone's pages, to prove once more who one is
//	GET  /console/proved                 says that it has happened
//	GET  /console/proof                  whether that has happened
//	GET  /console                        the consoles this person may enter
//	POST /console/sign-out
//
// Rights are read from the store at every request: who is no administrator any more is out
// at once. The templates and styles are described at the top of web/static/console.css.
package console
