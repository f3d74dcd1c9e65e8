// Package control is the sandbox's port for scripts and tests: it moves the clock, lets
// members act without a phone, makes calls fail, pushes events, and tells what happened.
//
//	GET  /suites/{id}/ticket   the suite_ticket of this moment
//	POST /scan                 a member scans a QR code; also /confirm and /refuse
//	POST /codes                a code as if a member had signed in through the pages
//	POST /clock                moves the clock
//	POST /faults               makes API calls fail or wait
//	POST /push                 pushes an event now and says what the receiver answered
//	GET  /attempts, /requests, /pushes   what happened, newest first
//	POST /reset                ends faults and empties the histories
//
// It has a listener of its own on loopback, exists only for a store that was created as a
// sandbox, and answers no browser page: see guard.go.
package control
