// Package attempt is one sign-in, from the first QR code to the code handed to the site:
// its keys, its states, and who may move it from one to the next.
//
//	created ──scan, claim──▶ scanned ──confirm──▶ confirmed
//	                            │ ├────refuse───▶ refused
//	                            │ └────report───▶ cancelled
//	   └──────── time ──────────┴─────────────▶ expired
//
// Three keys lead to an attempt. The web key names it to the page that shows the QR code; the
// code is given only to a caller who also bears that page's signature. The QR key is the web
// key under a cipher: who photographs the QR code can neither wait on the page's behalf nor
// collect, and who sees the page's source cannot confirm. The client key, by which a page
// hands its sign-in to a desktop client, is the web key under another cipher: it neither
// scans nor collects, and the QR key does not claim. Stored are only hashes.
//
// An attempt ends in a code for a site, in a session of the consoles, or in a desktop client
// that is signed in; each kind has pages with signatures of its own.
//
// Each transition is one compare-and-swap, so two phones, or two nodes, can race safely.
package attempt
