// Package logs shows a company's sign-ins, what was done in its consoles, and to operators
// what was done to the platform.
//
//	GET  /admin/{corp}/sign-ins          who signed in where, newest first
//	POST /admin/{corp}/sign-ins/export   the same as a file; fresh proof
//	GET  /admin/{corp}/audit             what was changed, by whom
//	POST /admin/{corp}/audit/export      the same as a file; fresh proof
//	GET  /operator/audit                 the platform's own log
//	POST /operator/audit/export          the same as a file; fresh proof
//
// A company's are for admins of the whole company: a sub-admin would see members of departments that
// are none of theirs.
package logs
