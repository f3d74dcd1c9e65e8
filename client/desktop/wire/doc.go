// Package wire makes a desktop client's calls to its platform: enrolment, and the calls that
// the device key signs (protocol/desktop.go).
//
// It follows no redirect, keeps no cookie, and speaks to one origin: what a platform signs for
// another origin it does not sign, so nobody can hand on our signatures. Errors quote neither
// keys nor answers.
package wire
