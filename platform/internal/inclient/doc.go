// Package inclient signs members in inside the client (网页授权, 91120; of a corp's own app
// 91022): a page of an app sends the browser here, and gets it back with a code. Inside the
// client is where somebody is signed in to the phone.
//
//	GET  /connect/oauth2/authorize  answers at once, asks, or says why not
//	POST /connect/oauth2/authorize  what the member answers
//
// It answers at once only where silence is safe (silent.go): a suite that is installed, or an
// app of the corp's own; a member in its visible range; a navigation of the whole window; and
// either the app was opened from the workbench a moment ago (package launch), or the member
// has agreed before, has no choice to make, and comes from a page of the app's own. A code
// never exists without a consent on record. Who wants details (snsapi_privateinfo) always
// asks, and the member ticks each of them.
//
// What is said of who asks and what is shared is package ask's business, what a code is that
// of package tokens, where it may go that of package apps.
package inclient
