// Package attempt is one sign-in, from the first QR code to the code handed to the site:
// its keys, its states, and who may move it from one to the next.
//
//	created ──scan──▶ scanned ──confirm──▶ confirmed
//	                     │ ├────refuse───▶ refused
//	                     │ └────report───▶ cancelled
//	   └──── time ───────┴─────────────▶ expired
//
// Two keys lead to an attempt. The web key names it to the page that shows the QR code; the
// code is given only to a caller who also bears that page's signature. The QR key is the web
// key under a cipher: who photographs the QR code can neither wait on the page's behalf nor
// collect, and who sees the page's source cannot confirm. Stored are only hashes.
//
// Each transition is one compare-and-swap, so two phones, or two nodes, can race safely.
package attempt
