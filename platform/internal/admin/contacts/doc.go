// Package contacts is the company admin console's address book and its administrators.
//
//	GET  /admin/{corp}/contacts                          tree, members, search
//	GET  /admin/{corp}/contacts/members/new              POST …/contacts/members to add one
//	GET  /admin/{corp}/contacts/members/{member}         POST to save it
//	POST /admin/{corp}/contacts/members/{member}/disable, /enable, /link (fresh proof)
//	GET  /admin/{corp}/contacts/members/{member}/remove  POST to remove it
//	GET  /admin/{corp}/contacts/departments/new          POST …/contacts/departments to add one
//	GET  /admin/{corp}/contacts/departments/{number}     POST to rename or move it
//	POST /admin/{corp}/contacts/departments/{number}/remove
//	POST /admin/{corp}/contacts/export                   CSV; fresh proof
//	GET  /admin/{corp}/contacts/import                   POST to upload a CSV file
//	GET  /admin/{corp}/contacts/import/template          the file to fill in
//	GET  /admin/{corp}/contacts/imports/{import}         preview, progress, result
//	POST /admin/{corp}/contacts/imports/{import}/start, /cancel
//	GET  /admin/{corp}/contacts/imports/{import}/failed  the refused lines, as CSV
//	GET  /admin/{corp}/admins                            POST to add one (fresh proof)
//	GET  /admin/{corp}/admins/new
//	GET  /admin/{corp}/admins/{admin}                    POST to save (fresh proof)
//	POST /admin/{corp}/admins/{admin}/remove, /link      (fresh proof)
//	POST /admin/{corp}/admins/hand-over                  (fresh proof)
//
// {member}, {import} and {admin} are rows, {number} a department's id; each is looked up in
// the corp of the address. A sub-admin sees and changes only what lies in their departments:
// see rights.go. The rules of the address book are package directory's.
package contacts
