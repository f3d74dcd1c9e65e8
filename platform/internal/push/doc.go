// Package push brings events to the callbacks of suites (protocol.md 6.2,
// 6.3): suite tickets every ten minutes, and whatever else happens to a suite.
//
// It owns the queue (tables push_events and push_attempts), its order and its
// timing: an attempt may take 5 seconds, three attempts are made, then the
// event is given up; the events of one suite go out one after the other; every
// attempt is recorded. What was enqueued survives a restart and is delivered
// at least once. It also sends the check of a callback's URL.
//
// It knows suites by their row only. Where a suite's callback is, and what an
// event that is made at delivery says, it asks its Config for. It has no URLs
// of its own; how a request leaves the machine is outbound's, how it is sealed
// is protocol/sealed's.
package push
