// Package outbound is the one HTTP client with which the platform reaches
// addresses that somebody else chose: callbacks, URL checks, logos,
// ownership files, back-channel logout (security.md, "Outgoing requests",
// abuse case 21).
//
// It owns the rules of such a request: which addresses may be connected to,
// judged when the socket is about to connect and so after DNS; no proxy
// environment; no redirects; one connection for one request; at most 4 KiB
// read; one time limit over everything; and a name for the step that failed,
// which may be shown to whoever configured the URL.
//
// It leaves to its callers what is sent, what a good answer looks like, and
// whether to try again.
package outbound
